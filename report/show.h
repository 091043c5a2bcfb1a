/*
 * show.h - one connection: its facts, states, findings and events.
 *
 * The segments follow; they come from the capture, which cli/cmd_show.c
 * reads again, or from the table `segment`.
 */
#ifndef REPORT_SHOW_H
#define REPORT_SHOW_H

#include "report/page.h"
#include "store/query.h"

/* -1: there is no such connection, or the store cannot be read;
   store_error() says which. */
int show_connection(struct page *p, struct store *st, int64_t conn_id);

/*
 * One line a segment: number, time since the connection began, direction,
 * tcpdump's words, and in brackets what its events are.  Segments come in the
 * order of their frame numbers.
 */
struct segment_lines {
	struct page *page;
	struct query *events;	/* of the connection */
	bool event_at_hand;
	int64_t start_ns;
};

int segment_lines_init(struct segment_lines *l, struct page *p,
		       struct store *st, int64_t conn_id, int64_t start_ns);
void segment_lines_release(struct segment_lines *l);
void segment_lines_add(struct segment_lines *l, int64_t frame, int64_t ts_ns,
		       bool from_client, const char *text);

/* The segments of a database made with --segments: how many; -1: error. */
int64_t show_stored_segments(struct segment_lines *l, struct store *st,
			     int64_t conn_id, int64_t limit);

#endif
