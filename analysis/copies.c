/*
 * copies.c - the IP-ID decides where there is one; else TSval and time do.
 */
#include <stddef.h>

#include "analysis/copies.h"
#include "dissect/tcp.h"

/* Two captures of one packet are this close to each other. */
#define CAPTURED_TWICE NS_PER_MS

static bool
looks_alike(const struct sent_packet *a, const struct sent_packet *b)
{
	return a->seq == b->seq && a->len == b->len && a->ack == b->ack &&
	       a->flags == b->flags && a->window == b->window &&
	       a->has_ts == b->has_ts && a->tsval == b->tsval;
}

bool
packet_is_copy(const struct sent_packet *a, const struct sent_packet *b,
	       nstime rtt)
{
	if (!looks_alike(a, b))
		return false;
	if (a->ip_id != 0 || b->ip_id != 0)
		return a->ip_id == b->ip_id;
	/* Duplicate ACKs are alike and each is a packet of its own. */
	if (a->len == 0 && !(a->flags & (TCP_SYN | TCP_FIN)))
		return false;
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

const struct sent_packet *
copies_twin(struct copies *c, const struct sent_packet *p)
{
	unsigned n = c->next < COPIES_MAX ? c->next : COPIES_MAX;

	for (unsigned i = 1; i <= n; i++) {
		struct sent_packet *a = &c->packet[(c->next - i) % COPIES_MAX];

		if (p->ts - a->ts > CAPTURED_TWICE)
			return NULL;
		if (a->has_twin || a->ip_id != p->ip_id ||
		    a->tsecr != p->tsecr || !looks_alike(a, p))
			continue;
		a->has_twin = true;
		return a;
	}
	return NULL;
}

const struct sent_packet *
copies_same_range(const struct copies *c, const struct sent_packet *p)
{
	unsigned n = c->next < COPIES_MAX ? c->next : COPIES_MAX;

	for (unsigned i = 1; i <= n; i++) {
		const struct sent_packet *a =
			&c->packet[(c->next - i) % COPIES_MAX];

		if (a->seq == p->seq && a->len == p->len)
			return a;
	}
	return NULL;
}

/* Headers whose sum is known: no options, or time stamps alone. */
static bool
is_plain(const struct sent_packet *p)
{
	return p->checksum != 0 && p->hdr_len == (p->has_ts ? 32 : 20);
}

static uint32_t
halves(uint32_t v)
{
	return (v >> 16) + (v & 0xffff);
}

/* RFC 1071: what the checksum and the header contribute, modulo 65535.  The
   rest is the payload, and what both segments have in common. */
static uint32_t
sum_without_payload(const struct sent_packet *p)
{
	uint32_t sum = p->checksum + halves(p->ack) + p->hdr_len +
		       ((uint32_t)p->hdr_len / 4 << 12 | p->flags) + p->window;

	if (p->has_ts)
		sum += 0x0101 + 0x080a + halves(p->tsval) + halves(p->tsecr);
	return sum % 0xffff;
}

bool
packet_other_bytes(const struct sent_packet *a, const struct sent_packet *b)
{
	return a->len > 0 && is_plain(a) && is_plain(b) &&
	       sum_without_payload(a) != sum_without_payload(b);
}
