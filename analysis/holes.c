/*
 * holes.c - a sorted array of ranges; appended above, filled anywhere.
 */
#include <assert.h>
#include <string.h>

#include "analysis/holes.h"

static void
remove_at(struct holes *h, unsigned i)
{
	h->n--;
	memmove(&h->hole[i], &h->hole[i + 1], (h->n - i) * sizeof(h->hole[0]));
}

void
holes_open(struct holes *h, const struct hole *hole)
{
	assert(hole->start < hole->end);
	assert(h->n == 0 || h->hole[h->n - 1].end <= hole->start);
	if (h->n == HOLES_MAX) {
		h->hole[1].start = h->hole[0].start;
		h->merged++;
		remove_at(h, 0);
	}
	h->hole[h->n++] = *hole;
}

/* Cut the middle out of hole i: two are left.  Without room for the second,
   the larger one stays. */
static void
split(struct holes *h, unsigned i, uint64_t start, uint64_t end)
{
	struct hole low = h->hole[i], high = h->hole[i];

	low.end = start;
	high.start = end;
	if (h->n == HOLES_MAX) {
		h->hole[i] = low.end - low.start > high.end - high.start ?
			     low : high;
		h->merged++;
		return;
	}
	memmove(&h->hole[i + 1], &h->hole[i],
		(h->n - i) * sizeof(h->hole[0]));
	h->n++;
	h->hole[i] = low;
	h->hole[i + 1] = high;
}

uint64_t
holes_fill(struct holes *h, uint64_t start, uint64_t end, struct hole *first)
{
	uint64_t filled = 0;

	for (unsigned i = 0; i < h->n && h->hole[i].start < end;) {
		struct hole *x = &h->hole[i];
		uint64_t from = x->start > start ? x->start : start;
		uint64_t to = x->end < end ? x->end : end;

		if (from >= to) {
			i++;
			continue;
		}
		if (filled == 0)
			*first = *x;
		filled += to - from;
		if (from == x->start && to == x->end) {
			remove_at(h, i);
			continue;
		}
		if (from == x->start)
			x->start = to;
		else if (to == x->end)
			x->end = from;
		else {
			split(h, i, from, to);
			break;
		}
		i++;
	}
	return filled;
}

bool
holes_take_below(struct holes *h, uint64_t una, struct hole *out)
{
	if (h->n == 0 || h->hole[0].start >= una)
		return false;
	*out = h->hole[0];
	if (out->end <= una) {
		remove_at(h, 0);
	} else {
		out->end = una;
		h->hole[0].start = una;
	}
	return true;
}

void
holes_report_below(struct holes *h, uint64_t seq)
{
	for (unsigned i = 0; i < h->n && h->hole[i].start < seq; i++)
		h->hole[i].reported = true;
}
