/*
 * tab_events.c - what happened on a connection, a line each, in words.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/conn_view.h"
#include "tui/show.h"

struct events_tab {
	struct list list;
	struct canvas body;
};

static size_t
height(const struct events_tab *e)
{
	return e->body.rows > 0 ? (size_t)e->body.rows : 1;
}

static enum style
style_of(const struct conn *c, const struct conn_stop *s)
{
	struct mark_look mark;

	if (s->is_change)
		return c->change[s->index].to->style;
	mark = event_mark(c->event[s->index].kind);
	return mark.sign ? mark.style : STYLE_TEXT;
}

static void
draw_row(const struct conn *c, size_t i, struct canvas *area, int y)
{
	const struct conn_stop *s = &c->stop[i];
	char words[400], at[SHOW_SIZE];
	int x = canvas_printf(area, 0, y, STYLE_DIM, "%11s ",
			      show_seconds(at, s->ts - c->key.start_ns, 6));

	conn_stop_words(c, i, words, sizeof(words));
	canvas_text_cut(area, x, y, area->cols - x, style_of(c, s), words);
}

static void
events_tab_draw(struct tui *t, void *state, struct canvas *c)
{
	struct events_tab *e = state;
	struct conn_view *v = conn_view_of(t);
	const struct conn *conn = &v->conn;
	bool here;

	canvas_fill(c, 0, 0, c->cols, ' ', STYLE_HEAD);
	canvas_text(c, 4, 0, STYLE_HEAD, "seconds what happened");
	if (conn->events_cut)
		canvas_printf(c, 30, 0, STYLE_HEAD, "the first %d events",
			      CONN_EVENTS);
	e->body = canvas_sub(c, 0, 1, c->cols, c->rows - 1);
	if (conn->n_stops > 0)
		list_set(&e->list, conn->n_stops, height(e),
			 conn_view_stop(v, &here));
	list_fit(&e->list, conn->n_stops, height(e));
	for (int y = 0; y < e->body.rows; y++) {
		size_t i = e->list.top + (size_t)y;

		if (i >= conn->n_stops)
			break;
		draw_row(conn, i, &e->body, y);
		if (i == e->list.selected)
			canvas_select(&e->body, 0, y, e->body.cols);
	}
	if (conn->n_stops == 0)
		canvas_text(&e->body, 2, 1, STYLE_DIM, "nothing to tell");
}

static void
select_row(struct events_tab *e, struct conn_view *v)
{
	conn_view_go_to_stop(v, e->list.selected);
}

static bool
events_tab_key(struct tui *t, void *state, int key)
{
	struct events_tab *e = state;
	struct conn_view *v = conn_view_of(t);
	size_t n = v->conn.n_stops;
	int x, y;

	if (key == KEY_MOUSE_EVENT && tui_mouse_in(t, &e->body, &x, &y)) {
		if (t->mouse.what == MOUSE_WHEEL_UP ||
		    t->mouse.what == MOUSE_WHEEL_DOWN)
			list_move(&e->list, n, height(e),
				  t->mouse.what == MOUSE_WHEEL_UP ? -3 : 3);
		else
			list_set(&e->list, n, height(e),
				 e->list.top + (size_t)y);
	} else if (!list_key(&e->list, n, height(e), key)) {
		return false;
	}
	select_row(e, v);
	return true;
}

static void
open_packet(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	conn_view_tab(t, TAB_LADDER);
}

static const struct binding bindings[] = {
	{ { KEY_RETURN }, "Ladder", "the packets there", open_packet },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel events_tab = {
	.name = "events",
	.state_size = sizeof(struct events_tab),
	.draw = events_tab_draw,
	.key = events_tab_key,
	.bindings = bindings,
};
