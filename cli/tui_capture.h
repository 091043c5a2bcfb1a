/*
 * tui_capture.h - the packets of a connection, read again from the capture.
 *
 * The database has no bytes.  Whoever wants them goes through the capture
 * once more, from the beginning to the connection's last packet.
 */
#ifndef CLI_TUI_CAPTURE_H
#define CLI_TUI_CAPTURE_H

#include "store/query.h"
#include "tui/tui.h"

#define TUI_CAPTURE_FILES 64

struct tui_capture {
	struct store *st;
	const char *database;	/* its path: captures may lie beside it */
	const char *file;	/* the capture, where it is known; or NULL */
};

/* The functions for the views; c lives as long as they are used. */
struct tui_source tui_capture_source(struct tui_capture *c);

#endif
