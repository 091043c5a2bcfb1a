/*
 * mpls.c - MPLS labels (RFC 3032), one layer each, and what is below them.
 *
 * The last label does not say what it carries.  By convention (RFC 4928) the
 * first nibble does: 4 and 6 are IP, 0 is the control word of a pseudowire
 * (RFC 4385), taken to carry Ethernet.
 */
#include "dissect/walk.h"

enum {
	MPLS_BOTTOM = 0x100,
};

static bool
is_ethernet(const struct cursor *c)
{
	return cursor_left(c) >= 14 &&
	       layer_of_ethertype(be16(c->pos + 12)) != LAYER_DATA;
}

enum layer_kind
parse_mpls(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 4);
	enum layer_kind ip;

	if (!p)
		return LAYER_NONE;
	if (!(be32(p) & MPLS_BOTTOM))
		return LAYER_MPLS;
	ip = walk_nibble(w);
	if (ip != LAYER_DATA)
		return ip;
	if (w->c.pos[0] >> 4 == 0)
		return LAYER_PW;
	return is_ethernet(&w->c) ? LAYER_ETH : LAYER_DATA;
}

/* RFC 4448 s4.6: a nibble of 0, reserved bits, a sequence number. */
enum layer_kind
parse_pw(struct walk *w)
{
	return cursor_bytes(&w->c, 4) ? LAYER_ETH : LAYER_NONE;
}
