/*
 * cc_bbr.c - BBR version 1 as Linux has it (draft-cardwell-iccrg-bbr-00).
 *
 * The window is a multiple of the bandwidth (largest rate of delivery in ten
 * round trips) times the smallest round trip of ten seconds; it leaves paced.
 * The sender's place in its cycle of gains is random at first and found out
 * from the rate at which it sends; so is the dip for the smallest round trip,
 * which depends on a minimum that this capture sees with another clock.
 */
#include "analysis/cc.h"

#include <string.h>

#include "analysis/loss.h"

#define BW_SHIFT 24
#define UNIT 256
#define HIGH_GAIN 739		/* 2 / ln 2 */
#define DRAIN_GAIN 88
#define CWND_GAIN 512
#define CYCLE 8
#define BW_ROUNDS 10
#define MIN_RTT_US 10000000
#define PROBE_RTT_US 200000
#define DIP_EARLY_US 9500000	/* from then on it may dip, */
#define DIP_LATE_US 9600000	/* and where it did not, has again so long */
#define PROBE_CWND 4
#define FULL_ROUNDS 3
#define EXTRA_ROUNDS 5
#define EXTRA_MAX_US 100000
#define HEAP_DOUBT 40
#define JIFFY_US 4000
#define SAME_BURST_US 60
#define FIT_BURSTS 12		/* whose edges blur what is sent */
#define BURST_MAX 65536		/* bytes */
#define WAITED_US 1500		/* beyond a timer's and a program's delay */

enum bbr_mode { BBR_STARTUP, BBR_DRAIN, BBR_PROBE_BW, BBR_PROBE_RTT };

/* What the distance of two bursts says of the gain. */
enum shown {
	SHOWN_NOTHING,
	SHOWN_DRAIN,
	SHOWN_CRUISE,
	SHOWN_PROBE,
	SHOWN_STARTUP,
};
#define RUN 3			/* bursts that say the same are believed */

struct bw_sample {
	uint32_t t, v;
};

struct bbr {
	uint32_t min_rtt;
	uint64_t min_rtt_at, probe_done;
	struct bw_sample bw[3];
	uint32_t rounds;
	uint32_t next_delivered;
	uint64_t cycle_at;
	uint64_t pacing;		/* bytes per second */
	uint64_t departure;		/* earliest, of the next burst */
	uint64_t due;			/* of this one */
	uint32_t pacing_gain, cwnd_gain;
	uint32_t full_bw, prior_cwnd;
	uint64_t epoch_at;
	uint32_t epoch_acked;
	uint16_t extra[2];
	/* Long-term bandwidth: a policer on the path. */
	uint32_t lt_bw, lt_delivered, lt_lost;
	uint32_t lt_at;			/* ms */
	/* What was sent in this phase of the cycle. */
	uint32_t phase_sent;
	/* And over a round trip, beside what the pacer would have let go. */
	uint32_t fit_sent;
	double fit_expected;
	uint64_t fit_at, last_at;
	/* The burst that leaves, and the gains that bursts showed. */
	uint64_t burst_at, run_at;
	uint32_t burst_bytes;
	uint8_t run, run_length;	/* enum shown, how often in a row */
	bool was_up;
	uint8_t lt_rounds;
	uint8_t mode, prev_state, idx, full_rounds;
	uint8_t extra_rounds, extra_idx;
	bool round_start, conserve, idle_restart, round_done, full;
	bool lt_sampling, lt_use, seen_rtt;
};

static const uint16_t cycle_gain[CYCLE] = {
	320, 192, UNIT, UNIT, UNIT, UNIT, UNIT, UNIT,
};

static struct bbr *
bbr_of(struct cc *cc)
{
	return cc->state;
}

static uint32_t
bw_now(const struct bbr *b)
{
	return b->lt_use ? b->lt_bw : b->bw[0].v;
}

/* --- rates ---------------------------------------------------------------- */

static uint64_t
pacing_of(const struct loss *l, uint64_t bw, uint32_t gain)
{
	uint64_t rate = bw * l->sb.mss;

	rate = rate * gain / UNIT;
	rate = rate * 990000;		/* 1 % below what was measured */
	return rate >> BW_SHIFT;
}

static void
pace_from_rtt(struct cc *cc, const struct loss *l)
{
	struct bbr *b = bbr_of(cc);
	uint32_t rtt = loss_srtt(l) ? loss_srtt(l) : 1000;

	b->seen_rtt = loss_srtt(l) != 0;
	b->pacing = pacing_of(l, ((uint64_t)cc->cwnd << BW_SHIFT) / rtt,
			      HIGH_GAIN);
}

static void
set_pacing(struct cc *cc, const struct loss *l, uint32_t bw, uint32_t gain)
{
	struct bbr *b = bbr_of(cc);
	uint64_t rate = pacing_of(l, bw, gain);

	if (!b->seen_rtt && loss_srtt(l))
		pace_from_rtt(cc, l);
	if (b->full || rate > b->pacing)
		b->pacing = rate;
}

static uint32_t
tso_goal(const struct bbr *b, const struct loss *l)
{
	uint64_t bytes = b->pacing >> 10, segs;
	uint32_t least = b->pacing < 1200000 / 8 ? 1 : 2;

	if (bytes > 65215)
		bytes = 65215;
	segs = bytes / l->sb.mss;
	if (segs < least)
		segs = least;
	return segs < 127 ? (uint32_t)segs : 127;
}

static uint32_t
bdp(const struct bbr *b, uint32_t bw, uint32_t gain)
{
	uint64_t w;

	if (b->min_rtt == UINT32_MAX)
		return CC_INIT_CWND;
	w = (uint64_t)bw * b->min_rtt;
	return (uint32_t)((((w * gain) >> 8) + (1 << BW_SHIFT) - 1) >>
			  BW_SHIFT);
}

static uint32_t
budget(const struct bbr *b, const struct loss *l, uint32_t cwnd)
{
	cwnd += 3 * tso_goal(b, l);
	cwnd = (cwnd + 1) & ~1u;
	if (b->mode == BBR_PROBE_BW && b->idx == 0)
		cwnd += 2;
	return cwnd;
}

static uint32_t
inflight_at(const struct bbr *b, const struct loss *l, uint32_t gain)
{
	return budget(b, l, bdp(b, b->bw[0].v, gain));
}

/* What will be in the network when the next segment may leave. */
static uint32_t
in_net(const struct bbr *b, const struct loss *l, uint32_t pipe)
{
	uint64_t wait = b->departure > l->now ? b->departure - l->now : 0;
	uint64_t gone = ((uint64_t)bw_now(b) * wait) >> BW_SHIFT;

	if (b->pacing_gain > UNIT)
		pipe += tso_goal(b, l);
	return gone >= pipe ? 0 : pipe - (uint32_t)gone;
}

/* --- modes ------------------------------------------------------------------ */

static void
advance_phase(struct bbr *b, const struct loss *l)
{
	b->idx = (b->idx + 1) & (CYCLE - 1);
	b->cycle_at = l->delivered_t;
	b->phase_sent = 0;
}

static void
enter_probe_bw(struct bbr *b, const struct loss *l)
{
	b->mode = BBR_PROBE_BW;
	b->idx = 1;		/* random in the sender: 2 to 7, or 0 */
	advance_phase(b, l);
}

static void
enter_usual(struct bbr *b, const struct loss *l)
{
	if (b->full)
		enter_probe_bw(b, l);
	else
		b->mode = BBR_STARTUP;
}

static void
lt_interval(struct bbr *b, const struct loss *l)
{
	b->lt_at = l->delivered_t / 1000;
	b->lt_delivered = l->delivered;
	b->lt_lost = l->lost_total;
	b->lt_rounds = 0;
}

static void
lt_reset(struct bbr *b, const struct loss *l)
{
	b->lt_bw = 0;
	b->lt_use = b->lt_sampling = false;
	lt_interval(b, l);
}

static void
lt_done(struct bbr *b, const struct loss *l, uint32_t bw)
{
	uint32_t diff = bw > b->lt_bw ? bw - b->lt_bw : b->lt_bw - bw;

	if (b->lt_bw &&
	    ((uint64_t)diff * UNIT <= (uint64_t)UNIT / 8 * b->lt_bw ||
	     pacing_of(l, diff, UNIT) <= 500)) {
		b->lt_bw = (bw + b->lt_bw) / 2;
		b->lt_use = true;
		b->pacing_gain = UNIT;
		b->lt_rounds = 0;
		return;
	}
	b->lt_bw = bw;
	lt_interval(b, l);
}

/* Two intervals with much loss and the same rate: a policer. */
static void
lt_sample(struct bbr *b, const struct loss *l, uint32_t losses, bool app)
{
	uint32_t lost, delivered;
	uint64_t ms;

	if (b->lt_use) {
		if (b->mode == BBR_PROBE_BW && b->round_start &&
		    ++b->lt_rounds >= 48) {
			lt_reset(b, l);
			enter_probe_bw(b, l);
		}
		return;
	}
	if (!b->lt_sampling) {
		if (!losses)
			return;
		lt_interval(b, l);
		b->lt_sampling = true;
	}
	if (app) {
		lt_reset(b, l);
		return;
	}
	if (b->round_start)
		b->lt_rounds++;
	if (b->lt_rounds < 4)
		return;
	if (b->lt_rounds > 16) {
		lt_reset(b, l);
		return;
	}
	if (!losses)
		return;
	lost = l->lost_total - b->lt_lost;
	delivered = l->delivered - b->lt_delivered;
	if (!delivered || (uint64_t)lost << 8 < UINT64_C(50) * delivered)
		return;
	ms = l->delivered_t / 1000 - b->lt_at;
	if (ms < 1 || ms > 4000000)
		return;
	lt_done(b, l, (uint32_t)(((uint64_t)delivered << BW_SHIFT) /
				 (ms * 1000)));
}

static void
bw_running_max(struct bbr *b, uint32_t v)
{
	struct bw_sample s = { b->rounds, v };
	uint32_t age = b->rounds - b->bw[0].t;

	if (v >= b->bw[0].v || b->rounds - b->bw[2].t > BW_ROUNDS) {
		b->bw[0] = b->bw[1] = b->bw[2] = s;
		return;
	}
	if (v >= b->bw[1].v)
		b->bw[1] = b->bw[2] = s;
	else if (v >= b->bw[2].v)
		b->bw[2] = s;
	if (age > BW_ROUNDS) {
		b->bw[0] = b->bw[1];
		b->bw[1] = b->bw[2];
		b->bw[2] = s;
		if (b->rounds - b->bw[0].t > BW_ROUNDS) {
			b->bw[0] = b->bw[1];
			b->bw[1] = b->bw[2];
			b->bw[2] = s;
		}
	} else if (b->bw[1].t == b->bw[0].t && age > BW_ROUNDS / 4) {
		b->bw[1] = b->bw[2] = s;
	} else if (b->bw[2].t == b->bw[1].t && age > BW_ROUNDS / 2) {
		b->bw[2] = s;
	}
}

static void
update_bw(struct bbr *b, const struct loss *l, const struct cc_ack *a)
{
	uint64_t bw;

	b->round_start = false;
	if (a->delivered < 0 || a->interval <= 0)
		return;
	if ((int32_t)(a->prior_delivered - b->next_delivered) >= 0) {
		b->next_delivered = l->delivered;
		b->rounds++;
		b->round_start = true;
		b->conserve = false;
	}
	lt_sample(b, l, a->losses, a->app_limited);
	bw = ((uint64_t)a->delivered << BW_SHIFT) / (uint64_t)a->interval;
	if (bw > UINT32_MAX)
		bw = UINT32_MAX;
	if (!a->app_limited || bw >= b->bw[0].v)
		bw_running_max(b, (uint32_t)bw);
}

static uint32_t
most_extra(const struct bbr *b)
{
	return b->extra[0] > b->extra[1] ? b->extra[0] : b->extra[1];
}

/* More acknowledged than the bandwidth explains: ACKs come in heaps. */
static void
update_extra(struct cc *cc, const struct loss *l, const struct cc_ack *a)
{
	struct bbr *b = bbr_of(cc);
	uint32_t extra;
	uint64_t expected;

	if (!a->acked || a->delivered < 0 || a->interval <= 0)
		return;
	if (b->round_start) {
		if (b->extra_rounds < 31)
			b->extra_rounds++;
		if (b->extra_rounds >= EXTRA_ROUNDS) {
			b->extra_rounds = 0;
			b->extra_idx = !b->extra_idx;
			b->extra[b->extra_idx] = 0;
		}
	}
	expected = ((uint64_t)bw_now(b) *
		    (uint32_t)(l->delivered_t - (uint32_t)b->epoch_at)) >>
		   BW_SHIFT;
	if (b->epoch_acked <= expected ||
	    b->epoch_acked + a->acked >= 1u << 20) {
		b->epoch_acked = 0;
		b->epoch_at = l->delivered_t;
		expected = 0;
	}
	b->epoch_acked += a->acked;
	extra = b->epoch_acked - (uint32_t)expected;
	if (loss_ack_joins(l) && extra > most_extra(b)) {
		b->epoch_acked -= extra - most_extra(b);
		return;		/* the capture made one heap of them */
	}
	if (extra > cc->cwnd)
		extra = cc->cwnd;
	if (extra > b->extra[b->extra_idx])
		b->extra[b->extra_idx] = (uint16_t)extra;
}

/*
 * The phase that ends now was another one than thought, by the rate at which
 * data left in it: only the first probes, only the second drains.
 */
static void
correct_phase(struct bbr *b, const struct loss *l)
{
	uint32_t us = (uint32_t)(l->delivered_t - (uint32_t)b->cycle_at);
	uint64_t fair = ((uint64_t)bw_now(b) * us) >> BW_SHIFT;

	if (fair < 16)
		return;
	if ((uint64_t)b->phase_sent * 100 > fair * 114)
		b->idx = 0;
	else if ((uint64_t)b->phase_sent * 100 < fair * 84 &&
		 b->idx != 0)
		b->idx = 1;
}

static bool
phase_over(const struct bbr *b, const struct loss *l, const struct cc_ack *a)
{
	bool full_length = (int32_t)(l->delivered_t -
				     (uint32_t)b->cycle_at) >
			   (int32_t)b->min_rtt;
	uint32_t pipe;

	if (b->pacing_gain == UNIT)
		return full_length;
	pipe = in_net(b, l, a->prior_pipe);
	if (b->pacing_gain > UNIT)
		return full_length &&
		       (a->losses || pipe >= inflight_at(b, l,
							 b->pacing_gain));
	return full_length || pipe <= inflight_at(b, l, UNIT);
}

static void
check_full(struct bbr *b, const struct cc_ack *a)
{
	if (b->full || !b->round_start || a->app_limited)
		return;
	if (b->bw[0].v >= (uint64_t)b->full_bw * 5 / 4) {
		b->full_bw = b->bw[0].v;
		b->full_rounds = 0;
		return;
	}
	b->full = ++b->full_rounds >= FULL_ROUNDS;
}

static void
check_drain(struct cc *cc, const struct loss *l)
{
	struct bbr *b = bbr_of(cc);

	if (b->mode == BBR_STARTUP && b->full) {
		b->mode = BBR_DRAIN;
		cc->ssthresh = inflight_at(b, l, UNIT);
	}
	if (b->mode == BBR_DRAIN &&
	    in_net(b, l, scoreboard_pipe(&l->sb)) <= inflight_at(b, l, UNIT))
		enter_probe_bw(b, l);
}

static void
save_cwnd(struct cc *cc)
{
	struct bbr *b = bbr_of(cc);

	if (b->prev_state < CA_RECOVERY && b->mode != BBR_PROBE_RTT)
		b->prior_cwnd = cc->cwnd;
	else if (cc->cwnd > b->prior_cwnd)
		b->prior_cwnd = cc->cwnd;
}

static void
probe_rtt_done(struct cc *cc, const struct loss *l)
{
	struct bbr *b = bbr_of(cc);

	if (!b->probe_done || l->now <= b->probe_done)
		return;
	b->min_rtt_at = l->now;
	cc->settled = true;
	if (b->prior_cwnd > cc->cwnd)
		cc->cwnd = b->prior_cwnd;
	enter_usual(b, l);
}

static void
in_probe_rtt(struct cc *cc, struct loss *l)
{
	struct bbr *b = bbr_of(cc);
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (!b->probe_done && pipe <= PROBE_CWND) {
		b->probe_done = l->now + PROBE_RTT_US + JIFFY_US / 2;
		b->round_done = false;
		b->next_delivered = l->delivered;
	} else if (b->probe_done) {
		if (b->round_start)
			b->round_done = true;
		if (b->round_done)
			probe_rtt_done(cc, l);
	}
}

static void
enter_probe_rtt(struct cc *cc)
{
	struct bbr *b = bbr_of(cc);

	save_cwnd(cc);
	b->mode = BBR_PROBE_RTT;
	b->probe_done = 0;
}

/*
 * The dip is due soon, and the sender falls silent where its pacer would not:
 * its minimum is older than ours (A8).
 */
static bool
dips_early(const struct cc *cc, const struct loss *l)
{
	const struct bbr *b = cc->state;
	uint64_t quiet = b->min_rtt / 4 + 5000;

	return !l->causal && b->mode == BBR_PROBE_BW && !l->app_limited &&
	       l->more &&
	       l->ca_state == CA_OPEN &&
	       l->now - b->min_rtt_at > DIP_EARLY_US &&
	       l->now - l->last_send > quiet &&
	       l->now > b->departure + quiet &&
	       scoreboard_pipe(&l->sb) > PROBE_CWND;
}

static void
update_min_rtt(struct cc *cc, const struct loss *l, const struct cc_ack *a)
{
	struct bbr *b = bbr_of(cc);
	bool expired = l->now > b->min_rtt_at + MIN_RTT_US + JIFFY_US / 2 ||
		       dips_early(cc, l);

	if (a->rtt >= 0 && (a->rtt < b->min_rtt || (expired && !a->delayed))) {
		b->min_rtt = (uint32_t)a->rtt;
		b->min_rtt_at = l->now;
	}
	if (expired && !b->idle_restart && b->mode != BBR_PROBE_RTT)
		enter_probe_rtt(cc);
	if (b->mode == BBR_PROBE_RTT)
		in_probe_rtt(cc, (struct loss *)l);
	if (a->delivered > 0)
		b->idle_restart = false;
}

static void
update_gains(struct bbr *b)
{
	switch (b->mode) {
	case BBR_STARTUP:
		b->pacing_gain = b->cwnd_gain = HIGH_GAIN;
		break;
	case BBR_DRAIN:
		b->pacing_gain = DRAIN_GAIN;
		b->cwnd_gain = HIGH_GAIN;
		break;
	case BBR_PROBE_BW:
		b->pacing_gain = b->lt_use ? UNIT : cycle_gain[b->idx];
		b->cwnd_gain = CWND_GAIN;
		break;
	default:
		b->pacing_gain = b->cwnd_gain = UNIT;
	}
}

/* --- the window --------------------------------------------------------- */

/* In recovery: what arrives may leave, for one round trip. */
static bool
recover(struct cc *cc, const struct loss *l, const struct cc_ack *a,
	uint32_t *cwnd)
{
	struct bbr *b = bbr_of(cc);
	uint32_t conserved = scoreboard_pipe(&l->sb) + a->acked;

	if (a->losses)
		*cwnd = *cwnd > a->losses ? *cwnd - a->losses : 1;
	if (l->ca_state == CA_RECOVERY && b->prev_state != CA_RECOVERY) {
		b->conserve = true;
		b->next_delivered = l->delivered;
		*cwnd = conserved;
	} else if (b->prev_state >= CA_RECOVERY && l->ca_state < CA_RECOVERY) {
		if (b->prior_cwnd > *cwnd)
			*cwnd = b->prior_cwnd;
		b->conserve = false;
	}
	b->prev_state = l->ca_state;
	if (b->conserve && conserved > *cwnd)
		*cwnd = conserved;
	return b->conserve;
}

static uint32_t
target_cwnd(const struct bbr *b, const struct loss *l, uint32_t bw)
{
	uint32_t w = bdp(b, bw, b->cwnd_gain);

	if (b->full) {
		uint32_t most = (uint32_t)(((uint64_t)bw * EXTRA_MAX_US) >>
					   BW_SHIFT);
		uint32_t extra = most_extra(b);

		w += extra < most ? extra : most;
	}
	return budget(b, l, w);
}

static void
set_cwnd(struct cc *cc, const struct loss *l, const struct cc_ack *a)
{
	struct bbr *b = bbr_of(cc);
	uint32_t cwnd = cc->cwnd, target;

	if (a->acked && !recover(cc, l, a, &cwnd)) {
		target = target_cwnd(b, l, bw_now(b));
		if (b->full)
			cwnd = cwnd + a->acked < target ? cwnd + a->acked
							: target;
		else if (cwnd < target || l->delivered < CC_INIT_CWND)
			cwnd += a->acked;
		if (cwnd < PROBE_CWND)
			cwnd = PROBE_CWND;
	}
	cc->cwnd = cwnd;
	if (b->mode == BBR_PROBE_RTT && cc->cwnd > PROBE_CWND)
		cc->cwnd = PROBE_CWND;
}

/* Does the pacer explain how much was sent? */
static void
judge(struct cc *cc, const struct loss *l)
{
	struct bbr *b = bbr_of(cc);
	uint64_t us = l->now - b->last_at;

	b->last_at = l->now;
	if (l->app_limited || l->ca_state > CA_DISORDER ||
	    b->mode == BBR_PROBE_RTT || us > 1000000 ||
	    l->sb.nxt + l->sb.mss > l->wnd_end ||
	    scoreboard_pipe(&l->sb) + 2 >= cc->cwnd) {
		b->fit_at = l->now;
		b->fit_sent = 0;
		b->fit_expected = 0;
		return;
	}
	b->fit_expected += (double)b->pacing * (double)us / 1e6 / l->sb.mss;
	if (l->now - b->fit_at < b->min_rtt || b->fit_expected < 8 ||
	    b->fit_expected < FIT_BURSTS * tso_goal(b, l))
		return;
	cc_judged(cc, b->fit_sent > b->fit_expected * .93 &&
		      b->fit_sent < b->fit_expected * 1.07);
	b->fit_at = l->now;
	b->fit_sent = 0;
	b->fit_expected = 0;
}

static void
bbr_control(struct cc *cc, const struct loss *l, const struct cc_ack *a)
{
	struct bbr *b = bbr_of(cc);

	judge(cc, l);
	update_bw(b, l, a);
	update_extra(cc, l, a);
	if (b->mode == BBR_PROBE_BW && phase_over(b, l, a)) {
		if (l->causal)
			correct_phase(b, l);
		advance_phase(b, l);
	}
	check_full(b, a);
	check_drain(cc, l);
	update_min_rtt(cc, l, a);
	update_gains(b);
	set_pacing(cc, l, bw_now(b), b->pacing_gain);
	set_cwnd(cc, l, a);
}

/* --- events -------------------------------------------------------------- */

static void
bbr_init(struct cc *cc, const struct loss *l)
{
	struct bbr *b = bbr_of(cc);

	memset(b, 0, sizeof(*b));
	b->next_delivered = l->delivered;
	b->min_rtt = loss_min_rtt(l) ? loss_min_rtt(l) : UINT32_MAX;
	b->min_rtt_at = l->now;
	b->epoch_at = l->now;
	pace_from_rtt(cc, l);
	lt_reset(b, l);
	update_gains(b);
}

static uint32_t
bbr_ssthresh(struct cc *cc, const struct loss *l)
{
	(void)l;
	save_cwnd(cc);
	return cc->ssthresh;
}

static void
bbr_set_state(struct cc *cc, const struct loss *l, int state)
{
	struct bbr *b = bbr_of(cc);

	if (state != CA_LOSS)
		return;
	b->prev_state = CA_LOSS;
	b->full_bw = 0;
	b->round_start = true;
	lt_sample(b, l, 1, false);
}

static void
bbr_tx_start(struct cc *cc, const struct loss *l, uint64_t idle)
{
	struct bbr *b = bbr_of(cc);

	(void)idle;
	if (!l->app_limited)
		return;
	b->idle_restart = true;
	b->epoch_at = l->now;
	b->epoch_acked = 0;
	if (b->mode == BBR_PROBE_BW)
		set_pacing(cc, l, bw_now(b), UNIT);
	else if (b->mode == BBR_PROBE_RTT)
		probe_rtt_done(cc, l);
}

/*
 * Nothing held it back, whatever its gain is, and yet it sent nothing: its
 * program had nothing.  A segment that was not full says so too.
 */
static bool
bbr_waited(const struct cc *cc, const struct loss *l)
{
	const struct bbr *b = (const struct bbr *)cc->state;
	uint64_t pace = b->departure - b->burst_at, free = b->departure;

	if (scoreboard_pipe(&l->sb) >= cc->cwnd)
		return false;
	if (free < l->last_ack_t)
		free = l->last_ack_t;
	if (free < l->last_send)
		free = l->last_send;
	return l->now > free + (l->more ? WAITED_US + pace : SAME_BURST_US);
}

static enum shown
shown_by(const struct bbr *b, const struct loss *l, uint64_t gap)
{
	uint64_t fair = pacing_of(l, bw_now(b), UNIT);
	uint64_t per_cent;

	if (!fair || !gap)
		return SHOWN_NOTHING;
	per_cent = (uint64_t)b->burst_bytes * 100000000 / gap / fair;
	if (per_cent > 240 && per_cent < 340)
		return SHOWN_STARTUP;
	if (per_cent > 114 && per_cent < 138)
		return SHOWN_PROBE;
	if (per_cent > 92 && per_cent < 108)
		return SHOWN_CRUISE;
	return per_cent > 64 && per_cent < 86 ? SHOWN_DRAIN : SHOWN_NOTHING;
}

static void
believe(struct cc *cc, struct bbr *b)
{
	uint8_t idx = b->idx;

	if (b->run == SHOWN_STARTUP && b->mode == BBR_STARTUP &&
	    b->run_length == 2 * RUN)
		cc->n_signature++;
	if (b->mode != BBR_PROBE_BW || b->run_length != RUN)
		return;
	if (b->run == SHOWN_DRAIN && b->was_up)
		cc->n_signature++;
	if (b->run == SHOWN_PROBE)
		idx = 0;
	else if (b->run == SHOWN_DRAIN && b->was_up)
		idx = 1;
	else if (b->run == SHOWN_CRUISE && b->idx < 2)
		idx = b->idx == 0 && !b->was_up ? CYCLE - 1 : 2;
	b->was_up = b->run == SHOWN_PROBE;
	if (idx == b->idx)
		return;
	b->idx = idx;
	b->cycle_at = b->run_at;
	update_gains(b);
}

/* At the sender: one burst after the other, by the pacer's clock. */
static void
watch_bursts(struct cc *cc, const struct loss *l)
{
	struct bbr *b = bbr_of(cc);
	enum shown shown = SHOWN_NOTHING;

	if (l->now != l->last_ack_t && l->ca_state <= CA_DISORDER)
		shown = shown_by(b, l, l->now - b->burst_at);
	if (shown == b->run) {
		if (b->run_length < 255)
			b->run_length++;
	} else {
		b->run = (uint8_t)shown;
		b->run_length = 1;
		b->run_at = b->burst_at;
	}
	if (shown != SHOWN_NOTHING)
		believe(cc, b);
}

/*
 * The pacer's clock: the next burst leaves a length at the rate later, less
 * what this one was late, up to half its length.
 */
static void
bbr_sent(struct cc *cc, const struct loss *l, uint32_t bytes)
{
	struct bbr *b = bbr_of(cc);
	uint32_t n = (bytes + l->sb.mss - 1) / l->sb.mss;
	uint64_t us, late;

	b->phase_sent += n;
	b->fit_sent += n;
	if (l->now - b->burst_at >= SAME_BURST_US ||
	    b->burst_bytes >= BURST_MAX) {
		if (!l->causal)
			watch_bursts(cc, l);
		b->burst_at = l->now;
		b->burst_bytes = 0;
		b->due = b->departure < l->now ? b->departure : l->now;
	}
	b->burst_bytes += bytes;
	b->departure = b->burst_at;
	if (l->data_segs < 10 || !b->pacing)
		return;
	us = (uint64_t)b->burst_bytes * 1000000 / b->pacing;
	late = b->burst_at - b->due;
	b->departure += us - (late < us / 2 ? late : us / 2);
}

static void
bbr_undo(struct cc *cc, const struct loss *l)
{
	struct bbr *b = bbr_of(cc);

	b->full_bw = 0;
	b->full_rounds = 0;
	lt_reset(b, l);
}

/* Data leaves though the model dips: the sender's minimum is younger (A7), by
   as little as its clock's tick. */
static bool
bbr_raised(struct cc *cc, const struct loss *l, uint32_t by)
{
	struct bbr *b = bbr_of(cc);

	(void)by;
	if (b->mode != BBR_PROBE_RTT)
		return false;
	b->min_rtt_at = l->now - DIP_LATE_US;
	if (b->prior_cwnd > cc->cwnd)
		cc->cwnd = b->prior_cwnd;
	enter_usual(b, l);
	update_gains(b);
	return true;
}

/*
 * What came in heaps is counted since the sender last had less than expected.
 * By a rate that is a little less than its own that never is, and the window
 * grows for good.  Elsewhere rates are as exact as that.
 */
static uint32_t
bbr_doubt(const struct cc *cc, const struct loss *l)
{
	const struct bbr *b = (const struct bbr *)cc->state;
	uint32_t extra = most_extra(b);

	if (!l->causal || !b->full || b->mode != BBR_PROBE_BW ||
	    extra * HEAP_DOUBT > b->epoch_acked)
		return 0;
	return extra;
}

static const char *
bbr_phase(const struct cc *cc)
{
	static const char *const name[] = {
		[BBR_STARTUP] = "bbr_startup",
		[BBR_DRAIN] = "bbr_drain",
		[BBR_PROBE_BW] = "bbr_probe_bw",
		[BBR_PROBE_RTT] = "bbr_probe_rtt",
	};

	return name[((const struct bbr *)cc->state)->mode];
}

const struct cc_ops cc_bbr = {
	.name = "bbr",
	.state_size = sizeof(struct bbr),
	.model_based = true,
	.spread_segs = 2,
	.spread_share = .02,
	.init = bbr_init,
	.ssthresh = bbr_ssthresh,
	.control = bbr_control,
	.set_state = bbr_set_state,
	.tx_start = bbr_tx_start,
	.waited = bbr_waited,
	.sent = bbr_sent,
	.undo = bbr_undo,
	.raised = bbr_raised,
	.doubt = bbr_doubt,
	.phase = bbr_phase,
};
