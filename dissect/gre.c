/*
 * gre.c - GRE (RFC 2784, RFC 2890, routing as in RFC 1701) and PPTP's
 * version 1 (RFC 2637).
 */
#include "dissect/walk.h"

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQ = 0x1000,
	GRE_ACK = 0x0080,	/* version 1 */
	GRE_VERSION = 0x0007,
	GRE_MAX_ROUTES = 16,
};

/* RFC 1701: family, offset, length; a list that ends with family 0. */
static void
skip_routing(struct cursor *c)
{
	for (int i = 0; i < GRE_MAX_ROUTES; i++) {
		const uint8_t *p = cursor_bytes(c, 4);

		if (!p || (be16(p) == 0 && p[3] == 0))
			return;
		cursor_bytes(c, p[3]);
	}
	cursor_fail(c, CURSOR_BAD);
}

static enum layer_kind
parse_v0(struct walk *w, uint16_t flags, uint16_t protocol)
{
	if (flags & (GRE_CHECKSUM | GRE_ROUTING))
		cursor_bytes(&w->c, 4);
	if (flags & GRE_KEY)
		cursor_bytes(&w->c, 4);
	if (flags & GRE_SEQ)
		cursor_bytes(&w->c, 4);
	if (flags & GRE_ROUTING)
		skip_routing(&w->c);
	if (w->c.status != CURSOR_OK)
		return LAYER_NONE;
	return layer_of_ethertype(protocol);
}

/* The key is two numbers here: the payload's length and the call. */
static enum layer_kind
parse_v1(struct walk *w, uint16_t flags, uint16_t protocol)
{
	const uint8_t *key = cursor_bytes(&w->c, 4);

	if (!key)
		return LAYER_NONE;
	if (!(flags & GRE_KEY))
		return walk_bad(w);
	if (flags & GRE_SEQ)
		cursor_bytes(&w->c, 4);
	if (flags & GRE_ACK)
		cursor_bytes(&w->c, 4);
	if (w->c.status != CURSOR_OK || !(flags & GRE_SEQ))
		return LAYER_NONE;	/* without data: an acknowledgment */
	walk_narrow(w, be16(key));
	return protocol == ETHERTYPE_PPP ? LAYER_PPP : LAYER_DATA;
}

enum layer_kind
parse_gre(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 4);
	uint16_t flags;

	if (!p)
		return LAYER_NONE;
	flags = be16(p);
	switch (flags & GRE_VERSION) {
	case 0:
		return parse_v0(w, flags, be16(p + 2));
	case 1:
		return parse_v1(w, flags, be16(p + 2));
	default:
		return LAYER_DATA;
	}
}
