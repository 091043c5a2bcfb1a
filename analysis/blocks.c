/*
 * blocks.c - pools of blocks: a list of free ones for each kind.
 *
 * A chunk holds CHUNK_BLOCKS blocks behind a header that links the chunks.
 * A free block begins with the pointer to the next free one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/blocks.h"

#define CHUNK_BLOCKS 16

struct chunk {
	struct chunk *next;
	_Alignas(16) unsigned char bytes[];
};

struct free_block {
	struct free_block *next;
};

struct blocks {
	size_t max_bytes, bytes;
	uint64_t refused;
	size_t size[N_BLOCK_KINDS];
	struct free_block *free[N_BLOCK_KINDS];
	struct chunk *chunks;
};

struct blocks *
blocks_open(size_t max_bytes)
{
	struct blocks *b = calloc(1, sizeof(*b));

	if (b)
		b->max_bytes = max_bytes;
	return b;
}

void
blocks_close(struct blocks *b)
{
	struct chunk *next;

	if (!b)
		return;
	for (struct chunk *c = b->chunks; c; c = next) {
		next = c->next;
		free(c);
	}
	free(b);
}

static void
push(struct blocks *b, enum block_kind kind, void *block)
{
	struct free_block *f = block;

	f->next = b->free[kind];
	b->free[kind] = f;
}

/* One more chunk of a kind, if the bound allows it. */
static void
grow(struct blocks *b, enum block_kind kind)
{
	size_t bytes = sizeof(struct chunk) + CHUNK_BLOCKS * b->size[kind];
	struct chunk *c;

	if (b->bytes + bytes > b->max_bytes)
		return;
	c = malloc(bytes);
	if (!c)
		return;
	c->next = b->chunks;
	b->chunks = c;
	b->bytes += bytes;
	for (size_t i = CHUNK_BLOCKS; i-- > 0;)
		push(b, kind, c->bytes + i * b->size[kind]);
}

void *
block_alloc(struct blocks *b, enum block_kind kind, size_t size)
{
	struct free_block *f;

	size = (size + 15) / 16 * 16;
	if (b->size[kind] == 0)
		b->size[kind] = size;
	assert(b->size[kind] == size);
	if (!b->free[kind])
		grow(b, kind);
	f = b->free[kind];
	if (!f) {
		b->refused++;
		return NULL;
	}
	b->free[kind] = f->next;
	return memset(f, 0, size);
}

void
block_free(struct blocks *b, enum block_kind kind, void *block)
{
	if (block)
		push(b, kind, block);
}

uint64_t
blocks_refused(const struct blocks *b)
{
	return b->refused;
}

size_t
blocks_bytes(const struct blocks *b)
{
	return b->bytes;
}
