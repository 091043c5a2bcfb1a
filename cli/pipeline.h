/*
 * pipeline.h - the way of the data, and the only threads.
 *
 * One reader (the calling thread) takes batches of packets from the capture,
 * dissects them and finds the flow of each packet; N workers own the shards,
 * each with its flow table and analyzers; one writer brings the workers' rows
 * into one order and owns the store.  Batches and chunks of rows go through
 * bounded queues, so that a slow stage slows the others and memory is bounded.
 *
 * The same input gives the same database whatever N is: there are always
 * PIPELINE_SHARDS shards, time is the capture's, what expires is looked for
 * after each batch of the capture, and rows are ordered by the packet that
 * they follow from.
 */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/engine.h"
#include "capture/capture.h"
#include "store/store.h"

#define PIPELINE_SHARDS 16
#define PIPELINE_MAX_JOBS 16

struct pipeline_stats;

struct pipeline_config {
	unsigned jobs;			/* workers: 1 to PIPELINE_MAX_JOBS */
	/* An interface: empty batches are ticks, what is open is written too,
	   and commits are frequent. */
	bool live;
	size_t max_memory;		/* bytes, for all flow tables */
	bool verify_checksums;
	struct analysis_options options;
	const volatile sig_atomic_t *stop;	/* set by a signal; or NULL */
	/* Called by the reader now and then; or NULL. */
	void (*progress)(void *ctx, const struct capture *c);
	void *progress_ctx;
	/* The reader has a batch, empty ones too; or NULL. */
	void (*batch)(void *ctx, struct capture *c,
		      const struct capture_batch *b,
		      const struct pipeline_stats *stats);
	/* The writer is about to commit; or NULL.  False: it failed. */
	bool (*commit)(void *ctx, struct store *store);
	/* Live, now and then: what is to be said of the capture itself. */
	void (*findings)(void *ctx, struct row_sink *sink);
	void *live_ctx;			/* of these */
};

enum pipeline_result {
	PIPELINE_DONE,
	PIPELINE_INTERRUPTED,		/* *stop was set */
	PIPELINE_STORE_FAILED,		/* see store_error() */
	PIPELINE_NO_MEMORY,
};

/* What the pipeline itself counted. */
struct pipeline_stats {
	uint64_t packets;		/* analysed */
	uint64_t bytes;			/* of these, on the wire */
	uint64_t cut, malformed;
	uint64_t unknown_link_type, too_deep;
	uint64_t fragments, fragments_dropped;
	uint64_t conns_evicted, udp_evicted;
	nstime start, end;		/* first and last packet */
	nstime last;			/* the newest */
	uint64_t steps_back;		/* earlier than the one before */
	nstime step_back_max;
	uint64_t step_back_frame;	/* of the largest */
	uint64_t super_packets;		/* larger than any link takes */
	struct capture_live_counts live;	/* asked for each second */
};

/*
 * Run a capture into a store in which a capture was begun.  All rows are in
 * the store, though not committed, when it returns.
 */
enum pipeline_result pipeline_run(const struct pipeline_config *cfg,
				  struct capture *capture,
				  struct store *store,
				  struct pipeline_stats *stats);

#endif
