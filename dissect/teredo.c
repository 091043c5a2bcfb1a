/*
 * teredo.c - Teredo (RFC 4380): IPv6 in UDP, through address translators.
 *
 * Up to two indications come first: authentication (00 01) and origin
 * (00 00).  There is no magic number, so the IPv6 header inside must be one
 * whose length is exactly what UDP carries.
 */
#include "dissect/walk.h"

enum {
	ORIGIN_LEN = 8,
	AUTH_FIXED = 13,	/* type, two lengths, nonce, confirmation */
};

/* Take the indications off. */
static void
skip_indications(struct cursor *c)
{
	if (cursor_left(c) >= 4 && be16(c->pos) == 0x0001)
		cursor_bytes(c, AUTH_FIXED + (size_t)c->pos[2] + c->pos[3]);
	if (cursor_left(c) >= 2 && be16(c->pos) == 0x0000)
		cursor_bytes(c, ORIGIN_LEN);
}

bool
teredo_is_plausible(const struct cursor *body)
{
	struct cursor c = *body;
	size_t wire_len;

	skip_indications(&c);
	wire_len = cursor_wire_left(&c);
	if (c.status != CURSOR_OK || wire_len < IP6_HEADER ||
	    cursor_left(&c) < 6)
		return false;
	return c.pos[0] >> 4 == 6 &&
	       (size_t)be16(c.pos + 4) + IP6_HEADER == wire_len;
}

enum layer_kind
parse_teredo(struct walk *w)
{
	skip_indications(&w->c);
	return w->c.status == CURSOR_OK ? LAYER_IP6 : LAYER_NONE;
}
