/*
 * ppp.c - PPP (RFC 1661, RFC 1662).
 *
 * Address and control (ff 03) may be left out, and so may the first byte of
 * the protocol where it is 0: an odd first byte is a whole protocol number.
 */
#include "dissect/walk.h"

enum {
	PPP_IP = 0x0021,
	PPP_IP6 = 0x0057,
	PPP_MPLS = 0x0281,
	PPP_MPLS_MULTICAST = 0x0283,
};

static uint16_t
read_protocol(struct cursor *c)
{
	uint8_t first = cursor_u8(c);

	return first & 1 ? first : (uint16_t)(first << 8 | cursor_u8(c));
}

enum layer_kind
parse_ppp(struct walk *w)
{
	uint16_t protocol;

	if (cursor_left(&w->c) > 0 && w->c.pos[0] == 0xff)
		cursor_u16(&w->c);
	protocol = read_protocol(&w->c);
	if (w->c.status != CURSOR_OK)
		return LAYER_NONE;
	switch (protocol) {
	case PPP_IP:
		return LAYER_IP;
	case PPP_IP6:
		return LAYER_IP6;
	case PPP_MPLS:
	case PPP_MPLS_MULTICAST:
		return LAYER_MPLS;
	default:
		return LAYER_DATA;
	}
}
