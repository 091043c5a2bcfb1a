/*
 * table.c - a query's rows in columns.
 *
 * The widths of the text table are those of the first rows, cut down to what
 * the page has: the widest columns give first.  Later rows keep them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/table.h"

#define SAMPLE_ROWS 200		/* that the widths are taken from */
#define NARROWEST 8		/* what a column keeps when the page is full */
#define FLUSH_BYTES 65536

/* --- JSON lines and CSV ---------------------------------------------------- */

void
json_add_value(struct text *out, const struct query *q, int column)
{
	switch (query_type(q, column)) {
	case QUERY_NULL:
		text_add(out, "null");
		break;
	case QUERY_INTEGER:
		text_add_int(out, query_int(q, column));
		break;
	case QUERY_REAL:
		if (isfinite(query_real(q, column)))
			text_printf(out, "%.15g", query_real(q, column));
		else
			text_add(out, "null");
		break;
	default:
		text_add_json(out, query_text(q, column),
			      query_size(q, column));
	}
}

void
json_add_row(struct text *out, const struct query *q)
{
	for (int i = 0; i < query_columns(q); i++) {
		const char *name = query_name(q, i);

		text_add_char(out, i ? ',' : '{');
		text_add_json(out, name, strlen(name));
		text_add_char(out, ':');
		json_add_value(out, q, i);
	}
	text_add_char(out, '}');
}

static void
csv_add_names(struct text *out, const struct query *q)
{
	for (int i = 0; i < query_columns(q); i++) {
		if (i)
			text_add_char(out, ',');
		text_add_csv(out, query_name(q, i), strlen(query_name(q, i)));
	}
	text_add(out, "\r\n");
}

static void
csv_add_row(struct text *out, const struct query *q)
{
	for (int i = 0; i < query_columns(q); i++) {
		enum query_type type = query_type(q, i);
		const char *value = query_text(q, i);

		if (i)
			text_add_char(out, ',');
		if (type == QUERY_INTEGER || type == QUERY_REAL)
			text_add(out, value);
		else
			text_add_csv(out, value, query_size(q, i));
	}
	text_add(out, "\r\n");
}

static int
flush(struct text *out, FILE *to, size_t limit)
{
	int rc = out->failed ? -1 : 0;

	if (out->len < limit)
		return rc;
	if (fwrite(out->s, 1, out->len, to) != out->len)
		rc = -1;
	text_clear(out);
	return rc;
}

static int
write_lines(struct query *q, enum table_format format, FILE *to)
{
	struct text out;
	int rc = 0;

	text_init(&out);
	if (format == TABLE_CSV)
		csv_add_names(&out, q);
	while (rc == 0 && query_step(q)) {
		if (format == TABLE_CSV) {
			csv_add_row(&out, q);
		} else {
			json_add_row(&out, q);
			text_add_char(&out, '\n');
		}
		rc = flush(&out, to, FLUSH_BYTES);
	}
	if (rc == 0)
		rc = flush(&out, to, 0);
	text_release(&out);
	return rc;
}

/* --- text ------------------------------------------------------------------ */

struct cell {
	char *text;		/* safe for a terminal */
	bool number;
};

struct grid {
	size_t columns, rows;
	struct cell *cell;	/* rows * columns */
	size_t *width;
	bool *number;		/* a column of numbers only: to the right */
};

static void
grid_release(struct grid *g)
{
	for (size_t i = 0; g->cell && i < g->rows * g->columns; i++)
		free(g->cell[i].text);
	free(g->cell);
	free(g->width);
	free(g->number);
}

static bool
grid_init(struct grid *g, size_t columns)
{
	*g = (struct grid){ .columns = columns };
	g->cell = calloc(SAMPLE_ROWS * columns + 1, sizeof(*g->cell));
	g->width = calloc(columns + 1, sizeof(*g->width));
	g->number = calloc(columns + 1, sizeof(*g->number));
	return g->cell && g->width && g->number;
}

static void
take_cell(struct cell *cell, const struct query *q, int column)
{
	enum query_type type = query_type(q, column);
	struct text t;

	text_init(&t);
	text_add_safe(&t, query_text(q, column), query_size(q, column));
	cell->text = strdup(t.s);
	cell->number = type == QUERY_INTEGER || type == QUERY_REAL ||
		       type == QUERY_NULL;
	text_release(&t);
}

/* The next rows: at most SAMPLE_ROWS. */
static bool
take_rows(struct grid *g, struct query *q)
{
	for (size_t i = 0; i < g->rows * g->columns; i++)
		free(g->cell[i].text);
	g->rows = 0;
	while (g->rows < SAMPLE_ROWS && query_step(q)) {
		struct cell *row = g->cell + g->rows++ * g->columns;

		for (size_t i = 0; i < g->columns; i++)
			take_cell(&row[i], q, (int)i);
	}
	return g->rows > 0;
}

static size_t
text_columns(const char *s)
{
	return s ? utf8_columns(s, strlen(s)) : 0;
}

/* What the columns want, then the widest give until all fit. */
static void
fit_widths(struct grid *g, const struct query *q, size_t page)
{
	size_t sum = 0;

	for (size_t c = 0; c < g->columns; c++) {
		g->width[c] = text_columns(query_name(q, (int)c));
		g->number[c] = true;
		for (size_t r = 0; r < g->rows; r++) {
			const struct cell *cell = &g->cell[r * g->columns + c];
			size_t n = text_columns(cell->text);

			if (n > g->width[c])
				g->width[c] = n;
			g->number[c] &= cell->number;
		}
		sum += g->width[c] + (c ? 2 : 0);
	}
	while (sum > page) {
		size_t widest = 0;

		for (size_t c = 1; c < g->columns; c++)
			if (g->width[c] > g->width[widest])
				widest = c;
		if (g->width[widest] <= NARROWEST)
			break;
		g->width[widest]--;
		sum--;
	}
}

/* The bytes that the first n characters take. */
static size_t
bytes_of(const char *text, size_t n)
{
	size_t i = 0;

	for (; text[i]; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	return i;
}

/* Cut text ends with '~'. */
static void
add_cell(struct page *p, const char *text, size_t width, bool right, bool last)
{
	size_t columns = text_columns(text);

	if (columns > width) {
		text_add_bytes(&p->out, text, bytes_of(text, width - 1));
		text_add_char(&p->out, '~');
		return;
	}
	if (right)
		text_add_spaces(&p->out, width - columns);
	text_add(&p->out, text);
	if (!right && !last)
		text_add_spaces(&p->out, width - columns);
}

static void
add_names(struct page *p, const struct grid *g, const struct query *q)
{
	for (size_t c = 0; c < g->columns; c++) {
		struct text name;

		text_init(&name);
		text_add_safe(&name, query_name(q, (int)c),
			      strlen(query_name(q, (int)c)));
		page_raw(p, c ? "  " : "");
		page_style(p, PAGE_BOLD);
		add_cell(p, name.s, g->width[c], g->number[c],
			 c + 1 == g->columns);
		page_style(p, PAGE_PLAIN);
		text_release(&name);
	}
	page_raw(p, "\n");
}

static void
add_rows(struct page *p, const struct grid *g)
{
	for (size_t r = 0; r < g->rows; r++) {
		const struct cell *row = &g->cell[r * g->columns];

		for (size_t c = 0; c < g->columns; c++) {
			page_raw(p, c ? "  " : "");
			add_cell(p, row[c].text ? row[c].text : "",
				 g->width[c], g->number[c],
				 c + 1 == g->columns);
		}
		page_raw(p, "\n");
	}
}

static int
write_text(struct query *q, FILE *to, enum report_color color)
{
	struct page p;
	struct grid g;
	int rc = 0;

	page_init(&p, to, color);
	if (!grid_init(&g, (size_t)query_columns(q)))
		rc = -1;
	for (bool first = true; rc == 0; first = false) {
		if (!take_rows(&g, q) && !first)
			break;
		if (first) {
			fit_widths(&g, q, p.columns);
			add_names(&p, &g, q);
		}
		add_rows(&p, &g);
		rc = flush(&p.out, to, 1);
	}
	grid_release(&g);
	page_release(&p);
	return rc;
}

int
table_write(struct query *q, enum table_format format, FILE *to,
	    enum report_color color)
{
	int rc = format == TABLE_TEXT ? write_text(q, to, color) :
					write_lines(q, format, to);

	return rc == 0 && fflush(to) == 0 ? 0 : -1;
}
