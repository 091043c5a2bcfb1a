/*
 * lane.h - a row over time: what holds when, and marks on it.
 *
 * Pure.  A column shows what held for most of its time, by letter and by
 * colour, and of its marks the one with the highest rank.  Columns in which
 * nothing holds stay empty: a lane begins and ends where its connection does.
 */
#ifndef TUI_LANE_H
#define TUI_LANE_H

#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/span.h"

#define LANE_COLS 512

struct lane {
	struct span view;
	int cols;
	struct lane_column {
		nstime weight;
		const char *name;	/* spelled out where there is room */
		char letter;
		uint8_t style;
		bool begins;		/* something else was before */
		uint8_t mark_rank;
		char mark;
		uint8_t mark_style;
	} column[LANE_COLS];
};

void lane_init(struct lane *l, const struct span *view, int cols);

/* name lives as long as the lane; it is only used by lane_draw_named. */
void lane_piece(struct lane *l, nstime from, nstime to,
		const struct look *look);
void lane_mark(struct lane *l, nstime ts, const struct mark_look *mark);

void lane_draw(const struct lane *l, struct canvas *c, int x, int y);

/* The same with names instead of letters where they fit. */
void lane_draw_named(const struct lane *l, struct canvas *c, int x, int y);

#endif
