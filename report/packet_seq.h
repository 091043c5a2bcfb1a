/*
 * packet_seq.h - sequence numbers relative to a connection's first ones.
 *
 * As tcpdump counts: both bases are taken from the first segment with ACK
 * that is seen, and again from each SYN-ACK.  The table is bounded; where it
 * is full the connection longest without its bases being taken is forgotten,
 * and its next segment is shown with absolute numbers.
 */
#ifndef REPORT_PACKET_SEQ_H
#define REPORT_PACKET_SEQ_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/field.h"

struct seq_base;

struct packet_seq {
	struct seq_base *slot;
	uint64_t n_evicted;
	uint32_t now;		/* counts the bases taken */
};

/* What to subtract.  Both 0 where the numbers are shown as they are. */
struct packet_seq_base {
	uint32_t seq, ack;
	uint32_t sack;		/* as ack, and for a first segment too */
	bool known;		/* seq and ack are relative */
};

/* Returns -1 where memory is short. */
int packet_seq_init(struct packet_seq *t);
void packet_seq_release(struct packet_seq *t);

/* The bases for the segment d, which is DISSECT_TCP; learns from it. */
struct packet_seq_base packet_seq_learn(struct packet_seq *t,
					const struct dissection *d);

/*
 * A field that is FIELD_SEQ or FIELD_ACK as a relative number.  False where
 * it is neither, or where the base is not known.
 */
bool packet_seq_relative(const struct packet_seq_base *base,
			 const struct dissection *d,
			 const struct field_value *v, uint32_t *out);

#endif
