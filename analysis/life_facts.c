/*
 * life_facts.c - see life_facts.h.
 */
#include "analysis/life_facts.h"

/* Later than this after the newest data, a copy was not merely overtaken. */
#define OLD (100 * NS_PER_MS)

/* The time stamp of a SYN cookie is so much behind, ms. */
#define COOKIE_BEHIND_MIN 4
#define COOKIE_BEHIND_MAX 66

#define ETHERNET_ADDRESS 6
#define MAX_LINK_HEADERS 22	/* Ethernet and two VLAN tags */

const struct life_rare *
life_rare(const struct life_facts *f)
{
	static const struct life_rare none;

	return f->rare ? f->rare : &none;
}

/* To write; without memory it goes nowhere. */
static struct life_rare *
rare_of(struct life_facts *f, struct analysis *an)
{
	static _Thread_local struct life_rare nowhere;

	if (!f->rare)
		f->rare = block_alloc(an->blocks, BLOCK_LIFE,
				      sizeof(*f->rare));
	return f->rare ? f->rare : &nowhere;
}

static void
note(uint32_t *n, uint64_t *first, const struct seg_event *ev)
{
	if ((*n)++ == 0)
		*first = ev->packet->number;
}

static void
take_syn(struct life_facts *f, struct analysis *an,
	 const struct seg_event *ev)
{
	struct life_side *me = &f->side[ev->side];
	const struct tcp_seg *seg = ev->seg;
	const struct half *h = &an->conn->half[ev->side];
	bool first = h->syn_packets + h->synack_packets == 1;
	bool ecn = (seg->flags & (TCP_ECE | TCP_CWR)) != 0;

	me->md5 |= (seg->options & TCP_OPT_MD5) != 0;
	if (first) {
		me->mptcp = (seg->options & TCP_OPT_MPTCP) != 0;
		me->fastopen = (seg->options & TCP_OPT_FASTOPEN) != 0;
		me->syn_ecn = ecn;
		me->opened_shut = seg->flags & TCP_ACK && seg->window == 0;
		if (ev->side == SIDE_CLIENT) {
			if (seg->len > 0)
				rare_of(f, an)->syn_data = seg->len;
			f->syn_ip_id = (uint16_t)ev->d->ip.id;
		}
		return;
	}
	me->syn_plain |= me->syn_ecn && !ecn;
	me->syn_fastopen_plain |= me->fastopen &&
				  !(seg->options & TCP_OPT_FASTOPEN);
}

static void
time_response(struct life_facts *f, const struct seg_event *ev)
{
	nstime asked = f->side[SIDE_CLIENT].last_data;
	nstime took = ev->packet->ts - asked;

	if (!asked || asked < f->side[SIDE_SERVER].last_data ||
	    took / NS_PER_US <= f->slowest_us)
		return;
	f->slowest_us = nstime_micros(took);
	f->slowest_frame = ev->packet->number;
}

static void
take_data(struct life_facts *f, struct analysis *an,
	  const struct seg_event *ev)
{
	struct life_side *me = &f->side[ev->side];
	const struct half *peer = &an->conn->half[!ev->side];

	if (ev->end <= ev->old_snd_nxt)
		return;
	if (ev->side == SIDE_CLIENT && !me->last_data && f->syn_ip_id &&
	    an->conn->half[SIDE_CLIENT].packets == 2 && ev->ack &&
	    ev->d->ip.version == 4 &&
	    (uint16_t)(ev->d->ip.id - f->syn_ip_id) == 2)
		f->ack_missing = true;
	if (ev->side == SIDE_SERVER)
		time_response(f, ev);
	me->last_data = ev->packet->ts;
	me->last_len = ev->seg->len;
	me->last_push = (ev->seg->flags & TCP_PSH) != 0;
	if (peer->fin_seen && ev->ack > peer->fin_seq)
		rare_of(f, an)->side[ev->side].after_fin += ev->seg->len;
}

/* The server's first segment after it tells.  Linux counts milliseconds. */
static void
take_synack_clock(struct life_facts *f, const struct analysis *an,
		  const struct seg_event *ev)
{
	const struct tcp_log *log = &an->conn->log;
	uint32_t before = f->side[SIDE_SERVER].tsval;
	nstime sent = 0;
	int64_t ahead;

	if (ev->side != SIDE_SERVER || before == 0 ||
	    f->synack_clock != SYNACK_CLOCK_UNKNOWN ||
	    ev->seg->flags & (TCP_SYN | TCP_RST))
		return;
	for (unsigned i = 0; i < log->n_entries; i++)
		if (log->entry[i].side == SIDE_SERVER &&
		    log->entry[i].flags & LOG_SYN)
			sent = log->entry[i].ts;
	ahead = (int32_t)(ev->seg->tsval - before) -
		(ev->packet->ts - sent) / NS_PER_MS;
	f->synack_clock = sent != 0 && ahead >= COOKIE_BEHIND_MIN &&
			  ahead <= COOKIE_BEHIND_MAX ?
			  SYNACK_CLOCK_BEHIND : SYNACK_CLOCK_RIGHT;
}

/*
 * RFC 7323 s5: a segment whose bytes are acknowledged, and whose timestamp is
 * behind that of others sent long ago, was not sent again: that would have a
 * new one.  It is an old copy, which PAWS drops.
 */
static void
take_timestamp(struct life_facts *f, struct analysis *an,
	       const struct seg_event *ev)
{
	struct life_side *me = &f->side[ev->side];
	const struct tcp_seg *seg = ev->seg;
	int32_t newer = (int32_t)(seg->tsval - me->tsval);

	if (!(seg->options & TCP_OPT_TS))
		return;
	take_synack_clock(f, an, ev);
	if (me->tsval == 0 || newer > 0)
		me->tsval = seg->tsval;
	else if (seg->len > 0 && newer < 0 &&
		 ev->packet->ts - me->last_data > OLD &&
		 ev->end <= an->conn->half[ev->side].snd_una)
		note(&rare_of(f, an)->side[ev->side].old_copies,
		     &rare_of(f, an)->side[ev->side].old_copy_frame, ev);
}

/* A datagram larger than the packet that completed it came in fragments. */
static void
take_fragments(struct life_facts *f, struct analysis *an,
	       const struct seg_event *ev)
{
	if (ev->d->ip.total_len > ev->packet->wire_len)
		note(&rare_of(f, an)->fragmented,
		     &rare_of(f, an)->fragmented_frame, ev);
}

/* Where it came from: not told of one in a tunnel. */
static uint64_t
ethernet_source(const struct seg_event *ev)
{
	const struct layer *eth = &ev->d->layer[0];
	struct cursor c = cursor_init(ev->packet->bytes, ev->packet->caplen,
				      ev->packet->wire_len);
	uint64_t high;

	if (ev->d->n_layers < 3 || eth->kind != LAYER_ETH ||
	    ev->d->layer[ev->d->n_layers - 2].offset > MAX_LINK_HEADERS)
		return 0;
	cursor_bytes(&c, eth->offset + ETHERNET_ADDRESS);
	high = cursor_u16(&c);
	return high << 32 | cursor_u32(&c);
}

static void
take_rst(struct life_facts *f, struct analysis *an, const struct seg_event *ev)
{
	f->side[ev->side].rst_ttl = ev->d->ip.ttl;
	if (ev->side == SIDE_SERVER && !an->conn->half[ev->side].isn_known)
		rare_of(f, an)->refuser_mac = ethernet_source(ev);
}

void
life_facts_segment(struct life_facts *f, struct analysis *an,
		   const struct seg_event *ev)
{
	struct life_side *me = &f->side[ev->side];

	if (ev->seg->flags & TCP_SYN)
		take_syn(f, an, ev);
	if (ev->seg->flags & TCP_RST)
		take_rst(f, an, ev);
	else if (ev->seg->len > 0 && !ev->stray && an->kind != SEG_DUPLICATE)
		take_data(f, an, ev);
	if ((ev->seg->flags & TCP_FIN) && me->answered == 0)
		me->answered = f->side[!ev->side].last_data;
	if (an->kind == SEG_KEEPALIVE)
		note(&rare_of(f, an)->side[ev->side].keepalives,
		     &rare_of(f, an)->side[ev->side].keepalive_frame, ev);
	take_fragments(f, an, ev);
	take_timestamp(f, an, ev);
}

/* --- looking back --------------------------------------------------------- */

const struct tcp_log_entry *
life_entry(const struct life_case *c, enum side side, unsigned flags,
	   unsigned n)
{
	const struct tcp_log *log = &c->conn->log;

	for (unsigned i = 0; i < log->n_entries; i++) {
		const struct tcp_log_entry *e = &log->entry[i];

		if (e->side == side && (e->flags & flags) == flags &&
		    n-- == 0)
			return e;
	}
	return NULL;
}

uint64_t
life_frame(const struct life_case *c, enum side side, unsigned flags,
	   unsigned n)
{
	const struct tcp_log_entry *e = life_entry(c, side, flags, n);

	return e ? e->frame : 0;
}

const struct tcp_state_change *
life_change(const struct life_case *c, enum side side, enum tcp_state state)
{
	for (int i = 0; i < c->life->n_changes; i++)
		if (c->life->change[i].side == side &&
		    c->life->change[i].new_state == state)
			return &c->life->change[i];
	return NULL;
}

const struct tcp_state_change *
life_closing(const struct life_case *c, enum side side)
{
	for (int i = c->life->n_changes; i-- > 0;)
		if (c->life->change[i].side == side)
			return c->life->change[i].new_state ==
			       TCP_STATE_CLOSED ? &c->life->change[i] : NULL;
	return NULL;
}

bool
life_by(const struct tcp_state_change *change, enum tcp_event event)
{
	return change && change->cause / 4 == (unsigned)event;
}
