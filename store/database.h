/*
 * database.h - an open database, for the files of this folder only.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <sqlite3.h>

#include "store/store.h"

struct writer;

#define DATABASE_BUSY_MS 10000	/* one waits so long for another's commit */

struct store {
	sqlite3 *db;
	char *path;
	bool failed;		/* a write failed: no further ones */
	char error[512];
	struct writer *writer;	/* NULL: opened to be read */
	bool (*stop)(void *ctx);	/* query_may_stop() */
	void *stop_ctx;
};

/* "cannot write 'x.db': database or disk is full"; -1. */
int database_write_failed(struct store *st);

/* Run SQL without results: 0 or -1, noted as a failed write. */
int database_exec(struct store *st, const char *sql);

/* Statements that are kept are prepared with `keep`; NULL: failed. */
sqlite3_stmt *database_prepare(struct store *st, const char *sql, bool keep);

/* The one that comes after it. */
struct database_next {
	sqlite3 *db;
	char *path;
};

/* Create another one at path, with its tables.  -1: the store is as it was. */
int database_prepare_next(struct store *st, const char *path,
			  struct database_next *next);
void database_remove_next(struct database_next *next);

/* Close the store's and go on with the next. */
void database_take_next(struct store *st, struct database_next *next);

/* Bytes of its files. */
uint64_t database_size(const struct store *st);

#endif
