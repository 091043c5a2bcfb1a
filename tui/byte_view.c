/*
 * byte_view.c - bytes, gaps and lines: stream.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/byte_view.h"

int
byte_view_init(struct byte_view *s)
{
	memset(s, 0, sizeof(*s));
	s->byte = calloc(1, BYTE_VIEW_MAX);
	s->there = calloc(1, BYTE_VIEW_MAX / 8);
	return s->byte && s->there ? 0 : -1;
}

void
byte_view_release(struct byte_view *s)
{
	free(s->byte);
	free(s->there);
	memset(s, 0, sizeof(*s));
}

static bool
is_there(const struct byte_view *s, size_t at)
{
	return s->there[at / 8] >> (at % 8) & 1;
}

void
byte_view_add(struct byte_view *s, int64_t at, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int64_t to = at + (int64_t)i;

		if (to < 0)
			continue;
		if (to >= BYTE_VIEW_MAX) {
			s->cut = true;
			return;
		}
		if (is_there(s, (size_t)to))
			continue;
		s->byte[to] = bytes[i];
		s->there[to / 8] |= (uint8_t)(1 << (to % 8));
		if ((size_t)to + 1 > s->len)
			s->len = (size_t)to + 1;
	}
}

size_t
byte_view_run(const struct byte_view *s, size_t at, bool *gap)
{
	size_t n = 0;

	if (at >= s->len)
		return 0;
	*gap = !is_there(s, at);
	while (at + n < s->len && is_there(s, at + n) != *gap)
		n++;
	return n;
}

bool
byte_view_next_line(const struct byte_view *s, size_t at, size_t width,
		    bool hex, struct byte_line *line)
{
	size_t n = 0, run;

	line->at = at;
	line->gap = false;
	if (at >= s->len)
		return false;
	if (!is_there(s, at)) {
		run = byte_view_run(s, at, &line->gap);
		line->len = run;
		return true;
	}
	if (hex)
		width = width >= 75 ? 16 : width >= 43 ? 8 : 4;
	while (at + n < s->len && n < width && is_there(s, at + n)) {
		n++;
		if (!hex && s->byte[at + n - 1] == '\n')
			break;
	}
	line->len = n;
	return true;
}

static char
printable(uint8_t byte)
{
	return byte >= ' ' && byte < 0x7f ? (char)byte : '.';
}

static void
draw_hex(const struct byte_view *s, const struct byte_line *line,
	 struct canvas *c, int y, enum style style)
{
	int across = c->cols >= 75 ? 16 : c->cols >= 43 ? 8 : 4;

	canvas_printf(c, 0, y, STYLE_DIM, "%08zx", line->at);
	for (size_t i = 0; i < line->len; i++) {
		uint8_t byte = s->byte[line->at + i];

		canvas_printf(c, 10 + 3 * (int)i, y, style, "%02x", byte);
		canvas_put(c, 11 + 3 * across + (int)i, y,
			   (uint32_t)printable(byte), style);
	}
}

void
byte_view_draw_line(const struct byte_view *s, const struct byte_line *line,
		 bool hex, struct canvas *c, int y, enum style style)
{
	if (line->gap) {
		canvas_printf(c, 0, y, STYLE_WARNING,
			      "[%zu bytes are missing]", line->len);
		return;
	}
	if (hex) {
		draw_hex(s, line, c, y, style);
		return;
	}
	for (size_t i = 0; i < line->len; i++) {
		uint8_t byte = s->byte[line->at + i];

		if (byte == '\n' || (byte == '\r' && i + 2 >= line->len))
			continue;
		canvas_put(c, (int)i, y, byte == '\t' ? ' '
			   : (uint32_t)printable(byte), style);
	}
}
