/*
 * tracker.h - from packets to flows: one shard's flow table and connections.
 *
 * The tracker finds or opens the connection (or UDP flow) of each packet,
 * updates it, and tells its observer.  It belongs to one thread.  Nothing is
 * allocated for a packet: connections live in a slab of bounded size, and
 * when that is full the least valuable one is closed (CONN_END_EVICTED) and
 * counted: half-open and ended ones before established ones.
 */
#ifndef REASSEMBLY_TRACKER_H
#define REASSEMBLY_TRACKER_H

#include <stddef.h>
#include <stdint.h>

#include "reassembly/conn.h"

/* A UDP flow: counters of the two directions; the client sent first. */
struct udp_flow {
	struct addr addr[N_SIDES];
	uint16_t port[N_SIDES];
	uint16_t vlan;
	nstime first, last;
	uint64_t first_frame, last_frame;
	uint64_t packets[N_SIDES], bytes[N_SIDES];	/* payload */
	uint64_t icmp_errors;
};

/* What the tracker tells.  All are called in the order of the packets. */
struct tracker_observer {
	void (*conn_open)(void *ctx, struct conn *conn);
	void (*segment)(void *ctx, struct conn *conn,
			const struct seg_event *ev);
	/* conn->end says why.  The connection is gone after this call. */
	void (*conn_close)(void *ctx, struct conn *conn);
	void (*datagram)(void *ctx, const struct udp_flow *flow,
			 enum side side, const struct packet *p,
			 const struct dissection *d);
	void (*udp_close)(void *ctx, const struct udp_flow *flow);
	/* An ICMP error; conn or flow is the one that it quotes, or both are
	   NULL.  side sent the quoted packet. */
	void (*icmp_error)(void *ctx, struct conn *conn,
			   const struct udp_flow *flow, enum side side,
			   const struct packet *p, const struct dissection *d);
};

struct tracker_config {
	size_t max_conns;
	size_t max_udp_flows;
	size_t conn_extra;	/* bytes of struct conn's extra[] */
	/* Handles are handle_base, handle_base + handle_step, ...: the lowest
	   free one is taken, so that they stay few. */
	uint32_t handle_base, handle_step;
	nstime idle_timeout;	/* established and silent: closed */
	nstime half_open_timeout;
	nstime time_wait;	/* 2 MSL: 60 s as Linux */
	/* One that ended is closed before its time when so many packets of
	   the capture went by: else a busy server's would fill the memory. */
	uint64_t ended_packets;
	nstime udp_timeout;
};

struct tracker_stats {
	uint64_t conns_opened, conns_evicted, udp_flows, udp_evicted;
	uint64_t packets_dropped;	/* no room at all for their flow */
	size_t conns_open;	/* now */
	size_t bytes;		/* of memory held, now */
};

struct tracker;

/* The defaults of tracker_config for about max_memory bytes. */
void tracker_config_init(struct tracker_config *cfg, size_t conn_extra,
			 size_t max_memory);

/* NULL: no memory. */
struct tracker *tracker_open(const struct tracker_config *cfg,
			     const struct tracker_observer *observer,
			     void *ctx);
void tracker_close(struct tracker *t);	/* tells nothing */

/*
 * Take a packet whose key and hash were found by flow_key_of() and
 * flow_key_hash(); swapped as there.
 */
void tracker_packet(struct tracker *t, const struct packet *p,
		    const struct dissection *d, const struct flow_key *key,
		    uint64_t hash, bool swapped);

/* Bring the slot (first), then the connection (second) into the cache. */
void tracker_prefetch_slot(const struct tracker *t, uint64_t hash);
void tracker_prefetch_conn(const struct tracker *t, uint64_t hash);

/*
 * Let the capture reach this frame, and the time now: what is over or silent
 * for too long is listed to be closed, in the order of first frames (UDP flows
 * are closed at once).  To be called after each batch of the capture; which
 * ones are due depends on the packets and on these calls alone, not on how
 * flows were divided into shards.
 */
void tracker_expire(struct tracker *t, uint64_t frame, nstime now);

/* The same for all that is open: the capture ended at now. */
void tracker_finish(struct tracker *t, nstime now);

/*
 * The first on that list, NULL: none is left.  All must be closed, one by one,
 * before the next packet.
 */
struct conn *tracker_next(struct tracker *t);
void tracker_close_conn(struct tracker *t, struct conn *conn);

/* After tracker_finish() and the last connection: close the UDP flows. */
void tracker_finish_udp(struct tracker *t);

const struct tracker_stats *tracker_stats(struct tracker *t);

#endif
