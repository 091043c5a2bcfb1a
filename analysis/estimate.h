/*
 * estimate.h - what is said of a congestion window: value, bounds, class.
 *
 * Measured: as much as the window was in flight in the last two round trips,
 * which it explains, and no packet is missing.  Modelled: less was, but the replica ran since the connection
 * began or since an anchor.  Bounded: it did not; only bounds are known.
 * Lower bound: the window is at least what was in flight, no more is known.
 * The bounds are meant to hold the truth nine times in ten.
 */
#ifndef ANALYSIS_ESTIMATE_H
#define ANALYSIS_ESTIMATE_H

#include "analysis/loss.h"

enum estimate_class {
	ESTIMATE_MEASURED,
	ESTIMATE_MODELLED,
	ESTIMATE_BOUNDED,
	ESTIMATE_LOWER_BOUND,
};

/* In segments.  value and high are UINT32_MAX where they are not known. */
struct estimate {
	uint32_t value, low, high;
	enum estimate_class class;
};

struct estimate estimate_cwnd(const struct loss *l, const struct cc *best);

const char *estimate_word(enum estimate_class class);

#endif
