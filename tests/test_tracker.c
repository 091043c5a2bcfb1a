/*
 * test_tracker.c - which packets make a connection, and how it looks then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/segments.h"

/* What the tracker told: a line for each connection when it closes. */
struct told {
	int opened, segments, strays;
	uint64_t n_evicted;
	char closed[4096];
	struct conn last;	/* the latest closed one, without extra[] */
	struct seg_event ev;	/* the latest */
};

static void
on_open(void *ctx, struct conn *c)
{
	struct told *told = ctx;

	(void)c;
	told->opened++;
}

static void
on_segment(void *ctx, struct conn *c, const struct seg_event *ev)
{
	struct told *told = ctx;

	(void)c;
	told->segments++;
	told->strays += ev->stray;
	told->ev = *ev;
}

/* "1-5:3/2:reused ": first to last frame, packets of the ends, why. */
static void
on_close(void *ctx, struct conn *c)
{
	static const char *const why[] = {
		[CONN_END_OPEN] = "open", [CONN_END_CLOSED] = "closed",
		[CONN_END_REUSED] = "reused", [CONN_END_IDLE] = "idle",
		[CONN_END_EVICTED] = "evicted", [CONN_END_CAPTURE] = "end",
	};
	struct told *told = ctx;
	size_t n = strlen(told->closed);

	told->last = *c;
	snprintf(told->closed + n, sizeof(told->closed) - n,
		 "%s%d-%d:%d/%d:%s", n ? " " : "", (int)c->first_frame,
		 (int)c->last_frame, (int)c->half[SIDE_CLIENT].packets,
		 (int)c->half[SIDE_SERVER].packets, why[c->end]);
}

static const struct tracker_observer observer = {
	.conn_open = on_open,
	.segment = on_segment,
	.conn_close = on_close,
};

static struct tracker *
open_tracker(struct told *told, size_t max_conns)
{
	struct tracker_config cfg;

	memset(told, 0, sizeof(*told));
	tracker_config_init(&cfg, 64, 1 << 20);
	if (max_conns)
		cfg.max_conns = max_conns;
	return tracker_open(&cfg, &observer, told);
}

static void
close_listed(struct tracker *t)
{
	struct conn *c;

	while ((c = tracker_next(t)))
		tracker_close_conn(t, c);
}

static void
finish(struct tracker *t, double at, struct told *told)
{
	tracker_finish(t, (nstime)(at * 1e9));
	close_listed(t);
	tracker_finish_udp(t);
	told->n_evicted = tracker_stats(t)->conns_evicted;
	assert_int_equal(tracker_stats(t)->conns_open, 0);
	tracker_close(t);
}

/* The whole of a capture; expiry after each packet, as in a batch of one. */
static void
run(struct told *told, const struct segment *s, size_t n)
{
	struct tracker *t = open_tracker(told, 0);

	for (size_t i = 0; i < n; i++) {
		segment_track(t, &s[i], i + 1);
		tracker_expire(t, i + 1, (nstime)(s[i].at * 1e9));
		close_listed(t);
	}
	finish(t, s[n - 1].at, told);
}

#define RUN(told, ...) do { \
	static const struct segment table[] = { __VA_ARGS__ }; \
	run(told, table, sizeof(table) / sizeof(*table)); \
} while (0)

#define HANDSHAKE(at, isn, iss) \
	{ at, '>', "S", isn, 0, 0 }, \
	{ at + .01, '<', "S.", iss, (isn) + 1, 0 }, \
	{ at + .02, '>', ".", (isn) + 1, (iss) + 1, 0 }

static void
both_directions_are_one_connection(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { .03, '>', "P.", 101, 501, 10 },
	    { .04, '<', ".", 501, 111, 0 });
	assert_string_equal(t.closed, "1-5:3/2:end");
	assert_true(t.last.role_known);
	assert_int_equal(t.last.port[SIDE_SERVER], 80);
	assert_int_equal(t.last.half[SIDE_CLIENT].bytes, 10);
	assert_int_equal((uint32_t)t.last.half[SIDE_CLIENT].isn, 100);
	assert_int_equal((uint32_t)t.last.half[SIDE_CLIENT].snd_una, 111);
	assert_int_equal((uint32_t)t.last.half[SIDE_SERVER].rcv_nxt, 111);
}

static void
synack_before_syn_is_one_connection(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, { 0, '<', "S.", 500, 101, 0 },
	    { .001, '>', "S", 100, 0, 0 },
	    { .01, '>', ".", 101, 501, 0 });
	assert_string_equal(t.closed, "1-3:2/1:end");
	assert_true(t.last.role_known);
	assert_int_equal(t.last.port[SIDE_CLIENT], 40000);
}

/* Wireshark: a SYN with another number is a new tcp.stream. */
static void
other_isn_is_a_new_connection(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { .1, '>', "F.", 101, 501, 0 },
	    { .2, '<', "F.", 501, 102, 0 },
	    { .3, '>', ".", 102, 502, 0 },
	    HANDSHAKE(1, 9000, 7000));
	assert_string_equal(t.closed, "1-6:4/2:reused 7-9:2/1:end");
}

static void
same_isn_is_a_retransmission(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, { 0, '>', "S", 100, 0, 0 },
	    { 1, '>', "S", 100, 0, 0 },
	    { 3, '>', "S", 100, 0, 0 });
	assert_string_equal(t.closed, "1-3:3/0:end");
}

/* RFC 5961 s4.2: the living connection goes on, whatever the SYN was. */
static void
forged_syn_leaves_the_connection_alone(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { 1, '>', "S", 77777, 0, 0 },
	    { 1.01, '<', ".", 501, 101, 0 },
	    { 2, '>', "P.", 101, 501, 10 },
	    { 2.01, '<', ".", 501, 111, 0 });
	assert_string_equal(t.closed, "1-7:3/3:end 4-4:1/0:end");
}

/* The server forgot the older connection: the answer tells. */
static void
answered_syn_ends_the_older_connection(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 100, 500),
	    HANDSHAKE(1, 77777, 8000),
	    { 2, '>', "P.", 77778, 8001, 10 });
	assert_string_equal(t.closed, "1-3:2/1:reused 4-7:3/1:end");
}

/* RFC 9293 s3.5.1, half-open: ACK of the old one, RST, SYN again. */
static void
half_open_server_is_reset_first(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { 1, '>', "S", 77777, 0, 0 },
	    { 1.01, '<', ".", 501, 101, 0 },
	    { 1.02, '>', "R", 101, 0, 0 },
	    { 2, '>', "S", 77777, 0, 0 },
	    { 2.01, '<', "S.", 8000, 77778, 0 },
	    { 2.02, '>', ".", 77778, 8001, 0 });
	assert_string_equal(t.closed, "1-6:3/2:reused 4-9:3/1:end");
}

/* A forged SYN that nobody answers is closed before the connection it met. */
static void
hidden_connection_comes_back(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { 1, '>', "S", 77777, 0, 0 },
	    { 200, '>', "P.", 101, 501, 10 },
	    { 300, '>', "P.", 111, 501, 10 },
	    { 400, '<', ".", 501, 121, 0 });
	assert_string_equal(t.closed, "4-4:1/0:idle 1-7:4/2:end");
}

static void
the_middle_has_the_lower_port_as_server(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, { 0, '<', "P.", 501, 101, 1000 },
	    { .01, '>', ".", 101, 1501, 0 });
	assert_string_equal(t.closed, "1-2:1/1:end");
	assert_false(t.last.role_known);
	assert_int_equal(t.last.port[SIDE_SERVER], 80);
	assert_int_equal(t.last.half[SIDE_SERVER].snd_una,
			 t.last.half[SIDE_SERVER].snd_nxt);
}

static void
vlans_are_kept_apart(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, { 0, '>', "S", 100, 0, 0, .vlan = 1 },
	    { 0, '>', "S", 100, 0, 0, .vlan = 2 },
	    { .1, '<', "S.", 500, 101, 0, .vlan = 2 });
	assert_string_equal(t.closed, "1-1:1/0:end 2-3:1/1:end");
}

/* RFC 9293 s3.4: numbers wrap, ours do not. */
static void
numbers_are_unwrapped(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 0xfffffff0, 500),
	    { 1, '>', "P.", 0xfffffff1, 501, 100 },
	    { 2, '>', "P.", 0x55, 501, 100 },
	    { 3, '<', ".", 501, 0xb9, 0 });
	assert_int_equal(t.last.half[SIDE_CLIENT].snd_nxt -
			 t.last.half[SIDE_CLIENT].isn, 201);
	assert_int_equal(t.last.half[SIDE_CLIENT].snd_una,
			 t.last.half[SIDE_CLIENT].snd_nxt);
}

static void
a_wild_number_is_a_stray(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { 1, '>', "P.", 0x70000000, 501, 100 },
	    { 2, '>', "P.", 101, 501, 100 });
	assert_int_equal(t.strays, 1);
	assert_int_equal((uint32_t)t.last.half[SIDE_CLIENT].snd_nxt, 201);
}

/* RFC 7323 s2.2: only where both offered, and never in the SYN itself. */
static void
windows_are_scaled_where_both_offered(void **unused)
{
	struct told t;

	(void)unused;
	RUN(&t, { 0, '>', "S", 100, 0, 0, .win = 1000, .wscale = 7,
		  .options = TCP_OPT_WSCALE },
	    { .01, '<', "S.", 500, 101, 0, .win = 1000, .wscale = 3,
	      .options = TCP_OPT_WSCALE },
	    { .02, '>', ".", 101, 501, 0, .win = 10 });
	assert_int_equal(t.ev.window, 10 << 7);
	RUN(&t, { 0, '>', "S", 100, 0, 0, .win = 1000, .wscale = 7,
		  .options = TCP_OPT_WSCALE },
	    { .01, '<', "S.", 500, 101, 0, .win = 1000 },
	    { .02, '>', ".", 101, 501, 0, .win = 10 });
	assert_int_equal(t.ev.window, 10);
	assert_true(t.last.half[SIDE_CLIENT].wscale_known);
}

static void
time_closes_by_phase(void **unused)
{
	struct told t;

	(void)unused;
	/* TIME-WAIT: 60 s, then the 4-tuple is forgotten. */
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { 1, '>', "F.", 101, 501, 0 },
	    { 1.1, '<', "F.", 501, 102, 0 },
	    { 1.2, '>', ".", 102, 502, 0 },
	    { 63, '>', "S", 5, 0, 0, .port = 1234 });
	assert_string_equal(t.closed, "1-6:4/2:closed 7-7:1/0:end");
	/* Established and silent: it stays. */
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { 7000, '>', "S", 5, 0, 0, .port = 1234 });
	assert_string_equal(t.closed, "1-3:2/1:end 4-4:1/0:end");
	RUN(&t, HANDSHAKE(0, 100, 500),
	    { 9000, '>', "S", 5, 0, 0, .port = 1234 });
	assert_string_equal(t.closed, "1-3:2/1:idle 4-4:1/0:end");
}

/* Half-open ones go first, and it is counted. */
static void
a_full_table_evicts_half_open_ones(void **unused)
{
	static const struct segment good[] = { HANDSHAKE(0, 100, 500) };
	struct segment syn = { 1, '>', "S", 7, 0, 0 };
	struct told t;
	struct tracker *tracker = open_tracker(&t, 8);

	(void)unused;
	for (int i = 0; i < 3; i++)
		segment_track(tracker, &good[i], (uint64_t)i + 1);
	for (uint16_t i = 0; i < 100; i++) {
		syn.port = (uint16_t)(1000 + i);
		syn.at += .001;
		segment_track(tracker, &syn, 10u + i);
	}
	finish(tracker, 2, &t);
	assert_int_equal(t.n_evicted, 93);
	assert_non_null(strstr(t.closed, "1-3:2/1:end"));
}

/* However short the time: a busy server's ended ones would fill the memory. */
static void
packets_close_what_ended(void **unused)
{
	static const struct segment one[] = {
		HANDSHAKE(0, 100, 500),
		{ .03, '>', "F.", 101, 501, 0 },
		{ .04, '<', "F.", 501, 102, 0 },
		{ .05, '>', ".", 102, 502, 0 },
	};
	struct segment other = { .06, '>', "S", 7, 0, 0 };
	struct told t;
	struct tracker *tracker = open_tracker(&t, 0);
	uint64_t enough = 1 << 18;

	(void)unused;
	for (unsigned i = 0; i < 6; i++)
		segment_track(tracker, &one[i], i + 1);
	other.port = 1000;
	segment_track(tracker, &other, 7);
	tracker_expire(tracker, 6 + enough, (nstime)6e7);
	assert_null(tracker_next(tracker));
	tracker_expire(tracker, 7 + enough, (nstime)6e7);
	close_listed(tracker);
	assert_string_equal(t.closed, "1-6:4/2:closed");
	finish(tracker, 1, &t);
	assert_non_null(strstr(t.closed, "7-7:1/0:end"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_are_one_connection),
		cmocka_unit_test(synack_before_syn_is_one_connection),
		cmocka_unit_test(other_isn_is_a_new_connection),
		cmocka_unit_test(same_isn_is_a_retransmission),
		cmocka_unit_test(forged_syn_leaves_the_connection_alone),
		cmocka_unit_test(answered_syn_ends_the_older_connection),
		cmocka_unit_test(half_open_server_is_reset_first),
		cmocka_unit_test(hidden_connection_comes_back),
		cmocka_unit_test(the_middle_has_the_lower_port_as_server),
		cmocka_unit_test(vlans_are_kept_apart),
		cmocka_unit_test(numbers_are_unwrapped),
		cmocka_unit_test(a_wild_number_is_a_stray),
		cmocka_unit_test(windows_are_scaled_where_both_offered),
		cmocka_unit_test(time_closes_by_phase),
		cmocka_unit_test(packets_close_what_ended),
		cmocka_unit_test(a_full_table_evicts_half_open_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
