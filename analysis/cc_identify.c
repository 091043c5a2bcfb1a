/*
 * cc_identify.c - the replicas compared.
 */
#include "analysis/cc_identify.h"

#include "analysis/cc_envelope.h"

#define EVIDENCE 40		/* judged bursts before a verdict */
#define MARGIN .08
#define MARGIN_ELSEWHERE .15	/* where the order is inferred */
#define SCORE_HERE .3
#define SCORE_ELSEWHERE .55
#define PACED_SHARE .25
#define PACED_STILL .08		/* by one that was: many ACKs, few of its own */
#define UNPACED_SHARE .05
#define PINNED 8		/* bursts in a row */
#define EXPLAINS .6
#define EXPLAINS_ALL .9
#define UNEXPLAINED .5
#define WRONG .3		/* that is not a path's jitter */
#define CONTRADICTED .5
#define PACER_LEAST 2		/* round trips that its rate explains */
#define PACER_BETTER .4		/* that much more than a window */
#define ROUNDS 8		/* that are looked back at */
#define MEAN_OF 4
#define EVEN .6f
#define UNEVEN .4f
#define EVEN_ALONE .8f
#define EVEN_SURE .9f
#define EVEN_JUDGED 16
#define REFUTED .2
#define SHORT_US 20000		/* of round trips in whole milliseconds */
#define PACER_EVIDENCE 4
#define PACER_FITS .4
#define PACER_FITS_WELL .75
#define PACED_SURE 200
#define PACED_EVIDENCE 16
#define ODD_ROUNDS 8		/* in which each replica was contradicted */
#define ODD_ELSEWHERE 12
#define UNLIKE .6		/* share of the round trips that say so */
#define UNLIKE_ELSEWHERE .75

double
cc_score(const struct cc *cc)
{
	return cc->score;
}

bool
cc_paced(const struct loss *l)
{
	return !l->causal && l->n_bursts >= PACED_EVIDENCE &&
	       l->paced > PACED_SHARE;
}

static void
believe(struct loss *l)
{
	if (l->unlike)
		l->best = &l->cc[CC_ENVELOPE];
	else
		l->best = l->by_model ? &l->cc[CC_BBR] : l->window;
}

void
cc_choose_window(struct loss *l)
{
	const struct cc *best = &l->cc[CC_CUBIC];

	for (int i = 0; i < N_CC_MODELS; i++) {
		const struct cc *cc = &l->cc[i];

		if (!cc->ops->model_based &&
		    cc->score > best->score + .01)
			best = cc;
	}
	l->window = best;
	believe(l);
}

static double
pacer_score(const struct cc *bbr)
{
	return bbr->score > bbr->recent ? bbr->score : bbr->recent;
}

/* Nearly all that left did so when an ACK came: nothing paces it. */
static bool
acks_let_go(const struct loss *l)
{
	return l->n_bursts >= PACED_EVIDENCE && l->paced < PACED_STILL;
}

/*
 * Elsewhere pacing is not seen directly: that no window explains, or each is
 * contradicted time and again, and that the pacer's rate does, by far.
 */
static bool
fits_elsewhere(const struct loss *l, const struct cc *window)
{
	const struct cc *bbr = &l->cc[CC_BBR];

	if (window->n_judged < EVIDENCE)
		return false;
	if (loss_two_way(l))
		return window->score <= UNEXPLAINED &&
		       window->recent <= UNEXPLAINED &&
		       bbr->n_judged >= PACER_EVIDENCE &&
		       bbr->score > PACER_FITS_WELL;
	if (window->score >= EXPLAINS || acks_let_go(l))
		return false;
	/* Others that reduce by less than these are not paced. */
	if (window->over > CONTRADICTED && l->paced > PACED_SHARE)
		return true;
	if (bbr->n_judged >= PACER_LEAST &&
	    pacer_score(bbr) > window->score + PACER_BETTER)
		return true;
	return window->score < WRONG && window->recent <= UNEXPLAINED &&
	       bbr->n_judged >= PACER_EVIDENCE && bbr->score > PACER_FITS;
}

/* Once believed, a while that a window explains as well does not count. */
static bool
still_fits_elsewhere(const struct loss *l, const struct cc *window)
{
	const struct cc *bbr = &l->cc[CC_BBR];

	if (loss_two_way(l))
		return window->recent < EXPLAINS && window->score < EXPLAINS;
	if (window->recent > EXPLAINS_ALL && bbr->recent < UNEXPLAINED)
		return false;
	return window->over > CONTRADICTED ||
	       pacer_score(bbr) >= window->score ||
	       pacer_score(bbr) >= window->recent;
}

/* As much is in flight as BBR's window lets, which an even pace has no reason
   to meet. */
static bool
fills_bbr(const struct loss *l)
{
	uint32_t pipe = scoreboard_pipe(&l->sb), cwnd = l->cc[CC_BBR].cwnd;

	return pipe <= cwnd && pipe + cwnd / 64 + 2 >= cwnd;
}

/*
 * The end of BBR's first phase looks like a slow start that could go on: but
 * what is in flight stays at the model's window, below the other, and ACKs let
 * go what the pacer did before.
 */
static bool
is_pinned(struct loss *l)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (!l->was_paced || !fills_bbr(l) ||
	    l->window->cwnd <= pipe + pipe / 32 + 4)
		l->n_pinned = 0;
	else if (l->n_pinned < PINNED)
		l->n_pinned++;
	return l->n_pinned == PINNED;
}

/* Time and again what the sender does contradicts the best replica. */
static bool
is_unlike(const struct loss *l)
{
	const struct envelope *e = envelope_of(l);

	if (l->unlike)
		return e->doubt > CC_LIKE;
	/* What a known kind remembers of times before (a spurious loss, a
	   capture that began late) is wrong at most until the next loss. */
	if (e->n_gave < ODD_ROUNDS &&
	    (!e->n_epochs || e->balance < ENVELOPE_MOST))
		return false;
	if (l->causal)
		return e->n_odd >= ODD_ELSEWHERE && e->doubt > UNLIKE_ELSEWHERE;
	return e->n_odd >= ODD_ROUNDS && e->doubt > UNLIKE;
}

/* In how many round trips was as much in flight as in the others, at most? */
static void
watch_rounds(struct loss *l)
{
	float most, off;
	bool far;

	if (l->sb.out > l->round_most)
		l->round_most = l->sb.out;
	if (l->now - l->round_at < loss_min_rtt(l))
		return;
	if (l->now - l->round_at > 2 * (uint64_t)loss_min_rtt(l))
		l->even /= 2;	/* it paused */
	most = (float)l->round_most;
	off = most > l->most_mean ? most - l->most_mean : l->most_mean - most;
	l->even += ((off <= 2 + l->most_mean / 25) - l->even) / ROUNDS;
	far = off > l->most_mean / 2;
	if (far && l->most_far)		/* not by a stall: it is another */
		l->most_mean = most;
	else if (!far)
		l->most_mean += (most - l->most_mean) / MEAN_OF;
	l->most_far = far;
	l->round_at = l->now;
	l->round_most = 0;
}

/*
 * A pace that is not BBR's: a rate that the program asked for, or a buffer
 * that it fills up again late.  BBR's replica does not explain it, for BBR has
 * a round trip with more and one with less in each of its cycles.
 */
static bool
is_even(const struct loss *l)
{
	const struct cc *bbr = &l->cc[CC_BBR];

	if (fills_bbr(l))
		return false;
	/* Too short for rates to be told: nothing would refute it. */
	if (!l->fine && loss_min_rtt(l) < SHORT_US)
		return false;
	if (l->is_even)
		return l->even > UNEVEN && (bbr->n_judged < EVEN_JUDGED ||
					    bbr->score < UNEXPLAINED);
	if (bbr->ssthresh >= CC_INFINITE)	/* its first phase grows */
		return l->even > UNEVEN;
	if (bbr->n_judged < PACER_EVIDENCE)
		return l->even > EVEN_ALONE;
	return l->even > EVEN && bbr->n_judged >= EVEN_JUDGED &&
	       bbr->score < (l->even > EVEN_SURE ? WRONG : REFUTED);
}

/* Paced, and no window explains when it stops; decided with some inertia. */
void
cc_reconsider(struct loss *l)
{
	const struct cc *window = l->window;

	l->unlike = is_unlike(l);
	watch_rounds(l);
	if (cc_paced(l))
		l->was_paced = true;
	if (l->causal && l->by_model)
		l->was_paced = true;
	l->is_even = is_even(l);
	if (l->is_even)
		l->by_model = false;
	else if (l->causal || loss_two_way(l))
		l->by_model = l->by_model ? still_fits_elsewhere(l, window)
					  : fits_elsewhere(l, window);
	else if (l->by_model)
		l->by_model = l->paced > UNPACED_SHARE ||
			      window->recent < .9;
	else
		l->by_model = is_pinned(l) ||
			      (l->was_paced && l->paced > PACED_STILL &&
			       window->recent < .8);
	believe(l);
}

const struct cc *
cc_other_kind(const struct loss *l, const struct cc *best)
{
	const struct cc *bbr = &l->cc[CC_BBR], *window = l->window;

	if (!l->causal || best != window || window->recent >= EXPLAINS)
		return NULL;
	if (l->was_paced)
		return bbr;
	return bbr->n_judged && pacer_score(bbr) > window->score ? bbr : NULL;
}

static double
bounded(double x)
{
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

/*
 * Elsewhere any replica is kept near the window by what is seen, and in time
 * explains as much as another.  How deep the reductions were, and what each
 * explained in all that time, is not forgotten.
 */
static bool
reduces_like(const struct cc *cc, const struct cc *other)
{
	if (!cc->n_met || cc->n_met <= 2 * cc->n_unmet ||
	    other->n_unmet <= 2 * other->n_met ||
	    cc->n_explained < EVIDENCE || cc->n_explained <= other->n_explained)
		return false;
	return cc->n_met > 1 || (cc->n_explained > cc->n_judged / 2 &&
				 cc->n_explained / 2 > other->n_explained);
}

/* By its reductions; NULL: they do not tell. */
static const struct cc *
by_depth(const struct loss *l)
{
	const struct cc *reno = &l->cc[CC_RENO], *cubic = &l->cc[CC_CUBIC];

	if (!l->causal || !l->has_tsval)
		return NULL;
	if (reduces_like(cubic, reno))
		return cubic;
	return reduces_like(reno, cubic) ? reno : NULL;
}

struct cc_verdict
cc_identify(const struct loss *l)
{
	const struct cc *best = cc_best(l), *other, *deep;
	struct cc_verdict none = { NULL, 0 };
	double margin;

	if (best->ops->model_free)
		return none;
	other = best == &l->cc[CC_CUBIC] ? &l->cc[CC_RENO]
					 : &l->cc[CC_CUBIC];
	if (best->ops->model_based) {
		if ((best->n_judged < 8 && l->n_bursts < PACED_SURE) ||
		    l->data_segs < 200 ||
		    (l->causal && best->score < l->window->score + MARGIN))
			return none;
		return (struct cc_verdict){ best->ops->name,
			bounded(.6 + best->score / 3) };
	}
	/* Ordered by its own window, each would explain all. */
	if (l->causal && !l->has_tsval && best->n_met <= other->n_met)
		return none;
	deep = by_depth(l);
	if (deep)
		return (struct cc_verdict){ deep->ops->name,
			bounded(.6 + .05 * deep->n_met) };
	margin = best->score - other->score;
	if (best->n_explained < EVIDENCE ||
	    best->score < (l->causal ? SCORE_ELSEWHERE : SCORE_HERE) ||
	    margin < (l->causal ? MARGIN_ELSEWHERE : MARGIN))
		return none;
	return (struct cc_verdict){ best->ops->name,
				    bounded(.5 + margin / 2) };
}
