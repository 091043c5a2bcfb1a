/*
 * igmp.c - IGMP, all versions (RFC 2236, RFC 3376): named, and its fields
 * shown; nothing else here needs it.
 */
#include "dissect/walk.h"

enum layer_kind
parse_igmp(struct walk *w)
{
	cursor_bytes(&w->c, 8);
	w->c.pos = w->c.end;
	return LAYER_NONE;
}
