/*
 * radiotap.c - what a wireless driver writes before an 802.11 frame
 * (radiotap.org).
 *
 * All numbers are little-endian and aligned to their own size.  Of the
 * fields only the flags matter here: whether the frame has its FCS at the
 * end.
 */
#include "dissect/walk.h"

enum {
	RADIOTAP_HEADER = 8,
	PRESENT_TSFT = 1u << 0,
	PRESENT_FLAGS = 1u << 1,
	PRESENT_MORE = 1u << 31,
	FLAG_FCS = 0x10,
	FCS_LEN = 4,
};

/* The byte of flags; 0 where there is none. */
static uint8_t
read_flags(struct cursor c)
{
	const uint8_t *start = c.pos - 4;
	uint32_t present = cursor_u32_le(&c);
	uint32_t more = present;

	while (more & PRESENT_MORE && c.status == CURSOR_OK)
		more = cursor_u32_le(&c);
	if (!(present & PRESENT_FLAGS))
		return 0;
	if (present & PRESENT_TSFT) {
		cursor_bytes(&c, (size_t)(start - c.pos) % 8);
		cursor_bytes(&c, 8);
	}
	return cursor_u8(&c);
}

enum layer_kind
parse_radiotap(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, 4);
	struct cursor fields;
	uint16_t len;

	if (!p)
		return LAYER_NONE;
	len = (uint16_t)(p[3] << 8 | p[2]);
	if (p[0] != 0 || len < RADIOTAP_HEADER)
		return walk_bad(w);
	fields = cursor_sub(&w->c, len - 4u);
	if (read_flags(fields) & FLAG_FCS)
		walk_drop_tail(w, FCS_LEN);
	return w->c.status == CURSOR_OK ? LAYER_WLAN : LAYER_NONE;
}
