/*
 * tracker.c - see tracker.h.
 *
 * Connections and UDP flows are two tables of one kind (struct flows): a hash
 * table of numbers, a slab of objects, a wheel of deadlines.
 *
 * A 4-tuple comes back when a SYN has another number than the connection's
 * own SYN (Wireshark's rule for a new tcp.stream).  If the connection that is
 * there still lives, the SYN may be forged, or meet an end that will defend
 * its connection (RFC 5961 s4).  So the new connection takes the place in the
 * table and remembers the older one: segments that fit the older go there,
 * until the new one is answered or the older is closed.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/seq.h"
#include "base/slab.h"
#include "reassembly/expiry.h"
#include "reassembly/flow_table.h"
#include "reassembly/tracker.h"

/* Objects looked at to find one that can go. */
#define EVICTION_SAMPLE 16

/* Of the analyzers' states, what most packets touch. */
#define PREFETCH_EXTRA 768

#define UDP_SHARE 8	/* of the memory, one in so many for UDP */

#define PROTO_UDP 17

struct flows {
	struct slab slab;
	struct flow_table table;
	struct expiry expiry;
	uint32_t hand;		/* of the clock that looks for victims */
	uint32_t sorted;	/* to be closed, those that began first first */
};

struct udp_entry {
	struct flow_links links;
	uint64_t hash;
	bool swapped;		/* the client is the key's second end */
	struct udp_flow flow;
};

struct tracker {
	struct tracker_config cfg;
	struct tracker_observer tell;
	void *ctx;
	struct flows tcp, udp;
	uint32_t ended_first, ended_last;
	struct tracker_stats stats;
	nstime now;		/* of the capture, as far as was told */
};

/* --- a table of flows ----------------------------------------------------- */

static int
flows_init(struct flows *f, size_t size, size_t max)
{
	if (max > SLAB_NONE - 1)
		max = SLAB_NONE - 1;
	f->sorted = SLAB_NONE;
	if (slab_init(&f->slab, size, (uint32_t)max) < 0 ||
	    flow_table_init(&f->table) < 0)
		return -1;
	expiry_init(&f->expiry, &f->slab);
	return 0;
}

static void
flows_release(struct flows *f)
{
	slab_release(&f->slab);
	flow_table_release(&f->table);
}

static struct flow_links *
links_at(const struct flows *f, uint32_t number)
{
	return slab_at(&f->slab, number);
}

/* The object is zeroed up to size, SLAB_NONE: full. */
static uint32_t
flows_add(struct flows *f, uint64_t hash, size_t size)
{
	uint32_t n = slab_alloc(&f->slab);
	struct flow_links *l;

	if (n == SLAB_NONE)
		return SLAB_NONE;
	if (flow_table_add(&f->table, hash, n) < 0) {
		slab_free(&f->slab, n);
		return SLAB_NONE;
	}
	l = links_at(f, n);
	memset(l, 0, size);
	l->number = n;
	l->in_use = true;
	l->next = l->prev = SLAB_NONE;
	return n;
}

static void
flows_free(struct flows *f, uint32_t n)
{
	links_at(f, n)->in_use = false;
	slab_free(&f->slab, n);
}

/* The next object in use that the hand comes by, SLAB_NONE: none near. */
static uint32_t
flows_sweep(struct flows *f)
{
	for (uint32_t i = 0; i < EVICTION_SAMPLE; i++) {
		uint32_t n = f->hand;

		f->hand = n + 1 < f->slab.n_made ? n + 1 : 0;
		if (n < f->slab.n_made && links_at(f, n)->in_use)
			return n;
	}
	return SLAB_NONE;
}

/* --- the list of the end, in the order of first frames -------------------- */

static uint64_t
first_frame(const struct flows *f, uint32_t n, bool udp)
{
	const void *object = slab_at(&f->slab, n);

	return udp ? ((const struct udp_entry *)object)->flow.first_frame
		   : ((const struct conn *)object)->first_frame;
}

static uint32_t
merge(const struct flows *f, uint32_t a, uint32_t b, bool udp)
{
	uint32_t head = SLAB_NONE, *tail = &head;

	while (a != SLAB_NONE && b != SLAB_NONE) {
		bool take_a = first_frame(f, a, udp) <= first_frame(f, b, udp);
		uint32_t *from = take_a ? &a : &b;

		*tail = *from;
		tail = &links_at(f, *from)->next;
		*from = *tail;
	}
	*tail = a != SLAB_NONE ? a : b;
	return head;
}

/* Merge sort from below: run[i] is empty or a sorted list of 2^i. */
struct sorter {
	uint32_t run[32];
};

static void
sorter_init(struct sorter *s)
{
	memset(s->run, 0xff, sizeof(s->run));
}

/* The object is in no bucket. */
static void
sorter_add(struct sorter *s, struct flows *f, uint32_t n, bool udp)
{
	uint32_t list = n, i = 0;

	links_at(f, n)->next = SLAB_NONE;
	for (; s->run[i] != SLAB_NONE; i++) {
		list = merge(f, s->run[i], list, udp);
		s->run[i] = SLAB_NONE;
	}
	s->run[i] = list;
}

static uint32_t
sorter_list(struct sorter *s, const struct flows *f, bool udp)
{
	uint32_t all = SLAB_NONE;

	for (int i = 0; i < 32; i++)
		all = merge(f, s->run[i], all, udp);
	return all;
}

/* --- connections ---------------------------------------------------------- */

static struct conn *
conn_at(const struct tracker *t, uint32_t n)
{
	return slab_at(&t->tcp.slab, n);
}

static nstime
later(nstime t, nstime by)
{
	nstime sum;

	return __builtin_add_overflow(t, by, &sum) ? INT64_MAX : sum;
}

static nstime
conn_deadline(const struct tracker *t, const struct conn *c)
{
	switch (c->phase) {
	case CONN_PHASE_HALF_OPEN:
		return later(c->last, t->cfg.half_open_timeout);
	case CONN_PHASE_ENDED:
		return later(c->last, t->cfg.time_wait);
	default:
		return later(c->last, t->cfg.idle_timeout);
	}
}

/* --- those that ended, in the order in which they did ---------------------- */

static void
ended_remove(struct tracker *t, struct conn *c)
{
	if (!c->ended_listed)
		return;
	c->ended_listed = false;
	if (c->ended_prev != SLAB_NONE)
		conn_at(t, c->ended_prev)->ended_next = c->ended_next;
	else
		t->ended_first = c->ended_next;
	if (c->ended_next != SLAB_NONE)
		conn_at(t, c->ended_next)->ended_prev = c->ended_prev;
	else
		t->ended_last = c->ended_prev;
}

static void
ended_append(struct tracker *t, struct conn *c)
{
	uint32_t n = c->links.number;

	c->ended_listed = true;
	c->ended_next = SLAB_NONE;
	c->ended_prev = t->ended_last;
	if (t->ended_last != SLAB_NONE)
		conn_at(t, t->ended_last)->ended_next = n;
	else
		t->ended_first = n;
	t->ended_last = n;
}

/* --- the connections of a key ---------------------------------------------- */

static bool
conn_has_key(const struct conn *c, const struct flow_key *key)
{
	int first = c->swapped;

	return addr_compare(&c->addr[first], &key->addr[0]) == 0 &&
	       addr_compare(&c->addr[!first], &key->addr[1]) == 0 &&
	       c->port[first] == key->port[0] &&
	       c->port[!first] == key->port[1] && c->vlan == key->vlan;
}

static struct conn *
find_conn(const struct tracker *t, const struct flow_key *key, uint64_t hash)
{
	uint32_t pos = flow_table_start(&t->tcp.table, hash), n;

	while ((n = flow_table_next(&t->tcp.table, hash, &pos)) != FLOW_NONE)
		if (conn_has_key(conn_at(t, n), key))
			return conn_at(t, n);
	return NULL;
}

/* The connection that a newer one hides comes back to the table. */
static bool
unhide(struct tracker *t, struct conn *c)
{
	c->newer = SLAB_NONE;
	return flow_table_add(&t->tcp.table, c->hash, c->links.number) == 0;
}

/* Out of the table, where the 4-tuple is its; else out of the newer's hands. */
static void
unlist(struct tracker *t, struct conn *c)
{
	uint32_t older = c->older;

	if (c->newer != SLAB_NONE) {
		conn_at(t, c->newer)->older = SLAB_NONE;
		return;
	}
	flow_table_remove(&t->tcp.table, c->hash, c->links.number);
	/* There is room: an entry has just been removed. */
	if (older != SLAB_NONE && !unhide(t, conn_at(t, older)))
		assert(!"the table has room");
}

static void
close_conn(struct tracker *t, struct conn *c, enum conn_end why)
{
	uint32_t n = c->links.number;

	unlist(t, c);
	if (c->end == CONN_END_OPEN) {
		expiry_remove(&t->tcp.expiry, n);
		ended_remove(t, c);
	}
	c->end = (uint8_t)why;
	if (c->until < t->now)
		c->until = t->now;
	if (t->tell.conn_close)
		t->tell.conn_close(t->ctx, c);
	flows_free(&t->tcp, n);
	t->stats.conns_open--;
}

static bool
is_worth_less(const struct conn *a, const struct conn *b)
{
	static const int rank[] = {
		[CONN_PHASE_ENDED] = 0,
		[CONN_PHASE_HALF_OPEN] = 1,
		[CONN_PHASE_ESTABLISHED] = 2,
	};

	if (rank[a->phase] != rank[b->phase])
		return rank[a->phase] < rank[b->phase];
	return a->last < b->last;
}

static bool
evict_conn(struct tracker *t)
{
	struct conn *victim = NULL;

	for (int i = 0; i < EVICTION_SAMPLE; i++) {
		uint32_t n = flows_sweep(&t->tcp);

		if (n != SLAB_NONE &&
		    (!victim || is_worth_less(conn_at(t, n), victim)))
			victim = conn_at(t, n);
	}
	if (!victim)
		return false;
	t->stats.conns_evicted++;
	close_conn(t, victim, CONN_END_EVICTED);
	return true;
}

static struct conn *
open_conn(struct tracker *t, const struct packet *p,
	  const struct dissection *d, const struct flow_key *key,
	  uint64_t hash, bool swapped)
{
	size_t size = sizeof(struct conn) + t->cfg.conn_extra;
	uint32_t n = flows_add(&t->tcp, hash, size);
	struct conn *c;

	if (n == SLAB_NONE && evict_conn(t))
		n = flows_add(&t->tcp, hash, size);
	if (n == SLAB_NONE)
		return NULL;
	c = conn_at(t, n);
	c->handle = t->cfg.handle_base + n * t->cfg.handle_step;
	c->older = c->newer = SLAB_NONE;
	c->hash = hash;
	conn_init(c, p, d, key, swapped);
	c->last = p->ts;
	expiry_add(&t->tcp.expiry, n, p->ts, conn_deadline(t, c));
	t->stats.conns_opened++;
	t->stats.conns_open++;
	if (t->tell.conn_open)
		t->tell.conn_open(t->ctx, c);
	return c;
}

/* --- a 4-tuple that comes back -------------------------------------------- */

static bool
is_plain_syn(const struct tcp_seg *seg)
{
	return (seg->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

static bool
is_synack(const struct tcp_seg *seg)
{
	return (seg->flags & (TCP_SYN | TCP_ACK | TCP_RST)) ==
	       (TCP_SYN | TCP_ACK);
}

/* A SYN that is not a repetition of this connection's. */
static bool
begins_anew(const struct conn *c, enum side side, const struct tcp_seg *seg)
{
	const struct half *me = &c->half[side];

	if (is_plain_syn(seg))
		return me->seq_known && (uint32_t)me->isn != seg->seq;
	/* Its SYN was missed: a new answer when all was over. */
	return is_synack(seg) && c->phase == CONN_PHASE_ENDED &&
	       me->isn_known && (uint32_t)me->isn != seg->seq;
}

/* Does a segment belong to a connection that so far is nothing but a SYN? */
static bool
fits_embryo(const struct conn *c, enum side side, const struct tcp_seg *seg)
{
	uint32_t next = (uint32_t)c->half[SIDE_CLIENT].isn + 1;

	if (side == SIDE_SERVER)
		return (seg->flags & TCP_ACK) && seg->ack == next &&
		       (seg->flags & (TCP_SYN | TCP_RST));
	return seg->seq == next - !!(seg->flags & TCP_SYN);
}

/*
 * Which of the two that share a 4-tuple a segment belongs to.  An answer to
 * the newer one's SYN shows that the older is no more.
 */
static struct conn *
choose(struct tracker *t, struct conn *newer, bool swapped,
       const struct tcp_seg *seg)
{
	struct conn *older = conn_at(t, newer->older);
	enum side side = conn_side(newer, swapped);

	if (!fits_embryo(newer, side, seg))
		return is_plain_syn(seg) ? newer : older;
	if (!is_plain_syn(seg))
		close_conn(t, older, CONN_END_REUSED);
	return newer;
}

/* RFC 9293 s3.10.7.4, RFC 6191: TIME-WAIT takes no SYN that may be old. */
static bool
may_be_old(const struct conn *c, enum side side, const struct tcp_seg *seg)
{
	const struct half *me = &c->half[side], *peer = &c->half[!side];

	if ((seg->options & TCP_OPT_TS) && me->ts_ok)
		return (int32_t)(seg->tsval - peer->ts_recent) <= 0;
	return (int32_t)(seg->seq - (uint32_t)me->snd_nxt) <= 0;
}

/* Would an end of it still defend it against this SYN? */
static bool
still_lives(const struct conn *c, bool swapped, const struct tcp_seg *seg)
{
	if (c->phase == CONN_PHASE_ENDED)
		return !c->reset && is_plain_syn(seg) &&
		       may_be_old(c, conn_side(c, swapped), seg);
	return c->phase == CONN_PHASE_ESTABLISHED;
}

/* The one of this 4-tuple that still lives; those that do not are closed. */
static struct conn *
surviving(struct tracker *t, struct conn *c, bool swapped,
	  const struct tcp_seg *seg)
{
	while (c && !still_lives(c, swapped, seg)) {
		uint32_t older = c->older;

		close_conn(t, c, CONN_END_REUSED);
		c = older == SLAB_NONE ? NULL : conn_at(t, older);
	}
	return c;
}

static struct conn *
reopen(struct tracker *t, struct conn *old, const struct packet *p,
       const struct dissection *d, const struct flow_key *key, uint64_t hash,
       bool swapped)
{
	struct conn *c;

	old = surviving(t, old, swapped, &d->tcp);
	c = open_conn(t, p, d, key, hash, swapped);
	/* To make room, the old one may have been evicted. */
	if (!c || !old || old == c || !old->links.in_use)
		return c ? c : find_conn(t, key, hash);
	flow_table_remove(&t->tcp.table, old->hash, old->links.number);
	c->older = old->links.number;
	old->newer = c->links.number;
	c->met_living = true;
	c->met_ended = old->phase == CONN_PHASE_ENDED;
	return c;
}

static void
reschedule(struct tracker *t, struct conn *c, nstime now)
{
	expiry_remove(&t->tcp.expiry, c->links.number);
	expiry_add(&t->tcp.expiry, c->links.number, now, conn_deadline(t, c));
}

/* --- packets -------------------------------------------------------------- */

static void
take_segment(struct tracker *t, const struct packet *p,
	     const struct dissection *d, const struct flow_key *key,
	     uint64_t hash, bool swapped)
{
	struct conn *c = find_conn(t, key, hash);
	struct seg_event ev;
	enum side side;
	uint8_t phase;

	if (c && c->older != SLAB_NONE)
		c = choose(t, c, swapped, &d->tcp);
	if (!c)
		c = open_conn(t, p, d, key, hash, swapped);
	else if (begins_anew(c, conn_side(c, swapped), &d->tcp))
		c = reopen(t, c, p, d, key, hash, swapped);
	if (!c) {
		t->stats.packets_dropped++;
		return;
	}
	side = conn_side(c, swapped);
	phase = c->phase;
	conn_segment(c, p, d, side, &ev);
	if (c->phase != phase)		/* another time-out */
		reschedule(t, c, p->ts);
	ended_remove(t, c);
	if (c->phase == CONN_PHASE_ENDED)
		ended_append(t, c);
	if (t->tell.segment)
		t->tell.segment(t->ctx, c, &ev);
}

static struct udp_entry *
udp_at(const struct tracker *t, uint32_t n)
{
	return slab_at(&t->udp.slab, n);
}

static struct udp_entry *
find_udp(const struct tracker *t, const struct flow_key *key, uint64_t hash)
{
	uint32_t pos = flow_table_start(&t->udp.table, hash), n;

	while ((n = flow_table_next(&t->udp.table, hash, &pos)) != FLOW_NONE) {
		struct udp_entry *u = udp_at(t, n);
		int first = u->swapped;
		const struct udp_flow *f = &u->flow;

		if (addr_compare(&f->addr[first], &key->addr[0]) == 0 &&
		    addr_compare(&f->addr[!first], &key->addr[1]) == 0 &&
		    f->port[first] == key->port[0] &&
		    f->port[!first] == key->port[1] && f->vlan == key->vlan)
			return u;
	}
	return NULL;
}

static void
close_udp(struct tracker *t, struct udp_entry *u)
{
	uint32_t n = u->links.number;

	flow_table_remove(&t->udp.table, u->hash, n);
	if (t->udp.sorted == SLAB_NONE)
		expiry_remove(&t->udp.expiry, n);
	if (t->tell.udp_close)
		t->tell.udp_close(t->ctx, &u->flow);
	flows_free(&t->udp, n);
}

static bool
evict_udp(struct tracker *t)
{
	struct udp_entry *victim = NULL;

	for (int i = 0; i < EVICTION_SAMPLE; i++) {
		uint32_t n = flows_sweep(&t->udp);

		if (n != SLAB_NONE &&
		    (!victim || udp_at(t, n)->flow.last < victim->flow.last))
			victim = udp_at(t, n);
	}
	if (!victim)
		return false;
	t->stats.udp_evicted++;
	close_udp(t, victim);
	return true;
}

static struct udp_entry *
open_udp(struct tracker *t, const struct packet *p, const struct flow_key *key,
	 uint64_t hash, bool swapped)
{
	uint32_t n = flows_add(&t->udp, hash, sizeof(struct udp_entry));
	struct udp_entry *u;

	if (n == SLAB_NONE && evict_udp(t))
		n = flows_add(&t->udp, hash, sizeof(struct udp_entry));
	if (n == SLAB_NONE)
		return NULL;
	u = udp_at(t, n);
	u->hash = hash;
	u->swapped = swapped;
	u->flow.vlan = key->vlan;
	for (int i = 0; i < N_SIDES; i++) {
		u->flow.addr[i] = key->addr[i ^ swapped];
		u->flow.port[i] = key->port[i ^ swapped];
	}
	u->flow.first = p->ts;
	u->flow.first_frame = p->number;
	expiry_add(&t->udp.expiry, n, p->ts, later(p->ts, t->cfg.udp_timeout));
	t->stats.udp_flows++;
	return u;
}

static void
take_datagram(struct tracker *t, const struct packet *p,
	      const struct dissection *d, const struct flow_key *key,
	      uint64_t hash, bool swapped)
{
	struct udp_entry *u = find_udp(t, key, hash);
	enum side side;

	if (!u)
		u = open_udp(t, p, key, hash, swapped);
	if (!u) {
		t->stats.packets_dropped++;
		return;
	}
	side = swapped == u->swapped ? SIDE_CLIENT : SIDE_SERVER;
	u->flow.last = p->ts;
	u->flow.last_frame = p->number;
	u->flow.packets[side]++;
	u->flow.bytes[side] += d->udp.len;
	if (t->tell.datagram)
		t->tell.datagram(t->ctx, &u->flow, side, p, d);
}

/* An ICMP error belongs to the one of two whose number it quotes. */
static struct conn *
quoted_conn(struct tracker *t, const struct dissection *d,
	    const struct flow_key *key, uint64_t hash, bool swapped)
{
	struct conn *c = find_conn(t, key, hash);

	if (!c || c->older == SLAB_NONE)
		return c;
	if (conn_side(c, swapped) == SIDE_CLIENT &&
	    d->icmp.tcp_seq == (uint32_t)c->half[SIDE_CLIENT].isn)
		return c;
	return conn_at(t, c->older);
}

static void
take_icmp(struct tracker *t, const struct packet *p,
	  const struct dissection *d, const struct flow_key *key,
	  uint64_t hash, bool swapped)
{
	struct udp_entry *u = NULL;
	struct conn *c = NULL;
	enum side side = SIDE_CLIENT;

	if (key->proto == PROTO_UDP) {
		u = find_udp(t, key, hash);
		if (u) {
			u->flow.icmp_errors++;
			side = swapped == u->swapped ? SIDE_CLIENT
						     : SIDE_SERVER;
		}
	} else {
		c = quoted_conn(t, d, key, hash, swapped);
		if (c) {
			side = conn_side(c, swapped);
			conn_icmp(c, p, d, side);
		}
	}
	if (t->tell.icmp_error)
		t->tell.icmp_error(t->ctx, c, u ? &u->flow : NULL, side, p, d);
}

void
tracker_packet(struct tracker *t, const struct packet *p,
	       const struct dissection *d, const struct flow_key *key,
	       uint64_t hash, bool swapped)
{
	t->now = p->ts;
	switch (d->kind) {
	case DISSECT_TCP:
		take_segment(t, p, d, key, hash, swapped);
		break;
	case DISSECT_UDP:
		take_datagram(t, p, d, key, hash, swapped);
		break;
	case DISSECT_ICMP:
		take_icmp(t, p, d, key, hash, swapped);
		break;
	}
}

void
tracker_prefetch_slot(const struct tracker *t, uint64_t hash)
{
	flow_table_prefetch(&t->tcp.table, hash);
}

void
tracker_prefetch_conn(const struct tracker *t, uint64_t hash)
{
	uint32_t pos = flow_table_start(&t->tcp.table, hash);
	uint32_t n = flow_table_next(&t->tcp.table, hash, &pos);
	const char *c;

	if (n == FLOW_NONE)
		return;
	c = (const char *)conn_at(t, n);
	for (size_t i = 0; i <= offsetof(struct conn, log); i += 64)
		__builtin_prefetch(c + i, 1);
	for (size_t i = 0; i < PREFETCH_EXTRA; i += 64)
		__builtin_prefetch(c + offsetof(struct conn, extra) + i, 1);
}

/* --- time and the end ----------------------------------------------------- */

/* A connection that waits to be closed is in no other list: its end is set. */
static void
list_conn(struct tracker *t, struct sorter *due, struct conn *c,
	  enum conn_end why)
{
	c->end = (uint8_t)why;
	ended_remove(t, c);
	sorter_add(due, &t->tcp, c->links.number, false);
}

static void
expire_conn(struct tracker *t, struct sorter *due, struct conn *c, nstime now)
{
	nstime deadline = conn_deadline(t, c);

	if (!expiry_is_past(deadline, now))
		expiry_add(&t->tcp.expiry, c->links.number, now, deadline);
	else
		list_conn(t, due, c, c->phase == CONN_PHASE_ENDED
					     ? CONN_END_CLOSED
					     : CONN_END_IDLE);
}

/* The first that ended is due, as packets count. */
static bool
is_ended_due(const struct tracker *t, uint64_t frame)
{
	const struct conn *c;

	if (t->ended_first == SLAB_NONE)
		return false;
	c = conn_at(t, t->ended_first);
	return c->last_frame + t->cfg.ended_packets < frame;
}

static void
expire_ended(struct tracker *t, struct sorter *due, uint64_t frame)
{
	while (is_ended_due(t, frame)) {
		struct conn *c = conn_at(t, t->ended_first);

		expiry_remove(&t->tcp.expiry, c->links.number);
		list_conn(t, due, c, CONN_END_CLOSED);
	}
}

static void
expire_conns(struct tracker *t, uint64_t frame, nstime now)
{
	uint32_t n = expiry_pop(&t->tcp.expiry, now);
	struct sorter due;

	t->tcp.sorted = SLAB_NONE;
	if (n == SLAB_NONE && !is_ended_due(t, frame))
		return;		/* by far the most often */
	sorter_init(&due);
	for (; n != SLAB_NONE; n = expiry_pop(&t->tcp.expiry, now))
		expire_conn(t, &due, conn_at(t, n), now);
	expire_ended(t, &due, frame);
	t->tcp.sorted = sorter_list(&due, &t->tcp, false);
}

void
tracker_expire(struct tracker *t, uint64_t frame, nstime now)
{
	uint32_t n;

	t->now = now;
	expire_conns(t, frame, now);
	while ((n = expiry_pop(&t->udp.expiry, now)) != SLAB_NONE) {
		struct udp_entry *u = udp_at(t, n);
		nstime deadline = later(u->flow.last, t->cfg.udp_timeout);

		expiry_add(&t->udp.expiry, n, now, deadline);
		if (expiry_is_past(deadline, now))
			close_udp(t, u);
	}
}

static uint32_t
list_udp(struct tracker *t)
{
	struct sorter all;

	sorter_init(&all);
	for (uint32_t n = 0; n < t->udp.slab.n_made; n++) {
		if (!links_at(&t->udp, n)->in_use)
			continue;
		expiry_remove(&t->udp.expiry, n);
		sorter_add(&all, &t->udp, n, true);
	}
	return sorter_list(&all, &t->udp, true);
}

void
tracker_finish(struct tracker *t, nstime now)
{
	struct sorter all;
	uint32_t n;

	t->now = now;
	sorter_init(&all);
	while ((n = expiry_pop(&t->tcp.expiry, now)) != SLAB_NONE)
		expire_conn(t, &all, conn_at(t, n), now);
	for (n = 0; n < t->tcp.slab.n_made; n++) {
		struct conn *c = conn_at(t, n);

		if (!c->links.in_use || c->end != CONN_END_OPEN)
			continue;
		expiry_remove(&t->tcp.expiry, n);
		list_conn(t, &all, c, CONN_END_CAPTURE);
	}
	t->tcp.sorted = sorter_list(&all, &t->tcp, false);
	t->udp.sorted = list_udp(t);
}

struct conn *
tracker_next(struct tracker *t)
{
	return t->tcp.sorted == SLAB_NONE ? NULL : conn_at(t, t->tcp.sorted);
}

void
tracker_close_conn(struct tracker *t, struct conn *c)
{
	uint32_t next = c->links.next;

	assert(c->links.number == t->tcp.sorted);
	close_conn(t, c, c->end);
	t->tcp.sorted = next;
}

void
tracker_finish_udp(struct tracker *t)
{
	while (t->udp.sorted != SLAB_NONE) {
		struct udp_entry *u = udp_at(t, t->udp.sorted);
		uint32_t next = u->links.next;

		close_udp(t, u);
		t->udp.sorted = next;
	}
}

/* --- open and close ------------------------------------------------------- */

void
tracker_config_init(struct tracker_config *cfg, size_t conn_extra,
		    size_t max_memory)
{
	size_t for_udp = max_memory / UDP_SHARE;
	size_t conn = sizeof(struct conn) + conn_extra + 64;
	size_t slots = 2 * sizeof(struct flow_slot);

	*cfg = (struct tracker_config){
		.max_conns = (max_memory - for_udp) / (conn + slots),
		.max_udp_flows = for_udp / (sizeof(struct udp_entry) + slots),
		.conn_extra = conn_extra,
		.handle_step = 1,
		.ended_packets = UINT64_C(1) << 18,
		/* Linux keeps a silent connection for 7200 s, then probes it
		   9 times, 75 s apart. */
		.idle_timeout = 8000 * NS_PER_S,
		/* The longest gap between two SYNs is 64 s. */
		.half_open_timeout = 150 * NS_PER_S,
		.time_wait = 60 * NS_PER_S,
		.udp_timeout = 120 * NS_PER_S,
	};
	if (cfg->max_conns < 16)
		cfg->max_conns = 16;
	if (cfg->max_udp_flows < 16)
		cfg->max_udp_flows = 16;
}

struct tracker *
tracker_open(const struct tracker_config *cfg,
	     const struct tracker_observer *observer, void *ctx)
{
	struct tracker *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cfg = *cfg;
	t->tell = *observer;
	t->ended_first = t->ended_last = SLAB_NONE;
	t->ctx = ctx;
	if (flows_init(&t->tcp, sizeof(struct conn) + cfg->conn_extra,
		       cfg->max_conns) < 0 ||
	    flows_init(&t->udp, sizeof(struct udp_entry),
		       cfg->max_udp_flows) < 0) {
		tracker_close(t);
		return NULL;
	}
	return t;
}

void
tracker_close(struct tracker *t)
{
	if (!t)
		return;
	flows_release(&t->tcp);
	flows_release(&t->udp);
	free(t);
}

const struct tracker_stats *
tracker_stats(struct tracker *t)
{
	t->stats.bytes = slab_bytes(&t->tcp.slab) + slab_bytes(&t->udp.slab) +
		   flow_table_bytes(&t->tcp.table) +
		   flow_table_bytes(&t->udp.table);
	return &t->stats;
}
