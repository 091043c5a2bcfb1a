/*
 * sender_view.c - ACKs wait until the sender had them.
 */
#include "analysis/sender_view.h"

#include <string.h>

#include "base/seq.h"

#define TICK_US 1000		/* of the time stamp clock: RFC 7323 s5.4 */
#define PAUSE_US 1500
#define LOOK_AHEAD 32
#define TWO_WAY_US 1000000
#define RELAX_US 100000	/* clocks drift, paths change: so often */
#define RELAX_BY_US 10

static enum block_kind
ring_kind(uint32_t cap)
{
	int kind = BLOCK_SENDER_ACKS;

	for (uint32_t n = VIEW_MIN; n < cap; n *= 2)
		kind++;
	return (enum block_kind)kind;
}

static struct view_ack *
at(const struct sender_view *v, uint32_t i)
{
	return &v->ring[(v->head + i) & (v->cap - 1)];
}

void
view_release(struct sender_view *v, struct blocks *blocks)
{
	if (v->ring)
		block_free(blocks, ring_kind(v->cap), v->ring);
	v->ring = NULL;
	v->cap = v->head = v->n = 0;
}

static bool
grow(struct sender_view *v, struct blocks *blocks)
{
	uint32_t cap = v->cap ? v->cap * 2 : VIEW_MIN;
	struct view_ack *ring;

	if (cap > VIEW_MAX)
		return false;
	ring = block_alloc(blocks, ring_kind(cap), cap * sizeof(*ring));
	if (!ring)
		return false;
	for (uint32_t i = 0; i < v->n; i++)
		ring[i] = *at(v, i);
	if (v->ring)
		block_free(blocks, ring_kind(v->cap), v->ring);
	v->ring = ring;
	v->cap = cap;
	v->head = 0;
	return true;
}

/*
 * Where there is no room the newest ACK of a tick may stand for the one before
 * it, which says less of the same: too early an ACK is worse than one less.
 */
static bool
join(struct sender_view *v, const struct ack_in *a, uint64_t end,
     uint32_t tsval)
{
	struct view_ack *w = at(v, v->n - 1);

	if (!v->n || w->first || w->tsval != tsval || w->n_sack ||
	    a->n_sack || w->has_data || a->has_data || w->ece || a->ece ||
	    (int32_t)((uint32_t)a->ack - w->ack) <= 0)
		return false;
	w->t = (uint32_t)a->t;
	w->ack = (uint32_t)a->ack;
	w->end = (uint32_t)end;
	w->window = a->window;
	w->tsecr = a->tsecr;
	return true;
}

bool
view_push(struct sender_view *v, struct blocks *blocks,
	  const struct ack_in *a, uint64_t end, uint32_t tsval)
{
	struct view_ack *w;

	if (v->n == v->cap && !grow(v, blocks))
		return join(v, a, end, tsval);
	w = at(v, v->n++);
	memset(w, 0, sizeof(*w));
	w->t = (uint32_t)a->t;
	w->ack = (uint32_t)a->ack;
	w->seq = (uint32_t)a->seq;
	w->end = (uint32_t)end;
	if (a->has_data)
		v->two_way = a->t;
	w->window = a->window;
	w->tsval = tsval;
	w->tsecr = a->tsecr;
	w->n_sack = a->n_sack;
	w->has_ts = a->has_ts;
	w->has_data = a->has_data;
	w->ece = a->ece;
	w->first = !v->any || tsval != v->last_tsval;
	for (int i = 0; i < a->n_sack; i++) {
		w->sack[i].start = (uint32_t)a->sack[i].start;
		w->sack[i].end = (uint32_t)a->sack[i].end;
	}
	v->any = true;
	v->last_tsval = tsval;
	v->told = false;
	return true;
}

static uint64_t
full_time(uint32_t t, uint64_t near)
{
	return near + (uint64_t)(int64_t)(int32_t)(t - (uint32_t)near);
}

bool
view_pop(struct sender_view *v, const struct loss *l, struct ack_in *a)
{
	const struct view_ack *w;

	if (!v->n)
		return false;
	w = at(v, 0);
	memset(a, 0, sizeof(*a));
	a->t = full_time(w->t, l->now);
	a->ack = seq_unwrap(w->ack, l->una);
	a->seq = seq_unwrap(w->seq, l->wl1 ? l->wl1
					   : UINT64_C(1) << 32);
	a->window = w->window;
	a->tsecr = w->tsecr;
	a->n_sack = w->n_sack;
	a->has_ts = w->has_ts;
	a->has_data = w->has_data;
	a->ece = w->ece;
	for (int i = 0; i < w->n_sack; i++) {
		a->sack[i].start = seq_unwrap(w->sack[i].start, a->ack);
		a->sack[i].end = seq_unwrap(w->sack[i].end, a->ack);
	}
	if (w->first) {
		v->echoed = w->tsval;
		v->echoed_at = (int64_t)a->t;
		v->echoed_known = true;
	}
	v->head = (v->head + 1) & (v->cap - 1);
	v->n--;
	return true;
}

void
view_add_lag(struct sender_view *v, uint32_t us)
{
	uint32_t n;

	if (!v->n_lags)
		v->shortest_lag = us;
	v->lag[v->n_lags++ % VIEW_LAGS] = us;
	n = v->n_lags < VIEW_LAGS ? v->n_lags : VIEW_LAGS;
	v->least_lag = v->most_lag = us;
	for (uint32_t i = 0; i < n; i++) {
		if (v->lag[i] < v->least_lag)
			v->least_lag = v->lag[i];
		if (v->lag[i] > v->most_lag)
			v->most_lag = v->lag[i];
	}
}

void
view_set_lag(struct sender_view *v, uint32_t us)
{
	if (us < v->shortest_lag)
		return;
	for (uint32_t i = 0; i < VIEW_LAGS; i++)
		v->lag[i] = us;
	v->n_lags += VIEW_LAGS;
	v->least_lag = v->most_lag = us;
}

uint32_t
view_lag(const struct sender_view *v)
{
	return v->least_lag;
}

/* How long after clock_tsval the sender's clock shows tsval, us. */
static int64_t
ticks(const struct sender_view *v, uint32_t tsval)
{
	return (int64_t)(int32_t)(tsval - v->clock_tsval) * TICK_US;
}

static bool
clock_is_sharp(const struct sender_view *v)
{
	return v->clock_known && v->clock_hi - v->clock_lo < 4 * TICK_US;
}

/* Did this ACK reach the sender by the tick of its clock that data bears?
   1: yes, -1: no, 0: within that tick, or not known. */
static int
by_clock(const struct sender_view *v, const struct loss *l,
	 const struct view_ack *w, const struct data_out *d)
{
	int64_t t = (int64_t)full_time(w->t, l->now);

	if (!v->clock_known || !d->has_ts)
		return 0;
	t -= ticks(v, d->tsval);
	if (t <= v->clock_lo)
		return 1;
	return t > v->clock_hi + TICK_US ? -1 : 0;
}

/* Has the peer data in flight?  Then what is echoed may be older than what
   was got. */
static bool
is_two_way(const struct sender_view *v, uint64_t t)
{
	return v->two_way && t - v->two_way < TWO_WAY_US;
}

/* Had its sender got the first ACK, by the peer's data that a segment
   acknowledges?  1: yes, -1: no, 0: it does not tell. */
static int
by_ack(const struct sender_view *v, uint32_t got, bool all)
{
	for (uint32_t i = 0; i < v->n && i < LOOK_AHEAD; i++) {
		if (!at(v, i)->has_data)
			continue;
		if ((int32_t)(at(v, i)->end - got) <= 0)
			return 1;
		return i == 0 && all ? -1 : 0;
	}
	return 0;
}

bool
view_told(const struct sender_view *v, uint64_t t, uint32_t got)
{
	return v->n && is_two_way(v, t) && by_ack(v, got, false) > 0;
}

void
view_passed(struct sender_view *v, uint32_t acked)
{
	v->acked = acked;
}

/* Would its sender have echoed it?  Not what begins behind all that it had
   acknowledged so far (RFC 7323 s4.3). */
static bool
is_echoed(const struct sender_view *v, const struct view_ack *w, bool two_way)
{
	return !two_way || (int32_t)(w->seq - v->acked) <= 0;
}

/* A short segment behind another: that was acknowledged first (RFC 9293
   s3.7.4, and Minshall's change of it). */
static bool
waited_small(const struct loss *l, const struct data_out *d)
{
	return l->small_end > l->una && d->end > l->sb.nxt &&
	       (d->end - l->sb.nxt) % l->sb.mss;
}

bool
view_due(struct sender_view *v, const struct loss *l,
	 const struct data_out *d, enum view_reason reason)
{
	const struct view_ack *w;
	uint32_t age;
	bool two_way;
	int told;

	if (!v->n)
		return false;
	w = at(v, 0);
	age = (uint32_t)d->t - w->t;
	two_way = is_two_way(v, d->t);
	told = two_way ? by_ack(v, d->ack, d->ack_all) : 0;
	if (told > 0 && w->has_data && w->end == d->ack)
		view_add_lag(v, age);	/* the newest that it had got */
	if (told)
		return told > 0;
	if (d->has_ts && w->has_ts) {
		int32_t newer = (int32_t)(w->tsval - d->tsecr);

		if (newer > 0 && is_echoed(v, w, two_way))
			return false;
		if (newer < 0)
			return true;
		if (newer == 0 && w->first) {
			if (!two_way)
				view_add_lag(v, age);
			return true;
		}
	}
	told = by_clock(v, l, w, d);
	if (told)
		return told > 0;
	if (d->has_ts && !clock_is_sharp(v) &&
	    age >= v->most_lag + v->most_lag / 8 + 1000)
		return true;
	if (reason == VIEW_NOT_LOST && age + 200 >= v->shortest_lag)
		return true;
	if (reason != VIEW_ROOM && d->has_ts)
		return age + 200 >= view_lag(v) * 7 / 8;
	if (reason != VIEW_ROOM) {
		if (age + 200 < v->shortest_lag)
			return false;
		view_add_lag(v, age);
		return true;
	}
	if (!d->has_ts)
		return age > v->most_lag + loss_srtt(l) / 2 + PAUSE_US;
	/* Its application was the limit: it met no queue of its own. */
	return v->clock_known && d->t - v->last_data > PAUSE_US &&
	       age >= view_lag(v) + (waited_small(l, d) ? 0
						: view_lag(v) / 256);
}

bool
view_at_tick(const struct sender_view *v, const struct data_out *d)
{
	return v->n && d->has_ts && at(v, 0)->has_ts && at(v, 0)->first &&
	       at(v, 0)->tsval == d->tsecr;
}

bool
view_arrived(const struct sender_view *v, uint64_t t)
{
	uint32_t lag = v->most_lag;

	return v->n && (uint32_t)t - at(v, 0)->t > lag + lag / 2 + 20000;
}

/* When the first ACK passed that bears a newer time stamp than tsecr. */
static bool
newer_ack(const struct sender_view *v, const struct loss *l, uint32_t tsecr,
	  int64_t *t)
{
	for (uint32_t i = 0; i < v->n && i < LOOK_AHEAD; i++) {
		const struct view_ack *w = at(v, i);

		if (!w->has_ts || (int32_t)(w->tsval - tsecr) <= 0)
			continue;
		*t = (int64_t)full_time(w->t, l->now);
		return true;
	}
	return false;
}

/* The same as data before it, and no ACK has passed since. */
static bool
is_told(const struct sender_view *v, const struct data_out *d)
{
	return v->told && d->tsval == v->told_tsval &&
	       d->tsecr == v->told_tsecr;
}

/*
 * What data tells of its sender's clock: it was sent after the first ACK that
 * bears what it echoes, which reached the sender at after, and before the
 * next newer one.
 */
static void
set_clock(struct sender_view *v, const struct loss *l, int64_t after,
	  const struct data_out *d)
{
	int64_t newer, lo, hi;

	if (is_told(v, d))
		return;
	v->told = true;
	v->told_tsval = d->tsval;
	v->told_tsecr = d->tsecr;
	if (!v->clock_known) {
		v->clock_tsval = d->tsval;
		v->clock_lo = after - TICK_US;
		v->clock_hi = INT64_MAX / 2;
		v->clock_known = true;
		v->relaxed = l->now;
	}
	if (l->now - v->relaxed > RELAX_US) {
		v->relaxed = l->now;
		v->clock_lo -= RELAX_BY_US;
		v->clock_hi += RELAX_BY_US;
	}
	lo = after - ticks(v, d->tsval) - TICK_US;
	if (lo > v->clock_lo)
		v->clock_lo = lo;
	if (is_two_way(v, d->t)) {
		v->clock_hi = INT64_MAX / 2;
	} else if (newer_ack(v, l, d->tsecr, &newer)) {
		hi = newer - ticks(v, d->tsval);
		if (hi < v->clock_hi)
			v->clock_hi = hi;
	}
	if (v->clock_lo > v->clock_hi)	/* the path's jitter */
		v->clock_lo = v->clock_hi = (v->clock_lo + v->clock_hi) / 2;
}

/* It left at once when the ACK came that made room: in the tick that it
   bears.  That the model had no room is not sure enough to tell the order. */
static void
set_at_once(struct sender_view *v, const struct loss *l,
	    const struct data_out *d)
{
	int64_t hi = (int64_t)l->now - ticks(v, d->tsval);

	if (!v->at_once_known || hi < v->at_once)
		v->at_once = hi;
	else
		v->at_once += (hi - v->at_once) / 64;
	v->at_once_known = true;
}

/* By the sender's clock.  What a pacer holds back leaves at any time of the
   tick, and before the next ACK. */
static uint64_t
sent_by_clock(const struct sender_view *v, const struct loss *l,
	      const struct data_out *d)
{
	int64_t begin = (v->clock_lo + v->clock_hi) / 2;
	int64_t now = (int64_t)l->now, end, next;

	if (v->at_once_known && v->at_once < begin)
		begin = v->at_once > v->clock_lo ? v->at_once : v->clock_lo;
	begin += ticks(v, d->tsval);
	end = begin + TICK_US;
	if (!l->by_model)
		return begin > now ? (uint64_t)begin + TICK_US / 2 : l->now;
	if (v->n) {
		next = (int64_t)full_time(at(v, 0)->t, l->now);
		if (next < end)
			end = next;
	}
	if (begin < now)
		begin = now;
	return end > begin ? (uint64_t)(begin + end) / 2 : l->now;
}

uint64_t
view_sent_at(struct sender_view *v, const struct loss *l,
	     const struct data_out *d, bool let_go)
{
	uint64_t sent = d->t - view_lag(v), next;

	if (is_told(v, d) && clock_is_sharp(v) && !let_go && !l->by_model) {
		v->last_data = d->t;	/* nearly always: of one burst */
		return l->now;
	}
	if (d->has_ts && v->echoed == d->tsecr && v->echoed_known)
		set_clock(v, l, v->echoed_at, d);
	if (d->has_ts && v->clock_known && let_go && !l->by_model)
		set_at_once(v, l, d);
	if (d->has_ts && clock_is_sharp(v)) {
		sent = sent_by_clock(v, l, d);
	} else if (d->t - v->last_data < PAUSE_US) {
		/* Let go by an ACK, or together with the data before. */
		sent = l->now;
	}
	if (v->n) {
		next = full_time(at(v, 0)->t, l->now);
		if (sent > next)
			sent = next;
	}
	v->last_data = d->t;
	v->acked = d->acked;
	return sent > l->now ? sent : l->now;
}
