/*
 * quiet.c - one segment at a time.
 */
#include "analysis/quiet.h"

#include "analysis/cc.h"
#include "analysis/limit.h"

/* A window that holds less may be what limits. */
#define ROOM 4			/* segments */

uint32_t
quiet_segment_size(const struct conn *c, enum side side)
{
	uint32_t mine = c->half[side].mss, theirs = c->half[!side].mss;
	uint32_t mss = !mine ? theirs : !theirs || mine < theirs ? mine
								 : theirs;

	if (!mss)
		mss = 1460;
	if (c->half[side].ts_ok && mss > 100 &&
	    (c->half[!side].ts_ok || !c->half[side].isn_known))
		mss -= 12;
	return mss;
}

nstime
quiet_until(const struct quiet *q)
{
	return q->acked ? q->sent + (nstime)q->after_us * 1000 : q->sent;
}

bool
quiet_unsettled(const struct quiet *q, const struct analysis *an,
		enum side side, nstime now)
{
	if (q->len == 0 || !q->acked)
		return q->len > 0;
	/* That it waited for the ACK has to be told of both. */
	return an->delayed_ack > 0 ||
	       (an->vantage[side] != VANTAGE_HERE &&
		now - quiet_until(q) < an->rtt->loop[side] / 8 * 7);
}

void
quiet_take_back(struct quiet *q)
{
	nstime took = (nstime)q->after_us * 1000;

	q->data_segs = (uint8_t)(q->data_segs - 1 - q->fin);
	if (!q->acked)
		return;
	q->delivered -= 1u + q->fin;
	q->busy -= q->only_fin ? 0 : (float)took;
	q->app_limited -= (float)took;
}

static bool
has_room(const struct analysis *an, enum side side, uint32_t mss)
{
	const struct half *peer = &an->conn->half[!side];

	return peer->wscale_known && peer->rwnd >= ROOM * mss;
}

/* The last word right behind the last data. */
static bool
add_fin(struct quiet *q, const struct seg_event *ev)
{
	if (q->fin || ev->seg->len > 0 ||
	    (uint32_t)ev->data != q->seq + q->len)
		return false;
	q->fin = true;
	q->after_us = nstime_micros(ev->packet->ts - q->sent);
	q->data_segs++;
	return true;
}

/* As limit.c has it. */
static bool
is_idle(const struct analysis *an, enum side side, nstime spent)
{
	return spent > LIMIT_IDLE_MIN &&
	       spent > rtt_estimator_rto(&an->rtt->est[side]);
}

bool
quiet_data(struct quiet *q, const struct analysis *an,
	   const struct seg_event *ev)
{
	uint64_t len = ev->end - ev->data;
	uint32_t mss = quiet_segment_size(an->conn, ev->side);
	nstime from = q->sent ? quiet_until(q) : an->rtt->established;
	nstime now = ev->packet->ts;

	if (q->data_segs >= QUIET_SEGMENTS || q->cwnd > CC_INIT_CWND ||
	    an->options->all_samples || an->rtt->established == 0 ||
	    an->kind != SEG_NEW || an->opens_hole || len > mss ||
	    len > UINT16_MAX || !has_room(an, ev->side, mss))
		return false;
	if (q->len > 0 && !q->acked)
		return add_fin(q, ev);
	if (quiet_unsettled(q, an, ev->side, now))
		return false;
	if (now > from && !is_idle(an, ev->side, now - from))
		q->app_limited += (float)(now - from);
	q->sent = now;
	q->seq = (uint32_t)ev->data;
	q->len = (uint16_t)len;
	q->fin = q->acked = false;
	q->only_fin = ev->seg->len == 0;
	q->has_ts = ev->seg->options & TCP_OPT_TS;
	q->tsval = ev->seg->tsval;
	q->tsecr = ev->seg->tsecr;
	q->ack = ev->seg->ack;
	q->data_segs++;
	return true;
}

bool
quiet_ack(struct quiet *q, const struct analysis *an,
	  const struct seg_event *ev)
{
	const struct tcp_seg *seg = ev->seg;
	nstime took = ev->packet->ts - q->sent;
	uint32_t end = q->seq + q->len;

	if (q->len == 0 || q->acked)
		return true;
	if (seg->options & TCP_OPT_SACK || seg->flags & TCP_ECE)
		return false;
	if (seg->ack == q->seq && seg->len > 0)
		return true;	/* the two ends' data crossed */
	if (took < 0 || seg->ack != end + q->fin ||
	    !has_room(an, !ev->side, quiet_segment_size(an->conn, !ev->side)))
		return false;
	q->acked = true;
	q->ack_tsval = seg->tsval;
	q->delivered += 1u + q->fin;
	q->after_us = nstime_micros(took);
	q->busy += q->only_fin ? 0 : (float)took;
	q->app_limited += (float)took;
	return true;
}
