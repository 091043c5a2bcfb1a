/*
 * tab_graph.c - states, limits and curves of a connection over time.
 *
 *	client   ESTABLISHED------------------------FIN-WAIT-1-TIME-WAIT
 *	server   SYN-RECEIVED-ESTABLISHED-----------CLOSE-WAIT-LAST-ACK-
 *	limit    s----C-------------------!---------C-------------------
 *	   one graph, or all three where there is room
 *	         |0s          |2s         |4s          |6s
 *	what happened at the cursor, in words
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/axis.h"
#include "tui/conn_view.h"
#include "tui/graph.h"
#include "tui/lane.h"
#include "tui/show.h"

#define ALL_FROM_ROWS 34	/* a screen high enough for three graphs */

struct graph_tab {
	enum graph_kind kind;
	struct canvas area;	/* of the curves */
};

/* --- lanes ------------------------------------------------------------- */

static void
state_lane(const struct conn *conn, int side, struct lane *l)
{
	const struct look *look = NULL;
	nstime since = conn->life.from;

	for (size_t i = 0; i < conn->n_changes; i++) {
		const struct conn_change *ch = &conn->change[i];

		if (ch->side != side)
			continue;
		lane_piece(l, since, ch->ts, look ? look : ch->from);
		look = ch->to;
		since = ch->ts;
	}
	lane_piece(l, since, conn->life.to, look ? look : conn->state[side]);
}

static void
limit_lane(const struct conn *conn, int side, struct lane *l)
{
	for (size_t i = 0; i < conn->n_spans; i++)
		if (conn->span[i].side == side)
			lane_piece(l, conn->span[i].from, conn->span[i].to,
				   conn->span[i].cause);
	for (size_t i = 0; i < conn->n_events; i++) {
		struct mark_look mark = event_mark(conn->event[i].kind);

		if (conn->event[i].side == side)
			lane_mark(l, conn->event[i].ts, &mark);
	}
}

static void
draw_lane(struct canvas *c, int y, const char *label, enum style s,
	  const struct lane *l)
{
	canvas_text(c, 0, y, s, label);
	lane_draw_named(l, c, GRAPH_LEFT, y);
}

static int
draw_lanes(const struct conn_view *v, struct canvas *c)
{
	int cols = c->cols - GRAPH_LEFT, y = 0;
	struct lane l;

	for (int side = 0; side < N_SIDES; side++) {
		if (c->rows < 9 && side != v->side)
			continue;	/* room for one */
		lane_init(&l, &v->view, cols);
		state_lane(&v->conn, side, &l);
		draw_lane(c, y++, side_name(side), side == SIDE_CLIENT
			  ? STYLE_CLIENT : STYLE_SERVER, &l);
	}
	if (c->rows < 10)
		return y;
	lane_init(&l, &v->view, cols);
	limit_lane(&v->conn, v->side, &l);
	draw_lane(c, y++, "limit", STYLE_DIM, &l);
	return y;
}

/* --- words ------------------------------------------------------------- */

static void
draw_sample(const struct conn_view *v, struct canvas *c, int y)
{
	const struct conn_sample *s = conn_sample_at(&v->conn, v->side,
						     v->at_ts);
	char a[SHOW_SIZE], b[SHOW_SIZE], d[SHOW_SIZE], r[SHOW_SIZE];
	char e[SHOW_SIZE], phase[SHOW_SIZE];

	if (!s)
		return;
	show_copy(phase, sizeof(phase), s->phase[0] ? s->phase
		  : "phase unknown");
	for (char *p = phase; *p; p++)
		if (*p == '_')
			*p = ' ';
	canvas_printf(c, 0, y, STYLE_DIM, "%s: cwnd %s, ssthresh %s, "
		      "flight %s, rwnd %s, srtt %s", phase,
		      show_size(a, s->cwnd), show_size(b, s->ssthresh),
		      show_size(d, s->flight), show_size(r, s->rwnd),
		      show_duration(e, s->srtt));
}

static void
draw_words(const struct conn_view *v, struct canvas *c, int y)
{
	const struct conn *conn = &v->conn;
	char words[512] = "nothing happened here", at[SHOW_SIZE];
	bool here;
	size_t i = conn_view_stop(v, &here);
	int x;

	show_seconds(at, v->at_ts - conn->key.start_ns, 6);
	if (here)
		conn_stop_words(conn, i, words, sizeof(words));
	x = canvas_printf(c, 0, y, STYLE_CURSOR, "%ss ", at);
	if (c->rows - y >= 3) {
		canvas_paragraph(c, x, y, c->cols - x, STYLE_STRONG, words);
		canvas_fill(c, 0, c->rows - 1, c->cols, ' ', STYLE_TEXT);
	} else {
		canvas_text_cut(c, x, y, c->cols - x, STYLE_STRONG, words);
	}
	if (c->rows - y >= 2)
		draw_sample(v, c, c->rows - 1);
}

/* --- the whole --------------------------------------------------------- */

static void
draw_graphs(struct conn_view *v, struct graph_tab *g, struct canvas *c,
	    struct store *st)
{
	struct graph_view view = { &v->conn, v->side, v->view, v->at_ts,
				   NULL };
	int n = c->rows >= ALL_FROM_ROWS - 8 ? N_GRAPHS : 1, y = 0;

	if (n == N_GRAPHS || g->kind == GRAPH_SEQUENCE) {
		segments_try_store(&v->segments, st, &v->conn, v->at_frame);
		if (v->segments.n > 0)
			view.segments = &v->segments;
	}
	g->area = canvas_sub(c, GRAPH_LEFT, 0, c->cols - GRAPH_LEFT, c->rows);
	for (int i = 0; i < n; i++) {
		int rows = (c->rows - y) / (n - i);
		struct canvas one = canvas_sub(c, 0, y, c->cols, rows);

		graph_draw(&one, n == 1 ? g->kind : (enum graph_kind)i,
			   &view);
		y += rows;
	}
}

static void
graph_tab_draw(struct tui *t, void *state, struct canvas *c)
{
	struct conn_view *v = conn_view_of(t);
	struct graph_tab *g = state;
	int top = draw_lanes(v, c);
	int words = c->rows >= 16 ? 3 : c->rows >= 10 ? 2 : 1;
	struct canvas graphs = canvas_sub(c, 0, top, c->cols,
					  c->rows - top - words - 1);

	draw_graphs(v, g, &graphs, t->st);
	axis_time(c, GRAPH_LEFT, c->rows - words - 1, c->cols - GRAPH_LEFT,
		  &v->view, v->conn.key.start_ns);
	draw_words(v, c, c->rows - words);
}

/* --- keys -------------------------------------------------------------- */

/* A stop of the side that is looked at, or a change of state. */
static void
step(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);
	const struct conn *c = &v->conn;
	bool back = key == KEY_ARROW_LEFT || key == 'N' || key == 'k' ||
		    key == KEY_ARROW_UP;
	bool here;
	size_t i = conn_view_stop(v, &here);

	(void)state;
	if (here && back && i > 0)
		i--;
	else if (here && !back && i + 1 < c->n_stops)
		i++;
	conn_view_go_to_stop(v, i);
}

static void
to_edge(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);
	const struct conn *c = &v->conn;
	bool end = key == 'G' || key == KEY_TO_END;
	size_t i = end && c->n_stops > 0 ? c->n_stops - 1 : 0;

	(void)state;
	conn_view_go_to_stop(v, i);
}

static void
zoom(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);
	nstime about = v->at_ts;

	(void)state;
	if (about < v->view.from || about >= v->view.to)
		about = v->view.from + (v->view.to - v->view.from) / 2;
	span_zoom(&v->view, v->conn.life, about, key == '-' ? -1 : 1);
}

static void
whole(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);

	(void)state;
	(void)key;
	v->view = v->conn.life;
}

static void
pan(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);

	(void)state;
	span_pan(&v->view, v->conn.life, key == '[' ? -1 : 1);
}

static void
next_graph(struct tui *t, void *state, int key)
{
	struct graph_tab *g = state;

	(void)key;
	g->kind = (enum graph_kind)((g->kind + 1) % N_GRAPHS);
	tui_say(t, STYLE_TEXT, "%s", graph_name(g->kind));
}

static void
open_packet(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	conn_view_tab(t, TAB_LADDER);
}

static bool
graph_tab_key(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);
	struct graph_tab *g = state;
	int x, y;
	nstime ts;

	if (key != KEY_MOUSE_EVENT || !tui_mouse_in(t, &g->area, &x, &y))
		return false;
	ts = span_time(&v->view, g->area.cols, x);
	if (t->mouse.what == MOUSE_WHEEL_UP ||
	    t->mouse.what == MOUSE_WHEEL_DOWN) {
		span_zoom(&v->view, v->conn.life, ts,
			  t->mouse.what == MOUSE_WHEEL_UP ? 1 : -1);
	} else if (v->conn.n_stops > 0) {
		conn_view_go_to_stop(v, conn_stop_at(&v->conn, ts, 0));
	}
	return true;
}

static const struct binding bindings[] = {
	{ { 'v' }, "View", "windows, sequence numbers, round trips",
	  next_graph },
	{ { KEY_ARROW_RIGHT, 'n', 'j' }, NULL, "next event", step },
	{ { KEY_ARROW_LEFT, 'N', 'k' }, NULL, "previous event", step },
	{ { 'g', KEY_TO_HOME }, NULL, "first event", to_edge },
	{ { 'G', KEY_TO_END }, NULL, "last event", to_edge },
	{ { '+', '=' }, "In", "closer to the cursor", zoom },
	{ { '-' }, "Out", "farther", zoom },
	{ { '0' }, NULL, "the whole connection", whole },
	{ { '[', ']' }, NULL, "earlier, later", pan },
	{ { KEY_RETURN }, "Ladder", "the packets at the cursor", open_packet },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel graph_tab = {
	.name = "graph",
	.state_size = sizeof(struct graph_tab),
	.draw = graph_tab_draw,
	.key = graph_tab_key,
	.bindings = bindings,
};
