/*
 * sender.c - from the segments of a connection to the minds of its senders.
 *
 * Each direction that carries data has a model of its sender (loss.h), which
 * is given what that sender sent and received in the order in which it did.
 */
#include "analysis/sender.h"

#include <string.h>

#include "analysis/cc_identify.h"
#include "base/seq.h"

struct sender {
	struct loss loss;
	struct cc bank[N_CC];
	nstime base;
	struct sample_row last;
};

struct sender_side {
	struct sender *s;
};

struct sender_state {
	struct sender_side side[N_SIDES];
	nstime syn, synack, established;
	uint32_t handshake_us;
};

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
	if (cc->ops->phase)
		return cc->ops->phase(cc);
	return cc->cwnd < cc->ssthresh ? "slow_start"
				       : "congestion_avoidance";
}

static const struct cc *
best(const struct sender *s)
{
	return cc_best(&s->loss);
}

static void
put_sample(struct sender *s, struct analysis *an, enum side side, nstime ts)
{
	const struct loss *l = &s->loss;
	const struct cc *cc = best(s);
	uint64_t isn = an->conn->half[side].isn;
	struct sample_row r = {
		.conn = an->conn->handle,
		.side = side,
		.ts_ns = ts,
		.snd_una = (int64_t)(l->una - isn),
		.snd_nxt = (int64_t)(l->sb.nxt - isn),
		.flight = (int64_t)(l->sb.nxt - l->una),
		.rwnd = l->snd_wnd,
		.cwnd = (int64_t)cc->cwnd * l->sb.mss,
		.cwnd_low = ROW_NULL,
		.cwnd_high = ROW_NULL,
		.ssthresh = cc->ssthresh < CC_INFINITE ?
			    (int64_t)cc->ssthresh * l->sb.mss : ROW_NULL,
		.phase = phase_of(l, cc),
		.srtt_ns = l->rtt.srtt8 ? (int64_t)loss_srtt(l) * 1000
					: ROW_NULL,
	};

	s->last = r;
	row_put(an->sink, ROW_SAMPLE, &r);
}

static uint32_t
segment_size(const struct conn *c, enum side side)
{
	uint32_t mine = c->half[side].mss, theirs = c->half[!side].mss;
	uint32_t mss = !mine ? theirs : !theirs || mine < theirs ? mine
								 : theirs;

	if (!mss)
		mss = 1460;
	if (c->half[side].ts_ok && c->half[!side].ts_ok && mss > 100)
		mss -= 12;
	return mss;
}

static struct sender *
sender_begin(struct sender_state *st, struct analysis *an, enum side side,
	     uint64_t nxt)
{
	const struct conn *c = an->conn;
	struct sender *s = block_alloc(an->blocks, BLOCK_SENDER, sizeof(*s));

	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	s->base = c->first - NS_PER_MS;
	s->loss.cc = s->bank;
	s->loss.n_cc = N_CC;
	loss_init(&s->loss, an->blocks, segment_size(c, side), nxt);
	s->loss.sack_ok = c->half[0].sack_perm && c->half[1].sack_perm;
	if (!c->half[0].isn_known || !c->half[1].isn_known)
		s->loss.sack_ok = true;
	s->loss.ecn_ok = c->half[0].ecn_setup && c->half[1].ecn_setup;
	s->loss.snd_wnd = s->loss.max_window = c->half[!side].rwnd;
	s->loss.wnd_end = nxt + s->loss.snd_wnd;
	if (st->established)
		loss_handshake(&s->loss, st->handshake_us,
			       (uint64_t)(st->established - s->base) / 1000);
	return s;
}

static void
sender_data(struct sender_state *st, struct analysis *an,
	    const struct seg_event *ev)
{
	struct sender_side *side = &st->side[ev->side];
	struct data_out d = {
		.seq = ev->data,
		.end = ev->end,
		.tsval = ev->seg->tsval,
		.has_ts = ev->seg->options & TCP_OPT_TS,
	};
	static const uint8_t kind_of[] = {
		[SENT_NEW] = SEG_NEW,
		[SENT_NEW_TLP] = SEG_NEW,
		[SENT_RTX_TIMEOUT] = SEG_RTX_TIMEOUT,
		[SENT_RTX_FAST] = SEG_RTX_FAST,
		[SENT_RTX_RECOVERY] = SEG_RTX_RECOVERY,
		[SENT_RTX_TLP] = SEG_RTX_TLP,
		[SENT_RTX_NEEDLESS] = SEG_RTX_SPURIOUS,
	};
	enum sent_kind kind;

	if (an->kind == SEG_DUPLICATE || an->kind == SEG_KEEPALIVE ||
	    an->kind == SEG_WINDOW_PROBE || an->kind == SEG_OUT_OF_ORDER)
		return;
	if (!side->s)
		side->s = sender_begin(st, an, ev->side, ev->data);
	if (!side->s)
		return;
	d.t = (uint64_t)(ev->packet->ts - side->s->base) / 1000;
	kind = loss_data(&side->s->loss, &d);
	if (seg_is_retransmission(an->kind) && an->kind != SEG_RTX_SYN)
		an->kind = kind_of[kind] != SEG_NEW ? kind_of[kind]
						    : SEG_RTX_OTHER;
	put_sample(side->s, an, ev->side, ev->packet->ts);
}

static void
sender_ack(struct sender_state *st, struct analysis *an,
	   const struct seg_event *ev)
{
	enum side side = !ev->side;
	struct sender *s = st->side[side].s;
	const struct tcp_seg *seg = ev->seg;
	struct ack_in a = {
		.ack = ev->ack,
		.seq = ev->seq,
		.window = ev->window,
		.tsecr = seg->tsecr,
		.has_ts = seg->options & TCP_OPT_TS,
		.has_data = ev->end > ev->data,
		.ece = seg->flags & TCP_ECE,
	};

	if (!s)
		return;
	if (seg->options & TCP_OPT_SACK) {
		a.n_sack = seg->n_sack;
		for (int i = 0; i < a.n_sack; i++) {
			a.sack[i].start = seq_unwrap(seg->sack[i].start,
						     ev->ack);
			a.sack[i].end = seq_unwrap(seg->sack[i].end, ev->ack);
		}
	}
	a.t = (uint64_t)(ev->packet->ts - s->base) / 1000;
	loss_ack(&s->loss, &a);
	put_sample(s, an, side, ev->packet->ts);
}

static void
handshake(struct sender_state *st, const struct seg_event *ev)
{
	uint16_t flags = ev->seg->flags;
	nstime now = ev->packet->ts;

	if (flags & TCP_SYN) {
		if (!(flags & TCP_ACK))
			st->syn = now;
		else
			st->synack = now;
	} else if (!st->established && st->synack) {
		st->established = now;
		st->handshake_us = (uint32_t)((now - (st->syn ? st->syn
						      : st->synack)) / 1000);
	}
}

static void
sender_segment(void *state, struct analysis *an, const struct seg_event *ev)
{
	struct sender_state *st = state;

	if (!st->established)
		handshake(st, ev);
	if (ev->seg->flags & (TCP_SYN | TCP_RST))
		return;
	if (ev->seg->flags & TCP_ACK)
		sender_ack(st, an, ev);
	if (ev->end > ev->data)
		sender_data(st, an, ev);
}

static void
sender_close(void *state, struct analysis *an, struct connection_row *row,
	     struct endpoint_row end[N_SIDES])
{
	struct sender_state *st = state;

	(void)row;
	for (int side = 0; side < N_SIDES; side++) {
		struct sender *s = st->side[side].s;
		struct cc_verdict verdict;

		if (!s)
			continue;
		verdict = cc_identify(&s->loss);
		end[side].congestion_control = verdict.name;
		if (verdict.name)
			end[side].congestion_control_confidence =
				verdict.confidence;
		loss_release(&s->loss);
		block_free(an->blocks, BLOCK_SENDER, s);
		st->side[side].s = NULL;
	}
}

const struct analyzer sender_analyzer = {
	.name = "sender",
	.state_size = sizeof(struct sender_state),
	.segment = sender_segment,
	.close = sender_close,
};
