/*
 * slab.c - see slab.h.  A released object's first bytes hold the number of
 * the next released one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/slab.h"

#define CACHE_LINE  64

/*
 * Blocks come from the kernel, page by page as they are touched: among other
 * allocations they would leave holes that nothing else fits in.
 */
#define BLOCK_BYTES ((size_t)512 << 10)

static uint32_t
blocks_at_most(const struct slab *s)
{
	return (s->max >> s->shift) + 1;
}

int
slab_init(struct slab *s, size_t size, uint32_t max)
{
	assert(max < SLAB_NONE);
	memset(s, 0, sizeof(*s));
	s->size = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	while ((s->size << (s->shift + 1)) <= BLOCK_BYTES)
		s->shift++;
	s->max = max;
	s->free = SLAB_NONE;
	s->block = calloc(blocks_at_most(s), sizeof(*s->block));
	return s->block ? 0 : -1;
}

void
slab_release(struct slab *s)
{
	for (uint32_t i = 0; i < s->n_blocks; i++)
		munmap(s->block[i], s->size << s->shift);
	free(s->block);
	memset(s, 0, sizeof(*s));
}

static int
add_block(struct slab *s)
{
	void *block = mmap(NULL, s->size << s->shift, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (block == MAP_FAILED)
		return -1;
	s->block[s->n_blocks++] = block;
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
		if (s->n_made == s->n_blocks << s->shift && add_block(s) < 0)
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
	return s->n_blocks * (s->size << s->shift) +
	       blocks_at_most(s) * sizeof(*s->block);
}
