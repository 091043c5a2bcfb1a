/*
 * test_envelope.c - senders of no known kind are told from Reno and CUBIC, and
 * from programs that send little.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "analysis/cc_envelope.h"
#include "analysis/cc_identify.h"
#include "analysis/estimate.h"

#define MSS 1000
#define FIRST UINT64_C(1000000)
#define RTT_US 40000
#define WINDOW 100000000

/* A sender, a path of one round trip, and an ACK for each second segment. */
struct path {
	struct blocks *blocks;
	struct loss loss;
	struct cc_bank bank;
	uint64_t t;
	uint64_t sent, acked;	/* segments */
	uint32_t rwnd;
};

static void
path_open(struct path *p)
{
	memset(p, 0, sizeof(*p));
	p->blocks = blocks_open(1 << 24);
	p->loss.snd_wnd = p->loss.max_window = p->rwnd = WINDOW;
	loss_init(&p->loss, p->blocks, &p->bank, MSS, FIRST);
	p->loss.wnd_end = FIRST + WINDOW;
	p->loss.sack_ok = true;
	p->loss.anchored = true;
	p->t = 100000;
	loss_handshake(&p->loss, RTT_US, p->t);
}

static void
path_close(struct path *p)
{
	loss_release(&p->loss);
	blocks_close(p->blocks);
}

static void
send_up_to(struct path *p, uint32_t window)
{
	while (p->sent - p->acked < window) {
		struct data_out d = {
			.t = p->t,
			.seq = FIRST + p->sent * MSS,
			.end = FIRST + (p->sent + 1) * MSS,
		};

		loss_data(&p->loss, &d);
		p->sent++;
	}
}

static void
ack(struct path *p, uint64_t segment, uint64_t from, uint64_t to)
{
	struct ack_in a = {
		.t = p->t,
		.ack = FIRST + segment * MSS,
		.window = p->rwnd,
		.n_sack = to > from,
	};

	a.sack[0].start = FIRST + from * MSS;
	a.sack[0].end = FIRST + to * MSS;
	loss_ack(&p->loss, &a);
	p->acked = segment;
}

/* What is in flight is acknowledged, and replaced up to the window, which
   grows by that many segments meanwhile. */
static uint32_t
round_trip(struct path *p, uint32_t window, int grow)
{
	uint64_t from = p->acked, until = p->sent;
	double size = window;

	p->t += RTT_US / 4;
	while (p->acked < until) {
		uint64_t n = until - p->acked > 1 ? 2 : 1;

		p->t += RTT_US / 2 / (window / 2 + 1);
		size += (double)(grow * (int)n) / (double)(until - from);
		ack(p, p->acked + n, 0, 0);
		send_up_to(p, (uint32_t)(size + .001));
	}
	return (uint32_t)(window + (uint32_t)grow);
}

/* Slow start, as all do, to a window of 80. */
static uint32_t
begin(struct path *p)
{
	uint32_t window = 10;

	send_up_to(p, window);
	while (window < 80)
		window = round_trip(p, window, (int)window);
	return window;
}

/* One segment is lost; the window is w afterwards. */
static void
lose_one(struct path *p, uint32_t w)
{
	uint64_t lost = p->acked, until = p->sent;
	struct data_out d = { .seq = FIRST + lost * MSS,
			      .end = FIRST + (lost + 1) * MSS };

	p->t += RTT_US / 2;
	ack(p, lost, lost + 1, lost + 4);
	d.t = p->t;
	loss_data(&p->loss, &d);
	for (uint64_t to = lost + 6; to < until; to += 2)
		ack(p, lost, lost + 1, to);
	p->t += RTT_US / 2;
	ack(p, until, 0, 0);
	send_up_to(p, w);
}

static const struct envelope *
seen(const struct path *p)
{
	return envelope_of(&p->loss);
}

/* As AIMD with other constants than RFC 5681's (RFC 3649 s3). */
static void
four_segments_a_round_trip_are_no_known_kind(void **unused)
{
	struct path p;
	struct estimate e;
	uint32_t w;

	(void)unused;
	path_open(&p);
	w = begin(&p);
	lose_one(&p, w = w * 17 / 20);
	for (int i = 0; i < 20; i++)
		w = round_trip(&p, w, 4);
	lose_one(&p, w = w * 17 / 20);
	for (int i = 0; i < 20; i++)
		w = round_trip(&p, w, 4);
	assert_true(p.loss.unlike);
	assert_null(cc_identify(&p.loss).name);
	assert_true(fabs((double)seen(&p)->segs.mean - 4) < .3);
	assert_true(fabs((double)seen(&p)->left.mean - .85) < .03);
	e = estimate_cwnd(&p.loss, cc_best(&p.loss));
	assert_int_equal(e.class, ESTIMATE_BOUNDED);
	assert_in_range(w, e.low, e.high);
	assert_true(e.high - e.low <= w / 5);
	path_close(&p);
}

/* RFC 5681 s3.1. */
static void
reno_is_never_unlike(void **unused)
{
	struct path p;
	uint32_t w;

	(void)unused;
	path_open(&p);
	w = begin(&p);
	for (int k = 0; k < 4; k++) {
		lose_one(&p, w = w / 2);
		for (int i = 0; i < 40; i++) {
			w = round_trip(&p, w, 1);
			assert_false(p.loss.unlike);
		}
	}
	assert_true((double)seen(&p)->doubt < .1);
	assert_true(fabs((double)seen(&p)->segs.mean - 1) < .1);
	path_close(&p);
}

/* As Vegas does where it sees a queue. */
static void
a_window_that_gives_way_is_no_known_kind(void **unused)
{
	struct path p;
	uint32_t w;

	(void)unused;
	path_open(&p);
	w = begin(&p);
	for (int i = 0; i < 30; i++)
		w = round_trip(&p, w, -1);
	assert_true(p.loss.unlike);
	assert_true(seen(&p)->n_gave >= 8);
	assert_in_range(cc_best(&p.loss)->cwnd, w - 2, w + 2);
	path_close(&p);
}

/* A send buffer, or a program with its own window, may be the limit. */
static void
a_flight_that_stays_tells_nothing(void **unused)
{
	struct path p;
	uint32_t w;

	(void)unused;
	path_open(&p);
	w = begin(&p);
	for (int i = 0; i < 60; i++)
		round_trip(&p, w, 0);
	assert_false(p.loss.unlike);
	assert_true(seen(&p)->n_odd <= 1);	/* slow start's last */
	path_close(&p);
}

/* Neither does less in flight where the receiver's window forbids more. */
static void
the_receivers_window_tells_nothing(void **unused)
{
	struct path p;
	uint32_t w;

	(void)unused;
	path_open(&p);
	w = begin(&p);
	for (int i = 0; i < 30; i++) {
		p.rwnd = (w - 1) * MSS;
		w = round_trip(&p, w, -1);
	}
	assert_true(seen(&p)->n_odd <= 1);
	path_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_segments_a_round_trip_are_no_known_kind),
		cmocka_unit_test(reno_is_never_unlike),
		cmocka_unit_test(a_window_that_gives_way_is_no_known_kind),
		cmocka_unit_test(a_flight_that_stays_tells_nothing),
		cmocka_unit_test(the_receivers_window_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
