/*
 * sane.h - numbers out of a database that may come from anywhere: brought
 * within bounds where no sum and no difference of two overflows.
 */
#ifndef TUI_SANE_H
#define TUI_SANE_H

#include "base/nstime.h"
#include "store/query.h"

#define SANE_MOST (INT64_C(1) << 61)	/* the year 2043, in nanoseconds */

static inline int64_t
sane(int64_t v)
{
	return v < -SANE_MOST ? -SANE_MOST : v > SANE_MOST ? SANE_MOST : v;
}

static inline int64_t
query_amount(const struct query *q, int column)
{
	return sane(query_int(q, column));
}

/* A moment: not before 1970. */
static inline nstime
query_time(const struct query *q, int column)
{
	int64_t t = query_amount(q, column);

	return t < 0 ? 0 : t;
}

#endif
