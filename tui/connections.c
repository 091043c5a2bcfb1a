/*
 * connections.c - the table of connections and their lanes over time.
 *
 * A row is drawn from two places: the pager knows which connections are in
 * view, in which order; what a row shows is looked up by its number.  Lanes
 * stand beside the table where there is room for both, else instead of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/axis.h"
#include "tui/column.h"
#include "tui/lane_load.h"
#include "tui/pager.h"
#include "tui/prompt.h"
#include "tui/show.h"

enum showing { SHOW_TABLE, SHOW_BOTH, SHOW_LANES };

#define BOTH_FROM_COLS 120	/* a screen wide enough for both */
#define TABLE_COLS     86	/* of the table then, or half */
#define LABEL_COLS     29	/* of the labels beside lanes alone */

struct connections {
	struct pager *pager;
	struct query *row;
	struct lane_queries lanes;
	struct list list;
	int64_t selected;	/* conn_id; 0: none */
	bool to_end;		/* select the last row when it is known */

	struct prompt prompt;
	bool editing;
	char applied[PROMPT_SIZE];	/* the filter that the list has */
	char before[PROMPT_SIZE];	/* the one before editing */
	struct conn_filter filter;
	char error[200];

	enum list_column_id sort;
	bool descending;
	bool choosing;		/* the menu of columns */
	struct list menu;

	int showing;		/* enum showing; -1: as the width says */
	enum lane_mode mode;
	struct span limits, view;
	bool indexed;
	struct column_layout layout;
	struct canvas body, lane_area;
};

static void
select_row(struct connections *cs, size_t i)
{
	const struct pager_row *row = pager_row(cs->pager, i);

	cs->list.selected = i;
	cs->selected = row ? row->id : 0;
}

static size_t
height(const struct connections *cs)
{
	return cs->body.rows > 0 ? (size_t)cs->body.rows : 1;
}

/* The window has moved, or its rows have changed: find the selection. */
static void
follow_selection(struct connections *cs)
{
	size_t n = pager_n(cs->pager);
	long shift = pager_shift(cs->pager);
	size_t above = cs->list.selected - cs->list.top;
	size_t i = (size_t)((long)cs->list.selected + shift);
	const struct pager_row *row = pager_row(cs->pager, i);

	if (!row || row->id != cs->selected)
		for (size_t k = 0; k < n; k++)
			if (pager_row(cs->pager, k)->id == cs->selected)
				i = k;
	if (i >= n)
		i = n ? n - 1 : 0;
	cs->list.selected = i;
	cs->list.top = i > above ? i - above : 0;
	if (cs->to_end && pager_at_end(cs->pager)) {
		cs->to_end = false;
		list_set(&cs->list, n, height(cs), n);
		select_row(cs, cs->list.selected);
	}
	list_fit(&cs->list, n, height(cs));
	if (!pager_busy(cs->pager) || cs->selected == 0)
		select_row(cs, cs->list.selected);
}

static int
apply(struct connections *cs, const char *text)
{
	const struct list_column *col = &list_columns[cs->sort];
	struct conn_filter filter;
	struct pager_spec spec = {
		.table = "connection", .from = "conn c", .id = "c.conn_id",
		.key = col->sort, .key_is_text = col->sort_text,
		.indexed = col->indexed, .descending = cs->descending,
	};

	cs->error[0] = '\0';
	if (!conn_filter_compile(&filter, text)) {
		show_copy(cs->error, sizeof(cs->error), filter.error);
		return -1;
	}
	spec.where = filter.sql;
	spec.value = filter.value;
	spec.n_values = filter.n_values;
	if (pager_list(cs->pager, &spec) < 0) {
		show_copy(cs->error, sizeof(cs->error),
			  pager_error(cs->pager));
		return -1;
	}
	cs->filter = filter;
	show_copy(cs->applied, sizeof(cs->applied), text);
	cs->list = (struct list){ 0 };
	return 0;
}

static void
connections_close(void *state)
{
	struct connections *cs = state;

	pager_close(cs->pager);
	cs->pager = NULL;
	if (cs->row)
		query_close(cs->row);
	cs->row = NULL;
	lane_queries_close(&cs->lanes);
}

/* Where a query cannot be prepared the panel stays empty. */
static int
connections_open(struct tui *t, void *state)
{
	struct connections *cs = state;
	char sql[8192];

	cs->showing = -1;
	cs->sort = COL_ID;
	cs->pager = pager_open(t->st);
	columns_sql(sql, sizeof(sql));
	cs->row = tui_query(t, sql);
	cs->limits = cs->view = span_of(t->capture.start_ns,
					t->capture.end_ns + 1);
	if (!cs->pager || !cs->row ||
	    lane_queries_open(&cs->lanes, t->st) < 0) {
		connections_close(cs);
		return -1;
	}
	return apply(cs, "");
}

static bool
connections_work(struct tui *t, void *state, int64_t max_ns)
{
	struct connections *cs = state;
	bool more;

	(void)t;
	if (!cs->pager)
		return false;
	pager_look(cs->pager, cs->list.top, cs->list.top + height(cs));
	more = pager_work(cs->pager, max_ns);
	follow_selection(cs);
	return more;
}

static void
connections_refresh(struct tui *t, void *state)
{
	struct connections *cs = state;
	bool whole = cs->view.from == cs->limits.from &&
		     cs->view.to == cs->limits.to;

	cs->limits = span_of(t->capture.start_ns, t->capture.end_ns + 1);
	if (whole)
		cs->view = cs->limits;
	if (cs->pager)
		pager_reload(cs->pager, cs->list.top);
}

/* --- drawing ----------------------------------------------------------- */

static enum showing
showing(const struct connections *cs, int cols)
{
	if (cs->showing >= 0)
		return (enum showing)cs->showing;
	return cols >= BOTH_FROM_COLS ? SHOW_BOTH : SHOW_TABLE;
}

static void
draw_prompt(struct tui *t, struct connections *cs, struct canvas *c)
{
	int x = canvas_text(c, 0, 0, STYLE_KEY, "Filter: "), cursor;
	const char *text = prompt_shown(&cs->prompt, c->cols - x, &cursor);

	x += canvas_text(c, x, 0, cs->error[0] ? STYLE_ERROR : STYLE_OK,
			 text);
	tui_place_cursor(t, c, 8 + cursor, 0);
	if (!cs->error[0] && cs->prompt.len > 0)
		canvas_text(c, x + 2, 0, STYLE_DIM, "valid");
}

/* The reason, in words.  Returns the rows that it takes. */
static int
draw_error(struct connections *cs, struct canvas *c)
{
	char text[sizeof(cs->error) + 16];

	snprintf(text, sizeof(text), "invalid: %s", cs->error);
	return canvas_paragraph(c, 0, 1, c->cols, STYLE_ERROR, text);
}

static void
draw_summary(struct connections *cs, struct canvas *c)
{
	char n[SHOW_SIZE], all_n[SHOW_SIZE];
	int64_t matching, all;
	bool counted = pager_count(cs->pager, &matching, &all);
	int x = canvas_printf(c, 0, 0, STYLE_TEXT, "%s%s connection%s",
			      show_count(n, matching), counted ? "" : "+",
			      matching == 1 && counted ? "" : "s");

	if (cs->applied[0])
		x += canvas_printf(c, x, 0, STYLE_TEXT, " of %s",
				   show_count(all_n, all));
	x += canvas_printf(c, x, 0, STYLE_DIM, "  sorted by %s%s",
			   list_columns[cs->sort].head,
			   cs->descending ? ", largest first" : "");
	if (pager_searching(cs->pager))
		x += canvas_printf(c, x, 0, STYLE_NOTE, "  searching %d%%",
				   pager_progress(cs->pager));
	if (cs->applied[0]) {
		x += canvas_text(c, x, 0, STYLE_DIM, "  filter ");
		canvas_text_cut(c, x, 0, c->cols - x, STYLE_OK, cs->applied);
	}
}

static void
draw_cells(struct connections *cs, struct canvas *c, int y, int64_t id)
{
	char text[COLUMN_TEXT_SIZE];

	query_bind_int(cs->row, 1, id);
	if (query_step(cs->row))
		for (int i = 0; i < cs->layout.n; i++) {
			const struct list_column *col =
				&list_columns[cs->layout.id[i]];
			int n = cs->layout.width[i], x = cs->layout.x[i], w;
			enum style s = STYLE_TEXT;

			col->format(text, sizeof(text), cs->row,
				    (int)cs->layout.id[i] + 1);
			w = canvas_columns(text);
			if (cs->layout.id[i] == COL_FINDING && text[0] != '-')
				s = severity_style(text);
			canvas_text_cut(c, x + (col->right && w < n ? n - w
							: 0), y, n, s, text);
		}
	query_rewind(cs->row);
}

static void
draw_label(struct connections *cs, struct canvas *c, int y, int64_t id)
{
	char number[COLUMN_TEXT_SIZE], server[COLUMN_TEXT_SIZE];

	query_bind_int(cs->row, 1, id);
	if (query_step(cs->row)) {
		list_columns[COL_ID].format(number, sizeof(number), cs->row,
					    COL_ID + 1);
		list_columns[COL_SERVER].format(server, sizeof(server),
						cs->row, COL_SERVER + 1);
		canvas_printf(c, 0, y, STYLE_TEXT, "%6s", number);
		canvas_text_cut(c, 7, y, c->cols - 7, STYLE_TEXT, server);
	}
	query_rewind(cs->row);
}

static void
draw_lane(struct connections *cs, struct canvas *c, int y, int64_t id)
{
	struct lane lane;

	lane_init(&lane, &cs->view, c->cols);
	lane_load(&lane, &cs->lanes, id, cs->mode, cs->indexed);
	lane_draw(&lane, c, 0, y);
}

static void
draw_rows(struct connections *cs, struct canvas *table, struct canvas *lanes,
	  bool labels)
{
	for (int y = 0; y < cs->body.rows; y++) {
		size_t i = cs->list.top + (size_t)y;
		const struct pager_row *row = pager_row(cs->pager, i);

		if (!row)
			break;
		if (labels)
			draw_label(cs, table, y + 1, row->id);
		else
			draw_cells(cs, table, y + 1, row->id);
		if (lanes->cols > 0)
			draw_lane(cs, lanes, y + 1, row->id);
		if (i == cs->list.selected)
			canvas_select(table, 0, y + 1, table->cols);
	}
}

static void
draw_legend(struct connections *cs, struct canvas *c)
{
	const struct look *(*look)(size_t) = cs->mode == LANE_LIMIT
		? cause_look_at : state_look_at;
	int x = canvas_printf(c, 0, 0, STYLE_DIM, "%s: ",
			      lane_mode_words(cs->mode));
	const struct look *l;

	x += canvas_text(c, x, 0, STYLE_RTX, "*rtx ");
	x += canvas_text(c, x, 0, STYLE_ERROR, "!timeout Xreset ");
	x += canvas_text(c, x, 0, STYLE_WARNING, "0window ");
	for (size_t i = 0; (l = look(i)) != NULL; i++) {
		int n = (int)strlen(l->name) + 2;

		if (x + n + 1 > c->cols)
			break;
		x += canvas_printf(c, x, 0, l->style, "%c=%s ", l->letter,
				   l->name);
	}
}

static void
draw_menu(struct connections *cs, struct canvas *c)
{
	int cols = c->cols < 60 ? c->cols : 60;
	struct canvas box = canvas_sub(c, c->cols - cols, 0, cols, N_COLS + 1);

	list_fit(&cs->menu, N_COLS, box.rows > 1 ? (size_t)box.rows - 1 : 1);
	for (int y = 0; y < box.rows; y++)
		canvas_fill(&box, 0, y, box.cols, ' ', STYLE_TEXT);
	canvas_fill(&box, 0, 0, box.cols, ' ', STYLE_HEAD);
	canvas_text(&box, 1, 0, STYLE_HEAD, "Sort by");
	for (int y = 1; y < box.rows; y++) {
		size_t i = cs->menu.top + (size_t)y - 1;

		if (i >= N_COLS)
			break;
		canvas_text(&box, 1, y, STYLE_TEXT, list_columns[i].head);
		canvas_text_cut(&box, 16, y, box.cols - 16, STYLE_DIM,
				list_columns[i].help);
		if (i == cs->menu.selected)
			canvas_select(&box, 0, y, box.cols);
	}
}

/* How many of the columns the table takes; the lanes get the others. */
static int
table_cols(enum showing what, int cols)
{
	if (what == SHOW_TABLE)
		return cols;
	if (what == SHOW_BOTH)
		return cols / 2 > TABLE_COLS ? cols / 2 : TABLE_COLS;
	return cols / 2 < LABEL_COLS ? cols / 2 : LABEL_COLS;
}

static void
draw_table(struct tui *t, struct connections *cs, struct canvas *c)
{
	enum showing what = showing(cs, c->cols);
	int cols = table_cols(what, c->cols);
	struct canvas table = canvas_sub(c, 0, 0, cols, c->rows);
	struct canvas lanes = canvas_sub(c, cols + 1, 0, c->cols - cols - 1,
					 c->rows);

	cs->indexed = t->capture.indexed;
	columns_fit(&cs->layout, table.cols);
	cs->lane_area = lanes;
	cs->body = canvas_sub(c, 0, 1, c->cols, c->rows - 1);
	list_fit(&cs->list, pager_n(cs->pager), height(cs));
	if (what == SHOW_LANES)
		canvas_text(&table, 1, 0, STYLE_HEAD, "conn  server");
	else
		columns_head(&cs->layout, &table, 0, cs->sort,
			     cs->descending);
	if (lanes.cols > 0)
		axis_time(&lanes, 0, 0, lanes.cols, &cs->view,
			  t->capture.start_ns);
	draw_rows(cs, &table, &lanes, what == SHOW_LANES);
}

static void
connections_draw(struct tui *t, void *state, struct canvas *c)
{
	struct connections *cs = state;
	int top = 1;
	bool lanes = showing(cs, c->cols) != SHOW_TABLE;
	struct canvas rest;

	if (!cs->pager)
		return;
	if (cs->editing)
		draw_prompt(t, cs, c);
	else
		draw_summary(cs, c);
	if (cs->error[0] && cs->editing)
		top += draw_error(cs, c);
	rest = canvas_sub(c, 0, top, c->cols, c->rows - top - lanes);
	draw_table(t, cs, &rest);
	if (lanes) {
		struct canvas legend = canvas_sub(c, 0, c->rows - 1, c->cols,
						  1);

		draw_legend(cs, &legend);
	}
	if (pager_n(cs->pager) == 0 && !pager_busy(cs->pager))
		canvas_text(&cs->body, 2, 1, STYLE_DIM, cs->applied[0]
			    ? "no connection matches" : "no connections");
	if (cs->choosing)
		draw_menu(cs, &rest);
}

/* --- keys -------------------------------------------------------------- */

static void
start_filter(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)t;
	(void)key;
	cs->editing = true;
	show_copy(cs->before, sizeof(cs->before), cs->applied);
	prompt_set(&cs->prompt, cs->applied);
}

static void
filter_key(struct tui *t, struct connections *cs, int key)
{
	switch (prompt_key(&cs->prompt, key)) {
	case PROMPT_CHANGED:
		apply(cs, cs->prompt.text);
		break;
	case PROMPT_DONE:
		if (cs->error[0])
			break;		/* to be mended first */
		cs->editing = false;
		break;
	case PROMPT_CANCELLED:
		cs->editing = false;
		apply(cs, cs->before);
		tui_say(t, STYLE_DIM, "the filter is as it was");
		break;
	default:
		break;
	}
}

static void
clear_filter(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)key;
	if (cs->applied[0]) {
		apply(cs, "");
		tui_say(t, STYLE_DIM, "filter cleared");
	}
}

static void
sort_by(struct tui *t, struct connections *cs, enum list_column_id col,
	bool descending)
{
	enum list_column_id sort = cs->sort;
	bool old = cs->descending;

	cs->sort = col;
	cs->descending = descending;
	if (apply(cs, cs->applied) < 0) {
		tui_say(t, STYLE_ERROR, "%s", cs->error);
		cs->sort = sort;
		cs->descending = old;
	}
	cs->selected = 0;
}

static void
reverse(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)key;
	sort_by(t, cs, cs->sort, !cs->descending);
}

/* The column to the left or to the right of the one sorted by. */
static void
sort_neighbour(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	const struct column_layout *l = &cs->layout;
	int i = 0;

	if (l->n == 0)
		return;
	while (i < l->n - 1 && l->id[i] != cs->sort)
		i++;
	i = (i + (key == '<' ? l->n - 1 : 1)) % l->n;
	sort_by(t, cs, l->id[i], list_columns[l->id[i]].largest_first);
}

static void
open_menu(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)t;
	(void)key;
	cs->choosing = true;
	cs->menu = (struct list){ .selected = cs->sort };
}

static void
menu_key(struct tui *t, struct connections *cs, int key)
{
	enum list_column_id chosen;

	if (list_key(&cs->menu, N_COLS, height(cs), key) || key == KEY_SIZE)
		return;
	cs->choosing = false;
	chosen = (enum list_column_id)cs->menu.selected;
	if (key == KEY_RETURN)
		sort_by(t, cs, chosen, list_columns[chosen].largest_first);
}

static void
open_connection(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)key;
	if (cs->selected)
		tui_show_connection(t, cs->selected, 0);
}

static void
toggle_lanes(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	enum showing now = showing(cs, t->screen.cols);

	(void)key;
	if (now == SHOW_TABLE)
		cs->showing = t->screen.cols >= BOTH_FROM_COLS ? SHOW_BOTH
							       : SHOW_LANES;
	else
		cs->showing = now == SHOW_BOTH ? SHOW_LANES : SHOW_TABLE;
}

static void
next_mode(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)key;
	cs->mode = (enum lane_mode)((cs->mode + 1) % N_LANE_MODES);
	tui_say(t, STYLE_TEXT, "lanes: %s", lane_mode_words(cs->mode));
}

static bool
selected_life(struct connections *cs, struct tui *t, struct span *life)
{
	struct query *q = tui_query(t, "SELECT start_ns, ifnull(end_ns,"
				    " start_ns) FROM connection"
				    " WHERE conn_id = ?1");
	bool found;

	if (!q)
		return false;
	query_bind_int(q, 1, cs->selected);
	found = query_step(q);
	if (found)
		*life = span_of(query_int(q, 0), query_int(q, 1) + 1);
	query_close(q);
	return found;
}

/* Around the selected connection where it is in view. */
static void
zoom(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	nstime about = cs->view.from + (cs->view.to - cs->view.from) / 2;
	struct span life;

	if (selected_life(cs, t, &life) && life.from < cs->view.to &&
	    life.to > cs->view.from) {
		nstime a = life.from > cs->view.from ? life.from
						     : cs->view.from;
		nstime b = life.to < cs->view.to ? life.to : cs->view.to;

		about = a + (b - a) / 2;
	}
	span_zoom(&cs->view, cs->limits, about, key == '-' ? -1 : 1);
}

static void
zoom_to_selected(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	struct span life;

	(void)key;
	if (selected_life(cs, t, &life)) {
		nstime margin = (life.to - life.from) / 16;

		cs->view = span_of(life.from - margin, life.to + margin);
		span_pan(&cs->view, cs->limits, 0);
	}
}

static void
zoom_out(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)t;
	(void)key;
	cs->view = cs->limits;
}

static void
pan(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)t;
	span_pan(&cs->view, cs->limits,
		 key == KEY_ARROW_LEFT || key == '[' ? -1 : 1);
}

static void
to_edge(struct connections *cs, bool end)
{
	if (end)
		pager_to_end(cs->pager);
	else
		pager_to_top(cs->pager);
	cs->to_end = end;
	cs->list = (struct list){ 0 };
	cs->selected = 0;
	follow_selection(cs);
}

static void
click(struct tui *t, struct connections *cs, int x, int y)
{
	size_t i = cs->list.top + (size_t)y;

	(void)x;
	if (!pager_row(cs->pager, i))
		return;
	select_row(cs, i);
	if (t->mouse.what == MOUSE_DOUBLE)
		open_connection(t, cs, 0);
}

static void
click_head(struct tui *t, struct connections *cs, int x)
{
	for (int i = 0; i < cs->layout.n; i++) {
		enum list_column_id id = cs->layout.id[i];

		if (x >= cs->layout.x[i] &&
		    x < cs->layout.x[i] + cs->layout.width[i])
			sort_by(t, cs, id, id == cs->sort ? !cs->descending
				: list_columns[id].largest_first);
	}
}

static void
mouse(struct tui *t, struct connections *cs)
{
	int x, y, lane_x, lane_y;
	bool on_lane = tui_mouse_in(t, &cs->lane_area, &lane_x, &lane_y);
	bool wheel = t->mouse.what == MOUSE_WHEEL_UP ||
		     t->mouse.what == MOUSE_WHEEL_DOWN;

	if (on_lane && wheel) {
		span_zoom(&cs->view, cs->limits,
			  span_time(&cs->view, cs->lane_area.cols, lane_x),
			  t->mouse.what == MOUSE_WHEEL_UP ? 1 : -1);
	} else if (wheel) {
		list_move(&cs->list, pager_n(cs->pager), height(cs),
			  t->mouse.what == MOUSE_WHEEL_UP ? -3 : 3);
		select_row(cs, cs->list.selected);
	} else if (tui_mouse_in(t, &cs->body, &x, &y)) {
		click(t, cs, x, y);
	} else if (y == -1) {
		click_head(t, cs, x);
	}
}

static const struct binding bindings[];

static bool
connections_key(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	if (!cs->pager)
		return binding_of(bindings, key) != NULL;
	if (cs->editing && key != KEY_MOUSE_EVENT && key != KEY_SIZE) {
		filter_key(t, cs, key);
		return true;
	}
	if (cs->choosing) {
		menu_key(t, cs, key);
		return true;
	}
	if (key == KEY_MOUSE_EVENT) {
		mouse(t, cs);
		return true;
	}
	if (key == 'g' || key == KEY_TO_HOME || key == 'G' ||
	    key == KEY_TO_END) {
		to_edge(cs, key == 'G' || key == KEY_TO_END);
		return true;
	}
	if (!list_key(&cs->list, pager_n(cs->pager), height(cs), key))
		return false;
	select_row(cs, cs->list.selected);
	return true;
}

static void
copy_filter(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	struct query *q = tui_query(t, "SELECT tcp_stream FROM connection"
				    " WHERE conn_id = ?1");
	char text[64];

	(void)key;
	if (!q)
		return;
	query_bind_int(q, 1, cs->selected);
	if (query_step(q)) {
		snprintf(text, sizeof(text), "tcp.stream == %" PRId64,
			 query_int(q, 0));
		tui_copy(t, text);
	}
	query_close(q);
}

/* The next row of the window that has findings. */
static void
next_finding(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	struct query *q = tui_query(t, "SELECT 1 FROM finding"
				    " WHERE conn_id = ?1 LIMIT 1");
	size_t i = cs->list.selected, n = pager_n(cs->pager);
	bool found = false;

	while (q && !found && (key == 'n' ? i + 1 < n : i > 0)) {
		i += key == 'n' ? 1 : (size_t)-1;
		query_bind_int(q, 1, pager_row(cs->pager, i)->id);
		found = query_step(q);
		query_rewind(q);
	}
	if (q)
		query_close(q);
	if (found) {
		list_set(&cs->list, n, height(cs), i);
		select_row(cs, i);
	} else {
		tui_say(t, STYLE_DIM, "no finding near; filter: findings");
	}
}

static const struct binding bindings[] = {
	{ { '/', KEY_FN + 4, KEY_FN + 3 }, "Filter", "filter as you type",
	  start_filter },
	{ { KEY_FN + 6, 's' }, "Sort", "choose the column to sort by",
	  open_menu },
	{ { KEY_RETURN }, "Open", "the connection: graphs, ladder, packets",
	  open_connection },
	{ { 'n', 'N' }, NULL, "next, previous connection with findings",
	  next_finding },
	{ { 't' }, "Lanes", "table, lanes, or both where there is room",
	  toggle_lanes },
	{ { 'm' }, "Mode", "lanes: states of client, of server, limit causes",
	  next_mode },
	{ { '+', '=' }, "In", "lanes: closer", zoom },
	{ { '-' }, "Out", "lanes: farther", zoom },
	{ { 'z' }, NULL, "lanes: as long as the selected connection",
	  zoom_to_selected },
	{ { '0' }, NULL, "lanes: the whole capture", zoom_out },
	{ { KEY_ARROW_LEFT, '[' }, NULL, "lanes: earlier", pan },
	{ { KEY_ARROW_RIGHT, ']' }, NULL, "lanes: later", pan },
	{ { '<', '>' }, NULL, "sort by the column to the left, right",
	  sort_neighbour },
	{ { 'S', 'r' }, NULL, "reverse the order", reverse },
	{ { 'y' }, NULL, "copy a display filter for Wireshark", copy_filter },
	{ { KEY_ESCAPE }, NULL, "clear the filter", clear_filter },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel connections_panel = {
	.name = "Connections",
	.help = "filter: port 443 and retrans > 1% and state = TIME-WAIT",
	.state_size = sizeof(struct connections),
	.open = connections_open,
	.close = connections_close,
	.draw = connections_draw,
	.key = connections_key,
	.work = connections_work,
	.refresh = connections_refresh,
	.bindings = bindings,
};
