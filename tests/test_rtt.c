/*
 * test_rtt.c - round trips: the estimator, and samples from any place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/engine.h"
#include "analysis/rtt_estimator.h"
#include "analysis/vantage.h"
#include "tests/segments.h"

#define MS NS_PER_MS

/* RFC 6298 s2.2, s2.3; Linux: RTO = srtt + 200 ms at least. */
static void
the_estimator_is_linuxs(void **unused)
{
	struct rtt_estimator e = { 0 };

	(void)unused;
	assert_int_equal(rtt_estimator_rto(&e), NS_PER_S);
	rtt_estimator_sample(&e, 100 * MS, 1, 10);
	assert_int_equal(rtt_estimator_srtt(&e), 100 * MS);
	assert_int_equal(rtt_estimator_rto(&e), 300 * MS);
	rtt_estimator_sample(&e, 180 * MS, 2, 10);
	assert_int_equal(rtt_estimator_srtt(&e), 110 * MS);
	for (int i = 0; i < 200; i++)
		rtt_estimator_sample(&e, 100 * MS, (uint64_t)(10 + i),
				     (uint64_t)(10 + i));
	assert_true(rtt_estimator_srtt(&e) < 101 * MS);
	assert_true(rtt_estimator_rto(&e) >= 300 * MS);
	assert_true(rtt_estimator_rto(&e) < 310 * MS);
}

static const char *
place(nstime client, nstime server)
{
	nstime loop[N_SIDES] = { client, server };
	struct vantage_guess g = vantage_of(loop);

	return vantage_word(&g);
}

/* The end whose loop is next to nothing is where we are. */
static void
the_shares_of_the_loops_are_the_place(void **unused)
{
	(void)unused;
	assert_string_equal(place(0, 100 * MS), "unknown");
	assert_string_equal(place(30000, 40 * MS), "client");
	assert_string_equal(place(40 * MS, 30000), "server");
	assert_string_equal(place(10 * MS, 30 * MS), "middle");
	assert_string_equal(place(4 * MS, 36 * MS), "middle");
	assert_string_equal(place(900000, 6 * MS), "client");
	assert_string_equal(place(40000, 45000), "client");
}

static const char *
place_by_hops(uint8_t client, uint8_t server)
{
	struct vantage_guess g = vantage_of_hops((const uint8_t[]){ client,
								    server });

	return vantage_word(&g);
}

/* One that no router has touched may be of this host, or of the next. */
static void
routers_on_both_sides_are_the_middle(void **unused)
{
	(void)unused;
	assert_string_equal(place_by_hops(63, 60), "middle");
	assert_string_equal(place_by_hops(125, 254), "middle");
	assert_string_equal(place_by_hops(64, 63), "unknown");
	assert_string_equal(place_by_hops(60, 128), "unknown");
	assert_string_equal(place_by_hops(63, 0), "unknown");
}

struct result {
	struct connection_row conn;
	struct endpoint_row end[N_SIDES];
};

static void
keep(void *ctx, enum row_table table, const void *row)
{
	struct result *r = ctx;

	if (table == ROW_ENDPOINT)
		r->end[((const struct endpoint_row *)row)->side] =
			*(const struct endpoint_row *)row;
	if (table == ROW_CONNECTION)
		r->conn = *(const struct connection_row *)row;
}

static struct engine *
start(struct row_sink *sink, struct engine_config *cfg)
{
	*cfg = (struct engine_config){ .max_block_bytes = 1 << 24 };
	tracker_config_init(&cfg->tracker, engine_conn_extra(false), 1 << 24);
	return engine_open(cfg, sink);
}

static void
give(struct engine *e, const struct segment *s, uint64_t number)
{
	static const struct flow_secret secret = { 1, 2 };
	struct dissection d;
	struct flow_key key;
	struct packet p = { .number = number, .link_type = 1 };
	bool swapped;

	segment_dissection(s, &d);
	p.ts = (nstime)(s->at * 1e9 + 0.5) + NS_PER_S;
	p.caplen = p.wire_len = 54 + s->len;
	flow_key_of(&d, &key, &swapped);
	engine_packet(e, &p, &d, &key, flow_key_hash(&key, &secret), swapped);
}

static void
stop(struct engine *e, double at)
{
	nstime now = (nstime)(at * 1e9) + NS_PER_S;
	struct conn *c;

	engine_begin_finish(e, UINT64_MAX - 1, now);
	while ((c = tracker_next(engine_tracker(e))))
		tracker_close_conn(engine_tracker(e), c);
	engine_finish(e, now);
	engine_close(e);
}

/*
 * A transfer of one segment a round trip: the client's data reaches the server
 * after there, its ACK comes back after back.  here is how far from the client
 * the capture is, on both ways.  Every `lost`th segment is lost behind us and
 * sent again 300 ms later.
 */
static void
transfer(struct result *r, double there, double back, double here, int lost)
{
	struct row_sink sink = { .put = keep, .ctx = r };
	struct engine_config cfg;
	struct engine *e = start(&sink, &cfg);
	double t = 0, rtt = there + back;
	uint64_t n = 1;
	uint32_t seq = 1000, id = 3;

	memset(r, 0, sizeof(*r));
	assert_non_null(e);
#define ROW(...) give(e, &(struct segment){ __VA_ARGS__ }, n++)
	ROW(t + here, '>', "S", 999, 0, 0, .tsval = 1, .id = 1);
	ROW(t + rtt - here, '<', "S.", 4999, 1000, 0, .tsval = 1, .tsecr = 1);
	t += rtt;
	ROW(t + here, '>', ".", 1000, 5000, 0, .tsval = 2, .tsecr = 1, .id = 2);
	for (int i = 1; i <= 100; i++, seq += 100) {
		uint32_t ts = (uint32_t)(t * 1000) + 10;

		ROW(t + here, '>', ".", seq, 5000, 100, .tsval = ts,
		    .tsecr = (uint32_t)(i - 1 ? i : 1), .id = (uint16_t)id++);
		if (lost && i % lost == 0) {
			t += 0.3;
			ROW(t + here, '>', ".", seq, 5000, 100,
			    .tsval = ts + 300, .tsecr = (uint32_t)i,
			    .id = (uint16_t)id++);
		}
		t += rtt;
		ROW(t - here, '<', ".", 5000, seq + 100, 0,
		    .tsval = (uint32_t)i + 1, .tsecr = ts);
	}
#undef ROW
	stop(e, t);
}

static void
near(int64_t told, int64_t right, int64_t within)
{
	assert_true(llabs((long long)(told - right)) <= within);
}

/* Both loops together are the round trip, wherever they are cut. */
static void
the_round_trip_is_the_same_anywhere(void **unused)
{
	struct result r;

	(void)unused;
	for (int i = 0; i <= 4; i++) {
		transfer(&r, 0.020, 0.020, 0.00001 + i * 0.004995, 0);
		near(r.end[SIDE_CLIENT].srtt_ns, 40 * MS, MS / 10);
		near(r.end[SIDE_CLIENT].min_rtt_ns, 40 * MS, MS / 10);
		near(r.conn.handshake_rtt_ns, 40 * MS, MS / 10);
		assert_true(r.end[SIDE_CLIENT].rtt_samples > 90);
		near(r.end[SIDE_CLIENT].rtt_p50_ns, 40 * MS, 5 * MS);
	}
}

/* Karn (RFC 6298 s3): the ACK of what was sent again is no sample. */
static void
what_was_sent_again_is_not_timed(void **unused)
{
	struct result r;

	(void)unused;
	transfer(&r, 0.020, 0.020, 0.00001, 10);
	assert_true(r.end[SIDE_CLIENT].retrans_packets > 5);
	near(r.end[SIDE_CLIENT].max_rtt_ns, 40 * MS, MS);
}

/* Of two segments one was sent again: their ACK is no sample.  A SACK of what
   was not is one (RFC 2018). */
static void
sacked_segments_are_timed(void **unused)
{
	struct result r;
	struct row_sink sink = { .put = keep, .ctx = &r };
	struct engine_config cfg;
	struct engine *e = start(&sink, &cfg);
	uint64_t n = 1;
	uint16_t id = 3;
	uint32_t seq = 1000;
	double t = 0.2;

	(void)unused;
	assert_non_null(e);
#define ROW(...) give(e, &(struct segment){ __VA_ARGS__ }, n++)
	ROW(0.0, '>', "S", 999, 0, 0, .id = 1);
	ROW(0.1, '<', "S.", 4999, 1000, 0);
	ROW(0.10002, '>', ".", 1000, 5000, 0, .id = 2);
	for (int i = 0; i < 10; i++, seq += 100, t += 0.1) {
		ROW(t, '>', ".", seq, 5000, 100, .id = id++);
		ROW(t + 0.1, '<', ".", 5000, seq + 100, 0);
	}
	ROW(t, '>', ".", seq, 5000, 100, .id = id++);
	ROW(t, '>', ".", seq + 100, 5000, 100, .id = id++);
	ROW(t, '>', ".", seq + 200, 5000, 100, .id = id++);
	ROW(t + 0.15, '<', ".", 5000, seq, 0,
	    .sack = { seq + 100, seq + 200 });
	ROW(t + 0.16, '>', ".", seq, 5000, 100, .id = id++);
	ROW(t + 0.30, '>', ".", seq, 5000, 100, .id = id++);
	ROW(t + 0.40, '<', ".", 5000, seq + 300, 0);
#undef ROW
	stop(e, t + 1);
	near(r.end[SIDE_CLIENT].max_rtt_ns, 150 * MS, MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_estimator_is_linuxs),
		cmocka_unit_test(the_shares_of_the_loops_are_the_place),
		cmocka_unit_test(routers_on_both_sides_are_the_middle),
		cmocka_unit_test(the_round_trip_is_the_same_anywhere),
		cmocka_unit_test(what_was_sent_again_is_not_timed),
		cmocka_unit_test(sacked_segments_are_timed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
