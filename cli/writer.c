/*
 * writer.c - a k-way merge, and what the rows go through: the analyzers of the
 * capture as a whole, then the store.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/command.h"
#include "cli/writer.h"

#define CHUNKS_PER_WORKER 8

/* A transaction: that many rows, or that long. */
#define COMMIT_ROWS 100000
#define COMMIT_TIME (1 * NS_PER_S)
#define COMMIT_TIME_LIVE (NS_PER_S / 5)

/* Live: how often the findings on the whole capture are put. */
#define TELL_EVERY (2 * NS_PER_S)

/* How often a store that failed is tried again. */
#define RETRY_EVERY (2 * NS_PER_S)

/* --- the analyzers of the capture ----------------------------------------- */

static nstime
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* A file's rows are all wanted; an interface goes on, and so do we. */
static void
store_failed(struct writer *m)
{
	if (!m->cfg->live) {
		atomic_store(&m->failed, true);
		return;
	}
	complain("%s: nothing is stored until that is possible again",
		 store_error(m->store));
	m->paused = true;
	m->skipped = 0;
	m->paused_at = m->tried = clock_now();
}

static void
try_again(struct writer *m)
{
	if (clock_now() - m->tried < RETRY_EVERY)
		return;
	m->tried = clock_now();
	if (store_resume(m->store) < 0)
		return;
	m->paused = false;
	complain("storing goes on: %" PRIu64 " rows of %lld s are missing",
		 m->skipped,
		 (long long)((m->tried - m->paused_at) / NS_PER_S));
}

static void
store_row(void *ctx, enum row_table table, const void *row)
{
	struct writer *m = ctx;

	if (m->paused) {
		store_skip(m->store, table, row);
		m->skipped++;
	} else if (table == ROW_FINDING &&
		   !finding_bounds_allow(m->bounds, row, clock_now())) {
		return;
	} else if (!atomic_load(&m->failed) &&
		   store_put(m->store, table, row) < 0) {
		store_failed(m);
	}
}

/* A connection or a flow as it is meanwhile: the last word counts. */
static bool
is_update(enum row_table table, const void *row)
{
	const struct connection_row *c = row;
	const struct udp_flow_row *u = row;

	return (table == ROW_CONNECTION && c->phase == CONNECTION_UPDATE) ||
	       (table == ROW_UDP_FLOW && u->is_update);
}

static void
take_row(struct writer *m, enum row_table table, void *row)
{
	for (size_t i = 0; capture_analyzers[i]; i++)
		if (capture_analyzers[i]->amend)
			capture_analyzers[i]->amend(m->state[i], table, row);
	store_row(m, table, row);
	if (is_update(table, row))
		return;
	for (size_t i = 0; capture_analyzers[i]; i++)
		if (capture_analyzers[i]->row)
			capture_analyzers[i]->row(m->state[i], &m->sink, table,
						  row);
}

/* What the analyzers of the capture put is said again later; rows that are not
   findings only at the end. */
static void
put_standing(void *ctx, enum row_table table, const void *row)
{
	struct writer *m = ctx;

	if (table != ROW_FINDING) {
		if (m->at_end)
			store_row(m, table, row);
	} else if (!m->paused && !atomic_load(&m->failed) &&
		   store_put_standing(m->store, row) < 0) {
		store_failed(m);
	}
}

static void
tell_standing(struct writer *m, struct row_sink *sink, nstime now)
{
	for (size_t i = 0; capture_analyzers[i]; i++)
		if (capture_analyzers[i]->finish)
			capture_analyzers[i]->finish(m->state[i], sink, now);
	if (m->cfg->findings)
		m->cfg->findings(m->cfg->live_ctx, sink);
	if (m->at_end)
		finding_bounds_tell(m->bounds, sink);
}

/* Live: what the whole capture shows by now. */
static void
tell_meanwhile(struct writer *m)
{
	struct row_sink sink = {
		.put = put_standing,
		.ctx = m,
		.thresholds = m->cfg->options.thresholds,
	};
	struct timespec ts;

	if (m->paused)
		return;
	m->told = clock_now();
	clock_gettime(CLOCK_REALTIME, &ts);
	store_begin_standing(m->store);
	tell_standing(m, &sink, m->at_end ? m->now
			  : ts.tv_sec * NS_PER_S + ts.tv_nsec);
	if (!m->paused && store_end_standing(m->store) < 0)
		store_failed(m);
}

static void
finish(struct writer *m)
{
	m->at_end = true;
	if (m->cfg->live)
		tell_meanwhile(m);
	else
		tell_standing(m, &m->sink, m->now);
}

/* The next database tells of its own time; but what others are told by (amend)
   is known still. */
static void
begin_anew(struct writer *m)
{
	for (size_t i = 0; capture_analyzers[i]; i++)
		if (!capture_analyzers[i]->amend)
			capture_analyzer_clear(capture_analyzers[i],
					       m->state[i]);
}

static bool
open_states(struct writer *m)
{
	size_t n = 0;

	while (capture_analyzers[n])
		n++;
	m->state = calloc(n + 1, sizeof(*m->state));
	if (!m->state)
		return false;
	for (size_t i = 0; i < n; i++) {
		m->state[i] = capture_analyzer_open(capture_analyzers[i]);
		if (!m->state[i])
			return false;
	}
	return true;
}

static void
close_states(struct writer *m)
{
	for (size_t i = 0; m->state && capture_analyzers[i]; i++)
		capture_analyzer_close(capture_analyzers[i], m->state[i]);
	free(m->state);
}

/* --- chunks ---------------------------------------------------------------- */

bool
writer_init(struct writer *m, struct store *store,
	   const struct pipeline_config *cfg)
{
	m->store = store;
	m->cfg = cfg;
	m->n_inputs = cfg->jobs;
	m->sink.put = store_row;
	m->sink.ctx = m;
	m->sink.thresholds = cfg->options.thresholds;
	atomic_init(&m->failed, false);
	for (unsigned k = 0; k < m->n_inputs; k++) {
		struct writer_input *in = &m->input[k];

		in->number = k;
		queue_init(&in->full, CHUNKS_PER_WORKER, 1);
		queue_init(&in->empty, CHUNKS_PER_WORKER, 1);
	}
	for (unsigned k = 0; k < m->n_inputs; k++)
		for (int i = 0; i < CHUNKS_PER_WORKER; i++) {
			struct chunk *c = chunk_alloc();

			if (!c)
				return false;
			queue_push(&m->input[k].empty, c);
		}
	m->bounds = finding_bounds_alloc(cfg->live);
	return m->bounds && open_states(m);
}

void
writer_release(struct writer *m)
{
	close_states(m);
	finding_bounds_free(m->bounds);
	for (unsigned k = 0; k < m->n_inputs; k++) {
		struct writer_input *in = &m->input[k];
		struct chunk *c;

		chunk_free(in->at);
		while ((c = queue_try_pop(&in->full)))
			chunk_free(c);
		while ((c = queue_try_pop(&in->empty)))
			chunk_free(c);
		queue_release(&in->full);
		queue_release(&in->empty);
	}
}

struct chunk *
writer_hand_on(struct writer_input *in, struct chunk *full)
{
	struct chunk *empty;

	queue_push(&in->full, full);
	empty = queue_pop(&in->empty);
	chunk_clear(empty);
	return empty;
}

bool
writer_failed(const struct writer *m)
{
	return atomic_load(&m->failed);
}

/* --- the merge -------------------------------------------------------------- */

static bool
has_row(const struct writer_input *in)
{
	return in->at && in->at->next < in->at->n_rows;
}

/* The key below which this input has nothing any more. */
static struct row_key
lower_bound(const struct writer_input *in)
{
	return has_row(in) ? in->at->row[in->at->next].key : in->until;
}

/* Take up the input's next chunk; wait for it, or only look. */
static void
next_chunk(struct writer *m, struct writer_input *in, bool wait)
{
	struct chunk *c = wait ? queue_pop(&in->full)
			       : queue_try_pop(&in->full);

	if (!c)
		return;
	if (in->at)
		queue_push(&in->empty, in->at);
	in->at = c;
	in->until = c->until;
	in->done = c->last;
	if (c->failed) {
		m->no_memory = true;
		atomic_store(&m->failed, true);
	}
}

static void
look_for_chunks(struct writer *m)
{
	for (unsigned k = 0; k < m->n_inputs; k++) {
		struct writer_input *in = &m->input[k];

		while (!has_row(in) && !in->done) {
			struct chunk *before = in->at;

			next_chunk(m, in, false);
			if (in->at == before)
				break;
		}
	}
}

/* The input whose next row, or whose next chunk, comes first; NULL: none. */
static struct writer_input *
lowest(struct writer *m, struct row_key *others)
{
	struct writer_input *best = NULL;

	*others = (struct row_key){ UINT64_MAX, UINT64_MAX };
	for (unsigned k = 0; k < m->n_inputs; k++) {
		struct writer_input *in = &m->input[k];
		struct row_key key;

		if (in->done && !has_row(in))
			continue;
		key = lower_bound(in);
		if (!best) {
			best = in;
		} else {
			struct row_key was = lower_bound(best);

			if (row_key_compare(&key, &was) < 0) {
				best = in;
				key = was;
			}
			if (row_key_compare(&key, others) < 0)
				*others = key;
		}
	}
	return best;
}

/* Rows of one input up to where another one's begin. */
static void
take_rows(struct writer *m, struct writer_input *in, struct row_key others)
{
	do {
		const struct chunk_row *r = &in->at->row[in->at->next++];

		take_row(m, r->table, r->row);
	} while (has_row(in) &&
		 row_key_compare(&in->at->row[in->at->next].key, &others) < 0);
}

static void
commit_when_due(struct writer *m, uint64_t *rows, nstime *when)
{
	nstime limit = m->cfg->live ? COMMIT_TIME_LIVE : COMMIT_TIME;

	if (store_rows(m->store) - *rows < COMMIT_ROWS &&
	    clock_now() - *when < limit)
		return;
	*rows = store_rows(m->store);
	*when = clock_now();
	if (m->paused) {
		try_again(m);
		return;
	}
	if (atomic_load(&m->failed))
		return;
	if (m->cfg->live && clock_now() - m->told >= TELL_EVERY)
		tell_meanwhile(m);
	if (m->paused)
		return;
	if ((m->cfg->commit && !m->cfg->commit(m->cfg->live_ctx, m->store)) ||
	    store_commit(m->store) < 0)
		store_failed(m);
	if (store_turns(m->store) != m->turns) {
		m->turns = store_turns(m->store);
		begin_anew(m);
	}
}

void *
writer_run(void *arg)
{
	struct writer *m = arg;
	struct writer_input *in;
	struct row_key others;
	uint64_t rows = 0;
	nstime when = clock_now();

	for (;;) {
		look_for_chunks(m);
		in = lowest(m, &others);
		if (!in)
			break;
		if (has_row(in))
			take_rows(m, in, others);
		else
			next_chunk(m, in, true);
		commit_when_due(m, &rows, &when);
	}
	finish(m);
	return NULL;
}
