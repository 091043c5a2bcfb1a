/*
 * tab_ladder.c - the segments of a connection as arrows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/conn_view.h"
#include "tui/ladder.h"
#include "tui/show.h"

struct ladder_tab {
	struct list list;
	struct canvas body;
};

static size_t
height(const struct ladder_tab *l)
{
	return l->body.rows > 0 ? (size_t)l->body.rows : 1;
}

static void
draw_words(const struct conn_view *v, struct canvas *c, int y)
{
	const struct conn *conn = &v->conn;
	char words[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < conn->n_stops; i++) {
		if (conn->stop[i].frame != v->at_frame)
			continue;
		if (len > 0)
			len += (size_t)snprintf(words + len,
						sizeof(words) - len, " | ");
		if (len + 1 >= sizeof(words))
			break;
		conn_stop_words(conn, i, words + len, sizeof(words) - len);
		len = strlen(words);
	}
	if (c->rows - y > 1)
		canvas_paragraph(c, 0, y, c->cols, STYLE_STRONG, words);
	else
		canvas_text_cut(c, 0, y, c->cols, STYLE_STRONG, words);
}

static void
ladder_tab_draw(struct tui *t, void *state, struct canvas *c)
{
	struct ladder_tab *l = state;
	struct conn_view *v = conn_view_of(t);
	const struct segments *s = &v->segments;
	int words = c->rows >= 14 ? 2 : 1;

	conn_view_need_segments(t, false);
	ladder_head(c, 0, &v->conn);
	l->body = canvas_sub(c, 0, 1, c->cols, c->rows - 1 - words);
	if (s->n == 0) {
		canvas_paragraph(c, 1, 2, c->cols - 2, STYLE_WARNING,
				 s->error);
		return;
	}
	list_set(&l->list, s->n, height(l), segments_index(s, v->at_frame));
	for (int y = 0; y < l->body.rows; y++) {
		size_t i = l->list.top + (size_t)y;

		if (i >= s->n)
			break;
		ladder_row(&l->body, y, &v->conn, &s->row[i],
			   i > 0 ? &s->row[i - 1] : NULL);
		if (i == l->list.selected)
			canvas_select(&l->body, 0, y, l->body.cols);
	}
	draw_words(v, c, c->rows - words);
}

static void
select_row(struct conn_view *v, size_t i)
{
	if (i < v->segments.n)
		conn_view_at(v, v->segments.row[i].ts,
			     v->segments.row[i].frame);
}

/* The next segment that something is to be said about. */
static void
next_event(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);
	const struct conn *c = &v->conn;

	(void)state;
	if (key == 'n') {
		for (size_t i = 0; i < c->n_stops; i++)
			if (c->stop[i].frame > v->at_frame) {
				conn_view_at(v, c->stop[i].ts,
					     c->stop[i].frame);
				return;
			}
	} else {
		for (size_t i = c->n_stops; i > 0; i--)
			if (c->stop[i - 1].frame < v->at_frame &&
			    c->stop[i - 1].frame > 0) {
				conn_view_at(v, c->stop[i - 1].ts,
					     c->stop[i - 1].frame);
				return;
			}
	}
	tui_say(t, STYLE_DIM, "no more events");
}

static bool
ladder_tab_key(struct tui *t, void *state, int key)
{
	struct ladder_tab *l = state;
	struct conn_view *v = conn_view_of(t);
	int x, y;

	if (key == KEY_MOUSE_EVENT && tui_mouse_in(t, &l->body, &x, &y)) {
		if (t->mouse.what == MOUSE_WHEEL_UP ||
		    t->mouse.what == MOUSE_WHEEL_DOWN)
			list_move(&l->list, v->segments.n, height(l),
				  t->mouse.what == MOUSE_WHEEL_UP ? -3 : 3);
		else
			list_set(&l->list, v->segments.n, height(l),
				 l->list.top + (size_t)y);
		select_row(v, l->list.selected);
		if (t->mouse.what == MOUSE_DOUBLE)
			conn_view_tab(t, TAB_PACKET);
		return true;
	}
	if (!list_key(&l->list, v->segments.n, height(l), key))
		return false;
	select_row(v, l->list.selected);
	return true;
}

static void
open_packet(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	conn_view_tab(t, TAB_PACKET);
}

static const struct binding bindings[] = {
	{ { KEY_RETURN }, "Packet", "its layers and bytes", open_packet },
	{ { 'n', 'N' }, NULL, "next, previous packet with an event",
	  next_event },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel ladder_tab = {
	.name = "ladder",
	.state_size = sizeof(struct ladder_tab),
	.draw = ladder_tab_draw,
	.key = ladder_tab_key,
	.bindings = bindings,
};
