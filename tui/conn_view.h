/*
 * conn_view.h - the panel of one connection, as its tabs see it.
 *
 * The tabs are panels themselves (conn_tabs), with one cursor for all: a
 * moment and a packet.  A tab is opened when it is first shown, and closed
 * when another connection is.
 */
#ifndef TUI_CONN_VIEW_H
#define TUI_CONN_VIEW_H

#include "tui/app.h"
#include "tui/conn.h"
#include "tui/prompt.h"
#include "tui/segments.h"

enum conn_tab {
	TAB_GRAPH,
	TAB_LADDER,
	TAB_PACKET,
	TAB_EVENTS,
	TAB_FINDINGS,
	TAB_STREAMS,
	TAB_FACTS,
	N_TABS
};

extern const struct panel events_tab;
extern const struct panel facts_tab;
extern const struct panel findings_tab;
extern const struct panel graph_tab;
extern const struct panel ladder_tab;
extern const struct panel packet_tab;
extern const struct panel streams_tab;
extern const struct panel *const conn_tabs[N_TABS];

struct conn_view {
	struct conn conn;
	bool loaded;
	char error[160];
	enum conn_tab tab;
	void *state[N_TABS];
	bool opened[N_TABS];
	int side;		/* the sender that graphs look at */
	struct span view;
	/* The cursor. */
	nstime at_ts;
	int64_t at_frame;
	size_t at_stop;		/* of several there: conn_view_stop() */
	/* Packets: out of the store, or of the capture when it was read. */
	struct segments segments;
	int64_t next_load_ns;	/* no refresh before */
	bool saving;
	struct prompt save_as;
	struct canvas tab_line;
};

struct conn_view *conn_view_of(struct tui *t);
void conn_view_at(struct conn_view *v, nstime ts, int64_t frame);

/* The stop at the cursor, or the nearest; *here: it is at the cursor. */
size_t conn_view_stop(const struct conn_view *v, bool *here);
void conn_view_go_to_stop(struct conn_view *v, size_t i);
void conn_view_tab(struct tui *t, enum conn_tab tab);

/* Segments around the cursor; those of the capture with their bytes. */
void conn_view_need_segments(struct tui *t, bool with_bytes);

#endif
