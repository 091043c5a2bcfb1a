/*
 * wlan.c - 802.11 data frames (IEEE 802.11-2020 s9.3.2).
 *
 * Three addresses, a fourth between access points, QoS and HT control where
 * the frame says so, then LLC.  Management and control frames, and what is
 * encrypted, are named and left alone.
 */
#include "dissect/walk.h"

enum {
	WLAN_HEADER = 24,
	WLAN_CONTROL_MIN = 10,
	TYPE_MANAGEMENT = 0,
	TYPE_CONTROL = 1,
	TYPE_DATA = 2,
	SUBTYPE_NULL = 0x4,	/* a data frame without data */
	SUBTYPE_QOS = 0x8,
	FC_TO_DS = 0x01,
	FC_FROM_DS = 0x02,
	FC_PROTECTED = 0x40,
	FC_ORDER = 0x80,	/* with QoS: HT control follows */
	QOS_AMSDU = 0x80,
	AMSDU_HEADER = 14,
};

/* IEEE 802.11-2020 s9.3.2.2.2; only the first frame of it is read. */
static void
enter_amsdu(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, AMSDU_HEADER);

	if (p)
		walk_narrow(w, be16(p + 12));
}

static enum layer_kind
parse_data_frame(struct walk *w, uint8_t subtype, uint8_t flags)
{
	const uint8_t *qos = NULL;

	if ((flags & (FC_TO_DS | FC_FROM_DS)) == (FC_TO_DS | FC_FROM_DS))
		cursor_bytes(&w->c, 6);
	if (subtype & SUBTYPE_QOS) {
		qos = cursor_bytes(&w->c, 2);
		if (flags & FC_ORDER)
			cursor_bytes(&w->c, 4);
	}
	if (w->c.status != CURSOR_OK)
		return LAYER_NONE;
	if (subtype & SUBTYPE_NULL || flags & FC_PROTECTED)
		return LAYER_DATA;
	if (qos && qos[0] & QOS_AMSDU)
		enter_amsdu(w);
	return w->c.status == CURSOR_OK ? LAYER_LLC : LAYER_NONE;
}

enum layer_kind
parse_wlan(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, WLAN_CONTROL_MIN);
	uint8_t type;

	if (!p)
		return LAYER_NONE;
	type = p[0] >> 2 & 3;
	if (type != TYPE_MANAGEMENT && type != TYPE_DATA)
		return LAYER_DATA;
	if (!cursor_bytes(&w->c, WLAN_HEADER - WLAN_CONTROL_MIN))
		return LAYER_NONE;
	return type == TYPE_DATA ? parse_data_frame(w, p[0] >> 4, p[1])
				 : LAYER_DATA;
}
