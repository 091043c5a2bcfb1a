/*
 * cc.c - the bank of replicas: what they share, and the list of them.
 *
 * Whether the window was the limit is found out from the packets (Linux's
 * tcp_cwnd_validate() is called after each burst): a window grows only while
 * it limits, and that it did holds until a window's worth was acknowledged.
 */
#include "analysis/cc.h"

#include <assert.h>
#include <string.h>

#include "analysis/cc_envelope.h"
#include "analysis/cc_identify.h"
#include "analysis/loss.h"

#define GSO_MAX 65536
#define CA_RATIO 120		/* per cent of cwnd / srtt */
#define SS_RATIO 200
#define RECENT 32
#define CREEPS 4		/* rounds that grow by little */
#define WINDOW_COUNTS 40	/* judgements that a window that was seen is for */
#define DRIFT_MEMORY 16		/* rounds of so many ticks */
#define TICKS 12		/* to judge by, and a round trip */
#define IDLE_TRIPS 1.5		/* without a word: its program's silence */
#define TOLERANCE .08		/* of a window that is called right */
#define DEPTH_LEAST 12		/* segments, to tell how deep a reduction is */
#define MEMORY 512		/* observations that a score looks back */

const struct cc_ops *const cc_all[N_CC] = {
	[CC_RENO] = &cc_reno,
	[CC_CUBIC] = &cc_cubic,
	[CC_BBR] = &cc_bbr,
	[CC_ENVELOPE] = &cc_envelope,
};

#define FOR_EACH_CC(cc, l) \
	for (struct cc *cc = (l)->cc; cc < (l)->cc + (l)->n_cc; cc++)

/* Those of kinds that are known: all but the envelope. */
#define FOR_EACH_MODEL(cc, l) \
	for (struct cc *cc = (l)->cc; cc < (l)->cc + N_CC_MODELS; cc++)

/* --- sums ------------------------------------------------------------------ */

uint32_t
cc_slow_start(struct cc *cc, uint32_t acked)
{
	uint32_t cwnd = cc->cwnd + acked;

	if (cwnd > cc->ssthresh)
		cwnd = cc->ssthresh;
	acked -= cwnd - cc->cwnd;
	cc->cwnd = cwnd;
	return acked;
}

/* One segment more for each w acknowledged. */
void
cc_additive(struct cc *cc, uint32_t w, uint32_t acked)
{
	if (w == 0)
		w = 1;
	cc->per = w;
	if (cc->cnt >= w) {
		cc->cnt = 0;
		cc->cwnd++;
	}
	cc->cnt += acked;
	if (cc->cnt >= w) {
		uint32_t more = cc->cnt / w;

		cc->cnt -= more * w;
		cc->cwnd += more;
	}
}

uint32_t
cc_current_ssthresh(const struct cc *cc, const struct loss *l)
{
	uint32_t most = (cc->cwnd >> 1) + (cc->cwnd >> 2);

	if (l->ca_state == CA_CWR || l->ca_state == CA_RECOVERY)
		return cc->ssthresh;
	return cc->ssthresh > most ? cc->ssthresh : most;
}

bool
cc_window_limits(const struct cc *cc)
{
	return cc->limited ||
	       (cc->cwnd < cc->ssthresh && cc->cwnd < 2 * cc->max_out);
}

void
cc_judged(struct cc *cc, double how)
{
	double weight;

	cc->n_judged++;
	cc->surprise -= cc->surprise / 32;
	weight = cc->n_judged < MEMORY ? 1. / cc->n_judged : 1. / MEMORY;
	cc->score += (how - cc->score) * weight;
	weight = cc->n_judged < RECENT ? 1. / cc->n_judged : 1. / RECENT;
	cc->recent += (how - cc->recent) * weight;
	if (how < 0)
		cc->n_raised++;
	else if (how > .5)
		cc->n_explained++;
}

/* Bytes per second that Linux would pace a window control at. */
static uint64_t
window_rate(const struct cc *cc, const struct loss *l)
{
	uint64_t ratio = cc->cwnd < cc->ssthresh / 2 ? SS_RATIO : CA_RATIO;
	uint64_t w = cc->cwnd > l->sb.out ? cc->cwnd : l->sb.out;
	uint64_t srtt = loss_srtt(l);

	if (!srtt)
		return UINT64_MAX;
	return w * l->sb.mss * ratio * 10000 / srtt;
}

uint32_t
cc_tso_segs(const struct cc *cc, const struct loss *l)
{
	uint64_t bytes = window_rate(cc, l) >> 10;
	uint32_t r = loss_min_rtt(l) >> 9;

	if (r < 32)
		bytes += GSO_MAX >> r;
	if (bytes > GSO_MAX)
		bytes = GSO_MAX;
	bytes /= l->sb.mss;
	return bytes > 2 ? (uint32_t)bytes : 2;
}

/* --- was the window the limit? ------------------------------------------------ */

/*
 * Room is left, but Linux would wait for the next ACK to send a larger burst
 * (tcp_tso_should_defer): when that is near and the room is small.
 */
static bool
may_defer(const struct cc *cc, const struct loss *l, uint32_t pipe)
{
	uint32_t room = cc->cwnd - pipe, srtt = loss_srtt(l), near;
	uint64_t chunk = (uint64_t)cc->cwnd * l->sb.mss;
	uint32_t age;

	if (l->ca_state >= CA_RECOVERY || !l->sb.n)
		return false;
	if (room >= 2 && (uint64_t)room * l->sb.mss >= GSO_MAX)
		return false;	/* more than the largest burst */
	if (room >= cc_tso_segs(cc, l))
		return false;
	if (l->snd_wnd < chunk)
		chunk = l->snd_wnd;
	if ((uint64_t)room * l->sb.mss >= chunk / 3)
		return false;
	near = srtt / 2 < 1000 ? srtt / 2 : 1000;
	age = (uint32_t)l->now - scoreboard_at(&l->sb, 0)->t;
	return age + near + 200 >= srtt;
}

/* What left beyond the offered window proves that an ACK was not captured. */
static uint32_t
beyond_window(const struct loss *l)
{
	if (l->sb.nxt <= l->wnd_end)
		return 0;
	return (uint32_t)((l->sb.nxt - l->wnd_end + l->sb.mss - 1) /
			  l->sb.mss);
}

/* What is out.  Where ACKs may have been missed: what is twice in a row. */
static uint32_t
surely_out(const struct loss *l)
{
	uint32_t more = beyond_window(l), out = l->sb.out;

	if ((loss_has_holes(l) ||
	     (l->unseen_at &&
	      l->now - l->unseen_at < 2 * (uint64_t)loss_srtt(l))) &&
	    l->out_before < out)
		out = l->out_before;
	return more < out ? out - more : 1;
}

static bool
window_full(const struct cc *cc, const struct loss *l)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);
	uint32_t doubt = l->sb.out - surely_out(l);

	pipe = doubt < pipe ? pipe - doubt : 0;
	if (pipe >= cc->cwnd)
		return true;
	if (cc->ops->model_based)
		return false;
	if (l->sb.nxt + l->sb.mss > l->wnd_end)
		return false;	/* the receiver's window is met first */
	return may_defer(cc, l, pipe);
}

static void
validate(struct cc *cc, const struct loss *l, bool limited)
{
	uint32_t out = surely_out(l);

	if (l->una >= cc->usage_seq || limited ||
	    (!cc->limited && out > cc->max_out)) {
		cc->limited = limited;
		cc->max_out = out;
		cc->usage_seq = l->sb.nxt;
	}
}

/*
 * Does the replica say why the sender stopped here?  In recovery each ACK lets
 * go what the reduction allows (RFC 6937), which tells how deep that is.
 */
static void
judge(struct cc *cc, const struct loss *l, bool full)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (cc->ops->model_based)
		return;
	if (l->ca_state == CA_RECOVERY && l->sack_ok) {
		/* Elsewhere what was lost before is known late only. */
		cc->over += ((pipe > cc->cwnd + 1) - cc->over) / MEMORY;
		cc_judged(cc, pipe > cc->cwnd + 1 ? l->causal ? 0 : -1 :
			      pipe + 1 < cc->cwnd ? 0 :
			      pipe == cc->cwnd ? 1 : .5);
		return;
	}
	if (l->ca_state > CA_DISORDER || !l->burst ||
	    (pipe < cc->cwnd && l->sb.nxt + l->sb.mss > l->wnd_end))
		return;		/* the receiver's window is met first */
	cc_judged(cc, cc->raised ? -2 : full);
	cc->raised = false;
}

/* The window was larger than thought, by that much (A4). */
static void
raise_window(struct cc *cc, struct loss *l, uint32_t by)
{
	bool due;

	if (l->late && !l->anchored && !cc->ops->model_based) {
		cc->cwnd += by;		/* no model yet: what is seen */
		cc->ssthresh = cc->cwnd;
		return;
	}
	due = by == 1 && cc->cwnd >= cc->ssthresh && 2 * cc->cnt > cc->per;
	cc->surprise += by / 8.;
	cc->corrected += (int32_t)by;
	cc->cwnd += by;
	cc->cnt = 0;		/* it grew just now, */
	if (due)
		return;		/* as it was about to */
	if (cc->ops->raised && cc->ops->raised(cc, l, by))
		return;
	cc->raised = true;
	cc->drift += (double)by / DRIFT_MEMORY;
}

/* It filled its window, which doubled each round trip: that it does so no more
   was missed with the rest. */
static bool
left_slow_start(const struct cc *cc, const struct loss *l, int32_t over)
{
	return over < -(int32_t)(cc->cwnd / 8 + 2) &&
	       cc->cwnd < cc->ssthresh && loss_has_holes(l) && l->hole_met;
}

/* How far a round of ticks may move the window. */
static bool
believable(struct cc *cc, const struct loss *l, int32_t over)
{
	int32_t near = (int32_t)cc->cwnd / 16 + 2;
	bool steady = cc->most - cc->least <=
		      4 + (int32_t)cc->cwnd * 3 / 100, twice;

	twice = steady && cc->steady;
	cc->steady = steady;
	if (l->late && !l->anchored)
		return true;
	if (twice && (l->late || loss_has_holes(l)))
		return true;
	if (left_slow_start(cc, l, over))
		return true;
	return over >= -near && over <= near;
}

/*
 * A slow start that the model did not see end: round after round the flight
 * grows, by far less than that, and below the window.  What a program or its
 * buffer keeps small does not grow in each.
 */
static bool
creeps(struct cc *cc, int32_t most)
{
	int32_t last = cc->last_most;

	cc->last_most = most;
	if (!cc->ops->by_clock || cc->ssthresh < CC_INFINITE || most <= last ||
	    most > last + last / 3 + 2)
		cc->creeping = 0;
	else if (cc->creeping < CREEPS)
		cc->creeping++;
	return cc->creeping == CREEPS &&
	       most < (int32_t)(cc->cwnd - cc->cwnd / 4);
}

/*
 * Elsewhere the order within a tick of the time stamps is a guess, which hides
 * a window that is off by a few segments.  Between two ticks it is certain,
 * and a sender that always has more to send fills its window now and then: so
 * the most that was in flight there is the window (A5).  Much less than that
 * is an application or a buffer that keeps the flight small, unless the model
 * went astray and the flight stands still.
 *
 * Where the capture misses ACKs more seems to be in flight until the next
 * one: what is true twice in a row counts.
 */
static void
tick(struct cc *cc, struct loss *l)
{
	int32_t now = (int32_t)scoreboard_pipe(&l->sb) - (int32_t)cc->cwnd;
	int32_t over = now;
	bool slow;

	if (loss_has_holes(l)) {
		if (over > cc->before)
			over = cc->before;
		if (over > 0) {
			raise_window(cc, l, (uint32_t)over);
			now -= over;
			over = 0;
		}
	}
	cc->before = now;
	if (cc->n_ticks == 0 || over > cc->most)
		cc->most = over;
	if (cc->n_ticks == 0 || over < cc->least)
		cc->least = over;
	cc->n_ticks++;
	if (l->una < cc->ticks_end || cc->n_ticks < TICKS)
		return;
	cc->n_ticks = 0;
	cc->ticks_end = l->sb.nxt;
	over = cc->most;
	if (creeps(cc, (int32_t)cc->cwnd + over)) {
		cc->cwnd = cc->ssthresh = (uint32_t)cc->last_most;
		cc->before -= over;
		cc->creeping = 0;
		cc->late_exit = true;
		return;
	}
	cc->drift += ((over < 0 ? -over : over) - cc->drift) / DRIFT_MEMORY;
	if (!believable(cc, l, over) || over == 0)
		return;
	/* Before the hole something else kept the flight small: it may still. */
	if (over < 0 && loss_has_holes(l) && !l->hole_met)
		return;
	slow = left_slow_start(cc, l, over);
	cc->cwnd = (uint32_t)((int32_t)cc->cwnd + over);
	if (slow)
		cc->ssthresh = cc->cwnd;
	cc->before -= over;
	cc->surprise += (over < 0 ? -over : over) / 8.;
	cc->corrected += over;
	cc->n_lowered++;
	if (over < -1 - (int32_t)cc->cwnd / 32 && cc->n_fell < UINT8_MAX)
		cc->n_fell++;
	if (cc->ops->moved)
		cc->ops->moved(cc, over);
}

void
cc_bank_unseen(struct loss *l)
{
	if (!loss_has_holes(l) &&
	    l->now - l->unseen_at > 2 * (uint64_t)loss_srtt(l))
		l->hole_met = cc_peak_meets(l, cc_best(l));
}

/* ACKs were missed with it: less was in flight since than seemed to be. */
void
cc_bank_hole(struct loss *l)
{
	FOR_EACH_MODEL(cc, l) {
		if (cc->doubtful < cc->cwnd)
			cc->cwnd -= cc->doubtful;
		cc->doubtful = 0;
	}
}

void
cc_bank_tick(struct loss *l)
{
	if (l->ca_state != CA_OPEN || l->sb.nxt + l->sb.mss > l->wnd_end)
		return;
	FOR_EACH_MODEL(cc, l)
		if (!cc->ops->model_based &&
		    (l->causal || l->late || loss_has_holes(l) ||
		     l->hole_share > 0 || cc->ops->by_clock))
			tick(cc, l);
}

/* The first flight was not ten segments: the ACK of it let twice as many go. */
static void
initial_window(struct loss *l)
{
	uint32_t pipe = scoreboard_pipe(&l->sb), was = l->first_flight;
	bool rwnd = l->sb.nxt + l->sb.mss > l->wnd_end;

	if (l->iw_known)
		return;
	if (!was)
		l->first_flight = pipe;
	/* The receiver's window that is met tells nothing of the other. */
	l->iw_known = was || rwnd;
	if (!was || rwnd || was >= CC_INIT_CWND ||
	    pipe != was + l->delivered - 1)
		return;
	l->iw_small = true;
	FOR_EACH_MODEL(cc, l)
		if (!cc->ops->model_based && cc->cwnd > pipe)
			cc->cwnd = pipe;
}

double
cc_tolerance(const struct cc *cc)
{
	return cc->cwnd * TOLERANCE > 1 ? cc->cwnd * TOLERANCE : 1;
}

/* How far the flight went lately: what a window is measured by. */
static void
note_peak(struct loss *l)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (l->una >= l->peak_end) {
		l->peak_before = l->peak;
		l->peak = 0;
		l->peak_end = l->sb.nxt;
	}
	if (pipe > l->peak)
		l->peak = pipe;
}

bool
cc_peak_meets(const struct loss *l, const struct cc *cc)
{
	double most = l->peak > l->peak_before ? l->peak : l->peak_before;

	return most + cc_tolerance(cc) >= cc->cwnd;
}

static void
forget_peak(struct loss *l)
{
	l->peak_met = (!l->late || l->anchored) &&
		      cc_peak_meets(l, cc_best(l));
	l->peak = l->peak_before = 0;
	l->peak_end = l->sb.nxt;
}

void
cc_bank_close_burst(struct loss *l)
{
	if (l->burst_all)
		note_peak(l);
	if (l->burst)
		initial_window(l);
	if (l->burst && !l->causal)
		cc_bank_tick(l);
	FOR_EACH_MODEL(cc, l) {
		bool full = window_full(cc, l);

		judge(cc, l, full);

		if (l->burst_all || full)
			validate(cc, l, full);
	}
	cc_choose_window(l);
	cc_envelope_watch(l);
	if (l->burst)
		cc_reconsider(l);
	l->out_before = l->sb.out;
	l->burst = l->burst_all = 0;
}

/* --- what was sent --------------------------------------------------------- */

/* What a restart leaves of a window that is off by a little is off as well:
   so far that does not speak against the restart. */
static uint32_t
after_restart(const struct cc *cc, const struct loss *l)
{
	return l->just_restarted ? cc->cwnd / 16 + 1 : 0;
}

/* More in flight than the window. */
static void
contradiction(struct cc *cc, struct loss *l, uint32_t pipe)
{
	uint64_t seen = (uint64_t)cc->cwnd + beyond_window(l);
	uint32_t by = pipe - (uint32_t)seen;

	if (pipe <= seen + after_restart(cc, l) || l->ca_state > CA_DISORDER ||
	    l->tlp_high)
		return;
	if (loss_has_holes(l) && !cc->ops->model_based)
		return;		/* see tick() */
	if (!l->causal || l->now - l->unseen_at > 2 * (uint64_t)loss_srtt(l))
		cc->doubtful = 0;
	else
		cc->doubtful += by;
	raise_window(cc, l, by);
}

/* More left at once than a restart allows: there was none (Linux:
   tcp_slow_start_after_idle = 0). */
static void
no_restart(struct loss *l)
{
	l->no_restart = true;
	l->just_restarted = false;
	l->n_restart = 0;
	FOR_EACH_MODEL(cc, l) {
		if (cc->ops->model_based)
			continue;
		cc->cwnd = cc->idle_cwnd;
		cc->ssthresh = cc->idle_ssthresh;
	}
}

bool
cc_bank_waited(const struct loss *l)
{
	FOR_EACH_MODEL(cc, l)
		if (cc->ops->waited && cc->ops->waited(cc, l))
			return true;
	return false;
}

void
cc_bank_data(struct loss *l, uint32_t bytes, bool new_data, bool probe)
{
	const struct cc *best = cc_best(l);
	uint32_t pipe = new_data && !probe ? scoreboard_pipe(&l->sb) : 0;

	if (l->just_restarted && new_data && !best->ops->model_based &&
	    scoreboard_pipe(&l->sb) > best->cwnd + after_restart(best, l))
		no_restart(l);
	FOR_EACH_MODEL(cc, l) {
		if (cc->ops->sent)
			cc->ops->sent(cc, l, bytes);
		if (pipe > cc->cwnd)
			contradiction(cc, l, pipe);
	}
	if (l->unlike)
		cc_envelope_raise(l);
}

void
cc_bank_tx_start(struct loss *l)
{
	uint64_t idle = l->last_send ? l->now - l->last_send : 0;

	FOR_EACH_MODEL(cc, l) {
		/* There was not always more to send: see tick(). */
		if (idle > IDLE_TRIPS * loss_srtt(l))
			cc->n_ticks = 0;
		if (cc->ops->tx_start)
			cc->ops->tx_start(cc, l, idle);
	}
}

/* RFC 2861, as Linux does it: halved for each time-out's worth of silence. */
void
cc_bank_idle_restart(struct loss *l, uint64_t idle)
{
	uint64_t rto = l->rtt.rto ? l->rtt.rto : 1;

	if (l->no_restart)
		return;
	l->just_restarted = true;
	forget_peak(l);
	FOR_EACH_CC(cc, l) {
		uint32_t floor = cc->cwnd < CC_INIT_CWND ? cc->cwnd
							 : CC_INIT_CWND;
		uint64_t left = idle;

		if (cc->ops->model_based)
			continue;
		if (cc == cc_best(l) && cc->cwnd > floor)
			l->n_restart++;
		cc->idle_cwnd = cc->cwnd;
		cc->idle_ssthresh = cc->ssthresh;
		cc->ssthresh = cc_current_ssthresh(cc, l);
		while (left > rto && cc->cwnd > floor) {
			left -= rto;
			cc->cwnd >>= 1;
		}
		if (cc->cwnd < floor)
			cc->cwnd = floor;
	}
}

/* --- reductions ------------------------------------------------------------ */

/* Each has its part of the states, one behind the other. */
static void
share_out(struct cc_bank *bank)
{
	size_t used = 0;

	for (int i = 0; i < N_CC; i++) {
		bank->cc[i].state = bank->state + used;
		used += (cc_all[i]->state_size + 7) & ~(size_t)7;
	}
	assert(used <= sizeof(bank->state));
}

void
cc_bank_init(struct loss *l, struct cc_bank *bank)
{
	memset(bank, 0, sizeof(*bank));
	share_out(bank);
	l->cc = bank->cc;
	l->n_cc = N_CC;
	for (uint8_t i = 0; i < l->n_cc; i++) {
		struct cc *cc = &l->cc[i];

		cc->ops = cc_all[i];
		cc->cwnd = CC_INIT_CWND;
		cc->ssthresh = CC_INFINITE;
		cc->usage_seq = l->sb.nxt;
	}
	cc_choose_window(l);
}

void
cc_bank_placed(struct loss *l)
{
	FOR_EACH_CC(cc, l) {
		if (!cc->ops->model_based)
			continue;
		cc->ops->init(cc, l);
		cc->n_judged = 0;
		cc->score = cc->recent = 0;
	}
}

void
cc_bank_assume(struct loss *l, uint32_t cwnd)
{
	FOR_EACH_CC(cc, l) {
		if (cc->ops->model_based)
			continue;
		cc->cwnd = cc->ssthresh = cwnd;
		cc->before = 0;
		cc->n_ticks = 0;
	}
}

/* After the handshake, when the first round trip is known. */
void
cc_bank_begin_reduction(struct loss *l, bool keep_undo)
{
	forget_peak(l);
	FOR_EACH_CC(cc, l) {
		cc->doubtful = 0;
		if (keep_undo)
			cc->prior_ssthresh = cc_current_ssthresh(cc, l);
		cc->cnt = 0;
		cc->prior_cwnd = cc->cwnd;
		cc->late_exit = false;
		cc->ssthresh = cc->ops->ssthresh(cc, l);
	}
}

static void
count(uint8_t *n)
{
	if (*n < UINT8_MAX)
		(*n)++;
}

/* Which replica came to that window since the last reduction counts for much:
   where this is called, little else tells them apart. */
static void
judge_window(struct cc *cc, double how)
{
	cc->n_judged += WINDOW_COUNTS;
	cc->n_explained += how > 0 ? WINDOW_COUNTS : 0;
	cc->score += (how - cc->score) / 2;
	cc->recent += (how - cc->recent) / 2;
}

/*
 * Reno's first slow start went on until this loss.  Where a window that had left
 * it ordered what was seen, Reno's fell behind by that alone; and CUBIC leaves
 * it before the queue is full (HyStart), unless its replica did not either.
 */
static bool
kept_slow_start(const struct loss *l, uint32_t segs)
{
	const struct cc *reno = &l->cc[CC_RENO];
	uint32_t got = l->delivered - l->prr_delivered;

	return l->n_recovery == 1 && !l->late &&
	       reno->prior_ssthresh >= CC_INFINITE &&
	       reno->prior_cwnd <= segs &&
	       segs + segs / 32 + 1 >= CC_INIT_CWND + got;
}

/* 1: it was that window, 0: nearly, -1: another. */
static int
window_met(const struct cc *cc, uint32_t segs)
{
	uint32_t was = cc->prior_cwnd;
	uint32_t off = was > segs ? was - segs : segs - was;

	if (off <= segs / 16 + 1)
		return 1;
	return off <= segs / 8 + 2 ? 0 : -1;
}

void
cc_bank_window_was(struct loss *l, uint32_t segs)
{
	bool slow = kept_slow_start(l, segs);

	FOR_EACH_CC(cc, l) {
		int met = window_met(cc, segs);
		bool excused = slow && cc == &l->cc[CC_RENO];

		if (cc->ops->model_based)
			continue;
		count(met > 0 || excused ? &cc->n_met : &cc->n_unmet);
		if (slow || l->n_recovery > 1)
			judge_window(cc, excused ? 1 : met);
		if (met > 0)
			continue;
		cc->cwnd = cc->prior_cwnd = segs;
		cc->ssthresh = cc->ops->ssthresh(cc, l);
	}
}

/*
 * What is in flight when a recovery ends is what the reduction left, though
 * the order be inferred: less only where the replica let no more go either.
 */
static void
judge_depth(struct cc *cc, const struct loss *l)
{
	uint32_t pipe = scoreboard_pipe(&l->sb), left = cc->ssthresh;

	if (left < DEPTH_LEAST || left >= CC_INFINITE)
		return;
	if (pipe > left + left / 8 + 2)
		count(&cc->n_unmet);
	else if (cc->cwnd < left - left / 16)
		return;
	else if (pipe + left / 8 + 2 < left)
		count(&cc->n_unmet);
	else if (pipe + left / 16 + 1 >= left && pipe <= left + left / 16 + 1)
		count(&cc->n_met);
}

/* Without time stamps the flight was guessed by a replica's own depth. */
static bool
shows_depth(const struct loss *l)
{
	return l->causal && l->has_tsval && l->sack_ok && l->prr_out &&
	       !loss_has_holes(l) && !loss_two_way(l) &&
	       l->sb.nxt + l->sb.mss <= l->wnd_end;
}

void
cc_bank_end_reduction(struct loss *l)
{
	bool depth = shows_depth(l);

	FOR_EACH_MODEL(cc, l)
		if (depth && !cc->ops->model_based)
			judge_depth(cc, l);
	l->anchored = l->hole_met = true;
	l->peak = l->peak_before = 0;
	FOR_EACH_CC(cc, l)
		if (!cc->ops->model_based && cc->ssthresh < CC_INFINITE)
			cc->cwnd = cc->ssthresh;
}

void
cc_bank_enter_loss(struct loss *l, bool reduce)
{
	forget_peak(l);
	l->anchored = l->hole_met = true;
	FOR_EACH_CC(cc, l) {
		if (reduce) {
			cc->prior_ssthresh = cc_current_ssthresh(cc, l);
			cc->prior_cwnd = cc->cwnd;
			cc->late_exit = false;
			cc->ssthresh = cc->ops->ssthresh(cc, l);
		}
		cc->cwnd = scoreboard_pipe(&l->sb) + 1;
		cc->cnt = 0;
	}
}

void
cc_bank_set_state(struct loss *l, int state)
{
	FOR_EACH_CC(cc, l)
		if (cc->ops->set_state)
			cc->ops->set_state(cc, l, state);
}

void
cc_bank_undo(struct loss *l)
{
	FOR_EACH_CC(cc, l) {
		if (!cc->prior_ssthresh)
			continue;
		if (cc->ops->undo)
			cc->ops->undo(cc, l);
		else if (cc->prior_cwnd > cc->cwnd)
			cc->cwnd = cc->prior_cwnd;
		if (cc->prior_ssthresh > cc->ssthresh)
			cc->ssthresh = cc->prior_ssthresh;
	}
}

void
cc_bank_forget_undo(struct loss *l)
{
	FOR_EACH_CC(cc, l)
		cc->prior_ssthresh = 0;
}

/* RFC 6937, with Linux's bounds: how much may leave for what arrived. */
static void
reduce(struct cc *cc, const struct loss *l, uint32_t acked, uint32_t losses)
{
	int64_t pipe = scoreboard_pipe(&l->sb);
	int64_t delta = (int64_t)cc->ssthresh - pipe, send;

	if (!cc->prior_cwnd)
		return;
	if (delta < 0) {
		uint64_t share = (uint64_t)cc->ssthresh * l->prr_delivered +
				 cc->prior_cwnd - 1;

		send = (int64_t)(share / cc->prior_cwnd) - l->prr_out;
	} else {
		send = (int64_t)l->prr_delivered - l->prr_out;
		if (send < acked)
			send = acked;
		if ((l->flags & ACK_UNA_ADVANCED) && !losses)
			send++;
		if (send > delta)
			send = delta;
	}
	if (send < (l->prr_out ? 0 : 1))
		send = l->prr_out ? 0 : 1;
	send += pipe;
	cc->cwnd = send < CC_INFINITE ? (uint32_t)send : CC_INFINITE;
}

void
cc_bank_reduce(struct loss *l, uint32_t acked, uint32_t losses)
{
	if (!acked)
		return;
	l->prr_delivered += acked;
	FOR_EACH_MODEL(cc, l) {
		if (!cc->ops->model_based)
			reduce(cc, l, acked, losses);
	}
	l->cc[CC_ENVELOPE].cwnd = scoreboard_pipe(&l->sb);
}

/* --- an ACK ---------------------------------------------------------------- */

void
cc_bank_acked(struct loss *l, int64_t rtt)
{
	FOR_EACH_MODEL(cc, l)
		if (cc->ops->acked && rtt >= 0)
			cc->ops->acked(cc, l, rtt);
}

/* An ACK that stands for many which were not captured: after some of them the
   window limited no more. */
static uint32_t
grows_by(const struct cc *cc, const struct loss *l, uint32_t acked)
{
	if (!loss_has_holes(l) || cc->limited || cc->cwnd >= cc->ssthresh ||
	    cc->cwnd + acked <= 2 * cc->max_out)
		return acked;
	return 2 * cc->max_out - cc->cwnd;
}

void
cc_bank_ack(struct loss *l, const struct cc_ack *a)
{
	bool reducing = l->ca_state == CA_CWR || l->ca_state == CA_RECOVERY;
	uint32_t grow = l->reordering > 3 ? ACK_PROGRESS : ACK_DATA_ACKED;

	FOR_EACH_MODEL(cc, l)
		if (cc->ops->control)
			cc->ops->control(cc, l, a);
	if (reducing) {
		cc_bank_reduce(l, a->acked, a->losses);
		return;
	}
	if (!(l->flags & grow) || (l->late && !l->anchored))
		return;
	FOR_EACH_MODEL(cc, l)
		if (cc->ops->cong_avoid && cc_window_limits(cc))
			cc->ops->cong_avoid(cc, l, grows_by(cc, l, a->acked));
}
