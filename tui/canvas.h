/*
 * canvas.h - the screen as cells, before any terminal has seen it.
 *
 * Views draw on a canvas; terminal.c puts it on the terminal.  Whatever is
 * drawn outside is clipped, so that no view checks the size of the screen.
 * Text passes through one gate: what is not printable, or not one column wide
 * for certain, becomes '?', so that bytes of a packet never reach the
 * terminal.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/style.h"

struct cell {
	uint32_t ch;		/* a code point, one column wide */
	uint8_t style;		/* enum style */
	bool selected;		/* shown in reverse */
};

struct canvas {
	int x0, y0;		/* where its corner is on the whole screen */
	int cols, rows;
	int stride;
	bool ascii;		/* glyphs are drawn by characters */
	struct cell *cell;
};

/* Signs that have an ASCII stand-in. */
enum glyph {
	GLYPH_HLINE,
	GLYPH_VLINE,
	GLYPH_CROSS,
	GLYPH_LEFT,		/* arrow heads */
	GLYPH_RIGHT,
	GLYPH_UP,
	GLYPH_DOWN,
	GLYPH_BLOCK,
	GLYPH_SHADE,
	GLYPH_DOT,
	GLYPH_ELLIPSIS,
	GLYPH_TEE,		/* an axis and a tick */
	GLYPH_CORNER,		/* lower left */
	GLYPH_TOP_LEFT,
	GLYPH_TOP_RIGHT,
	GLYPH_BOTTOM_RIGHT,
	N_GLYPHS
};

/* -1 where there is no memory. */
int canvas_init(struct canvas *c, int cols, int rows, bool ascii);
void canvas_release(struct canvas *c);
void canvas_clear(struct canvas *c);

/* A part of c, cut to what c has.  It lives as long as c. */
struct canvas canvas_sub(const struct canvas *c, int x, int y, int cols,
			 int rows);

void canvas_put(struct canvas *c, int x, int y, uint32_t ch, enum style s);
void canvas_glyph(struct canvas *c, int x, int y, enum glyph g, enum style s);
void canvas_fill(struct canvas *c, int x, int y, int n, uint32_t ch,
		 enum style s);

/* UTF-8.  Both return the columns taken. */
int canvas_text(struct canvas *c, int x, int y, enum style s,
		const char *text);
int canvas_printf(struct canvas *c, int x, int y, enum style s,
		  const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* At most n columns; what is cut ends in an ellipsis. */
int canvas_text_cut(struct canvas *c, int x, int y, int n, enum style s,
		    const char *text);

/* Words broken at spaces.  Returns the rows taken. */
int canvas_paragraph(struct canvas *c, int x, int y, int n, enum style s,
		     const char *text);

/* A level of 0 to 8 eighths of a cell, for sparklines. */
void canvas_level(struct canvas *c, int x, int y, int eighths, enum style s);

void canvas_select(struct canvas *c, int x, int y, int n);
void canvas_restyle(struct canvas *c, int x, int y, int n, enum style s);

/* A row as UTF-8 without the spaces at its end.  Returns its length. */
size_t canvas_row(const struct canvas *c, int y, char *buf, size_t size);

/* Columns that a text takes. */
int canvas_columns(const char *text);

#endif
