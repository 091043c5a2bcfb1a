/*
 * writer.h - the writer: rows of all workers into one order and the store.
 *
 * Each worker hands on chunks of rows in the order of their keys.  The lowest
 * key of all workers goes next; where a worker has handed on nothing, its
 * last chunk told how far it has come at least.
 */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include <stdatomic.h>

#include "cli/chunk.h"
#include "cli/finding_bound.h"
#include "cli/pipeline.h"
#include "cli/queue.h"

/* From one worker. */
struct writer_input {
	unsigned number;
	struct queue full, empty;	/* of chunks */
	struct chunk *at;		/* being read; or NULL */
	struct row_key until;
	bool done;
};

struct writer {
	struct store *store;
	unsigned n_inputs;
	struct writer_input input[PIPELINE_MAX_JOBS];
	void **state;			/* of the capture analyzers */
	struct row_sink sink;
	const struct pipeline_config *cfg;
	nstime now;			/* set by the reader at its end */
	bool no_memory;
	/* Live: the store fails, rows are let go until it can be written. */
	bool paused;
	nstime paused_at, tried;
	nstime told;			/* the findings on the whole */
	bool at_end;
	unsigned turns;			/* of the store's, so far */
	uint64_t skipped;
	struct finding_bounds *bounds;
	atomic_bool failed;
};

bool writer_init(struct writer *m, struct store *store,
		const struct pipeline_config *cfg);
void writer_release(struct writer *m);

/* The writer's thread: arg is the struct writer. */
void *writer_run(void *arg);

/* Nothing is stored any more: whoever reads may as well stop.  Any thread. */
bool writer_failed(const struct writer *m);

/* A worker gives a chunk and gets an empty one. */
struct chunk *writer_hand_on(struct writer_input *in, struct chunk *full);

#endif
