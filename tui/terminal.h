/*
 * terminal.h - the terminal: the only file that knows curses, and its stand-in.
 *
 * A terminal that cannot place its cursor (TERM=dumb) gets each screen as
 * lines, one after the other.  Whatever happens, also SIGSEGV, the terminal
 * is as it was when the program ends.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"
#include "tui/keys.h"

struct terminal_options {
	bool ascii, mono, no_mouse;
};

struct terminal;

/* NULL and a text on failure.  There is one terminal in a process. */
struct terminal *terminal_open(const struct terminal_options *o, char *error,
		       size_t error_size);
void terminal_close(struct terminal *t);

void terminal_size(const struct terminal *t, int *cols, int *rows);

/* Put a canvas on the terminal, cursor included (-1: hidden). */
void terminal_show(struct terminal *t, const struct canvas *c, int cursor_x,
	       int cursor_y);

/* It may show anything: write all of it anew. */
void terminal_redraw(struct terminal *t);

/* The next key, or 0 after timeout_ms; KEY_SIZE after a resize; -1 when the
   terminal is gone or a signal has asked to end. */
int terminal_key(struct terminal *t, int timeout_ms, struct mouse *mouse);

/* A key is there to be read, or the end is asked for. */
bool terminal_key_waits(void);

/* Into the clipboard of the terminal (OSC 52), where it is allowed. */
void terminal_bell(struct terminal *t);
void terminal_clipboard(struct terminal *t, const char *text);

#endif
