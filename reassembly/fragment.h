/*
 * fragment.h - datagrams put together again from IP fragments.
 *
 * RFC 791 s3.2, RFC 8200 s4.5.  The first arrival of a byte wins; an overlap
 * with other content is counted (no honest sender makes one: RFC 5722).  A
 * datagram that is not complete within 30 s of capture time is given up.
 * Datagrams and bytes are bounded; when there is no room the oldest goes.
 *
 * It is the reader's, in front of the sharding: a datagram has ports again
 * when it is complete, and counts as the packet that completed it.
 */
#ifndef REASSEMBLY_FRAGMENT_H
#define REASSEMBLY_FRAGMENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/packet.h"
#include "dissect/dissect.h"
#include "reassembly/flow_key.h"

struct fragment_stats {
	uint64_t fragments;	/* taken */
	uint64_t completed;	/* datagrams */
	uint64_t timed_out;	/* never complete */
	uint64_t evicted;	/* no room */
	uint64_t duplicates;	/* fragments with no new byte */
	uint64_t overlaps;	/* with some */
	uint64_t conflicts;	/* of both: with other content */
	uint64_t bad;		/* beyond 65,535 bytes, or of two lengths */
	uint64_t unfinished;	/* datagrams held, now */
};

struct fragments;

/* max_bytes: of memory.  NULL: no memory. */
struct fragments *fragments_open(const struct flow_secret *secret,
				 size_t max_bytes);
void fragments_close(struct fragments *f);

/*
 * Take a packet of kind DISSECT_FRAGMENT.  When that completes its datagram,
 * the result is the datagram for dissect_ip(): a plain IP header and the
 * payload, *caplen bytes, which were *wire_len on the wire (more where a
 * fragment was cut).  The caller frees it.  Else NULL.
 */
uint8_t *fragments_take(struct fragments *f, const struct packet *p,
			const struct dissection *d, uint32_t *caplen,
			uint32_t *wire_len);

const struct fragment_stats *fragments_stats(struct fragments *f);

#endif
