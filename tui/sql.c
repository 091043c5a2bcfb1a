/*
 * sql.c - a prompt for SQL, and the table that comes out.
 *
 * The database is open for reading only.  A result is cut after MAX_ROWS
 * rows, which is said.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app.h"
#include "tui/pager.h"
#include "tui/prompt.h"
#include "tui/show.h"

#define MAX_ROWS  1000
#define MAX_COLS  64
#define CELL_SIZE 96

struct sql_panel {
	struct prompt prompt;
	bool editing;
	int n_cols;
	char name[MAX_COLS][CELL_SIZE];
	int width[MAX_COLS];
	bool right[MAX_COLS];	/* numbers */
	char *cell;		/* n_rows x n_cols texts of CELL_SIZE */
	size_t n_rows;
	bool cut;
	int first_col;		/* the leftmost that is shown */
	struct list list;
	char error[256];
	double seconds;
	enum { SQL_IDLE, SQL_ASKED, SQL_TOLD } pending;
	struct canvas body;
};

static char *
cell_at(const struct sql_panel *s, size_t row, int col)
{
	return s->cell + (row * (size_t)s->n_cols + (size_t)col) * CELL_SIZE;
}

static void
forget(struct sql_panel *s)
{
	free(s->cell);
	s->cell = NULL;
	s->n_rows = 0;
	s->n_cols = 0;
	s->cut = false;
	s->first_col = 0;
	s->list = (struct list){ 0 };
	s->error[0] = '\0';
}

static void
read_head(struct sql_panel *s, const struct query *q)
{
	s->n_cols = query_columns(q);
	if (s->n_cols > MAX_COLS)
		s->n_cols = MAX_COLS;
	for (int i = 0; i < s->n_cols; i++) {
		show_copy(s->name[i], CELL_SIZE, query_name(q, i));
		s->width[i] = canvas_columns(s->name[i]);
		s->right[i] = true;
	}
}

static void
read_cell(struct sql_panel *s, const struct query *q, size_t row, int col)
{
	char *to = cell_at(s, row, col);
	enum query_type type = query_type(q, col);
	int w;

	show_copy(to, CELL_SIZE, type == QUERY_NULL ? "NULL"
						    : query_text(q, col));
	if (type == QUERY_TEXT || type == QUERY_BLOB)
		s->right[col] = false;
	w = canvas_columns(to);
	if (w > s->width[col])
		s->width[col] = w;
}

static void
read_rows(struct sql_panel *s, struct query *q)
{
	s->cell = calloc((size_t)MAX_ROWS * (size_t)s->n_cols + 1, CELL_SIZE);
	while (s->cell && query_step(q)) {
		if (s->n_rows == MAX_ROWS) {
			s->cut = true;
			break;
		}
		for (int i = 0; i < s->n_cols; i++)
			read_cell(s, q, s->n_rows, i);
		s->n_rows++;
	}
}

/* The text of a named query, or the text itself. */
static const char *
sql_of(const char *text)
{
	for (const struct named_query *n = named_queries; n->name; n++)
		if (strcmp(n->name, text) == 0)
			return n->sql;
	return text;
}

/* A key stops a query that takes long. */
static bool
stop_query(void *ctx)
{
	const struct tui *t = ctx;

	return t->key_waits();
}

static void
run(struct tui *t, struct sql_panel *s)
{
	int64_t began = clock_ns();
	struct query *q;

	forget(s);
	if (s->prompt.len == 0)
		return;
	q = query_open(t->st, sql_of(s->prompt.text));
	if (!q) {
		show_copy(s->error, sizeof(s->error), store_error(t->st));
		return;
	}
	read_head(s, q);
	query_may_stop(t->st, t->key_waits ? stop_query : NULL, t);
	read_rows(s, q);
	query_may_stop(t->st, NULL, NULL);
	if (query_close(q) < 0)
		show_copy(s->error, sizeof(s->error), store_error(t->st));
	s->seconds = (double)(clock_ns() - began) / 1e9;
}

static int
sql_open(struct tui *t, void *state)
{
	struct sql_panel *s = state;

	(void)t;
	s->editing = true;
	return 0;
}

static void
sql_close(void *state)
{
	forget(state);
}

/* --- drawing ----------------------------------------------------------- */

static void
draw_head(struct sql_panel *s, struct canvas *c)
{
	int x = 0;

	canvas_fill(c, 0, 0, c->cols, ' ', STYLE_HEAD);
	for (int i = s->first_col; i < s->n_cols && x < c->cols; i++) {
		int w = canvas_columns(s->name[i]);

		canvas_text(c, x + (s->right[i] ? s->width[i] - w : 0), 0,
			    STYLE_HEAD, s->name[i]);
		x += s->width[i] + 2;
	}
}

static void
draw_row(struct sql_panel *s, struct canvas *c, int y, size_t row)
{
	int x = 0;

	for (int i = s->first_col; i < s->n_cols && x < c->cols; i++) {
		const char *text = cell_at(s, row, i);
		int w = canvas_columns(text);

		canvas_text(c, x + (s->right[i] ? s->width[i] - w : 0), y,
			    STYLE_TEXT, text);
		x += s->width[i] + 2;
	}
}

static void
draw_named(struct canvas *c)
{
	int y = 0;

	canvas_text(c, 1, y++, STYLE_STRONG,
		    "A query, or the name of one:");
	for (const struct named_query *n = named_queries; n->name; n++, y++) {
		canvas_text(c, 1, y, STYLE_KEY, n->name);
		canvas_text_cut(c, 20, y, c->cols - 20, STYLE_TEXT, n->help);
	}
	canvas_text(c, 1, ++y, STYLE_DIM,
		    "SELECT name FROM sqlite_schema  lists tables and views");
}

static void
draw_result(struct sql_panel *s, struct canvas *c)
{
	s->body = canvas_sub(c, 0, 1, c->cols, c->rows - 2);
	draw_head(s, c);
	list_fit(&s->list, s->n_rows, s->body.rows > 0
		 ? (size_t)s->body.rows : 1);
	for (int y = 0; y < s->body.rows; y++) {
		size_t i = s->list.top + (size_t)y;

		if (i >= s->n_rows)
			break;
		draw_row(s, &s->body, y, i);
		if (i == s->list.selected)
			canvas_select(&s->body, 0, y, s->body.cols);
	}
	canvas_printf(c, 0, c->rows - 1, STYLE_DIM, "%zu row%s%s, %.3f s%s",
		      s->n_rows, s->n_rows == 1 ? "" : "s",
		      s->cut ? " and more, not shown" : "", s->seconds,
		      s->first_col > 0 ? "; columns to the left: Left" : "");
}

static void
sql_draw(struct tui *t, void *state, struct canvas *c)
{
	struct sql_panel *s = state;
	struct canvas rest = canvas_sub(c, 0, 1, c->cols, c->rows - 1);
	int x = canvas_text(c, 0, 0, STYLE_KEY, "SQL> "), cursor;
	const char *text = prompt_shown(&s->prompt, c->cols - x, &cursor);

	canvas_text(c, x, 0, STYLE_TEXT, text);
	if (s->editing)
		tui_place_cursor(t, c, x + cursor, 0);
	if (s->pending != SQL_IDLE)
		canvas_text(&rest, 0, 0, STYLE_NOTE,
			    "running; a key stops it");
	else if (s->error[0])
		canvas_paragraph(&rest, 0, 0, c->cols, STYLE_ERROR, s->error);
	else if (s->n_cols > 0)
		draw_result(s, &rest);
	else
		draw_named(&rest);
}

/* --- keys -------------------------------------------------------------- */

static void
prompt_keys(struct sql_panel *s, int key)
{
	switch (prompt_key(&s->prompt, key)) {
	case PROMPT_DONE:
		s->pending = SQL_ASKED;
		break;
	case PROMPT_CANCELLED:
		s->editing = false;
		break;
	default:
		break;
	}
}

/* That it runs is shown first: it may take long. */
static bool
sql_work(struct tui *t, void *state, int64_t max_ns)
{
	struct sql_panel *s = state;

	(void)max_ns;
	if (s->pending == SQL_ASKED) {
		s->pending = SQL_TOLD;
		return true;
	}
	if (s->pending == SQL_TOLD) {
		s->pending = SQL_IDLE;
		run(t, s);
		s->editing = s->error[0] != '\0' || s->n_rows == 0;
	}
	return false;
}

static bool
is_prompt_key(int key)
{
	return key != KEY_SIZE && key != KEY_MOUSE_EVENT && key != KEY_TAB &&
	       key != KEY_BACKTAB && !(key > KEY_FN && key < KEY_MOUSE_EVENT);
}

static bool
sql_key(struct tui *t, void *state, int key)
{
	struct sql_panel *s = state;
	size_t rows = s->body.rows > 0 ? (size_t)s->body.rows : 1;
	int x, y;

	if (s->editing && is_prompt_key(key)) {
		prompt_keys(s, key);
		return true;
	}
	if (key == KEY_MOUSE_EVENT && tui_mouse_in(t, &s->body, &x, &y)) {
		if (t->mouse.what == MOUSE_CLICK)
			list_set(&s->list, s->n_rows, rows,
				 s->list.top + (size_t)y);
		else
			list_move(&s->list, s->n_rows, rows,
				  t->mouse.what == MOUSE_WHEEL_UP ? -3 : 3);
		return true;
	}
	return list_key(&s->list, s->n_rows, rows, key);
}

static void
edit(struct tui *t, void *state, int key)
{
	struct sql_panel *s = state;

	(void)t;
	(void)key;
	s->editing = true;
}

static void
scroll_columns(struct tui *t, void *state, int key)
{
	struct sql_panel *s = state;

	(void)t;
	if (key == KEY_ARROW_LEFT && s->first_col > 0)
		s->first_col--;
	if (key == KEY_ARROW_RIGHT && s->first_col + 1 < s->n_cols)
		s->first_col++;
}

/* A row that names a connection opens it. */
static void
open_row(struct tui *t, void *state, int key)
{
	struct sql_panel *s = state;

	(void)key;
	for (int i = 0; i < s->n_cols && s->n_rows > 0; i++)
		if (strcmp(s->name[i], "conn_id") == 0) {
			tui_show_connection(t, atoll(cell_at(s,
					    s->list.selected, i)), 0);
			return;
		}
	tui_say(t, STYLE_NOTE, "no column conn_id: nothing to open");
}

static const struct binding bindings[] = {
	{ { '/', 'i', ':' }, "Edit", "edit the query; Up and Down: history",
	  edit },
	{ { KEY_RETURN }, "Open", "the connection of the row (conn_id)",
	  open_row },
	{ { KEY_ARROW_LEFT, KEY_ARROW_RIGHT }, NULL, "other columns",
	  scroll_columns },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel sql_panel = {
	.name = "SQL",
	.help = "the database is read, never written; a key stops a query",
	.state_size = sizeof(struct sql_panel),
	.open = sql_open,
	.close = sql_close,
	.draw = sql_draw,
	.key = sql_key,
	.work = sql_work,
	.bindings = bindings,
};
