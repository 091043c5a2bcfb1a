/*
 * cc_identify.c - the replicas compared.
 */
#include "analysis/cc_identify.h"

#define EVIDENCE 40		/* judged bursts before a verdict */
#define MARGIN .08
#define PACED_SHARE .25
#define PACED_EVIDENCE 16

double
cc_score(const struct cc *cc)
{
	return cc->score;
}

bool
cc_paced(const struct loss *l)
{
	uint32_t n = l->n_prompt + l->n_unprompted;

	return l->causal ? false : n >= PACED_EVIDENCE &&
	       l->n_unprompted > n * PACED_SHARE;
}

static const struct cc *
best_window(const struct loss *l)
{
	const struct cc *best = &l->cc[CC_CUBIC];

	for (uint8_t i = 0; i < l->n_cc; i++) {
		const struct cc *cc = &l->cc[i];

		if (!cc->ops->model_based && cc->score > best->score + .01)
			best = cc;
	}
	return best;
}

/* Paced, or explained by its pacer and by no window. */
static bool
is_bbr(const struct loss *l, const struct cc *window)
{
	return !l->causal && cc_paced(l) && window->score < .9;
}

const struct cc *
cc_best(const struct loss *l)
{
	const struct cc *window = best_window(l);

	return is_bbr(l, window) ? &l->cc[CC_BBR] : window;
}

static double
bounded(double x)
{
	return x < 0 ? 0 : x > 1 ? 1 : x;
}

struct cc_verdict
cc_identify(const struct loss *l)
{
	const struct cc *best = cc_best(l), *other;
	struct cc_verdict none = { NULL, 0 };
	double margin;

	if (best->ops->model_based) {
		if (best->n_judged < 8 || l->data_segs < 200)
			return none;
		return (struct cc_verdict){ best->ops->name,
			bounded(.6 + best->score / 3) };
	}
	other = best == &l->cc[CC_CUBIC] ? &l->cc[CC_RENO]
					 : &l->cc[CC_CUBIC];
	margin = best->score - other->score;
	if (best->n_explained < EVIDENCE || best->score < .3 ||
	    margin < MARGIN)
		return none;
	return (struct cc_verdict){ best->ops->name,
				    bounded(.5 + margin / 2) };
}
