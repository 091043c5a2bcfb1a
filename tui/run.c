/*
 * run.c - the application on a terminal: tui_run().
 *
 * Keys come before work: what takes long is done in pieces of WORK_NS between
 * them, so that the next key never waits for more than one piece.
 */
#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/terminal.h"

#define IDLE_MS	   250
#define RUNNING_MS 40

static void
show(struct tui *t, struct terminal *term)
{
	tui_draw(t);
	if (t->redraw_all)
		terminal_redraw(term);
	t->redraw_all = false;
	terminal_show(term, &t->screen, t->cursor_x, t->cursor_y);
	if (t->clipboard[0])
		terminal_clipboard(term, t->clipboard);
	t->clipboard[0] = '\0';
	if (t->ring)
		terminal_bell(term);
	t->ring = false;
}

/* False: the terminal is gone, or has no memory for its new size. */
static bool
take_key(struct tui *t, struct terminal *term, int key)
{
	int cols, rows;

	if (key < 0)
		return false;
	terminal_size(term, &cols, &rows);
	if ((cols != t->screen.cols || rows != t->screen.rows) &&
	    tui_resize(t, cols, rows) < 0)
		return false;
	if (key > 0)
		tui_key(t, key);
	return true;
}

/* A capture that is being written gets most of the machine, and the locks. */
static int
wait_ms(const struct tui *t, bool more)
{
	if (!more)
		return IDLE_MS;
	return strcmp(t->capture.status, "running") == 0 ? RUNNING_MS : 0;
}

static void
loop(struct tui *t, struct terminal *term)
{
	bool more = true;

	while (!t->quit) {
		int key;

		more = tui_work(t, WORK_NS);
		show(t, term);
		key = terminal_key(term, wait_ms(t, more), &t->mouse);
		if (!take_key(t, term, key))
			break;
		tui_poll(t);
	}
}

int
tui_run(struct store *st, const struct tui_options *options,
	const struct tui_source *source, char *error, size_t error_size)
{
	struct terminal_options to = { options->ascii, options->mono,
				   options->no_mouse };
	struct terminal *term = terminal_open(&to, error, error_size);
	struct tui t;
	int cols, rows, status = -1;

	if (!term)
		return -1;
	terminal_size(term, &cols, &rows);
	if (tui_open(&t, st, options, source, cols, rows) == 0) {
		t.key_waits = terminal_key_waits;
		loop(&t, term);
		status = 0;
	} else {
		snprintf(error, error_size, "out of memory");
	}
	tui_close(&t);
	terminal_close(term);
	return status;
}
