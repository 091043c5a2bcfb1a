/*
 * holes.c - a sorted array of ranges; appended above, filled anywhere.
 *
 * Holes are mostly filled from below: the array may begin behind hole[0].
 */
#include <assert.h>
#include <string.h>

#include "analysis/holes.h"

static struct hole *
hole_at(struct holes *h, unsigned i)
{
	return &h->hole[h->first + i];
}

static void
move_to_front(struct holes *h)
{
	memmove(h->hole, hole_at(h, 0), h->n * sizeof(h->hole[0]));
	h->first = 0;
}

static void
remove_at(struct holes *h, unsigned i)
{
	h->n--;
	if (h->n == 0)
		h->first = 0;
	else if (i == 0)
		h->first++;
	else
		memmove(hole_at(h, i), hole_at(h, i + 1),
			(h->n - i) * sizeof(h->hole[0]));
}

void
holes_move(struct holes *to, const struct holes *from)
{
	assert(to->n == 0 && to->capacity >= from->n);
	memcpy(to->hole, &from->hole[from->first],
	       from->n * sizeof(from->hole[0]));
	to->first = 0;
	to->n = from->n;
	to->merged = from->merged;
}

void
holes_open(struct holes *h, const struct hole *hole)
{
	assert(hole->start < hole->end);
	assert(h->n == 0 || hole_at(h, h->n - 1)->end <= hole->start);
	if (holes_full(h)) {
		hole_at(h, 1)->start = hole_at(h, 0)->start;
		h->merged++;
		remove_at(h, 0);
	}
	if (h->first + h->n == h->capacity)
		move_to_front(h);
	*hole_at(h, h->n++) = *hole;
}

/* Cut the middle out of hole i: two are left.  Without room for the second,
   the larger one stays. */
static void
split(struct holes *h, unsigned i, uint64_t start, uint64_t end)
{
	struct hole low = *hole_at(h, i), high = low;

	low.end = start;
	high.start = end;
	if (holes_full(h)) {
		*hole_at(h, i) = low.end - low.start > high.end - high.start ?
				 low : high;
		h->merged++;
		return;
	}
	if (h->first + h->n == h->capacity)
		move_to_front(h);
	memmove(hole_at(h, i + 1), hole_at(h, i),
		(h->n - i) * sizeof(h->hole[0]));
	h->n++;
	*hole_at(h, i) = low;
	*hole_at(h, i + 1) = high;
}

/* The first hole that ends behind seq; h->n: none. */
static unsigned
find(struct holes *h, uint64_t seq)
{
	unsigned low = 0, n = h->n;

	while (n > 0) {
		unsigned half = n / 2;

		if (hole_at(h, low + half)->end <= seq) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

uint64_t
holes_fill(struct holes *h, uint64_t start, uint64_t end, struct hole *first)
{
	uint64_t filled = 0;

	for (unsigned i = find(h, start);
	     i < h->n && hole_at(h, i)->start < end;) {
		struct hole *x = hole_at(h, i);
		uint64_t from = x->start > start ? x->start : start;
		uint64_t to = x->end < end ? x->end : end;

		if (filled == 0)
			*first = *x;
		filled += to - from;
		if (from == x->start && to == x->end) {
			remove_at(h, i);
		} else if (from == x->start) {
			x->start = to;
			break;
		} else if (to == x->end) {
			x->end = from;
			i++;
		} else {
			split(h, i, from, to);
			break;
		}
	}
	return filled;
}

bool
holes_take_below(struct holes *h, uint64_t una, struct hole *out)
{
	if (h->n == 0 || hole_at(h, 0)->start >= una)
		return false;
	*out = *hole_at(h, 0);
	if (out->end <= una) {
		remove_at(h, 0);
	} else {
		out->end = una;
		hole_at(h, 0)->start = una;
	}
	return true;
}

void
holes_report_below(struct holes *h, uint64_t seq)
{
	for (unsigned i = h->n; i-- > 0;) {
		if (hole_at(h, i)->start >= seq)
			continue;
		if (hole_at(h, i)->reported)
			return;
		hole_at(h, i)->reported = true;
	}
}

uint64_t
holes_bytes_below(const struct holes *h, uint64_t seq)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < h->n; i++) {
		const struct hole *x = &h->hole[h->first + i];

		if (x->start >= seq)
			break;
		sum += (x->end < seq ? x->end : seq) - x->start;
	}
	return sum;
}
