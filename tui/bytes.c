/*
 * bytes.c - a hex dump: bytes.h.
 */
#include "tui/bytes.h"

int
bytes_across(int cols)
{
	return cols >= 5 + 16 * 4 + 1 ? 16 : cols >= 5 + 8 * 4 + 1 ? 8 : 4;
}

static void
draw_byte(struct canvas *c, int y, int column, int across, uint8_t byte,
	  bool marked)
{
	enum style s = marked ? STYLE_STRONG : STYLE_TEXT;
	int x = 5 + 3 * column, text = 5 + 3 * across + column;

	canvas_printf(c, x, y, s, "%02x", byte);
	canvas_put(c, text, y, byte >= ' ' && byte < 0x7f ? byte : '.', s);
	if (marked) {
		canvas_select(c, x, y, 2);
		canvas_select(c, text, y, 1);
	}
}

void
bytes_draw(struct canvas *c, const uint8_t *bytes, size_t len, size_t top,
	   size_t from, size_t to)
{
	int across = bytes_across(c->cols);

	for (int y = 0; y < c->rows; y++) {
		size_t at = (top + (size_t)y) * (size_t)across;

		if (at >= len)
			break;
		canvas_printf(c, 0, y, STYLE_DIM, "%04zx", at);
		for (int i = 0; i < across && at + (size_t)i < len; i++)
			draw_byte(c, y, i, across, bytes[at + (size_t)i],
				  at + (size_t)i >= from &&
				  at + (size_t)i < to);
	}
}
