/*
 * sample_thin.h - which samples are worth a row.
 *
 * Each jump (of phase, ssthresh, window) and, between these, about two a
 * round trip at first, and fewer the longer a sender goes on, so that there
 * are at most SAMPLES_MAX a side.  --samples=all keeps all.
 */
#ifndef ANALYSIS_SAMPLE_THIN_H
#define ANALYSIS_SAMPLE_THIN_H

#include <stdbool.h>

#include "analysis/rows.h"

#define SAMPLES_MAX 2000

struct sample_thin {
	nstime next;		/* when the pace asks for one */
	int64_t cwnd, ssthresh, rwnd;
	const char *phase, *class;
	uint16_t n;		/* kept */
};

/* Is one due by the pace alone, whatever it tells? */
static inline bool
sample_thin_due(const struct sample_thin *t, nstime ts)
{
	return ts >= t->next && t->n < SAMPLES_MAX;
}

/* Zeroed to begin with.  Keep this one?  Then it is remembered. */
bool sample_thin_keeps(struct sample_thin *t, const struct sample_row *r);

#endif
