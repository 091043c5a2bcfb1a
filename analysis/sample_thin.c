/*
 * sample_thin.c - jumps, and a pace that slows down.
 *
 * Nothing is taken back, so the pace is a matter of how many were kept: half
 * a round trip for the first STAGE, then SLOWER times that for the next, ...
 */
#include <string.h>

#include "analysis/sample_thin.h"

#define STAGE  250
#define SLOWER 8
#define MIN_INTERVAL NS_PER_MS

/* Jumps leave that many to those that keep the pace. */
#define JUMPS_MAX (SAMPLES_MAX - 2 * STAGE)

/* A window that changes by less goes with the pace. */
#define CWND_JUMP 10	/* per cent */

static bool
cwnd_jumps(int64_t from, int64_t to)
{
	int64_t by;

	if (from == ROW_NULL || to == ROW_NULL)
		return from != to;
	by = from < to ? to - from : from - to;
	return by > from / 100 * CWND_JUMP;
}

static bool
is_jump(const struct sample_thin *t, const struct sample_row *r)
{
	return r->phase != t->phase || r->cwnd_class != t->class ||
	       r->ssthresh != t->ssthresh || cwnd_jumps(t->cwnd, r->cwnd) ||
	       (r->rwnd == 0) != (t->rwnd == 0);
}

static nstime
interval(const struct sample_thin *t, const struct sample_row *r)
{
	nstime base = r->srtt_ns == ROW_NULL ? 0 : r->srtt_ns / 2;

	if (base < MIN_INTERVAL)
		base = MIN_INTERVAL;
	for (int i = t->n / STAGE; i > 0 && base < INT64_MAX / SLOWER; i--)
		base *= SLOWER;
	return base;
}

static bool
is_due(const struct sample_thin *t, const struct sample_row *r)
{
	if (t->n == 0)
		return true;
	if (t->n >= SAMPLES_MAX)
		return false;
	if (t->n < JUMPS_MAX && is_jump(t, r))
		return true;
	return sample_thin_due(t, r->ts_ns);
}

bool
sample_thin_keeps(struct sample_thin *t, const struct sample_row *r)
{
	if (!is_due(t, r))
		return false;
	t->n++;
	t->next = r->ts_ns + interval(t, r);
	t->cwnd = r->cwnd;
	t->ssthresh = r->ssthresh;
	t->rwnd = r->rwnd;
	t->phase = r->phase;
	t->class = r->cwnd_class;
	return true;
}
