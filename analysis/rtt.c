/*
 * rtt.c - rings of unacknowledged segments and of time stamps to be echoed.
 */
#include <string.h>

#include "analysis/rtt.h"

/* A side earns its ring with so many data segments. */
#define RING_FROM 8

/* A sender's clock is believed when it ran that long, and may drift by one
   part in CLOCK_DRIFT. */
#define CLOCK_MIN_RUN (100 * NS_PER_MS)
#define CLOCK_DRIFT 20000

/* Loops as short as that are within a host. */
#define HOST_LOOP NS_PER_MS

/* And of those as short as that the least is as good as each. */
#define SHORT_LOOP (50 * NS_PER_US)

static rtt_time
time_of(const struct analysis *an, nstime ts)
{
	return (rtt_time)((uint64_t)(ts - an->conn->first) / RTT_TICK);
}

static nstime
time_between(rtt_time from, rtt_time to)
{
	int32_t ticks = (int32_t)(to - from);

	return (nstime)ticks * RTT_TICK;
}

static void
lower(nstime *least, nstime t)
{
	if (t > 0 && (*least == 0 || t < *least))
		*least = t;
}

static void
take_loop(struct rtt *r, enum side side, nstime t)
{
	nstime before = r->trips.loop[side];

	lower(&r->trips.loop[side], t);
	r->new_loop |= r->trips.loop[side] != before;
}

/* --- samples -------------------------------------------------------------- */

/* Four bins to an octave of microseconds: 19 % a bin. */
static unsigned
bin_of(nstime t)
{
	uint64_t us = (uint64_t)t / 1000;
	unsigned octave, quarter;

	if (us < 4)
		return (unsigned)us;
	octave = 63 - (unsigned)__builtin_clzll(us);
	quarter = (unsigned)(us >> (octave - 2)) & 3;
	octave = (octave - 1) * 4 + quarter;
	return octave < RTT_BINS ? octave : RTT_BINS - 1;
}

/* The middle of a bin. */
static nstime
bin_value(unsigned bin)
{
	unsigned octave = bin / 4 + 1, quarter = bin % 4;

	if (bin < 4)
		return (nstime)bin * 1000 + 500;
	return (nstime)((UINT64_C(8) + 2 * quarter + 1) << (octave - 2)) * 500;
}

static void
raise(nstime *max, nstime value)
{
	if (value > *max)
		*max = value;
}

/* srtt takes the oldest segment's time, the minimum the newest's. */
static void
take_sample(struct rtt *r, const struct analysis *an, enum side side,
	    nstime oldest, nstime newest)
{
	struct rtt_half *h = &r->half[side];
	const struct half *me = &an->conn->half[side];

	if (oldest <= 0 || newest <= 0)
		return;	/* the clock of a capture may step back */
	rtt_estimator_sample(&r->trips.est[side], oldest, me->snd_una,
			     me->snd_nxt);
	lower(&r->trips.min[side], newest);
	raise(&h->max, oldest);
	raise(&h->max, newest);	/* the greater where the clock stepped */
	h->samples++;
	if (h->ring)
		h->ring->bin[bin_of(oldest)]++;
}

/* --- the handshake -------------------------------------------------------- */

/* The first segment behind it: both ends' first round trip. */
static void
end_handshake(struct rtt *r, const struct analysis *an,
	      const struct seg_event *ev)
{
	struct round_trips *t = &r->trips;
	nstime now = ev->packet->ts;

	t->established = now;
	if (ev->side != SIDE_CLIENT || !t->syn || !t->synack || r->syn_again)
		return;
	take_loop(r, SIDE_CLIENT, now - t->synack);
	t->handshake = now - t->syn;
	for (int s = 0; s < N_SIDES; s++)
		take_sample(r, an, (enum side)s, t->handshake, t->handshake);
}

static void
handshake(struct rtt *r, const struct analysis *an,
	  const struct seg_event *ev)
{
	struct round_trips *t = &r->trips;
	unsigned flags = ev->seg->flags & (TCP_SYN | TCP_ACK | TCP_RST);

	if (flags == TCP_SYN) {
		r->syn_again |= t->syn != 0;
		t->syn = ev->packet->ts;
	} else if (flags == (TCP_SYN | TCP_ACK)) {
		r->syn_again |= t->synack != 0;
		t->synack = ev->packet->ts;
		if (t->syn != 0 && !r->syn_again)
			take_loop(r, SIDE_SERVER, t->synack - t->syn);
	} else if (flags == TCP_ACK && !t->established && t->synack) {
		end_handshake(r, an, ev);
	}
}

/* --- when data was sent --------------------------------------------------- */

/* True where the sender's loop is nothing beside the peer's: its host. */
static bool
is_here(const struct rtt *r, enum side side)
{
	nstime d2 = r->trips.loop[side], d1 = r->trips.loop[!side];

	return d2 > 0 && d1 > 0 && d2 < HOST_LOOP && d2 * 20 < d1 + d2;
}

static struct rtt_echo *
echo_of(struct rtt *r, struct analysis *an, enum side side)
{
	struct rtt_half *h = &r->half[side];

	if (!h->echo && h->ring)
		h->echo = block_alloc(an->blocks, BLOCK_ECHO,
				      sizeof(*h->echo));
	return h->echo;
}

static struct rtt_echoed *
echo_at(struct rtt_echo *e, uint32_t i)
{
	return &e->at[i % RTT_ECHOES];
}

/* No room: every second one goes. */
static void
thin_echoes(struct rtt_echo *e)
{
	uint32_t to = e->tail;

	for (uint32_t i = e->tail; i != e->head; i += 2)
		*echo_at(e, to++) = *echo_at(e, i);
	e->head = to;
}

/* The peer's segment passes: data of side may echo it. */
static void
record_echo(struct rtt_echo *e, const struct tcp_seg *seg, rtt_time now)
{
	const struct rtt_echoed *last = echo_at(e, e->head - 1);

	if (e->head != e->tail &&
	    ((int32_t)(seg->tsval - last->tsval) < 0 ||
	     (seg->tsval == last->tsval && seg->ack == last->ack)))
		return;
	if (e->head - e->tail == RTT_ECHOES)
		thin_echoes(e);
	*echo_at(e, e->head) = (struct rtt_echoed){
		.tsval = seg->tsval,
		.ack = seg->ack,
		.ts = now,
		.first = e->head == e->tail || seg->tsval != last->tsval,
	};
	e->head++;
}

static rtt_time
least_lag(const struct rtt_echo *e)
{
	unsigned n = e->n_lags < RTT_LAGS ? e->n_lags : RTT_LAGS;
	rtt_time least = UINT32_MAX;

	for (unsigned i = 0; i < n; i++)
		if (e->lag[i] < least)
			least = e->lag[i];
	return least;
}

/*
 * The sender's clock ticks once a millisecond, as nearly everybody's does
 * (RFC 7323 s5.4)?  It is believed when it has run for a while.
 */
static bool
clock_runs(const struct rtt_echo *e, uint32_t tsval, nstime now)
{
	nstime here = now - e->clock_ts;
	nstime there = (nstime)(int32_t)(tsval - e->clock_tsval) * NS_PER_MS;

	return here > CLOCK_MIN_RUN && there > here - here / 16 &&
	       there < here + here / 16;
}

/*
 * When the sender's clock showed tsval first.  No segment is sent before what
 * it echoes came by, at `first`: by that the clocks are compared, and those
 * released at once by an ACK bring them together.
 */
static nstime
clock_time(struct rtt_echo *e, uint32_t tsval, nstime first, nstime now)
{
	nstime there = (nstime)(int32_t)(tsval - e->clock_tsval) * NS_PER_MS;
	nstime ahead = there + NS_PER_MS - first;

	if (e->clock_last == 0 || ahead < e->clock_ahead)
		e->clock_ahead = ahead;
	else if (now > e->clock_last)
		e->clock_ahead += (now - e->clock_last) / CLOCK_DRIFT;
	e->clock_last = now;
	return there - e->clock_ahead;
}

static void
take_lag(struct rtt *r, enum side side, rtt_time lag)
{
	struct rtt_echo *e = r->half[side].echo;

	e->lag[e->n_lags++ % RTT_LAGS] = lag;
	e->least = least_lag(e);
	take_loop(r, side, (nstime)lag * RTT_TICK);
}

/* Go to the first segment that bears this time stamp, or else to the last
   before it.  False: it is not on record. */
static bool
seek_echo(struct rtt_echo *e, uint32_t tsecr, bool *fresh)
{
	*fresh = false;
	while (e->head - e->tail > 1 &&
	       (int32_t)(tsecr - echo_at(e, e->tail)->tsval) > 0 &&
	       (int32_t)(tsecr - echo_at(e, e->tail + 1)->tsval) >= 0) {
		e->prior_ack = echo_at(e, e->tail)->ack;
		e->tail++;
		*fresh = true;
	}
	return e->head != e->tail &&
	       (int32_t)(tsecr - echo_at(e, e->tail)->tsval) >= 0;
}

/* The first segment with a newer time stamp; e->head: none yet. */
static uint32_t
next_echo(struct rtt_echo *e, uint32_t tsecr)
{
	uint32_t i = e->tail;

	while (i != e->head && (int32_t)(echo_at(e, i)->tsval - tsecr) <= 0)
		i++;
	return i;
}

/*
 * A full window: each ACK releases as much as it acknowledges.  So of the
 * segments [tail, end), which bear one time stamp, find the one that released
 * the data at seq.
 */
static rtt_time
sent_by_ack(struct rtt_echo *e, uint32_t end, uint32_t seq)
{
	uint32_t released = seq - e->first_seq;

	for (uint32_t i = e->tail; i + 1 != end; i++)
		if ((int32_t)(echo_at(e, i)->ack - e->prior_ack - released) > 0)
			return echo_at(e, i)->ts;
	return echo_at(e, end - 1)->ts;
}

static rtt_time
clamp_time(rtt_time t, rtt_time low, rtt_time high)
{
	if (time_between(t, low) > 0)
		return low;
	return time_between(high, t) > 0 ? high : t;
}

/* A guess was right or not: what part of them was of late. */
static void
score(uint8_t *hits, bool hit)
{
	*hits = (uint8_t)(*hits + ((hit ? 255 : 0) - *hits) / 16);
}

/*
 * Data with this TSecr passes: the segment with that time stamp had reached
 * the sender, and the next one had not.  Within these bounds it was either
 * released by an ACK, or paced and came by as late as others did; the sender's
 * own clock tells which of the two it uses to be.
 */
static rtt_time
sent_by_echo(struct rtt *r, const struct analysis *an, enum side side,
	     const struct tcp_seg *seg, nstime ts)
{
	struct rtt_echo *e = r->half[side].echo;
	rtt_time now = time_of(an, ts), by_ack, by_lag, sent, first;
	uint32_t next;
	bool fresh;

	if (e->clock_ts == 0) {
		e->clock_ts = ts;
		e->clock_tsval = seg->tsval;
	}
	if (!seek_echo(e, seg->tsecr, &fresh))
		return now - (rtt_time)(r->trips.loop[side] / RTT_TICK);
	if (seg->tsecr != e->tsecr) {
		e->tsecr = seg->tsecr;
		e->first_seq = seg->seq;
	}
	first = echo_at(e, e->tail)->ts;
	next = next_echo(e, seg->tsecr);
	if (fresh && echo_at(e, e->tail)->tsval == seg->tsecr &&
	    echo_at(e, e->tail)->first)
		take_lag(r, side, now - first);
	by_ack = sent_by_ack(e, next, seg->seq);
	by_lag = now - (e->n_lags > 0 ? e->least :
			(rtt_time)(r->trips.loop[side] / RTT_TICK));
	by_lag = clamp_time(by_lag, first,
			    next != e->head ? echo_at(e, next)->ts : now);
	sent = e->hits_ack >= e->hits_lag ? by_ack : by_lag;
	if (clock_runs(e, seg->tsval, ts)) {
		nstime tick = clock_time(e, seg->tsval,
					 ts - time_between(first, now), ts);
		rtt_time low = now - (rtt_time)((ts - tick) / RTT_TICK);
		rtt_time high = low + NS_PER_MS / RTT_TICK;

		score(&e->hits_ack, clamp_time(by_ack, low, high) == by_ack);
		score(&e->hits_lag, clamp_time(by_lag, low, high) == by_lag);
		sent = clamp_time(sent, low, high);
	}
	if (time_between(e->last_sent, sent) < 0 && e->last_sent != 0)
		sent = e->last_sent;
	e->last_sent = sent;
	return sent;
}

static rtt_time
when_sent(struct rtt *r, struct analysis *an, const struct seg_event *ev)
{
	enum side side = ev->side;
	rtt_time now = time_of(an, ev->packet->ts);

	if (is_here(r, side))
		return now;
	if (ev->seg->options & TCP_OPT_TS &&
	    (r->trips.loop[side] == 0 || r->trips.loop[side] > SHORT_LOOP) &&
	    echo_of(r, an, side))
		return sent_by_echo(r, an, side, ev->seg, ev->packet->ts);
	return now - (rtt_time)(r->trips.loop[side] / RTT_TICK);
}

/* --- the ring ------------------------------------------------------------- */

static struct rtt_segment *
ring_at(struct rtt_ring *g, uint32_t i)
{
	return &g->seg[i % RTT_RING];
}

/* The first segment that ends behind seq; g->head if none. */
static uint32_t
ring_find(struct rtt_ring *g, uint32_t seq)
{
	uint32_t low = g->tail, n = g->head - g->tail;

	while (n > 0) {
		uint32_t half = n / 2;

		if ((int32_t)(ring_at(g, low + half)->end - seq) <= 0) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

/* Two neighbours can share an entry: nothing happened to either. */
static bool
can_merge(const struct rtt_ring *g, const struct rtt_segment *a,
	  const struct rtt_segment *b)
{
	return a->flags == 0 && b->flags == 0 && a->end == b->start && b->end - a->start <= g->grain;
}

static void
merge(struct rtt_segment *a, const struct rtt_segment *b)
{
	a->end = b->end;
	a->until = b->until;
	a->lag = b->lag;
}

/* No room: the grain doubles, and what fits is merged. */
static void
ring_thin(struct rtt_ring *g)
{
	uint32_t to = g->tail;

	g->grain = 2 * (g->grain ? g->grain : 1460);
	for (uint32_t i = g->tail + 1; i != g->head; i++) {
		if (can_merge(g, ring_at(g, to), ring_at(g, i)))
			merge(ring_at(g, to), ring_at(g, i));
		else
			*ring_at(g, ++to) = *ring_at(g, i);
	}
	g->head = to + 1;
}

static void
ring_push(struct rtt_ring *g, const struct rtt_segment *s)
{
	if (g->head == g->tail) {
		g->grain = 0;
	} else if (can_merge(g, ring_at(g, g->head - 1), s)) {
		merge(ring_at(g, g->head - 1), s);
		return;
	}
	if (g->head - g->tail == RTT_RING)
		ring_thin(g);
	if (g->head - g->tail == RTT_RING)
		g->tail++;	/* nothing to merge: the oldest goes */
	*ring_at(g, g->head++) = *s;
}

static void
ring_mark_sent_again(struct rtt_ring *g, uint32_t start, uint32_t end)
{
	for (uint32_t i = ring_find(g, start);
	     i != g->head && (int32_t)(ring_at(g, i)->start - end) < 0; i++)
		ring_at(g, i)->flags |= RTT_SENT_AGAIN;
}

struct acked {
	bool any;		/* a segment that can be timed */
	bool sent_again;	/* some was sent more than once: Karn */
	rtt_time oldest, newest;
	bool whole;		/* all of the newest: then its lag is known */
	uint32_t newest_lag;
};

static void
acked_add(struct acked *a, const struct rtt_segment *s, bool whole)
{
	if (!a->any)
		a->oldest = s->sent;
	a->any = true;
	a->newest = whole ? s->until : s->sent;
	a->whole = whole;
	a->newest_lag = s->lag;
}

/* An ACK within an entry: of a merged one, the rest was sent later. */
static void
ring_cut(struct rtt_segment *s, uint32_t ack)
{
	int64_t apart = (int32_t)(s->until - s->sent);

	s->sent += (rtt_time)(apart * (ack - s->start) / (s->end - s->start));
	s->start = ack;
}

static void
ring_ack(struct rtt_ring *g, uint32_t ack, struct acked *a)
{
	for (; g->tail != g->head; g->tail++) {
		struct rtt_segment *s = ring_at(g, g->tail);
		bool whole = (int32_t)(ack - s->end) >= 0;

		if ((int32_t)(ack - s->start) <= 0)
			break;
		if (s->flags & RTT_SENT_AGAIN)
			a->sent_again = true;
		else if (s->flags == 0)
			acked_add(a, s, whole);
		if (!whole) {
			ring_cut(s, ack);
			break;
		}
	}
}

/* [start, end) is newly SACKed.  A segment that was merged with its neighbour
   or is SACKed in part counts as SACKed: it is timed once. */
static void
ring_sack_range(struct rtt_ring *g, uint64_t start, uint64_t end,
		struct acked *a)
{
	for (uint32_t i = ring_find(g, (uint32_t)start); i != g->head; i++) {
		struct rtt_segment *s = ring_at(g, i);

		if ((int32_t)(s->start - (uint32_t)end) >= 0)
			break;
		if (s->flags == 0)
			acked_add(a, s, (int32_t)(s->end - (uint32_t)end) <= 0);
		s->flags |= RTT_SACKED;
	}
}

/* What the last ACK had told already is not walked again. */
static void
ring_sack(struct rtt_ring *g, const struct analysis *an, struct acked *a)
{
	for (unsigned i = 0; i < an->n_sack; i++) {
		struct seq_range new = an->sack[i];

		for (unsigned k = 0; k < g->n_sacked; k++) {
			const struct seq_range *old = &g->sacked[k];

			if (old->start <= new.start && new.start < old->end)
				new.start = old->end;
			if (old->start < new.end && new.end <= old->end)
				new.end = old->start;
		}
		if (new.start < new.end)
			ring_sack_range(g, new.start, new.end, a);
	}
	g->n_sacked = an->n_sack;
	memcpy(g->sacked, an->sack, sizeof(g->sacked));
}

/* --- the segment ---------------------------------------------------------- */

/* An ACK for side's data. */
static void
take_ack(struct rtt *r, const struct analysis *an,
	 const struct seg_event *ev)
{
	enum side side = !ev->side;
	struct rtt_half *h = &r->half[side];
	rtt_time now = time_of(an, ev->packet->ts);
	struct acked acked = { 0 }, sacked = { 0 };
	struct acked *best = &acked;
	uint64_t una = an->conn->half[side].snd_una;

	if (!h->ring) {
		if (!h->timed || (int32_t)((uint32_t)una - h->timed_end) < 0)
			return;
		acked.any = true;
		acked.oldest = acked.newest = h->timed_sent;
		acked.whole = is_here(r, side);
		h->timed = false;
	} else {
		if (una > ev->old_snd_una)
			ring_ack(h->ring, (uint32_t)una, &acked);
		if (an->n_sack > 0)
			ring_sack(h->ring, an, &sacked);
		else
			h->ring->n_sacked = 0;
	}
	if (!acked.any || acked.sent_again)
		best = &sacked;
	if (!best->any)
		return;
	take_sample(r, an, side, time_between(best->oldest, now),
		    time_between(best->newest, now));
	if (!best->whole)
		return;
	take_loop(r, ev->side, time_between(best->newest, now) -
				       (nstime)best->newest_lag * RTT_TICK);
}

static void
take_data(struct rtt *r, struct analysis *an, const struct seg_event *ev)
{
	struct rtt_half *h = &r->half[ev->side];
	rtt_time now = time_of(an, ev->packet->ts);
	rtt_time sent;

	if (!h->ring && an->conn->half[ev->side].data_packets >= RING_FROM)
		h->ring = block_alloc(an->blocks, BLOCK_RTT,
				      sizeof(*h->ring));
	if (an->kind != SEG_NEW) {
		if (h->ring && an->kind != SEG_DUPLICATE &&
		    an->kind != SEG_OUT_OF_ORDER)
			ring_mark_sent_again(h->ring, (uint32_t)ev->seq,
					     (uint32_t)ev->end);
		else if (!h->ring)
			h->timed = false;
		if (h->ring && ev->end > ev->old_snd_nxt)
			ring_push(h->ring, &(struct rtt_segment){
				.start = (uint32_t)ev->old_snd_nxt,
				.end = (uint32_t)ev->end,
				.flags = RTT_SENT_AGAIN,
			});
		return;
	}
	if (ev->seq < ev->old_snd_nxt)
		return;		/* its ACK came first */
	sent = when_sent(r, an, ev);
	if (!h->ring) {
		if (!h->timed) {
			h->timed_end = (uint32_t)ev->end;
			h->timed_sent = sent;
			h->timed = true;
		}
		return;
	}
	if (an->opens_hole)
		ring_push(h->ring, &(struct rtt_segment){
			.start = (uint32_t)ev->old_snd_nxt,
			.end = (uint32_t)ev->seq,
			.sent = sent,
			.until = sent,
			.flags = RTT_UNSEEN,
		});
	ring_push(h->ring, &(struct rtt_segment){
		.start = (uint32_t)ev->seq,
		.end = (uint32_t)ev->end,
		.sent = sent,
		.until = sent,
		.lag = now - sent,
	});
}

void
rtt_segment(struct rtt *r, struct analysis *an, const struct seg_event *ev)
{
	struct rtt_half *peer = &r->half[!ev->side];

	if (an->kind == SEG_DUPLICATE || ev->stray)
		return;
	if (!r->trips.established)
		handshake(r, an, ev);
	if (ev->seg->flags & TCP_ACK && !(ev->seg->flags & TCP_SYN))
		take_ack(r, an, ev);
	if (ev->end > ev->seq && !(ev->seg->flags & TCP_SYN))
		take_data(r, an, ev);
	if (peer->echo && ev->seg->options & TCP_OPT_TS)
		record_echo(peer->echo, ev->seg,
			    time_of(an, ev->packet->ts));
}

/* --- the end -------------------------------------------------------------- */

/* The bin that so many per cent of the samples are below; 0: there are none,
   else from 1. */
static uint8_t
quantile(const struct rtt_ring *g, unsigned percent)
{
	uint64_t all = 0, sum = 0;

	for (unsigned i = 0; i < RTT_BINS; i++)
		all += g->bin[i];
	for (unsigned i = 0; i < RTT_BINS; i++) {
		sum += g->bin[i];
		if (sum > all * percent / 100)
			return (uint8_t)(i + 1);
	}
	return 0;
}

static void
fill_endpoint(const struct rtt *r, enum side side, struct endpoint_row *row)
{
	const struct rtt_half *h = &r->half[side];
	const struct rtt_estimator *est = &r->trips.est[side];
	uint8_t p50 = h->ring && !h->p50 ? quantile(h->ring, 50) : h->p50;
	uint8_t p95 = h->ring && !h->p95 ? quantile(h->ring, 95) : h->p95;

	row->rtt_samples = h->samples;
	if (h->samples == 0)
		return;
	row->min_rtt_ns = r->trips.min[side];
	row->max_rtt_ns = h->max;
	row->srtt_ns = rtt_estimator_srtt(est);
	row->rttvar_ns = est->rttvar4 / 4;
	row->rto_ns = rtt_estimator_rto(est);
	if (p50)
		row->rtt_p50_ns = bin_value(p50 - 1u);
	if (p95)
		row->rtt_p95_ns = bin_value(p95 - 1u);
}

static void
release(struct rtt *r, struct analysis *an)
{
	for (int s = 0; s < N_SIDES; s++) {
		struct rtt_half *h = &r->half[s];

		block_free(an->blocks, BLOCK_RTT, h->ring);
		block_free(an->blocks, BLOCK_ECHO, h->echo);
		h->ring = NULL;
		h->echo = NULL;
	}
}

void
rtt_ended(struct rtt *r, struct analysis *an)
{
	for (int s = 0; s < N_SIDES; s++) {
		struct rtt_half *h = &r->half[s];

		if (h->ring && !h->p50) {
			h->p50 = quantile(h->ring, 50);
			h->p95 = quantile(h->ring, 95);
		}
	}
	release(r, an);
}

void
rtt_update(const struct rtt *r, struct connection_row *row,
	   struct endpoint_row end[N_SIDES])
{
	if (r->trips.handshake > 0)
		row->handshake_rtt_ns = r->trips.handshake;
	for (int s = 0; s < N_SIDES; s++)
		fill_endpoint(r, (enum side)s, &end[s]);
}

void
rtt_close(struct rtt *r, struct analysis *an, struct connection_row *row,
	  struct endpoint_row end[N_SIDES])
{
	rtt_update(r, row, end);
	release(r, an);
}
