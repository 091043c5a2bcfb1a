/*
 * table.c - a query's rows in columns.
 *
 * The widths of the text table are those of the first rows, cut down to what
 * the page has: first the names give, which are broken at '_', then the widest
 * columns, but none so much that it says nothing.  Later rows keep the widths.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/table.h"

#define SAMPLE_ROWS 200		/* that the widths are taken from */
#define NARROWEST 21		/* what a column keeps when the page is full */
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
	size_t *width, *least;
	bool *number;		/* a column of numbers only: to the right */
};

static void
grid_release(struct grid *g)
{
	for (size_t i = 0; g->cell && i < g->rows * g->columns; i++)
		free(g->cell[i].text);
	free(g->cell);
	free(g->width);
	free(g->least);
	free(g->number);
}

static bool
grid_init(struct grid *g, size_t columns)
{
	*g = (struct grid){ .columns = columns };
	g->cell = calloc(SAMPLE_ROWS * columns + 1, sizeof(*g->cell));
	g->width = calloc(columns + 1, sizeof(*g->width));
	g->least = calloc(columns + 1, sizeof(*g->least));
	g->number = calloc(columns + 1, sizeof(*g->number));
	return g->cell && g->width && g->least && g->number;
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

/* The part of a name that stands in one line, '_' included: as much as width
   allows, but at least up to the next '_'. */
static size_t
name_part(const char *name, size_t width)
{
	size_t n = 0;

	while (name[n]) {
		size_t more = strcspn(name + n, "_");

		more += name[n + more] == '_';
		if (n > 0 && n + more > width)
			break;
		n += more;
	}
	return n;
}

static size_t
longest_part(const char *name)
{
	size_t longest = 0, n;

	for (; (n = name_part(name, 0)) > 0; name += n)
		if (n > longest)
			longest = n;
	return longest;
}

/* What a column cannot do without: its values and parts of its name. */
static size_t
wanted_width(struct grid *g, const struct query *q, size_t c)
{
	size_t width = longest_part(query_name(q, (int)c));

	g->number[c] = true;
	for (size_t r = 0; r < g->rows; r++) {
		const struct cell *cell = &g->cell[r * g->columns + c];
		size_t n = text_columns(cell->text);

		if (n > width)
			width = n;
		g->number[c] &= cell->number;
	}
	return width;
}

/* Let the column with the most to give be narrower by one; false: none has
   more than its least. */
static bool
narrow(struct grid *g, const size_t *least)
{
	size_t widest = 0;

	for (size_t c = 1; c < g->columns; c++)
		if (g->width[widest] <= least[widest] ||
		    (g->width[c] > least[c] && g->width[c] > g->width[widest]))
			widest = c;
	if (g->width[widest] <= least[widest])
		return false;
	g->width[widest]--;
	return true;
}

static void
fit_widths(struct grid *g, const struct query *q, size_t page)
{
	size_t sum = 0;

	for (size_t c = 0; c < g->columns; c++) {
		size_t name = text_columns(query_name(q, (int)c));

		g->least[c] = wanted_width(g, q, c);
		g->width[c] = name > g->least[c] ? name : g->least[c];
		sum += g->width[c] + (c ? 2 : 0);
	}
	while (sum > page && narrow(g, g->least))
		sum--;
	for (size_t c = 0; c < g->columns; c++)
		if (g->least[c] > NARROWEST)
			g->least[c] = NARROWEST;
	while (sum > page && narrow(g, g->least))
		sum--;
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

/* A line of the names, and where the next one begins; false: it is empty. */
static bool
add_name_line(struct page *p, const struct grid *g, const struct query *q,
	      size_t *at)
{
	bool more = false;

	for (size_t c = 0; c < g->columns; c++) {
		const char *rest = query_name(q, (int)c) + at[c];
		size_t n = name_part(rest, g->width[c]);
		struct text part;

		text_init(&part);
		text_add_safe(&part, rest, n);
		page_raw(p, c ? "  " : "");
		add_cell(p, part.s, g->width[c], g->number[c],
			 c + 1 == g->columns);
		text_release(&part);
		at[c] += n;
		more |= rest[n] != '\0';
	}
	while (p->out.len > 0 && p->out.s[p->out.len - 1] == ' ')
		p->out.len--;
	return more;
}

static void
add_names(struct page *p, const struct grid *g, const struct query *q)
{
	size_t *at = calloc(g->columns + 1, sizeof(*at));
	bool more = at;

	while (more) {
		page_style(p, PAGE_BOLD);
		more = add_name_line(p, g, q, at);
		page_style(p, PAGE_PLAIN);
		page_raw(p, "\n");
	}
	free(at);
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
