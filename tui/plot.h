/*
 * plot.h - curves as dots, dots as cells.
 *
 * A plot is a grid of dots, eight a cell in braille (two across, four down),
 * one a cell in ASCII.  Who draws counts in dots from the upper left corner;
 * who shows it asks for cells.  A cell shows one colour and, in ASCII, one
 * sign: those of the series with the highest rank that has a dot in it.
 */
#ifndef TUI_PLOT_H
#define TUI_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"

struct series {
	enum style style;
	char sign;		/* in ASCII */
	uint8_t rank;
};

struct plot_cell {
	uint8_t dots;		/* bits as in U+2800 */
	uint8_t rank;
	uint8_t style;
	char sign;
};

struct plot {
	int cols, rows;		/* in cells */
	int across, down;	/* dots in a cell */
	struct plot_cell *cell;
};

int plot_init(struct plot *p, int cols, int rows, bool ascii);
void plot_release(struct plot *p);

int plot_width(const struct plot *p);	/* in dots */
int plot_height(const struct plot *p);

void plot_dot(struct plot *p, int x, int y, const struct series *s);
void plot_line(struct plot *p, int x0, int y0, int x1, int y1,
	       const struct series *s);
/* From the first point along to x1, then up or down: what holds until. */
void plot_step(struct plot *p, int x0, int y0, int x1, int y1,
	       const struct series *s);

void plot_show(const struct plot *p, struct canvas *c, int x, int y);

/* The dot row of a value between low, at the bottom, and high. */
int plot_row(const struct plot *p, double low, double high, double value);

#endif
