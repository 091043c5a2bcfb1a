/*
 * batch.h - packets on their way from the reader to the workers.
 *
 * All workers get every batch, and each takes the packets of its own shards.
 * The last one to be done gives the batch back to the reader.
 */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include <stdatomic.h>

#include "capture/capture.h"
#include "cli/pipeline.h"
#include "cli/queue.h"
#include "reassembly/flow_key.h"

struct batch_flow {
	struct flow_key key;
	uint64_t hash;
	bool known;		/* the packet belongs to a flow */
	bool swapped;
};

struct batch {
	struct capture_batch packets;
	struct dissection d[CAPTURE_BATCH];
	struct batch_flow flow[CAPTURE_BATCH];
	uint8_t shard[CAPTURE_BATCH];
	/* Which packets are for which worker. */
	uint16_t n_of[PIPELINE_MAX_JOBS];
	uint16_t index[PIPELINE_MAX_JOBS][CAPTURE_BATCH];
	/* Datagrams made of fragments, which packets of it completed. */
	size_t n_datagrams;
	uint8_t *datagram[CAPTURE_BATCH];
	uint64_t frame;		/* its last packet */
	nstime now;		/* that one's time */
	uint64_t dropped;	/* by the capture, so far (live) */
	bool last;		/* no packets in it: the end of the capture */

	atomic_uint users;
	struct capture *capture;	/* whose packets it holds; or NULL */
	struct queue *home;
};

struct batch *batch_alloc(struct queue *home);	/* NULL: no memory */
void batch_free(struct batch *b);

/* Back with the reader, to be filled from c. */
void batch_reset(struct batch *b, struct capture *c);

/* A worker is done with it. */
void batch_done(struct batch *b);

#endif
