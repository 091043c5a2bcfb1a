/*
 * ladder.c - arrows: ladder.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/ladder.h"
#include "tui/show.h"

/* A gap that is worth a colour: as long as the least time-out. */
#define LONG_GAP (200 * NS_PER_MS)

struct columns {
	int frame, time, gap;	/* -1: no room */
	int left, right;	/* the two lines */
};

static struct columns
columns_of(const struct canvas *c)
{
	if (c->cols >= 70)
		return (struct columns){ 0, 8, 20, 29, c->cols - 1 };
	if (c->cols >= 50)
		return (struct columns){ 0, -1, 8, 17, c->cols - 1 };
	return (struct columns){ -1, -1, 0, 8, c->cols - 1 };
}

static void
seq_text(char *buf, size_t size, const struct segment *s, bool end)
{
	if (s->seq == CONN_UNKNOWN)
		snprintf(buf, size, "?(%" PRId64 ")", s->len);
	else if (end)
		snprintf(buf, size, "%" PRId64 ":%" PRId64 "(%" PRId64 ")",
			 s->seq, s->seq + s->len, s->len);
	else
		snprintf(buf, size, "%" PRId64 "(%" PRId64 ")", s->seq,
			 s->len);
}

void
ladder_label(char *buf, size_t size, int n, const struct segment *s)
{
	char seq[72], ack[32] = "", wnd[32] = "", options[144] = "";

	if (s->ack != CONN_UNKNOWN)
		snprintf(ack, sizeof(ack), " ack %" PRId64, s->ack);
	if (s->window != CONN_UNKNOWN)
		snprintf(wnd, sizeof(wnd), " win %" PRId64, s->window);
	if (s->options[0])
		snprintf(options, sizeof(options), " <%s>", s->options);
	/* From the longest to the shortest. */
	for (int less = 0; less < 5; less++) {
		seq_text(seq, sizeof(seq), s, less < 3);
		snprintf(buf, size, "%s%s%s%s%s%s", s->flags,
			 less < 4 ? " " : "", less < 4 ? seq : "",
			 less < 4 ? ack : "", less < 2 ? wnd : "",
			 less < 1 ? options : "");
		if ((int)strlen(buf) <= n)
			return;
	}
}

/* The state that the packet brings a side into, or NULL. */
static const struct look *
state_after(const struct conn *conn, const struct segment *s, int side)
{
	const struct look *look = NULL;

	for (size_t i = 0; i < conn->n_changes; i++)
		if (conn->change[i].frame == s->frame &&
		    conn->change[i].side == side)
			look = conn->change[i].to;
	return look;
}

/* What the packet is beyond its header: the event with its sequence. */
static const struct conn_event *
event_of(const struct conn *conn, const struct segment *s)
{
	size_t low = 0, high = conn->n_stops;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (conn->stop[mid].ts < s->ts)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < conn->n_stops && conn->stop[low].ts == s->ts; low++)
		if (!conn->stop[low].is_change &&
		    conn->stop[low].frame == s->frame)
			return &conn->event[conn->stop[low].index];
	return NULL;
}

static enum style
style_of(const struct segment *s, const struct conn_event *e)
{
	if (strchr(s->flags, 'R'))
		return STYLE_ERROR;
	if (e && strncmp(e->kind, "rtx_", 4) == 0)
		return STYLE_RTX;
	if (e)
		return STYLE_WARNING;
	return s->side == SIDE_CLIENT ? STYLE_CLIENT : STYLE_SERVER;
}

static void
draw_times(struct canvas *c, int y, const struct columns *col,
	   const struct conn *conn, const struct segment *s,
	   const struct segment *before)
{
	char figure[SHOW_SIZE];
	nstime gap = before ? s->ts - before->ts : 0;

	if (col->frame >= 0)
		canvas_printf(c, col->frame, y, STYLE_TEXT, "%7" PRId64,
			      s->frame);
	if (col->time >= 0)
		canvas_printf(c, col->time, y, STYLE_DIM, "%11s",
			      show_seconds(figure, s->ts -
					   conn->key.start_ns, 6));
	if (before)
		canvas_printf(c, col->gap, y, gap >= LONG_GAP ? STYLE_WARNING
			      : STYLE_DIM, " +%-6s",
			      show_duration(figure, gap));
}

static void
draw_arrow(struct canvas *c, int y, const struct columns *col,
	   const struct segment *s, enum style style)
{
	bool to_right = s->side == SIDE_CLIENT;

	canvas_glyph(c, col->left, y, GLYPH_VLINE, STYLE_AXIS);
	canvas_glyph(c, col->right, y, GLYPH_VLINE, STYLE_AXIS);
	for (int x = col->left + 1; x < col->right; x++)
		canvas_glyph(c, x, y, GLYPH_HLINE, style);
	if (to_right)
		canvas_glyph(c, col->right - 1, y, GLYPH_RIGHT, style);
	else
		canvas_glyph(c, col->left + 1, y, GLYPH_LEFT, style);
}

/* Names of states at the ends, as far as the label leaves room. */
static void
draw_states(struct canvas *c, int y, const struct columns *col,
	    const struct conn *conn, const struct segment *s, int from,
	    int to)
{
	const struct look *left = state_after(conn, s, SIDE_CLIENT);
	const struct look *right = state_after(conn, s, SIDE_SERVER);
	int x = col->left + 1 + (s->side == SIDE_SERVER);
	int end = col->right - (s->side == SIDE_CLIENT);

	if (left && x + (int)strlen(left->name) < from)
		canvas_text(c, x, y, left->style, left->name);
	if (right && end - (int)strlen(right->name) > to)
		canvas_text(c, end - (int)strlen(right->name), y,
			    right->style, right->name);
}

/* "rtx_fast" is "rtx fast". */
static void
event_name(char *buf, size_t size, const struct conn_event *e)
{
	snprintf(buf, size, "%s ", e ? e->kind : "");
	for (char *p = buf; *p; p++)
		if (*p == '_')
			*p = ' ';
	if (!e)
		buf[0] = '\0';
}

void
ladder_row(struct canvas *c, int y, const struct conn *conn,
	   const struct segment *s, const struct segment *before)
{
	struct columns col = columns_of(c);
	const struct conn_event *e = event_of(conn, s);
	enum style style = style_of(s, e);
	int width = col.right - col.left - 1, n, x;
	char name[24], label[288], text[320];

	event_name(name, sizeof(name), e);
	if ((int)strlen(name) > width / 2)
		name[0] = '\0';
	n = width - 4 - (int)strlen(name);
	/* Room for the states that change, if the label can be shorter. */
	if (width >= 44 && (state_after(conn, s, SIDE_CLIENT) ||
			    state_after(conn, s, SIDE_SERVER)))
		n = width - 26 - (int)strlen(name);
	ladder_label(label, sizeof(label), n, s);
	snprintf(text, sizeof(text), " %s%s ", name, label);
	n = (int)strlen(text);
	x = col.left + 1 + (width - n) / 2;
	draw_times(c, y, &col, conn, s, before);
	draw_arrow(c, y, &col, s, style);
	draw_states(c, y, &col, conn, s, x, x + n);
	canvas_text(c, x > col.left ? x : col.left + 1, y, style, text);
}

void
ladder_head(struct canvas *c, int y, const struct conn *conn)
{
	struct columns col = columns_of(c);
	const char *server = conn->end[SIDE_SERVER];
	int n = canvas_columns(server);
	int half = (col.right - col.left) / 2 - 1;

	canvas_fill(c, 0, y, c->cols, ' ', STYLE_HEAD);
	if (col.frame >= 0)
		canvas_text(c, col.frame, y, STYLE_HEAD, " packet");
	if (col.time >= 0)
		canvas_text(c, col.time + 4, y, STYLE_HEAD, "seconds");
	canvas_text(c, col.gap + 1, y, STYLE_HEAD, "gap");
	canvas_text_cut(c, col.left, y, half, STYLE_HEAD,
			conn->end[SIDE_CLIENT]);
	if (n > half)
		n = half;
	canvas_text_cut(c, col.right + 1 - n, y, n, STYLE_HEAD, server);
}
