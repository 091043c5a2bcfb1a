/*
 * tab_streams.c - what the two ends said to each other, as text or in hex.
 *
 * Only the capture has the bytes.  They are put in order here from the
 * segments that are kept; `tcpsaw follow` gives all of them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/dissect.h"
#include "tui/conn_view.h"
#include "tui/show.h"
#include "tui/byte_view.h"

struct streams_tab {
	struct byte_view stream[N_SIDES];
	bool made;
	bool hex;
	int side;
	size_t *line;		/* where each line begins */
	size_t n_lines, size;
	int lines_cols;		/* the width that they were made for */
	bool lines_hex;
	int lines_side;
	struct list list;
	struct canvas body;
};

static void
add_segment(struct streams_tab *st, const struct segments *s, size_t i)
{
	const struct segment *r = &s->row[i];
	struct packet p;
	struct dissection d;
	size_t n;
	bool syn = strchr(r->flags, 'S') != NULL;

	if (r->len == 0 || r->seq == CONN_UNKNOWN ||
	    !segments_packet(s, i, &p))
		return;
	dissect_packet(&p, &d);
	if (d.kind != DISSECT_TCP || d.payload.status != CURSOR_OK)
		return;
	n = (size_t)(d.payload.end - d.payload.pos);
	byte_view_add(&st->stream[r->side], r->seq - 1 + syn, d.payload.pos, n);
	if (n < (size_t)r->len)
		st->stream[r->side].cut = true;
}

static void
make_streams(struct tui *t, struct streams_tab *st)
{
	struct conn_view *v = conn_view_of(t);

	st->made = true;
	conn_view_need_segments(t, true);
	for (int side = 0; side < N_SIDES; side++)
		if (byte_view_init(&st->stream[side]) < 0)
			return;
	for (size_t i = 0; i < v->segments.n; i++)
		add_segment(st, &v->segments, i);
	st->side = v->side;
}

static void
make_lines(struct streams_tab *st, int cols)
{
	const struct byte_view *s = &st->stream[st->side];
	struct byte_line line;
	size_t at = 0;

	if (st->lines_cols == cols && st->lines_hex == st->hex &&
	    st->lines_side == st->side)
		return;
	st->lines_cols = cols;
	st->lines_hex = st->hex;
	st->lines_side = st->side;
	st->n_lines = 0;
	while (cols > 0 && s->byte &&
	       byte_view_next_line(s, at, (size_t)cols, st->hex, &line)) {
		if (st->n_lines == st->size) {
			size_t more = st->size ? st->size * 2 : 256;
			size_t *lines = realloc(st->line,
						more * sizeof(*lines));

			if (!lines)
				return;
			st->line = lines;
			st->size = more;
		}
		st->line[st->n_lines++] = at;
		at += line.len;
	}
}

static void
streams_tab_close(void *state)
{
	struct streams_tab *st = state;

	for (int side = 0; side < N_SIDES; side++)
		byte_view_release(&st->stream[side]);
	free(st->line);
}

static void
streams_tab_draw(struct tui *t, void *state, struct canvas *c)
{
	struct streams_tab *st = state;
	struct conn_view *v = conn_view_of(t);
	const struct byte_view *s = &st->stream[st->side];
	char figure[SHOW_SIZE];

	if (!st->made)
		make_streams(t, st);
	if (!v->segments.from_source || v->segments.n == 0) {
		canvas_paragraph(c, 1, 1, c->cols - 2, STYLE_WARNING,
			v->segments.error[0] ? v->segments.error :
			"the capture is not at hand: the database has no "
			"bytes");
		return;
	}
	canvas_printf(c, 0, 0, st->side == SIDE_CLIENT ? STYLE_CLIENT
		      : STYLE_SERVER, "bytes of the %s: %s%s",
		      side_name(st->side), show_count(figure, (int64_t)s->len),
		      s->cut ? ", and more (tcpsaw follow gives all)" : "");
	st->body = canvas_sub(c, 0, 1, c->cols, c->rows - 1);
	make_lines(st, c->cols);
	list_fit(&st->list, st->n_lines,
		 st->body.rows > 0 ? (size_t)st->body.rows : 1);
	for (int y = 0; y < st->body.rows; y++) {
		size_t i = st->list.top + (size_t)y;
		struct byte_line line;

		if (i >= st->n_lines)
			break;
		if (byte_view_next_line(s, st->line[i], (size_t)c->cols,
					st->hex,
				     &line))
			byte_view_draw_line(s, &line, st->hex, &st->body, y,
					 STYLE_TEXT);
	}
}

static bool
streams_tab_key(struct tui *t, void *state, int key)
{
	struct streams_tab *st = state;
	size_t rows = st->body.rows > 0 ? (size_t)st->body.rows : 1;
	long by = key == KEY_MOUSE_EVENT
		  ? t->mouse.what == MOUSE_WHEEL_UP ? -3 :
		    t->mouse.what == MOUSE_WHEEL_DOWN ? 3 : 0
		  : list_step(key, (long)rows - 1);

	if (by == 0)
		return key == KEY_MOUSE_EVENT;
	/* There is no selected line: the first on the screen moves. */
	st->list.selected = by < 0 ? st->list.top : st->list.top + rows - 1;
	list_move(&st->list, st->n_lines, rows, by);
	return true;
}

static void
toggle_hex(struct tui *t, void *state, int key)
{
	struct streams_tab *st = state;

	(void)t;
	(void)key;
	st->hex = !st->hex;
	st->list = (struct list){ 0 };
}

static void
toggle_side(struct tui *t, void *state, int key)
{
	struct streams_tab *st = state;

	(void)t;
	(void)key;
	st->side = !st->side;
	st->list = (struct list){ 0 };
}

static const struct binding bindings[] = {
	{ { 'x' }, "Side", "the bytes of the other side", toggle_side },
	{ { 'v' }, "Hex", "text or hex", toggle_hex },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel streams_tab = {
	.name = "streams",
	.state_size = sizeof(struct streams_tab),
	.close = streams_tab_close,
	.draw = streams_tab_draw,
	.key = streams_tab_key,
	.bindings = bindings,
};
