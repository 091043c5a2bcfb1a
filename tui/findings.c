/*
 * findings.c - all findings, the gravest first, and what each one means.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/findings.h"
#include "tui/look.h"
#include "tui/pager.h"
#include "tui/show.h"

#define MAX_EVIDENCE 16

struct findings {
	struct pager *pager;
	struct query *row, *evidence;
	struct list list;
	struct canvas body;
};

void
finding_open(struct tui *t, int64_t finding_id)
{
	struct query *q = tui_query(t, "SELECT f.conn_id, (SELECT"
		" e.frame_number FROM finding_evidence e WHERE e.finding_id ="
		" f.finding_id LIMIT 1), f.title FROM finding f"
		" WHERE f.finding_id = ?1");

	if (!q)
		return;
	query_bind_int(q, 1, finding_id);
	if (!query_step(q)) {
		tui_say(t, STYLE_WARNING, "the finding is gone");
	} else if (query_is_null(q, 0)) {
		tui_say(t, STYLE_NOTE, "of the whole capture, not of one "
			"connection: %s", query_text(q, 2));
	} else {
		int64_t conn_id = query_int(q, 0);
		int64_t frame = query_is_null(q, 1) ? 0 : query_int(q, 1);

		tui_show_connection(t, conn_id, (uint64_t)frame);
	}
	query_close(q);
}

void
finding_line(struct canvas *c, int y, const char *severity, int64_t conn_id,
	     const char *title)
{
	enum style s = severity_style(severity);
	int x = canvas_printf(c, 1, y, s, "%c ",
			      toupper((unsigned char)severity[0])) + 1;

	if (conn_id > 0)
		x += canvas_printf(c, x, y, STYLE_TEXT, "%6" PRId64 " ",
				   conn_id);
	else
		x += canvas_text(c, x, y, STYLE_DIM, "     - ");
	canvas_text_cut(c, x, y, c->cols - x, s, title);
}

static int
findings_open(struct tui *t, void *state)
{
	struct findings *f = state;
	const struct pager_spec spec = {
		.table = "finding", .from = "finding f", .id = "finding_id",
		.key = FINDING_RANK, .indexed = true, .where = "",
	};

	f->pager = pager_open(t->st);
	f->row = tui_query(t, "SELECT severity, conn_id, title, code,"
			   " explanation, advice, confidence, side"
			   " FROM finding WHERE finding_id = ?1");
	f->evidence = tui_query(t, "SELECT frame_number, note FROM"
				" finding_evidence WHERE finding_id = ?1"
				" LIMIT 16");
	if (!f->pager || !f->row || !f->evidence)
		return -1;
	return pager_list(f->pager, &spec);
}

static void
findings_close(void *state)
{
	struct findings *f = state;

	pager_close(f->pager);
	if (f->row)
		query_close(f->row);
	if (f->evidence)
		query_close(f->evidence);
}

static size_t
height(const struct findings *f)
{
	return f->body.rows > 0 ? (size_t)f->body.rows : 1;
}

static bool
findings_work(struct tui *t, void *state, int64_t max_ns)
{
	struct findings *f = state;
	bool more;

	(void)t;
	if (!f->row)
		return false;
	pager_look(f->pager, f->list.top, f->list.top + height(f));
	more = pager_work(f->pager, max_ns);
	f->list.selected += (size_t)pager_shift(f->pager);
	list_fit(&f->list, pager_n(f->pager), height(f));
	return more;
}

static void
findings_refresh(struct tui *t, void *state)
{
	struct findings *f = state;

	(void)t;
	if (f->pager)
		pager_reload(f->pager, f->list.top);
}

static void
draw_evidence(struct findings *f, struct canvas *c, int y, int64_t id)
{
	int x = canvas_text(c, 1, y, STYLE_STRONG, "packets: ") + 1;

	query_bind_int(f->evidence, 1, id);
	for (int n = 0; n < MAX_EVIDENCE && query_step(f->evidence); n++) {
		const char *note = query_text(f->evidence, 1);

		if (x + 10 > c->cols)
			break;
		x += canvas_printf(c, x, y, STYLE_NOTE, "%s%" PRId64,
				   n ? ", " : "", query_int(f->evidence, 0));
		if (note[0])
			x += canvas_printf(c, x, y, STYLE_DIM, " (%s)", note);
	}
	query_rewind(f->evidence);
}

static void
draw_detail(struct findings *f, struct canvas *c, int64_t id)
{
	int y = 1;

	for (int x = 0; x < c->cols; x++)
		canvas_glyph(c, x, 0, GLYPH_HLINE, STYLE_AXIS);
	query_bind_int(f->row, 1, id);
	if (query_step(f->row)) {
		y += canvas_paragraph(c, 1, y, c->cols - 2, STYLE_STRONG,
				      query_text(f->row, 2));
		y += canvas_paragraph(c, 1, y, c->cols - 2, STYLE_TEXT,
				      query_text(f->row, 4));
		y += canvas_paragraph(c, 1, y, c->cols - 2, STYLE_OK,
				      query_text(f->row, 5));
		canvas_printf(c, 1, y + 1, STYLE_DIM,
			      "code %s, confidence %.0f%%",
			      query_text(f->row, 3),
			      query_real(f->row, 6) * 100);
	}
	query_rewind(f->row);
	draw_evidence(f, c, y, id);
}

static void
findings_draw(struct tui *t, void *state, struct canvas *c)
{
	struct findings *f = state;
	int detail = c->rows >= 12 ? c->rows / 2 : 0;
	const struct pager_row *selected;

	(void)t;
	if (!f->row)
		return;
	canvas_fill(c, 0, 0, c->cols, ' ', STYLE_HEAD);
	canvas_text(c, 1, 0, STYLE_HEAD, "     conn finding");
	f->body = canvas_sub(c, 0, 1, c->cols, c->rows - 1 - detail);
	list_fit(&f->list, pager_n(f->pager), height(f));
	for (int y = 0; y < f->body.rows; y++) {
		size_t i = f->list.top + (size_t)y;
		const struct pager_row *row = pager_row(f->pager, i);

		if (!row)
			break;
		query_bind_int(f->row, 1, row->id);
		if (query_step(f->row))
			finding_line(&f->body, y, query_text(f->row, 0),
				     query_is_null(f->row, 1) ? 0
				     : query_int(f->row, 1),
				     query_text(f->row, 2));
		query_rewind(f->row);
		if (i == f->list.selected)
			canvas_select(&f->body, 0, y, f->body.cols);
	}
	selected = pager_row(f->pager, f->list.selected);
	if (!selected && !pager_busy(f->pager))
		canvas_text(&f->body, 2, 1, STYLE_OK, "no findings");
	if (selected && detail > 0) {
		struct canvas box = canvas_sub(c, 0, c->rows - detail,
					       c->cols, detail);

		draw_detail(f, &box, selected->id);
	}
}

static void
open_selected(struct tui *t, void *state, int key)
{
	struct findings *f = state;
	const struct pager_row *row = pager_row(f->pager, f->list.selected);

	(void)key;
	if (row)
		finding_open(t, row->id);
}

static const struct binding bindings[];

static bool
findings_key(struct tui *t, void *state, int key)
{
	struct findings *f = state;
	int x, y;

	if (!f->row || !f->evidence)
		return binding_of(bindings, key) != NULL;
	if (key == KEY_MOUSE_EVENT && tui_mouse_in(t, &f->body, &x, &y)) {
		if (t->mouse.what == MOUSE_WHEEL_UP ||
		    t->mouse.what == MOUSE_WHEEL_DOWN) {
			list_move(&f->list, pager_n(f->pager), height(f),
				  t->mouse.what == MOUSE_WHEEL_UP ? -3 : 3);
			return true;
		}
		list_set(&f->list, pager_n(f->pager), height(f),
			 f->list.top + (size_t)y);
		if (t->mouse.what == MOUSE_DOUBLE)
			open_selected(t, f, 0);
		return true;
	}
	if (key == 'G' || key == KEY_TO_END || key == 'g' ||
	    key == KEY_TO_HOME) {
		if (key == 'G' || key == KEY_TO_END)
			pager_to_end(f->pager);
		else
			pager_to_top(f->pager);
	}
	return list_key(&f->list, pager_n(f->pager), height(f), key);
}

static void
copy_frames(struct tui *t, void *state, int key)
{
	struct findings *f = state;
	const struct pager_row *row = pager_row(f->pager, f->list.selected);
	char text[512];
	size_t len;

	(void)key;
	if (!row)
		return;
	len = (size_t)snprintf(text, sizeof(text), "frame.number in {");
	query_bind_int(f->evidence, 1, row->id);
	for (int n = 0; query_step(f->evidence) && len < 480; n++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s%" PRId64, n ? ", " : "",
					query_int(f->evidence, 0));
	query_rewind(f->evidence);
	snprintf(text + len, sizeof(text) - len, "}");
	tui_copy(t, text);
}

static const struct binding bindings[] = {
	{ { KEY_RETURN }, "Proof", "the packets that prove it",
	  open_selected },
	{ { 'y' }, "Copy", "copy a display filter for these packets",
	  copy_frames },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel findings_panel = {
	.name = "Findings",
	.help = "what is wrong, the gravest first",
	.state_size = sizeof(struct findings),
	.open = findings_open,
	.close = findings_close,
	.draw = findings_draw,
	.key = findings_key,
	.work = findings_work,
	.refresh = findings_refresh,
	.bindings = bindings,
};
