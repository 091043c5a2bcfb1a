/*
 * graph.h - a connection's curves: samples and events to cells.
 *
 * Pure: knows neither the database nor a terminal.
 */
#ifndef TUI_GRAPH_H
#define TUI_GRAPH_H

#include "tui/canvas.h"
#include "tui/conn.h"
#include "tui/segments.h"
#include "tui/span.h"

enum graph_kind {
	GRAPH_WINDOW,		/* cwnd and bounds, ssthresh, rwnd, flight */
	GRAPH_SEQUENCE,		/* data, ACK line, window edge, rtx, SACK */
	GRAPH_RTT,
	N_GRAPHS
};

struct graph_view {
	const struct conn *conn;
	int side;		/* the sender that is looked at */
	struct span view;
	nstime cursor;		/* a line there; NSTIME_NONE: no line */
	const struct segments *segments;	/* for SACK; or NULL */
};

/* Columns that the scale at the left takes. */
#define GRAPH_LEFT 7

/* The graph with its scale and legend; no axis of time. */
void graph_draw(struct canvas *c, enum graph_kind kind,
		const struct graph_view *v);

const char *graph_name(enum graph_kind kind);

#endif
