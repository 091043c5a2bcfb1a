/*
 * engine.h - one shard: packets in, rows out.
 *
 * The engine owns a tracker and hands what that tells to the analyzers.
 * It belongs to one thread.
 */
#ifndef ANALYSIS_ENGINE_H
#define ANALYSIS_ENGINE_H

#include "analysis/analyzer.h"

struct engine;

struct engine_config {
	struct tracker_config tracker;	/* conn_extra is the engine's to set */
	size_t max_block_bytes;		/* analysis/blocks.h */
	struct analysis_options options;
	bool live;		/* open connections are written too */
	bool first;		/* of all shards: tells what is nobody's own */
};

/* Bytes that the analyzers need behind each struct conn. */
size_t engine_conn_extra(bool live);

struct engine *engine_open(const struct engine_config *cfg,
			   struct row_sink *sink);
void engine_close(struct engine *e);

/* A packet of a flow of this shard; see tracker_packet(). */
void engine_packet(struct engine *e, const struct packet *p,
		   const struct dissection *d, const struct flow_key *key,
		   uint64_t hash, bool swapped);

/* A packet that belongs to no flow: ARP, ICMP echo, IGMP, ... */
void engine_other(struct engine *e, const struct packet *p,
		  const struct dissection *d);

/* After each batch: now is the time of its last packet. */
void engine_expire(struct engine *e, uint64_t frame, nstime now);

/*
 * Live.  Put the rows of connections that changed since they were last put,
 * new ones first, at most max of them; without `all` only new ones.
 */
void engine_update(struct engine *e, size_t max, bool all);

/* Live: so many packets were lost by the capture so far. */
void engine_dropped(struct engine *e, uint64_t total);

/* The shard's tracker: to prefetch, and to close what is open at the end. */
struct tracker *engine_tracker(struct engine *e);

/*
 * The capture ended at now: the tracker lists its connections, to be closed
 * one by one with tracker_close_conn(); then come its UDP flows, and the rest.
 */
void engine_begin_finish(struct engine *e, uint64_t frame, nstime now);
void engine_finish(struct engine *e, nstime now);

#endif
