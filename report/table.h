/*
 * table.h - the rows of a query, as text, CSV or JSON lines.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdio.h>

#include "report/page.h"
#include "store/query.h"

enum table_format {
	TABLE_TEXT,	/* columns fitted to the page */
	TABLE_CSV,	/* RFC 4180, a line of names first */
	TABLE_JSON,	/* an object a line */
};

/* Write all rows: -1 if the query failed (store_error() has it), or `to`
   cannot be written.  NULL is nothing in text and CSV, null in JSON. */
int table_write(struct query *q, enum table_format format, FILE *to,
		enum report_color color);

/* The value of a column as JSON; and a whole row as an object. */
void json_add_value(struct text *out, const struct query *q, int column);
void json_add_row(struct text *out, const struct query *q);

#endif
