/*
 * arrival.h - what each segment was when it came by.
 *
 * New, sent again, late, or a copy: told from what was seen of that side so
 * far, at any vantage point.  A segment below snd_nxt either
 *   - was seen before: a retransmission, unless it is a copy (copies.h);
 *   - or fills a hole: late (out of order) if nobody could have sent it again
 *     by then, else the retransmission of a segment lost before this point.
 * Nobody can send again what is missing sooner than it takes from the hole to
 * the receiver's word of it to the sender and back to here; and what was sent
 * again bears a newer TSval and a higher IP-ID than what opened the hole.
 *
 * A side costs little until something happens to it: the rest is in blocks.
 */
#ifndef ANALYSIS_ARRIVAL_H
#define ANALYSIS_ARRIVAL_H

#include "analysis/analyzer.h"
#include "analysis/copies.h"
#include "analysis/holes.h"
#include "analysis/verdict.h"

/* For the endpoint row. */
struct arrival_counts {
	uint64_t retrans_bytes;
	uint64_t missed_bytes;	/* acknowledged, never seen */
	struct seq_range missed;	/* the newest such piece */
	uint64_t old_bytes;	/* payload seen before */
	uint32_t kind[N_SEG_KINDS];
	uint32_t dup_acks, dsacks, sacks;
	uint32_t zero_windows, window_full;
	uint32_t previous_missing, acks_of_unseen;
	uint32_t minor_events;	/* put; bounded */
};


/* What a side has once something happened to it, or it sent much. */
struct arrival_more {
	struct arrival_counts counts;
	struct holes *holes;		/* NULL: nothing was ever missing */
	struct verdicts *verdicts;	/* NULL: nothing was sent again */
	struct copies *copies;		/* NULL: only `last` */
	uint64_t probe_seq;	/* the byte that it probed a shut window with */
	uint64_t ghost_end;	/* up to here it sent, lost before this place */
};

/* One side, as the sender of segments. */
struct arrival_half {
	struct arrival_more *more;	/* NULL: all zero */
	struct sent_packet last;	/* its newest segment */
	nstime high_ts;		/* when snd_nxt last grew */
	nstime ack_ts;		/* when its last ACK came */
	uint64_t top;		/* behind the highest byte that was seen */
	uint64_t last_end;	/* of its newest segment */
	uint16_t dupacks;	/* in a row, for what it misses */
	uint16_t largest;	/* payload of one segment */
	bool syn_data;		/* its SYN carried data (RFC 7413) */
	bool last_was_new;	/* its newest segment advanced snd_nxt */
	uint8_t id_steps;	/* how sure its IP-IDs count up */
	uint8_t id_exact;	/* how sure they do by one */
};

struct arrival {
	struct arrival_half half[N_SIDES];
};

/* Judge a segment: fills the fields of `an` that are arrival.c's. */
void arrival_segment(struct arrival *a, struct analysis *an,
		     const struct seg_event *ev);

/* Of the windows (window.h): count, and put the event. */
void arrival_zero_window(struct arrival_half *h, struct analysis *an,
			 const struct seg_event *ev);
void arrival_window_full(struct arrival_half *h, struct analysis *an,
			 const struct seg_event *ev);

/* Put the events of a segment, after all analyzers saw it. */
void arrival_after(struct arrival *a, struct analysis *an,
		   const struct seg_event *ev);

/* An ICMP error quotes a segment that side sent. */
void arrival_icmp(struct analysis *an, enum side side, const struct packet *p,
		  const struct dissection *d);

/* Fill the rows as it is meanwhile. */
void arrival_update(const struct arrival *a, struct endpoint_row end[N_SIDES]);

/* Put what is held back, fill the rows, give the blocks back. */
void arrival_close(struct arrival *a, struct analysis *an,
		   struct endpoint_row end[N_SIDES]);

/* The counts of a side, to be changed; NULL where memory is short. */
struct arrival_counts *arrival_counts(struct arrival_half *h,
				      struct analysis *an);

#endif
