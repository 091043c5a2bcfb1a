/*
 * ladder.h - segments as arrows between the two ends.  Pure.
 *
 *	     1   0.000000           |SYN-SENT-- S 0:0(0) win 64240 ------>|
 *	     2   0.020134  +20.1ms  |<--- S. 0:0(0) ack 1 --SYN-RECEIVED--|
 *
 * Numbers are relative, in the notation of packetdrill: seq:end(len).  The
 * state that a packet brings an end into stands at that end.
 */
#ifndef TUI_LADDER_H
#define TUI_LADDER_H

#include "tui/canvas.h"
#include "tui/conn.h"
#include "tui/segments.h"

/* before: the segment in the row above, for the gap; or NULL. */
void ladder_row(struct canvas *c, int y, const struct conn *conn,
		const struct segment *s, const struct segment *before);

void ladder_head(struct canvas *c, int y, const struct conn *conn);

/* "S. 0:0(0) ack 1 win 65160 <mss 1460>", as much of it as fits into n. */
void ladder_label(char *buf, size_t size, int n, const struct segment *s);

#endif
