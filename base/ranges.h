/*
 * ranges.h - a sorted set of 64-bit numbers, as ranges [start, end).
 *
 * For sequence numbers and the bytes of a datagram.  Ranges that touch are
 * one.  The memory is the caller's and bounded: an addition that would need
 * one range too many fails and changes nothing.
 */
#ifndef BASE_RANGES_H
#define BASE_RANGES_H

#include <stdbool.h>
#include <stdint.h>

struct range {
	uint64_t start, end;	/* end is not in it */
};

struct ranges {
	struct range *range;	/* in order, apart from each other */
	uint32_t n, max;
};

static inline void
ranges_init(struct ranges *rs, struct range *memory, uint32_t max)
{
	rs->range = memory;
	rs->n = 0;
	rs->max = max;
}

/* Returns -1: no room.  An empty range is no change. */
int ranges_add(struct ranges *rs, uint64_t start, uint64_t end);

/* Take out all below end. */
void ranges_drop_below(struct ranges *rs, uint64_t end);

bool ranges_cover(const struct ranges *rs, uint64_t start, uint64_t end);

/* How many of [start, end) are in the set. */
uint64_t ranges_overlap(const struct ranges *rs, uint64_t start, uint64_t end);

/*
 * The first piece of [start, end) that is not in the set; false: all is.
 * To go through all: continue from gap->end.
 */
bool ranges_gap(const struct ranges *rs, uint64_t start, uint64_t end,
		struct range *gap);

#endif
