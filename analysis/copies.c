/*
 * copies.c - the IP-ID decides where there is one; else TSval and time do.
 */
#include <stddef.h>

#include "analysis/copies.h"

/* Two captures of one packet are this close to each other. */
#define CAPTURED_TWICE NS_PER_MS

bool
packet_is_copy(const struct sent_packet *a, const struct sent_packet *b,
	       nstime rtt)
{
	if (a->seq != b->seq || a->len != b->len || a->ack != b->ack ||
	    a->flags != b->flags || a->window != b->window ||
	    a->has_ts != b->has_ts || a->tsval != b->tsval)
		return false;
	if (a->ip_id != 0 || b->ip_id != 0)
		return a->ip_id == b->ip_id;
	return b->ts - a->ts < (rtt > 0 ? rtt / 2 : CAPTURED_TWICE);
}

const struct sent_packet *
copies_find(const struct copies *c, const struct sent_packet *p, nstime rtt)
{
	unsigned n = c->next < COPIES_MAX ? c->next : COPIES_MAX;

	for (unsigned i = 1; i <= n; i++) {
		const struct sent_packet *a =
			&c->packet[(c->next - i) % COPIES_MAX];

		if (packet_is_copy(a, p, rtt))
			return a;
	}
	return NULL;
}
