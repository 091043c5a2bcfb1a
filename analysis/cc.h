/*
 * cc.h - one congestion control as a replica: a constant struct of functions.
 *
 * A replica holds the congestion window that a sender of that kind would have
 * now.  The loss machine (loss.h) drives all replicas of a sender with the
 * same events; what differs among them is only here.  To add one: a file
 * cc_NAME.c and a line in cc.c.
 */
#ifndef ANALYSIS_CC_H
#define ANALYSIS_CC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loss;
struct rate;
struct cc;

#define CC_INFINITE 0x7fffffffu
#define CC_INIT_CWND 10
#define CC_STATES 400		/* bytes, of all replicas together */

enum cc_kind {
	CC_RENO,
	CC_CUBIC,
	CC_BBR,
	N_CC_MODELS,
	CC_ENVELOPE = N_CC_MODELS,	/* see cc_envelope.h */
	N_CC
};

/* An ACK as a congestion control sees it. */
struct cc_ack {
	uint32_t acked;		/* segments newly delivered */
	uint32_t losses;	/* segments newly marked lost */
	uint32_t flags;		/* enum ack_flag */
	int64_t rtt;		/* us, -1: none */
	int64_t delivered;	/* over interval; -1: no rate sample */
	int64_t interval;	/* us */
	uint32_t prior_delivered;
	uint32_t prior_pipe;
	bool app_limited;
	bool delayed;
};

struct cc_ops {
	const char *name;
	size_t state_size;
	/* The sender decides by itself on each ACK (control), without regard
	   to whether the window was used. */
	bool model_based;
	/* Grows by the sender's clock, whose phase is not known: corrected by
	   what is seen even where nothing else is in doubt. */
	bool by_clock;
	bool model_free;
	/* How far it is off where it fits: segments, and share of cwnd. */
	double spread_segs, spread_share;
	void (*init)(struct cc *cc, const struct loss *l);
	uint32_t (*ssthresh)(struct cc *cc, const struct loss *l);
	/* Grow: only called while the window limits. */
	void (*cong_avoid)(struct cc *cc, const struct loss *l, uint32_t acked);
	/* Each ACK that yields a round trip; optional. */
	void (*acked)(struct cc *cc, const struct loss *l, int64_t rtt);
	/* Instead of cong_avoid and PRR; optional. */
	void (*control)(struct cc *cc, const struct loss *l,
			const struct cc_ack *a);
	void (*set_state)(struct cc *cc, const struct loss *l, int state);
	/* First data after nothing was in flight; idle in us.  Optional. */
	void (*tx_start)(struct cc *cc, const struct loss *l, uint64_t idle);
	/* Could it have sent before, had there been anything to send?  Optional:
	   asked of those that go by a rate. */
	bool (*waited)(const struct cc *cc, const struct loss *l);
	/* So many bytes were sent, as one segment or several.  Optional. */
	void (*sent)(struct cc *cc, const struct loss *l, uint32_t bytes);
	void (*undo)(struct cc *cc, const struct loss *l);
	/* More was in flight than the window, which was raised to it: true
	   where the model may have been late by that much.  Optional. */
	bool (*raised)(struct cc *cc, const struct loss *l, uint32_t by);
	/* The window was moved to what was seen.  Optional. */
	void (*moved)(struct cc *cc, int32_t by);
	/* So many segments fewer its window may be as well.  Optional. */
	uint32_t (*doubt)(const struct cc *cc, const struct loss *l);
	const char *(*phase)(const struct cc *cc);
};

struct cc {
	const struct cc_ops *ops;
	uint32_t cwnd, ssthresh;
	uint32_t cnt, per;	/* one more each per segments; so many by now */
	uint32_t prior_cwnd, prior_ssthresh;
	uint32_t idle_cwnd, idle_ssthresh;	/* before the last restart */
	uint32_t max_out;		/* segments out in this window */
	uint32_t doubtful;		/* raised by, if a hole is no loss */
	int32_t corrected;		/* raised by, less lowered by, in all */
	uint64_t usage_seq;		/* where this window ends */
	bool limited;			/* the window was full in it */
	bool raised;		/* since the last ACK: by what was in flight */
	bool settled;		/* a model that measured all that it needs */

	/* How well it explains what is seen: see cc_judge(). */
	uint32_t n_judged, n_explained;
	uint32_t n_raised, n_lowered;
	uint32_t n_signature;	/* what no other kind of sender does, seen */
	double score, recent;	/* over a long and a short time */
	double over;		/* share of ACKs in recovery with more in flight
				   than it allows, a moving mean */
	double surprise;	/* segments that it had to be corrected by, a
				   moving mean */
	double drift;		/* and each round trip, elsewhere */

	/* Where the sender's clock ticked: the most that was in flight in a
	   while, less the window; see cc_bank_tick(). */
	int32_t most, least, before;
	uint32_t n_ticks;
	bool steady;		/* the round before this one was */
	bool late_exit;		/* of slow start: where that was is not known */
	uint8_t creeping;	/* rounds in which the flight grew a little */
	int32_t last_most;	/* segments in flight, at most, in the last */
	uint8_t n_fell;		/* how often that was much less, with no loss */
	uint8_t n_met;		/* elsewhere: losses that showed its window, */
	uint8_t n_unmet;	/* before or after it, and another */
	uint64_t ticks_end;

	void *state;		/* of ops->state_size */
};

/* What a sender's replicas take. */
struct cc_bank {
	struct cc cc[N_CC];
	_Alignas(8) unsigned char state[CC_STATES];
};

extern const struct cc_ops cc_reno, cc_cubic, cc_bbr, cc_envelope;
extern const struct cc_ops *const cc_all[N_CC];

/* The sums that Linux's congestion controls share. */
uint32_t cc_slow_start(struct cc *cc, uint32_t acked);
void cc_additive(struct cc *cc, uint32_t w, uint32_t acked);
uint32_t cc_current_ssthresh(const struct cc *cc, const struct loss *l);
bool cc_window_limits(const struct cc *cc);

/* One more observation of how well it explains: 1, 0, or less. */
void cc_judged(struct cc *cc, double how);

/* As far off a window may be and still be called right, segments. */
double cc_tolerance(const struct cc *cc);
/* As much as the window was in flight in the last two round trips, or since it
   was reduced. */
bool cc_peak_meets(const struct loss *l, const struct cc *cc);

/* Segments that a burst may hold back (RFC-less: Linux's TSO sizing). */
uint32_t cc_tso_segs(const struct cc *cc, const struct loss *l);

/* The bank: all replicas at once, called by the loss machine. */
void cc_bank_init(struct loss *l, struct cc_bank *bank);
/* Only now it is known that the sender is elsewhere: what was measured until
   then was another way. */
void cc_bank_placed(struct loss *l);
/* A window that was in use already when the capture began. */
void cc_bank_assume(struct loss *l, uint32_t cwnd);
void cc_bank_close_burst(struct loss *l);
/* All ACKs of one tick of the receiver's clock were applied, and all data that
   left before the next: at that moment the order is certain. */
void cc_bank_tick(struct loss *l);
/* Data was not captured, if it was not lost. */
void cc_bank_unseen(struct loss *l);
/* What was held for lost on its way was missed by the capture. */
void cc_bank_hole(struct loss *l);
/* New data is about to leave: was there nothing to send before? */
bool cc_bank_waited(const struct loss *l);
void cc_bank_data(struct loss *l, uint32_t bytes, bool new_data, bool probe);
void cc_bank_begin_reduction(struct loss *l, bool keep_undo);
/* When it began so much was in flight: that was the window. */
void cc_bank_window_was(struct loss *l, uint32_t segs);
void cc_bank_end_reduction(struct loss *l);
void cc_bank_enter_loss(struct loss *l, bool reduce);
void cc_bank_set_state(struct loss *l, int state);
void cc_bank_undo(struct loss *l);
void cc_bank_forget_undo(struct loss *l);
void cc_bank_acked(struct loss *l, int64_t rtt);
void cc_bank_ack(struct loss *l, const struct cc_ack *a);
void cc_bank_reduce(struct loss *l, uint32_t acked, uint32_t losses);
void cc_bank_tx_start(struct loss *l);
void cc_bank_idle_restart(struct loss *l, uint64_t idle);

#endif
