/*
 * lane.c - pieces and marks into columns: lane.h.
 */
#include <string.h>

#include "tui/lane.h"

void
lane_init(struct lane *l, const struct span *view, int cols)
{
	memset(l, 0, sizeof(*l));
	l->view = *view;
	l->cols = cols < 0 ? 0 : cols > LANE_COLS ? LANE_COLS : cols;
}

static void
hold(struct lane *l, int i, nstime weight, bool begins,
     const struct look *look)
{
	struct lane_column *col = &l->column[i];

	if (weight <= col->weight)
		return;
	col->weight = weight;
	col->name = look->name;
	col->letter = look->letter;
	col->style = (uint8_t)look->style;
	col->begins = begins;
}

void
lane_piece(struct lane *l, nstime from, nstime to, const struct look *look)
{
	int first, last;

	if (to < from || to < l->view.from || from >= l->view.to)
		return;
	first = span_column(&l->view, l->cols, from);
	last = span_column(&l->view, l->cols, to);
	if (last >= l->cols)
		last = l->cols - 1;
	for (int i = first < 0 ? 0 : first; i <= last; i++) {
		nstime a = span_time(&l->view, l->cols, i);
		nstime b = span_time(&l->view, l->cols, i + 1);

		if (a < from)
			a = from;
		if (b > to)
			b = to;
		hold(l, i, b > a ? b - a : 1, i == first, look);
	}
}

void
lane_mark(struct lane *l, nstime ts, const struct mark_look *mark)
{
	int i = span_column(&l->view, l->cols, ts);
	struct lane_column *col;

	if (mark->sign == 0 || i < 0 || i >= l->cols)
		return;
	col = &l->column[i];
	if (col->mark && mark->rank < col->mark_rank)
		return;
	col->mark = mark->sign;
	col->mark_rank = mark->rank;
	col->mark_style = (uint8_t)mark->style;
}

/* Columns from i on that show the same. */
static int
run_length(const struct lane *l, int i)
{
	int n = 1;

	while (i + n < l->cols && l->column[i + n].weight > 0 &&
	       l->column[i + n].name == l->column[i].name)
		n++;
	return n;
}

/* Where in a run len columns and one more are free of marks; -1: nowhere. */
static int
room_for_name(const struct lane *l, int i, int n, int len)
{
	int free = 0;

	for (int k = 0; k < n; k++) {
		free = l->column[i + k].mark ? 0 : free + 1;
		if (free == len + 1)
			return k - len;
	}
	return -1;
}

static void
draw_run(const struct lane *l, struct canvas *c, int x, int y, int i, int n,
	 bool named)
{
	const struct lane_column *col = &l->column[i];
	enum style s = (enum style)col->style;
	int len = named && col->name ? (int)strlen(col->name) : 0;
	int at = len > 0 ? room_for_name(l, i, n, len) : -1;

	for (int k = 0; k < n; k++)
		canvas_glyph(c, x + i + k, y, GLYPH_HLINE, s);
	if (at != 0)
		canvas_put(c, x + i, y, (uint32_t)col->letter, s);
	if (at >= 0)
		canvas_text(c, x + i + at, y, s, col->name);
}

static void
draw(const struct lane *l, struct canvas *c, int x, int y, bool named)
{
	for (int i = 0; i < l->cols;) {
		int n = 1;

		if (l->column[i].weight > 0) {
			n = run_length(l, i);
			draw_run(l, c, x, y, i, n, named);
		}
		i += n;
	}
	for (int i = 0; i < l->cols; i++)
		if (l->column[i].mark)
			canvas_put(c, x + i, y,
				   (uint32_t)l->column[i].mark,
				   (enum style)l->column[i].mark_style);
}

void
lane_draw(const struct lane *l, struct canvas *c, int x, int y)
{
	draw(l, c, x, y, false);
}

void
lane_draw_named(const struct lane *l, struct canvas *c, int x, int y)
{
	draw(l, c, x, y, true);
}
