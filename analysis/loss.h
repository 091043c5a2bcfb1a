/*
 * loss.h - the part of a sender's mind that all congestion controls share.
 *
 * A replica of Linux's sender, fed with the packets that its host sent and
 * the ACKs that it got, in the order in which it saw them: scoreboard, round
 * trip estimator, RACK and TLP (RFC 8985), time-outs (RFC 6298), F-RTO (RFC
 * 5682), undo (RFC 3522, 3708), and the state machine around them.  What
 * depends on the congestion window is in the replicas cc[], which it drives.
 *
 * Retransmissions are seen, so they overrule what was predicted: a segment
 * that is sent again was held for lost, whatever the model thought.
 *
 * Times are microseconds since the connection's first packet.
 */
#ifndef ANALYSIS_LOSS_H
#define ANALYSIS_LOSS_H

#include "analysis/cc.h"
#include "analysis/scoreboard.h"

enum ca_state {
	CA_OPEN,
	CA_DISORDER,
	CA_CWR,
	CA_RECOVERY,
	CA_LOSS,
};

/* What an ACK did. */
enum ack_flag {
	ACK_DATA = 1 << 0,		/* the segment carried data */
	ACK_WIN_UPDATE = 1 << 1,
	ACK_DATA_ACKED = 1 << 2,
	ACK_RTX_ACKED = 1 << 3,
	ACK_SYN_ACKED = 1 << 4,
	ACK_DATA_SACKED = 1 << 5,
	ACK_ECE = 1 << 6,
	ACK_LOST_RTX = 1 << 7,
	ACK_ORIG_SACKED = 1 << 8,	/* of what was sent before high_seq,
					   something never sent again */
	ACK_UNA_ADVANCED = 1 << 9,
	ACK_DSACK = 1 << 10,
	ACK_DSACK_TLP = 1 << 11,
	ACK_RENEGING = 1 << 12,
	ACK_SET_TIMER = 1 << 13,
	ACK_MAYBE_DELAYED = 1 << 14,

	ACK_NOT_DUP = ACK_DATA | ACK_WIN_UPDATE | ACK_DATA_ACKED |
		      ACK_SYN_ACKED,
	ACK_ALERT = ACK_DATA_SACKED | ACK_ECE | ACK_DSACK,
	ACK_PROGRESS = ACK_DATA_ACKED | ACK_SYN_ACKED | ACK_DATA_SACKED,
};

struct ack_in {
	uint64_t t;
	uint64_t ack;
	uint64_t seq;		/* of the segment that carries it */
	uint32_t window;	/* bytes, scaled */
	uint32_t tsecr;
	uint8_t n_sack;
	bool has_ts;
	bool has_data;
	bool ece;
	struct { uint64_t start, end; } sack[4];
};

/* What a segment that was sent turned out to be. */
enum sent_kind {
	SENT_NEW,
	SENT_NEW_TLP,		/* new data, sent by the loss probe timer */
	SENT_RTX_TIMEOUT,
	SENT_RTX_FAST,
	SENT_RTX_RECOVERY,
	SENT_RTX_TLP,
	SENT_RTX_OTHER,		/* no reason was seen */
	SENT_RTX_NEEDLESS,	/* all of it was acknowledged or SACKed */
};

struct data_out {
	uint64_t t;
	uint64_t seq, end;
	uint32_t tsval, tsecr;
	uint32_t ack;		/* its sender had so much of the peer's data, */
	bool ack_all;		/* and nothing behind that, */
	uint32_t acked;		/* and acknowledges so much in a row */
	bool has_ts;
	bool fin;		/* a FIN alone: one number, no payload */
	bool unseen;		/* not captured: a hole in the numbers */
	bool waiting;		/* ACKs passed that it may have been sent after */
};

/* Windowed minimum over three samples, as Linux keeps it. */
struct minmax {
	struct { uint32_t t, v; } s[3];
};

struct rtt {
	uint32_t srtt8;		/* us * 8; 0: no sample */
	uint32_t mdev4;		/* us * 4 */
	uint32_t mdev_max, rttvar;
	uint64_t seq;		/* the window in which mdev_max counts ends */
	uint32_t rto;
	struct minmax min;	/* t in ms */
};

/* The rate sample that an ACK yields: tcp_rate.c's idea in one struct. */
struct rate {
	uint32_t prior_delivered;
	uint32_t prior_t;
	uint32_t interval;	/* of sending, us */
	uint32_t last_end;
	int64_t rtt;		/* of the newest one acknowledged; -1: none */
	uint32_t prior_pipe;
	bool valid, app_limited;
};

struct loss {
	struct scoreboard sb;
	struct blocks *blocks;
	uint64_t now;
	uint64_t una;
	uint64_t wnd_end;	/* the right edge that the receiver offered */
	uint64_t wl1;
	uint32_t snd_wnd, max_window;

	bool sack_ok, ecn_ok, started;
	bool causal;		/* the order was inferred: seen from elsewhere */

	/* Delivery. */
	uint32_t delivered, delivered_t, first_tx;
	uint32_t lost_total, rtx_total, dsack_dups;
	uint32_t app_limited;	/* until so many are delivered; 0: not */
	uint32_t data_segs;	/* sent */

	struct rtt rtt;
	uint32_t least_rtt;	/* us: both loops at their shortest; 0: here */

	/* RACK. */
	uint32_t rack_t, rack_end, rack_rtt;
	uint32_t rack_last_delivered;
	uint16_t reordering;
	uint16_t reord_seen;
	uint8_t reo_steps, reo_persist;
	bool rack_advanced, rack_dsack;
	uint64_t fack;		/* behind the highest SACKed */

	/* The state machine. */
	uint8_t ca_state;
	uint8_t retransmits;	/* time-outs in a row */
	bool frto, frto_new;	/* F-RTO runs; its new data may come */
	bool tlp_rtx, reneg;
	bool undo;		/* undo_marker is set */
	uint64_t undo_marker, high_seq, tlp_high;
	int32_t undo_retrans;
	uint32_t rtx_stamp;	/* TSval of the first retransmission */
	bool rtx_stamped;
	uint32_t prr_delivered, prr_out;
	uint32_t recovery_t;	/* when it was entered */

	/* Timers; 0: not running. */
	uint64_t rto_from, reo_at, pto_at;
	uint32_t backoff;

	/* Sending. */
	uint64_t last_send;
	uint32_t burst;		/* new segments since the last ACK */
	uint32_t burst_all;	/* with retransmissions */
	uint32_t out_before;	/* segments that were out at the last ACK */
	/* Most that was in flight when a burst ended, in this round trip and the
	   one before; from the last reduction on. */
	uint32_t peak, peak_before;
	uint64_t peak_end;
	bool peak_met;		/* it was the window, when that was reduced */
	bool hole_met;		/* and when the first hole was noticed */
	uint64_t small_end;	/* behind the last segment that was not full */
	uint64_t last_ack_t;
	uint64_t ack_before_t;	/* of the one before that */
	uint64_t peer_data_t;	/* when the peer last sent data; 0: never */
	uint32_t first_flight;	/* segments sent before the first ACK */
	bool iw_known;
	uint32_t tsval, tsval_t;	/* a recent pair of the sender's clock */
	bool has_tsval;
	bool fine;		/* the capture's times are, not whole ms */

	/* The SACK blocks of the last ACK: what needs no second look. */
	struct { uint64_t start, end; } sack_seen[4];

	/* Set by the step at hand, for whoever watches. */
	uint32_t flags;		/* enum ack_flag */
	bool just_restarted;	/* and no ACK since */
	bool no_restart;	/* this sender keeps its window when idle */
	bool restarted;		/* first data after a long pause */
	bool entered_recovery, entered_loss, entered_cwr, undone;
	bool more;		/* the last segment was full: more waits */
	uint32_t n_bursts;
	bool by_model;		/* rather BBR than any window */
	bool unlike;		/* like no replica: see cc_envelope.h */
	bool was_paced;		/* and once it showed its pacer */
	bool is_even;		/* which is not BBR's */
	uint8_t n_pinned;	/* bursts that say so */
	double paced;		/* share of them that no ACK let go, lately */
	/* How even its flights are: the most of a round trip. */
	uint64_t round_at;
	uint32_t round_most;
	float most_mean, even;	/* share of rounds near the mean, lately */
	bool most_far;		/* the last was not at all */
	/* For the words about it. */
	uint64_t bytes_acked;
	double max_rate;	/* bytes per second delivered, at best */
	double queue_at_loss;	/* us above the minimum, mean of recoveries */
	uint64_t timeout_us;	/* spent waiting for the timer */
	uint32_t n_timeout_tail, n_timeout_again, n_timeout_all, n_restart;
	uint32_t n_timeout_fin;	/* of the FIN alone */
	bool iw_small;
	uint32_t n_recovery, n_timeout, n_undo, n_tlp, n_surprise;

	/* How much can be trusted. */
	bool anchored;		/* the window is known: seen from the start, or
				   through a reduction */
	bool late;		/* the capture began later than the sender; then: */
	bool placed;		/* where it was taken is known */
	bool watched;		/* for some round trips */
	uint64_t late_until;	/* those end here */
	uint32_t max_pipe;	/* most that was in flight, until anchored */
	uint32_t n_grown;	/* how often that became more, after them */
	double hole_share;	/* of what was sent lately, not captured */
	uint64_t unseen_at;	/* when the last of it left; 0: never */
	uint64_t hole_at;	/* and that was no loss; 0: never */
	uint64_t doubt_at;	/* what was held for lost came, though it was
				   not seen again; 0: never */
	uint32_t per_ack8;	/* segments that an ACK stands for, * 8: mean */

	uint8_t n_cc;
	struct cc *cc;
	const struct cc *window;	/* the best of those with a window */
	const struct cc *best;		/* the one to believe */
};

/* Before the first data: window and sequence are known.  blocks and bank live
   as long. */
void loss_init(struct loss *l, struct blocks *blocks, struct cc_bank *bank,
	       uint32_t mss, uint64_t nxt);
void loss_release(struct loss *l);

/* A round trip of the handshake. */
void loss_handshake(struct loss *l, uint32_t rtt_us, uint64_t t);

/* The sender sent, or got an ACK.  In the order of time. */
enum sent_kind loss_data(struct loss *l, const struct data_out *d);
void loss_ack(struct loss *l, const struct ack_in *a);

/* Is what begins there held for lost, or delivered already? */
bool loss_settled(const struct loss *l, uint64_t seq);

/* Run the timers that are due at t; both calls above do so first. */
void loss_timers(struct loss *l, uint64_t t);

/* The capture misses packets these days: ACKs as well. */
static inline bool
loss_has_holes(const struct loss *l)
{
	return l->hole_at && l->now - l->hole_at < 10000000;
}

/* Since the ACK before the last one the capture missed packets: what the last
   one told came in parts, in truth. */
static inline bool
loss_ack_joins(const struct loss *l)
{
	return l->hole_at > l->ack_before_t;
}

/* Both ends send: ACKs are acted on when the program reads, not at once. */
static inline bool
loss_two_way(const struct loss *l)
{
	return l->peer_data_t && l->now - l->peer_data_t < 1000000;
}

static inline uint32_t
loss_srtt(const struct loss *l)
{
	return l->rtt.srtt8 >> 3;
}

static inline uint32_t
loss_min_rtt(const struct loss *l)
{
	return l->rtt.min.s[0].v;
}

/* Between the parts of the machine: loss_*.c. */
void loss_rtt_sample(struct loss *l, uint32_t us);
void loss_min_sample(struct loss *l, uint32_t us, bool maybe_delayed);
void loss_rack_advance(struct loss *l, const struct sent *s);
bool loss_rack_detect(struct loss *l);
void loss_mark_lost(struct loss *l, struct sent *s);
uint32_t loss_sack(struct loss *l, const struct ack_in *a, uint64_t prior_una,
		   struct rate *r, uint32_t *first, uint32_t *last, bool *any);
uint32_t loss_clean(struct loss *l, uint64_t prior_fack, uint64_t prior_una,
		    const struct ack_in *a, struct rate *r,
		    uint32_t first_sack, uint32_t last_sack, bool any_sack);
void loss_alert(struct loss *l, const struct ack_in *a, uint64_t prior_una,
		uint32_t dupacks);
void loss_tlp_ack(struct loss *l, uint64_t ack);
void loss_enter_recovery(struct loss *l, bool ece);
void loss_enter_loss(struct loss *l);
void loss_check_reordering(struct loss *l, uint64_t low, bool by_ts);
bool loss_any_rtx(const struct loss *l);
void loss_arm_pto(struct loss *l, bool advancing);
void loss_rearm_rto(struct loss *l);

#endif
