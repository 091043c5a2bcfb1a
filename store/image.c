/*
 * image.c - the pages of a database.
 *
 * Page 1 has the header and the tables' SQL, the next ones are the tables'
 * roots: each is a leaf if all rows fit into one, else it has the leaves
 * below it, in the order of their last rows' numbers.  Two levels are enough:
 * a root has room for thousands of leaves, an image is a few dozen.
 */
#include <assert.h>
#include <stdlib.h>

#include "store/image.h"

#define PAGE_SIZE 32768u
#define FILE_HEADER 100
#define LEAF_HEADER 8
#define ROOT_HEADER 12
#define LEAF_TABLE 0x0d
#define INTERIOR_TABLE 0x05

/* A row of sqlite_schema is one cell, and all are on the first page: beside
   its texts it takes so much at most. */
#define SCHEMA_ROW 40
#define SCHEMA_MAX (RECORD_MAX - SCHEMA_ROW)

/* Greater cells would have to go on in an overflow page (s1.6). */
#define CELL_MAX (PAGE_SIZE - 35)

static_assert(RECORD_MAX + 11 * RECORD_VALUES + 3 * VARINT_SIZE < CELL_MAX,
	      "the longest record is one cell");

static void
put16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void
put32(uint8_t *p, size_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value);
}

bool
image_init(struct image *im)
{
	*im = (struct image){ 0 };
	im->cells = malloc(IMAGE_BYTES + CELL_MAX);
	return im->cells;
}

void
image_release(struct image *im)
{
	for (size_t i = 0; i < im->n_tables; i++)
		free(im->table[i].sql);
	free(im->cells);
	free(im->row);
	free(im->ordered);
	free(im->pages);
	*im = (struct image){ 0 };
}

int
image_add_table(struct image *im, const char *name, const char *sql)
{
	size_t bytes = strlen(sql) + 2 * strlen(name) + SCHEMA_ROW;
	char *copy;

	if (im->n_tables == IMAGE_TABLES ||
	    im->schema_bytes + bytes > SCHEMA_MAX)
		return -1;
	copy = strdup(sql);
	if (!copy)
		return -1;
	im->schema_bytes += bytes;
	im->table[im->n_tables] = (struct image_table){ name, copy };
	return (int)im->n_tables++;
}

static bool
grow_rows(struct image *im)
{
	size_t max = im->max_rows ? 2 * im->max_rows : 1024;
	struct image_row *row = realloc(im->row, max * sizeof(*row));
	struct image_row *ordered;

	if (!row)
		return false;
	im->row = row;
	ordered = realloc(im->ordered, max * sizeof(*row));
	if (!ordered)
		return false;
	im->ordered = ordered;
	im->max_rows = max;
	return true;
}

/* A leaf's cell (s1.6): the record's size, the row's number, the record. */
static size_t
put_cell(uint8_t *to, int64_t id, const struct record *r)
{
	size_t size = record_size(r);
	uint8_t *p = to + varint_put(to, size);

	p += varint_put(p, (uint64_t)id);
	record_copy(r, p);
	return (size_t)(p - to) + size;
}

bool
image_put(struct image *im, unsigned table, int64_t id, const struct record *r)
{
	struct image_row *row;

	assert(table < im->n_tables && id > 0 && !r->too_long);
	assert(!image_is_full(im));
	if (im->n_rows == im->max_rows && !grow_rows(im))
		return false;
	row = &im->row[im->n_rows++];
	row->id = id;
	row->table = table;
	row->at = (uint32_t)im->n_bytes;
	row->size = (uint32_t)put_cell(im->cells + im->n_bytes, id, r);
	im->n_bytes += row->size;
	im->n_of[table]++;
	return true;
}

void
image_clear(struct image *im)
{
	im->n_bytes = im->n_rows = 0;
	memset(im->n_of, 0, sizeof(im->n_of));
}

/* --- pages ----------------------------------------------------------------- */

static int
compare_rows(const void *a, const void *b)
{
	const struct image_row *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* The rows of a table stand together; most are in order already. */
static void
sort_rows(struct image_row *row, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (row[i - 1].id > row[i].id) {
			qsort(row, n, sizeof(*row), compare_rows);
			return;
		}
}

/* Table by table, each in the order of numbers. */
static void
order_rows(struct image *im)
{
	size_t next[IMAGE_TABLES], at = 0;

	for (size_t i = 0; i < im->n_tables; at += im->n_of[i++])
		next[i] = at;
	for (size_t i = 0; i < im->n_rows; i++)
		im->ordered[next[im->row[i].table]++] = im->row[i];
	at = 0;
	for (size_t i = 0; i < im->n_tables; at += im->n_of[i++])
		sort_rows(im->ordered + at, im->n_of[i]);
}

/* A page that is being filled: cells from its end, their places from its
   beginning (s1.6). */
struct page {
	uint8_t *bytes;
	size_t header;		/* where the page's own header is */
	size_t n, low, high;	/* cells; the room that is left */
};

static struct page
page_start(uint8_t *bytes, size_t header, uint8_t kind)
{
	size_t size = kind == LEAF_TABLE ? LEAF_HEADER : ROOT_HEADER;

	memset(bytes + header, 0, size);
	bytes[header] = kind;
	return (struct page){ bytes, header, 0, header + size, PAGE_SIZE };
}

static bool
page_has_room(const struct page *p, size_t size)
{
	return p->high - p->low >= size + 2;
}

static void
page_put(struct page *p, const uint8_t *cell, size_t size)
{
	p->high -= size;
	memcpy(p->bytes + p->high, cell, size);
	put16(p->bytes + p->low, p->high);
	p->low += 2;
	p->n++;
}

static void
page_end(struct page *p)
{
	put16(p->bytes + p->header + 3, p->n);
	put16(p->bytes + p->header + 5, p->high);
}

static uint8_t *
page_bytes(struct image *im, size_t number)
{
	return im->pages + (number - 1) * PAGE_SIZE;
}

/* Enough for the worst case: half of each leaf is empty. */
static bool
reserve_pages(struct image *im)
{
	size_t n = 1 + 2 * im->n_tables +
		   2 * (im->n_bytes + 2 * im->n_rows) /
			   (PAGE_SIZE - LEAF_HEADER) + 1;
	uint8_t *pages;

	if (n <= im->max_pages)
		return true;
	pages = realloc(im->pages, n * PAGE_SIZE);
	if (!pages)
		return false;
	im->pages = pages;
	im->max_pages = n;
	return true;
}

/* The row of a table in sqlite_schema (s2.6). */
static void
put_schema_row(struct image *im, struct page *p, size_t table)
{
	static struct record r;
	uint8_t cell[CELL_MAX];
	const struct image_table *t = &im->table[table];
	size_t size;

	record_start(&r);
	record_text(&r, "table", 5);
	record_text(&r, t->name, strlen(t->name));
	record_text(&r, t->name, strlen(t->name));
	record_int(&r, (int64_t)table + 2);
	record_text(&r, t->sql, strlen(t->sql));
	assert(!r.too_long);
	size = put_cell(cell, (int64_t)table + 1, &r);
	assert(page_has_room(p, size));
	page_put(p, cell, size);
}

/* s1.3 */
static void
put_file_header(uint8_t *h, size_t n_pages)
{
	memset(h, 0, FILE_HEADER);
	memcpy(h, "SQLite format 3", 16);
	put16(h + 16, PAGE_SIZE);
	h[18] = h[19] = 1;		/* a rollback journal, if any */
	h[21] = 64;
	h[22] = h[23] = 32;
	put32(h + 24, 1);		/* changes */
	put32(h + 28, n_pages);
	put32(h + 40, 1);		/* schema cookie */
	put32(h + 44, 4);		/* schema format */
	put32(h + 56, 1);		/* UTF-8 */
	put32(h + 92, 1);		/* n_pages is of that change */
	put32(h + 96, 3037000);		/* the first with STRICT tables */
}

static void
put_first_page(struct image *im, size_t n_pages)
{
	struct page p = page_start(im->pages, FILE_HEADER, LEAF_TABLE);

	put_file_header(im->pages, n_pages);
	for (size_t i = 0; i < im->n_tables; i++)
		put_schema_row(im, &p, i);
	page_end(&p);
}

/* Rows into one page, as many as fit; how many. */
static size_t
put_leaf(struct image *im, size_t number, const struct image_row *row,
	 size_t n)
{
	struct page p = page_start(page_bytes(im, number), 0, LEAF_TABLE);
	size_t i = 0;

	for (; i < n && page_has_room(&p, row[i].size); i++)
		page_put(&p, im->cells + row[i].at, row[i].size);
	page_end(&p);
	return i;
}

/* A table whose rows fill several leaves, which begin at page `next`; the
   page behind them. */
static size_t
put_leaves(struct image *im, size_t root, size_t next,
	   const struct image_row *row, size_t n)
{
	struct page p = page_start(page_bytes(im, root), 0, INTERIOR_TABLE);
	uint8_t cell[4 + VARINT_SIZE];

	for (;;) {
		size_t done = put_leaf(im, next, row, n);

		if (done == n)
			break;
		put32(cell, next++);
		page_put(&p, cell, 4 + varint_put(cell + 4, (uint64_t)
						  row[done - 1].id));
		row += done;
		n -= done;
	}
	page_end(&p);
	put32(p.bytes + LEAF_HEADER, next);	/* the last leaf */
	return next + 1;
}

uint8_t *
image_pages(struct image *im, size_t *size)
{
	size_t next = 2 + im->n_tables;
	const struct image_row *row = im->ordered;

	if (!reserve_pages(im))
		return NULL;
	order_rows(im);
	for (size_t i = 0; i < im->n_tables; row += im->n_of[i++])
		if (put_leaf(im, 2 + i, row, im->n_of[i]) < im->n_of[i])
			next = put_leaves(im, 2 + i, next, row, im->n_of[i]);
	put_first_page(im, next - 1);
	*size = (next - 1) * PAGE_SIZE;
	return im->pages;
}
