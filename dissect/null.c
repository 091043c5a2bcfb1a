/*
 * null.c - links with next to no header: BSD's loopback (LINKTYPE_NULL and
 * LINKTYPE_LOOP) and raw IP.
 *
 * The loopback header is an address family in the byte order of the host
 * that wrote it: families are small, so whichever half is 0 tells.  IPv6 has
 * another number on each system.
 */
#include "dissect/walk.h"

enum {
	BSD_INET = 2,
	LINUX_INET6 = 10,
	NETBSD_INET6 = 24,
	FREEBSD_INET6 = 28,
	DARWIN_INET6 = 30,
};

enum layer_kind
layer_of_nibble(const struct cursor *c)
{
	if (cursor_left(c) == 0)
		return LAYER_DATA;
	switch (c->pos[0] >> 4) {
	case 4:
		return LAYER_IP;
	case 6:
		return LAYER_IP6;
	default:
		return LAYER_DATA;
	}
}

enum layer_kind
walk_nibble(struct walk *w)
{
	if (cursor_left(&w->c) > 0)
		return layer_of_nibble(&w->c);
	if (w->c.uncaptured > 0)
		w->flaw = CURSOR_CUT;
	return LAYER_NONE;
}

enum layer_kind
parse_raw(struct walk *w)
{
	return walk_nibble(w);
}

enum layer_kind
parse_null(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 4);
	uint32_t family;

	if (!p)
		return LAYER_NONE;
	family = be32(p);
	if (family > UINT16_MAX)
		family = __builtin_bswap32(family);
	switch (family) {
	case BSD_INET:
		return LAYER_IP;
	case LINUX_INET6:
	case NETBSD_INET6:
	case FREEBSD_INET6:
	case DARWIN_INET6:
		return LAYER_IP6;
	default:
		return LAYER_DATA;
	}
}
