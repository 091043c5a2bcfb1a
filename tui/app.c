/*
 * app.c - frame, panels, keys and questions: app.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app.h"
#include "tui/findings.h"
#include "tui/help.h"
#include "tui/pager.h"
#include "tui/sane.h"
#include "tui/show.h"

#define POLL_NS (NS_PER_S / 2)

/* On lower screens what is said takes the place of the key bar. */
#define STATUS_FROM_ROWS 16

const struct binding *
binding_of(const struct binding *table, int key)
{
	for (; table && table->run; table++)
		for (int i = 0; i < 3 && table->key[i]; i++)
			if (table->key[i] == key)
				return table;
	return NULL;
}

void
tui_say(struct tui *t, enum style s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->message, sizeof(t->message), fmt, ap);
	va_end(ap);
	t->message_style = s;
}

void
tui_ask(struct tui *t, void (*answer)(struct tui *t, void *state, bool yes),
	void *state, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->question, sizeof(t->question), fmt, ap);
	va_end(ap);
	t->answer = answer;
	t->answer_state = state;
}

struct query *
tui_query(struct tui *t, const char *sql)
{
	struct query *q = query_open(t->st, sql);

	if (!q)
		tui_say(t, STYLE_ERROR, "%s", store_error(t->st));
	return q;
}

void
tui_copy(struct tui *t, const char *text)
{
	show_copy(t->clipboard, sizeof(t->clipboard), text);
	tui_say(t, STYLE_OK, "copied: %s", text);
}

void
tui_place_cursor(struct tui *t, const struct canvas *c, int x, int y)
{
	t->cursor_x = c->x0 + (x < c->cols ? x : c->cols - 1);
	t->cursor_y = c->y0 + y;
}

bool
tui_mouse_in(const struct tui *t, const struct canvas *c, int *x, int *y)
{
	*x = t->mouse.x - c->x0;
	*y = t->mouse.y - c->y0;
	return *x >= 0 && *x < c->cols && *y >= 0 && *y < c->rows;
}

/* --- the captures ------------------------------------------------------ */

static const char facts_sql[] =
	"SELECT count(*), min(start_ns), max(end_ns), sum(packets),"
	" sum(bytes), sum(packets_dropped), sum(packets_cut),"
	" sum(packets_malformed), sum(packets_ignored),"
	" sum(fragments_dropped), sum(connections_evicted),"
	" max(source), max(kind), max(status), max(damage),"
	" EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'event_conn')"
	" FROM capture";

static nstime
second_ns(int64_t second)
{
	const int64_t most = SANE_MOST / NS_PER_S;

	return (second > most ? most : second) * NS_PER_S;
}

/* While it runs, a capture does not say yet how far it has come. */
static void
read_progress(struct tui *t)
{
	struct capture_facts *f = &t->capture;
	struct query *q = tui_query(t, "SELECT min(second), max(second),"
				    " sum(packets), sum(bytes) FROM rate");

	if (q && query_step(q) && !query_is_null(q, 0)) {
		f->start_ns = second_ns(query_time(q, 0));
		f->end_ns = second_ns(query_time(q, 1) + 1);
		f->packets = query_int(q, 2);
		f->bytes = query_int(q, 3);
	}
	if (q)
		query_close(q);
}

static void
read_facts(struct tui *t)
{
	struct capture_facts *f = &t->capture;
	struct query *q = tui_query(t, facts_sql);
	int64_t *const numbers[] = {
		&f->n, &f->start_ns, &f->end_ns, &f->packets, &f->bytes,
		&f->dropped, &f->cut, &f->malformed, &f->ignored,
		&f->fragments_dropped, &f->evicted,
	};
	const int n = sizeof(numbers) / sizeof(numbers[0]);

	if (!q)
		return;
	if (query_step(q)) {
		for (int i = 0; i < n; i++)
			*numbers[i] = query_is_null(q, i) ? 0
							  : query_time(q, i);
		show_copy(f->source, sizeof(f->source), query_text(q, n));
		show_copy(f->kind, sizeof(f->kind), query_text(q, n + 1));
		show_copy(f->status, sizeof(f->status), query_text(q, n + 2));
		show_copy(f->damage, sizeof(f->damage), query_text(q, n + 3));
		f->indexed = query_int(q, n + 4);
	}
	query_close(q);
	if (f->n > 0 && (f->end_ns == 0 || strcmp(f->status, "running") == 0))
		read_progress(t);
}

static int64_t
read_data_version(struct tui *t)
{
	struct query *q = query_open(t->st, "PRAGMA data_version");
	int64_t version = t->data_version;

	if (q && query_step(q))
		version = query_int(q, 0);
	if (q)
		query_close(q);
	return version;
}

/* The gravest of those that came since, and how many. */
static const char news_sql[] =
	"SELECT severity, title, count(*) OVER (), max(finding_id) OVER ()"
	" FROM finding WHERE finding_id > ?1 ORDER BY " FINDING_RANK
	", finding_id DESC LIMIT 1";

static int64_t
newest_finding(struct tui *t)
{
	struct query *q = tui_query(t, "SELECT max(finding_id) FROM finding");
	int64_t id = q && query_step(q) ? query_int(q, 0) : 0;

	if (q)
		query_close(q);
	return id;
}

static void
tell_news(struct tui *t)
{
	struct query *q = tui_query(t, news_sql);
	bool grave;

	if (q)
		query_bind_int(q, 1, t->last_finding);
	if (q && query_step(q)) {
		grave = strcmp(query_text(q, 0), "note") != 0;
		if (query_int(q, 2) > 1)
			tui_say(t, grave ? STYLE_WARNING : STYLE_NOTE,
				"%" PRId64 " new findings: %s: %s",
				query_int(q, 2), query_text(q, 0),
				query_text(q, 1));
		else
			tui_say(t, grave ? STYLE_WARNING : STYLE_NOTE,
				"new: %s: %s", query_text(q, 0),
				query_text(q, 1));
		t->last_finding = query_int(q, 3);
		t->ring |= t->bell && grave;
	}
	if (q)
		query_close(q);
}

void
tui_poll(struct tui *t)
{
	int64_t now = clock_ns(), version;

	if (t->paused || now < t->next_poll_ns)
		return;
	t->next_poll_ns = now + POLL_NS;
	version = read_data_version(t);
	if (version == t->data_version)
		return;
	t->data_version = version;
	read_facts(t);
	for (int i = 0; i < N_PANELS; i++)
		if (t->opened[i] && panels[i]->refresh)
			panels[i]->refresh(t, t->state[i]);
	tell_news(t);
}

/* --- panels ------------------------------------------------------------ */

void
tui_show(struct tui *t, enum panel_number n)
{
	const struct panel *p = panels[n];

	if (!t->opened[n]) {
		t->opened[n] = true;
		if (p->open && p->open(t, t->state[n]) < 0)
			tui_say(t, STYLE_ERROR, "cannot show %s: %s",
				p->name, store_error(t->st));
	}
	if (t->shown != n)
		t->before = t->shown;
	t->shown = n;
}

const struct binding *
tui_part_bindings(struct tui *t, void **part)
{
	const struct panel *p = panels[t->shown];

	*part = NULL;
	return p->more_bindings ? p->more_bindings(t, t->state[t->shown],
						   part) : NULL;
}

static void
show_numbered(struct tui *t, void *state, int key)
{
	(void)state;
	tui_show(t, (enum panel_number)(key - '1'));
}

static void
show_next(struct tui *t, void *state, int key)
{
	int n = t->shown == PANEL_CONNECTION ? PANEL_CONNECTIONS
					     : (int)t->shown;

	(void)state;
	n += key == KEY_BACKTAB ? PANEL_CONNECTION - 1 : 1;
	tui_show(t, (enum panel_number)(n % PANEL_CONNECTION));
}

static void
show_help(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	t->help = true;
	t->help_list = (struct list){ 0 };
}

static void
quit_answer(struct tui *t, void *state, bool yes)
{
	(void)state;
	t->quit = yes;
}

static void
quit(struct tui *t, void *state, int key)
{
	if (t->options->quit_question && key != KEY_CTRL_C)
		tui_ask(t, quit_answer, state, "%s",
			t->options->quit_question);
	else
		t->quit = true;
}

static void
pause_following(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	t->paused = !t->paused;
	tui_say(t, STYLE_NOTE, "%s", t->paused
		? "paused: what is written now is not shown"
		: "going on");
}

static void
switch_bell(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	t->bell = !t->bell;
	tui_say(t, STYLE_NOTE, "%s", t->bell
		? "the bell rings for new warnings and errors"
		: "no bell");
}

static void
redraw(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	t->redraw_all = true;
}

static void
show_sql(struct tui *t, void *state, int key)
{
	(void)state;
	(void)key;
	tui_show(t, PANEL_SQL);
}

/* Those of all panels. */
const struct binding common_bindings[] = {
	{ { KEY_FN + 1, '?', 'h' }, "Help", "this help", show_help },
	{ { '1', '2', '3' }, NULL, "overview, connections, findings",
	  show_numbered },
	{ { '4', ':' }, NULL, "SQL", show_sql },
	{ { KEY_TAB, KEY_BACKTAB }, NULL, "next, previous view", show_next },
	{ { ' ', 'p' }, NULL, "pause, go on: follow what is written",
	  pause_following },
	{ { 'B' }, NULL, "bell for new warnings and errors, on and off",
	  switch_bell },
	{ { KEY_CTRL_L }, NULL, "draw the screen anew", redraw },
	{ { KEY_FN + 10, 'q', KEY_CTRL_C }, "Quit", "quit", quit },
	{ { 0 }, NULL, NULL, NULL },
};

int
tui_resize(struct tui *t, int cols, int rows)
{
	struct canvas screen;

	if (canvas_init(&screen, cols, rows, t->options->ascii) < 0)
		return -1;
	canvas_release(&t->screen);
	t->screen = screen;
	return 0;
}

int
tui_open(struct tui *t, struct store *st, const struct tui_options *options,
	 const struct tui_source *source, int cols, int rows)
{
	*t = (struct tui){ .st = st, .options = options, .source = source,
			   .cursor_x = -1 };
	if (tui_resize(t, cols, rows) < 0)
		return -1;
	for (int i = 0; i < N_PANELS; i++) {
		t->state[i] = calloc(1, panels[i]->state_size + 1);
		if (!t->state[i])
			return -1;
	}
	t->data_version = read_data_version(t);
	t->bell = options->bell;
	t->last_finding = newest_finding(t);
	read_facts(t);
	tui_show(t, PANEL_OVERVIEW);
	if (options->conn_id > 0)
		tui_show_connection(t, options->conn_id, 0);
	return 0;
}

void
tui_close(struct tui *t)
{
	for (int i = 0; i < N_PANELS; i++) {
		if (t->opened[i] && panels[i]->close)
			panels[i]->close(t->state[i]);
		free(t->state[i]);
	}
	canvas_release(&t->screen);
}

bool
tui_work(struct tui *t, int64_t max_ns)
{
	const struct panel *p = panels[t->shown];

	return p->work && p->work(t, t->state[t->shown], max_ns);
}

/* --- the frame --------------------------------------------------------- */

static struct canvas
panel_area(struct tui *t)
{
	const struct canvas *s = &t->screen;
	int top = s->rows >= 4, bottom = s->rows >= STATUS_FROM_ROWS ? 2
				       : s->rows >= 3;

	return canvas_sub(s, 0, top, s->cols, s->rows - top - bottom);
}

/* The titles of panels; returns the panel at column x_wanted, or -1. */
static int
title_bar(struct tui *t, struct canvas *c, int x_wanted)
{
	int x = 0, hit = -1;

	if (c)
		canvas_fill(c, 0, 0, c->cols, ' ', STYLE_BAR);
	for (int i = 0; i < PANEL_CONNECTION; i++) {
		char label[32];
		int n = snprintf(label, sizeof(label), " %d %s ", i + 1,
				 panels[i]->name);

		if (c)
			canvas_text(c, x, 0, (int)t->shown == i ? STYLE_BAR_ON
				    : STYLE_BAR, label);
		if (x_wanted >= x && x_wanted < x + n)
			hit = i;
		x += n;
	}
	if (c && c->cols - x > 12) {
		const char *path = t->options->title ? t->options->title
						     : "tcpsaw";
		const char *slash = strrchr(path, '/');
		const char *name = slash ? slash + 1 : path;
		int n = canvas_columns(name) + 2;

		n = n > c->cols - x ? c->cols - x : n;
		canvas_text_cut(c, c->cols - n + 1, 0, n - 2, STYLE_BAR, name);
	}
	return hit;
}

/* One table's part of the key bar; what `before` has bound is not shown. */
static int
bar_part(struct canvas *c, int x, const struct binding *b,
	 const struct binding *before, int x_wanted, int *key)
{
	for (; b && b->run; b++) {
		char name[8];
		int from = x;

		if (!b->bar || binding_of(before, b->key[0]))
			continue;
		key_label(b->key[0], name);
		if (x + (int)strlen(name) + (int)strlen(b->bar) > c->cols)
			break;
		x += canvas_text(c, x, 0, STYLE_BAR_KEY, name);
		x += canvas_printf(c, x, 0, STYLE_BAR, " %s  ", b->bar);
		if (x_wanted >= from && x_wanted < x)
			*key = b->key[0];
	}
	return x;
}

/* Returns the key whose label is at column x_wanted, or 0. */
static int
key_bar(struct tui *t, struct canvas *c, int x_wanted)
{
	int key = 0, x;
	void *state;
	const struct binding *part = tui_part_bindings(t, &state);

	canvas_fill(c, 0, 0, c->cols, ' ', STYLE_BAR);
	x = bar_part(c, 0, common_bindings, NULL, x_wanted, &key);
	x = bar_part(c, x, part, NULL, x_wanted, &key);
	bar_part(c, x, panels[t->shown]->bindings, part, x_wanted, &key);
	return key;
}

static void
draw_status(struct tui *t, struct canvas *c)
{
	canvas_fill(c, 0, 0, c->cols, ' ', STYLE_TEXT);
	if (t->question[0])
		canvas_printf(c, 0, 0, STYLE_WARNING, "%s [y/n]", t->question);
	else if (t->message[0])
		canvas_text_cut(c, 0, 0, c->cols, t->message_style,
				t->message);
}

static struct canvas
line_at(struct tui *t, int y)
{
	return canvas_sub(&t->screen, 0, y, t->screen.cols, 1);
}

void
tui_draw(struct tui *t)
{
	struct canvas area = panel_area(t);
	int rows = t->screen.rows;

	canvas_clear(&t->screen);
	t->cursor_x = t->cursor_y = -1;
	panels[t->shown]->draw(t, t->state[t->shown], &area);
	if (rows >= 4) {
		struct canvas title = line_at(t, 0);

		title_bar(t, &title, -1);
	}
	if (rows >= 3) {
		struct canvas bar = line_at(t, rows - 1);

		key_bar(t, &bar, -1);
	}
	if (rows >= STATUS_FROM_ROWS || t->question[0] || t->message[0]) {
		struct canvas status = line_at(t, rows >= STATUS_FROM_ROWS
					       ? rows - 2 : rows - 1);

		draw_status(t, &status);
	}
	if (t->help)
		help_draw(t, &t->screen);
}

/* --- keys -------------------------------------------------------------- */

static void
answer(struct tui *t, int key)
{
	bool yes = key == 'y' || key == 'Y';

	if (key == KEY_MOUSE_EVENT || key == KEY_SIZE)
		return;
	t->question[0] = '\0';
	t->answer(t, t->answer_state, yes);
}

/* A click on the title or on the key bar is a key. */
static int
clicked_key(struct tui *t)
{
	struct canvas bar = line_at(t, t->screen.rows - 1);
	int panel;

	if (t->mouse.what != MOUSE_CLICK)
		return KEY_MOUSE_EVENT;
	if (t->mouse.y == 0 && t->screen.rows >= 4) {
		panel = title_bar(t, NULL, t->mouse.x);
		return panel >= 0 ? '1' + panel : KEY_MOUSE_EVENT;
	}
	if (t->mouse.y == t->screen.rows - 1 && t->screen.rows >= 3) {
		int key = key_bar(t, &bar, t->mouse.x);

		return key ? key : KEY_MOUSE_EVENT;
	}
	return KEY_MOUSE_EVENT;
}

static void
panel_key(struct tui *t, int key)
{
	const struct panel *p = panels[t->shown];
	void *state = t->state[t->shown], *part;
	const struct binding *b;

	if (p->key && p->key(t, state, key))
		return;
	b = binding_of(tui_part_bindings(t, &part), key);
	if (b) {
		b->run(t, part, key);
		return;
	}
	b = binding_of(p->bindings, key);
	if (b) {
		b->run(t, state, key);
		return;
	}
	b = binding_of(common_bindings, key);
	if (b)
		b->run(t, state, key);
}

void
tui_key(struct tui *t, int key)
{
	if (key == KEY_MOUSE_EVENT)
		key = clicked_key(t);
	if (t->question[0]) {
		answer(t, key);
		return;
	}
	if (t->help) {
		help_key(t, key);
		return;
	}
	if (key != KEY_SIZE)
		t->message[0] = '\0';
	panel_key(t, key);
}
