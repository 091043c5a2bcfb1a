/*
 * vxlan.c - VXLAN (RFC 7348): flags, a network's number, an Ethernet frame.
 */
#include "dissect/walk.h"

enum {
	VXLAN_HEADER = 8,
	VXLAN_VNI = 0x08,	/* the flag that must be set */
};

bool
vxlan_is_plausible(const struct cursor *c)
{
	return cursor_wire_left(c) >= VXLAN_HEADER + 14 &&
	       (cursor_left(c) == 0 || c->pos[0] & VXLAN_VNI);
}

enum layer_kind
parse_vxlan(struct walk *w)
{
	return cursor_bytes(&w->c, VXLAN_HEADER) ? LAYER_ETH : LAYER_NONE;
}
