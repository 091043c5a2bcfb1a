/*
 * estimate.c - how far the replica may be off.
 */
#include "analysis/estimate.h"

#include "analysis/cc_identify.h"

#define UNDECIDED .12		/* scores as close as that */

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
	return w;
}

/* The others that explain as much are as likely. */
static void
include_rivals(const struct loss *l, const struct cc *best,
	       struct estimate *e)
{
	for (uint8_t i = 0; i < l->n_cc; i++) {
		const struct cc *cc = &l->cc[i];

		if (cc == best || cc->ops->model_based ||
		    cc->score < best->score - UNDECIDED)
			continue;
		if (cc->cwnd < e->low)
			e->low = cc->cwnd;
		if (cc->cwnd > e->high)
			e->high = cc->cwnd;
	}
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

	if (!best->ops->model_based && l->ca_state < CA_RECOVERY)
		include_rivals(l, best, &e);
	if (!l->anchored) {
		bool watched = l->late_until && l->now >= l->late_until;

		e.low = l->max_pipe < best->cwnd ? l->max_pipe : best->cwnd;
		if (e.low < pipe)
			e.low = pipe;
		e.high = watched ? e.high + e.high / 8 + 2 : UINT32_MAX;
		if (!watched)
			e.value = UINT32_MAX;
		e.class = watched ? ESTIMATE_BOUNDED : ESTIMATE_LOWER_BOUND;
		return e;
	}
	if (l->hole_share > .02) {
		e.class = ESTIMATE_BOUNDED;
		if (e.low > pipe && l->ca_state < CA_CWR)
			e.low = pipe > 0 ? pipe : 1;
		return e;
	}
	if (best->limited && best->score > .7 && w < best->cwnd * .1 + 2)
		e.class = ESTIMATE_MEASURED;
	return e;
}
