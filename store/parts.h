/*
 * parts.h - rows that come in parts, added up until they are written.
 *
 * Shards say what they saw of a host, a protocol or a second; what all of
 * them said between two commits becomes one upsert.  The table is bounded:
 * when parts_is_full() they are to be written and forgotten (parts_clear),
 * which changes nothing but the number of upserts.
 */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "analysis/columns.h"

struct parts {
	const struct row_layout *layout;
	const struct column *key;
	unsigned char *rows;	/* in the order of their first parts */
	uint32_t *slot;		/* hash table: number of the row + 1; 0: free */
	size_t n;
};

#define PARTS_MAX 65536		/* rows */

bool parts_init(struct parts *parts, const struct row_layout *layout);
void parts_release(struct parts *parts);

void parts_add(struct parts *parts, const void *row);

static inline bool
parts_is_full(const struct parts *parts)
{
	return parts->n >= PARTS_MAX;
}

static inline const void *
parts_row(const struct parts *parts, size_t i)
{
	return parts->rows + i * parts->layout->size;
}

void parts_clear(struct parts *parts);

#endif
