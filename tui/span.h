/*
 * span.h - a stretch of capture time and the columns that show it.
 *
 * Pure: zooming and panning are tested without a terminal.  A span is never
 * empty and never leaves the limits it was given.
 */
#ifndef TUI_SPAN_H
#define TUI_SPAN_H

#include "base/nstime.h"

struct span {
	nstime from, to;	/* [from, to) */
};

/* Nothing is shown in more detail than this for a screen. */
#define SPAN_MIN (10 * NS_PER_US)

/* The limits, made long enough to be shown. */
struct span span_of(nstime from, nstime to);

/* Twice as close for each step > 0, around `about`. */
void span_zoom(struct span *s, struct span limits, nstime about, int steps);

/* Eighths of what is shown; negative is to the past. */
void span_pan(struct span *s, struct span limits, int eighths);

/* Bring ts into view, moving as little as possible. */
void span_show(struct span *s, struct span limits, nstime ts);

/* The column of ts: negative or >= cols where it is outside. */
int span_column(const struct span *s, int cols, nstime ts);

/* The first moment of a column. */
nstime span_time(const struct span *s, int cols, int column);

/* A round step of 1, 2 or 5 times a power of ten, at least width / n. */
int64_t round_step(int64_t width, int n);

#endif
