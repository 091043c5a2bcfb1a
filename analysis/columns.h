/*
 * columns.h - what the fields of each row are: one declarative table a row.
 *
 * From it come row_init(), the copies that workers hand to the writer
 * (row_pack()), and in store/ the CREATE TABLE, the INSERT, the binding and
 * the schema reference.  A new column is a field and a line.
 */
#ifndef ANALYSIS_COLUMNS_H
#define ANALYSIS_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/rows.h"

enum column_kind {
	COLUMN_INT,		/* int64_t; ROW_NULL is NULL */
	COLUMN_REAL,		/* double; NAN is NULL */
	COLUMN_WORD,		/* const char *, one of a few constants: ASCII */
	COLUMN_TEXT,		/* const char *, our own words: ASCII */
	COLUMN_ALIEN,		/* const char *, from packets: any bytes */
	COLUMN_ADDR,		/* struct addr; all zero is NULL */
	COLUMN_SIDE,		/* int64_t, enum side: 'client', 'server' */
	COLUMN_CONN,		/* conn_ref: conn_id; CONN_NONE is NULL */
	/* Not columns, but to be copied with the row. */
	COLUMN_HIDDEN,		/* int64_t */
	COLUMN_CHANGES,		/* const struct tcp_state_change *, then how
				   many (int64_t) */
	COLUMN_EVIDENCE,	/* n_evidence and evidence of struct finding_row */
};

/* How the parts of a row that shards put come together: host, rate, ... */
enum column_merge {
	MERGE_NONE,
	MERGE_KEY,
	MERGE_SUM,
	MERGE_MIN,
	MERGE_MAX,
	MERGE_GAUGE,		/* +1 and -1: added up over the seconds, too */
	MERGE_FIRST,		/* the first that is known */
};

/* Where a column of struct endpoint_row is kept: most endpoints are quiet,
   and a column costs time even when there is nothing to say. */
enum column_place {
	PLACE_ROW,
	PLACE_ZERO,		/* only where it is not 0 */
	PLACE_NULL,		/* only where it is known */
};

struct column {
	const char *name;	/* of field and column */
	enum column_kind kind;
	size_t offset;		/* of the field in the row */
	const char *doc;	/* one line, with unit and RFC */
	enum column_merge merge;
	enum column_place place;
};

struct row_layout {
	const char *name;		/* of the table */
	const char *doc;
	size_t size;			/* of the struct */
	const struct column *columns;	/* ends with a NULL name */
};

extern const struct row_layout row_layouts[N_ROW_TABLES];

static inline const void *
column_field(const struct column *c, const void *row)
{
	return (const char *)row + c->offset;
}

/* Set every field that the columns name to unknown, all others to zero. */
void row_layout_init(const struct row_layout *layout, void *row);

#endif
