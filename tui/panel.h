/*
 * panel.h - what a view is: a constant struct of functions and keys.
 *
 * To add one is to add a file and a line in panels.c.  The application gives
 * each panel state_size zeroed bytes.  A key goes to key() first, which a
 * panel needs only for prompts and lists, then to the bindings of the panel,
 * then to those of all panels.  The key bar and the help are made from the
 * bindings.
 */
#ifndef TUI_PANEL_H
#define TUI_PANEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/keys.h"

struct tui;

struct binding {
	int key[3];		/* 0: no more */
	const char *bar;	/* in the key bar; NULL: not there */
	const char *help;
	void (*run)(struct tui *t, void *state, int key);
};

/* All are optional but name and draw. */
struct panel {
	const char *name;
	const char *help;	/* one line */
	size_t state_size;
	int (*open)(struct tui *t, void *state);
	void (*close)(void *state);
	void (*draw)(struct tui *t, void *state, struct canvas *c);
	bool (*key)(struct tui *t, void *state, int key);
	/* Go on with what takes long.  True: there is more to do. */
	bool (*work)(struct tui *t, void *state, int64_t max_ns);
	/* The database has changed. */
	void (*refresh)(struct tui *t, void *state);
	const struct binding *bindings;		/* ends with run == NULL */
	/* Those of a part that has the keys now, and its state. */
	const struct binding *(*more_bindings)(struct tui *t, void *state,
					       void **part);
};

enum panel_number {
	PANEL_OVERVIEW,
	PANEL_CONNECTIONS,
	PANEL_FINDINGS,
	PANEL_SQL,
	PANEL_CONNECTION,	/* one of them; not in the title bar */
	N_PANELS
};

extern const struct panel *const panels[N_PANELS];

/* The binding of a key in a table, or NULL. */
const struct binding *binding_of(const struct binding *table, int key);

#endif
