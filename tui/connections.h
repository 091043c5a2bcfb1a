/*
 * connections.h - the panel of connections, for its own files: the list and
 * its filter (connections.c), how it is drawn (connections_draw.c), and what
 * the keys do to the lanes (connections_lanes.c).
 */
#ifndef TUI_CONNECTIONS_H
#define TUI_CONNECTIONS_H

#include "tui/app.h"
#include "tui/column.h"
#include "tui/lane_load.h"
#include "tui/pager.h"
#include "tui/prompt.h"

enum showing { SHOW_TABLE, SHOW_BOTH, SHOW_LANES };

#define BOTH_FROM_COLS 120	/* a screen wide enough for both */
#define TABLE_COLS     86	/* of the table then, or half */
#define LABEL_COLS     29	/* of the labels beside lanes alone */

struct connections {
	struct pager *pager;
	struct query *row;
	struct lane_queries lanes;
	struct list list;
	int64_t selected;	/* conn_id; 0: none */
	bool to_end;		/* select the last row when it is known */

	struct prompt prompt;
	bool editing;
	char applied[PROMPT_SIZE];	/* the filter that the list has */
	char before[PROMPT_SIZE];	/* the one before editing */
	struct conn_filter filter;
	char error[200];

	enum list_column_id sort;
	bool descending;
	bool choosing;		/* the menu of columns */
	struct list menu;

	int showing;		/* enum showing; -1: as the width says */
	enum lane_mode mode;
	struct span limits, view;
	bool indexed;
	struct column_layout layout;
	struct canvas body, lane_area;
};

/* Rows on the screen, at least one. */
size_t connections_height(const struct connections *cs);

/* What is shown on a screen so wide. */
enum showing connections_showing(const struct connections *cs, int cols);

void connections_draw(struct tui *t, void *state, struct canvas *c);

/* Keys for the lanes. */
void lanes_toggle(struct tui *t, void *state, int key);
void lanes_next_mode(struct tui *t, void *state, int key);
void lanes_zoom(struct tui *t, void *state, int key);
void lanes_zoom_to_selected(struct tui *t, void *state, int key);
void lanes_zoom_out(struct tui *t, void *state, int key);
void lanes_pan(struct tui *t, void *state, int key);

#endif
