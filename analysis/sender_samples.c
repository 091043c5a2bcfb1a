/*
 * sender_samples.c - when a sample is worth a row, and what is in it.
 */
#include "analysis/sender_samples.h"

#include "analysis/estimate.h"

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
	if (cc->ssthresh >= CC_INFINITE || !l->anchored ||
	    cc->ops->model_free || cc->late_exit)
		return false;
	/* The order was guessed by its own window. */
	if (l->causal && !l->has_tsval && !cc->n_met)
		return false;
	return !l->causal || (!cc->ops->model_based && cc->score > .6);
}

void
sender_fill_sample(const struct sender *s, const struct analysis *an,
		   enum side side, nstime ts, struct sample_row *r)
{
	const struct loss *l = &s->loss;
	const struct cc *cc = sender_best(s);
	const struct estimate e = estimate_cwnd(l, cc);
	uint64_t isn = an->conn->half[side].isn;

	*r = (struct sample_row){
		.conn = an->conn->handle,
		.side = side,
		.ts_ns = ts,
		.snd_una = (int64_t)(l->una - isn),
		.snd_nxt = (int64_t)(l->sb.nxt - isn),
		.flight = (int64_t)(l->sb.nxt - l->una),
		.rwnd = l->snd_wnd == SENDER_WINDOW_UNKNOWN ? ROW_NULL
							    : l->snd_wnd,
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
void
sender_settle(struct sender *s)
{
	s->cause = limit_now(&s->loss, sender_best(s));
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

void
sender_emit(struct sender *s, struct analysis *an, struct sample_row *r,
	    nstime ts)
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
	const struct cc *cc = sender_best(s);
	struct sample_gist now = {
		.cc = cc,
		.windows = (uint64_t)cc->cwnd << 32 | cc->ssthresh,
		.state = (uint32_t)l->ca_state << 16 |
			 (uint32_t)s->limit.cause << 8 |
			 (l->sb.out > 0) << 3 | (l->snd_wnd < l->sb.mss) << 2 |
			 cc->limited << 1 | l->anchored,
	};
	bool same = s->gist.cc == now.cc && s->gist.windows == now.windows &&
		    s->gist.state == now.state;

	s->gist = now;
	return same && !an->options->all_samples &&
	       !sample_thin_due(&s->thin, ts);
}

void
sender_put_sample(struct sender *s, struct analysis *an, enum side side,
		  nstime ts)
{
	struct sample_row r;

	if (is_dull(s, an, ts)) {
		charge(s, an, side, ts);
		return;
	}
	sender_fill_sample(s, an, side, ts, &r);
	sender_emit(s, an, &r, ts);
}

void
sender_tell_hole(struct sender *s, struct analysis *an, enum side side,
		 uint64_t bytes)
{
	struct sample_row r;

	sender_fill_sample(s, an, side, s->last_ts, &r);
	if (r.cwnd_class != estimate_word(ESTIMATE_MEASURED))
		return;
	r.cwnd_class = estimate_word(ESTIMATE_BOUNDED);
	r.cwnd_low /= 2;
	r.cwnd_high += (int64_t)bytes;
	sender_emit(s, an, &r, s->last_ts);
}

/* Nothing was in flight since then.  Told only now that data is sent: before
   it was not known how long that would last. */
static void
tell_pause(struct sender *s, struct analysis *an, enum side side,
	   nstime since, nstime now)
{
	nstime rto = (nstime)s->loss.rtt.rto * NS_PER_US;
	struct sample_row r;

	sender_fill_sample(s, an, side, since, &r);
	r.phase = now - since > rto ? "idle" : "application_limited";
	sender_emit(s, an, &r, since);
}

void
sender_tell_idle(struct sender *s, struct analysis *an, enum side side,
		 nstime now)
{
	nstime rto = (nstime)s->loss.rtt.rto * NS_PER_US;

	if (!s->loss.data_segs || s->loss.sb.out || now - s->last_ts <= rto)
		return;
	sender_settle(s);
	if (s->cause != LIMIT_APPLICATION)
		return;
	tell_pause(s, an, side, s->last_ts, now);
	limit_charge(&s->limit, an, side, &s->loss, s->cause, false, now);
}

/* Before the first data there was the handshake, and perhaps a pause. */
void
sender_tell_handshake(struct sender *s, struct analysis *an, enum side side,
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
	sender_emit(s, an, &r, side == SIDE_CLIENT ? t->syn : t->synack);
	limit_charge(&s->limit, an, side, &s->loss, s->cause, false,
		     t->established);
	sender_settle(s);
	if (now - t->established > NS_PER_MS)
		tell_pause(s, an, side, t->established, now);
}
