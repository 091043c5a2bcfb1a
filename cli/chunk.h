/*
 * chunk.h - the rows that one worker made, on their way to the writer.
 *
 * Rows are copied in, texts included, and read back in the order of their
 * keys, those of equal keys as they were put.  A chunk also says how far its
 * worker has come: none of its later rows has a key below `until`.
 */
#ifndef CLI_CHUNK_H
#define CLI_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* The order of rows: see struct row_sink. */
struct row_key {
	uint64_t frame, first_frame;
};

struct chunk_row {
	struct row_key key;
	void *row;		/* packed; in one of the chunk's blocks */
	uint32_t table;		/* enum row_table */
	uint32_t number;	/* as put */
};

struct chunk_block {
	struct chunk_block *next;
	size_t used, size;
	_Alignas(16) unsigned char bytes[];
};

struct chunk {
	struct row_packer packer;
	struct chunk_row *row;
	size_t n_rows, max_rows;
	size_t bytes;		/* of all rows */
	struct chunk_block *block;	/* the one being filled, then full ones */
	bool failed;		/* a row was lost: no memory */
	bool last;		/* the worker is done */
	struct row_key until;
	size_t next;		/* the reader's: rows already read */
};

/* With that many bytes in it a chunk should be handed on. */
#define CHUNK_FULL (256 * 1024)

static inline int
row_key_compare(const struct row_key *a, const struct row_key *b)
{
	if (a->frame != b->frame)
		return a->frame < b->frame ? -1 : 1;
	if (a->first_frame != b->first_frame)
		return a->first_frame < b->first_frame ? -1 : 1;
	return 0;
}

struct chunk *chunk_alloc(void);	/* NULL: no memory */
void chunk_free(struct chunk *c);
void chunk_clear(struct chunk *c);	/* empty, to be filled anew */

void chunk_put(struct chunk *c, enum row_table table, const void *row,
	       struct row_key key);

/* Bring the rows into the order of their keys. */
void chunk_sort(struct chunk *c);

#endif
