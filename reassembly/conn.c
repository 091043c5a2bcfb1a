/*
 * conn.c - the two ends of a connection, brought up to date by a segment.
 *
 * Sequence numbers are unwrapped here and nowhere else.  What a segment says
 * is believed as far as it fits what is known: one with wild numbers (forged,
 * or of another connection) is a stray, counted and reported but not followed,
 * unless the next one continues it.
 */
#include <string.h>

#include "base/seq.h"
#include "reassembly/conn.h"

/* RFC 7323 s2.3: no window is larger, so that nobody is further ahead. */
#define WINDOW_MAX (UINT64_C(1) << 30)

/* Two strays this near to each other are no accident. */
#define STRAY_NEAR (UINT64_C(1) << 20)

#define PORT_RESERVED 1024

/* --- who is the client ---------------------------------------------------- */

/* Without a SYN: the server has the well-known port, or the lower one. */
static bool
sender_looks_like_client(const struct tcp_seg *seg)
{
	if (seg->sport == seg->dport)
		return true;
	if (seg->sport < PORT_RESERVED || seg->dport < PORT_RESERVED)
		return seg->dport < seg->sport;
	return seg->sport > seg->dport;
}

static bool
sender_is_client(const struct tcp_seg *seg)
{
	if (seg->flags & TCP_SYN)
		return !(seg->flags & TCP_ACK);
	return sender_looks_like_client(seg);
}

void
conn_init(struct conn *c, const struct packet *p, const struct dissection *d,
	  const struct flow_key *key, bool swapped)
{
	const struct tcp_seg *seg = &d->tcp;

	c->vlan = key->vlan;
	c->interface = p->interface < UINT16_MAX ? (uint16_t)p->interface
						 : UINT16_MAX;
	c->role_known = (seg->flags & TCP_SYN) && !(seg->flags & TCP_RST);
	c->swapped = sender_is_client(seg) ? swapped : !swapped;
	c->self = key->port[0] == key->port[1] &&
		  addr_compare(&key->addr[0], &key->addr[1]) == 0;
	if (c->self)
		c->swapped = swapped;
	for (int i = 0; i < N_SIDES; i++) {
		c->addr[i] = key->addr[i ^ c->swapped];
		c->port[i] = key->port[i ^ c->swapped];
	}
	c->first = p->ts;
	c->first_frame = p->number;
}

/* --- one half ------------------------------------------------------------- */

static void
half_anchor(struct half *h, uint64_t isn)
{
	h->isn = isn;
	h->snd_una = isn;
	h->snd_nxt = isn + 1;
	h->seq_known = true;
}

static void
half_count(struct half *h, const struct packet *p, const struct dissection *d)
{
	const struct tcp_seg *seg = &d->tcp;
	bool ack = seg->flags & TCP_ACK;

	if (!h->seen)
		h->ttl = d->ip.ttl;
	h->seen = true;
	h->last = p->ts;
	h->packets++;
	h->ip_bytes += d->ip.total_len;
	h->bytes += seg->len;
	h->data_packets += seg->len > 0;
	h->syn_packets += (seg->flags & TCP_SYN) && !ack;
	h->synack_packets += (seg->flags & TCP_SYN) && ack;
	h->fin_packets += !!(seg->flags & TCP_FIN);
	h->rst_packets += !!(seg->flags & TCP_RST);
	h->rst_seen |= !!(seg->flags & TCP_RST);
}

static void
half_syn(struct half *h, const struct tcp_seg *seg, uint64_t seq)
{
	if (h->isn_known && h->isn != seq)
		return;			/* another connection's, or forged */
	h->isn = seq;
	if (!h->seq_known)
		half_anchor(h, seq);
	h->isn_known = true;
	h->mss = seg->mss;
	h->wscale_offered = seg->options & TCP_OPT_WSCALE;
	h->wscale = seg->wscale;
	h->sack_perm = !!(seg->options & TCP_OPT_SACK_PERM);
	h->ts_ok = !!(seg->options & TCP_OPT_TS);
	h->ecn_setup = (seg->flags & TCP_ECE) != 0;
}

/* RFC 7323 s2.2: scaling is on where both SYNs have the option. */
static void
settle_scale(struct half *me, struct half *peer)
{
	if (!me->isn_known || !peer->isn_known)
		return;
	me->wscale_known = peer->wscale_known = true;
	if (!me->wscale_offered || !peer->wscale_offered)
		me->wscale = peer->wscale = 0;
}

/* --- one segment ---------------------------------------------------------- */

static bool
is_plausible(struct half *h, uint64_t seq, uint64_t end)
{
	if (end <= h->snd_nxt + WINDOW_MAX && seq + WINDOW_MAX >= h->snd_una)
		return true;
	if (h->stray_end && seq + STRAY_NEAR >= h->stray_end &&
	    seq <= h->stray_end + STRAY_NEAR)
		return true;
	h->stray_end = end;
	return false;
}

static void
take_seq(struct half *me, const struct tcp_seg *seg, struct seg_event *ev)
{
	if (!me->seq_known) {
		ev->seq = seq_first(seg->seq);
		if (!(seg->flags & TCP_RST))
			half_anchor(me, ev->seq - !(seg->flags & TCP_SYN));
	} else {
		ev->old_snd_nxt = me->snd_nxt;
		ev->seq = seq_unwrap(seg->seq, me->snd_nxt);
	}
	ev->end = ev->seq + tcp_seq_len(seg);
	ev->data = ev->seq + !!(seg->flags & TCP_SYN);
	if (seg->flags & TCP_RST)
		return;
	ev->stray = !is_plausible(me, ev->seq, ev->end);
	if (!ev->stray && ev->end > me->snd_nxt)
		me->snd_nxt = ev->end;
	if (seg->flags & TCP_SYN)
		half_syn(me, seg, ev->seq);
	if ((seg->flags & TCP_FIN) && !me->fin_seen && !ev->stray) {
		me->fin_seen = true;
		me->fin_seq = ev->end - 1;
	}
}

static void
take_ack(struct half *me, struct half *peer, const struct tcp_seg *seg,
	 struct seg_event *ev)
{
	bool scaled = me->wscale_known && !(seg->flags & TCP_SYN);

	ev->old_window = me->rwnd;
	ev->window = (uint32_t)seg->window << (scaled ? me->wscale : 0);
	if (!(seg->flags & TCP_ACK))
		return;
	if (!peer->seq_known && !(seg->flags & TCP_RST))
		half_anchor(peer, seq_first(seg->ack) - 1);
	ev->old_snd_una = peer->snd_una;
	ev->ack = peer->seq_known ? seq_unwrap(seg->ack, peer->snd_nxt)
				  : seq_first(seg->ack);
	if ((seg->flags & TCP_RST) || ev->stray ||
	    ev->ack > peer->snd_nxt + WINDOW_MAX)
		return;
	me->rwnd = ev->window;
	if (ev->ack > me->rcv_nxt)
		me->rcv_nxt = ev->ack;
	if (ev->ack + ev->window > me->right_edge)
		me->right_edge = ev->ack + ev->window;
	if (ev->ack > peer->snd_una)
		peer->snd_una = ev->ack;
	if (ev->ack > peer->snd_nxt)	/* never seen here, and received */
		peer->snd_nxt = ev->ack;
	if (peer->fin_seen && ev->ack > peer->fin_seq)
		peer->fin_acked = true;
}

static void
take_timestamp(struct half *me, const struct tcp_seg *seg)
{
	if (!(seg->options & TCP_OPT_TS) || (seg->flags & TCP_RST))
		return;
	if (!me->isn_known)
		me->ts_ok = true;
	if (seg->flags & TCP_ACK)
		me->ts_recent = seg->tsecr;
}

/* Does it ask for an answer: new numbers, or a keepalive's old one? */
static bool
asks(const struct half *me, const struct seg_event *ev)
{
	return ev->end > ev->seq || (ev->seq < me->snd_nxt && ev->ack);
}

static void
count_unanswered(struct half *me, struct half *peer,
		 const struct seg_event *ev)
{
	nstime gap = ev->packet->ts - me->asked;

	peer->unanswered = 0;
	if ((ev->seg->flags & TCP_RST) || !asks(me, ev))
		return;
	/* No timer is that short: a second copy of it. */
	if ((ev->seg->flags & TCP_SYN) && ev->old_snd_nxt && gap < NS_PER_MS)
		return;
	if (ev->old_snd_nxt && ev->seq < ev->old_snd_nxt) {
		me->unanswered++;
		me->asked_gap_us = nstime_micros(gap);
	}
	me->asked = ev->packet->ts;
}

/*
 * An RST ends the connection if its number is the next that the peer expects
 * (RFC 5961 s3.2), or answers a SYN (RFC 9293 s3.10.7.3).  Roughly: what each
 * end makes of it is worked out later.
 */
static bool
rst_fits(const struct half *me, const struct half *peer,
	 const struct seg_event *ev)
{
	if (!peer->rcv_nxt)
		return !(ev->seg->flags & TCP_ACK) ||
		       ev->ack == peer->snd_nxt || !peer->seq_known;
	return ev->seq == peer->rcv_nxt ||
	       (ev->seq >= peer->rcv_nxt && ev->seq <= me->snd_nxt);
}

static enum conn_phase
phase_of(const struct conn *c)
{
	const struct half *client = &c->half[SIDE_CLIENT];
	const struct half *server = c->self ? client : &c->half[SIDE_SERVER];

	if (c->reset || (client->fin_acked && server->fin_acked))
		return CONN_PHASE_ENDED;
	if ((server->isn_known || client->isn_known) &&
	    (client->snd_una == client->isn || server->snd_una == server->isn))
		return CONN_PHASE_HALF_OPEN;
	return CONN_PHASE_ESTABLISHED;
}

void
conn_segment(struct conn *c, const struct packet *p,
	     const struct dissection *d, enum side side, struct seg_event *ev)
{
	const struct tcp_seg *seg = &d->tcp;
	struct half *me = &c->half[side];
	struct half *peer = &c->half[c->self ? side : !side];

	*ev = (struct seg_event){
		.packet = p,
		.d = d,
		.seg = seg,
		.side = side,
		.first = c->last_frame == 0,
	};
	half_count(me, p, d);
	take_seq(me, seg, ev);
	take_ack(me, peer, seg, ev);
	take_timestamp(me, seg);
	count_unanswered(me, peer, ev);
	if (seg->flags & TCP_SYN)
		settle_scale(me, peer);
	if ((seg->flags & TCP_RST) && rst_fits(me, peer, ev))
		c->reset = true;
	c->phase = (uint8_t)phase_of(c);
	tcp_log_segment(&c->log, c, ev);
	c->last = c->until = p->ts;
	c->last_frame = p->number;
}

/*
 * Linux ends a connect() by any error but these: a smaller MTU, a redirect,
 * source quench.  An established connection survives them all.
 */
static bool
icmp_is_hard(const struct dissection *d)
{
	const struct icmp_message *m = &d->icmp;

	if (d->ip.version == 6)
		return m->type == 1 || m->type == 3 || m->type == 4;
	if (m->type == 3)
		return m->code != 4;
	return m->type == 11 || m->type == 12;
}

void
conn_icmp(struct conn *c, const struct packet *p, const struct dissection *d,
	  enum side side)
{
	struct half *h = &c->half[side];

	h->icmp_type = d->icmp.type;
	h->icmp_code = d->icmp.code;
	h->icmp_errors += h->icmp_errors < UINT16_MAX;
	if (c->phase == CONN_PHASE_HALF_OPEN)
		tcp_log_icmp(&c->log, side, p->ts, p->number, icmp_is_hard(d));
}
