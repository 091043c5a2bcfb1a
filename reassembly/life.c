/*
 * life.c - the lives of both ends, worked out from the log of a connection.
 *
 * The packets are gone through as they were captured.  What an end sent, it
 * did.  What it was sent waits in front of it until something shows that it
 * accepted it, or that it did not:
 *
 * - an ACK that covers a SYN or FIN shows that this has been accepted before;
 *   without it, a SYN or FIN that must have arrived was lost or is out of
 *   order;
 * - a SYN-ACK, or a FIN, sent again shows that the ACK of it, if that must
 *   have arrived, was lost or not wanted;
 * - a segment sent after an RST must have arrived shows that this was not
 *   accepted; an RST whose sender goes on was not the sender's.
 *
 * "Must have arrived": the time between the capture and an end and back is
 * taken from the handshake.  What no later packet tells is decided at the end,
 * by what an end would have done (it acknowledges a FIN at once).  Vantage
 * point, loss, reordering and forged segments need no cases of their own.
 */
#include <string.h>

#include "reassembly/conn.h"

/* Linux: TCP_TIMEWAIT_LEN, and the default of tcp_fin_timeout. */
#define TIME_WAIT  (60 * NS_PER_S)
#define FIN_WAIT_2 (60 * NS_PER_S)

/* RFC 6298 s2.1: before the first repetition of a SYN or SYN-ACK. */
#define FIRST_RTO NS_PER_S

/* A repetition may be late by this much, beside a fraction of its interval:
   Linux' timers are the coarser the longer they run. */
#define SLACK (100 * NS_PER_MS)

/* Delayed ACKs take no longer. */
#define ANSWER_MAX (500 * NS_PER_MS)

/* One end, while the log is gone through. */
struct end {
	bool exists;		/* the second of a self-connection does not */
	bool sent_fin, got_fin;
	bool repeated_synack;
	uint8_t next;		/* the first entry of its peer that waits */
	nstime loop;		/* from the capture to it and back */
	nstime synack;		/* its last */
};

struct walk {
	const struct conn *c;
	const struct tcp_log *log;
	struct tcp_life *life;
	struct end end[N_SIDES];
};

static enum side
peer_side(const struct walk *w, enum side side)
{
	return w->c->self ? side : !side;
}

static bool
has(const struct tcp_log_entry *e, unsigned flags)
{
	return (e->flags & flags) == flags;
}

/* --- changes -------------------------------------------------------------- */

static nstime
last_change(const struct tcp_life *life, enum side side)
{
	for (int i = life->n_changes; i-- > 0;)
		if (life->change[i].side == side)
			return life->change[i].ts;
	return INT64_MIN;
}

/* In the order of time, after the ones of the same time. */
static void
insert(struct tcp_life *life, struct tcp_state_change ch)
{
	int i = life->n_changes;

	if (life->n_changes == TCP_LIFE_CHANGES) {
		life->n_changes_lost += life->n_changes_lost < UINT8_MAX;
		return;
	}
	for (; i > 0 && life->change[i - 1].ts > ch.ts; i--)
		life->change[i] = life->change[i - 1];
	life->change[i] = ch;
	life->n_changes++;
}

static void
change_at(struct walk *w, enum side side, enum tcp_event event,
	  enum tcp_evidence evidence, nstime ts, uint64_t frame)
{
	enum tcp_state old = w->life->state[side];
	enum tcp_state new = tcp_state_next(old, event);
	nstime before = last_change(w->life, side);

	if (new == TCP_STATE_UNKNOWN)
		return;
	w->life->state[side] = new;
	insert(w->life, (struct tcp_state_change){
		.ts = ts > before ? ts : before,
		.frame = frame & ((UINT64_C(1) << 40) - 1),
		.side = side,
		.old_state = old,
		.new_state = new,
		.cause = TCP_CAUSE(event, evidence),
	});
}

/* A packet passes the capture half a loop after it was sent by this end. */
static void
sends(struct walk *w, enum side side, enum tcp_event event,
      enum tcp_evidence evidence, const struct tcp_log_entry *e)
{
	change_at(w, side, event, evidence, e->ts - w->end[side].loop / 2,
		  e->frame);
}

/* And half a loop before it reaches it. */
static void
gets(struct walk *w, enum side side, enum tcp_event event,
     enum tcp_evidence evidence, const struct tcp_log_entry *e)
{
	change_at(w, side, event, evidence, e->ts + w->end[side].loop / 2,
		  e->frame);
}

/* --- an end takes what waits in front of it ------------------------------- */

/* The ACK of an RST in SYN-SENT is what makes it exact: see tcp_log.c. */
static bool
accepts_rst(const struct walk *w, enum side side,
	    const struct tcp_log_entry *p)
{
	if (w->life->state[side] == TCP_STATE_SYN_SENT)
		return has(p, LOG_EXACT | LOG_ACK);
	return has(p, LOG_EXACT);
}

/* RFC 9293 s3.10.7: RST, SYN, ACK, FIN, in this order. */
static void
deliver(struct walk *w, enum side side, const struct tcp_log_entry *p)
{
	struct end *me = &w->end[side];

	if (p->flags & LOG_ICMP) {
		if (p->flags & LOG_HARD)
			gets(w, side, TCP_GETS_ICMP, TCP_SEEN, p);
		return;
	}
	if (p->flags & LOG_RST) {
		if (accepts_rst(w, side, p))
			gets(w, side, TCP_GETS_RST, TCP_SEEN, p);
		return;
	}
	if (p->flags & LOG_SYN)
		gets(w, side, p->flags & LOG_ACK ? TCP_GETS_SYNACK
						 : TCP_GETS_SYN, TCP_SEEN, p);
	if (has(p, LOG_ACKS_SYN))
		gets(w, side, TCP_GETS_ACK_OF_SYN, TCP_SEEN, p);
	if ((p->flags & (LOG_ACKS_FIN | LOG_UNSEEN_FIN)) && me->sent_fin)
		gets(w, side, TCP_GETS_ACK_OF_FIN, TCP_SEEN, p);
	if ((p->flags & LOG_FIN) && !me->got_fin) {
		me->got_fin = true;
		gets(w, side, TCP_GETS_FIN, TCP_SEEN, p);
	}
}

/*
 * What an end's segment e tells of p, which waits in front of it.  late: p
 * must have arrived when e was sent.
 */
enum verdict {
	NOTHING,	/* accepted, if late; else it waits */
	SHOWN,		/* accepted */
	NOT_YET,	/* it waits, and so does what is behind it */
	REFUTED,	/* lost, or not accepted */
};

/* Was the SYN or FIN p sent again, before e shows that it was accepted? */
static bool
is_repeated(const struct walk *w, const struct tcp_log_entry *p)
{
	const unsigned kind = LOG_SYN | LOG_FIN;
	unsigned like = kind | (p->flags & LOG_SYN ? LOG_ACK : 0);

	for (unsigned i = 0; i < w->log->n_entries; i++) {
		const struct tcp_log_entry *q = &w->log->entry[i];

		if (q > p && q->side == p->side && (q->flags & LOG_REPEAT) &&
		    (q->flags & like) == (p->flags & like))
			return true;
	}
	return false;
}

static enum verdict
judge_fin(const struct walk *w, enum side side, const struct tcp_log_entry *p,
	  const struct tcp_log_entry *e, bool late)
{
	if (w->end[side].got_fin)
		return NOTHING;
	if (has(e, LOG_ACKS_FIN))
		return SHOWN;
	/* Lost; or it came before the data in front of it. */
	return late && is_repeated(w, p) ? REFUTED : NOT_YET;
}

static enum verdict
judge_syn(const struct tcp_log_entry *p, const struct tcp_log_entry *e,
	  bool late)
{
	if (!has(e, LOG_ACKS_SYN))
		return late ? REFUTED : NOT_YET;
	/* Simultaneous open: after a SYN-ACK it would not send one. */
	return has(p, LOG_ACK) && has(e, LOG_SYN) ? NOT_YET : SHOWN;
}

/* The ACK that completes the handshake, in front of one in SYN-RECEIVED. */
static enum verdict
judge_handshake(const struct walk *w, enum side side,
		const struct tcp_log_entry *e, bool late)
{
	const struct end *me = &w->end[side];
	bool refused = has(e, LOG_RST) && !has(e, LOG_ACK);

	if (e->flags & LOG_SYN)
		return late && has(e, LOG_REPEAT) ? REFUTED : NOT_YET;
	/* An RST of a dead or unwilling end has no ACK.  It would have sent
	   its SYN-ACK again by then if it was still waiting. */
	if (refused && (me->repeated_synack ||
			e->ts - me->synack < FIRST_RTO))
		return REFUTED;
	return SHOWN;
}

static enum verdict
judge(const struct walk *w, enum side side, const struct tcp_log_entry *p,
      const struct tcp_log_entry *e, bool late)
{
	if (p->flags & (LOG_RST | LOG_ICMP))
		return late && !(e->flags & LOG_RST) ? REFUTED : NOTHING;
	if (p->flags & LOG_FIN)
		return judge_fin(w, side, p, e, late);
	if (p->flags & LOG_SYN)
		return judge_syn(p, e, late);
	if (w->life->state[side] == TCP_STATE_SYN_RCVD && has(p, LOG_ACKS_SYN))
		return judge_handshake(w, side, e, late);
	/* A FIN sent again: its ACK had not come. */
	if (has(p, LOG_ACKS_FIN) && has(e, LOG_FIN | LOG_REPEAT))
		return late ? REFUTED : NOT_YET;
	return NOTHING;
}

static bool
repeats_syn(const struct walk *w, enum side side)
{
	for (unsigned i = 0; i < w->log->n_entries; i++)
		if (w->log->entry[i].side == side &&
		    has(&w->log->entry[i], LOG_SYN | LOG_REPEAT))
			return true;
	return false;
}

/* Of the repetitions of a SYN or FIN that is shown, the last that arrived. */
static bool
is_superseded(const struct walk *w, enum side side, unsigned i,
	      unsigned e_index)
{
	const struct tcp_log_entry *p = &w->log->entry[i];
	const struct tcp_log_entry *e = &w->log->entry[e_index];
	unsigned kind = LOG_SYN | LOG_FIN | (p->flags & LOG_SYN ? LOG_ACK : 0);

	if (!(p->flags & (LOG_SYN | LOG_FIN)))
		return false;
	/* Had the first SYN-ACK been lost, the SYN would have come again: it
	   was the ACK of it that was lost. */
	if (has(p, LOG_SYN | LOG_ACK) && !repeats_syn(w, side))
		return false;
	for (unsigned j = i + 1; j < e_index; j++) {
		const struct tcp_log_entry *q = &w->log->entry[j];

		if (q->side == p->side && (q->flags & LOG_REPEAT) &&
		    (q->flags & kind) == (p->flags & kind) &&
		    q->ts <= e->ts - w->end[side].loop)
			return true;
	}
	return false;
}

/* Does entry p wait in front of this end?  ICMP is for the one it quotes. */
static bool
is_for(const struct walk *w, enum side side, const struct tcp_log_entry *p)
{
	if (p->flags & LOG_ICMP)
		return p->side == side;
	return p->side == peer_side(w, side);
}

/* One past the last waiting entry that e shows to be accepted. */
static unsigned
shown_by(const struct walk *w, enum side side, unsigned e_index)
{
	const struct tcp_log_entry *e = &w->log->entry[e_index];
	unsigned limit = w->end[side].next;

	for (unsigned i = limit; i < e_index; i++) {
		const struct tcp_log_entry *p = &w->log->entry[i];

		if (is_for(w, side, p) && judge(w, side, p, e, false) == SHOWN)
			limit = i + 1;
	}
	return limit;
}

static void
take_arrived(struct walk *w, enum side side, unsigned e_index)
{
	const struct tcp_log_entry *e = &w->log->entry[e_index];
	struct end *me = &w->end[side];
	unsigned shown = shown_by(w, side, e_index);

	for (; me->next < e_index; me->next++) {
		const struct tcp_log_entry *p = &w->log->entry[me->next];
		bool late = p->ts <= e->ts - me->loop || me->next < shown;
		enum verdict v;

		if (!is_for(w, side, p))
			continue;
		v = judge(w, side, p, e, late);
		if (v == NOT_YET || (v == NOTHING && !late))
			return;
		if (v != REFUTED && !is_superseded(w, side, me->next, e_index))
			deliver(w, side, p);
	}
}

/* --- what nothing tells of ------------------------------------------------ */

/* A FIN that nothing followed: it was received if there was no time left to
   see the answer, or if this end's packets are not in the capture at all. */
static bool
fin_arrived(const struct walk *w, enum side side,
	    const struct tcp_log_entry *p)
{
	nstime left = w->c->until - p->ts;
	const struct end *me = &w->end[side];

	if (!w->c->half[side].seen)
		return true;
	return !is_repeated(w, p) && left >= me->loop / 2 &&
	       left <= me->loop + ANSWER_MAX;
}

/* The ACK that ends a handshake, and nothing after it. */
static bool
ack_was_wanted(const struct walk *w, enum side side)
{
	const struct half *peer = &w->c->half[peer_side(w, side)];

	return !w->end[side].repeated_synack || peer->unanswered == 0;
}

static bool
is_taken_at_the_end(const struct walk *w, enum side side,
		    const struct tcp_log_entry *p)
{
	/* After unanswered probes there is nobody to get the RST. */
	if (p->flags & (LOG_RST | LOG_ICMP))
		return !(p->flags & LOG_KEEPALIVE);
	if (p->flags & LOG_SYN)
		return false;		/* it would have been answered */
	if (p->flags & LOG_FIN)
		return fin_arrived(w, side, p);
	if (w->life->state[side] == TCP_STATE_SYN_RCVD)
		return ack_was_wanted(w, side);
	return true;
}

static void
take_rest(struct walk *w, enum side side, unsigned before)
{
	struct end *me = &w->end[side];

	for (; me->next < before; me->next++) {
		const struct tcp_log_entry *p = &w->log->entry[me->next];

		if (is_for(w, side, p) && is_taken_at_the_end(w, side, p))
			deliver(w, side, p);
	}
}

/* --- what an entry shows though nothing like it waits --------------------- */

static const struct tcp_log_entry *
last_of(const struct walk *w, unsigned before, enum side side, unsigned flag)
{
	for (unsigned i = before; i-- > 0;)
		if (w->log->entry[i].side == side &&
		    (w->log->entry[i].flags & flag))
			return &w->log->entry[i];
	return NULL;
}

/* Its peer's SYN must have been answered, and its own. */
static void
must_be_open(struct walk *w, enum side side, const struct tcp_log_entry *e)
{
	enum side peer = peer_side(w, side);

	if (w->life->state[side] == TCP_STATE_SYN_SENT) {
		if (!w->c->half[peer].seen)
			sends(w, peer, TCP_SENDS_SYNACK, TCP_SHOWN, e);
		gets(w, side, TCP_GETS_SYNACK, TCP_SHOWN, e);
	}
	if (w->life->state[side] == TCP_STATE_SYN_RCVD) {
		if (!w->c->half[peer].seen)
			gets(w, peer, TCP_GETS_SYNACK, TCP_SHOWN, e);
		gets(w, side, TCP_GETS_ACK_OF_SYN, TCP_SHOWN, e);
	}
}

/* The peer's packets are not in the capture: it got what this end sent, and
   its FIN had the ACK of this end's. */
static void
send_unseen_fin(struct walk *w, enum side side, unsigned e_index)
{
	const struct tcp_log_entry *e = &w->log->entry[e_index];
	enum side peer = peer_side(w, side);

	take_rest(w, peer, e_index);
	w->end[peer].sent_fin = true;
	sends(w, peer, TCP_SENDS_FIN, TCP_SHOWN, e);
	if (w->life->state[peer] == TCP_STATE_LAST_ACK)
		gets(w, side, TCP_GETS_ACK_OF_FIN, TCP_SHOWN, e);
}

static void
must_have_got_fin(struct walk *w, enum side side, unsigned e_index)
{
	const struct tcp_log_entry *e = &w->log->entry[e_index];
	enum side peer = peer_side(w, side);
	const struct tcp_log_entry *fin = last_of(w, e_index, peer, LOG_FIN);

	if (w->end[side].got_fin)
		return;
	w->end[side].got_fin = true;
	if (!fin)
		send_unseen_fin(w, side, e_index);
	/* A FIN that waited for missing data is taken with that, just before
	   the ACK that covers both. */
	change_at(w, side, TCP_GETS_FIN, TCP_SHOWN,
		  e->ts - w->end[side].loop / 2, fin ? fin->frame : e->frame);
}

static void
take_shown(struct walk *w, enum side side, unsigned e_index)
{
	const struct tcp_log_entry *e = &w->log->entry[e_index];
	bool ends = has(e, LOG_RST) && !has(e, LOG_ACK);

	/* SYN and SYN-ACK: simultaneous open. */
	if (has(e, LOG_SYN | LOG_ACK) &&
	    w->life->state[side] == TCP_STATE_SYN_SENT)
		gets(w, side, TCP_GETS_SYN, TCP_SHOWN, e);
	if (!(e->flags & LOG_SYN) && has(e, LOG_ACKS_SYN) && !ends)
		must_be_open(w, side, e);
	if (e->flags & (LOG_ACKS_FIN | LOG_UNSEEN_FIN) && !ends)
		must_have_got_fin(w, side, e_index);
}

/* --- an end sends --------------------------------------------------------- */

/* A dead end sends nothing more: it was not its RST. */
static bool
goes_on(const struct walk *w, unsigned e_index)
{
	const struct tcp_log_entry *e = &w->log->entry[e_index];

	for (unsigned i = e_index + 1; i < w->log->n_entries; i++) {
		const struct tcp_log_entry *q = &w->log->entry[i];

		if (q->side == e->side &&
		    !(q->flags & (LOG_RST | LOG_SYN | LOG_ICMP)))
			return true;
	}
	return false;
}

static void
send_entry(struct walk *w, enum side side, unsigned e_index)
{
	const struct tcp_log_entry *e = &w->log->entry[e_index];
	struct end *me = &w->end[side];

	if (e->flags & LOG_RST) {
		if (!goes_on(w, e_index))
			sends(w, side, TCP_SENDS_RST, TCP_SEEN, e);
		return;
	}
	if (e->flags & LOG_SYN) {
		sends(w, side, e->flags & LOG_ACK ? TCP_SENDS_SYNACK
						  : TCP_SENDS_SYN, TCP_SEEN, e);
		me->repeated_synack |= has(e, LOG_ACK | LOG_REPEAT);
		me->synack = e->ts;
	}
	if (e->flags & LOG_FIN) {
		me->sent_fin = true;
		sends(w, side, TCP_SENDS_FIN, TCP_SEEN, e);
	}
}

/* --- time ----------------------------------------------------------------- */

static void
time_passes(struct walk *w, enum side side, nstime wait)
{
	const struct half *me = &w->c->half[side];
	const struct half *peer = &w->c->half[peer_side(w, side)];
	nstime since = last_change(w->life, side);

	/* Each segment that comes late begins the time anew. */
	if (me->seen && me->last > since)
		since = me->last;
	if (peer->seen && peer->last > since)
		since = peer->last;
	if (w->c->until - since >= wait)
		change_at(w, side, TCP_TIME_PASSES, TCP_SEEN, since + wait, 0);
}

/*
 * It sent, got no answer, repeated that, and the next repetition, after twice
 * the interval, did not come: it has given up.  Of a first SYN that was never
 * repeated the program has given up.
 */
static void
gives_up(struct walk *w, enum side side)
{
	const struct half *me = &w->c->half[side];
	const struct half *peer = &w->c->half[peer_side(w, side)];
	nstime wait = (nstime)me->asked_gap_us * NS_PER_US;

	if (!me->seen || (peer->seen && peer->last >= me->asked))
		return;
	if (me->unanswered == 0) {
		if (w->life->state[side] != TCP_STATE_SYN_SENT &&
		    w->life->state[side] != TCP_STATE_SYN_RCVD)
			return;
		wait = FIRST_RTO;
	}
	wait = 2 * wait + wait / 8 + SLACK;
	if (w->c->until - me->asked > wait)
		change_at(w, side, TCP_GIVES_UP, TCP_SEEN, me->asked + wait, 0);
}

static void
let_time_pass(struct walk *w, enum side side)
{
	switch (w->life->state[side]) {
	case TCP_STATE_TIME_WAIT:
		time_passes(w, side, TIME_WAIT);
		break;
	case TCP_STATE_FIN_WAIT_2:
		time_passes(w, side, FIN_WAIT_2);
		break;
	default:
		gives_up(w, side);
	}
}

/* --- the beginning -------------------------------------------------------- */

/* The loops of both ends, from the handshake: SYN and what answers it. */
static void
measure_loops(struct walk *w)
{
	const struct tcp_log_entry *asked[N_SIDES] = { NULL, NULL };
	bool answered[N_SIDES] = { false, false };

	for (unsigned i = 0; i < w->log->n_entries; i++) {
		const struct tcp_log_entry *e = &w->log->entry[i];
		enum side peer = peer_side(w, e->side);
		struct end *me = &w->end[e->side];

		if (e->flags & (LOG_ICMP | LOG_RST))
			continue;
		if (asked[e->side] && has(e, LOG_ACKS_SYN) &&
		    !answered[e->side]) {
			answered[e->side] = true;
			/* The clock of a capture may stand still or step back. */
			if (e->ts > asked[e->side]->ts)
				me->loop = e->ts - asked[e->side]->ts;
		}
		if (e->flags & LOG_SYN)
			asked[peer] = e;
	}
}

/* The capture begins in the middle: both ends have been there before. */
static void
begin_in_the_middle(struct walk *w, const struct tcp_log_entry *e)
{
	static const enum tcp_event past[N_SIDES][2] = {
		[SIDE_CLIENT] = { TCP_SENDS_SYN, TCP_GETS_SYNACK },
		[SIDE_SERVER] = { TCP_SENDS_SYNACK, TCP_GETS_ACK_OF_SYN },
	};

	for (int side = 0; side < N_SIDES; side++)
		for (int i = 0; i < 2 && w->end[side].exists; i++)
			change_at(w, (enum side)side, past[side][i],
				  TCP_BEFORE, e->ts, 0);
}

static void
begin(struct walk *w)
{
	const struct tcp_log_entry *e = &w->log->entry[0];
	uint8_t *state = w->life->state;

	for (int side = 0; side < N_SIDES; side++)
		w->end[side].exists = !w->c->self || side == SIDE_CLIENT;
	state[SIDE_CLIENT] = TCP_STATE_CLOSED;
	state[SIDE_SERVER] = TCP_STATE_LISTEN;
	if (w->c->half[SIDE_SERVER].syn_packets)	/* simultaneous open */
		state[SIDE_SERVER] = TCP_STATE_CLOSED;
	measure_loops(w);
	if (has(e, LOG_SYN | LOG_ACK))	/* the SYN before it was missed */
		sends(w, peer_side(w, e->side), TCP_SENDS_SYN, TCP_SHOWN, e);
	if (!(e->flags & (LOG_SYN | LOG_RST | LOG_ICMP)))
		begin_in_the_middle(w, e);
}

/* An end that nothing is known of has no state; the LISTEN of a server that
   never answered was assumed. */
static void
settle(struct walk *w)
{
	uint8_t *state = w->life->state;

	if (w->c->self)
		state[SIDE_SERVER] = state[SIDE_CLIENT];
	for (int side = 0; side < N_SIDES; side++) {
		if (w->c->self || last_change(w->life, side) != INT64_MIN)
			continue;
		state[side] = w->c->half[side].rst_seen ? TCP_STATE_CLOSED
						       : TCP_STATE_UNKNOWN;
	}
}

/* A SYN that met a living connection and got no answer of its own: forged, or
   an old duplicate.  Nobody entered SYN-SENT for it. */
static bool
is_nobodys(const struct conn *c)
{
	return c->met_living && !c->half[SIDE_SERVER].seen;
}

void
conn_life(const struct conn *c, struct tcp_life *life)
{
	struct walk w = { .c = c, .log = &c->log, .life = life };

	memset(life, 0, sizeof(*life));
	if (c->log.n_entries == 0 || is_nobodys(c))
		return;
	begin(&w);
	for (unsigned i = 0; i < c->log.n_entries; i++) {
		enum side side = c->log.entry[i].side;

		if (c->log.entry[i].flags & LOG_ICMP)
			continue;
		take_arrived(&w, side, i);
		take_shown(&w, side, i);
		send_entry(&w, side, i);
	}
	for (int side = 0; side < N_SIDES; side++)
		if (w.end[side].exists)
			take_rest(&w, (enum side)side, c->log.n_entries);
	for (int side = 0; side < N_SIDES; side++)
		if (w.end[side].exists)
			let_time_pass(&w, (enum side)side);
	settle(&w);
}
