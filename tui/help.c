/*
 * help.c - keys of the panel shown, keys of all, words of filters: help.h.
 */
#include <stdio.h>
#include <string.h>

#include "tui/conn_filter.h"
#include "tui/help.h"

/* Lines are numbered; those in view are drawn, the others only counted. */
struct sheet {
	struct canvas box;
	size_t top;
	size_t n;
};

static int
row_of(struct sheet *s)
{
	size_t i = s->n++;

	return i < s->top || i - s->top >= (size_t)s->box.rows
	       ? -1 : (int)(i - s->top);
}

static void
heading(struct sheet *s, const char *text)
{
	int y;

	if (s->n > 0)
		row_of(s);
	y = row_of(s);
	canvas_text(&s->box, 0, y, STYLE_STRONG, text);
}

static void
entry(struct sheet *s, const char *name, const char *text)
{
	int y = row_of(s);

	canvas_text(&s->box, 1, y, STYLE_KEY, name);
	canvas_text_cut(&s->box, 17, y, s->box.cols - 17, STYLE_TEXT,
			text ? text : "");
}

static void
keys(struct sheet *s, const struct binding *b)
{
	for (; b && b->run; b++) {
		char names[32] = "", one[8];

		for (int i = 0; i < 3 && b->key[i]; i++) {
			size_t len = strlen(names);

			snprintf(names + len, sizeof(names) - len, "%s%s",
				 i ? " " : "", key_label(b->key[i], one));
		}
		entry(s, names, b->help);
	}
}

static void
filter_help(struct sheet *s)
{
	struct conn_filter_word w;

	heading(s, "Words of a filter, joined by and, or, not, ( )");
	for (size_t i = 0; conn_filter_word(i, &w); i++)
		entry(s, w.name, w.help);
	entry(s, "sql ...", "any expression over the view conn");
}

static size_t
sheet_fill(struct tui *t, struct sheet *s)
{
	const struct panel *p = panels[t->shown];
	char title[64];
	void *part;

	snprintf(title, sizeof(title), "%s", p->name);
	heading(s, title);
	if (p->help)
		canvas_text_cut(&s->box, 1, row_of(s), s->box.cols - 1,
				STYLE_DIM, p->help);
	keys(s, tui_part_bindings(t, &part));
	keys(s, p->bindings);
	heading(s, "Lists");
	entry(s, "j k Up Down", "one row");
	entry(s, "PgUp PgDn ^U ^D", "one page");
	entry(s, "g G Home End", "first, last");
	heading(s, "Everywhere");
	keys(s, common_bindings);
	if (t->shown == PANEL_CONNECTIONS)
		filter_help(s);
	return s->n;
}

static struct canvas
box_area(const struct canvas *screen)
{
	int cols = screen->cols > 76 ? 72 : screen->cols - 2;
	int rows = screen->rows > 6 ? screen->rows - 4 : screen->rows;

	return canvas_sub(screen, (screen->cols - cols) / 2,
			  (screen->rows - rows) / 2, cols, rows);
}

static void
frame(struct canvas *c)
{
	static const enum glyph corner[4] = {
		GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, GLYPH_CORNER,
		GLYPH_BOTTOM_RIGHT,
	};

	for (int y = 0; y < c->rows; y++) {
		canvas_fill(c, 0, y, c->cols, ' ', STYLE_TEXT);
		canvas_glyph(c, 0, y, GLYPH_VLINE, STYLE_AXIS);
		canvas_glyph(c, c->cols - 1, y, GLYPH_VLINE, STYLE_AXIS);
	}
	for (int x = 0; x < c->cols; x++) {
		canvas_glyph(c, x, 0, GLYPH_HLINE, STYLE_AXIS);
		canvas_glyph(c, x, c->rows - 1, GLYPH_HLINE, STYLE_AXIS);
	}
	for (int i = 0; i < 4; i++)
		canvas_glyph(c, i & 1 ? c->cols - 1 : 0,
			     i & 2 ? c->rows - 1 : 0, corner[i], STYLE_AXIS);
	canvas_text(c, 2, 0, STYLE_STRONG, " Help ");
	canvas_text(c, 10, 0, STYLE_DIM, " Esc closes, j k scroll ");
}

void
help_draw(struct tui *t, struct canvas *screen)
{
	struct canvas box = box_area(screen);
	struct sheet s = { 0 };
	size_t n = sheet_fill(t, &s);

	frame(&box);
	s = (struct sheet){ .box = canvas_sub(&box, 2, 1, box.cols - 4,
					      box.rows - 2) };
	list_fit(&t->help_list, n, (size_t)s.box.rows);
	if (t->help_list.selected + (size_t)s.box.rows > n)
		t->help_list.selected = n > (size_t)s.box.rows
			? n - (size_t)s.box.rows : 0;
	s.top = t->help_list.selected;
	sheet_fill(t, &s);
}

void
help_key(struct tui *t, int key)
{
	struct canvas box = box_area(&t->screen);

	if (key == KEY_MOUSE_EVENT)
		key = t->mouse.what == MOUSE_WHEEL_UP ? 'k' :
		      t->mouse.what == MOUSE_WHEEL_DOWN ? 'j' : KEY_ESCAPE;
	if (key == KEY_SIZE ||
	    list_key(&t->help_list, 500, (size_t)box.rows, key))
		return;
	t->help = false;
}
