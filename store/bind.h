/*
 * bind.h - the fields of a row as parameters of a statement.
 */
#ifndef STORE_BIND_H
#define STORE_BIND_H

#include <sqlite3.h>

#include "analysis/columns.h"
#include "base/text.h"

#define BIND_TEXTS 4		/* addresses, texts to be mended: in one row */

/* A statement whose parameters are being bound, in their order. */
struct binder {
	sqlite3_stmt *stmt;
	int next;		/* parameter, from 1 */
	int n_addrs;
	char addr[BIND_TEXTS][ADDR_TEXT_SIZE];
};

static inline void
binder_start(struct binder *b, sqlite3_stmt *stmt)
{
	b->stmt = stmt;
	b->next = 1;
	b->n_addrs = 0;
}

/* Parameters that were not bound since the last row are NULL only if the
   statement's bindings are cleared: each row binds all. */
static inline void
bind_null(struct binder *b)
{
	sqlite3_bind_null(b->stmt, b->next++);
}

static inline void
bind_int(struct binder *b, int64_t value)
{
	if (value == ROW_NULL)
		bind_null(b);
	else
		sqlite3_bind_int64(b->stmt, b->next++, value);
}

/* Text that lives until the statement was run. */
void bind_text(struct binder *b, const char *text);

/* A column of any kind but COLUMN_CONN. */
void bind_column(struct binder *b, const struct column *c, const void *row);

#endif
