/*
 * llc.c - 802.2 logical link control, and SNAP (RFC 1042).
 *
 * SAP, SAP, control; where both SAPs are 0xaa, five bytes more name a
 * protocol by an organisation's number: 0 and RFC 1042's bridge tunnel
 * (00-00-f8) mean an Ethernet type.
 */
#include "dissect/walk.h"

enum {
	SAP_IP = 0x06,
	SAP_SNAP = 0xaa,
	LLC_UI = 0x03,		/* unnumbered information */
};

static enum layer_kind
parse_snap(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 5);
	uint32_t oui;

	if (!p)
		return LAYER_NONE;
	oui = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
	return oui == 0 || oui == 0xf8 ? layer_of_ethertype(be16(p + 3))
				       : LAYER_DATA;
}

enum layer_kind
parse_llc(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 3);

	if (!p)
		return LAYER_NONE;
	if ((p[2] & 3) != 3)		/* control has two bytes then */
		cursor_bytes(&w->c, 1);
	else if (p[0] == SAP_SNAP && p[1] == SAP_SNAP && p[2] == LLC_UI)
		return parse_snap(w);
	else if (p[0] == SAP_IP && p[2] == LLC_UI)
		return LAYER_IP;
	return LAYER_DATA;
}
