/*
 * scoreboard.h - what a sender has in flight, as runs of equal segments.
 *
 * A ring of runs in the order of sequence numbers.  A run is one or more
 * segments that follow each other, left within moments of each other, and
 * share their fate so far (marks); it is split where a SACK block or a
 * retransmission ends inside it, at a multiple of the MSS.  Counters are in
 * segments, as a Linux sender counts (its packets_out, sacked_out, ...).
 *
 * The ring grows by doubling up to SCOREBOARD_MAX runs; beyond that a new run
 * is merged with the one before it, which costs precision of times only.
 */
#ifndef ANALYSIS_SCOREBOARD_H
#define ANALYSIS_SCOREBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/blocks.h"

#define SCOREBOARD_MIN 16
#define SCOREBOARD_MAX 2048

enum sent_mark {
	SENT_SACKED = 1 << 0,
	SENT_LOST = 1 << 1,
	SENT_RTX = 1 << 2,	/* a retransmission of it is in flight */
	SENT_EVER = 1 << 3,	/* was retransmitted once */
	SENT_UNSEEN = 1 << 4,	/* never captured: inferred from a hole */
	SENT_APP = 1 << 5,	/* sent while the application was the limit */
	SENT_COUNTED = 1 << 6,	/* its delivery was used for a rate sample */
	SENT_CLOSED = 1 << 7,	/* ends in a short segment: not to be grown */
};

struct sent {
	uint32_t end;		/* low half of the sequence number behind it */
	uint32_t t;		/* us, of its last transmission */
	uint32_t delivered;	/* segments delivered when it was sent, */
	uint32_t delivered_t;	/* and when the last of those was; */
	uint32_t first_tx;	/* when the newest of those had been sent */
	uint16_t n;		/* segments */
	uint8_t marks;		/* enum sent_mark */
	uint8_t unused;
};

struct scoreboard {
	struct sent *ring;
	uint32_t cap;		/* a power of two, or 0: nothing in flight */
	uint32_t head, n;
	uint64_t start;		/* sequence number of the first run */
	uint64_t nxt;		/* and behind the last one */
	uint32_t out, sacked, lost, retrans;	/* segments */
	uint32_t mss;
	bool merged;		/* the bound was met: times are blurred */
};

static inline struct sent *
scoreboard_at(const struct scoreboard *sb, uint32_t i)
{
	return &sb->ring[(sb->head + i) & (sb->cap - 1)];
}

/* The sequence numbers of run i: unwrapped. */
static inline uint64_t
scoreboard_end(const struct scoreboard *sb, uint32_t i)
{
	uint32_t end = scoreboard_at(sb, i)->end;

	return sb->start + (uint32_t)(end - (uint32_t)sb->start);
}

static inline uint64_t
scoreboard_begin(const struct scoreboard *sb, uint32_t i)
{
	return i ? scoreboard_end(sb, i - 1) : sb->start;
}

/* Segments thought to be in the network (RFC 6675's pipe). */
static inline uint32_t
scoreboard_pipe(const struct scoreboard *sb)
{
	int64_t pipe = (int64_t)sb->out - sb->sacked - sb->lost + sb->retrans;

	return pipe > 0 ? (uint32_t)pipe : 0;
}

/* Nothing in flight, next sequence number nxt. */
void scoreboard_reset(struct scoreboard *sb, struct blocks *blocks,
		      uint64_t nxt);
void scoreboard_release(struct scoreboard *sb, struct blocks *blocks);

/*
 * n segments up to sequence number end were sent as like says.  False: no
 * memory, nothing was done.
 */
bool scoreboard_append(struct scoreboard *sb, struct blocks *blocks,
		       uint64_t end, const struct sent *like);

/* The run that holds seq, start <= seq < nxt; n where there is none. */
uint32_t scoreboard_find(const struct scoreboard *sb, uint64_t seq);

/*
 * Split run i so that one begins at seq, rounded down (up) to a multiple of
 * the MSS within it.  The run that begins there: i where seq rounds to its
 * beginning, i + 1 otherwise (also where it rounds to the end).
 */
uint32_t scoreboard_split(struct scoreboard *sb, struct blocks *blocks,
			  uint32_t i, uint64_t seq, bool up);

/* Forget the first n segments of the first run (at most all of it), and take
   them out of the counters. */
void scoreboard_take(struct scoreboard *sb, uint32_t n);

/* Change the marks of a run and the counters with it. */
void scoreboard_mark(struct scoreboard *sb, struct sent *s, uint8_t marks);

#endif
