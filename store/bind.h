/*
 * bind.h - the fields of a row as parameters of a statement, or as the values
 * of a record.
 */
#ifndef STORE_BIND_H
#define STORE_BIND_H

#include <sqlite3.h>

#include "analysis/columns.h"
#include "base/text.h"
#include "store/record.h"

#define BIND_TEXTS 4		/* addresses, texts to be mended: in one row */

#define BIND_NULLS 256

/*
 * A statement whose parameters are being bound, in their order.  SQLite keeps
 * what was bound for the row before: where that and the new value are NULL,
 * nothing is to be done, which is so for a third of a connection's columns.
 */
struct binder {
	struct record *record;	/* or NULL */
	sqlite3_stmt *stmt;
	bool *is_null;		/* of each parameter; NULL: not remembered */
	int next;		/* parameter, from 1 */
	int n_addrs;
	char addr[BIND_TEXTS][ADDR_TEXT_SIZE];
};

static inline void
binder_start(struct binder *b, sqlite3_stmt *stmt, bool *is_null)
{
	b->record = NULL;
	b->stmt = stmt;
	b->is_null = is_null;
	b->next = 1;
	b->n_addrs = 0;
}

static inline void
binder_start_record(struct binder *b, struct record *record)
{
	b->record = record;
	b->n_addrs = 0;
}

/* The parameter that is to get a value. */
static inline int
binder_value(struct binder *b)
{
	if (b->is_null)
		b->is_null[b->next] = false;
	return b->next++;
}

static inline void
bind_null(struct binder *b)
{
	if (b->record) {
		record_null(b->record);
		return;
	}
	if (!b->is_null || !b->is_null[b->next])
		sqlite3_bind_null(b->stmt, b->next);
	if (b->is_null)
		b->is_null[b->next] = true;
	b->next++;
}

static inline void
bind_int(struct binder *b, int64_t value)
{
	if (value == ROW_NULL)
		bind_null(b);
	else if (b->record)
		record_int(b->record, value);
	else
		sqlite3_bind_int64(b->stmt, binder_value(b), value);
}

/*
 * Columns that are bound one after another, sorted out beforehand: runs of
 * numbers (COLUMN_INT), which is what most are, and behind each run one
 * column of another kind.
 */
#define COLUMN_LIST 128

struct column_list {
	size_t n_runs, n_ints;
	struct column_run {
		size_t n_ints;
		const struct column *other;	/* NULL: the last run */
	} run[COLUMN_LIST];
	uint16_t offset[COLUMN_LIST];	/* of all numbers, in their order */
};

/* Begins as zeros; any kind but COLUMN_CONN. */
void column_list_add(struct column_list *list, const struct column *c);

void bind_columns(struct binder *b, const struct column_list *list,
		  const void *row);
void bind_nulls(struct binder *b, const struct column_list *list);

/* Text that lives until the statement was run. */
void bind_bytes(struct binder *b, const char *text, size_t n);
void bind_text(struct binder *b, const char *text);

/* A column of any kind but COLUMN_CONN and COLUMN_INT. */
void bind_other_column(struct binder *b, const struct column *c,
		       const void *row);

#endif
