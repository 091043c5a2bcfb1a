/*
 * cc_cubic.c - CUBIC as Linux has it (RFC 9438 with HyStart).
 *
 * The window follows a cubic of the time since the last reduction, whose
 * plateau is where that happened; a sender slower than Reno would be follows
 * Reno instead.  Slow start ends when ACKs come as one train for half a round
 * trip, or the delay grows (HyStart).  Time is in jiffies of 4 ms whose phase
 * is the sender's: what remains is an error of a segment now and then.
 */
#include "analysis/cc.h"

#include <string.h>

#include "analysis/loss.h"

#define HZ 250
#define JIFFY_US 4000
#define BETA 717		/* of 1024 */
#define SCALE 1024
#define RENO_SCALE 15		/* 8 (1 + beta) / 3 / (1 - beta) */
#define CUBE_RTT_SCALE 410	/* 1024 * C, C = 0.4 */

#define HYSTART_LOW 16		/* segments */
#define HYSTART_TRAIN_US 2000	/* ACKs so close belong together */
#define HYSTART_SAMPLES 8
#define HYSTART_MIN_US 4000
#define HYSTART_MAX_US 16000
#define HYSTART_ACK_DELAY_US 1000

/* Segments that the exit may come later than here: by its clock. */
#define LATE_HERE 4
#define LATE_ELSEWHERE 16

struct cubic {
	uint32_t per;		/* segments acknowledged for one more */
	uint32_t last_max, last_cwnd, last_time;
	uint32_t origin, k;	/* k in 1/1024 s */
	uint32_t delay_min;	/* us */
	uint32_t epoch;		/* jiffies; 0: none */
	uint32_t acks;
	uint32_t reno_cwnd;
	/* HyStart. */
	uint64_t round_end;
	uint32_t round_start, last_ack, round_rtt;
	uint8_t samples;
	bool found;
	uint8_t late;		/* segments that the exit came too early by */
	uint64_t found_at;
};

static struct cubic *
cubic_of(struct cc *cc)
{
	return cc->state;
}

static uint32_t
jiffies(const struct loss *l)
{
	return (uint32_t)(l->now / JIFFY_US) + 1000;
}

static void
hystart_reset(struct cubic *q, const struct loss *l)
{
	q->round_start = q->last_ack = (uint32_t)l->now;
	q->round_end = l->sb.nxt;
	q->round_rtt = UINT32_MAX;
	q->samples = 0;
}

static void
cubic_init(struct cc *cc, const struct loss *l)
{
	struct cubic *q = cubic_of(cc);

	memset(q, 0, sizeof(*q));
	hystart_reset(q, l);
}

/* Cube root, to the nearest below: by Newton from above. */
static uint32_t
cube_root(uint64_t a)
{
	uint64_t x = 1, y;

	if (a == 0)
		return 0;
	while (x * x * x < a && x < 2000000)
		x *= 2;
	for (;;) {
		y = (2 * x + a / (x * x)) / 3;
		if (y >= x)
			return (uint32_t)x;
		x = y;
	}
}

static void
epoch_begin(struct cubic *q, uint32_t cwnd, uint32_t acked, uint32_t now)
{
	q->epoch = now;
	q->acks = acked;
	q->reno_cwnd = cwnd;
	if (q->last_max <= cwnd) {
		q->k = 0;
		q->origin = cwnd;
	} else {
		/* K = cbrt((Wmax - cwnd) / C), RFC 9438 s4.2 */
		q->k = cube_root(((UINT64_C(1) << 40) / CUBE_RTT_SCALE) *
				 (q->last_max - cwnd));
		q->origin = q->last_max;
	}
}

/* W(t) = C (t - K)^3 + Wmax, RFC 9438 figure 1. */
static uint32_t
cubic_target(const struct cubic *q, uint32_t now)
{
	uint64_t t = (uint32_t)(now - q->epoch), offs, delta;

	t += (q->delay_min + JIFFY_US - 1) / JIFFY_US;
	t = (t << 10) / HZ;
	offs = t < q->k ? q->k - t : t - q->k;
	if (offs > 1000000)
		offs = 1000000;
	delta = (CUBE_RTT_SCALE * offs * offs * offs) >> 40;
	if (t >= q->k)
		return (uint32_t)(q->origin + delta);
	return q->origin > delta ? (uint32_t)(q->origin - delta) : 0;
}

/* RFC 9438 s4.3: not slower than Reno. */
static void
reno_friendly(struct cubic *q, uint32_t cwnd)
{
	uint32_t delta = (cwnd * RENO_SCALE) >> 3, per;

	if (delta == 0)
		delta = 1;
	q->reno_cwnd += q->acks > delta ? (q->acks - 1) / delta : 0;
	q->acks -= q->acks > delta ? (q->acks - 1) / delta * delta : 0;
	if (q->reno_cwnd > cwnd) {
		per = cwnd / (q->reno_cwnd - cwnd);
		if (q->per > per)
			q->per = per;
	}
}

static void
cubic_update(struct cubic *q, uint32_t cwnd, uint32_t acked, uint32_t now)
{
	uint32_t target;

	q->acks += acked;
	if (q->last_cwnd == cwnd && (int32_t)(now - q->last_time) <= HZ / 32)
		return;
	if (!(q->epoch && now == q->last_time)) {
		q->last_cwnd = cwnd;
		q->last_time = now;
		if (!q->epoch)
			epoch_begin(q, cwnd, acked, now);
		target = cubic_target(q, now);
		q->per = target > cwnd ? cwnd / (target - cwnd) : 100 * cwnd;
		/* Before the first reduction: 5 % a round trip at least. */
		if (q->last_max == 0 && q->per > 20)
			q->per = 20;
	}
	reno_friendly(q, cwnd);
	if (q->per < 2)
		q->per = 2;
}

static void
cubic_cong_avoid(struct cc *cc, const struct loss *l, uint32_t acked)
{
	struct cubic *q = cubic_of(cc);

	if (cc->cwnd < cc->ssthresh) {
		acked = cc_slow_start(cc, acked);
		if (!acked)
			return;
	}
	cubic_update(q, cc->cwnd, acked, jiffies(l));
	cc_additive(cc, q->per, acked);
}

/* RFC 9438 s4.6, s4.7: multiplicative decrease, fast convergence. */
static uint32_t
cubic_ssthresh(struct cc *cc, const struct loss *l)
{
	struct cubic *q = cubic_of(cc);
	uint32_t down = (uint32_t)((uint64_t)cc->cwnd * BETA / SCALE);

	(void)l;
	q->epoch = 0;
	if (cc->cwnd < q->last_max)
		q->last_max = (uint32_t)((uint64_t)cc->cwnd * (SCALE + BETA) /
					 (2 * SCALE));
	else
		q->last_max = cc->cwnd;
	return down > 2 ? down : 2;
}

static void
leave_slow_start(struct cc *cc, struct cubic *q, const struct loss *l)
{
	q->found = true;
	q->found_at = l->now;
	cc->ssthresh = cc->cwnd;
}

/*
 * This round did not end it: what seemed a train had a gap there, or the delay
 * grew here only.  The next begins where it would have.
 */
static void
hystart_missed(struct cubic *q, const struct loss *l)
{
	q->last_ack = (uint32_t)l->now - HYSTART_TRAIN_US - 1;
	q->round_rtt = 0;
}

/*
 * Right after the exit from slow start more is in flight: the exit was later,
 * or is still to come.
 */
static bool
cubic_raised(struct cc *cc, const struct loss *l, uint32_t by)
{
	struct cubic *q = cubic_of(cc);

	if (!q->found || q->last_max || cc->ssthresh == CC_INFINITE ||
	    l->now - q->found_at > 3 * (uint64_t)loss_srtt(l) ||
	    cc->cwnd > 2 * cc->ssthresh)
		return false;
	q->late = (uint8_t)(q->late + by < 255 ? q->late + by : 255);
	q->epoch = 0;
	q->found_at = l->now;
	cc->ssthresh = cc->cwnd;
	if (q->late <= (l->causal ? LATE_ELSEWHERE : LATE_HERE))
		return true;
	q->late = 0;
	q->found = false;
	cc->ssthresh = CC_INFINITE;
	hystart_missed(q, l);
	return false;
}

/* The whole curve was off by that much. */
static void
cubic_moved(struct cc *cc, int32_t by)
{
	struct cubic *q = cubic_of(cc);

	if (q->epoch && (int32_t)q->origin + by > 0)
		q->origin = (uint32_t)((int32_t)q->origin + by);
	if (q->epoch && (int32_t)q->reno_cwnd + by > 0)
		q->reno_cwnd = (uint32_t)((int32_t)q->reno_cwnd + by);
}

static void
hystart(struct cc *cc, const struct loss *l, uint32_t rtt)
{
	struct cubic *q = cubic_of(cc);
	uint32_t now = (uint32_t)l->now, wait;

	if (l->una > q->round_end)
		hystart_reset(q, l);
	if (cc->cwnd < HYSTART_LOW)
		return;
	if ((int32_t)(now - q->last_ack) <= HYSTART_TRAIN_US) {
		q->last_ack = now;
		if ((int32_t)(now - q->round_start) >
		    (int32_t)((q->delay_min + HYSTART_ACK_DELAY_US) >> 1)) {
			leave_slow_start(cc, q, l);
		}
	}
	if (q->round_rtt > rtt)
		q->round_rtt = rtt;
	if (q->samples < HYSTART_SAMPLES) {
		q->samples++;
		return;
	}
	wait = q->delay_min >> 3;
	if (wait < HYSTART_MIN_US)
		wait = HYSTART_MIN_US;
	if (wait > HYSTART_MAX_US)
		wait = HYSTART_MAX_US;
	if (q->round_rtt > q->delay_min + wait) {
		leave_slow_start(cc, q, l);
	}
}

static void
cubic_acked(struct cc *cc, const struct loss *l, int64_t rtt)
{
	struct cubic *q = cubic_of(cc);

	if (q->found && l->una > q->round_end)
		hystart_reset(q, l);	/* the exit may prove wrong */
	if (q->epoch && (int32_t)(jiffies(l) - q->epoch) < HZ)
		return;		/* right after a reduction */
	if (rtt == 0)
		rtt = 1;
	if (q->delay_min == 0 || q->delay_min > rtt)
		q->delay_min = (uint32_t)rtt;
	if (!q->found && cc->cwnd < cc->ssthresh)
		hystart(cc, l, (uint32_t)rtt);
}

static void
cubic_set_state(struct cc *cc, const struct loss *l, int state)
{
	if (state == CA_LOSS)
		cubic_init(cc, l);
}

/* The clock of the cubic stood still while nothing was in flight. */
static void
cubic_tx_start(struct cc *cc, const struct loss *l, uint64_t idle)
{
	struct cubic *q = cubic_of(cc);
	uint32_t now = jiffies(l), delta = (uint32_t)(idle / JIFFY_US);

	if (q->epoch && delta) {
		q->epoch += delta;
		if ((int32_t)(q->epoch - now) > 0)
			q->epoch = now;
	}
}

const struct cc_ops cc_cubic = {
	.name = "cubic",
	.state_size = sizeof(struct cubic),
	.by_clock = true,
	.spread_segs = 1,
	.spread_share = .002,
	.init = cubic_init,
	.ssthresh = cubic_ssthresh,
	.cong_avoid = cubic_cong_avoid,
	.acked = cubic_acked,
	.set_state = cubic_set_state,
	.tx_start = cubic_tx_start,
	.raised = cubic_raised,
	.moved = cubic_moved,
};
