/*
 * test_arrival.c - what each segment was: tables of segments, with the word
 * that is expected for each.
 *
 * '>' is the client, who sends the data; its IP-IDs count up.  The round trip
 * is 100 ms; where the capture is taken shows in the handshake: NEAR the
 * client, in the MIDDLE, FAR at the server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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

static void
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
static void
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
static int
told(const struct result *r, uint64_t frame, const char *kind)
{
	int n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->event[i].frame == frame &&
		     strncmp(r->event[i].kind, kind, strlen(kind)) == 0;
	return n;
}

static const char *
detail(const struct result *r, uint64_t frame, const char *kind)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->event[i].frame == frame &&
		    strncmp(r->event[i].kind, kind, strlen(kind)) == 0)
			return r->event[i].detail;
	return "";
}

/* Not retransmission, late, or a copy. */
static int
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

/* --- the vantage point ---------------------------------------------------- */

static void
loops_tell_where_the_capture_was_taken(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR);
	assert_string_equal(r.conn.vantage, "client");
	RUN(&r, FAR);
	assert_string_equal(r.conn.vantage, "server");
	RUN(&r, MIDDLE);
	assert_string_equal(r.conn.vantage, "middle");
	assert_int_equal(r.conn.handshake_rtt_ns, 100 * NS_PER_MS);
}

/* --- sent again, late, a copy --------------------------------------------- */

/* RFC 9293 s3.8.1 */
static void
bytes_seen_before_are_sent_again(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.5, '>', "P.", 1000, 5000, 100, .id = 4 },
	    { 0.6, '<', ".", 5000, 1100, 0 });
	assert_true(plain(&r, 4));
	assert_int_equal(told(&r, 5, "rtx"), 1);
	assert_int_equal(told(&r, 5, "loss"), 1);
	assert_string_equal(detail(&r, 5, "loss"),
			    "{\"where\":\"downstream\"}");
	assert_int_equal(r.end[SIDE_CLIENT].retrans_packets, 1);
	assert_int_equal(r.end[SIDE_CLIENT].retrans_bytes, 100);
	assert_int_equal(r.end[SIDE_CLIENT].unique_bytes, 100);
	assert_non_null(strstr(r.codes, "segments_lost "));
}

static void
the_same_ip_id_is_a_copy(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, FAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.2001, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.3, '<', ".", 5000, 1100, 0 });
	assert_int_equal(told(&r, 5, "duplicate"), 1);
	assert_int_equal(told(&r, 5, "rtx"), 0);
	assert_int_equal(r.end[SIDE_CLIENT].duplicate_packets, 1);
	assert_int_equal(r.end[SIDE_CLIENT].retrans_packets, 0);
}

/* Without IP-IDs (IPv6): the same time stamp, within half a round trip. */
static void
without_ids_the_time_stamp_tells_copies(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, FAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .tsval = 70 },
	    { 0.21, '>', "P.", 1000, 5000, 100, .tsval = 70 },
	    { 0.5, '>', "P.", 1000, 5000, 100, .tsval = 370 });
	assert_int_equal(told(&r, 5, "duplicate"), 1);
	assert_int_equal(told(&r, 6, "rtx"), 1);
}

/* A hole filled sooner than the sender can have heard of it: 40 ms from here
   to the client and back. */
static void
a_hole_filled_at_once_was_reordering(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.20, '>', ".", 1000, 5000, 100 },
	    { 0.21, '>', ".", 1200, 5000, 100 },
	    { 0.23, '>', ".", 1100, 5000, 100 });
	assert_int_equal(told(&r, 5, "previous_missing"), 1);
	assert_int_equal(told(&r, 6, "out_of_order"), 1);
	assert_int_equal(r.end[SIDE_CLIENT].out_of_order, 1);
	assert_int_equal(r.end[SIDE_CLIENT].unique_bytes, 300);
}

static void
a_hole_filled_later_was_a_loss_before_here(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.20, '>', ".", 1000, 5000, 100 },
	    { 0.21, '>', ".", 1200, 5000, 100 },
	    { 0.32, '>', ".", 1100, 5000, 100 });
	assert_int_equal(told(&r, 6, "rtx"), 1);
	assert_int_equal(told(&r, 6, "out_of_order"), 0);
	assert_string_equal(detail(&r, 6, "loss"),
			    "{\"where\":\"upstream\"}");
	assert_int_equal(r.end[SIDE_CLIENT].unique_bytes, 300);
}

/* RFC 7323 s3.2: what is sent again bears a newer time stamp. */
static void
the_time_stamp_outweighs_the_time(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.20, '>', ".", 1000, 5000, 100, .tsval = 200 },
	    { 0.21, '>', ".", 1200, 5000, 100, .tsval = 202 },
	    { 0.33, '>', ".", 1100, 5000, 100, .tsval = 201 },
	    { 0.34, '>', ".", 1400, 5000, 100, .tsval = 340 },
	    { 0.35, '>', ".", 1300, 5000, 100, .tsval = 350 });
	assert_int_equal(told(&r, 6, "out_of_order"), 1);
	assert_int_equal(told(&r, 8, "rtx"), 1);
}

/* In one tick of that clock the IP-IDs tell. */
static void
in_one_tick_the_ip_id_tells(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.200, '>', ".", 1000, 5000, 100, .tsval = 200, .id = 3 },
	    { 0.201, '>', ".", 1100, 5000, 100, .tsval = 200, .id = 4 },
	    { 0.202, '>', ".", 1200, 5000, 100, .tsval = 200, .id = 5 },
	    { 0.203, '>', ".", 1400, 5000, 100, .tsval = 200, .id = 7 },
	    { 0.290, '>', ".", 1300, 5000, 100, .tsval = 200, .id = 6 },
	    { 0.300, '>', ".", 1500, 5000, 100, .tsval = 300, .id = 8 },
	    { 0.301, '>', ".", 1700, 5000, 100, .tsval = 300, .id = 10 },
	    { 0.302, '>', ".", 1600, 5000, 100, .tsval = 300, .id = 11 });
	assert_int_equal(told(&r, 8, "out_of_order"), 1);
	assert_int_equal(told(&r, 11, "rtx"), 1);
}

/* The last two segments of a flight were lost before here (ids 6, 7) and sent
   again by a timer: nobody saw them before. */
static void
a_lost_tail_is_told_from_ip_ids(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.200, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.201, '>', ".", 1100, 5000, 100, .id = 4 },
	    { 0.202, '>', ".", 1200, 5000, 100, .id = 5 },
	    { 0.260, '<', ".", 5000, 1300, 0 },
	    { 0.450, '>', ".", 1300, 5000, 100, .id = 8 },
	    { 0.510, '<', ".", 5000, 1400, 0 },
	    { 0.550, '>', ".", 1400, 5000, 100, .id = 9 },
	    { 0.610, '<', ".", 5000, 1500, 0 },
	    { 0.650, '>', ".", 1500, 5000, 100, .id = 10 });
	assert_true(plain(&r, 6));
	assert_int_equal(told(&r, 8, "rtx"), 1);
	assert_string_equal(detail(&r, 8, "loss"),
			    "{\"where\":\"upstream\"}");
	assert_true(plain(&r, 12));
}

/* A pause of the application leaves no gap in the IP-IDs. */
static void
new_data_after_a_pause_is_new(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.200, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.201, '>', ".", 1100, 5000, 100, .id = 4 },
	    { 0.202, '>', ".", 1200, 5000, 100, .id = 5 },
	    { 0.260, '<', ".", 5000, 1300, 0 },
	    { 0.950, '>', ".", 1300, 5000, 100, .id = 6 });
	assert_true(plain(&r, 8));
	assert_string_equal(r.codes, "");
}

/* --- later verdicts ------------------------------------------------------- */

/* RFC 2883 s4 */
static void
a_dsack_tells_that_it_was_needless(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.50, '>', "P.", 1000, 5000, 100, .id = 4 },
	    { 0.55, '<', ".", 5000, 1100, 0 },
	    { 0.60, '<', ".", 5000, 1100, 0, .sack = { 1000, 1100 } });
	assert_int_equal(told(&r, 5, "rtx"), 1);
	assert_int_equal(told(&r, 5, "rtx_spurious"), 1);
	assert_int_equal(told(&r, 5, "loss"), 0);
	assert_int_equal(r.end[SIDE_CLIENT].rtx_spurious, 1);
	assert_int_equal(r.end[SIDE_CLIENT].retrans_packets, 1);
	assert_int_equal(r.end[SIDE_SERVER].dsacks, 1);
}

/* RFC 3522 s3.2 */
static void
an_old_echo_tells_that_it_was_needless(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', "P.", 1000, 5000, 100, .tsval = 200, .id = 3 },
	    { 0.50, '>', "P.", 1000, 5000, 100, .tsval = 500, .id = 4 },
	    { 0.55, '<', ".", 5000, 1100, 0, .tsval = 9, .tsecr = 200 });
	assert_int_equal(told(&r, 5, "rtx_spurious"), 1);
	RUN(&r, NEAR,
	    { 0.20, '>', "P.", 1000, 5000, 100, .tsval = 200, .id = 3 },
	    { 0.50, '>', "P.", 1000, 5000, 100, .tsval = 500, .id = 4 },
	    { 0.60, '<', ".", 5000, 1100, 0, .tsval = 9, .tsecr = 500 });
	assert_int_equal(told(&r, 5, "rtx_spurious"), 0);
	assert_int_equal(told(&r, 5, "rtx"), 1);
}

/* --- what the capture missed ---------------------------------------------- */

static void
acknowledged_but_never_seen_was_missed_by_the_capture(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.20, '>', ".", 1000, 5000, 100 },
	    { 0.21, '>', ".", 1200, 5000, 100 },
	    { 0.26, '<', ".", 5000, 1300, 0 });
	assert_int_equal(told(&r, 6, "loss"), 1);
	assert_non_null(strstr(detail(&r, 6, "loss"),
			       "\"where\":\"capture\""));
	assert_int_equal(r.end[SIDE_CLIENT].missing_bytes, 100);
	assert_int_equal(r.end[SIDE_CLIENT].retrans_packets, 0);
}

/* --- ACKs and windows ----------------------------------------------------- */

/* RFC 5681 s2 */
static void
duplicate_acks_are_as_rfc_5681_defines_them(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.21, '>', ".", 1100, 5000, 100, .id = 4 },
	    { 0.30, '<', ".", 5000, 1100, 0, .win = 9000 },
	    { 0.31, '<', ".", 5000, 1100, 0, .win = 9000 },	/* one */
	    { 0.32, '<', ".", 5000, 1100, 0, .win = 9500 },	/* a window */
	    { 0.33, '<', "P.", 5000, 1100, 1, .win = 9500 },	/* data */
	    { 0.34, '<', ".", 5001, 1200, 0, .win = 9500 },	/* new */
	    { 0.35, '<', ".", 5001, 1200, 0, .win = 9500 });	/* all acked */
	assert_int_equal(told(&r, 7, "dup_ack"), 1);
	assert_int_equal(told(&r, 8, "window_update"), 1);
	assert_int_equal(r.end[SIDE_SERVER].dup_acks, 1);
}

/* RFC 9293 s3.8.4, s3.8.6.1 */
static void
probes_are_not_retransmissions(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.2, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.3, '<', ".", 5000, 1100, 0 },
	    { 9.0, '>', ".", 1099, 5000, 0, .id = 4 },		/* keepalive */
	    { 9.1, '<', ".", 5000, 1100, 0 },
	    { 19.0, '>', ".", 1099, 5000, 1, .id = 5 },		/* with a byte */
	    { 19.1, '<', ".", 5000, 1100, 0, .win = 1, .zero_window = true },
	    { 19.5, '>', ".", 1099, 5000, 0, .id = 6 });	/* of the window */
	assert_int_equal(told(&r, 6, "keepalive"), 1);
	assert_int_equal(told(&r, 8, "keepalive"), 1);
	assert_int_equal(told(&r, 9, "zero_window"), 1);
	assert_int_equal(told(&r, 10, "window_probe"), 1);
	assert_int_equal(r.end[SIDE_CLIENT].retrans_packets, 0);
	assert_int_equal(r.end[SIDE_CLIENT].keepalives, 2);
	assert_int_equal(r.end[SIDE_CLIENT].window_probes, 1);
}

/* --- tshark --------------------------------------------------------------- */

/* Within a round trip of the highest number tshark says out-of-order. */
static void
it_is_told_where_tshark_differs(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.21, '>', ".", 1100, 5000, 100, .id = 4 },
	    { 0.40, '>', ".", 1200, 5000, 100, .id = 5 },
	    { 0.41, '>', ".", 1000, 5000, 100, .id = 6 },
	    { 0.80, '>', ".", 1000, 5000, 100, .id = 7 });
	assert_non_null(strstr(detail(&r, 7, "rtx"),
			       "\"tshark\":\"out-of-order\""));
	assert_int_equal(told(&r, 8, "rtx"), 1);
	assert_null(strstr(detail(&r, 8, "rtx"), "out-of-order"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loops_tell_where_the_capture_was_taken),
		cmocka_unit_test(bytes_seen_before_are_sent_again),
		cmocka_unit_test(the_same_ip_id_is_a_copy),
		cmocka_unit_test(without_ids_the_time_stamp_tells_copies),
		cmocka_unit_test(a_hole_filled_at_once_was_reordering),
		cmocka_unit_test(a_hole_filled_later_was_a_loss_before_here),
		cmocka_unit_test(the_time_stamp_outweighs_the_time),
		cmocka_unit_test(in_one_tick_the_ip_id_tells),
		cmocka_unit_test(a_lost_tail_is_told_from_ip_ids),
		cmocka_unit_test(new_data_after_a_pause_is_new),
		cmocka_unit_test(a_dsack_tells_that_it_was_needless),
		cmocka_unit_test(an_old_echo_tells_that_it_was_needless),
		cmocka_unit_test(
		    acknowledged_but_never_seen_was_missed_by_the_capture),
		cmocka_unit_test(duplicate_acks_are_as_rfc_5681_defines_them),
		cmocka_unit_test(probes_are_not_retransmissions),
		cmocka_unit_test(it_is_told_where_tshark_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
