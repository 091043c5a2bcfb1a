/*
 * connection.c - one connection: its head, its tabs, writing it to a file.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/conn_view.h"
#include "tui/pager.h"
#include "tui/show.h"

struct conn_view *
conn_view_of(struct tui *t)
{
	return t->state[PANEL_CONNECTION];
}

void
conn_view_at(struct conn_view *v, nstime ts, int64_t frame)
{
	v->at_ts = ts;
	v->at_frame = frame;
	span_show(&v->view, v->conn.life, ts);
}

static bool
is_at(const struct conn_view *v, size_t i)
{
	return i < v->conn.n_stops && v->conn.stop[i].ts == v->at_ts &&
	       v->conn.stop[i].frame == v->at_frame;
}

size_t
conn_view_stop(const struct conn_view *v, bool *here)
{
	size_t i = is_at(v, v->at_stop) ? v->at_stop
		   : conn_stop_at(&v->conn, v->at_ts, v->at_frame);

	*here = i < v->conn.n_stops &&
		(v->conn.stop[i].ts == v->at_ts ||
		 (v->at_frame > 0 && v->conn.stop[i].frame == v->at_frame));
	return i;
}

void
conn_view_go_to_stop(struct conn_view *v, size_t i)
{
	if (i >= v->conn.n_stops)
		return;
	conn_view_at(v, v->conn.stop[i].ts, v->conn.stop[i].frame);
	v->at_stop = i;
}

void
conn_view_need_segments(struct tui *t, bool with_bytes)
{
	struct conn_view *v = conn_view_of(t);

	segments_need(&v->segments, t->st, t->source, &v->conn, v->at_frame,
		      with_bytes);
}

static void
close_tabs(struct conn_view *v)
{
	for (int i = 0; i < N_TABS; i++) {
		if (v->opened[i] && conn_tabs[i]->close)
			conn_tabs[i]->close(v->state[i]);
		free(v->state[i]);
		v->state[i] = NULL;
		v->opened[i] = false;
	}
}

static void
open_tab(struct tui *t, struct conn_view *v)
{
	const struct panel *tab = conn_tabs[v->tab];

	if (v->opened[v->tab] || !v->loaded)
		return;
	v->state[v->tab] = calloc(1, tab->state_size + 1);
	if (!v->state[v->tab])
		return;
	v->opened[v->tab] = true;
	if (tab->open && tab->open(t, v->state[v->tab]) < 0)
		tui_say(t, STYLE_ERROR, "cannot show %s", tab->name);
}

void
conn_view_tab(struct tui *t, enum conn_tab tab)
{
	struct conn_view *v = conn_view_of(t);

	v->tab = tab;
	open_tab(t, v);
}

static void
forget(struct conn_view *v)
{
	close_tabs(v);
	conn_release(&v->conn);
	segments_release(&v->segments);
	v->loaded = false;
}

/* The moment of a packet: that of its event or segment. */
static void
go_to_frame(struct tui *t, struct conn_view *v, int64_t frame)
{
	const struct conn *c = &v->conn;
	size_t stop = conn_stop_at(c, c->key.start_ns, frame);

	conn_view_at(v, c->key.start_ns, (int64_t)c->key.first_frame);
	if (frame <= 0)
		return;
	if (c->n_stops > 0 && c->stop[stop].frame == frame) {
		conn_view_go_to_stop(v, stop);
	} else {
		const struct segment *s;

		v->at_frame = frame;
		v->at_ts = c->key.start_ns;
		conn_view_need_segments(t, false);
		s = segments_at(&v->segments, frame);
		if (s)
			conn_view_at(v, s->ts, frame);
	}
}

void
tui_show_connection(struct tui *t, int64_t conn_id, uint64_t frame)
{
	struct conn_view *v = conn_view_of(t);
	enum conn_tab tab = frame > 0 ? TAB_LADDER : v->tab;

	forget(v);
	v->error[0] = '\0';
	if (conn_load(&v->conn, t->st, conn_id) < 0) {
		snprintf(v->error, sizeof(v->error),
			 "there is no connection %" PRId64, conn_id);
	} else {
		v->loaded = true;
		v->side = v->conn.busier;
		v->view = v->conn.life;
		go_to_frame(t, v, (int64_t)frame);
	}
	tui_show(t, PANEL_CONNECTION);
	conn_view_tab(t, tab);
}

static void
connection_close(void *state)
{
	forget(state);
}

/* Loaded anew, with cursor and view kept. */
static void
connection_refresh(struct tui *t, void *state)
{
	struct conn_view *v = state;
	struct conn fresh;
	int64_t began = clock_ns();
	bool whole = v->view.to == v->conn.life.to &&
		     v->view.from == v->conn.life.from;

	/* A tenth of the time at most. */
	if (!v->loaded || began < v->next_load_ns)
		return;
	if (conn_load(&fresh, t->st, v->conn.key.conn_id) < 0) {
		conn_release(&fresh);
		return;
	}
	v->next_load_ns = clock_ns() + 10 * (clock_ns() - began);
	conn_release(&v->conn);
	v->conn = fresh;
	segments_stale(&v->segments);
	if (whole)
		v->view = v->conn.life;
	for (int i = 0; i < N_TABS; i++)
		if (v->opened[i] && conn_tabs[i]->refresh)
			conn_tabs[i]->refresh(t, v->state[i]);
}

static bool
connection_work(struct tui *t, void *state, int64_t max_ns)
{
	struct conn_view *v = state;
	const struct panel *tab = conn_tabs[v->tab];

	return v->opened[v->tab] && tab->work &&
	       tab->work(t, v->state[v->tab], max_ns);
}

/* --- drawing ----------------------------------------------------------- */

static void
draw_head(const struct conn_view *v, struct canvas *c)
{
	const struct conn *conn = &v->conn;
	char lasted[SHOW_SIZE];
	int x = canvas_printf(c, 0, 0, STYLE_STRONG, "#%" PRId64 " ",
			      conn->key.conn_id);

	x += canvas_text(c, x, 0, STYLE_CLIENT, conn->end[SIDE_CLIENT]);
	canvas_glyph(c, x + 1, 0, GLYPH_RIGHT, STYLE_DIM);
	x += 3;
	x += canvas_text(c, x, 0, STYLE_SERVER, conn->end[SIDE_SERVER]);
	x += canvas_printf(c, x, 0, STYLE_TEXT, "  %s  %s", conn->service,
			   show_duration(lasted, conn->key.end_ns -
						 conn->key.start_ns));
	canvas_printf(c, x, 0, STYLE_DIM, "  %s", conn->outcome);
}

/* The tabs' names; returns the tab at column wanted, or -1. */
static int
tab_bar(const struct conn_view *v, struct canvas *c, int wanted)
{
	bool narrow = c->cols < 62;
	int x = 0, hit = -1;

	for (int i = 0; i < N_TABS; i++) {
		char label[24];
		int n;

		if (narrow && i != (int)v->tab)
			snprintf(label, sizeof(label), " %.2s ",
				 conn_tabs[i]->name);
		else
			snprintf(label, sizeof(label), " %s ",
				 conn_tabs[i]->name);
		n = (int)strlen(label);
		if (wanted < 0)
			canvas_text(c, x, 0, i == (int)v->tab ? STYLE_BAR_ON
				    : STYLE_DIM, label);
		if (i == (int)v->tab && c->ascii && wanted < 0) {
			canvas_put(c, x, 0, '[', STYLE_BAR_ON);
			canvas_put(c, x + n - 1, 0, ']', STYLE_BAR_ON);
		}
		if (wanted >= x && wanted < x + n)
			hit = i;
		x += n;
	}
	return hit;
}

static void
draw_save_prompt(struct tui *t, struct conn_view *v, struct canvas *c)
{
	int x = canvas_text(c, 0, 0, STYLE_KEY, "write to: "), cursor;
	const char *text = prompt_shown(&v->save_as, c->cols - x, &cursor);

	canvas_fill(c, x, 0, c->cols - x, ' ', STYLE_TEXT);
	canvas_text(c, x, 0, STYLE_TEXT, text);
	tui_place_cursor(t, c, x + cursor, 0);
}

static void
connection_draw(struct tui *t, void *state, struct canvas *c)
{
	struct conn_view *v = state;
	struct canvas body = canvas_sub(c, 0, 2, c->cols, c->rows - 2);

	if (!v->loaded) {
		canvas_text(c, 1, 1, STYLE_WARNING, v->error[0] ? v->error
			    : "no connection chosen");
		return;
	}
	draw_head(v, c);
	v->tab_line = canvas_sub(c, 0, 1, c->cols, 1);
	tab_bar(v, &v->tab_line, -1);
	if (v->opened[v->tab])
		conn_tabs[v->tab]->draw(t, v->state[v->tab], &body);
	if (v->saving) {
		struct canvas last = canvas_sub(c, 0, c->rows - 1, c->cols,
						1);

		draw_save_prompt(t, v, &last);
	}
}

/* --- writing to a file ------------------------------------------------- */

static void
save(struct tui *t, struct conn_view *v, bool overwrite)
{
	char error[256] = "";
	int64_t n = t->source->save(t->source->ctx, &v->conn.key,
				    v->save_as.text, overwrite, error,
				    sizeof(error));

	if (n >= 0)
		tui_say(t, STYLE_OK, "%" PRId64 " packets written to %s", n,
			v->save_as.text);
	else
		tui_say(t, STYLE_ERROR, "%s", error);
}

static void
save_over(struct tui *t, void *state, bool yes)
{
	if (yes)
		save(t, state, true);
	else
		tui_say(t, STYLE_DIM, "not written");
}

static void
save_done(struct tui *t, struct conn_view *v)
{
	char error[256] = "";
	int64_t n;

	v->saving = false;
	if (v->save_as.len == 0)
		return;
	n = t->source->save(t->source->ctx, &v->conn.key, v->save_as.text,
			    false, error, sizeof(error));
	if (n == -2)
		tui_ask(t, save_over, v, "'%s' exists: overwrite it?",
			v->save_as.text);
	else if (n < 0)
		tui_say(t, STYLE_ERROR, "%s", error);
	else
		tui_say(t, STYLE_OK, "%" PRId64 " packets written to %s", n,
			v->save_as.text);
}

static void
start_save(struct tui *t, void *state, int key)
{
	struct conn_view *v = state;
	char name[64];

	(void)key;
	if (!v->loaded)
		return;
	if (!t->source || !t->source->save) {
		tui_say(t, STYLE_WARNING,
			"the capture is not at hand: nothing to write");
		return;
	}
	snprintf(name, sizeof(name), "connection-%" PRId64 ".pcapng",
		 v->conn.key.conn_id);
	prompt_set(&v->save_as, name);
	v->saving = true;
}

/* --- keys -------------------------------------------------------------- */

static bool
connection_key(struct tui *t, void *state, int key)
{
	struct conn_view *v = state;
	const struct panel *tab = conn_tabs[v->tab];
	int x, y;

	if (v->saving && key != KEY_SIZE && key != KEY_MOUSE_EVENT) {
		enum prompt_result r = prompt_key(&v->save_as, key);

		if (r == PROMPT_DONE)
			save_done(t, v);
		else if (r == PROMPT_CANCELLED)
			v->saving = false;
		return true;
	}
	if (key == KEY_MOUSE_EVENT && t->mouse.what == MOUSE_CLICK &&
	    v->loaded && tui_mouse_in(t, &v->tab_line, &x, &y)) {
		int hit = tab_bar(v, &v->tab_line, x);

		if (hit >= 0)
			conn_view_tab(t, (enum conn_tab)hit);
		return true;
	}
	return v->opened[v->tab] && tab->key &&
	       tab->key(t, v->state[v->tab], key);
}

static void
next_tab(struct tui *t, void *state, int key)
{
	struct conn_view *v = state;
	int tab = (int)v->tab + (key == KEY_TAB ? 1 : N_TABS - 1);

	conn_view_tab(t, (enum conn_tab)(tab % N_TABS));
}

static void
go_back(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	tui_show(t, t->before == PANEL_CONNECTION ? PANEL_CONNECTIONS
						  : t->before);
}

static void
other_side(struct tui *t, void *state, int key)
{
	struct conn_view *v = state;

	(void)key;
	v->side = !v->side;
	tui_say(t, STYLE_TEXT, "the %s as sender", side_name(v->side));
}

static void
copy_filter(struct tui *t, void *state, int key)
{
	struct conn_view *v = state;
	char text[64];

	(void)key;
	if (!v->loaded)
		return;
	snprintf(text, sizeof(text), "tcp.stream == %" PRId64,
		 v->conn.tcp_stream);
	tui_copy(t, text);
}

static const struct binding *
tab_bindings(struct tui *t, void *state, void **part)
{
	struct conn_view *v = state;

	(void)t;
	*part = v->state[v->tab];
	return v->opened[v->tab] ? conn_tabs[v->tab]->bindings : NULL;
}

static const struct binding bindings[] = {
	{ { KEY_TAB, KEY_BACKTAB }, "Next", "next, previous tab", next_tab },
	{ { 'x' }, "Side", "the other side as sender", other_side },
	{ { 'w' }, "Write", "write it to a pcapng file, findings as comments",
	  start_save },
	{ { 'y' }, "Copy", "copy a display filter for Wireshark",
	  copy_filter },
	{ { KEY_ESCAPE, 'q' }, "Back", "back to where it was opened",
	  go_back },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel connection_panel = {
	.name = "Connection",
	.help = "one connection, in seven tabs with one cursor",
	.state_size = sizeof(struct conn_view),
	.close = connection_close,
	.draw = connection_draw,
	.key = connection_key,
	.work = connection_work,
	.refresh = connection_refresh,
	.bindings = bindings,
	.more_bindings = tab_bindings,
};
