/*
 * gtpu.c - GTP-U version 1 (3GPP TS 29.281 s5): a subscriber's packets
 * between base station and gateway.
 *
 * Four bytes more follow the header where any of the flags E, S, PN is set,
 * then a chain of extension headers counted in units of four bytes.
 */
#include "dissect/walk.h"

enum {
	GTPU_HEADER = 8,
	GTPU_VERSION1 = 0x30,	/* version 1, protocol type GTP */
	GTPU_VERSION = 0xf0,
	GTPU_EXT = 0x04,
	GTPU_OPTIONAL = 0x07,	/* E, S, PN */
	GTPU_DATA = 255,	/* G-PDU */
	GTPU_MAX_EXT = 8,
};

/* The length counts what is after the first eight bytes. */
bool
gtpu_is_plausible(const struct cursor *c)
{
	if (cursor_left(c) < 4)
		return cursor_wire_left(c) >= GTPU_HEADER;
	return (c->pos[0] & GTPU_VERSION) == GTPU_VERSION1 &&
	       (size_t)be16(c->pos + 2) + GTPU_HEADER == cursor_wire_left(c);
}

/* Each: length, contents, type of the next. */
static void
skip_extensions(struct cursor *c, uint8_t type)
{
	for (int i = 0; type != 0 && c->status == CURSOR_OK; i++) {
		size_t len = (size_t)cursor_u8(c) * 4;

		if (c->status == CURSOR_OK && (len == 0 || i == GTPU_MAX_EXT))
			cursor_fail(c, CURSOR_BAD);
		cursor_bytes(c, len - 2);
		type = cursor_u8(c);
	}
}

enum layer_kind
parse_gtpu(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, GTPU_HEADER);
	const uint8_t *more;

	if (!p)
		return LAYER_NONE;
	if (p[0] & GTPU_OPTIONAL) {
		more = cursor_bytes(&w->c, 4);
		if (more && p[0] & GTPU_EXT)
			skip_extensions(&w->c, more[3]);
	}
	if (w->c.status != CURSOR_OK)
		return LAYER_NONE;
	return p[1] == GTPU_DATA ? walk_nibble(w) : LAYER_DATA;
}
