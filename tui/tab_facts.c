/*
 * tab_facts.c - every number known about a connection, both ends side by
 * side: the row of the view `conn`, whatever columns it has.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/conn_view.h"
#include "tui/show.h"

#define MAX_FACTS 128

struct facts_tab {
	size_t n;
	struct fact {
		char name[40];
		char value[N_SIDES][64];	/* [0] alone: of both */
		bool of_sides;
	} fact[MAX_FACTS];
	struct list list;
	struct canvas body;
};

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

/* By the unit that its name ends in. */
static void
value_text(char *to, size_t size, const char *name, const struct query *q,
	   int i)
{
	char figure[SHOW_SIZE];

	if (query_is_null(q, i))
		show_copy(to, size, "unknown");
	else if (ends_with(name, "start_ns") || ends_with(name, "end_ns"))
		show_copy(to, size, show_date(figure, query_int(q, i)));
	else if (ends_with(name, "_ns"))
		show_copy(to, size, show_duration(figure, query_int(q, i)));
	else
		show_copy(to, size, query_text(q, i));
}

static struct fact *
fact_named(struct facts_tab *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->fact[i].of_sides && strcmp(f->fact[i].name, name) == 0)
			return &f->fact[i];
	if (f->n == MAX_FACTS)
		return NULL;
	memset(&f->fact[f->n], 0, sizeof(f->fact[0]));
	show_copy(f->fact[f->n].name, sizeof(f->fact[0].name), name);
	return &f->fact[f->n++];
}

static void
read_fact(struct facts_tab *f, const struct query *q, int i)
{
	const char *name = query_name(q, i);
	int side = strncmp(name, "client_", 7) == 0 ? SIDE_CLIENT :
		   strncmp(name, "server_", 7) == 0 &&
		   strcmp(name, "server_name") != 0 ? SIDE_SERVER : -1;
	struct fact *fact;

	fact = fact_named(f, side >= 0 ? name + 7 : name);
	if (!fact)
		return;
	fact->of_sides = side >= 0;
	value_text(fact->value[side >= 0 ? side : 0],
		   sizeof(fact->value[0]), name, q, i);
}

static void
facts_tab_refresh(struct tui *t, void *state)
{
	struct facts_tab *f = state;
	struct query *q = tui_query(t, "SELECT * FROM conn"
				    " WHERE conn_id = ?1");

	f->n = 0;
	if (!q)
		return;
	query_bind_int(q, 1, conn_view_of(t)->conn.key.conn_id);
	if (query_step(q))
		for (int i = 0; i < query_columns(q); i++)
			read_fact(f, q, i);
	query_close(q);
}

static int
facts_tab_open(struct tui *t, void *state)
{
	facts_tab_refresh(t, state);
	return 0;
}

static void
draw_fact(const struct fact *f, struct canvas *c, int y, int width)
{
	int label = c->cols >= 70 ? 30 : c->cols / 3;
	char name[40];

	show_copy(name, sizeof(name), f->name);
	if (ends_with(name, "_ns"))
		name[strlen(name) - 3] = '\0';
	for (char *p = name; *p; p++)
		if (*p == '_')
			*p = ' ';
	canvas_text_cut(c, 1, y, label - 2, STYLE_DIM, name);
	canvas_text_cut(c, label, y, f->of_sides ? width : c->cols - label,
			f->of_sides ? STYLE_CLIENT : STYLE_TEXT, f->value[0]);
	if (f->of_sides)
		canvas_text_cut(c, label + width + 1, y, width, STYLE_SERVER,
				f->value[1]);
}

static void
facts_tab_draw(struct tui *t, void *state, struct canvas *c)
{
	struct facts_tab *f = state;
	int label = c->cols >= 70 ? 30 : c->cols / 3;
	int width = (c->cols - label) / 2 - 1;

	(void)t;
	canvas_fill(c, 0, 0, c->cols, ' ', STYLE_HEAD);
	canvas_text(c, label, 0, STYLE_HEAD, "client");
	canvas_text(c, label + width + 1, 0, STYLE_HEAD, "server");
	f->body = canvas_sub(c, 0, 1, c->cols, c->rows - 1);
	list_fit(&f->list, f->n, f->body.rows > 0 ? (size_t)f->body.rows : 1);
	for (int y = 0; y < f->body.rows; y++) {
		size_t i = f->list.top + (size_t)y;

		if (i >= f->n)
			break;
		draw_fact(&f->fact[i], &f->body, y, width);
		if (i == f->list.selected)
			canvas_select(&f->body, 0, y, f->body.cols);
	}
}

static bool
facts_tab_key(struct tui *t, void *state, int key)
{
	struct facts_tab *f = state;
	size_t rows = f->body.rows > 0 ? (size_t)f->body.rows : 1;

	if (key == KEY_MOUSE_EVENT) {
		list_move(&f->list, f->n, rows,
			  t->mouse.what == MOUSE_WHEEL_UP ? -3 :
			  t->mouse.what == MOUSE_WHEEL_DOWN ? 3 : 0);
		return true;
	}
	return list_key(&f->list, f->n, rows, key);
}

const struct panel facts_tab = {
	.name = "facts",
	.state_size = sizeof(struct facts_tab),
	.open = facts_tab_open,
	.draw = facts_tab_draw,
	.key = facts_tab_key,
	.refresh = facts_tab_refresh,
};
