/*
 * loss_rtt.c - the sender's own estimate of its round trip, as Linux makes it.
 *
 * RFC 6298 with Linux's differences: the deviation falls slowly, its maximum
 * over a round trip counts, and it never counts for less than 200 ms, so that
 * RTO >= srtt + 200 ms.
 */
#include "analysis/loss.h"

#define RTO_MIN_US 200000
#define JIFFY_US 4000
#define MIN_RTT_WINDOW_MS 300000

static void
mdev_update(struct rtt *r, int64_t err)
{
	if (err < 0) {
		err = -err - (r->mdev4 >> 2);
		if (err > 0)
			err >>= 3;	/* falls at an eighth of the pace */
	} else {
		err -= r->mdev4 >> 2;
	}
	r->mdev4 = (uint32_t)(r->mdev4 + err);
}

static void
estimate(struct loss *l, uint32_t us)
{
	struct rtt *r = &l->rtt;
	int64_t err;

	if (r->srtt8 == 0) {
		r->srtt8 = us << 3;
		r->mdev4 = us << 1;
		r->rttvar = r->mdev4 > RTO_MIN_US ? r->mdev4 : RTO_MIN_US;
		r->mdev_max = r->rttvar;
		r->seq = l->sb.nxt;
		return;
	}
	err = (int64_t)us - (r->srtt8 >> 3);
	r->srtt8 = (uint32_t)(r->srtt8 + err);
	mdev_update(r, err);
	if (r->mdev4 > r->mdev_max) {
		r->mdev_max = r->mdev4;
		if (r->mdev_max > r->rttvar)
			r->rttvar = r->mdev_max;
	}
	if (l->una > r->seq) {
		if (r->mdev_max < r->rttvar)
			r->rttvar -= (r->rttvar - r->mdev_max) >> 2;
		r->seq = l->sb.nxt;
		r->mdev_max = RTO_MIN_US;
	}
}

void
loss_rtt_sample(struct loss *l, uint32_t us)
{
	struct rtt *r = &l->rtt;

	if (us > 120000000)
		us = 120000000;
	estimate(l, us);
	if (r->srtt8 == 0)
		r->srtt8 = 1;
	r->rto = (r->srtt8 >> 3) + r->rttvar;
	r->rto = (r->rto + JIFFY_US - 1) / JIFFY_US * JIFFY_US;
	l->backoff = 0;
}

static void
minmax_set(struct minmax *m, uint32_t t, uint32_t v)
{
	for (int i = 0; i < 3; i++) {
		m->s[i].t = t;
		m->s[i].v = v;
	}
}

/* The three best of the window's parts; forget what is older than it. */
static void
minmax_age(struct minmax *m, uint32_t t, uint32_t v)
{
	uint32_t age = t - m->s[0].t;

	if (age > MIN_RTT_WINDOW_MS) {
		m->s[0] = m->s[1];
		m->s[1] = m->s[2];
		m->s[2].t = t;
		m->s[2].v = v;
	} else if (m->s[1].t == m->s[0].t && age > MIN_RTT_WINDOW_MS / 4) {
		m->s[1].t = m->s[2].t = t;
		m->s[1].v = m->s[2].v = v;
	} else if (m->s[2].t == m->s[1].t && age > MIN_RTT_WINDOW_MS / 2) {
		m->s[2].t = t;
		m->s[2].v = v;
	}
}

void
loss_min_sample(struct loss *l, uint32_t us, bool maybe_delayed)
{
	struct minmax *m = &l->rtt.min;
	uint32_t t = (uint32_t)(l->now / 1000);

	if (maybe_delayed && m->s[0].v && us > m->s[0].v)
		return;
	if (us == 0)
		us = 1;
	if (m->s[0].v == 0 || us <= m->s[0].v ||
	    t - m->s[2].t > MIN_RTT_WINDOW_MS) {
		minmax_set(m, t, us);
		return;
	}
	if (us <= m->s[1].v) {
		m->s[1].t = m->s[2].t = t;
		m->s[1].v = m->s[2].v = us;
	} else if (us <= m->s[2].v) {
		m->s[2].t = t;
		m->s[2].v = us;
	}
	minmax_age(m, t, us);
}
