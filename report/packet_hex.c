/*
 * packet_hex.c - `dissect -x`.
 */
#include "report/packet_hex.h"

enum {
	ROW = 16,
	ROW_COLUMNS = ROW / 2 * 5,	/* "0800 " eight times */
};

static void
add_row(struct text *out, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	size_t from = out->len;

	for (size_t i = 0; i < n; i++) {
		text_add_char(out, digits[p[i] >> 4]);
		text_add_char(out, digits[p[i] & 15]);
		if (i % 2 == 1)
			text_add_char(out, ' ');
	}
	text_add_spaces(out, from + ROW_COLUMNS + 1 - out->len);
	for (size_t i = 0; i < n; i++)
		text_add_char(out, p[i] > 0x20 && p[i] < 0x7f ? (char)p[i]
							       : '.');
}

void
packet_hex_add(const uint8_t *bytes, size_t n, struct text *out)
{
	for (size_t at = 0; at < n; at += ROW) {
		text_printf(out, "\t0x%04zx:  ", at);
		add_row(out, bytes + at, n - at < ROW ? n - at : ROW);
		text_add_char(out, '\n');
	}
}
