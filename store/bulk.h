/*
 * bulk.h - rows of a file's analysis, by the thousand.
 *
 * Rows that are only added are collected in an image (image.h) and copied
 * from there into the database when that is full, and before each commit:
 * until bulk_flush() they are in none of its tables.
 */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "store/database.h"
#include "store/image.h"

struct bulk_table {
	int image_table;		/* -1: its rows are inserted singly */
	int64_t last_id;
	sqlite3_stmt *copy;
};

struct bulk {
	bool open;
	struct image image;
	struct record record;		/* of the next row */
	struct text schema;		/* as this program makes it */
	struct bulk_table *table;
	int n_tables;
};

/* For rows of tables 0 to n_tables - 1; none is taken yet. */
int bulk_open(struct store *st, struct bulk *bulk, int n_tables);

/* Take the rows of a table; to be said of all before the first row.  That of
   a database which another version made may have its columns in another
   order: it is not taken (bulk_takes), which is no failure. */
int bulk_take(struct store *st, struct bulk *bulk, int table,
	      const char *name, const char *key);

/* The rows that are there are dropped; also of one that is not open. */
void bulk_close(struct store *st, struct bulk *bulk);

static inline bool
bulk_takes(const struct bulk *bulk, int table)
{
	return bulk->open && bulk->table[table].image_table >= 0;
}

/* The row to be put next; its key is there already, as NULL. */
static inline struct record *
bulk_record(struct bulk *bulk)
{
	record_start(&bulk->record);
	record_null(&bulk->record);
	return &bulk->record;
}

/*
 * Put it under this number, or 0: the next one.  BULK_TOO_LONG: it is to be
 * inserted singly; all before it are in the database then.
 */
enum bulk_result { BULK_FAILED = -1, BULK_PUT, BULK_TOO_LONG };

enum bulk_result bulk_put(struct store *st, struct bulk *bulk, int table,
			  int64_t id);

/* Copy all rows that were put into the database. */
int bulk_flush(struct store *st, struct bulk *bulk);

#endif
