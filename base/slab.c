/*
 * slab.c - see slab.h.  A released object's first bytes hold the number of
 * the next released one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/slab.h"

#define CACHE_LINE 64

/* Memory is taken in such steps, but for the first. */
#define STEP ((size_t)1 << 20)
#define FIRST_STEP ((size_t)256 << 10)

static size_t
round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* Addresses alone, that begin with a step.  NULL: not so many. */
static unsigned char *
reserve(size_t bytes)
{
	unsigned char *all = mmap(NULL, bytes + STEP, PROT_NONE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
				  -1, 0);
	size_t before;

	if (all == MAP_FAILED)
		return NULL;
	before = round_up((uintptr_t)all, STEP) - (uintptr_t)all;
	if (before > 0)
		munmap(all, before);
	if (before < STEP)
		munmap(all + before + bytes, STEP - before);
	return all + before;
}

int
slab_init(struct slab *s, size_t size, uint32_t max)
{
	assert(max < SLAB_NONE);
	memset(s, 0, sizeof(*s));
	s->size = round_up(size, CACHE_LINE);
	s->free = SLAB_NONE;
	for (s->max = max; s->max > 0; s->max /= 2) {
		if (s->max > SIZE_MAX / 2 / s->size)
			continue;
		s->reserved = round_up(s->max * s->size, STEP);
		s->base = reserve(s->reserved);
		if (s->base)
			return 0;
	}
	return -1;
}

void
slab_release(struct slab *s)
{
	if (s->base)
		munmap(s->base, s->reserved);
	memset(s, 0, sizeof(*s));
}

/* Up to a whole step more. */
static int
grow(struct slab *s)
{
	size_t step = s->usable == 0 ? round_up(s->size, FIRST_STEP)
				     : STEP - s->usable % STEP;

	if (step > s->reserved - s->usable ||
	    mprotect(s->base + s->usable, step, PROT_READ | PROT_WRITE) < 0)
		return -1;
	s->usable += step;
	return 0;
}

uint32_t
slab_alloc(struct slab *s)
{
	uint32_t number = s->free;

	if (number != SLAB_NONE) {
		memcpy(&s->free, slab_at(s, number), sizeof(s->free));
	} else {
		if (s->n_made == s->max)
			return SLAB_NONE;
		while ((s->n_made + 1) * s->size > s->usable)
			if (grow(s) < 0)
				return SLAB_NONE;
		number = s->n_made++;
	}
	s->n_used++;
	return number;
}

void
slab_free(struct slab *s, uint32_t number)
{
	assert(number < s->n_made && s->n_used > 0);
	memcpy(slab_at(s, number), &s->free, sizeof(s->free));
	s->free = number;
	s->n_used--;
}

size_t
slab_bytes(const struct slab *s)
{
	return s->usable;
}
