/*
 * analysis_run.h - a script of segments through an engine with all analyzers,
 * and what they put.
 */
#ifndef TESTS_ANALYSIS_RUN_H
#define TESTS_ANALYSIS_RUN_H

#include <stdio.h>
#include <string.h>

#include "analysis/engine.h"
#include "tests/segments.h"

#define MAX_EVENTS 64

struct told {
	uint64_t frame;
	char kind[24], detail[256];
	int64_t seq, len;
};

/* Everything that an analysis of a script put. */
struct result {
	size_t n;
	struct told event[MAX_EVENTS];
	struct connection_row conn;
	struct endpoint_row end[N_SIDES];
	char codes[256];	/* of findings, each with a blank behind */
};

static inline void
keep(void *ctx, enum row_table table, const void *row)
{
	struct result *r = ctx;

	if (table == ROW_CONNECTION) {
		const struct connection_row *c = row;

		if (c->phase == CONNECTION_FINAL)
			r->conn = *c;
	} else if (table == ROW_ENDPOINT) {
		const struct endpoint_row *e = row;

		r->end[e->side] = *e;
	} else if (table == ROW_FINDING) {
		const struct finding_row *f = row;

		strncat(r->codes, f->code,
			sizeof(r->codes) - strlen(r->codes) - 2);
		strcat(r->codes, " ");
	} else if (table == ROW_EVENT) {
		const struct event_row *e = row;
		struct told *t = &r->event[r->n];

		assert_true(r->n++ < MAX_EVENTS);
		t->frame = (uint64_t)e->frame_number;
		snprintf(t->kind, sizeof(t->kind), "%s", e->kind);
		snprintf(t->detail, sizeof(t->detail), "%s",
			 e->detail ? e->detail : "");
		t->seq = e->seq;
		t->len = e->len;
	}
}

/* The rows of a script, numbered from 1, through an engine. */
static inline void
run(struct result *r, const struct segment *script, size_t n)
{
	struct row_sink sink = { .put = keep, .ctx = r };
	struct flow_secret secret = { 1, 2 };
	struct engine_config cfg = { .max_block_bytes = 1 << 24 };
	struct engine *e;
	struct conn *c;
	nstime now = 0;

	memset(r, 0, sizeof(*r));
	tracker_config_init(&cfg.tracker, engine_conn_extra(false), 1 << 24);
	e = engine_open(&cfg, &sink);
	assert_non_null(e);
	for (size_t i = 0; i < n; i++) {
		struct dissection d;
		struct flow_key key;
		struct packet p = { .number = i + 1, .link_type = 1 };
		bool swapped;

		segment_dissection(&script[i], &d);
		now = p.ts = (nstime)(script[i].at * 1e9 + 0.5) + NS_PER_S;
		p.caplen = p.wire_len = 54 + script[i].len;
		assert_true(flow_key_of(&d, &key, &swapped));
		engine_packet(e, &p, &d, &key, flow_key_hash(&key, &secret),
			      swapped);
	}
	engine_begin_finish(e, UINT64_MAX - 1, now);
	while ((c = tracker_next(engine_tracker(e))))
		tracker_close_conn(engine_tracker(e), c);
	engine_finish(e, now);
	engine_close(e);
}

#define RUN(r, ...) \
	run(r, (struct segment[]){ __VA_ARGS__ }, \
	    sizeof((struct segment[]){ __VA_ARGS__ }) / sizeof(struct segment))

/* How often a frame was told to be of a kind; "rtx" is any retransmission. */
static inline int
told(const struct result *r, uint64_t frame, const char *kind)
{
	int n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->event[i].frame == frame &&
		     strncmp(r->event[i].kind, kind, strlen(kind)) == 0;
	return n;
}

static inline const char *
detail(const struct result *r, uint64_t frame, const char *kind)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->event[i].frame == frame &&
		    strncmp(r->event[i].kind, kind, strlen(kind)) == 0)
			return r->event[i].detail;
	return "";
}

/* Not retransmission, late, or a copy. */
static inline int
plain(const struct result *r, uint64_t frame)
{
	return told(r, frame, "rtx") + told(r, frame, "duplicate") +
	       told(r, frame, "out_of_order") == 0;
}

/* Handshakes of 100 ms, seen at three places: frames 1 to 3. */
#define NEAR \
	{ 0.000, '>', "S", 999, 0, 0, .id = 1 }, \
	{ 0.100, '<', "S.", 4999, 1000, 0 }, \
	{ 0.100020, '>', ".", 1000, 5000, 0, .id = 2 }
#define MIDDLE \
	{ 0.000, '>', "S", 999, 0, 0, .id = 1 }, \
	{ 0.060, '<', "S.", 4999, 1000, 0 }, \
	{ 0.100, '>', ".", 1000, 5000, 0, .id = 2 }
#define FAR \
	{ 0.000, '>', "S", 999, 0, 0, .id = 1 }, \
	{ 0.000020, '<', "S.", 4999, 1000, 0 }, \
	{ 0.100, '>', ".", 1000, 5000, 0, .id = 2 }

#endif
