/*
 * pipeline.c - reader, workers and writer.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "cli/batch.h"
#include "cli/chunk.h"
#include "cli/pipeline.h"
#include "cli/queue.h"
#include "cli/worker.h"
#include "cli/writer.h"
#include "reassembly/fragment.h"

#define N_BATCHES 8

/* The largest frame that links carry; what is larger was not cut yet. */
#define JUMBO_FRAME 9216

/* Packets reach us so much after their time, at most. */
#define LIVE_DELAY (NS_PER_S / 10)

/* For fragments that wait for the rest of their datagrams. */
#define FRAGMENT_MEMORY ((size_t)16 << 20)

struct pipeline {
	const struct pipeline_config *cfg;
	struct capture *capture;
	struct flow_secret secret;
	struct batch *batch[N_BATCHES];
	struct queue free_batches;
	struct worker *worker[PIPELINE_MAX_JOBS];
	struct writer writer;
	struct fragments *fragments;
	struct dissection whole;	/* a datagram made of fragments */
	struct pipeline_stats *stats;
	nstime now;			/* of the capture */
	uint64_t frame;			/* the last one's number */
	nstime counted;			/* when the kernel was asked */
};

static void
count_packet(struct pipeline_stats *s, const struct packet *p,
	     const struct dissection *d)
{
	if (s->packets++ == 0)
		s->start = s->end = p->ts;
	if (p->ts < s->start)
		s->start = p->ts;
	if (p->ts > s->end)
		s->end = p->ts;
	if (p->ts < s->last) {
		s->steps_back++;
		if (s->last - p->ts > s->step_back_max) {
			s->step_back_max = s->last - p->ts;
			s->step_back_frame = p->number;
		}
	}
	s->last = p->ts;
	s->super_packets += p->wire_len > JUMBO_FRAME;
	s->bytes += p->wire_len;
	s->cut += p->caplen < p->wire_len;
	s->malformed += d->status == CURSOR_BAD;
	s->unknown_link_type += d->link_type_unknown;
	s->too_deep += d->too_deep;
	s->fragments += d->kind == DISSECT_FRAGMENT;
}

/*
 * The datagram that this fragment completes, in the place of the fragment:
 * its own layers behind those around it.
 */
static void
take_fragment(struct pipeline *pl, struct batch *b, size_t i)
{
	struct dissection *whole = &pl->whole;
	struct dissection *d = &b->d[i];
	uint32_t caplen, wire_len;
	uint8_t *bytes = fragments_take(pl->fragments, &b->packets.packet[i],
					d, &caplen, &wire_len);
	unsigned n = 0;

	if (!bytes)
		return;
	b->datagram[b->n_datagrams++] = bytes;
	dissect_ip(bytes, caplen, wire_len, whole);
	while (n < d->n_layers && d->layer[n].kind != LAYER_IP &&
	       d->layer[n].kind != LAYER_IP6)
		n++;
	if (n + whole->n_layers > DISSECT_MAX_LAYERS)
		n = DISSECT_MAX_LAYERS - whole->n_layers;
	memmove(whole->layer + n, whole->layer,
		whole->n_layers * sizeof(*whole->layer));
	memcpy(whole->layer, d->layer, n * sizeof(*whole->layer));
	whole->n_layers = (uint8_t)(whole->n_layers + n);
	whole->vlan = d->vlan;
	*d = *whole;
}

/* The shard of a packet: that of its flow; what has none goes to the first. */
static unsigned
shard_of(struct pipeline *pl, struct batch *b, size_t i)
{
	struct batch_flow *f = &b->flow[i];

	f->known = flow_key_of(&b->d[i], &f->key, &f->swapped);
	if (!f->known)
		return 0;
	f->hash = flow_key_hash(&f->key, &pl->secret);
	return (unsigned)(f->hash % PIPELINE_SHARDS);
}

static void
prepare_batch(struct pipeline *pl, struct batch *b)
{
	unsigned jobs = pl->cfg->jobs;

	memset(b->n_of, 0, sizeof(b->n_of));
	for (size_t i = 0; i < b->packets.n; i++) {
		const struct packet *p = &b->packets.packet[i];
		unsigned shard, w;

		dissect_packet(p, &b->d[i]);
		count_packet(pl->stats, p, &b->d[i]);
		if (b->d[i].kind == DISSECT_FRAGMENT)
			take_fragment(pl, b, i);
		shard = shard_of(pl, b, i);
		w = shard % jobs;
		b->shard[i] = (uint8_t)shard;
		b->index[w][b->n_of[w]++] = (uint16_t)i;
	}
	if (b->packets.n > 0) {
		pl->now = b->packets.packet[b->packets.n - 1].ts;
		pl->frame = b->packets.packet[b->packets.n - 1].number;
	}
	b->now = pl->now;
	b->frame = pl->frame;
}

static nstime
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/*
 * Time goes on where no packet comes: as far as none can be on its way any
 * more.  The kernel's counters are asked for once a second.
 */
static void
take_tick(struct pipeline *pl, struct batch *b)
{
	nstime clock = clock_now();

	if (b->packets.n == 0 && clock - LIVE_DELAY > pl->now)
		pl->now = clock - LIVE_DELAY;
	if (clock - pl->counted >= NS_PER_S || clock < pl->counted) {
		pl->counted = clock;
		capture_live_counts(pl->capture, &pl->stats->live);
	}
	b->dropped = pl->stats->live.dropped_kernel +
		     pl->stats->live.dropped_interface;
}

static void
hand_out(struct pipeline *pl, struct batch *b)
{
	unsigned jobs = pl->cfg->jobs;

	atomic_store(&b->users, jobs);
	for (unsigned w = 0; w < jobs; w++)
		worker_push(pl->worker[w], b);
}

static bool
stopped(const struct pipeline *pl)
{
	/* Live, the capture knows when: it may still have packets. */
	return (pl->cfg->stop && *pl->cfg->stop && !pl->cfg->live) ||
	       writer_failed(&pl->writer);
}

static void
read_all(struct pipeline *pl)
{
	for (;;) {
		struct batch *b = queue_pop(&pl->free_batches);

		batch_reset(b, pl->capture);
		b->last = stopped(pl) ||
			  !capture_next(pl->capture, &b->packets);
		if (b->last)
			b->packets.n = 0;
		if (pl->cfg->live)
			take_tick(pl, b);
		prepare_batch(pl, b);
		if (b->last)
			pl->writer.now = b->now;
		if (pl->cfg->progress)
			pl->cfg->progress(pl->cfg->progress_ctx, pl->capture);
		if (pl->cfg->batch)
			pl->cfg->batch(pl->cfg->live_ctx, pl->capture,
				       &b->packets, pl->stats);
		hand_out(pl, b);
		if (b->last)
			return;
	}
}

static bool
open_all(struct pipeline *pl, struct store *store)
{
	queue_init(&pl->free_batches, N_BATCHES, N_BATCHES / 2);
	if (getrandom(&pl->secret, sizeof(pl->secret), 0) !=
	    sizeof(pl->secret))
		return false;
	pl->fragments = fragments_open(&pl->secret, FRAGMENT_MEMORY);
	if (!pl->fragments)
		return false;
	for (size_t i = 0; i < N_BATCHES; i++) {
		pl->batch[i] = batch_alloc(&pl->free_batches);
		if (!pl->batch[i])
			return false;
		queue_push(&pl->free_batches, pl->batch[i]);
	}
	if (!writer_init(&pl->writer, store, pl->cfg))
		return false;
	for (unsigned w = 0; w < pl->cfg->jobs; w++) {
		pl->worker[w] = worker_alloc(pl->cfg, w, &pl->writer.input[w]);
		if (!pl->worker[w])
			return false;
	}
	return true;
}

static void
close_all(struct pipeline *pl)
{
	for (unsigned w = 0; w < pl->cfg->jobs; w++)
		worker_free(pl->worker[w]);
	writer_release(&pl->writer);
	for (size_t i = 0; i < N_BATCHES; i++)
		batch_free(pl->batch[i]);
	queue_release(&pl->free_batches);
	if (pl->fragments)
		fragments_close(pl->fragments);
}

static void
count_fragments(struct pipeline *pl)
{
	const struct fragment_stats *f = fragments_stats(pl->fragments);

	pl->stats->fragments_dropped = f->timed_out + f->evicted + f->bad +
				       f->unfinished;
}

static bool
start_threads(struct pipeline *pl, pthread_t *thread)
{
	if (pthread_create(thread, NULL, writer_run, &pl->writer) != 0)
		return false;
	for (unsigned w = 0; w < pl->cfg->jobs; w++)
		if (!worker_start(pl->worker[w])) {
			/* Those that run cannot be called back. */
			abort();
		}
	return true;
}

enum pipeline_result
pipeline_run(const struct pipeline_config *cfg, struct capture *capture,
	     struct store *store, struct pipeline_stats *stats)
{
	struct pipeline pl = {
		.cfg = cfg,
		.capture = capture,
		.stats = stats,
	};
	enum pipeline_result result = PIPELINE_NO_MEMORY;
	pthread_t thread;

	assert(cfg->jobs > 0 && cfg->jobs <= PIPELINE_MAX_JOBS);
	memset(stats, 0, sizeof(*stats));
	if (!open_all(&pl, store) || !start_threads(&pl, &thread))
		goto out;
	read_all(&pl);
	for (unsigned w = 0; w < cfg->jobs; w++)
		worker_join(pl.worker[w], stats);
	pthread_join(thread, NULL);
	count_fragments(&pl);
	if (pl.writer.no_memory)
		result = PIPELINE_NO_MEMORY;
	else if (writer_failed(&pl.writer))
		result = PIPELINE_STORE_FAILED;
	else if (cfg->stop && *cfg->stop)
		result = PIPELINE_INTERRUPTED;
	else
		result = PIPELINE_DONE;
out:
	close_all(&pl);
	return result;
}
