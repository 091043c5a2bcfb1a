/*
 * pppoe.c - PPP over Ethernet (RFC 2516): version and type, code, session,
 * length.  Code 0 is a session's data; the others are discovery.
 */
#include "dissect/walk.h"

enum layer_kind
parse_pppoe(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 6);

	if (!p)
		return LAYER_NONE;
	if (p[0] != 0x11)
		return walk_bad(w);
	walk_narrow(w, be16(p + 4));
	return p[1] == 0 ? LAYER_PPP : LAYER_DATA;
}
