/*
 * app.h - the application without a terminal: keys in, a canvas out.
 *
 * run.c connects it to a terminal; the tests drive it directly.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include "store/query.h"
#include "tui/canvas.h"
#include "tui/list.h"
#include "tui/panel.h"
#include "tui/tui.h"

/* How much of a screen's time may go into the database. */
#define WORK_NS (10 * NS_PER_MS)

/* The captures in the database together. */
struct capture_facts {
	int64_t n;
	char source[256], kind[16], status[16], damage[160];
	nstime start_ns, end_ns;
	int64_t packets, bytes, dropped, cut, malformed, ignored;
	int64_t fragments_dropped, evicted;
	bool indexed;		/* a file that is still being analysed is not */
};

struct tui {
	struct store *st;
	const struct tui_options *options;
	const struct tui_source *source;
	struct canvas screen;
	enum panel_number shown, before;
	void *state[N_PANELS];
	bool opened[N_PANELS];
	struct capture_facts capture;

	char message[256];
	enum style message_style;
	char question[200];	/* "" or what is asked; y answers it */
	void (*answer)(struct tui *t, void *state, bool yes);
	void *answer_state;
	bool help;
	struct list help_list;
	struct mouse mouse;	/* of KEY_MOUSE_EVENT */
	int cursor_x, cursor_y;	/* of a prompt; -1: hidden */
	char clipboard[1024];	/* to be sent to the terminal, then "" */
	bool (*key_waits)(void);	/* NULL: nobody can tell */
	bool redraw_all;
	bool paused;		/* the database is not followed */
	bool bell, ring;	/* for new findings; now */
	int64_t last_finding;	/* of those that were there */
	bool quit;

	int64_t data_version;
	int64_t next_poll_ns;
};

int tui_open(struct tui *t, struct store *st,
	     const struct tui_options *options,
	     const struct tui_source *source, int cols, int rows);
void tui_close(struct tui *t);
int tui_resize(struct tui *t, int cols, int rows);
void tui_key(struct tui *t, int key);
void tui_draw(struct tui *t);

/* What panels have to do between keys.  True: there is more. */
bool tui_work(struct tui *t, int64_t max_ns);

/* Has another process changed the database?  Then panels are told. */
void tui_poll(struct tui *t);

/* --- for panels -------------------------------------------------------- */

void tui_say(struct tui *t, enum style s, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A question that y or n answers; answer() gets the state of the panel. */
void tui_ask(struct tui *t, void (*answer)(struct tui *t, void *state,
					   bool yes),
	     void *state, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

void tui_show(struct tui *t, enum panel_number n);

/* One connection, at a packet (0: at its beginning). */
void tui_show_connection(struct tui *t, int64_t conn_id, uint64_t frame);

/* To the clipboard of the terminal (OSC 52). */
void tui_copy(struct tui *t, const char *text);

void tui_place_cursor(struct tui *t, const struct canvas *c, int x, int y);

/* True if the mouse event is within c; x and y are then relative to it. */
bool tui_mouse_in(const struct tui *t, const struct canvas *c, int *x, int *y);

/* The bindings of the part of the panel that has the keys, or NULL. */
const struct binding *tui_part_bindings(struct tui *t, void **part);

/* A query that must be right: NULL, and said, if it is not. */
struct query *tui_query(struct tui *t, const char *sql);

#endif
