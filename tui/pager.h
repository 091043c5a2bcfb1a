/*
 * pager.h - a window on a list of any length, in any order.
 *
 * A list is a query; what is kept of it is a window of at most PAGER_WINDOW
 * rows, each an id and the value it is sorted by.  The window is moved by
 * keyset: "what comes after this value and this id", never by OFFSET, so that
 * the millionth row costs what the first does.
 *
 * No statement runs for long.  Where the order has an index the rows are
 * walked, the filter is a column that we look at ourselves, and the walk stops
 * at the deadline to go on later.  Where it has none, the ids are taken a
 * slice at a time, and the best rows of each slice are merged into the best so
 * far, which are shown meanwhile.
 */
#ifndef TUI_PAGER_H
#define TUI_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/query.h"
#include "tui/conn_filter.h"

#define PAGER_WINDOW 768
#define PAGER_FETCH  256

struct pager_row {
	int64_t id;
	int64_t key;
	char text[64];		/* the key where it is text */
};

struct pager_spec {
	const char *table;	/* "connection": ids run from its least one */
	const char *from;	/* "conn c" */
	const char *id;		/* "c.conn_id": unique, an integer */
	const char *key;	/* never NULL; the same text as id: by id */
	bool key_is_text;
	bool indexed;		/* the key can be walked */
	bool descending;
	const char *where;	/* "" or an expression */
	const struct conn_filter_value *value;	/* its ?20, ?21, ... */
	size_t n_values;
};

struct pager;

/* NULL where there is no memory. */
struct pager *pager_open(struct store *st);
void pager_close(struct pager *p);

/* Another list, from its top.  What spec points to is copied.  -1, and
   pager_error(), if the SQL is wrong; the list is as it was then. */
int pager_list(struct pager *p, const struct pager_spec *spec);
const char *pager_error(const struct pager *p);

/* Go on for at most that long.  True: there is more to be done. */
bool pager_work(struct pager *p, int64_t max_ns);
bool pager_busy(const struct pager *p);
bool pager_searching(const struct pager *p);	/* more than counting */

size_t pager_n(const struct pager *p);
const struct pager_row *pager_row(const struct pager *p, size_t i);
/* True if the window begins, or ends, with the list. */
bool pager_at_top(const struct pager *p);
bool pager_at_end(const struct pager *p);

/* These rows of the window are looked at: fetch what is near them. */
void pager_look(struct pager *p, size_t first, size_t last);

/* How far the rows have moved in the window since this was asked last. */
long pager_shift(struct pager *p);

void pager_to_top(struct pager *p);
void pager_to_end(struct pager *p);

/* The database has changed: fetch anew from a row that is on the screen on. */
void pager_reload(struct pager *p, size_t first);

/* Rows of the list and of the table, counted so far; true: all counted. */
bool pager_count(const struct pager *p, int64_t *matching, int64_t *all);

/* How much of the job under way is done, in per cent. */
int pager_progress(const struct pager *p);

/* A clock for deadlines only. */
int64_t clock_ns(void);

#endif
