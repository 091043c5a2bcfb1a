/*
 * history.c - see history.h.
 */
#include "analysis/history.h"

static const char letters[] = "sqhfrcwdta";

enum {
	H_SYN = 1 << 0,
	H_SEVERAL = 1 << 1,
	H_SYNACK = 1 << 2,
	H_FIN = 1 << 3,
	H_RST = 1 << 4,
	H_CHECKSUM = 1 << 5,
	H_ZERO_WINDOW = 1 << 6,
	H_DATA = 1 << 7,
	H_AGAIN = 1 << 8,
	H_ACK = 1 << 9,
};

static unsigned
turn_of(unsigned flags)
{
	bool syn = flags & TCP_SYN, fin = flags & TCP_FIN;
	bool rst = flags & TCP_RST;

	if (syn + fin + rst > 1)
		return H_SEVERAL;
	if (syn)
		return flags & TCP_ACK ? H_SYNACK : H_SYN;
	return fin ? H_FIN : rst ? H_RST : 0;
}

static unsigned
events_of(const struct seg_event *ev)
{
	const struct tcp_seg *seg = ev->seg;
	unsigned turn = turn_of(seg->flags), e = turn;

	if (seg->checksum == CHECKSUM_BAD)
		e |= H_CHECKSUM;
	if (seg->len > 0)
		e |= H_DATA;
	else if (!turn && (seg->flags & TCP_ACK))
		e |= H_ACK;
	if (seg->len > 0 && ev->old_snd_nxt && ev->end <= ev->old_snd_nxt)
		e |= H_AGAIN;
	if (seg->window == 0 && !turn)
		e |= H_ZERO_WINDOW;
	return e;
}

void
history_segment(struct history *h, const struct seg_event *ev)
{
	unsigned new = events_of(ev) & ~(unsigned)h->seen[ev->side];

	if (!new)
		return;
	h->seen[ev->side] |= (uint16_t)new;
	for (unsigned i = 0; letters[i]; i++) {
		if (!(new >> i & 1) || h->len == HISTORY_SIZE - 1)
			continue;
		h->text[h->len++] = (char)(ev->side == SIDE_CLIENT ?
					   letters[i] - 'a' + 'A' : letters[i]);
	}
}
