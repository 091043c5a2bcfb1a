/*
 * bench.c - what each stage costs, in nanoseconds a packet of CPU time.
 *
 * usage: bench CAPTURE [RUNS]
 *
 * One thread, stage by stage over the same packets: reading; dissecting;
 * checksums; finding the flow; the flow table with all analyzers; the rows'
 * copies; the database in memory.  Each line is the best of RUNS.  Stages
 * after the first are measured over batches that are in the cache, as they
 * are in the pipeline.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/engine.h"
#include "capture/capture.h"
#include "cli/chunk.h"
#include "store/store.h"

enum stage {
	STAGE_READ,
	STAGE_DISSECT,
	STAGE_CHECKSUM,
	STAGE_FLOW,
	STAGE_ENGINE,
	STAGE_PACK,
	STAGE_STORE,
	N_STAGES
};

static const char *const names[N_STAGES] = {
	[STAGE_READ] = "read",
	[STAGE_DISSECT] = "dissect",
	[STAGE_CHECKSUM] = "checksums",
	[STAGE_FLOW] = "flow key and hash",
	[STAGE_ENGINE] = "flow table and analyzers",
	[STAGE_PACK] = "rows copied",
	[STAGE_STORE] = "rows stored (in memory)",
};

struct bench {
	double ns[N_STAGES];
	uint64_t packets, rows, conns;
	struct chunk *chunk;
	struct row_sink sink;
	struct engine *engine;
	struct store *store;
	double pack_ns;
};

static double
cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void
put_row(void *ctx, enum row_table table, const void *row)
{
	struct bench *b = ctx;

	chunk_put(b->chunk, table, row,
		  (struct row_key){ b->sink.frame, b->sink.first_frame });
}

static void
fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static void
store_rows_of(struct bench *b)
{
	double t = cpu_ns();

	for (size_t i = 0; i < b->chunk->n_rows; i++)
		if (store_put(b->store, b->chunk->row[i].table,
			      b->chunk->row[i].row) < 0)
			fail(store_error(b->store));
	b->rows += b->chunk->n_rows;
	b->ns[STAGE_STORE] += cpu_ns() - t;
	t = cpu_ns();
	chunk_clear(b->chunk);
	b->ns[STAGE_PACK] += cpu_ns() - t;
}

static void
run_engine(struct bench *b, const struct capture_batch *batch,
	   const struct dissection *d)
{
	static const struct flow_secret secret = { 1, 2 };
	static struct {
		struct flow_key key;
		uint64_t hash;
		bool known, swapped;
	} flow[CAPTURE_BATCH];
	struct tracker *t = engine_tracker(b->engine);
	double start = cpu_ns(), end;

	for (size_t i = 0; i < batch->n; i++) {
		flow[i].known = flow_key_of(&d[i], &flow[i].key,
					    &flow[i].swapped);
		if (flow[i].known)
			flow[i].hash = flow_key_hash(&flow[i].key, &secret);
	}
	end = cpu_ns();
	b->ns[STAGE_FLOW] += end - start;
	for (size_t at = 0; at < batch->n; at += 32) {
		size_t to = at + 32 < batch->n ? at + 32 : batch->n;

		for (size_t i = at; i < to; i++)
			if (flow[i].known)
				tracker_prefetch_slot(t, flow[i].hash);
		for (size_t i = at; i < to; i++)
			if (flow[i].known)
				tracker_prefetch_conn(t, flow[i].hash);
		for (size_t i = at; i < to; i++)
			if (flow[i].known)
				engine_packet(b->engine, &batch->packet[i],
					      &d[i], &flow[i].key,
					      flow[i].hash, flow[i].swapped);
			else
				engine_other(b->engine, &batch->packet[i],
					     &d[i]);
	}
	engine_expire(b->engine, batch->packet[batch->n - 1].number,
		      batch->packet[batch->n - 1].ts);
	b->ns[STAGE_ENGINE] += cpu_ns() - end;
}

static void
finish_engine(struct bench *b, nstime now)
{
	struct tracker *t = engine_tracker(b->engine);
	struct conn *c;
	double start = cpu_ns();

	engine_begin_finish(b->engine, UINT64_MAX - 2, now);
	while ((c = tracker_next(t))) {
		tracker_close_conn(t, c);
		if (b->chunk->bytes < CHUNK_FULL)
			continue;
		b->ns[STAGE_ENGINE] += cpu_ns() - start;
		store_rows_of(b);
		start = cpu_ns();
	}
	tracker_finish_udp(t);
	engine_finish(b->engine, now);
	b->ns[STAGE_ENGINE] += cpu_ns() - start;
	store_rows_of(b);
	b->conns = tracker_stats(t)->conns_opened;
}

static void
open_bench(struct bench *b)
{
	struct engine_config cfg = { .max_block_bytes = (size_t)1 << 30 };
	struct capture_row row = { .source = "bench", .kind = "file",
				   .status = "running" };

	memset(b, 0, sizeof(*b));
	b->sink.put = put_row;
	b->sink.ctx = b;
	tracker_config_init(&cfg.tracker, engine_conn_extra(false),
			    (size_t)4 << 30);
	cfg.tracker.handle_step = 1;
	b->chunk = chunk_alloc();
	b->engine = engine_open(&cfg, &b->sink);
	if (!b->chunk || !b->engine)
		fail("no memory");
	if (store_create(&b->store, ":memory:", STORE_NEW) < 0 ||
	    store_begin_capture(b->store, &row) < 0)
		fail(store_error(b->store));
}

static void
run(struct bench *b, const char *path)
{
	static struct capture_batch batch;
	static struct dissection d[CAPTURE_BATCH];
	struct capture_config cfg = { .paths = &path, .n_paths = 1 };
	struct capture *c;
	nstime now = 0;
	double t;

	open_bench(b);
	if (capture_open(&c, &cfg) != CAPTURE_OPENED)
		fail(capture_error(c));
	for (;;) {
		t = cpu_ns();
		if (!capture_next(c, &batch))
			break;
		b->ns[STAGE_READ] += cpu_ns() - t;
		t = cpu_ns();
		for (size_t i = 0; i < batch.n; i++)
			dissect_packet(&batch.packet[i], &d[i]);
		b->ns[STAGE_DISSECT] += cpu_ns() - t;
		t = cpu_ns();
		for (size_t i = 0; i < batch.n; i++)
			dissect_checksums(&batch.packet[i], &d[i]);
		b->ns[STAGE_CHECKSUM] += cpu_ns() - t;
		now = batch.packet[batch.n - 1].ts;
		b->packets += batch.n;
		run_engine(b, &batch, d);
		store_rows_of(b);
		capture_release(c, &batch);
	}
	finish_engine(b, now);
	capture_close(c);
	engine_close(b->engine);
	chunk_free(b->chunk);
	store_close(b->store);
}

int
main(int argc, char **argv)
{
	static struct bench b;
	double best[N_STAGES], sum = 0;
	int runs = argc > 2 ? atoi(argv[2]) : 3;

	if (argc < 2 || runs < 1) {
		fputs("usage: bench CAPTURE [RUNS]\n", stderr);
		return 2;
	}
	for (int r = 0; r < runs; r++) {
		run(&b, argv[1]);
		for (int s = 0; s < N_STAGES; s++)
			if (r == 0 || b.ns[s] < best[s])
				best[s] = b.ns[s];
	}
	printf("%llu packets, %llu connections, %llu rows\n",
	       (unsigned long long)b.packets, (unsigned long long)b.conns,
	       (unsigned long long)b.rows);
	for (int s = 0; s < N_STAGES && b.packets > 0; s++) {
		printf("%-26s %8.1f ns a packet\n", names[s],
		       best[s] / (double)b.packets);
		sum += best[s];
	}
	if (b.packets > 0)
		printf("%-26s %8.1f ns a packet\n", "all",
		       sum / (double)b.packets);
	return 0;
}
