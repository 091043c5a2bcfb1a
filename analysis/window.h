/*
 * window.h - what each side offered to take, and how its peer used it.
 *
 * RFC 9293 s3.8.6, RFC 7323 s2: a window is scaled where both SYNs were seen,
 * else its scale is unknown and nothing is said of windows that depends on it.
 */
#ifndef ANALYSIS_WINDOW_H
#define ANALYSIS_WINDOW_H

#include "analysis/analyzer.h"
#include "analysis/arrival.h"

struct window_half {
	uint32_t min_rwnd, max_rwnd;	/* offered; valid with seen[] */
	uint32_t max_flight;		/* of its data, as seen here */
};

struct windows {
	struct window_half half[N_SIDES];
	bool seen[N_SIDES];
};

void window_segment(struct windows *w, struct arrival *a, struct analysis *an,
		    const struct seg_event *ev);
/* Fill the rows as it is meanwhile. */
void window_update(const struct windows *w, const struct analysis *an,
		   struct endpoint_row end[N_SIDES]);

#endif
