/*
 * terminal_paint.h - how each style looks.
 */
#ifndef TUI_TERMINAL_PAINT_H
#define TUI_TERMINAL_PAINT_H

#include <curses.h>

#include "tui/style.h"

struct paint {
	short fg256, bg256, fg8, bg8;	/* -1: the terminal's own */
	attr_t attr;
	attr_t mono;		/* without colours */
};

extern const struct paint paints[N_STYLES];

#endif
