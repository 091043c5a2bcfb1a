/*
 * sll.c - Linux cooked captures, versions 1 and 2: what the "any" interface
 * writes in place of a link-layer header (LINKTYPE_LINUX_SLL, _SLL2).
 */
#include "dissect/walk.h"

enum {
	SLL_P_802_3 = 0x0001,	/* Novell's 802.3 without 802.2 */
	SLL_P_802_2 = 0x0004,
	ARPHRD_NETLINK = 824,
	ARPHRD_IPGRE = 778,
};

/* What `protocol` means depends on the kind of interface. */
static enum layer_kind
layer_of_sll(uint16_t hatype, uint16_t protocol)
{
	if (hatype == ARPHRD_NETLINK || protocol == SLL_P_802_3)
		return LAYER_DATA;
	if (protocol == SLL_P_802_2)
		return LAYER_LLC;
	return layer_of_ethertype(protocol);
}

enum layer_kind
parse_sll(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 16);

	return p ? layer_of_sll(be16(p + 2), be16(p + 14)) : LAYER_NONE;
}

enum layer_kind
parse_sll2(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 20);

	return p ? layer_of_sll(be16(p + 8), be16(p)) : LAYER_NONE;
}
