/*
 * conn_filter.h - the little language for choosing connections, made SQL.
 *
 *	port 443 and retrans > 1% and state = TIME-WAIT
 *	host 10.0.0.* and not (service http or duration < 20ms)
 *	refused
 *	sql server_bytes > 10 * client_bytes
 *
 * Pure.  What comes out is an expression over the view `conn`, called c, with
 * every value as a parameter.  After `sql` the rest of the line is such an
 * expression itself, taken as it is: the database is open for reading only,
 * and a mistake in it is found by preparing it.
 */
#ifndef TUI_CONN_FILTER_H
#define TUI_CONN_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILTER_VALUES	24
#define FILTER_SQL	4096
#define FILTER_FIRST_PARAMETER 20	/* ?1 to ?19 are the pager's */

struct conn_filter_value {
	bool is_text;
	int64_t number;
	char text[128];
};

struct conn_filter {
	char sql[FILTER_SQL];		/* "" matches all */
	size_t n_values;		/* for ?20, ?21, ... */
	struct conn_filter_value value[FILTER_VALUES];
	char error[160];		/* in words; "" if it is valid */
	size_t error_at;		/* where in the text, in bytes */
};

/* False, and f->error, if the text is not a filter. */
bool conn_filter_compile(struct conn_filter *f, const char *text);

/* The i-th word of the language, for help.  False after the last. */
struct conn_filter_word {
	const char *name, *help;
};
bool conn_filter_word(size_t i, struct conn_filter_word *word);

#endif
