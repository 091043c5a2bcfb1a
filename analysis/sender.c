/*
 * sender.c - the segments of a connection to its two senders.
 *
 * A side is quiet (quiet.h) or has a model (sender_model.h), and may go from
 * one to the other and back.
 */
#include "analysis/sender.h"

#include <assert.h>
#include <string.h>

#include "analysis/cc_identify.h"
#include "analysis/finding_transfer.h"
#include "analysis/quiet.h"
#include "analysis/sender_model.h"
#include "analysis/sender_samples.h"
#include "base/seq.h"

struct sender_side {
	struct sender *s;	/* NULL: quiet, or no memory */
	struct quiet quiet;
};

struct sender_state {
	struct sender_side side[N_SIDES];
};

static_assert(sizeof(struct sender_state) <= 256,
	      "little for a connection that sends little");

static bool
is_copy(const struct analysis *an)
{
	return an->kind == SEG_DUPLICATE || an->kind == SEG_KEEPALIVE ||
	       an->kind == SEG_WINDOW_PROBE || an->kind == SEG_OUT_OF_ORDER;
}

static void
name_kind(struct analysis *an, enum sent_kind kind)
{
	static const uint8_t kind_of[] = {
		[SENT_NEW] = SEG_RTX_OTHER,
		[SENT_NEW_TLP] = SEG_RTX_OTHER,
		[SENT_RTX_TIMEOUT] = SEG_RTX_TIMEOUT,
		[SENT_RTX_FAST] = SEG_RTX_FAST,
		[SENT_RTX_RECOVERY] = SEG_RTX_RECOVERY,
		[SENT_RTX_TLP] = SEG_RTX_TLP,
		[SENT_RTX_OTHER] = SEG_RTX_OTHER,
		[SENT_RTX_NEEDLESS] = SEG_RTX_SPURIOUS,
	};

	if (seg_is_retransmission(an->kind) && an->kind != SEG_RTX_SYN)
		an->kind = kind_of[kind];
}

static void
add_times(struct quiet *to, const struct limit *m)
{
	const nstime *total = m->total;

	to->busy += (float)m->busy;
	to->rwnd_limited += (float)total[LIMIT_RECEIVE_WINDOW];
	to->cwnd_limited += (float)(total[LIMIT_CONGESTION_WINDOW] +
				    total[LIMIT_BOTTLENECK] +
				    total[LIMIT_RECOVERY] +
				    total[LIMIT_PACING]);
	to->app_limited += (float)(total[LIMIT_APPLICATION] +
				   total[LIMIT_NAGLE]);
}

/* So long at the receiver's window: there will be something to say of it. */
#define TROUBLED (100 * NS_PER_MS)

/* Back to quiet where nothing is in flight and nothing happened. */
static void
park(struct sender_side *side, struct analysis *an, enum side which)
{
	struct sender *s = side->s;
	const struct loss *l = &s->loss;
	struct quiet *to = &side->quiet;

	if (l->sb.n || l->data_segs >= QUIET_SEGMENTS || s->view.n ||
	    l->ca_state != CA_OPEN || l->rtx_total || l->n_tlp ||
	    l->snd_wnd < l->sb.mss ||
	    s->limit.total[LIMIT_RECEIVE_WINDOW] > TROUBLED ||
	    !l->anchored || an->options->all_samples)
		return;
	limit_finish(&s->limit, an, which);
	add_times(to, &s->limit);
	to->sent = s->base + (nstime)l->last_send * 1000;
	to->after_us = nstime_micros(an->conn->last - to->sent);
	to->len = 0;
	to->acked = true;
	to->cwnd = sender_best(s)->cwnd;
	to->ssthresh = sender_best(s)->ssthresh;
	to->delivered = l->delivered;
	to->data_segs = (uint8_t)l->data_segs;
	sender_free(s, an);
	side->s = NULL;
}

/* The estimator of the connection's round trips is the same as the model's,
   which counts in microseconds. */
static void
resume_rtt(struct loss *l, const struct analysis *an, enum side side)
{
	const struct rtt_estimator *e = &an->rtt->est[side];

	if (!e->srtt8)
		return;
	l->rtt.srtt8 = (uint32_t)(e->srtt8 / 1000);
	l->rtt.mdev4 = (uint32_t)(e->mdev4 / 1000);
	l->rtt.mdev_max = (uint32_t)(e->mdev_max4 / 1000);
	l->rtt.rttvar = (uint32_t)(e->rttvar4 / 1000);
	l->rtt.rto = (uint32_t)(rtt_estimator_rto(e) / 1000);
	l->rtt.seq = l->sb.nxt;
	loss_min_sample(l, (uint32_t)(an->rtt->min[side] / 1000), false);
}

/* What the sender did before, without a model. */
static void
resume(struct sender *s, struct analysis *an, enum side side,
       const struct quiet *from, bool unsettled)
{
	struct loss *l = &s->loss;

	resume_rtt(l, an, side);
	l->delivered = from->delivered + !from->cwnd;	/* and the SYN */
	l->data_segs = from->data_segs;
	l->last_send = (uint64_t)(from->sent - s->base) / 1000;
	l->iw_known = true;
	for (uint8_t i = 0; from->cwnd && i < l->n_cc; i++) {
		l->cc[i].cwnd = from->cwnd;
		l->cc[i].ssthresh = from->ssthresh;
	}
	s->last_ts = unsettled ? from->sent : quiet_until(from);
	limit_charge(&s->limit, an, side, l, LIMIT_APPLICATION, false,
		     s->last_ts);
}

/* The last segment of the quiet, its FIN, and their ACK. */
static void
replay(struct sender *s, struct analysis *an, enum side side,
       const struct quiet *q, uint64_t seq)
{
	const struct half *peer = &an->conn->half[!side];
	struct sent_segment p = {
		.ts = q->sent,
		.out = {
			.seq = seq,
			.end = seq + q->len,
			.tsval = q->tsval,
			.tsecr = q->tsecr,
			.ack = q->ack,
			.ack_all = s->loss.sack_ok,
			.acked = q->ack,
			.has_ts = q->has_ts,
			.fin = q->only_fin,
		},
	};
	struct ack_in a = {
		.t = (uint64_t)(quiet_until(q) - s->base) / 1000,
		.ack = seq + q->len + q->fin,
		.seq = peer->snd_nxt,
		.window = peer->rwnd,
		.tsecr = q->tsval,
		.has_ts = q->has_ts,
	};

	sender_sends(s, an, side, &p);
	if (q->fin) {
		p.ts += q->acked ? 0 : (nstime)q->after_us * 1000;
		p.out.seq = p.out.end++;
		p.out.fin = true;
		sender_sends(s, an, side, &p);
	}
	if (q->acked)
		sender_gets(s, an, side, &a, quiet_until(q), peer->snd_nxt,
			  q->ack_tsval);
}

/* A model from now on, that begins with what is still under way.  nxt: where
   nothing is, what is sent next. */
static struct sender *
begin_model(struct sender_side *side, struct analysis *an, enum side which,
	    uint64_t nxt, nstime now)
{
	struct quiet *q = &side->quiet;
	bool unsettled = quiet_unsettled(q, an, which, now);
	uint64_t seq = unsettled ? seq_unwrap(q->seq, nxt) : nxt;
	struct sender *s = sender_begin(an, which, seq);

	side->s = s;
	if (!s)
		return NULL;
	if (unsettled)
		quiet_take_back(q);
	if (q->data_segs == 0) {	/* as if there had been no quiet */
		q->app_limited = 0;
		sender_tell_handshake(s, an, which, unsettled ? q->sent : now);
	} else {
		resume(s, an, which, q, unsettled);
	}
	if (unsettled)
		replay(s, an, which, q, seq);
	return s;
}

/* Data was under way already when the capture began: of this side none was
   seen yet, and how much there was is not known. */
static bool
begins_late(const struct sender_side *side, const struct analysis *an)
{
	return !an->rtt->established && !side->quiet.sent;
}

/* Behind all that was sent before this data. */
static uint64_t
sent_from(const struct sender_side *side, const struct analysis *an,
	  const struct seg_event *ev)
{
	return ev->old_snd_nxt && !begins_late(side, an) ? ev->old_snd_nxt
							 : ev->data;
}

/* What its sender got last of the peer's data ends here: the first SACK block
   tells that where something is missing (RFC 2018 s4). */
static uint32_t
newest_got(const struct tcp_seg *seg)
{
	if (!(seg->options & TCP_OPT_SACK) || !seg->n_sack ||
	    (int32_t)(seg->sack[0].end - seg->ack) < 0)
		return seg->ack;
	return seg->sack[0].end;
}

static void
sender_data(struct sender_state *st, struct analysis *an,
	    const struct seg_event *ev)
{
	struct sender_side *side = &st->side[ev->side];
	enum sent_kind kind;

	if (is_copy(an))
		return;
	if (!side->s) {
		if (quiet_data(&side->quiet, an, ev))
			return;
		if (!begin_model(side, an, ev->side, sent_from(side, an, ev),
				 ev->packet->ts))
			return;
	}
	kind = sender_sends(side->s, an, ev->side, &(struct sent_segment){
		.ts = ev->packet->ts,
		.frame = ev->packet->number,
		.unseen = an->unseen_behind,
		.out = {
			.seq = ev->data,
			.end = ev->end,
			.tsval = ev->seg->tsval,
			.tsecr = ev->seg->tsecr,
			.ack = newest_got(ev->seg),
			.ack_all = side->s->loss.sack_ok,
			.acked = ev->seg->ack,
			.has_ts = ev->seg->options & TCP_OPT_TS,
			.fin = ev->seg->len == 0,
		},
	});
	name_kind(an, kind);
	if (kind == SENT_NEW)
		sender_learn_size(side->s, ev);
	if (an->delayed_ack && kind == SENT_NEW)
		limit_was_delayed_ack(&side->s->limit, an, ev->side,
				      an->delayed_since);
}

static void
read_ack(const struct seg_event *ev, struct ack_in *a)
{
	const struct tcp_seg *seg = ev->seg;

	memset(a, 0, sizeof(*a));
	a->ack = ev->ack;
	a->seq = ev->seq;
	a->window = ev->window;
	a->tsecr = seg->tsecr;
	a->has_ts = seg->options & TCP_OPT_TS;
	a->has_data = ev->end > ev->data;
	a->ece = seg->flags & TCP_ECE;
	if (!(seg->options & TCP_OPT_SACK))
		return;
	a->n_sack = seg->n_sack < 4 ? seg->n_sack : 4;
	for (int i = 0; i < a->n_sack; i++) {
		a->sack[i].start = seq_unwrap(seg->sack[i].start, ev->ack);
		a->sack[i].end = seq_unwrap(seg->sack[i].end, ev->ack);
	}
}

static void
sender_ack(struct sender_state *st, struct analysis *an,
	   const struct seg_event *ev)
{
	enum side side = !ev->side;
	struct sender *s = st->side[side].s;
	struct ack_in a;

	if (!s) {
		if (begins_late(&st->side[side], an) ||
		    quiet_ack(&st->side[side].quiet, an, ev))
			return;
		s = begin_model(&st->side[side], an, side, ev->old_snd_una,
				ev->packet->ts);
		if (!s)
			return;
	}
	read_ack(ev, &a);
	if (!an->conn->half[ev->side].wscale_known && a.window > 0)
		a.window = SENDER_WINDOW_UNKNOWN;
	a.t = (uint64_t)(ev->packet->ts - s->base) / 1000;
	sender_gets(s, an, side, &a, ev->packet->ts, ev->end, ev->seg->tsval);
	if (!s->loss.causal)
		park(&st->side[side], an, side);
}

static void
sender_segment(void *state, struct analysis *an, const struct seg_event *ev)
{
	struct sender_state *st = state;

	if (ev->seg->flags & (TCP_SYN | TCP_RST))
		return;
	if (ev->seg->flags & TCP_ACK)
		sender_ack(st, an, ev);
	if (ev->end > ev->data)
		sender_data(st, an, ev);
	else if (st->side[ev->side].s)
		sender_tells(st->side[ev->side].s, an, ev->side,
			     ev->packet->ts, newest_got(ev->seg),
			     ev->seg->ack);
}

static void
fill_endpoint(struct sender_side *side, struct endpoint_row *r)
{
	struct quiet *t = &side->quiet;

	if (side->s)
		add_times(t, &side->s->limit);
	else if (!t->sent)
		return;
	r->busy_ns = (int64_t)t->busy;
	r->rwnd_limited_ns = (int64_t)t->rwnd_limited;
	r->cwnd_limited_ns = (int64_t)t->cwnd_limited;
	r->app_limited_ns = (int64_t)t->app_limited;
}

static void
put_findings(const struct sender *s, struct analysis *an, enum side side)
{
	const struct transfer t = {
		.side = side,
		.sink = an->sink,
		.loss = &s->loss,
		.cc = sender_best(s),
		.limit = &s->limit,
		.timeouts = &s->timeouts,
		.recoveries = &s->recoveries,
		.full_windows = &s->full_windows,
		.restarts = &s->restarts,
	};

	finding_transfer(&t, an);
}

static void
conclude(struct sender_side *side, struct analysis *an, enum side which,
	 struct endpoint_row *r)
{
	struct sender *s = side->s;
	struct cc_verdict verdict;

	sender_drain(s, an, which);
	limit_finish(&s->limit, an, which);
	verdict = cc_identify(&s->loss);
	if (s->loss.first_flight && !s->loss.late)
		r->initial_cwnd = (int64_t)s->loss.first_flight *
				  s->loss.sb.mss;
	r->congestion_control = verdict.name;
	if (verdict.name)
		r->congestion_control_confidence = verdict.confidence;
	put_findings(s, an, which);
}

static void
sender_close(void *state, struct analysis *an, struct connection_row *row,
	     struct endpoint_row end[N_SIDES])
{
	struct sender_state *st = state;

	(void)row;
	for (int side = 0; side < N_SIDES; side++) {
		struct sender *s = st->side[side].s;

		an->losses_explained[side] = false;
		if (s)
			conclude(&st->side[side], an, (enum side)side,
				 &end[side]);
		fill_endpoint(&st->side[side], &end[side]);
		if (s)
			sender_free(s, an);
	}
}

const struct analyzer sender_analyzer = {
	.name = "sender",
	.state_size = sizeof(struct sender_state),
	.segment = sender_segment,
	.close = sender_close,
};
