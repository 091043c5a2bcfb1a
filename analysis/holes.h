/*
 * holes.h - what one side sent and we have not seen.
 *
 * Below snd_nxt every byte was either seen or lies in a hole: so the holes
 * alone tell new bytes from old ones.  They are sorted and apart.  A list of
 * them has a capacity; when it is full the caller moves it to a larger one,
 * or has the two lowest become one, which takes the seen bytes in between for
 * unseen (counted).  Ranges are [start, end).
 */
#ifndef ANALYSIS_HOLES_H
#define ANALYSIS_HOLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/nstime.h"

struct hole {
	uint64_t start, end;
	nstime opened;		/* when the first byte behind it came */
	uint32_t tsval;		/* of the segment that opened it, if has_ts */
	uint16_t ip_id;		/* its IP-ID, 0 where there is none */
	bool has_ts;
	bool reported;		/* the receiver said that it misses it */
};

struct holes {
	unsigned capacity;
	unsigned first, n;	/* hole[first] .. hole[first + n - 1] */
	unsigned merged;	/* for want of room */
	struct hole hole[];
};

/* Bytes of a list for so many. */
#define HOLES_SIZE(capacity) \
	(sizeof(struct holes) + (capacity) * sizeof(struct hole))

static inline void
holes_init(struct holes *h, unsigned capacity)
{
	*h = (struct holes){ .capacity = capacity };
}

/* Move all holes to an empty list, of a larger capacity. */
void holes_move(struct holes *to, const struct holes *from);

static inline bool
holes_full(const struct holes *h)
{
	return h->n == h->capacity;
}

/* Where the highest hole ends; 0: there is none. */
static inline uint64_t
holes_end(const struct holes *h)
{
	return h->n > 0 ? h->hole[h->first + h->n - 1].end : 0;
}

/* A hole above all others. */
void holes_open(struct holes *h, const struct hole *hole);

/*
 * Bytes [start, end) came.  Returns how many of them lay in holes; *first is
 * the lowest hole that they touched, as it was before.
 */
uint64_t holes_fill(struct holes *h, uint64_t start, uint64_t end,
		    struct hole *first);

/* The lowest hole below una; false: none.  It is taken off the list, or cut
   at una. */
bool holes_take_below(struct holes *h, uint64_t una, struct hole *out);

/* The receiver has bytes from seq on: it misses the holes below. */
void holes_report_below(struct holes *h, uint64_t seq);

/* Bytes in holes below seq. */
uint64_t holes_bytes_below(const struct holes *h, uint64_t seq);

#endif
