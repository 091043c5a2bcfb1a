/*
 * graph.c - scales, curves and legends: graph.h.
 *
 * A sample holds until the next of its side, so that curves are steps.  What
 * is far above the others (the receive window, mostly) does not flatten them:
 * the scale is made for the sender's curves, and what lies above is said in
 * the legend.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/graph.h"
#include "tui/plot.h"
#include "tui/show.h"

struct curve {
	const char *label;
	size_t field;		/* of struct conn_sample */
	struct series series;
	bool scales;		/* the scale is made to show it */
	bool dotted;
	bool joined;		/* a line from sample to sample, not steps */
};

#define FIELD(name) offsetof(struct conn_sample, name)

static const struct curve window_curves[] = {
	{ "bounds", FIELD(cwnd_low), { STYLE_BOUND, '.', 1 }, false, true,
	  false },
	{ NULL, FIELD(cwnd_high), { STYLE_BOUND, '.', 1 }, false, true,
	  false },
	{ "rwnd", FIELD(rwnd), { STYLE_RWND, '=', 2 }, false, false, false },
	{ "ssthresh", FIELD(ssthresh), { STYLE_SSTHRESH, '-', 3 }, false,
	  true, false },
	{ "flight", FIELD(flight), { STYLE_FLIGHT, 'o', 4 }, true, false,
	  false },
	{ "cwnd", FIELD(cwnd), { STYLE_CWND, '#', 5 }, true, false, false },
	{ 0 },
};

static const struct curve sequence_curves[] = {
	{ "window edge", FIELD(rwnd), { STYLE_RWND, '=', 1 }, false, false,
	  false },
	{ "acknowledged", FIELD(snd_una), { STYLE_ACK, '-', 2 }, true, false,
	  false },
	{ "sent", FIELD(snd_nxt), { STYLE_DATA, 'o', 3 }, true, false, true },
	{ 0 },
};

static const struct curve rtt_curves[] = {
	{ "srtt", FIELD(srtt), { STYLE_RTT, '*', 2 }, true, false, true },
	{ 0 },
};

static const struct graph {
	const char *name;
	const struct curve *curves;
	bool from_zero;
	char *(*figure)(char buf[SHOW_SIZE], int64_t v);
} graphs[N_GRAPHS] = {
	[GRAPH_WINDOW] = { "windows, bytes", window_curves, true,
			   show_size },
	[GRAPH_SEQUENCE] = { "sequence numbers", sequence_curves, false,
			     show_size },
	[GRAPH_RTT] = { "round trip", rtt_curves, true, show_duration },
};

const char *
graph_name(enum graph_kind kind)
{
	return graphs[kind].name;
}

/* A value of a sample; the window edge is the one that is computed. */
static int64_t
value_of(enum graph_kind kind, const struct curve *curve,
	 const struct conn_sample *s)
{
	int64_t v;

	memcpy(&v, (const char *)s + curve->field, sizeof(v));
	if (kind == GRAPH_SEQUENCE && curve->field == FIELD(rwnd) &&
	    v != CONN_UNKNOWN)
		return s->snd_una == CONN_UNKNOWN ? CONN_UNKNOWN
						  : s->snd_una + v;
	return v;
}

struct scale {
	double low, high;
	bool known;
};

static void
scale_take(struct scale *s, int64_t v)
{
	if (v == CONN_UNKNOWN)
		return;
	if (!s->known || (double)v < s->low)
		s->low = (double)v;
	if (!s->known || (double)v > s->high)
		s->high = (double)v;
	s->known = true;
}

static bool
is_in_view(const struct graph_view *v, const struct conn_sample *s,
	   const struct conn_sample *next)
{
	return s->ts < v->view.to && (!next || next->ts >= v->view.from);
}

static struct scale
scale_of(enum graph_kind kind, const struct graph_view *v, bool all)
{
	const struct conn_sample *s = v->conn->sample[v->side];
	size_t n = v->conn->n_samples[v->side];
	struct scale scale = { 0 };

	for (size_t i = 0; i < n; i++) {
		if (!is_in_view(v, &s[i], i + 1 < n ? &s[i + 1] : NULL))
			continue;
		for (const struct curve *c = graphs[kind].curves;
		     c->series.sign; c++)
			if (c->scales || all)
				scale_take(&scale, value_of(kind, c, &s[i]));
	}
	if (!scale.known && !all)
		return scale_of(kind, v, true);
	if (graphs[kind].from_zero)
		scale.low = 0;
	if (scale.high <= scale.low)
		scale.high = scale.low + 1;
	scale.high += (scale.high - scale.low) * 0.05;
	return scale;
}

struct pen {
	struct plot *plot;
	const struct span *view;
	struct scale scale;
};

static int
pen_x(const struct pen *p, nstime ts)
{
	return span_column(p->view, plot_width(p->plot), ts);
}

static int
pen_y(const struct pen *p, int64_t v)
{
	return plot_row(p->plot, p->scale.low, p->scale.high, (double)v);
}

static void
draw_piece(const struct pen *p, const struct curve *c, nstime from,
	   int64_t v, nstime to, int64_t next)
{
	int x0 = pen_x(p, from), x1 = pen_x(p, to);
	int y0 = pen_y(p, v);
	int y1 = next == CONN_UNKNOWN ? y0 : pen_y(p, next);

	if (c->dotted) {
		int step = p->plot->across == 1 ? 2 : 4;

		for (int x = x0 < 0 ? 0 : x0;
		     x <= x1 && x < plot_width(p->plot); x++)
			if (x % step == 0)
				plot_dot(p->plot, x, y0, &c->series);
	} else if (c->joined) {
		plot_line(p->plot, x0, y0, x1, y1, &c->series);
	} else {
		plot_step(p->plot, x0, y0, x1, y1, &c->series);
	}
}

static void
draw_curve(const struct pen *p, enum graph_kind kind, const struct curve *c,
	   const struct graph_view *v)
{
	const struct conn_sample *s = v->conn->sample[v->side];
	size_t n = v->conn->n_samples[v->side];

	for (size_t i = 0; i < n; i++) {
		const struct conn_sample *next = i + 1 < n ? &s[i + 1] : NULL;
		int64_t value = value_of(kind, c, &s[i]);

		if (value == CONN_UNKNOWN || !is_in_view(v, &s[i], next))
			continue;
		draw_piece(p, c, s[i].ts, value,
			   next ? next->ts : s[i].ts,
			   next ? value_of(kind, c, next) : value);
	}
}

/* Retransmissions where they went, or at the foot of the other graphs. */
static void
draw_events(const struct pen *p, enum graph_kind kind,
	    const struct graph_view *v)
{
	static const struct series rtx = { STYLE_RTX, 'R', 9 };
	static const struct series loss = { STYLE_SACK, 'L', 8 };

	for (size_t i = 0; i < v->conn->n_events; i++) {
		const struct conn_event *e = &v->conn->event[i];
		bool is_rtx = strncmp(e->kind, "rtx_", 4) == 0;
		bool is_loss = strcmp(e->kind, "loss") == 0;
		int x = pen_x(p, e->ts), y;

		if (e->side != v->side || (!is_rtx && !is_loss))
			continue;
		if (kind == GRAPH_SEQUENCE && e->seq != CONN_UNKNOWN)
			y = pen_y(p, e->seq);
		else if (is_rtx)
			y = plot_height(p->plot) - 1;
		else
			continue;
		plot_dot(p->plot, x, y, is_rtx ? &rtx : &loss);
	}
}

/* What the peer has acknowledged beyond a hole (RFC 2018). */
static void
draw_sacks(const struct pen *p, const struct graph_view *v)
{
	static const struct series sack = { STYLE_SACK, 's', 7 };

	for (size_t i = 0; v->segments && i < v->segments->n; i++) {
		const struct segment *s = &v->segments->row[i];
		const char *at = s->side == v->side ? NULL
				 : strstr(s->options, "sack ");
		int64_t from, to;

		for (; at; at = strstr(at + 1, "sack "))
			if (sscanf(at, "sack %" SCNd64 ":%" SCNd64, &from,
				   &to) == 2)
				plot_line(p->plot, pen_x(p, s->ts),
					  pen_y(p, from), pen_x(p, s->ts),
					  pen_y(p, to), &sack);
	}
}

static void
draw_scale(struct canvas *c, enum graph_kind kind, const struct scale *s)
{
	int n = c->rows > 8 ? 4 : c->rows > 3 ? 2 : 1;

	for (int y = 0; y < c->rows; y++)
		canvas_glyph(c, GRAPH_LEFT - 1, y, GLYPH_VLINE, STYLE_AXIS);
	for (int i = 0; i <= n; i++) {
		int y = (c->rows - 1) * i / n;
		double at = c->rows > 1 ? 1 - (double)y / (c->rows - 1) : 1;
		char figure[SHOW_SIZE];

		graphs[kind].figure(figure, (int64_t)(s->low +
				    (s->high - s->low) * at));
		canvas_printf(c, 0, y, STYLE_AXIS, "%6s", figure);
		canvas_glyph(c, GRAPH_LEFT - 1, y, GLYPH_TEE, STYLE_AXIS);
	}
}

/* Its most, where it lies above the scale in all of the view. */
static bool
is_above(enum graph_kind kind, const struct curve *c,
	 const struct graph_view *v, const struct scale *scale,
	 int64_t *least)
{
	const struct conn_sample *s = v->conn->sample[v->side];
	size_t n = v->conn->n_samples[v->side];
	bool seen = false;

	for (size_t i = 0; i < n; i++) {
		int64_t value = value_of(kind, c, &s[i]);

		if (value == CONN_UNKNOWN ||
		    !is_in_view(v, &s[i], i + 1 < n ? &s[i + 1] : NULL))
			continue;
		if ((double)value <= scale->high)
			return false;
		if (!seen || value < *least)
			*least = value;
		seen = true;
	}
	return seen;
}

static void
draw_legend(struct canvas *c, enum graph_kind kind,
	    const struct graph_view *v, const struct scale *scale)
{
	int x = GRAPH_LEFT + 1;

	x += canvas_printf(c, x, 0, STYLE_STRONG, "%s of the %s ",
			   graphs[kind].name, side_name(v->side));
	for (const struct curve *k = graphs[kind].curves; k->series.sign;
	     k++) {
		char figure[SHOW_SIZE];
		int64_t least = 0;

		if (!k->label)
			continue;
		if (x + (int)strlen(k->label) + 3 > c->cols)
			return;
		x += canvas_text(c, x, 0, STYLE_DIM, " ");
		if (c->ascii)
			canvas_put(c, x++, 0, (uint32_t)k->series.sign,
				   k->series.style);
		x += canvas_text(c, x, 0, k->series.style, k->label);
		if (is_above(kind, k, v, scale, &least))
			x += canvas_printf(c, x, 0, STYLE_DIM, ">%s",
				graphs[kind].figure(figure, least));
	}
	if (kind == GRAPH_SEQUENCE && x + 9 < c->cols)
		x += canvas_text(c, x, 0, STYLE_RTX, c->ascii ? " Rrtx"
							      : " rtx");
	if (kind == GRAPH_SEQUENCE && v->segments && x + 9 < c->cols)
		canvas_text(c, x, 0, STYLE_SACK, c->ascii ? " sSACK"
							  : " SACK");
}

static void
draw_cursor(struct canvas *c, const struct graph_view *v)
{
	int x = span_column(&v->view, c->cols, v->cursor);

	if (v->cursor == NSTIME_NONE || x < 0 || x >= c->cols)
		return;
	for (int y = 0; y < c->rows; y++) {
		struct canvas one = canvas_sub(c, x, y, 1, 1);

		if (one.cell->ch == ' ')
			canvas_glyph(c, x, y, GLYPH_VLINE, STYLE_CURSOR);
		else
			canvas_select(c, x, y, 1);
	}
}

void
graph_draw(struct canvas *c, enum graph_kind kind, const struct graph_view *v)
{
	struct canvas area = canvas_sub(c, GRAPH_LEFT, 1,
					c->cols - GRAPH_LEFT, c->rows - 1);
	struct canvas left = canvas_sub(c, 0, 1, GRAPH_LEFT, c->rows - 1);
	struct scale scale = scale_of(kind, v, false);
	struct plot plot;
	struct pen pen = { &plot, &v->view, scale };

	if (area.cols < 2 || area.rows < 1)
		return;
	draw_legend(c, kind, v, &scale);
	if (v->conn->n_samples[v->side] == 0) {
		canvas_text(&area, 2, area.rows / 2, STYLE_DIM,
			    "this side sent nothing to be measured");
		return;
	}
	draw_scale(&left, kind, &scale);
	if (plot_init(&plot, area.cols, area.rows, c->ascii) < 0)
		return;
	for (const struct curve *k = graphs[kind].curves; k->series.sign; k++)
		draw_curve(&pen, kind, k, v);
	if (kind == GRAPH_SEQUENCE)
		draw_sacks(&pen, v);
	draw_events(&pen, kind, v);
	plot_show(&plot, &area, 0, 0);
	plot_release(&plot);
	draw_cursor(&area, v);
}
