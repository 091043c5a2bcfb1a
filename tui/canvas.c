/*
 * canvas.c - cells, clipping and the gate for text: canvas.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/canvas.h"

static const struct {
	uint32_t unicode;
	char ascii;
} glyphs[N_GLYPHS] = {
	[GLYPH_HLINE] = { 0x2500, '-' },
	[GLYPH_VLINE] = { 0x2502, '|' },
	[GLYPH_CROSS] = { 0x253c, '+' },
	[GLYPH_LEFT] = { 0x25c0, '<' },
	[GLYPH_RIGHT] = { 0x25b6, '>' },
	[GLYPH_UP] = { 0x25b2, '^' },
	[GLYPH_DOWN] = { 0x25bc, 'v' },
	[GLYPH_BLOCK] = { 0x2588, '#' },
	[GLYPH_SHADE] = { 0x2591, ':' },
	[GLYPH_DOT] = { 0x00b7, '.' },
	[GLYPH_ELLIPSIS] = { 0x2026, '~' },
	[GLYPH_TEE] = { 0x2524, '+' },
	[GLYPH_CORNER] = { 0x2514, '+' },
	[GLYPH_TOP_LEFT] = { 0x250c, '+' },
	[GLYPH_TOP_RIGHT] = { 0x2510, '+' },
	[GLYPH_BOTTOM_RIGHT] = { 0x2518, '+' },
};

int
canvas_init(struct canvas *c, int cols, int rows, bool ascii)
{
	if (cols < 1)
		cols = 1;
	if (rows < 1)
		rows = 1;
	*c = (struct canvas){ .cols = cols, .rows = rows, .stride = cols,
			      .ascii = ascii };
	c->cell = calloc((size_t)cols * (size_t)rows, sizeof(*c->cell));
	if (!c->cell)
		return -1;
	canvas_clear(c);
	return 0;
}

void
canvas_release(struct canvas *c)
{
	free(c->cell);
	*c = (struct canvas){ 0 };
}

void
canvas_clear(struct canvas *c)
{
	for (int y = 0; y < c->rows; y++)
		canvas_fill(c, 0, y, c->cols, ' ', STYLE_TEXT);
}

struct canvas
canvas_sub(const struct canvas *c, int x, int y, int cols, int rows)
{
	struct canvas sub = *c;

	if (x < 0)
		x = 0;
	if (y < 0)
		y = 0;
	if (x > c->cols)
		x = c->cols;
	if (y > c->rows)
		y = c->rows;
	if (cols > c->cols - x)
		cols = c->cols - x;
	if (rows > c->rows - y)
		rows = c->rows - y;
	sub.x0 += x;
	sub.y0 += y;
	sub.cols = cols > 0 ? cols : 0;
	sub.rows = rows > 0 ? rows : 0;
	if (sub.cols > 0 && sub.rows > 0)
		sub.cell += y * c->stride + x;
	return sub;
}

static struct cell *
cell_at(const struct canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->cols || y >= c->rows)
		return NULL;
	return &c->cell[y * c->stride + x];
}

static uint32_t
glyph_in_ascii(uint32_t ch)
{
	for (int g = 0; g < N_GLYPHS; g++)
		if (glyphs[g].unicode == ch)
			return (uint32_t)glyphs[g].ascii;
	return '?';
}

/* The signs that we draw ourselves and Latin letters: one column each. */
static bool
is_plain(uint32_t ch)
{
	return (ch >= 0xa1 && ch < 0x300 && ch != 0xad) ||
	       (ch >= 0x2190 && ch < 0x2200) ||
	       (ch >= 0x2500 && ch < 0x2600) ||
	       (ch >= 0x2800 && ch < 0x2900) ||
	       ch == 0x2026 || ch == 0x2013;
}

static uint32_t
gate(const struct canvas *c, uint32_t ch)
{
	if (ch >= ' ' && ch < 0x7f)
		return ch;
	if (!is_plain(ch))
		return '?';
	return c->ascii ? glyph_in_ascii(ch) : ch;
}

void
canvas_put(struct canvas *c, int x, int y, uint32_t ch, enum style s)
{
	struct cell *cell = cell_at(c, x, y);

	if (cell)
		*cell = (struct cell){ .ch = gate(c, ch), .style = (uint8_t)s };
}

void
canvas_glyph(struct canvas *c, int x, int y, enum glyph g, enum style s)
{
	canvas_put(c, x, y, c->ascii ? (uint32_t)glyphs[g].ascii
				     : glyphs[g].unicode, s);
}

void
canvas_fill(struct canvas *c, int x, int y, int n, uint32_t ch, enum style s)
{
	for (int i = 0; i < n && x + i < c->cols; i++)
		canvas_put(c, x + i, y, ch, s);
}

/* The next code point of UTF-8; a byte that is not UTF-8 is U+FFFD. */
static uint32_t
utf8_next(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	int more = p[0] < 0x80 ? 0 : p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : 1;
	uint32_t ch = p[0];

	*text += 1;
	if (more == 0)
		return ch;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0xfffd;
	ch &= 0x3fu >> more;
	for (int i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0xfffd;
		ch = ch << 6 | (p[i] & 0x3f);
	}
	*text += more;
	return ch;
}

int
canvas_columns(const char *text)
{
	int n = 0;

	while (*text) {
		utf8_next(&text);
		n++;
	}
	return n;
}

int
canvas_text(struct canvas *c, int x, int y, enum style s, const char *text)
{
	int n = 0;

	while (*text && x + n < c->cols)
		canvas_put(c, x + n++, y, utf8_next(&text), s);
	return n;
}

int
canvas_printf(struct canvas *c, int x, int y, enum style s, const char *fmt,
	      ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	return canvas_text(c, x, y, s, line);
}

int
canvas_text_cut(struct canvas *c, int x, int y, int n, enum style s,
		const char *text)
{
	int wide = canvas_columns(text);

	if (n <= 0)
		return 0;
	for (int i = 0; i < n && *text; i++) {
		if (i == n - 1 && wide > n) {
			canvas_glyph(c, x + i, y, GLYPH_ELLIPSIS, s);
			break;
		}
		canvas_put(c, x + i, y, utf8_next(&text), s);
	}
	return wide < n ? wide : n;
}

/* How many bytes of text go into n columns without cutting a word. */
static size_t
line_break(const char *text, int n)
{
	const char *p = text, *space = NULL;

	for (int i = 0; i <= n; i++) {
		if (*p == '\0' || *p == '\n')
			return (size_t)(p - text);
		if (*p == ' ')
			space = p;
		if (i < n)
			utf8_next(&p);
	}
	return (size_t)((space && space > text ? space : p) - text);
}

int
canvas_paragraph(struct canvas *c, int x, int y, int n, enum style s,
		 const char *text)
{
	struct canvas box = canvas_sub(c, x, 0, n, c->rows);
	int rows = 0;

	if (n <= 0)
		return 0;
	while (*text) {
		char line[512];
		size_t len = line_break(text, n);

		if (len == 0 && *text != '\n')
			len = 1;
		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		canvas_text(&box, 0, y + rows++, s, line);
		text += len;
		if (*text == ' ' || *text == '\n')
			text++;
	}
	return rows;
}

void
canvas_level(struct canvas *c, int x, int y, int eighths, enum style s)
{
	static const char in_ascii[] = " .:-=+*##";

	if (eighths < 0)
		eighths = 0;
	if (eighths > 8)
		eighths = 8;
	if (c->ascii)
		canvas_put(c, x, y, (uint32_t)in_ascii[eighths], s);
	else
		canvas_put(c, x, y, eighths ? 0x2580u + (uint32_t)eighths : ' ',
			   s);
}

void
canvas_select(struct canvas *c, int x, int y, int n)
{
	for (int i = 0; i < n; i++) {
		struct cell *cell = cell_at(c, x + i, y);

		if (cell)
			cell->selected = true;
	}
}

void
canvas_restyle(struct canvas *c, int x, int y, int n, enum style s)
{
	for (int i = 0; i < n; i++) {
		struct cell *cell = cell_at(c, x + i, y);

		if (cell)
			cell->style = (uint8_t)s;
	}
}

static size_t
utf8_put(uint32_t ch, char *to)
{
	if (ch < 0x80) {
		to[0] = (char)ch;
		return 1;
	}
	if (ch < 0x800) {
		to[0] = (char)(0xc0 | ch >> 6);
		to[1] = (char)(0x80 | (ch & 0x3f));
		return 2;
	}
	to[0] = (char)(0xe0 | (ch >> 12 & 0xf));
	to[1] = (char)(0x80 | (ch >> 6 & 0x3f));
	to[2] = (char)(0x80 | (ch & 0x3f));
	return 3;
}

size_t
canvas_row(const struct canvas *c, int y, char *buf, size_t size)
{
	size_t len = 0, end = 0;

	for (int x = 0; x < c->cols && len + 4 <= size; x++) {
		const struct cell *cell = cell_at(c, x, y);

		len += utf8_put(cell ? cell->ch : ' ', buf + len);
		if (cell && cell->ch != ' ')
			end = len;
	}
	if (size > 0)
		buf[end] = '\0';
	return end;
}
