/*
 * chunk.c - packed rows in blocks that are never moved, and an index of them.
 *
 * A cleared chunk keeps its first block and its index, so that in the long
 * run nothing is allocated.
 */
#include <stdlib.h>

#include "cli/chunk.h"

#define BLOCK_SIZE (64 * 1024)
#define ALIGN 16	/* divides BLOCK_SIZE */

struct chunk *
chunk_alloc(void)
{
	struct chunk *c = calloc(1, sizeof(*c));

	if (c)
		row_packer_init(&c->packer);
	return c;
}

static void
free_blocks(struct chunk_block *b)
{
	while (b) {
		struct chunk_block *next = b->next;

		free(b);
		b = next;
	}
}

void
chunk_free(struct chunk *c)
{
	if (!c)
		return;
	free_blocks(c->block);
	free(c->row);
	free(c);
}

void
chunk_clear(struct chunk *c)
{
	if (c->block) {
		free_blocks(c->block->next);
		c->block->next = NULL;
		c->block->used = 0;
	}
	c->n_rows = 0;
	c->next = 0;
	c->bytes = 0;
	c->last = false;
}

static bool
grow_index(struct chunk *c)
{
	size_t max = c->max_rows ? c->max_rows * 2 : 256;
	struct chunk_row *row = realloc(c->row, max * sizeof(*row));

	if (!row)
		return false;
	c->row = row;
	c->max_rows = max;
	return true;
}

static size_t
aligned(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* A block with room for n bytes at least. */
static struct chunk_block *
add_block(struct chunk *c, size_t n)
{
	size_t size = n > BLOCK_SIZE ? aligned(n) : BLOCK_SIZE;
	struct chunk_block *b = malloc(sizeof(*b) + size);

	if (!b)
		return NULL;
	b->next = c->block;
	b->used = 0;
	b->size = size;
	c->block = b;
	return b;
}

/* NULL: no memory. */
static void *
copy_row(struct chunk *c, enum row_table table, const void *row)
{
	struct chunk_block *b = c->block;
	size_t room = b ? b->size - b->used : 0;
	size_t n = row_pack(&c->packer, table, row,
			    b ? b->bytes + b->used : NULL, room);

	if (n > room) {
		b = add_block(c, n);
		if (!b)
			return NULL;
		row_pack(&c->packer, table, row, b->bytes, b->size);
	}
	n = aligned(n);
	c->bytes += n;
	b->used += n;
	return b->bytes + b->used - n;
}

void
chunk_put(struct chunk *c, enum row_table table, const void *row,
	  struct row_key key)
{
	void *copy;

	if (c->n_rows == c->max_rows && !grow_index(c)) {
		c->failed = true;
		return;
	}
	copy = copy_row(c, table, row);
	if (!copy) {
		c->failed = true;
		return;
	}
	c->row[c->n_rows] = (struct chunk_row){
		key, copy, table, (uint32_t)c->n_rows
	};
	c->n_rows++;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct chunk_row *x = a, *y = b;
	int order = row_key_compare(&x->key, &y->key);

	if (order == 0)
		order = x->number < y->number ? -1 : x->number > y->number;
	return order;
}

void
chunk_sort(struct chunk *c)
{
	for (size_t i = 1; i < c->n_rows; i++)
		if (row_key_compare(&c->row[i - 1].key, &c->row[i].key) > 0) {
			qsort(c->row, c->n_rows, sizeof(*c->row),
			      compare_rows);
			return;
		}
}
