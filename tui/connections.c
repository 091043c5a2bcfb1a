/*
 * connections.c - the panel of connections: list, selection, filter, order.
 *
 * The selection is a connection, not a row: it stays when rows come and go.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/connections.h"
#include "tui/show.h"

static void
select_row(struct connections *cs, size_t i)
{
	const struct pager_row *row = pager_row(cs->pager, i);

	cs->list.selected = i;
	cs->selected = row ? row->id : 0;
}

size_t
connections_height(const struct connections *cs)
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
		list_set(&cs->list, n, connections_height(cs), n);
		select_row(cs, cs->list.selected);
	}
	list_fit(&cs->list, n, connections_height(cs));
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
	pager_look(cs->pager, cs->list.top,
		   cs->list.top + connections_height(cs));
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

	if (key == KEY_SIZE ||
	    list_key(&cs->menu, N_COLS, connections_height(cs), key))
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
		list_move(&cs->list, pager_n(cs->pager), connections_height(cs),
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
	if (!list_key(&cs->list, pager_n(cs->pager), connections_height(cs),
		      key))
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
		list_set(&cs->list, n, connections_height(cs), i);
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
	  lanes_toggle },
	{ { 'm' }, "Mode", "lanes: states of client, of server, limit causes",
	  lanes_next_mode },
	{ { '+', '=' }, "In", "lanes: closer", lanes_zoom },
	{ { '-' }, "Out", "lanes: farther", lanes_zoom },
	{ { 'z' }, NULL, "lanes: as long as the selected connection",
	  lanes_zoom_to_selected },
	{ { '0' }, NULL, "lanes: the whole capture", lanes_zoom_out },
	{ { KEY_ARROW_LEFT, '[' }, NULL, "lanes: earlier", lanes_pan },
	{ { KEY_ARROW_RIGHT, ']' }, NULL, "lanes: later", lanes_pan },
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
