/*
 * connections_draw.c - the table, the lanes beside it, prompt and menu.
 *
 * A row is drawn from two places: the pager knows which connections are in
 * view, in which order; what a row shows is looked up by its number.
 */
#include <stdio.h>
#include <string.h>

#include "tui/axis.h"
#include "tui/connections.h"
#include "tui/show.h"

enum showing
connections_showing(const struct connections *cs, int cols)
{
	if (cs->showing >= 0)
		return (enum showing)cs->showing;
	return cols >= BOTH_FROM_COLS ? SHOW_BOTH : SHOW_TABLE;
}

static void
draw_prompt(struct tui *t, struct connections *cs, struct canvas *c)
{
	int x = canvas_text(c, 0, 0, STYLE_KEY, "Filter: "), cursor;
	const char *text = prompt_shown(&cs->prompt, c->cols - x, &cursor);

	x += canvas_text(c, x, 0, cs->error[0] ? STYLE_ERROR : STYLE_OK,
			 text);
	tui_place_cursor(t, c, 8 + cursor, 0);
	if (!cs->error[0] && cs->prompt.len > 0)
		canvas_text(c, x + 2, 0, STYLE_DIM, "valid");
}

/* The reason, in words.  Returns the rows that it takes. */
static int
draw_error(struct connections *cs, struct canvas *c)
{
	char text[sizeof(cs->error) + 16];

	snprintf(text, sizeof(text), "invalid: %s", cs->error);
	return canvas_paragraph(c, 0, 1, c->cols, STYLE_ERROR, text);
}

static void
draw_summary(struct connections *cs, struct canvas *c)
{
	char n[SHOW_SIZE], all_n[SHOW_SIZE];
	int64_t matching, all;
	bool counted = pager_count(cs->pager, &matching, &all);
	int x = canvas_printf(c, 0, 0, STYLE_TEXT, "%s%s connection%s",
			      show_count(n, matching), counted ? "" : "+",
			      matching == 1 && counted ? "" : "s");

	if (cs->applied[0])
		x += canvas_printf(c, x, 0, STYLE_TEXT, " of %s",
				   show_count(all_n, all));
	x += canvas_printf(c, x, 0, STYLE_DIM, "  sorted by %s%s",
			   list_columns[cs->sort].head,
			   cs->descending ? ", largest first" : "");
	if (pager_searching(cs->pager))
		x += canvas_printf(c, x, 0, STYLE_NOTE, "  searching %d%%",
				   pager_progress(cs->pager));
	if (cs->applied[0]) {
		x += canvas_text(c, x, 0, STYLE_DIM, "  filter ");
		canvas_text_cut(c, x, 0, c->cols - x, STYLE_OK, cs->applied);
	}
}

static void
draw_cells(struct connections *cs, struct canvas *c, int y, int64_t id)
{
	char text[COLUMN_TEXT_SIZE];

	query_bind_int(cs->row, 1, id);
	if (query_step(cs->row))
		for (int i = 0; i < cs->layout.n; i++) {
			const struct list_column *col =
				&list_columns[cs->layout.id[i]];
			int n = cs->layout.width[i], x = cs->layout.x[i], w;
			enum style s = STYLE_TEXT;

			col->format(text, sizeof(text), cs->row,
				    (int)cs->layout.id[i] + 1);
			w = canvas_columns(text);
			if (cs->layout.id[i] == COL_FINDING && text[0] != '-')
				s = severity_style(text);
			canvas_text_cut(c, x + (col->right && w < n ? n - w
							: 0), y, n, s, text);
		}
	query_rewind(cs->row);
}

static void
draw_label(struct connections *cs, struct canvas *c, int y, int64_t id)
{
	char number[COLUMN_TEXT_SIZE], server[COLUMN_TEXT_SIZE];

	query_bind_int(cs->row, 1, id);
	if (query_step(cs->row)) {
		list_columns[COL_ID].format(number, sizeof(number), cs->row,
					    COL_ID + 1);
		list_columns[COL_SERVER].format(server, sizeof(server),
						cs->row, COL_SERVER + 1);
		canvas_printf(c, 0, y, STYLE_TEXT, "%6s", number);
		canvas_text_cut(c, 7, y, c->cols - 7, STYLE_TEXT, server);
	}
	query_rewind(cs->row);
}

static void
draw_lane(struct connections *cs, struct canvas *c, int y, int64_t id)
{
	struct lane lane;

	lane_init(&lane, &cs->view, c->cols);
	lane_load(&lane, &cs->lanes, id, cs->mode, cs->indexed);
	lane_draw(&lane, c, 0, y);
}

static void
draw_rows(struct connections *cs, struct canvas *table, struct canvas *lanes,
	  bool labels)
{
	for (int y = 0; y < cs->body.rows; y++) {
		size_t i = cs->list.top + (size_t)y;
		const struct pager_row *row = pager_row(cs->pager, i);

		if (!row)
			break;
		if (labels)
			draw_label(cs, table, y + 1, row->id);
		else
			draw_cells(cs, table, y + 1, row->id);
		if (lanes->cols > 0)
			draw_lane(cs, lanes, y + 1, row->id);
		if (i == cs->list.selected)
			canvas_select(table, 0, y + 1, table->cols);
	}
}

static void
draw_legend(struct connections *cs, struct canvas *c)
{
	const struct look *(*look)(size_t) = cs->mode == LANE_LIMIT
		? cause_look_at : state_look_at;
	int x = canvas_printf(c, 0, 0, STYLE_DIM, "%s: ",
			      lane_mode_words(cs->mode));
	const struct look *l;

	x += canvas_text(c, x, 0, STYLE_RTX, "*rtx ");
	x += canvas_text(c, x, 0, STYLE_ERROR, "!timeout Xreset ");
	x += canvas_text(c, x, 0, STYLE_WARNING, "0window ");
	for (size_t i = 0; (l = look(i)) != NULL; i++) {
		int n = (int)strlen(l->name) + 2;

		if (x + n + 1 > c->cols)
			break;
		x += canvas_printf(c, x, 0, l->style, "%c=%s ", l->letter,
				   l->name);
	}
}

static void
draw_menu(struct connections *cs, struct canvas *c)
{
	int cols = c->cols < 60 ? c->cols : 60;
	struct canvas box = canvas_sub(c, c->cols - cols, 0, cols, N_COLS + 1);

	list_fit(&cs->menu, N_COLS, box.rows > 1 ? (size_t)box.rows - 1 : 1);
	for (int y = 0; y < box.rows; y++)
		canvas_fill(&box, 0, y, box.cols, ' ', STYLE_TEXT);
	canvas_fill(&box, 0, 0, box.cols, ' ', STYLE_HEAD);
	canvas_text(&box, 1, 0, STYLE_HEAD, "Sort by");
	for (int y = 1; y < box.rows; y++) {
		size_t i = cs->menu.top + (size_t)y - 1;

		if (i >= N_COLS)
			break;
		canvas_text(&box, 1, y, STYLE_TEXT, list_columns[i].head);
		canvas_text_cut(&box, 16, y, box.cols - 16, STYLE_DIM,
				list_columns[i].help);
		if (i == cs->menu.selected)
			canvas_select(&box, 0, y, box.cols);
	}
}

/* How many of the columns the table takes; the lanes get the others. */
static int
table_cols(enum showing what, int cols)
{
	if (what == SHOW_TABLE)
		return cols;
	if (what == SHOW_BOTH)
		return cols / 2 > TABLE_COLS ? cols / 2 : TABLE_COLS;
	return cols / 2 < LABEL_COLS ? cols / 2 : LABEL_COLS;
}

static void
draw_table(struct tui *t, struct connections *cs, struct canvas *c)
{
	enum showing what = connections_showing(cs, c->cols);
	int cols = table_cols(what, c->cols);
	struct canvas table = canvas_sub(c, 0, 0, cols, c->rows);
	struct canvas lanes = canvas_sub(c, cols + 1, 0, c->cols - cols - 1,
					 c->rows);

	cs->indexed = t->capture.indexed;
	columns_fit(&cs->layout, table.cols);
	cs->lane_area = lanes;
	cs->body = canvas_sub(c, 0, 1, c->cols, c->rows - 1);
	list_fit(&cs->list, pager_n(cs->pager), connections_height(cs));
	if (what == SHOW_LANES)
		canvas_text(&table, 1, 0, STYLE_HEAD, "conn  server");
	else
		columns_head(&cs->layout, &table, 0, cs->sort,
			     cs->descending);
	if (lanes.cols > 0)
		axis_time(&lanes, 0, 0, lanes.cols, &cs->view,
			  t->capture.start_ns);
	draw_rows(cs, &table, &lanes, what == SHOW_LANES);
}

void
connections_draw(struct tui *t, void *state, struct canvas *c)
{
	struct connections *cs = state;
	int top = 1;
	bool lanes = connections_showing(cs, c->cols) != SHOW_TABLE;
	struct canvas rest;

	if (!cs->pager)
		return;
	if (cs->editing)
		draw_prompt(t, cs, c);
	else
		draw_summary(cs, c);
	if (cs->error[0] && cs->editing)
		top += draw_error(cs, c);
	rest = canvas_sub(c, 0, top, c->cols, c->rows - top - lanes);
	draw_table(t, cs, &rest);
	if (lanes) {
		struct canvas legend = canvas_sub(c, 0, c->rows - 1, c->cols,
						  1);

		draw_legend(cs, &legend);
	}
	if (pager_n(cs->pager) == 0 && !pager_busy(cs->pager))
		canvas_text(&cs->body, 2, 1, STYLE_DIM, cs->applied[0]
			    ? "no connection matches" : "no connections");
	if (cs->choosing)
		draw_menu(cs, &rest);
}
