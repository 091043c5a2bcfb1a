/*
 * bulk.c - an attached database, whose content is the image of the moment.
 *
 * sqlite3_deserialize() puts the image in its place.  Its schema is the same
 * each time, so that the statements that copy stay prepared.
 */
#include <stdlib.h>
#include <string.h>

#include "store/bulk.h"
#include "store/schema.h"

static int
no_memory(struct store *st)
{
	st->failed = true;
	return store_fail(st, "cannot write '%s': out of memory", st->path);
}

int
bulk_open(struct store *st, struct bulk *bulk, int n_tables)
{
	*bulk = (struct bulk){ .n_tables = n_tables };
	bulk->table = calloc((size_t)n_tables, sizeof(*bulk->table));
	text_init(&bulk->schema);
	schema_create(&bulk->schema);
	if (!bulk->table || bulk->schema.failed || !image_init(&bulk->image)) {
		bulk_close(st, bulk);
		return no_memory(st);
	}
	for (int i = 0; i < n_tables; i++)
		bulk->table[i].image_table = -1;
	bulk->open = true;
	return database_exec(st, "ATTACH ':memory:' AS bulk");
}

void
bulk_close(struct store *st, struct bulk *bulk)
{
	for (int i = 0; bulk->table && i < bulk->n_tables; i++)
		sqlite3_finalize(bulk->table[i].copy);
	if (bulk->open)
		sqlite3_exec(st->db, "DETACH bulk", NULL, NULL, NULL);
	image_release(&bulk->image);
	text_release(&bulk->schema);
	free(bulk->table);
	*bulk = (struct bulk){ 0 };
}

/* By the CREATE TABLE that is in the database, if it is ours. */
static int
add_table(struct store *st, struct bulk *bulk, int table, const char *name)
{
	sqlite3_stmt *stmt = database_prepare(st,
		"SELECT sql FROM main.sqlite_schema WHERE name = ?", false);
	const char *sql;

	if (stmt)
		sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	if (!stmt || sqlite3_step(stmt) != SQLITE_ROW) {
		sqlite3_finalize(stmt);
		return database_write_failed(st);
	}
	sql = (const char *)sqlite3_column_text(stmt, 0);
	if (sql && strstr(bulk->schema.s, sql))
		bulk->table[table].image_table =
			image_add_table(&bulk->image, name, sql);
	sqlite3_finalize(stmt);
	return 0;
}

static int
find_last_id(struct store *st, struct bulk_table *t, const char *name,
	     const char *key)
{
	sqlite3_stmt *stmt;
	struct text sql;

	text_init(&sql);
	text_printf(&sql, "SELECT max(%s) FROM main.%s", key, name);
	stmt = database_prepare(st, sql.s, false);
	text_release(&sql);
	if (!stmt || sqlite3_step(stmt) != SQLITE_ROW) {
		sqlite3_finalize(stmt);
		return database_write_failed(st);
	}
	t->last_id = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return 0;
}

int
bulk_take(struct store *st, struct bulk *bulk, int table, const char *name,
	  const char *key)
{
	return add_table(st, bulk, table, name) < 0 ? -1 :
		find_last_id(st, &bulk->table[table], name, key);
}

enum bulk_result
bulk_put(struct store *st, struct bulk *bulk, int table, int64_t id)
{
	struct bulk_table *t = &bulk->table[table];

	if (id == 0)
		id = ++t->last_id;
	if (bulk->record.too_long)
		return bulk_flush(st, bulk) < 0 ? BULK_FAILED : BULK_TOO_LONG;
	if (!image_put(&bulk->image, (unsigned)t->image_table, id,
		       &bulk->record))
		return no_memory(st);
	return image_is_full(&bulk->image) && bulk_flush(st, bulk) < 0 ?
		BULK_FAILED : BULK_PUT;
}

static int
copy_rows(struct store *st, struct bulk_table *t, const char *name)
{
	struct text sql;
	int rc;

	if (!t->copy) {
		text_init(&sql);
		text_printf(&sql, "INSERT INTO main.%s SELECT * FROM bulk.%s",
			    name, name);
		t->copy = database_prepare(st, sql.s, true);
		text_release(&sql);
	}
	if (!t->copy)
		return database_write_failed(st);
	rc = sqlite3_step(t->copy) == SQLITE_DONE ? 0 :
						    database_write_failed(st);
	sqlite3_reset(t->copy);
	return rc;
}

/* What the attached database is from now on; SQLite does not own it.  An
   image may be made anew only where it is not attached: hence none at all
   in between. */
static int
attach(struct store *st, uint8_t *pages, size_t size)
{
	if (sqlite3_deserialize(st->db, "bulk", pages, (sqlite3_int64)size,
				(sqlite3_int64)size,
				SQLITE_DESERIALIZE_READONLY) == SQLITE_OK)
		return 0;
	return database_write_failed(st);
}

int
bulk_flush(struct store *st, struct bulk *bulk)
{
	struct image *im = &bulk->image;
	uint8_t *pages;
	size_t size;
	int rc = 0;

	if (!bulk->open || image_is_empty(im))
		return 0;
	pages = image_pages(im, &size);
	if (!pages)
		return no_memory(st);
	if (attach(st, pages, size) < 0)
		return -1;
	for (int i = 0; i < bulk->n_tables && rc == 0; i++) {
		int number = bulk->table[i].image_table;

		if (number >= 0 && im->n_of[number] > 0)
			rc = copy_rows(st, &bulk->table[i],
				       im->table[number].name);
	}
	image_clear(im);
	return rc < 0 ? -1 : attach(st, NULL, 0);
}
