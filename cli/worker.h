/*
 * worker.h - a thread that owns some of the shards.
 */
#ifndef CLI_WORKER_H
#define CLI_WORKER_H

#include "cli/batch.h"
#include "cli/writer.h"

struct worker;

/* Worker number `number` of cfg->jobs; its rows go to `out`. */
struct worker *worker_alloc(const struct pipeline_config *cfg,
			    unsigned number, struct writer_input *out);
void worker_free(struct worker *w);

bool worker_start(struct worker *w);
void worker_push(struct worker *w, struct batch *b);

/* After the last batch was pushed.  Adds what it counted to stats. */
void worker_join(struct worker *w, struct pipeline_stats *stats);

#endif
