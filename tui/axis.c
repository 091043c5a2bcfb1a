/*
 * axis.c - round steps, written in the unit that suits them: axis.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tui/axis.h"

#define LABEL_COLS 12

void
axis_time_label(char *buf, size_t size, nstime at, nstime step)
{
	nstime unit = step >= NS_PER_S ? NS_PER_S : NS_PER_MS;
	int decimals = 0;

	if (step >= 60 * NS_PER_S && at >= 60 * NS_PER_S) {
		snprintf(buf, size, "%" PRId64 "m%02ds",
			 at / (60 * NS_PER_S),
			 (int)(at / NS_PER_S % 60));
		return;
	}
	if (step < NS_PER_S && at >= NS_PER_S && step >= NS_PER_MS)
		unit = NS_PER_S;
	if (step < NS_PER_MS && at < NS_PER_MS)
		unit = NS_PER_US;
	for (nstime s = step; s < unit && decimals < 6; s *= 10)
		decimals++;
	snprintf(buf, size, "%.*f%s", decimals, (double)at / (double)unit,
		 unit == NS_PER_S ? "s" : unit == NS_PER_MS ? "ms" : "us");
}

void
axis_time(struct canvas *c, int x, int y, int cols, const struct span *s,
	  nstime origin)
{
	nstime step = round_step(s->to - s->from, cols / LABEL_COLS);
	nstime first = (s->from - origin) / step * step;
	struct canvas row = canvas_sub(c, x, y, cols, 1);

	if (cols < 1)
		return;
	for (nstime at = first; at + origin < s->to; at += step) {
		int col = span_column(s, cols, origin + at);
		char label[32];

		if (col < 0 || at < 0)
			continue;
		axis_time_label(label, sizeof(label), at, step);
		if (col + canvas_columns(label) + 1 > cols && col > 0)
			break;
		canvas_glyph(&row, col, 0, GLYPH_VLINE, STYLE_AXIS);
		canvas_text(&row, col + 1, 0, STYLE_AXIS, label);
	}
}
