/*
 * packet_seq.c - the table of sequence number bases.
 *
 * Open addressing: a connection is among the WINDOW slots from where its
 * hash points, and before the first free one, or nowhere.  Its two ends are
 * kept in one order, so that both directions are one entry.
 */
#include <stdlib.h>
#include <string.h>

#include "report/packet_seq.h"

enum {
	SLOTS = 1 << 18,	/* memory that is not touched costs nothing */
	WINDOW = 16,
};

struct ends {
	struct addr low, high;
	uint16_t low_port, high_port;
};

struct seq_base {
	struct ends ends;
	uint32_t taken;		/* when; 0: the slot is free */
	uint32_t base[2];	/* of the low end, of the high end */
};

int
packet_seq_init(struct packet_seq *t)
{
	*t = (struct packet_seq){ 0 };
	t->slot = calloc(SLOTS + WINDOW, sizeof(*t->slot));
	return t->slot ? 0 : -1;
}

void
packet_seq_release(struct packet_seq *t)
{
	free(t->slot);
	*t = (struct packet_seq){ 0 };
}

/* Returns 1 where the sender is the high end, else 0. */
static int
ends_of(const struct dissection *d, struct ends *e)
{
	int order = (int)d->tcp.sport - d->tcp.dport;
	const struct addr *src = &d->ip.src, *dst = &d->ip.dst;

	if (order == 0)
		order = addr_compare(src, dst);
	e->low = order > 0 ? *dst : *src;
	e->high = order > 0 ? *src : *dst;
	e->low_port = order > 0 ? d->tcp.dport : d->tcp.sport;
	e->high_port = order > 0 ? d->tcp.sport : d->tcp.dport;
	return order > 0;
}

/* Who sends packets to fill one window spoils only what is shown. */
static uint32_t
hash(const struct ends *e)
{
	uint64_t word[4];
	uint64_t h = (uint64_t)e->low_port << 16 | e->high_port;

	memcpy(word, e, sizeof(word));
	for (int i = 0; i < 4; i++) {
		h = (h ^ word[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return (uint32_t)h;
}

static bool
same_ends(const struct ends *a, const struct ends *b)
{
	return a->low_port == b->low_port && a->high_port == b->high_port &&
	       addr_compare(&a->low, &b->low) == 0 &&
	       addr_compare(&a->high, &b->high) == 0;
}

/* The connection's slot, or the one that it may have. */
static struct seq_base *
find(struct packet_seq *t, const struct ends *e)
{
	struct seq_base *window = &t->slot[hash(e) % SLOTS];
	struct seq_base *oldest = window;

	for (struct seq_base *s = window; s < window + WINDOW; s++) {
		if (s->taken == 0 || same_ends(&s->ends, e))
			return s;
		if (s->taken < oldest->taken)
			oldest = s;
	}
	t->n_evicted++;
	oldest->taken = 0;
	return oldest;
}

struct packet_seq_base
packet_seq_learn(struct packet_seq *t, const struct dissection *d)
{
	struct ends e;
	struct seq_base *s;
	int sender;

	if (!(d->tcp.flags & TCP_ACK))
		return (struct packet_seq_base){ 0 };
	sender = ends_of(d, &e);
	s = find(t, &e);
	if (s->taken != 0 && !(d->tcp.flags & TCP_SYN))
		return (struct packet_seq_base){
			s->base[sender], s->base[!sender], s->base[!sender],
			true,
		};
	s->ends = e;
	s->taken = ++t->now ? t->now : ++t->now;
	s->base[sender] = d->tcp.seq;
	s->base[!sender] = d->tcp.ack - 1;
	return (struct packet_seq_base){ .sack = s->base[!sender] };
}

bool
packet_seq_relative(const struct packet_seq_base *base,
		    const struct dissection *d, const struct field_value *v,
		    uint32_t *out)
{
	bool syn = d->kind == DISSECT_TCP && d->tcp.flags & TCP_SYN;
	bool ack = d->kind == DISSECT_TCP && d->tcp.flags & TCP_ACK;

	if (d->kind != DISSECT_TCP || v->cut || v->depth > 1 ||
	    (!syn && !base->known))
		return false;
	*out = (uint32_t)v->value - base->sack;
	if (v->field->format == FIELD_SEQ)
		*out = syn ? 0 : (uint32_t)v->value - base->seq;
	return v->field->format == FIELD_SEQ ||
	       (v->field->format == FIELD_ACK && ack);
}
