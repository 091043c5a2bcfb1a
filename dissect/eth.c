/*
 * eth.c - Ethernet II and 802.3 (IEEE 802.3 s3.2).
 *
 * The two bytes after the addresses are a type, or up to 1500 the length of
 * an 802.2 frame.  Padding and FCS are left to the layer above, which knows
 * its own length; only 802.3 tells it here.
 */
#include "dissect/walk.h"

enum layer_kind
layer_of_ethertype(uint16_t type)
{
	switch (type) {
	case ETHERTYPE_IP:
		return LAYER_IP;
	case ETHERTYPE_IP6:
		return LAYER_IP6;
	case ETHERTYPE_ARP:
		return LAYER_ARP;
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ_OLD:
		return LAYER_VLAN;
	case ETHERTYPE_QINQ:
		return LAYER_QINQ;
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_UP:
		return LAYER_MPLS;
	case ETHERTYPE_PPPOE:
		return LAYER_PPPOE;
	case ETHERTYPE_PPPOE_DISCOVERY:
		return LAYER_PPPOE_DISCOVERY;
	case ETHERTYPE_PPP:
		return LAYER_PPP;
	case ETHERTYPE_TEB:
		return LAYER_ETH;
	default:
		return LAYER_DATA;
	}
}

/* A type or a length, as Ethernet and its tags have them. */
static enum layer_kind
type_or_length(struct walk *w, uint16_t value)
{
	if (value > ETHERTYPE_MAX_LENGTH)
		return layer_of_ethertype(value);
	walk_narrow(w, value);
	return LAYER_LLC;
}

enum layer_kind
parse_eth(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 14);

	return p ? type_or_length(w, be16(p + 12)) : LAYER_NONE;
}

/* IEEE 802.1Q s9.6: priority 3 bits, DEI 1, id 12, then a type again. */
enum layer_kind
parse_vlan(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 4);

	if (!p)
		return LAYER_NONE;
	w->d->vlan = be16(p) & 0x0fff;
	return type_or_length(w, be16(p + 2));
}
