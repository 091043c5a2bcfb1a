/*
 * tab_findings.c - the findings on one connection.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/conn_view.h"
#include "tui/findings.h"
#include "tui/look.h"
#include "tui/show.h"

#define MAX_SHOWN 100

struct findings_tab {
	size_t n;
	struct row {
		int64_t frame;
		char severity[12], title[160], explanation[600], advice[400];
	} row[MAX_SHOWN];
	struct list list;
	struct canvas body;
};

static const char findings_sql[] =
	"SELECT (SELECT e.frame_number FROM finding_evidence e"
	" WHERE e.finding_id = f.finding_id LIMIT 1), severity, title,"
	" explanation, advice FROM finding f WHERE f.conn_id = ?1"
	" ORDER BY " FINDING_RANK ", finding_id LIMIT 100";

static void
findings_tab_refresh(struct tui *t, void *state)
{
	struct findings_tab *f = state;
	struct query *q = tui_query(t, findings_sql);

	f->n = 0;
	if (!q)
		return;
	query_bind_int(q, 1, conn_view_of(t)->conn.key.conn_id);
	while (f->n < MAX_SHOWN && query_step(q)) {
		struct row *r = &f->row[f->n++];

		r->frame = query_is_null(q, 0) ? 0 : query_int(q, 0);
		show_copy(r->severity, sizeof(r->severity), query_text(q, 1));
		show_copy(r->title, sizeof(r->title), query_text(q, 2));
		show_copy(r->explanation, sizeof(r->explanation),
			  query_text(q, 3));
		show_copy(r->advice, sizeof(r->advice), query_text(q, 4));
	}
	query_close(q);
}

static int
findings_tab_open(struct tui *t, void *state)
{
	findings_tab_refresh(t, state);
	return 0;
}

static void
findings_tab_draw(struct tui *t, void *state, struct canvas *c)
{
	struct findings_tab *f = state;
	int rows = c->rows > 10 ? c->rows / 3 : c->rows;
	const struct row *r = &f->row[f->list.selected];
	int y = rows + 1;

	(void)t;
	f->body = canvas_sub(c, 0, 0, c->cols, rows);
	list_fit(&f->list, f->n, rows > 0 ? (size_t)rows : 1);
	for (int i = 0; i < rows; i++) {
		size_t at = f->list.top + (size_t)i;

		if (at >= f->n)
			break;
		finding_line(&f->body, i, f->row[at].severity,
			     conn_view_of(t)->conn.key.conn_id,
			     f->row[at].title);
		if (at == f->list.selected)
			canvas_select(&f->body, 0, i, f->body.cols);
	}
	if (f->n == 0) {
		canvas_text(c, 1, 1, STYLE_OK, "nothing was found wrong");
		return;
	}
	if (y + 2 >= c->rows)
		return;
	y += canvas_paragraph(c, 1, y, c->cols - 2, STYLE_STRONG, r->title);
	y += canvas_paragraph(c, 1, y, c->cols - 2, STYLE_TEXT,
			      r->explanation);
	canvas_paragraph(c, 1, y, c->cols - 2, STYLE_OK, r->advice);
}

static bool
findings_tab_key(struct tui *t, void *state, int key)
{
	struct findings_tab *f = state;
	size_t rows = f->body.rows > 0 ? (size_t)f->body.rows : 1;
	int x, y;

	if (key == KEY_MOUSE_EVENT && tui_mouse_in(t, &f->body, &x, &y)) {
		list_set(&f->list, f->n, rows, f->list.top + (size_t)y);
		return true;
	}
	return list_key(&f->list, f->n, rows, key);
}

static void
open_proof(struct tui *t, void *state, int key)
{
	struct findings_tab *f = state;

	(void)key;
	if (f->n == 0)
		return;
	if (f->row[f->list.selected].frame == 0)
		tui_say(t, STYLE_NOTE, "this finding names no packet");
	else
		tui_show_connection(t, conn_view_of(t)->conn.key.conn_id,
			(uint64_t)f->row[f->list.selected].frame);
}

static const struct binding bindings[] = {
	{ { KEY_RETURN }, "Proof", "the packets that prove it", open_proof },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel findings_tab = {
	.name = "findings",
	.state_size = sizeof(struct findings_tab),
	.open = findings_tab_open,
	.draw = findings_tab_draw,
	.key = findings_tab_key,
	.refresh = findings_tab_refresh,
	.bindings = bindings,
};
