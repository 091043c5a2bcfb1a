/*
 * axis.h - ticks and their labels.  Pure.
 */
#ifndef TUI_AXIS_H
#define TUI_AXIS_H

#include "tui/canvas.h"
#include "tui/span.h"

/* A row of times, relative to origin; each label begins at its moment. */
void axis_time(struct canvas *c, int x, int y, int cols,
	       const struct span *s, nstime origin);

/* The label of a moment, as exact as a step needs: "1.5s", "250ms". */
void axis_time_label(char *buf, size_t size, nstime at, nstime step);

#endif
