/*
 * column.h - the columns of the table of connections.
 *
 * One line a column: its heading, what it is in SQL, how it is shown, and how
 * important it is where there is no room for all.  The layout is pure.
 */
#ifndef TUI_COLUMN_H
#define TUI_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "store/query.h"
#include "tui/canvas.h"

enum list_column_id {
	COL_ID,
	COL_START,
	COL_LASTED,
	COL_CLIENT,
	COL_SERVER,
	COL_SERVICE,
	COL_SENT,
	COL_RECEIVED,
	COL_PACKETS,
	COL_RTX,
	COL_ROUND_TRIP,
	COL_CLIENT_STATE,
	COL_SERVER_STATE,
	COL_OUTCOME,
	COL_CC,
	COL_FINDING,
	N_COLS
};

struct list_column {
	const char *head;
	const char *help;
	int width;		/* the least, without the space after it */
	int priority;		/* 0 is kept longest */
	bool right;
	const char *show;	/* SQL over conn c */
	const char *sort;	/* SQL: an integer or text, never NULL */
	bool sort_text;
	bool indexed;
	bool largest_first;
	void (*format)(char *buf, size_t size, const struct query *q, int i);
};

extern const struct list_column list_columns[N_COLS];

struct column_layout {
	int n;
	enum list_column_id id[N_COLS];
	int x[N_COLS], width[N_COLS];
	int cols;		/* what they take together */
};

/* Which columns go into cols, and how wide they are. */
void columns_fit(struct column_layout *l, int cols);

#define COLUMN_TEXT_SIZE 160

/* The query for one row, ?1 is its conn_id.  Its first column is conn_id,
   then come the columns in their order. */
void columns_sql(char *sql, size_t size);

void columns_head(const struct column_layout *l, struct canvas *c, int y,
		  enum list_column_id sorted, bool descending);

#endif
