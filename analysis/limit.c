/*
 * limit.c - the tests in the kernel's order, and the spans.
 */
#include "analysis/limit.h"

/* Shorter than that is a burst on its way, not a cause. */
#define SPAN_MIN (1 * NS_PER_MS)
#define PAUSE_US 10000
#define APP_WAIT_US 1000
#define RELEASED_US 1000
#define SLOT (250 * NS_PER_MS)
#define SLOT_ROUNDS 4

const char *
limit_word(enum limit_cause cause)
{
	static const char *const word[N_LIMIT_CAUSES] = {
		[LIMIT_APPLICATION] = "application",
		[LIMIT_RECEIVE_WINDOW] = "receive_window",
		[LIMIT_CONGESTION_WINDOW] = "congestion_window",
		[LIMIT_BOTTLENECK] = "bottleneck",
		[LIMIT_PACING] = "pacing",
		[LIMIT_RECOVERY] = "recovery",
		[LIMIT_HANDSHAKE] = "handshake",
		[LIMIT_NAGLE] = "nagle_delayed_ack",
		[LIMIT_IDLE] = "idle",
	};

	return word[cause];
}

/* A queue stands in the path: the round trip is well above its minimum. */
static bool
queue_stands(const struct loss *l)
{
	uint32_t min = loss_min_rtt(l), more = min / 4;

	return loss_srtt(l) > min + (more > 5000 ? more : 5000);
}

static bool
receiver_forbids(const struct loss *l, const struct cc *cc)
{
	uint64_t burst;

	/* By far the most often; the burst is dear to reckon. */
	if (l->sb.nxt + l->snd_wnd / 3 + l->sb.mss <= l->wnd_end)
		return false;
	burst = cc_tso_segs(cc, l);
	/* Not more than a third of the window is waited for. */
	if (burst > l->snd_wnd / l->sb.mss / 3)
		burst = l->snd_wnd / l->sb.mss / 3;
	if (burst < 1)
		burst = 1;
	return l->sb.nxt + burst * l->sb.mss > l->wnd_end;
}

enum limit_cause
limit_now(const struct loss *l, const struct cc *cc)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);
	bool full = (uint64_t)pipe * 10 >= (uint64_t)cc->cwnd * 9;

	if (pipe < cc->cwnd && receiver_forbids(l, cc))
		return LIMIT_RECEIVE_WINDOW;
	if (l->ca_state == CA_LOSS)
		return LIMIT_RECOVERY;
	if (cc->ops->model_based) {
		if (full)
			return LIMIT_BOTTLENECK;
		if (!l->sb.out || l->now - l->last_send > PAUSE_US +
		    loss_min_rtt(l) / 4)
			return LIMIT_APPLICATION;
		return cc->ssthresh < CC_INFINITE ? LIMIT_BOTTLENECK
						  : LIMIT_PACING;
	}
	if (l->ca_state == CA_RECOVERY)
		return LIMIT_RECOVERY;
	if (full)
		return queue_stands(l) ? LIMIT_BOTTLENECK
				       : LIMIT_CONGESTION_WINDOW;
	return LIMIT_APPLICATION;
}

static void
put(struct limit *m, struct analysis *an, enum side side)
{
	struct limit_span_row r = {
		.conn = an->conn->handle,
		.side = side,
		.start_ns = m->since,
		.end_ns = m->until,
		.cause = limit_word(m->cause),
		.confidence = .8,
	};

	if (!r.cause || m->until <= m->since)
		return;
	row_put(an->sink, ROW_LIMIT_SPAN, &r);
	m->n_spans++;
}

static void
begin_span(struct limit *m, enum limit_cause cause, nstime since)
{
	m->since = since;
	m->cause = (uint8_t)cause;
	m->next = LIMIT_UNKNOWN;
}

/* Nothing in flight for longer than the time-out: a pause, after which the
   window is no more what it was (RFC 2861). */
static bool
is_idle(const struct loss *l, enum limit_cause cause, bool busy, nstime spent)
{
	nstime rto = (nstime)l->rtt.rto * NS_PER_US;

	return cause == LIMIT_APPLICATION && !busy &&
	       spent > (rto > LIMIT_IDLE_MIN ? rto : LIMIT_IDLE_MIN);
}

static void
end_slot(struct full_path *f)
{
	double rate = f->slot_bytes * 1e9 / (double)f->slot;

	if (f->slot_full >= f->slot / 5 * 3) {
		f->bytes += f->slot_bytes;
		f->time += f->slot;
		if (!f->n_slots || rate < f->least)
			f->least = rate;
		if (rate > f->most)
			f->most = rate;
		f->n_slots++;
	}
	f->slot = f->slot_full = 0;
	f->slot_bytes = 0;
}

/* What was lost, or waited for, comes in one lump in the end: no slot. */
static bool
breaks_slot(enum limit_cause cause)
{
	return cause == LIMIT_RECOVERY || cause == LIMIT_RECEIVE_WINDOW ||
	       cause == LIMIT_IDLE || cause == LIMIT_HANDSHAKE;
}

static void
add_full(struct full_path *f, const struct loss *l, enum limit_cause cause,
	 nstime spent)
{
	uint32_t delivered = l->delivered - f->delivered;

	f->delivered = l->delivered;
	if (breaks_slot(cause)) {
		f->slot = f->slot_full = 0;
		f->slot_bytes = 0;
		return;
	}
	f->slot_bytes += (double)delivered * l->sb.mss;
	f->slot += spent;
	if (cause == LIMIT_BOTTLENECK)
		f->slot_full += spent;
	if (f->slot >= SLOT &&
	    f->slot >= SLOT_ROUNDS * (nstime)loss_srtt(l) * NS_PER_US)
		end_slot(f);
}

static void
add(struct limit *m, const struct loss *l, enum limit_cause cause, bool busy,
    nstime spent)
{
	m->total[cause] += spent;
	add_full(&m->full, l, cause, spent);
	if (cause == LIMIT_BOTTLENECK)
		m->queue_us += ((double)loss_srtt(l) - loss_min_rtt(l)) *
			       (double)spent;
	/* Behind a loss it shuts as well, but a probe is none. */
	if (cause == LIMIT_RECEIVE_WINDOW &&
	    (l->ca_state < CA_RECOVERY || l->snd_wnd < l->sb.mss)) {
		m->window += (double)l->snd_wnd * (double)spent;
		m->window_most += (double)l->max_window * (double)spent;
	}
	if (busy || cause == LIMIT_RECEIVE_WINDOW) {
		m->busy += spent;
		m->while_busy[cause] += spent;
	}
}

void
limit_charge(struct limit *m, struct analysis *an, enum side side,
	     const struct loss *l, enum limit_cause cause, bool busy,
	     nstime ts)
{
	nstime spent = ts - m->until;

	if (m->until == 0) {
		m->until = ts;
		begin_span(m, cause, ts);
		return;
	}
	if (spent <= 0)
		return;
	if (is_idle(l, cause, busy, spent))
		cause = LIMIT_IDLE;
	add(m, l, cause, busy, spent);
	if (cause == m->cause) {
		m->next = LIMIT_UNKNOWN;
	} else if (cause != m->next) {
		m->next = (uint8_t)cause;
		m->next_since = m->until;
	}
	if (m->next != LIMIT_UNKNOWN && ts - m->next_since >= SPAN_MIN) {
		m->until = m->next_since;
		put(m, an, side);
		begin_span(m, m->next, m->next_since);
	}
	m->until = ts;
}

void
limit_was_delayed_ack(struct limit *m, struct analysis *an, enum side side,
		      nstime since)
{
	nstime now = m->until, waited;

	if (m->cause != LIMIT_APPLICATION || now <= m->since)
		return;
	if (since > m->since) {
		m->until = since;
		put(m, an, side);
	} else {
		since = m->since;
	}
	waited = now - since;
	m->total[LIMIT_APPLICATION] -= waited;
	m->while_busy[LIMIT_APPLICATION] -= waited;
	m->total[LIMIT_NAGLE] += waited;
	m->while_busy[LIMIT_NAGLE] += waited;
	begin_span(m, LIMIT_NAGLE, since);
	m->until = now;
}

void
limit_app_sends(struct limit *m, const struct loss *l, uint64_t now_us)
{
	uint64_t flight = l->sb.nxt - l->una;
	int64_t waited = (int64_t)(now_us - l->last_send);

	if (waited < APP_WAIT_US)
		return;
	m->app_sends++;
	if (!l->sb.out) {
		m->app_pauses++;
		return;
	}
	m->app_wait += waited * NS_PER_US;
	if (waited * NS_PER_US > m->app_wait_most)
		m->app_wait_most = waited * NS_PER_US;
	if (now_us - l->last_ack_t < RELEASED_US && l->last_ack_t !=
	    l->peer_data_t)
		m->app_wait_ack += waited * NS_PER_US;
	if (flight > m->app_flight)
		m->app_flight = flight;
}

void
limit_finish(struct limit *m, struct analysis *an, enum side side)
{
	put(m, an, side);
	m->since = m->until = 0;
}
