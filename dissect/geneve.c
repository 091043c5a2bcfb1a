/*
 * geneve.c - Geneve (RFC 8926): version and options' length, flags, type,
 * network, options.
 */
#include "dissect/walk.h"

enum {
	GENEVE_HEADER = 8,
};

static size_t
options_len(uint8_t first)
{
	return (size_t)(first & 0x3f) * 4;
}

bool
geneve_is_plausible(const struct cursor *c)
{
	if (cursor_wire_left(c) < GENEVE_HEADER)
		return false;
	return cursor_left(c) == 0 ||
	       (c->pos[0] >> 6 == 0 && GENEVE_HEADER + options_len(c->pos[0]) <=
					       cursor_wire_left(c));
}

enum layer_kind
parse_geneve(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, GENEVE_HEADER);

	if (!p || !cursor_bytes(&w->c, options_len(p[0])))
		return LAYER_NONE;
	return layer_of_ethertype(be16(p + 2));
}
