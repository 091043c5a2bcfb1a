/*
 * worker.c - packets of a batch into the engines, the rows to the writer.
 *
 * A packet's flow is looked up in two steps, a group of packets at a time:
 * first all slots are brought into the cache, then all connections.
 */
#include <stdlib.h>

#include "cli/chunk.h"
#include "cli/worker.h"

#define GROUP 32

/* A chunk waits for so many bytes of rows, or for so many batches. */
#define CHUNK_WORTH (32 * 1024)
#define CHUNK_BATCHES 16

/* Rows of the end: connections in the order in which they began, then what
   belongs to none. */
#define FRAME_END_CONNS (UINT64_MAX - 2)
#define FRAME_END_REST  (UINT64_MAX - 1)

/* Live: how often open connections are written, and how many of a shard. */
#define NEW_EVERY (NS_PER_S / 5)
#define UPDATE_EVERY NS_PER_S
#define UPDATES_MAX 250

struct worker {
	pthread_t thread;
	struct queue in;
	struct writer_input *out;
	struct chunk *chunk;		/* being filled */
	unsigned n_batches;		/* in it */
	uint64_t frame;			/* of the last of them */
	struct row_sink sink;
	bool verify_checksums, live;
	nstime next_new, next_update;	/* live */
	unsigned n_engines;
	struct engine *engine[PIPELINE_SHARDS];
	struct engine *by_shard[PIPELINE_SHARDS];
};

static void
put_row(void *ctx, enum row_table table, const void *row)
{
	struct worker *w = ctx;
	struct row_key key = { w->sink.frame, w->sink.first_frame };

	chunk_put(w->chunk, table, row, key);
}

static void
hand_on(struct worker *w, struct row_key until, bool last)
{
	w->chunk->until = until;
	w->chunk->last = last;
	w->n_batches = 0;
	chunk_sort(w->chunk);
	w->chunk = writer_hand_on(w->out, w->chunk);
}

static void
prefetch_group(struct worker *w, struct batch *b, const uint16_t *index,
	       size_t n)
{
	for (size_t k = 0; k < n; k++) {
		unsigned i = index[k];

		if (b->flow[i].known)
			tracker_prefetch_slot(
				engine_tracker(w->by_shard[b->shard[i]]),
				b->flow[i].hash);
		if (w->verify_checksums)
			dissect_checksums(&b->packets.packet[i], &b->d[i]);
	}
	for (size_t k = 0; k < n; k++) {
		unsigned i = index[k];

		if (b->flow[i].known)
			tracker_prefetch_conn(
				engine_tracker(w->by_shard[b->shard[i]]),
				b->flow[i].hash);
	}
}

static void
take_packet(struct worker *w, struct batch *b, unsigned i)
{
	struct engine *e = w->by_shard[b->shard[i]];
	const struct batch_flow *f = &b->flow[i];
	const struct packet *p = &b->packets.packet[i];

	if (f->known)
		engine_packet(e, p, &b->d[i], &f->key, f->hash, f->swapped);
	else
		engine_other(e, p, &b->d[i]);
}

/*
 * Close the connections that the trackers have listed, those that began
 * first first, whichever shard they are in.
 */
static void
close_listed(struct worker *w)
{
	struct conn *head[PIPELINE_SHARDS];

	for (unsigned k = 0; k < w->n_engines; k++)
		head[k] = tracker_next(engine_tracker(w->engine[k]));
	for (;;) {
		unsigned first = w->n_engines;
		struct tracker *t;
		uint64_t frame;

		for (unsigned k = 0; k < w->n_engines; k++)
			if (head[k] && (first == w->n_engines ||
					head[k]->first_frame <
						head[first]->first_frame))
				first = k;
		if (first == w->n_engines)
			return;
		t = engine_tracker(w->engine[first]);
		frame = head[first]->first_frame;
		tracker_close_conn(t, head[first]);
		head[first] = tracker_next(t);
		if (w->chunk->bytes >= CHUNK_FULL)
			hand_on(w, (struct row_key){ w->sink.frame, frame + 1 },
				false);
	}
}

/* Rows of connections that are open: new ones often, the others less so. */
static void
update_open(struct worker *w, const struct batch *b)
{
	bool all = b->now >= w->next_update;

	for (unsigned k = 0; k < w->n_engines; k++)
		engine_dropped(w->engine[k], b->dropped);
	if (b->now < w->next_new)
		return;
	w->next_new = b->now + NEW_EVERY;
	if (all)
		w->next_update = b->now + UPDATE_EVERY;
	for (unsigned k = 0; k < w->n_engines; k++) {
		engine_update(w->engine[k], UPDATES_MAX, all);
		if (w->chunk->bytes >= CHUNK_FULL)
			hand_on(w, (struct row_key){ b->frame, 0 }, false);
	}
}

static void
take_batch(struct worker *w, struct batch *b, unsigned number)
{
	const uint16_t *index = b->index[number];
	size_t n = b->n_of[number];

	for (size_t at = 0; at < n; at += GROUP) {
		size_t end = at + GROUP < n ? at + GROUP : n;

		prefetch_group(w, b, index + at, end - at);
		for (size_t k = at; k < end; k++)
			take_packet(w, b, index[k]);
	}
	for (unsigned k = 0; k < w->n_engines; k++)
		engine_expire(w->engine[k], b->frame, b->now);
	w->sink.frame = w->frame = b->frame;
	close_listed(w);
	if (w->live)
		update_open(w, b);
	if (++w->n_batches == CHUNK_BATCHES || w->chunk->bytes >= CHUNK_WORTH)
		hand_on(w, (struct row_key){ b->frame + 1, 0 }, false);
}

static void
finish(struct worker *w, nstime now)
{
	for (unsigned k = 0; k < w->n_engines; k++)
		engine_begin_finish(w->engine[k], FRAME_END_CONNS, now);
	close_listed(w);
	w->sink.frame = FRAME_END_REST;
	for (unsigned k = 0; k < w->n_engines; k++) {
		tracker_finish_udp(engine_tracker(w->engine[k]));
		engine_finish(w->engine[k], now);
	}
	hand_on(w, (struct row_key){ UINT64_MAX, UINT64_MAX }, true);
}

/*
 * Before it waits for work a worker says how far it has come: the writer may
 * wait for just that, the others for the writer, and the reader for them.
 */
static struct batch *
next_batch(struct worker *w)
{
	struct batch *b = queue_try_pop(&w->in);

	if (b)
		return b;
	if (w->n_batches)
		hand_on(w, (struct row_key){ w->frame + 1, 0 }, false);
	return queue_pop(&w->in);
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;

	for (;;) {
		struct batch *b = next_batch(w);
		bool last = b->last;

		if (last)
			finish(w, b->now);
		else
			take_batch(w, b, w->out->number);
		batch_done(b);
		if (last)
			return NULL;
	}
}

static struct engine *
open_engine(const struct pipeline_config *cfg, unsigned shard,
	    struct row_sink *sink)
{
	struct engine_config ec = {
		.options = cfg->options,
		.live = cfg->live,
		.first = shard == 0,
	};

	/* Half for connections, half for the blocks of the busy ones. */
	ec.max_block_bytes = cfg->max_memory / PIPELINE_SHARDS / 2;
	tracker_config_init(&ec.tracker, engine_conn_extra(cfg->live),
			    cfg->max_memory / PIPELINE_SHARDS / 2);
	ec.tracker.handle_base = shard;
	ec.tracker.handle_step = PIPELINE_SHARDS;
	return engine_open(&ec, sink);
}

struct worker *
worker_alloc(const struct pipeline_config *cfg, unsigned number,
	     struct writer_input *out)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	queue_init(&w->in, QUEUE_MAX, 1);
	w->out = out;
	w->sink.put = put_row;
	w->sink.ctx = w;
	w->sink.thresholds = cfg->options.thresholds;
	w->verify_checksums = cfg->verify_checksums;
	w->live = cfg->live;
	w->chunk = chunk_alloc();
	if (!w->chunk)
		goto fail;
	for (unsigned s = number; s < PIPELINE_SHARDS; s += cfg->jobs) {
		struct engine *e = open_engine(cfg, s, &w->sink);

		if (!e)
			goto fail;
		w->engine[w->n_engines++] = w->by_shard[s] = e;
	}
	return w;
fail:
	worker_free(w);
	return NULL;
}

void
worker_free(struct worker *w)
{
	if (!w)
		return;
	for (unsigned k = 0; k < w->n_engines; k++)
		engine_close(w->engine[k]);
	chunk_free(w->chunk);
	queue_release(&w->in);
	free(w);
}

bool
worker_start(struct worker *w)
{
	return pthread_create(&w->thread, NULL, worker_main, w) == 0;
}

void
worker_push(struct worker *w, struct batch *b)
{
	queue_push(&w->in, b);
}

void
worker_join(struct worker *w, struct pipeline_stats *stats)
{
	pthread_join(w->thread, NULL);
	for (unsigned k = 0; k < w->n_engines; k++) {
		const struct tracker_stats *t =
			tracker_stats(engine_tracker(w->engine[k]));

		stats->conns_evicted += t->conns_evicted;
		stats->udp_evicted += t->udp_evicted;
	}
}
