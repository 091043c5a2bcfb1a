/*
 * sender.c - from the segments of a connection to the minds of its senders.
 *
 * Each direction that carries data has a model of its sender (loss.h), which
 * is given what that sender sent and received in the order in which it did.
 */
#include "analysis/sender.h"

#include <assert.h>
#include <string.h>

#include "analysis/cc_identify.h"
#include "analysis/estimate.h"
#include "analysis/finding_transfer.h"
#include "analysis/limit.h"
#include "analysis/quiet.h"
#include "analysis/sample_thin.h"
#include "analysis/sender_view.h"
#include "base/seq.h"

/* What a sample would tell, by and large.  No padding: it is compared. */
struct sample_gist {
	const struct cc *cc;
	uint32_t cwnd, ssthresh;
	uint8_t ca_state, cause;
	bool in_flight, shut, limited, anchored;
	uint8_t unused[2];
};

struct sender {
	struct loss loss;
	struct cc bank[N_CC];
	nstime base;
	struct sender_view view;
	struct limit limit;
	uint64_t fin_seq;	/* a FIN without data; 0: none sent */
	uint8_t cause;		/* of the time up to the next event */
	bool busy;
	nstime last_ts;		/* of the samples put */
	struct transfer_frames timeouts, recoveries, full_windows, restarts;
	struct sample_thin thin;
	uint32_t size;		/* divides all that was sent so far, */
	uint8_t n_sizes;	/* so many segments */
	struct sample_gist gist;	/* of the last */
};

#define SIZES 8			/* to learn the segments' size from */
#define SIZE_OF_LAN 1460

/* The shift of the windows is not known: no window is assumed. */
#define WINDOW_UNKNOWN (1u << 30)

struct sender_side {
	struct sender *s;	/* NULL: quiet, or no memory */
	struct quiet quiet;
};

struct sender_state {
	struct sender_side side[N_SIDES];
};

static_assert(sizeof(struct sender_state) <= 256,
	      "little for a connection that sends little");

static const char *
phase_of(const struct loss *l, const struct cc *cc)
{
	switch (l->ca_state) {
	case CA_RECOVERY:
		return "fast_recovery";
	case CA_LOSS:
		return "timeout_recovery";
	case CA_CWR:
		return "cwr";
	default:
		break;
	}
	if (l->snd_wnd < l->sb.mss && l->max_window > l->snd_wnd)
		return "persist";
	if (cc->ops->phase)
		return cc->ops->phase(cc);
	return cc->cwnd < cc->ssthresh ? "slow_start"
				       : "congestion_avoidance";
}

/* For some time it had nothing to send, and it still has not. */
static bool
waits_for_data(const struct sender *s, const struct cc *cc)
{
	return s->limit.cause == LIMIT_APPLICATION &&
	       s->loss.ca_state == CA_OPEN &&
	       limit_now(&s->loss, cc) == LIMIT_APPLICATION;
}

static const struct cc *
best(const struct sender *s)
{
	return cc_best(&s->loss);
}

static int64_t
bytes_of(const struct loss *l, uint32_t segs)
{
	return segs == UINT32_MAX ? ROW_NULL : (int64_t)segs * l->sb.mss;
}

/* Elsewhere a replica must explain the sender well to know that too; BBR's
   depends on a rate at one moment. */
static bool
knows_ssthresh(const struct loss *l, const struct cc *cc)
{
	if (cc->ssthresh >= CC_INFINITE || !l->anchored)
		return false;
	return !l->causal || (!cc->ops->model_based && cc->score > .6);
}

static void
fill_sample(const struct sender *s, const struct analysis *an, enum side side,
	    nstime ts, struct sample_row *r)
{
	const struct loss *l = &s->loss;
	const struct cc *cc = best(s);
	const struct estimate e = estimate_cwnd(l, cc);
	uint64_t isn = an->conn->half[side].isn;

	*r = (struct sample_row){
		.conn = an->conn->handle,
		.side = side,
		.ts_ns = ts,
		.snd_una = (int64_t)(l->una - isn),
		.snd_nxt = (int64_t)(l->sb.nxt - isn),
		.flight = (int64_t)(l->sb.nxt - l->una),
		.rwnd = l->snd_wnd == WINDOW_UNKNOWN ? ROW_NULL : l->snd_wnd,
		.cwnd = bytes_of(l, e.value),
		.cwnd_low = bytes_of(l, e.low),
		.cwnd_high = bytes_of(l, e.high),
		.cwnd_class = estimate_word(e.class),
		.ssthresh = knows_ssthresh(l, cc) ?
			    (int64_t)cc->ssthresh * l->sb.mss : ROW_NULL,
		.phase = waits_for_data(s, cc) ? "application_limited"
					       : phase_of(l, cc),
		.srtt_ns = l->rtt.srtt8 ? (int64_t)loss_srtt(l) * 1000
					: ROW_NULL,
	};
}

/* What the time went to that ends with the event to come. */
static void
settle(struct sender *s)
{
	s->cause = limit_now(&s->loss, best(s));
	s->busy = s->loss.sb.out > 0 &&
		  !(s->fin_seq && s->loss.una >= s->fin_seq);
}

/* In the order of time, whatever the times were reckoned from. */
static nstime
charge(struct sender *s, struct analysis *an, enum side side, nstime ts)
{
	s->last_ts = ts > s->last_ts ? ts : s->last_ts;
	limit_charge(&s->limit, an, side, &s->loss, s->cause, s->busy,
		     s->last_ts);
	return s->last_ts;
}

static void
emit(struct sender *s, struct analysis *an, struct sample_row *r, nstime ts)
{
	r->ts_ns = charge(s, an, (enum side)r->side, ts);
	/* Of the span, that is: not of the moment between an ACK and the data
	   that it lets go. */
	r->limit_cause = limit_word((enum limit_cause)s->limit.cause);
	if (an->options->all_samples || sample_thin_keeps(&s->thin, r))
		row_put(an->sink, ROW_SAMPLE, r);
}

/* A sample is not for free: where neither the pace asks for one nor anything
   changed that could make it a jump, it is not even looked at. */
static bool
is_dull(struct sender *s, const struct analysis *an, nstime ts)
{
	const struct loss *l = &s->loss;
	const struct cc *cc = best(s);
	struct sample_gist now = {
		.cc = cc,
		.cwnd = cc->cwnd,
		.ssthresh = cc->ssthresh,
		.ca_state = l->ca_state,
		.cause = s->limit.cause,
		.in_flight = l->sb.out > 0,
		.shut = l->snd_wnd < l->sb.mss,
		.limited = cc->limited,
		.anchored = l->anchored,
	};
	bool same = memcmp(&s->gist, &now, sizeof(now)) == 0;

	s->gist = now;
	return same && !an->options->all_samples &&
	       !sample_thin_due(&s->thin, ts);
}

static void
put_sample(struct sender *s, struct analysis *an, enum side side, nstime ts)
{
	struct sample_row r;

	if (is_dull(s, an, ts)) {
		charge(s, an, side, ts);
		return;
	}
	fill_sample(s, an, side, ts, &r);
	emit(s, an, &r, ts);
}

/*
 * Segments are smaller than the handshake tells where a path is narrow or
 * options take their room, and larger or smaller than thought where it was
 * not seen.  Data that its program did not end (PSH) leaves in full segments,
 * or in several at once.
 */
static void
learn_size(struct sender *s, const struct seg_event *ev)
{
	uint32_t a = s->size, b = (uint32_t)(ev->end - ev->data);
	uint32_t mss = s->loss.sb.mss;

	if (s->n_sizes >= SIZES || (ev->seg->flags & (TCP_PSH | TCP_FIN)))
		return;
	if (b == mss && !s->loss.late) {
		s->n_sizes = SIZES;
		return;
	}
	while (a) {
		uint32_t rest = b % a;

		b = a;
		a = rest;
	}
	s->size = b;
	if (++s->n_sizes < SIZES || b <= mss / 3)
		return;
	if (b <= mss || (s->loss.late && b > SIZE_OF_LAN && b % mss))
		s->loss.sb.mss = b;
}

/* Here, or elsewhere: by the handshake's two halves where nothing else is. */
static void
choose_view(struct sender *s, const struct analysis *an, enum side side)
{
	const struct round_trips *t = an->rtt;
	nstime out = t->synack - t->syn, back = t->established - t->synack;
	nstime lag = side == SIDE_CLIENT ? back : out;

	if (an->vantage[side] == VANTAGE_HERE)
		return;
	if (t->syn && t->established && an->vantage[side] ==
	    VANTAGE_UNKNOWN && lag * 20 < out + back)
		return;
	if (!t->syn || !t->established)
		return;
	s->loss.causal = true;
	view_add_lag(&s->view, (uint32_t)(lag / 1000));
}

/* When the sender had its part of the handshake, and the round trip. */
static void
begin_handshake(struct sender *s, const struct analysis *an, enum side side)
{
	const struct round_trips *t = an->rtt;
	nstime from = t->syn ? t->syn : t->synack;
	nstime at = side == SIDE_CLIENT ? t->synack : t->established;

	if (!t->established)
		loss_handshake(&s->loss, 0,
			       (uint64_t)(an->conn->last - s->base) / 1000);
	else
		loss_handshake(&s->loss,
			       (uint32_t)((t->established - from) / 1000),
			       (uint64_t)(at - s->base) / 1000);
}

/* Nothing was seen of the handshake: where this is shows later. */
static void
place_late(struct sender *s, const struct analysis *an, enum side side)
{
	struct loss *l = &s->loss;

	if (an->vantage[side] == VANTAGE_UNKNOWN)
		return;
	l->placed = true;
	if (an->vantage[side] == VANTAGE_HERE)
		return;
	l->causal = true;
	memset(&l->rtt, 0, sizeof(l->rtt));
	l->rtt.seq = l->sb.nxt;
	l->max_pipe = 0;
	view_add_lag(&s->view, (uint32_t)(an->rtt->loop[side] / 1000));
}

static struct sender *
sender_begin(struct analysis *an, enum side side, uint64_t nxt)
{
	const struct conn *c = an->conn;
	struct sender *s = block_alloc(an->blocks, BLOCK_SENDER, sizeof(*s));

	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	s->base = c->first - NS_PER_MS;
	s->loss.cc = s->bank;
	s->loss.n_cc = N_CC;
	loss_init(&s->loss, an->blocks, quiet_segment_size(c, side), nxt);
	s->loss.sack_ok = c->half[0].sack_perm && c->half[1].sack_perm;
	if (!c->half[0].isn_known || !c->half[1].isn_known)
		s->loss.sack_ok = true;
	s->loss.ecn_ok = c->half[0].ecn_setup && c->half[1].ecn_setup;
	s->loss.snd_wnd = s->loss.max_window = c->half[!side].rwnd;
	if (!c->half[!side].wscale_known)
		s->loss.snd_wnd = s->loss.max_window = WINDOW_UNKNOWN;
	s->loss.wnd_end = nxt + s->loss.snd_wnd;
	s->loss.anchored = an->rtt->established != 0;
	s->loss.late = !s->loss.anchored;
	s->loss.iw_known = s->loss.late;
	choose_view(s, an, side);
	begin_handshake(s, an, side);
	return s;
}

#define JOINED_MAX 45		/* of 64 kB */

/* May data up to end be sent, as far as the two windows go? */
static bool
has_room(const struct sender *s, uint64_t end)
{
	const struct loss *l = &s->loss;

	uint64_t more = end > l->sb.nxt ? end - l->sb.nxt : 1;

	if (end > l->wnd_end && end > l->sb.nxt)
		return false;
	/* Several segments that a receiver joined left together. */
	more = more <= l->sb.mss ? 1 : (more + l->sb.mss - 1) / l->sb.mss;
	if (more > JOINED_MAX)
		more = 1;	/* a hole rather */
	return scoreboard_pipe(&l->sb) + more <= best(s)->cwnd;
}

/* Data that must have been sent and was not captured (A10). */
static void
fill_hole(struct sender *s, uint64_t t, uint64_t end)
{
	struct data_out d = { .t = t, .seq = s->loss.sb.nxt, .end = end,
			      .unseen = true };

	if (end > s->loss.sb.nxt)
		loss_data(&s->loss, &d);
}

/* An ACK reached the sender. */
static void
apply_ack(struct sender *s, const struct ack_in *a)
{
	uint64_t end = a->ack;

	for (int i = 0; i < a->n_sack; i++)
		if (a->sack[i].end > end)
			end = a->sack[i].end;
	if (end > s->loss.sb.nxt && end - s->loss.sb.nxt < 1u << 30)
		fill_hole(s, a->t, end);
	settle(s);
	loss_ack(&s->loss, a);
}

/* An ACK that let nothing go: its effect shows a loop after it passed. */
static void
view_apply_alone(struct sender *s, struct analysis *an, enum side side,
		 nstime now)
{
	struct ack_in a;
	nstime ts;

	if (!view_pop(&s->view, &s->loss, &a))
		return;
	ts = s->base + (nstime)(a.t + view_lag(&s->view)) * 1000;
	apply_ack(s, &a);
	put_sample(s, an, side, ts < now ? ts : now);
}

#define CATCH_UP 16

/*
 * All that the sender had got before it sent what passes now.  What the last
 * of these ACKs led to shows in this data; the others' place between the last
 * data and this one is as far before it as the ACKs were apart.
 */
static void
view_catch_up(struct sender *s, struct analysis *an, enum side side,
	      nstime now, const struct view_data *d)
{
	struct sample_row row[CATCH_UP];
	uint64_t at[CATCH_UP];
	nstime ts;
	unsigned n = 0;
	bool waited;

	if (s->view.n == 0)
		return;
	waited = !has_room(s, d->end);
	while (view_due(&s->view, &s->loss, d, has_room(s, d->end))) {
		struct ack_in a;

		if (view_at_tick(&s->view, d))
			cc_bank_tick(&s->loss);
		if (!view_pop(&s->view, &s->loss, &a))
			break;
		apply_ack(s, &a);
		if (n == CATCH_UP) {
			emit(s, an, &row[0], row[0].ts_ns);
			memmove(row, row + 1, sizeof(row) - sizeof(row[0]));
			memmove(at, at + 1, sizeof(at) - sizeof(at[0]));
			n--;
		}
		ts = s->base + (nstime)(a.t + view_lag(&s->view)) * 1000;
		fill_sample(s, an, side, ts < now ? ts : now, &row[n]);
		at[n++] = a.t;
	}
	/* After a pause nothing was waited for: they came when they came. */
	if (n && now - row[n - 1].ts_ns >
		 (nstime)s->loss.rtt.rto * NS_PER_US)
		waited = false;
	for (unsigned i = 0; i < n; i++)
		emit(s, an, &row[i], waited ? now - (nstime)(at[n - 1] -
						at[i]) * 1000
					    : row[i].ts_ns);
}

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

static void
sender_free(struct sender_side *side, struct analysis *an)
{
	loss_release(&side->s->loss);
	view_release(&side->s->view, an->blocks);
	block_free(an->blocks, BLOCK_SENDER, side->s);
	side->s = NULL;
}

/* Back to quiet where nothing is in flight and nothing happened. */
/* So long at the receiver's window: there will be something to say of it. */
#define TROUBLED (100 * NS_PER_MS)

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
	to->cwnd = best(s)->cwnd;
	to->ssthresh = best(s)->ssthresh;
	to->delivered = l->delivered;
	to->data_segs = (uint8_t)l->data_segs;
	sender_free(side, an);
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

/* The first packets that show something, for the findings. */
static void
note_frames(struct sender *s, enum sent_kind kind, uint64_t frame)
{
	if (frame == 0)
		return;
	if (kind == SENT_RTX_TIMEOUT)
		transfer_note(&s->timeouts, frame);
	else if (kind == SENT_RTX_FAST)
		transfer_note(&s->recoveries, frame);
	else if (kind == SENT_NEW && s->loss.restarted)
		transfer_note(&s->restarts, frame);
	else if (kind == SENT_NEW &&
		 s->loss.sb.nxt + s->loss.sb.mss > s->loss.wnd_end)
		transfer_note(&s->full_windows, frame);
}

/* Nothing was in flight since then.  Told only now that data is sent: before
   it was not known how long that would last. */
static void
tell_pause(struct sender *s, struct analysis *an, enum side side,
	   nstime since, nstime now)
{
	nstime rto = (nstime)s->loss.rtt.rto * NS_PER_US;
	struct sample_row r;

	fill_sample(s, an, side, since, &r);
	r.phase = now - since > rto ? "idle" : "application_limited";
	emit(s, an, &r, since);
}

static void
tell_idle(struct sender *s, struct analysis *an, enum side side, nstime now)
{
	nstime rto = (nstime)s->loss.rtt.rto * NS_PER_US;

	if (!s->loss.data_segs || s->loss.sb.out || now - s->last_ts <= rto)
		return;
	settle(s);
	if (s->cause != LIMIT_APPLICATION)
		return;
	tell_pause(s, an, side, s->last_ts, now);
	limit_charge(&s->limit, an, side, &s->loss, s->cause, false, now);
}

/* Before the first data there was the handshake, and perhaps a pause. */
static void
tell_handshake(struct sender *s, struct analysis *an, enum side side,
	       nstime now)
{
	const struct round_trips *t = an->rtt;
	struct sample_row r = {
		.conn = an->conn->handle,
		.side = side,
		.snd_nxt = 1,
		.flight = 1,
		.rwnd = ROW_NULL,
		.cwnd = ROW_NULL,
		.cwnd_low = ROW_NULL,
		.cwnd_high = ROW_NULL,
		.ssthresh = ROW_NULL,
		.srtt_ns = ROW_NULL,
		.phase = "handshake",
		.limit_cause = limit_word(LIMIT_HANDSHAKE),
	};

	if (!t->established || !t->syn || t->established <= t->syn)
		return;
	s->cause = LIMIT_HANDSHAKE;
	limit_charge(&s->limit, an, side, &s->loss, s->cause, false, t->syn);
	emit(s, an, &r, side == SIDE_CLIENT ? t->syn : t->synack);
	limit_charge(&s->limit, an, side, &s->loss, s->cause, false,
		     t->established);
	settle(s);
	if (now - t->established > NS_PER_MS)
		tell_pause(s, an, side, t->established, now);
}

/* Data that passes, or passed when there was no model. */
struct data_seen {
	nstime ts;
	uint64_t seq, end;
	uint32_t tsval, tsecr, ack;
	bool has_ts;
	bool fin;		/* nothing but a FIN */
	uint64_t frame;		/* 0: not known any more */
};

static enum sent_kind
model_data(struct sender *s, struct analysis *an, enum side side,
	   const struct data_seen *p)
{
	struct data_out d = {
		.t = (uint64_t)(p->ts - s->base) / 1000,
		.seq = p->seq,
		.end = p->end,
		.tsval = p->tsval,
		.has_ts = p->has_ts,
		.fin = p->fin,
	};
	enum sent_kind kind;

	tell_idle(s, an, side, p->ts);
	if (s->loss.late && !s->loss.placed)
		place_late(s, an, side);
	if (s->loss.causal) {
		struct view_data v = { d.t, d.end, d.has_ts, d.tsval,
				       p->tsecr, p->ack, s->loss.sack_ok };

		view_catch_up(s, an, side, p->ts, &v);
		d.t = view_sent_at(&s->view, &s->loss, &v);
	}
	if (d.seq > s->loss.sb.nxt)
		fill_hole(s, d.t, d.seq);
	d.waiting = s->view.n > 0;
	settle(s);
	if (p->fin)
		s->fin_seq = d.seq;
	else if (s->cause == LIMIT_APPLICATION)
		limit_app_sends(&s->limit, &s->loss, d.t);
	kind = loss_data(&s->loss, &d);
	note_frames(s, kind, p->frame);
	put_sample(s, an, side, p->ts);
	return kind;
}

/* An ACK for what this side sent passes; its segment ends at end. */
static void
model_ack(struct sender *s, struct analysis *an, enum side side,
	  const struct ack_in *a, nstime ts, uint64_t end, uint32_t tsval)
{
	if (!s->loss.causal) {
		apply_ack(s, a);
		put_sample(s, an, side, ts);
		return;
	}
	while (view_arrived(&s->view, a->t))
		view_apply_alone(s, an, side, ts);
	while (!view_push(&s->view, an->blocks, a, end, tsval)) {
		if (!s->view.n)
			return;
		view_apply_alone(s, an, side, ts);
	}
}

/* The last segment of the quiet, its FIN, and their ACK. */
static void
replay(struct sender *s, struct analysis *an, enum side side,
       const struct quiet *q, uint64_t seq)
{
	const struct half *peer = &an->conn->half[!side];
	struct data_seen p = {
		.ts = q->sent,
		.seq = seq,
		.end = seq + q->len,
		.tsval = q->tsval,
		.tsecr = q->tsecr,
		.ack = q->ack,
		.has_ts = q->has_ts,
		.fin = q->only_fin,
	};
	struct ack_in a = {
		.t = (uint64_t)(quiet_until(q) - s->base) / 1000,
		.ack = seq + q->len + q->fin,
		.seq = peer->snd_nxt,
		.window = peer->rwnd,
		.tsecr = q->tsval,
		.has_ts = q->has_ts,
	};

	model_data(s, an, side, &p);
	if (q->fin) {
		p.ts += q->acked ? 0 : (nstime)q->after_us * 1000;
		p.seq = p.end++;
		p.fin = true;
		model_data(s, an, side, &p);
	}
	if (q->acked)
		model_ack(s, an, side, &a, quiet_until(q), peer->snd_nxt,
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
		tell_handshake(s, an, which, unsettled ? q->sent : now);
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
	kind = model_data(side->s, an, ev->side, &(struct data_seen){
		.ts = ev->packet->ts,
		.seq = ev->data,
		.end = ev->end,
		.tsval = ev->seg->tsval,
		.tsecr = ev->seg->tsecr,
		.ack = newest_got(ev->seg),
		.has_ts = ev->seg->options & TCP_OPT_TS,
		.fin = ev->seg->len == 0,
		.frame = ev->packet->number,
	});
	name_kind(an, kind);
	if (kind == SENT_NEW)
		learn_size(side->s, ev);
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
		a.window = WINDOW_UNKNOWN;
	a.t = (uint64_t)(ev->packet->ts - s->base) / 1000;
	model_ack(s, an, side, &a, ev->packet->ts, ev->end, ev->seg->tsval);
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
		.cc = best(s),
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

	while (s->view.n)
		view_apply_alone(s, an, which, an->conn->last);
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
			sender_free(&st->side[side], an);
	}
}

const struct analyzer sender_analyzer = {
	.name = "sender",
	.state_size = sizeof(struct sender_state),
	.segment = sender_segment,
	.close = sender_close,
};
