/*
 * limit.h - what held a sender back, from one moment to the next.
 *
 * The tests are those of Linux's sender, in its order (its chronographs, `ss
 * -ti`: busy, rwnd_limited): recovery, the pacer, the congestion window, the
 * receiver's window; where none forbids to send, the application did not give
 * data (or its send buffer was full: that cannot be told from packets).
 * Time is charged to the cause that held when it passed.  Where only what
 * comes next tells the cause it is charged again: a silence was a pause (idle)
 * when it lasted longer than the retransmission time-out, and a small write
 * waited for a delayed ACK when the next left with that ACK.
 */
#ifndef ANALYSIS_LIMIT_H
#define ANALYSIS_LIMIT_H

#include "analysis/analyzer.h"
#include "analysis/loss.h"

/* With nothing to send for so long: idle. */
#define LIMIT_IDLE_MIN (200 * NS_PER_MS)

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

/* What was delivered while the path was full: in slots of some round trips,
   for most of each of which it was so. */
struct full_path {
	double bytes;
	nstime time;
	uint32_t n_slots;
	double least, most;	/* bytes a second, of the slots */
	uint32_t delivered;	/* segments, at the last charge */
	double slot_bytes;
	nstime slot, slot_full;
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
	/* Waiting for the receiver's window, no loss to repair: its bytes, and
	   the most that it had ever been, times the time. */
	double window, window_most;
	struct full_path full;
	/* Sent after only the program had been waited for: how often, how
	   long; of that, until an ACK came; the longest wait with data out,
	   and the most that was. */
	uint32_t app_sends, app_pauses;	/* of these, with nothing out */
	nstime app_wait, app_wait_ack, app_wait_most;
	uint64_t app_flight;
	uint32_t n_spans;
};

/* NULL for LIMIT_UNKNOWN. */
const char *limit_word(enum limit_cause cause);

/* What holds the sender back as things stand, no event coming. */
enum limit_cause limit_now(const struct loss *l, const struct cc *cc);

/* From the last charge until ts it was this; whole spans are put. */
void limit_charge(struct limit *m, struct analysis *an, enum side side,
		  const struct loss *l, enum limit_cause cause, bool busy,
		  nstime ts);

/* What was charged to the application since then was a wait for a delayed
   ACK (RFC 896, RFC 1122 s4.2.3.2). */
void limit_was_delayed_ack(struct limit *m, struct analysis *an,
			   enum side side, nstime since);

/* New data is sent (l: before), and only the program was waited for. */
void limit_app_sends(struct limit *m, const struct loss *l, uint64_t now_us);

/* Put what is left. */
void limit_finish(struct limit *m, struct analysis *an, enum side side);

#endif
