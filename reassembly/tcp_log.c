/*
 * tcp_log.c - see tcp_log.h.
 */
#include "reassembly/conn.h"
#include "reassembly/tcp_log.h"

#define PROBES_UNTIL_RST 2	/* unanswered, then an RST: keepalive's end */

static const struct half *
peer_of(const struct conn *c, enum side side)
{
	return &c->half[c->self ? side : !side];
}

/* --- verdicts ------------------------------------------------------------- */

/*
 * RFC 5961 s3.2: an RST is accepted where it has exactly the number expected,
 * and is challenged elsewhere in the window.  What the peer expects is at
 * least what it acknowledged, at most all that was sent.  In SYN-SENT the ACK
 * decides (RFC 9293 s3.10.7.3).
 */
static unsigned
rst_verdict(const struct half *me, const struct half *peer,
	    const struct seg_event *ev)
{
	if (!peer->seen || !peer->rcv_nxt) {
		if (!(ev->seg->flags & TCP_ACK))
			return peer->isn_known ? 0 : LOG_EXACT;
		return !peer->seq_known || (ev->ack > peer->isn &&
		       ev->ack <= peer->snd_nxt) ? LOG_EXACT : 0;
	}
	if (ev->seq == peer->rcv_nxt || (me->seq_known &&
	    ev->seq == me->snd_nxt && ev->seq >= peer->rcv_nxt))
		return LOG_EXACT;
	if (ev->seq > peer->rcv_nxt && ev->seq <= peer->right_edge)
		return LOG_WINDOW;
	return 0;
}

/*
 * The peer is never seen, this side has sent its FIN, and its ACK moves by
 * one: nothing but the peer's FIN is as short as that, at that time.
 */
static bool
acks_unseen_fin(const struct half *me, const struct half *peer,
		const struct seg_event *ev)
{
	return !peer->seen && me->fin_seen && ev->ack &&
	       ev->ack == ev->old_snd_una + 1 && ev->old_snd_una > peer->isn;
}

static unsigned
flags_of(const struct conn *c, const struct seg_event *ev)
{
	const struct half *me = &c->half[ev->side];
	const struct half *peer = peer_of(c, ev->side);
	unsigned tcp = ev->seg->flags, f = 0;

	f |= tcp & TCP_SYN ? LOG_SYN : 0;
	f |= tcp & TCP_ACK ? LOG_ACK : 0;
	f |= tcp & TCP_FIN ? LOG_FIN : 0;
	f |= ev->seg->len ? LOG_DATA : 0;
	if ((tcp & TCP_SYN) && (tcp & TCP_ACK ? me->synack_packets
					      : me->syn_packets) > 1)
		f |= LOG_REPEAT;
	if ((tcp & TCP_FIN) && me->fin_packets > 1)
		f |= LOG_REPEAT;
	if (peer->seq_known && ev->ack > peer->isn)
		f |= LOG_ACKS_SYN;
	if (peer->fin_seen && ev->ack > peer->fin_seq)
		f |= LOG_ACKS_FIN;
	if (tcp & TCP_RST)
		f |= LOG_RST | rst_verdict(me, peer, ev) |
		     (me->unanswered > PROBES_UNTIL_RST ? LOG_KEEPALIVE : 0);
	else if (acks_unseen_fin(me, peer, ev))
		f |= LOG_UNSEEN_FIN;
	return f;
}

/* --- the log -------------------------------------------------------------- */

static bool
is_like(const struct tcp_log_entry *a, const struct tcp_log_entry *b)
{
	return a->side == b->side &&
	       (a->flags | LOG_REPEAT) == (b->flags | LOG_REPEAT);
}

/* Of a series the first two and the last are enough. */
static bool
continues_series(const struct tcp_log *log, const struct tcp_log_entry *e)
{
	unsigned n = log->n_entries;

	return n >= 3 && is_like(&log->entry[n - 1], e) &&
	       is_like(&log->entry[n - 2], e) && is_like(&log->entry[n - 3], e);
}

static void
append(struct tcp_log *log, const struct tcp_log_entry *e)
{
	if (continues_series(log, e)) {
		log->entry[log->n_entries - 1] = *e;
		return;
	}
	if (log->n_entries == TCP_LOG_ENTRIES) {
		/* The newest tells more about the end than the one before. */
		log->entry[TCP_LOG_ENTRIES - 1] = *e;
		log->n_lost += log->n_lost < UINT8_MAX;
		return;
	}
	log->entry[log->n_entries++] = *e;
}

void
tcp_log_segment(struct tcp_log *log, const struct conn *c,
		const struct seg_event *ev)
{
	const unsigned turning = TCP_SYN | TCP_FIN | TCP_RST;
	bool turns = ev->seg->flags & turning;
	unsigned bit = 1u << ev->side;
	const struct half *peer = peer_of(c, ev->side);
	struct tcp_log_entry e;

	/* The common case: in the middle of the connection. */
	if (!turns && !(log->wanted & bit) && (log->acked_syn & bit) &&
	    (!peer->fin_acked || (log->acked_fin & bit)) &&
	    !acks_unseen_fin(&c->half[ev->side], peer, ev))
		return;
	if (ev->stray)
		return;
	e = (struct tcp_log_entry){
		.ts = ev->packet->ts,
		.frame = ev->packet->number,
		.side = ev->side,
		.flags = flags_of(c, ev),
	};
	log->wanted &= ~bit & 3;
	if (turns)
		log->wanted = 3;
	if (e.flags & LOG_ACKS_SYN)
		log->acked_syn |= bit & 3;
	if (e.flags & LOG_ACKS_FIN)
		log->acked_fin |= bit & 3;
	append(log, &e);
}

void
tcp_log_icmp(struct tcp_log *log, enum side side, nstime ts, uint64_t frame,
	     bool hard)
{
	const struct tcp_log_entry e = {
		.ts = ts,
		.frame = frame,
		.side = side,
		.flags = LOG_ICMP | (hard ? LOG_HARD : 0),
	};

	append(log, &e);
	log->wanted = 3;
}
