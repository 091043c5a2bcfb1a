/*
 * limit.h - what held a sender back, from one moment to the next.
 *
 * The tests are those of Linux's sender, in its order (its chronographs, `ss
 * -ti`: busy, rwnd_limited): recovery, the pacer, the congestion window, the
 * receiver's window; where none forbids to send, the application did not give
 * data (or its send buffer was full: that cannot be told from packets).
 * Time is charged to the cause that held when it passed.
 */
#ifndef ANALYSIS_LIMIT_H
#define ANALYSIS_LIMIT_H

#include "analysis/analyzer.h"
#include "analysis/loss.h"

enum limit_cause {
	LIMIT_UNKNOWN,
	LIMIT_APPLICATION,
	LIMIT_RECEIVE_WINDOW,
	LIMIT_CONGESTION_WINDOW,
	LIMIT_BOTTLENECK,	/* the path is full: a queue stands */
	LIMIT_PACING,
	LIMIT_RECOVERY,
	LIMIT_HANDSHAKE,
	LIMIT_NAGLE,
	LIMIT_IDLE,
	N_LIMIT_CAUSES
};

struct limit {
	uint8_t cause;
	nstime since, until;	/* the span that may still grow */
	uint8_t next;		/* what holds now, not yet long enough */
	nstime next_since;
	nstime total[N_LIMIT_CAUSES];
	nstime while_busy[N_LIMIT_CAUSES];	/* of these, with data out */
	nstime busy;
	double queue_us;	/* of waiting, times the time at the bottleneck */
	uint32_t n_spans;
};

/* NULL for LIMIT_UNKNOWN. */
const char *limit_word(enum limit_cause cause);

/* What holds the sender back as things stand, no event coming. */
enum limit_cause limit_now(const struct loss *l, const struct cc *cc);

/* From the last charge until ts it was this, with so much time of a round trip
   spent in queues; whole spans are put. */
void limit_charge(struct limit *m, struct analysis *an, enum side side,
		  enum limit_cause cause, bool busy, uint32_t queue_us,
		  nstime ts);

/* Put what is left. */
void limit_finish(struct limit *m, struct analysis *an, enum side side);

#endif
