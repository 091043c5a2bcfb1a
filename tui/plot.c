/*
 * plot.c - dots and cells: plot.h.
 */
#include <stdlib.h>

#include "tui/plot.h"

int
plot_init(struct plot *p, int cols, int rows, bool ascii)
{
	*p = (struct plot){ .cols = cols > 0 ? cols : 0,
			    .rows = rows > 0 ? rows : 0,
			    .across = ascii ? 1 : 2,
			    .down = ascii ? 1 : 4 };
	p->cell = calloc((size_t)p->cols * (size_t)p->rows + 1,
			 sizeof(*p->cell));
	return p->cell ? 0 : -1;
}

void
plot_release(struct plot *p)
{
	free(p->cell);
	*p = (struct plot){ 0 };
}

int
plot_width(const struct plot *p)
{
	return p->cols * p->across;
}

int
plot_height(const struct plot *p)
{
	return p->rows * p->down;
}

/* U+2800 counts its dots down the left column, then the right, and has the
   fourth row as an afterthought. */
static const uint8_t braille[4][2] = {
	{ 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 },
};

void
plot_dot(struct plot *p, int x, int y, const struct series *s)
{
	struct plot_cell *cell;

	if (x < 0 || y < 0 || x >= plot_width(p) || y >= plot_height(p))
		return;
	cell = &p->cell[y / p->down * p->cols + x / p->across];
	cell->dots |= braille[y % p->down][x % p->across];
	if (cell->sign == 0 || s->rank >= cell->rank) {
		cell->rank = s->rank;
		cell->style = (uint8_t)s->style;
		cell->sign = s->sign;
	}
}

/* Cut to a little more than the plot, so that far ends cost nothing. */
static int
near(int v, int limit)
{
	return v < -1 ? -1 : v > limit ? limit : v;
}

void
plot_line(struct plot *p, int x0, int y0, int x1, int y1,
	  const struct series *s)
{
	int dx, dy, steps;

	x0 = near(x0, plot_width(p));
	x1 = near(x1, plot_width(p));
	y0 = near(y0, plot_height(p));
	y1 = near(y1, plot_height(p));
	dx = x1 - x0;
	dy = y1 - y0;
	steps = abs(dx) > abs(dy) ? abs(dx) : abs(dy);
	for (int i = 0; i <= steps; i++)
		plot_dot(p, x0 + (steps ? dx * i / steps : 0),
			 y0 + (steps ? dy * i / steps : 0), s);
}

void
plot_step(struct plot *p, int x0, int y0, int x1, int y1,
	  const struct series *s)
{
	plot_line(p, x0, y0, x1, y0, s);
	plot_line(p, x1, y0, x1, y1, s);
}

void
plot_show(const struct plot *p, struct canvas *c, int x, int y)
{
	for (int i = 0; i < p->cols * p->rows; i++) {
		const struct plot_cell *cell = &p->cell[i];

		if (cell->dots)
			canvas_put(c, x + i % p->cols, y + i / p->cols,
				   p->down == 1 ? (uint32_t)cell->sign
						: 0x2800u + cell->dots,
				   (enum style)cell->style);
	}
}

int
plot_row(const struct plot *p, double low, double high, double value)
{
	int height = plot_height(p);
	double at;

	if (!(high > low))
		return height - 1;
	at = (value - low) / (high - low) * (height - 1);
	if (at < -1)
		at = -1;
	if (at > height)
		at = height;
	return height - 1 - (int)(at + (at < 0 ? -0.5 : 0.5));
}
