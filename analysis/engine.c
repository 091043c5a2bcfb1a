/*
 * engine.c - one shard: the tracker tells, the analyzers watch, rows come out.
 *
 * Behind each struct conn lie what the engine keeps for it and the analyzers'
 * states, in the order of their list; the offsets are the same for all
 * connections.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/blocks.h"
#include "analysis/engine.h"
#include "analysis/icmp_text.h"
#include "analysis/rate.h"

#define ALIGN 16
#define MAX_ANALYZERS 32

struct protocol_count {
	uint64_t packets, bytes;
};

/* Who wants to see each segment, and where its state is: made once from the
   list of analyzers, which is walked for rarer things only. */
struct segment_hook {
	void (*call)(void *state, struct analysis *an,
		     const struct seg_event *ev);
	size_t offset;		/* of its state in conn->extra */
};

/* Connections that have rows to be put, the longest waiting first. */
struct live_conn;
struct dirty_list {
	struct live_conn *first, *last;
};

struct engine {
	struct tracker *tracker;
	struct row_sink *sink;
	struct analysis_options options;
	struct capture_quality quality;
	struct rate rate;
	struct analysis analysis;	/* of the connection at hand */
	struct protocol_count protocol[N_LAYERS];
	void *shard_state[MAX_ANALYZERS];
	size_t conn_extra;
	/* Of all analyzers first segment(), then after(). */
	struct segment_hook hook[2 * MAX_ANALYZERS];
	unsigned n_hooks;
	/* Rows of unknowns, to begin with: cheaper than row_init(). */
	struct connection_row blank_connection;
	struct endpoint_row blank_end;
	struct blocks *blocks;
	char close_text[CLOSE_TEXT_SIZE];
	bool live, first;
	struct dirty_list fresh, changed;
};

/* What the engine itself keeps for a connection, before the analyzers. */
struct engine_conn {
	uint8_t vantage[N_SIDES];	/* enum vantage */
	uint8_t rate_class;
};

/* More of it for a connection of an interface, behind the analyzers. */
struct live_conn {
	struct conn *conn;
	struct live_conn *next, *prev;	/* in a dirty list */
	struct dirty_list *list;	/* that one; NULL: nothing is new */
	/* What the rows of its hosts have told so far. */
	uint64_t packets[N_SIDES], ip_bytes[N_SIDES];
	bool counted;			/* ... and that there is a connection */
};

static size_t
aligned(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t
plain_extra(void)
{
	size_t n = aligned(sizeof(struct engine_conn));

	for (size_t i = 0; analyzers[i]; i++)
		n += aligned(analyzers[i]->state_size);
	return n;
}

size_t
engine_conn_extra(bool live)
{
	return plain_extra() + (live ? aligned(sizeof(struct live_conn)) : 0);
}

static struct engine_conn *
engine_conn_of(struct conn *conn)
{
	return (struct engine_conn *)conn->extra;
}

/* NULL: it is of a file. */
static struct live_conn *
live_conn_of(const struct engine *e, struct conn *conn)
{
	return e->live ? (struct live_conn *)(conn->extra + e->conn_extra -
				aligned(sizeof(struct live_conn))) : NULL;
}

static unsigned char *
first_state(struct conn *conn)
{
	return conn->extra + aligned(sizeof(struct engine_conn));
}

/* --- which connections have news ------------------------------------------ */

static void
dirty_append(struct dirty_list *list, struct live_conn *lc)
{
	lc->list = list;
	lc->next = NULL;
	lc->prev = list->last;
	if (list->last)
		list->last->next = lc;
	else
		list->first = lc;
	list->last = lc;
}

static void
dirty_remove(struct live_conn *lc)
{
	struct dirty_list *list = lc->list;

	if (!list)
		return;
	if (lc->next)
		lc->next->prev = lc->prev;
	else
		list->last = lc->prev;
	if (lc->prev)
		lc->prev->next = lc->next;
	else
		list->first = lc->next;
	lc->list = NULL;
}

static void
has_news(struct engine *e, struct conn *conn)
{
	struct live_conn *lc = live_conn_of(e, conn);

	if (lc && !lc->list)
		dirty_append(&e->changed, lc);
}

/* --- connections --------------------------------------------------------- */

static void
fill_addresses(struct connection_row *row, const struct conn *conn)
{
	row->conn = conn->handle;
	row->ip_version = addr_is_ipv4(&conn->addr[SIDE_CLIENT]) ? 4 : 6;
	if (conn->vlan != VLAN_NONE)
		row->vlan = conn->vlan;
	row->client_addr = conn->addr[SIDE_CLIENT];
	row->server_addr = conn->addr[SIDE_SERVER];
	row->client_port = conn->port[SIDE_CLIENT];
	row->server_port = conn->port[SIDE_SERVER];
	row->role_known = conn->role_known;
	row->interface = conn->interface;
	row->start_ns = conn->first;
	row->first_frame = (int64_t)conn->first_frame;
}

/*
 * What the analyzers share is about one connection at a time, so there is one
 * in a shard: what lasts from segment to segment is put back behind the conn.
 */
static struct analysis *
take_up(struct engine *e, struct conn *conn)
{
	const struct engine_conn *ec = engine_conn_of(conn);
	struct analysis *an = &e->analysis;

	an->conn = conn;
	an->life = NULL;
	an->kind = SEG_NEW;
	an->rtt = NULL;
	for (int side = 0; side < N_SIDES; side++)
		an->vantage[side] = ec->vantage[side];
	return an;
}

static void
put_back(const struct analysis *an)
{
	struct engine_conn *ec = engine_conn_of(an->conn);

	for (int side = 0; side < N_SIDES; side++)
		ec->vantage[side] = (uint8_t)an->vantage[side];
}

static void
add_hook(struct engine *e, void (*call)(void *, struct analysis *,
					const struct seg_event *),
	 size_t offset)
{
	if (call)
		e->hook[e->n_hooks++] = (struct segment_hook){ call, offset };
}

static void
make_hooks(struct engine *e)
{
	size_t first = aligned(sizeof(struct engine_conn)), offset = first;

	for (size_t i = 0; analyzers[i]; i++) {
		assert(i < MAX_ANALYZERS);
		add_hook(e, analyzers[i]->segment, offset);
		offset += aligned(analyzers[i]->state_size);
	}
	offset = first;
	for (size_t i = 0; analyzers[i]; i++) {
		add_hook(e, analyzers[i]->after, offset);
		offset += aligned(analyzers[i]->state_size);
	}
}

static void
on_conn_open(void *ctx, struct conn *conn)
{
	struct engine *e = ctx;
	unsigned char *state = first_state(conn);
	struct connection_row row;
	struct analysis *an;

	row = e->blank_connection;
	row.phase = CONNECTION_OPEN;
	fill_addresses(&row, conn);
	row_put(e->sink, ROW_CONNECTION, &row);

	memset(conn->extra, 0, e->conn_extra);
	an = take_up(e, conn);
	engine_conn_of(conn)->rate_class = RATE_NONE;
	if (e->live) {
		struct live_conn *lc = live_conn_of(e, conn);

		lc->conn = conn;
		dirty_append(&e->fresh, lc);
	}
	e->rate.row.connections_opened++;
	e->rate.row.open_connections++;
	for (size_t i = 0; analyzers[i]; i++) {
		if (analyzers[i]->open)
			analyzers[i]->open(state, an);
		state += aligned(analyzers[i]->state_size);
	}
}

static void
count_segment(struct rate_row *row, const struct analysis *an,
	      const struct seg_event *ev)
{
	unsigned flags = ev->seg->flags;

	if (flags & TCP_SYN) {
		if (flags & TCP_ACK)
			row->synack++;
		else
			row->syn++;
	}
	row->fin += !!(flags & TCP_FIN);
	row->rst += !!(flags & TCP_RST);
	row->data_packets += ev->seg->len > 0;
	if (seg_is_retransmission(an->kind)) {
		row->retransmissions++;
		row->retrans_bytes += ev->seg->len;
	}
	row->zero_windows += ev->seg->window == 0 &&
			     !(flags & (TCP_RST | TCP_SYN));
}

static void
reclass(struct engine *e, struct conn *conn, enum rate_class to)
{
	struct engine_conn *ec = engine_conn_of(conn);

	if (ec->rate_class == to)
		return;
	rate_reclass(&e->rate, ec->rate_class, to);
	ec->rate_class = (uint8_t)to;
}

static void
on_segment(void *ctx, struct conn *conn, const struct seg_event *ev)
{
	struct engine *e = ctx;
	struct analysis *an = take_up(e, conn);

	for (unsigned i = 0; i < e->n_hooks; i++)
		e->hook[i].call(conn->extra + e->hook[i].offset, an, ev);
	put_back(an);
	count_segment(&e->rate.row, an, ev);
	has_news(e, conn);
	reclass(e, conn, rate_class_of(conn));
}

static void
fill_endpoint(struct endpoint_row *row, const struct conn *conn,
	      enum side side)
{
	const struct half *h = &conn->half[side];

	row->conn = conn->handle;
	row->side = side;
	if (h->isn_known)
		row->isn = (int64_t)(h->isn & UINT32_MAX);
	row->packets = (int64_t)h->packets;
	row->ip_bytes = (int64_t)h->ip_bytes;
	row->bytes = (int64_t)h->bytes;
	row->data_packets = h->data_packets;
	row->syn_packets = h->syn_packets;
	row->synack_packets = h->synack_packets;
	row->fin_packets = h->fin_packets;
	row->rst_packets = h->rst_packets;
	if (h->mss)
		row->mss = h->mss;
	if (h->wscale_known)
		row->wscale = h->wscale;
	if (h->seen)
		row->ttl = h->ttl;
	if (h->isn_known) {
		row->sack_permitted = h->sack_perm;
		row->timestamps = h->ts_ok;
		row->ecn = h->ecn_setup;
	}
}

static void
fill_connection(struct connection_row *row, const struct conn *conn,
		const struct tcp_life *life)
{
	fill_addresses(row, conn);
	row->end_ns = conn->last;
	row->duration_ns = conn->last - conn->first;
	row->last_frame = (int64_t)conn->last_frame;
	row->client_state = tcp_state_name(life->state[SIDE_CLIENT]);
	row->server_state = tcp_state_name(life->state[SIDE_SERVER]);
	row->changes = life->change;
	row->n_changes = life->n_changes;
	row->evicted = conn->end == CONN_END_EVICTED;
}

/* What is new of a host since its last row. */
static void
put_host(struct row_sink *sink, const struct conn *conn, enum side side,
	 const struct live_conn *told)
{
	const struct half *mine = &conn->half[side];
	const struct half *peers = &conn->half[!side];
	struct host_row row;

	row_init(ROW_HOST, &row);
	row.addr = conn->addr[side];
	row.first_ns = conn->first;
	row.last_ns = conn->last;
	row.packets_sent = (int64_t)(mine->packets - told->packets[side]);
	row.bytes_sent = (int64_t)(mine->ip_bytes - told->ip_bytes[side]);
	row.packets_received =
		(int64_t)(peers->packets - told->packets[!side]);
	row.bytes_received =
		(int64_t)(peers->ip_bytes - told->ip_bytes[!side]);
	row.connections_client = side == SIDE_CLIENT && !told->counted;
	row.connections_server = side == SIDE_SERVER && !told->counted;
	row_put(sink, ROW_HOST, &row);
}

static void
put_hosts(struct engine *e, struct conn *conn)
{
	static const struct live_conn nothing;
	struct live_conn *lc = live_conn_of(e, conn);

	for (int side = 0; side < N_SIDES; side++)
		put_host(e->sink, conn, side, lc ? lc : &nothing);
	if (!lc)
		return;
	for (int side = 0; side < N_SIDES; side++) {
		lc->packets[side] = conn->half[side].packets;
		lc->ip_bytes[side] = conn->half[side].ip_bytes;
	}
	lc->counted = true;
}

/* A connection's own row and those of its ends, by the analyzers' functions
   for this phase. */
static void
put_connection(struct engine *e, struct conn *conn, enum connection_phase phase)
{
	struct analysis *an = take_up(e, conn);
	unsigned char *state = first_state(conn);
	struct connection_row row = e->blank_connection;
	struct endpoint_row end[N_SIDES];
	struct tcp_life life;

	conn_life(conn, &life);
	an->life = &life;
	row.phase = phase;
	fill_connection(&row, conn, &life);
	for (int side = 0; side < N_SIDES; side++) {
		end[side] = e->blank_end;
		fill_endpoint(&end[side], conn, side);
	}
	for (size_t i = 0; analyzers[i]; i++) {
		if (phase == CONNECTION_FINAL && analyzers[i]->close)
			analyzers[i]->close(state, an, &row, end);
		if (phase == CONNECTION_UPDATE && analyzers[i]->update)
			analyzers[i]->update(state, an, &row, end);
		state += aligned(analyzers[i]->state_size);
	}
	an->life = NULL;
	/* The ends first: with the connection's row its handle is free. */
	for (int side = 0; side < N_SIDES; side++)
		row_put(e->sink, ROW_ENDPOINT, &end[side]);
	row_put(e->sink, ROW_CONNECTION, &row);
	put_hosts(e, conn);
}

static void
on_conn_close(void *ctx, struct conn *conn)
{
	struct engine *e = ctx;
	/* The others make way for the packet at hand, whose rows come next:
	   their handles may be used anew by then. */
	bool by_time = conn->end != CONN_END_REUSED &&
		       conn->end != CONN_END_EVICTED;

	if (by_time)
		e->sink->first_frame = conn->first_frame;
	if (e->live)
		dirty_remove(live_conn_of(e, conn));
	put_connection(e, conn, CONNECTION_FINAL);
	reclass(e, conn, RATE_NONE);
	e->rate.row.connections_closed++;
	e->rate.row.open_connections--;
	if (by_time)
		e->sink->first_frame = 0;
}

static void
update_list(struct engine *e, struct dirty_list *list, size_t *max)
{
	for (; list->first && *max > 0; --*max) {
		struct conn *conn = list->first->conn;

		dirty_remove(list->first);
		e->sink->first_frame = conn->first_frame;
		put_connection(e, conn, CONNECTION_UPDATE);
	}
	e->sink->first_frame = 0;
}

/* --- UDP, ICMP, the rest -------------------------------------------------- */

static void
put_udp_flow(struct engine *e, const struct udp_flow *flow, bool is_update)
{
	struct udp_flow_row row;

	row_init(ROW_UDP_FLOW, &row);
	row.is_update = is_update;
	row.client_addr = flow->addr[SIDE_CLIENT];
	row.server_addr = flow->addr[SIDE_SERVER];
	row.client_port = flow->port[SIDE_CLIENT];
	row.server_port = flow->port[SIDE_SERVER];
	if (flow->vlan != VLAN_NONE)
		row.vlan = flow->vlan;
	row.start_ns = flow->first;
	row.end_ns = flow->last;
	row.first_frame = (int64_t)flow->first_frame;
	row.last_frame = (int64_t)flow->last_frame;
	row.client_packets = (int64_t)flow->packets[SIDE_CLIENT];
	row.server_packets = (int64_t)flow->packets[SIDE_SERVER];
	row.client_bytes = (int64_t)flow->bytes[SIDE_CLIENT];
	row.server_bytes = (int64_t)flow->bytes[SIDE_SERVER];
	row.icmp_errors = (int64_t)flow->icmp_errors;
	row_put(e->sink, ROW_UDP_FLOW, &row);
}

/* Live: is it time to write a flow that goes on?  Short ones wait for their
   end; the others are written ever less often, up to each 256 packets. */
static bool
udp_is_due(const struct udp_flow *flow)
{
	uint64_t n = flow->packets[SIDE_CLIENT] + flow->packets[SIDE_SERVER];

	return n >= 8 && ((n & (n - 1)) == 0 || n % 256 == 0);
}

static void
on_datagram(void *ctx, const struct udp_flow *flow, enum side side,
	    const struct packet *p, const struct dissection *d)
{
	struct engine *e = ctx;

	for (size_t i = 0; shard_analyzers[i]; i++)
		if (shard_analyzers[i]->datagram)
			shard_analyzers[i]->datagram(e->shard_state[i],
						     e->sink, flow, side, p, d);
	if (e->live && udp_is_due(flow))
		put_udp_flow(e, flow, true);
}

static void
on_udp_close(void *ctx, const struct udp_flow *flow)
{
	struct engine *e = ctx;

	e->sink->first_frame = flow->first_frame;
	put_udp_flow(e, flow, false);
	e->sink->first_frame = 0;
}

static void
put_icmp_error(struct row_sink *sink, const struct conn *conn,
	       const struct packet *p, const struct dissection *d)
{
	const struct icmp_message *icmp = &d->icmp;
	struct icmp_error_row row;

	row_init(ROW_ICMP_ERROR, &row);
	row.conn = conn ? conn->handle : CONN_NONE;
	row.ts_ns = p->ts;
	row.frame_number = (int64_t)p->number;
	row.src_addr = d->ip.src;
	row.dst_addr = d->ip.dst;
	row.icmp_type = icmp->type;
	row.icmp_code = icmp->code;
	row.meaning = icmp_meaning(d->ip.version, icmp->type, icmp->code);
	if (icmp->mtu)
		row.mtu = icmp->mtu;
	if (icmp->quoted.version) {
		row.quoted_src_addr = icmp->quoted.src;
		row.quoted_dst_addr = icmp->quoted.dst;
		row.quoted_proto = icmp->quoted.proto;
	}
	if (icmp->has_ports) {
		row.quoted_src_port = icmp->sport;
		row.quoted_dst_port = icmp->dport;
	}
	row_put(sink, ROW_ICMP_ERROR, &row);
}

static void
on_icmp_error(void *ctx, struct conn *conn, const struct udp_flow *flow,
	      enum side side, const struct packet *p,
	      const struct dissection *d)
{
	struct engine *e = ctx;

	put_icmp_error(e->sink, conn, p, d);
	if (conn) {
		struct analysis *an = take_up(e, conn);
		unsigned char *state = first_state(conn);

		for (size_t i = 0; analyzers[i]; i++) {
			if (analyzers[i]->icmp_error)
				analyzers[i]->icmp_error(state, an, side, p, d);
			state += aligned(analyzers[i]->state_size);
		}
		reclass(e, conn, rate_class_of(conn));
	}
	if (flow)
		for (size_t i = 0; shard_analyzers[i]; i++)
			if (shard_analyzers[i]->icmp_error)
				shard_analyzers[i]->icmp_error(
					e->shard_state[i], e->sink, flow, side,
					p, d);
}

static const struct tracker_observer observer = {
	.conn_open = on_conn_open,
	.segment = on_segment,
	.conn_close = on_conn_close,
	.datagram = on_datagram,
	.udp_close = on_udp_close,
	.icmp_error = on_icmp_error,
};

/* --- the engine ----------------------------------------------------------- */

struct engine *
engine_open(const struct engine_config *cfg, struct row_sink *sink)
{
	struct engine *e = calloc(1, sizeof(*e));
	struct tracker_config tracker = cfg->tracker;

	if (!e)
		return NULL;
	e->sink = sink;
	e->options = cfg->options;
	e->analysis.sink = sink;
	e->analysis.options = &e->options;
	e->analysis.quality = &e->quality;
	e->analysis.close_text = e->close_text;
	e->live = cfg->live;
	e->first = cfg->first;
	make_hooks(e);
	rate_init(&e->rate);
	row_init(ROW_CONNECTION, &e->blank_connection);
	row_init(ROW_ENDPOINT, &e->blank_end);
	for (size_t i = 0; shard_analyzers[i]; i++) {
		assert(i < MAX_ANALYZERS);
		e->shard_state[i] = calloc(1, shard_analyzers[i]->state_size);
		if (!e->shard_state[i])
			goto fail;
	}
	e->conn_extra = engine_conn_extra(cfg->live);
	tracker.conn_extra = e->conn_extra;
	e->blocks = blocks_open(cfg->max_block_bytes);
	if (!e->blocks)
		goto fail;
	e->analysis.blocks = e->blocks;
	e->tracker = tracker_open(&tracker, &observer, e);
	if (!e->tracker)
		goto fail;
	return e;
fail:
	engine_close(e);
	return NULL;
}

void
engine_close(struct engine *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < MAX_ANALYZERS; i++)
		free(e->shard_state[i]);
	if (e->tracker)
		tracker_close(e->tracker);
	if (e->blocks)
		blocks_close(e->blocks);
	free(e);
}

struct tracker *
engine_tracker(struct engine *e)
{
	return e->tracker;
}

/* Each protocol once a packet, also where tunnels repeat it. */
static void
count_protocols(struct engine *e, const struct packet *p,
		const struct dissection *d)
{
	uint64_t seen = 0;

	static_assert(N_LAYERS <= 64, "one bit each");
	for (unsigned i = 0; i < d->n_layers; i++) {
		unsigned kind = d->layer[i].kind;

		if (seen & UINT64_C(1) << kind)
			continue;
		seen |= UINT64_C(1) << kind;
		e->protocol[kind].packets++;
		e->protocol[kind].bytes += p->wire_len;
	}
}

static void
begin_packet(struct engine *e, const struct packet *p,
	     const struct dissection *d)
{
	e->sink->frame = p->number;
	e->sink->first_frame = 0;
	rate_advance(&e->rate, e->sink, p->ts);
	e->rate.row.packets++;
	e->rate.row.bytes += p->wire_len;
	count_protocols(e, p, d);
}

void
engine_packet(struct engine *e, const struct packet *p,
	      const struct dissection *d, const struct flow_key *key,
	      uint64_t hash, bool swapped)
{
	begin_packet(e, p, d);
	tracker_packet(e->tracker, p, d, key, hash, swapped);
}

void
engine_other(struct engine *e, const struct packet *p,
	     const struct dissection *d)
{
	begin_packet(e, p, d);
	if (d->kind == DISSECT_ICMP && d->icmp.is_error)
		put_icmp_error(e->sink, NULL, p, d);
	for (size_t i = 0; shard_analyzers[i]; i++)
		if (shard_analyzers[i]->other)
			shard_analyzers[i]->other(e->shard_state[i], e->sink,
						  p, d);
}

void
engine_expire(struct engine *e, uint64_t frame, nstime now)
{
	e->sink->frame = frame;
	e->sink->first_frame = 0;
	if (now / NS_PER_S > e->rate.row.second)
		rate_advance(&e->rate, e->sink, now);
	tracker_expire(e->tracker, frame, now);
	for (size_t i = 0; shard_analyzers[i]; i++)
		if (shard_analyzers[i]->expire)
			shard_analyzers[i]->expire(e->shard_state[i], e->sink,
						   now);
}

void
engine_begin_finish(struct engine *e, uint64_t frame, nstime now)
{
	e->sink->frame = frame;
	e->sink->first_frame = 0;
	tracker_finish(e->tracker, now);
}

static void
put_protocols(struct engine *e)
{
	for (unsigned kind = 0; kind < N_LAYERS; kind++) {
		struct protocol_row row = {
			.name = layer_name(kind),
			.packets = (int64_t)e->protocol[kind].packets,
			.bytes = (int64_t)e->protocol[kind].bytes,
		};

		if (row.packets > 0)
			row_put(e->sink, ROW_PROTOCOL, &row);
		e->protocol[kind] = (struct protocol_count){ 0 };
	}
}

void
engine_update(struct engine *e, size_t max, bool all)
{
	update_list(e, &e->fresh, &max);
	if (all) {
		update_list(e, &e->changed, &max);
		put_protocols(e);
	}
}

void
engine_dropped(struct engine *e, uint64_t total)
{
	uint64_t more = total - e->quality.packets_dropped;

	e->quality.packets_dropped = total;
	if (e->first && more > 0) {
		if (e->rate.row.packets_dropped == ROW_NULL)
			e->rate.row.packets_dropped = 0;
		e->rate.row.packets_dropped += (int64_t)more;
	}
}

void
engine_finish(struct engine *e, nstime now)
{
	for (size_t i = 0; shard_analyzers[i]; i++)
		if (shard_analyzers[i]->finish)
			shard_analyzers[i]->finish(e->shard_state[i], e->sink,
						   now);
	put_protocols(e);
	rate_flush(&e->rate, e->sink);
}
