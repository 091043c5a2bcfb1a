/*
 * ranges.c - see ranges.h.
 */
#include <string.h>

#include "base/ranges.h"

/* The index of the first range that ends at or after pos. */
static uint32_t
find(const struct ranges *rs, uint64_t pos)
{
	uint32_t low = 0, high = rs->n;

	/* Mostly it is the last one, or after it. */
	if (rs->n > 0 && rs->range[rs->n - 1].end < pos)
		return rs->n;
	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (rs->range[mid].end < pos)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
move(struct ranges *rs, uint32_t to, uint32_t from)
{
	memmove(&rs->range[to], &rs->range[from],
		(rs->n - from) * sizeof(*rs->range));
	rs->n = rs->n - from + to;
}

int
ranges_add(struct ranges *rs, uint64_t start, uint64_t end)
{
	uint32_t first = find(rs, start), after = first;

	if (start >= end)
		return 0;
	while (after < rs->n && rs->range[after].start <= end)
		after++;
	if (after == first) {		/* touches none */
		if (rs->n == rs->max)
			return -1;
		move(rs, first + 1, first);
		rs->range[first] = (struct range){ start, end };
		return 0;
	}
	if (rs->range[first].start > start)
		rs->range[first].start = start;
	rs->range[first].end = rs->range[after - 1].end > end ?
			       rs->range[after - 1].end : end;
	move(rs, first + 1, after);
	return 0;
}

void
ranges_drop_below(struct ranges *rs, uint64_t end)
{
	uint32_t first = find(rs, end);

	if (first < rs->n && rs->range[first].start < end)
		rs->range[first].start = end;
	if (first < rs->n && rs->range[first].start == rs->range[first].end)
		first++;
	move(rs, 0, first);
}

bool
ranges_cover(const struct ranges *rs, uint64_t start, uint64_t end)
{
	struct range gap;

	return !ranges_gap(rs, start, end, &gap);
}

uint64_t
ranges_overlap(const struct ranges *rs, uint64_t start, uint64_t end)
{
	uint64_t sum = 0;

	for (uint32_t i = find(rs, start); i < rs->n; i++) {
		const struct range *r = &rs->range[i];
		uint64_t from = r->start > start ? r->start : start;
		uint64_t to = r->end < end ? r->end : end;

		if (r->start >= end)
			break;
		if (from < to)
			sum += to - from;
	}
	return sum;
}

bool
ranges_gap(const struct ranges *rs, uint64_t start, uint64_t end,
	   struct range *gap)
{
	uint32_t i = find(rs, start);

	/* A range that only touches start does not cover it. */
	for (; i < rs->n && rs->range[i].start <= start; i++)
		if (rs->range[i].end > start)
			start = rs->range[i].end;
	if (start >= end)
		return false;
	gap->start = start;
	gap->end = i < rs->n && rs->range[i].start < end ?
		   rs->range[i].start : end;
	return true;
}
