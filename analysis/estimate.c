/*
 * estimate.c - how far the replica may be off.
 */
#include "analysis/estimate.h"

#include "analysis/cc_envelope.h"
#include "analysis/cc_identify.h"

#define UNDECIDED .12		/* scores as close as that */
#define SPREAD_MAX 1e9		/* segments: beyond any window */
#define EXPLAINS .7
#define FELL 3
#define PLAUSIBLE .5		/* a score that a late start can build on */
#define GROWN 3
#define JUDGED 100		/* bursts: the order elsewhere is settled */
#define PACED_BURSTS 8
#define PACED_LITTLE .1
#define FALLEN 2		/* segments: the window gave way */

const char *
estimate_word(enum estimate_class class)
{
	static const char *const word[] = {
		[ESTIMATE_MEASURED] = "measured",
		[ESTIMATE_MODELLED] = "modelled",
		[ESTIMATE_BOUNDED] = "bounded",
		[ESTIMATE_LOWER_BOUND] = "lower_bound",
	};

	return word[class];
}

/* Segments that the replica may be off by, in the long run. */
static double
spread(const struct loss *l, const struct cc *cc)
{
	double w = cc->ops->spread_segs + cc->cwnd * cc->ops->spread_share;

	if (l->causal)
		w += 1 + cc->cwnd * .012;
	w += 2 * cc->surprise;
	w += 4 * cc->cwnd * l->hole_share;
	/* A slow start ended at twice what was out at most: how much was? */
	if (loss_has_holes(l) && !cc->limited && cc->cwnd < cc->ssthresh)
		w += cc->cwnd / 8.;
	return w < SPREAD_MAX ? w : SPREAD_MAX;
}

static void
include(const struct cc *cc, struct estimate *e)
{
	if (cc->cwnd < e->low)
		e->low = cc->cwnd;
	if (cc->cwnd > e->high)
		e->high = cc->cwnd;
}

/* The others that explain as much are as likely. */
static void
include_rivals(const struct loss *l, const struct cc *best,
	       struct estimate *e)
{
	for (int i = 0; i < N_CC_MODELS; i++) {
		const struct cc *cc = &l->cc[i];

		if (cc == best || cc->ops->model_based ||
		    cc->score < best->score - UNDECIDED)
			continue;
		include(cc, e);
	}
}

/* And those of another kind: a rate, where a window may be one too, and what
   a replica cannot know of itself. */
static void
include_doubts(const struct loss *l, const struct cc *best,
	       struct estimate *e)
{
	const struct cc *other = cc_other_kind(l, best);
	uint32_t less;

	if (other)
		include(other, e);
	if (!best->ops->doubt)
		return;
	less = best->ops->doubt(best, l);
	if (less < best->cwnd && best->cwnd - less < e->low)
		e->low = best->cwnd - less;
}

/* A late start elsewhere: what is in flight is followed, but it goes down and
   up again as by a rate, or is not explained. */
static bool
may_be_window(const struct loss *l, const struct cc *best)
{
	return !l->causal || best->ops->model_free ||
	       (best->score >= PLAUSIBLE && best->n_fell < FELL);
}

/* The capture began later than the sender, and nothing since then told what
   its window is: that it is not less than what was in flight. */
static bool
is_unknown(const struct loss *l, const struct cc *best)
{
	if (!l->late)
		return false;
	if (!l->placed || best->ops->model_based)
		return !l->placed || !best->settled;
	return !l->anchored || !may_be_window(l, best);
}

/* All that is in flight grows step by step, and each ACK lets go what fills
   it up again: that is the window. */
static bool
shows_window(const struct loss *l, const struct cc *best)
{
	return l->placed && l->watched && !best->ops->model_based &&
	       may_be_window(l, best) && l->n_grown >= GROWN &&
	       best->score > EXPLAINS && best->recent > EXPLAINS &&
	       !cc_paced(l);
}

static struct estimate
estimate_late(const struct loss *l, const struct cc *best)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);
	struct estimate e = {
		.value = UINT32_MAX,
		.low = pipe ? pipe : 1,
		.high = UINT32_MAX,
		.class = ESTIMATE_LOWER_BOUND,
	};

	if (!best->ops->model_based && l->ca_state <= CA_DISORDER &&
	    !l->anchored && e.low < l->max_pipe &&
	    envelope_of(l)->fallen < FALLEN)
		e.low = l->max_pipe;
	if (shows_window(l, best)) {
		e.value = best->cwnd > e.low ? best->cwnd : e.low;
		e.high = e.value + e.value / 8 + 2;
		e.class = ESTIMATE_BOUNDED;
	}
	if (l->causal) {	/* some ACKs may have been there already */
		uint32_t by = 2 + e.low / 64;

		e.low = e.low > by ? e.low - by : 1;
	}
	return e;
}

/* Without time stamps nothing tells when the sender got an ACK that passes
   elsewhere: a queue before this point is not seen. */
static bool
order_is_guessed(const struct loss *l)
{
	return l->causal && !l->has_tsval;
}

/* What is in flight here is in flight there; and no window grows by more than
   what was delivered. */
static void
widen_guessed(const struct loss *l, struct estimate *e)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);
	uint64_t high = (uint64_t)CC_INIT_CWND + l->delivered;

	if (l->n_recovery + l->n_timeout > 0)
		high = 4 * (uint64_t)e->high;
	if (high > l->max_window / l->sb.mss + 1)
		high = l->max_window / l->sb.mss + 1;
	if (e->high < high)
		e->high = (uint32_t)high;
	e->low = e->low / 2 < pipe ? e->low / 2 : pipe;
	if (e->low == 0)
		e->low = 1;
	e->class = ESTIMATE_BOUNDED;
}

/* Each ACK let go what filled the flight up again, which stayed less than the
   window that is believed. */
static bool
stays_below(const struct loss *l, const struct cc *best)
{
	uint32_t seen = envelope_of(l)->before;

	return seen && best->cwnd > seen + 2 + seen / 64;
}

/* It may be none of the known kinds: then what was seen is the window. */
static void
include_seen(const struct loss *l, const struct cc *best, struct estimate *e)
{
	const struct envelope *env = envelope_of(l);
	const struct cc *cc = &l->cc[CC_ENVELOPE];
	uint32_t off = (uint32_t)(spread(l, cc) + .5);

	if (env->doubt < CC_LIKE && env->fallen < FALLEN && !stays_below(l, best))
		return;
	if (cc->cwnd < e->low + off)
		e->low = cc->cwnd > off ? cc->cwnd - off : 1;
	if (cc->cwnd + off > e->high)
		e->high = cc->cwnd + off;
}

#define UNSEEN_ROUNDS 32

/*
 * No model tells what comes between full round trips: the window may have
 * grown since by what it grows else, and in recovery be what is still out.
 */
static struct estimate
estimate_followed(const struct loss *l, const struct cc *cc)
{
	const struct envelope *e = envelope_of(l);
	uint32_t rounds = e->since < UNSEEN_ROUNDS ? e->since : UNSEEN_ROUNDS;
	double w = spread(l, cc), grown = rounds * (double)e->segs.mean;
	struct estimate r = {
		.value = cc->cwnd,
		.low = cc->cwnd > w + 1 ? cc->cwnd - (uint32_t)(w + .5) : 1,
		.high = cc->cwnd + (uint32_t)(w + .5) +
			(uint32_t)(grown > 0 ? grown : 0),
		.class = ESTIMATE_BOUNDED,
	};

	if (l->ca_state >= CA_CWR && r.high < cc->ssthresh &&
	    cc->ssthresh < CC_INFINITE)
		r.high = cc->ssthresh;
	return r;
}

static bool
maybe_paced(const struct loss *l)
{
	return !l->causal && l->n_bursts >= PACED_BURSTS &&
	       l->paced > PACED_LITTLE;
}

/*
 * As much as the window was in flight in the last round trips, and no more is
 * now.  That a recovery began is known when it sends something again.
 */
static bool
is_shown(const struct loss *l, const struct cc *best)
{
	if (scoreboard_pipe(&l->sb) > best->cwnd + cc_tolerance(best))
		return false;
	if (l->ca_state == CA_RECOVERY && !l->rtx_stamped)
		return false;
	if (l->ca_state == CA_CWR || l->ca_state == CA_RECOVERY)
		return l->peak_met;
	return cc_peak_meets(l, best);
}

static bool
is_recent(const struct loss *l, uint64_t t)
{
	return t && l->now - t < 2 * (uint64_t)loss_srtt(l);
}

/* What was not captured is no loss for sure: ACKs may be missing, too. */
static bool
maybe_hole(const struct loss *l)
{
	return loss_has_holes(l) || is_recent(l, l->unseen_at) ||
	       is_recent(l, l->doubt_at);
}

/* Elsewhere, a window that has to be led back to what is in flight time and
   again explains that well, whatever the sender goes by. */
static bool
is_led(const struct cc *best)
{
	return best->score < EXPLAINS + 10 * best->drift / best->cwnd;
}

/*
 * The sender stopped where the window said, lately and most of the time; the
 * capture is whole, and nothing speaks for a sender that goes by a rate.
 */
static bool
is_measured(const struct loss *l, const struct cc *best, double w,
	    const struct estimate *e)
{
	double most = w > cc_tolerance(best) ? w : cc_tolerance(best);

	if (!best->limited || best->ops->model_based || maybe_paced(l) ||
	    maybe_hole(l) || best->score < EXPLAINS || best->recent < EXPLAINS)
		return false;
	if (l->causal && (best->n_judged < JUDGED || is_led(best)))
		return false;
	if (l->ca_state >= CA_CWR && (l->causal || loss_two_way(l)))
		return false;
	return w <= cc_tolerance(best) && is_shown(l, best) &&
	       e->high <= best->cwnd + most + 1 &&
	       e->low + most + 1 >= best->cwnd;
}

struct estimate
estimate_cwnd(const struct loss *l, const struct cc *best)
{
	double w = spread(l, best);
	uint32_t by = (uint32_t)(w + .5);
	struct estimate e = {
		.value = best->cwnd,
		.low = best->cwnd > by ? best->cwnd - by : 1,
		.high = best->cwnd + by,
		.class = ESTIMATE_MODELLED,
	};
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (best->ops->model_free)
		return estimate_followed(l, best);
	if (is_unknown(l, best))
		return estimate_late(l, best);
	if (!best->ops->model_based && l->ca_state < CA_RECOVERY)
		include_rivals(l, best, &e);
	include_doubts(l, best, &e);
	include_seen(l, best, &e);
	if (order_is_guessed(l)) {
		widen_guessed(l, &e);
		return e;
	}
	if (l->hole_share > .02) {
		e.class = ESTIMATE_BOUNDED;
		if (e.low > pipe && l->ca_state < CA_CWR)
			e.low = pipe > 0 ? pipe : 1;
		return e;
	}
	if (is_measured(l, best, w, &e))
		e.class = ESTIMATE_MEASURED;
	return e;
}
