/*
 * slab.h - objects of one size, in one range of addresses that is never moved.
 *
 * Objects are named by small numbers (0, 1, ...), which are handed out lowest
 * first and again after their release: half the size of a pointer, and good
 * as a handle.  The range for all of them is reserved at once; memory is taken
 * step by step as it is needed, and their number is bounded: a full slab says
 * so, and the caller drops something and counts it.  O(1), no lock: one thread
 * owns it.
 */
#ifndef BASE_SLAB_H
#define BASE_SLAB_H

#include <stddef.h>
#include <stdint.h>

#define SLAB_NONE UINT32_MAX

struct slab {
	unsigned char *base;
	size_t size;		/* of an object, rounded up */
	size_t reserved;	/* bytes of addresses */
	size_t usable;		/* of these, with memory behind them */
	uint32_t max;		/* objects at most */
	uint32_t n_made;	/* numbers that were handed out once */
	uint32_t n_used;	/* objects now in use */
	uint32_t free;		/* the first released object, SLAB_NONE */
};

/* Returns -1: no memory.  max < SLAB_NONE; it becomes less where there are not
   so many addresses. */
int slab_init(struct slab *s, size_t size, uint32_t max);
void slab_release(struct slab *s);

/* A new object, not cleared, or SLAB_NONE: full, or no memory. */
uint32_t slab_alloc(struct slab *s);
void slab_free(struct slab *s, uint32_t number);

/* Bytes held. */
size_t slab_bytes(const struct slab *s);

/* The object of a number that was handed out, in use or not. */
static inline void *
slab_at(const struct slab *s, uint32_t number)
{
	return s->base + number * s->size;
}

#endif
