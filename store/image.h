/*
 * image.h - a database in memory, made without SQLite, page by page.
 *
 * For many rows at once: SQLite copies them from an image into a table of the
 * same columns as they are ("INSERT INTO t SELECT * FROM image.t"), which is
 * several times as fast as to bind each value of each row.  The format is
 * that of a file: sqlite.org/fileformat2.html.  Nothing depends on how SQLite
 * goes about it.
 *
 * Every table is rows by number (INTEGER PRIMARY KEY, which a record has as
 * NULL), and has its root at the same page in every image.
 */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include "base/text.h"
#include "store/record.h"

#define IMAGE_TABLES 32
#define IMAGE_BYTES (1u << 18)	/* an image with as many should be used */

struct image_row {
	int64_t id;
	uint32_t table;
	uint32_t at, size;		/* of its cell */
};

struct image {
	uint8_t *cells;			/* IMAGE_BYTES, and one more cell */
	size_t n_bytes;
	struct image_row *row;		/* as they were put */
	struct image_row *ordered;
	size_t n_rows, max_rows;
	struct image_table {
		const char *name;
		char *sql;
	} table[IMAGE_TABLES];
	size_t n_tables;
	size_t schema_bytes;		/* what their SQL takes, at most */
	size_t n_of[IMAGE_TABLES];	/* rows */
	uint8_t *pages;			/* what image_pages() gave */
	size_t max_pages;
};

bool image_init(struct image *im);
void image_release(struct image *im);

/* A table, by its CREATE TABLE; its number, or -1: no room, no memory. */
int image_add_table(struct image *im, const char *name, const char *sql);

/* False: no memory.  No two rows of a table have the same number. */
bool image_put(struct image *im, unsigned table, int64_t id,
	       const struct record *r);

static inline bool
image_is_full(const struct image *im)
{
	return im->n_bytes >= IMAGE_BYTES;
}

static inline bool
image_is_empty(const struct image *im)
{
	return im->n_rows == 0;
}

/* The database of the rows so far.  Its bytes are valid until the next image
   is asked for; NULL: no memory. */
uint8_t *image_pages(struct image *im, size_t *size);

/* Empty, for the next rows. */
void image_clear(struct image *im);

#endif
