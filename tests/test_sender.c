/*
 * test_sender.c - an inferred sender, fed with ACKs that one can read.
 *
 * A script is a table of steps: the sender sends as much as its window lets
 * it (of the replica under test), or an ACK comes.  Segments are numbered
 * from 0 and are 1000 bytes; cwnd is in segments, as in Linux.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/blocks.h"
#include "analysis/cc_identify.h"
#include "analysis/engine.h"
#include "analysis/estimate.h"
#include "analysis/limit.h"
#include "analysis/loss.h"
#include "analysis/sender_view.h"

#define MSS 1000
#define FIRST UINT64_C(1000000)
#define RTT_US 40000

struct bench {
	struct blocks *blocks;
	struct loss loss;
	struct cc_bank bank;
	uint64_t t;
	uint32_t next;		/* segment to be sent */
};

static void
bench_open(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->blocks = blocks_open(1 << 24);
	b->loss.snd_wnd = b->loss.max_window = 10000000;
	loss_init(&b->loss, b->blocks, &b->bank, MSS, FIRST);
	b->loss.wnd_end = FIRST + 10000000;
	b->loss.sack_ok = true;
	b->loss.ecn_ok = true;
	b->t = 100000;
	loss_handshake(&b->loss, RTT_US, b->t);
}

static void
bench_close(struct bench *b)
{
	loss_release(&b->loss);
	blocks_close(b->blocks);
}

/* Send n new segments at once. */
static void
send_new(struct bench *b, uint32_t n)
{
	for (; n > 0; n--, b->next++) {
		struct data_out d = {
			.t = b->t,
			.seq = FIRST + (uint64_t)b->next * MSS,
			.end = FIRST + (uint64_t)(b->next + 1) * MSS,
		};

		assert_int_equal(loss_data(&b->loss, &d), SENT_NEW);
	}
}

static enum sent_kind
send_again(struct bench *b, uint32_t segment)
{
	struct data_out d = {
		.t = b->t,
		.seq = FIRST + (uint64_t)segment * MSS,
		.end = FIRST + (uint64_t)(segment + 1) * MSS,
	};

	return loss_data(&b->loss, &d);
}

/* An ACK of all segments before this one, SACKing [from, to) if any. */
static void
ack_sack(struct bench *b, uint32_t segment, uint32_t from, uint32_t to)
{
	struct ack_in a = {
		.t = b->t,
		.ack = FIRST + (uint64_t)segment * MSS,
		.window = 10000000,
		.n_sack = to > from,
	};

	a.sack[0].start = FIRST + (uint64_t)from * MSS;
	a.sack[0].end = FIRST + (uint64_t)to * MSS;
	loss_ack(&b->loss, &a);
}

static void
ack(struct bench *b, uint32_t segment)
{
	ack_sack(b, segment, 0, 0);
}

static uint32_t
cwnd(const struct bench *b, enum cc_kind kind)
{
	return b->bank.cc[kind].cwnd;
}

/* RFC 5681 s3.1, RFC 3465 without its limit: a segment for each one acked. */
static void
slow_start_grows_by_what_was_acked(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	assert_int_equal(cwnd(&b, CC_RENO), 10);	/* RFC 6928 */
	send_new(&b, 10);
	b.t += RTT_US;
	ack(&b, 2);
	assert_int_equal(cwnd(&b, CC_RENO), 12);
	assert_int_equal(cwnd(&b, CC_CUBIC), 12);
	ack(&b, 10);
	assert_int_equal(cwnd(&b, CC_RENO), 20);
	bench_close(&b);
}

/* RFC 7661 s4: a window that is not used does not grow (Linux: not beyond
   twice what was in flight). */
static void
unused_window_does_not_grow(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	for (uint32_t i = 0; i < 20; i++) {
		send_new(&b, 4);
		b.t += RTT_US;
		ack(&b, b.next);
	}
	assert_int_equal(cwnd(&b, CC_RENO), 10);
	bench_close(&b);
}

/* RFC 6675: SACKs behind a hole; RFC 8985: the third makes it lost. */
static void
three_sacked_segments_start_recovery(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	send_new(&b, 10);
	b.t += RTT_US;
	ack_sack(&b, 0, 1, 3);
	assert_int_equal(b.loss.ca_state, CA_DISORDER);
	assert_int_equal(b.loss.sb.lost, 0);
	ack_sack(&b, 0, 1, 4);
	assert_int_equal(b.loss.ca_state, CA_RECOVERY);
	assert_int_equal(b.loss.sb.lost, 1);
	assert_int_equal(send_again(&b, 0), SENT_RTX_FAST);
	/* Reno halves (RFC 5681 s3.1 equation 4), CUBIC's beta is 0.7
	   (RFC 9438 s4.6). */
	assert_int_equal(b.bank.cc[CC_RENO].ssthresh, 5);
	assert_int_equal(b.bank.cc[CC_CUBIC].ssthresh, 7);
	bench_close(&b);
}

/* RFC 6937 ends with the window at ssthresh. */
static void
recovery_ends_at_ssthresh(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	send_new(&b, 10);
	b.t += RTT_US;
	ack_sack(&b, 0, 1, 10);
	assert_int_equal(send_again(&b, 0), SENT_RTX_FAST);
	b.t += RTT_US;
	ack(&b, 10);
	assert_int_equal(b.loss.ca_state, CA_OPEN);
	assert_int_equal(cwnd(&b, CC_RENO), 5);
	assert_int_equal(cwnd(&b, CC_CUBIC), 7);
	bench_close(&b);
}

/* RFC 6298 s5.5: the timer; RFC 5681 s3.1: one segment after it. */
static void
silence_then_the_head_again_is_a_timeout(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	send_new(&b, 10);
	b.t += 40000 + 200000 + 4000;
	assert_int_equal(send_again(&b, 0), SENT_RTX_TIMEOUT);
	assert_int_equal(b.loss.ca_state, CA_LOSS);
	assert_int_equal(cwnd(&b, CC_RENO), 1);
	assert_int_equal(b.bank.cc[CC_RENO].ssthresh, 5);
	bench_close(&b);
}

/* RFC 8985 s7.2: two round trips after the last segment, that one again. */
static void
last_segment_again_after_two_round_trips_is_a_probe(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	send_new(&b, 10);
	b.t += RTT_US;
	ack(&b, 8);
	b.t += 2 * RTT_US + 4000;
	assert_int_equal(send_again(&b, 9), SENT_RTX_TLP);
	assert_int_equal(b.loss.ca_state, CA_OPEN);
	bench_close(&b);
}

/* RFC 3708: the only retransmission was a duplicate: all as before. */
static void
dsack_takes_the_reduction_back(void **unused)
{
	struct bench b;
	struct ack_in a;

	(void)unused;
	bench_open(&b);
	send_new(&b, 10);
	b.t += RTT_US;
	ack_sack(&b, 0, 1, 4);
	assert_int_equal(send_again(&b, 0), SENT_RTX_FAST);
	b.t += 1000;
	ack(&b, 9);	/* it was only late */
	b.t += RTT_US;
	memset(&a, 0, sizeof(a));
	a.t = b.t;
	a.ack = FIRST + 9 * MSS;
	a.window = 10000000;
	a.n_sack = 1;
	a.sack[0].start = FIRST;
	a.sack[0].end = FIRST + MSS;
	loss_ack(&b.loss, &a);
	assert_int_equal(b.loss.n_undo, 1);
	assert_true(cwnd(&b, CC_RENO) >= 10);
	assert_true(b.bank.cc[CC_RENO].ssthresh == CC_INFINITE);
	bench_close(&b);
}

/* RFC 3168 s6.1.2: once a round trip, as for a loss, nothing sent again. */
static void
congestion_echo_reduces_once(void **unused)
{
	struct bench b;
	struct ack_in a;

	(void)unused;
	bench_open(&b);
	send_new(&b, 10);
	b.t += RTT_US;
	for (uint64_t i = 1; i <= 4; i++) {
		memset(&a, 0, sizeof(a));
		a.t = b.t;
		a.ack = FIRST + i * MSS;
		a.window = 10000000;
		a.ece = true;
		loss_ack(&b.loss, &a);
		assert_int_equal(b.loss.ca_state, CA_CWR);
	}
	assert_int_equal(b.bank.cc[CC_RENO].ssthresh, 5);
	bench_close(&b);
}

/* RFC 2861, as Linux: halved for each time-out of silence, ten at least. */
static void
silence_halves_the_window(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	for (uint32_t i = 0; i < 3; i++) {
		send_new(&b, cwnd(&b, CC_RENO));
		b.t += RTT_US;
		ack(&b, b.next);
	}
	assert_int_equal(cwnd(&b, CC_RENO), 80);
	b.t += 400000;			/* more than one RTO, less than two */
	send_new(&b, 1);
	assert_int_equal(cwnd(&b, CC_RENO), 40);
	bench_close(&b);
}

/* RFC 6582 s3.2: without SACK, three duplicate ACKs. */
static void
three_duplicate_acks_start_recovery_without_sack(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	b.loss.sack_ok = false;
	send_new(&b, 10);
	b.t += RTT_US;
	ack(&b, 1);
	send_new(&b, 2);
	for (int i = 0; i < 3; i++)
		ack(&b, 1);
	assert_int_equal(b.loss.ca_state, CA_RECOVERY);
	assert_int_equal(send_again(&b, 1), SENT_RTX_FAST);
	bench_close(&b);
}

/* What is seen overrules the model: more in flight than the window. */
static void
flight_above_the_window_raises_it(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	send_new(&b, 16);
	assert_int_equal(cwnd(&b, CC_RENO), 16);
	bench_close(&b);
}

/* RFC 9438 s4.2: after a reduction the window comes back to where it was
   along a cubic, slowly at first and at the end. */
static void
cubic_returns_to_its_plateau(void **unused)
{
	struct bench b;
	uint32_t plateau, before;

	(void)unused;
	bench_open(&b);
	for (int i = 0; i < 3; i++) {
		send_new(&b, cwnd(&b, CC_CUBIC));
		b.t += RTT_US;
		ack(&b, b.next);
	}
	plateau = cwnd(&b, CC_CUBIC);
	send_new(&b, plateau);
	b.t += RTT_US;
	ack_sack(&b, b.next - plateau, b.next - plateau + 1, b.next);
	assert_int_equal(send_again(&b, b.next - plateau), SENT_RTX_FAST);
	b.t += RTT_US;
	ack(&b, b.next);
	assert_int_equal(cwnd(&b, CC_CUBIC), plateau * 717 / 1024);
	for (int i = 0; i < 100; i++) {
		before = cwnd(&b, CC_CUBIC);
		send_new(&b, before);
		b.t += RTT_US;
		ack(&b, b.next);
		assert_true(cwnd(&b, CC_CUBIC) >= before);
		assert_true(cwnd(&b, CC_CUBIC) <= before + before / 2);
	}
	assert_true(cwnd(&b, CC_CUBIC) > plateau);
	bench_close(&b);
}

/* Linux's tcp_snd_wnd_test() comes after the congestion window's test. */
static void
full_receive_window_is_the_cause(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	b.loss.snd_wnd = 6 * MSS;
	b.loss.wnd_end = FIRST + 6 * MSS;
	send_new(&b, 6);
	assert_int_equal(limit_now(&b.loss, &b.bank.cc[CC_CUBIC]),
			 LIMIT_RECEIVE_WINDOW);
	b.loss.snd_wnd = 1000 * MSS;
	b.loss.wnd_end = FIRST + 1000 * MSS;
	assert_int_equal(limit_now(&b.loss, &b.bank.cc[CC_CUBIC]),
			 LIMIT_APPLICATION);
	send_new(&b, 4);
	assert_int_equal(limit_now(&b.loss, &b.bank.cc[CC_CUBIC]),
			 LIMIT_CONGESTION_WINDOW);
	bench_close(&b);
}

/* A capture that begins late knows what was in flight, and no more. */
static void
late_start_gives_a_lower_bound_only(void **unused)
{
	struct bench b;
	struct estimate e;

	(void)unused;
	bench_open(&b);
	b.loss.anchored = false;
	b.loss.late = true;
	send_new(&b, 20);
	e = estimate_cwnd(&b.loss, cc_best(&b.loss));
	assert_int_equal(e.class, ESTIMATE_LOWER_BOUND);
	assert_int_equal(e.value, UINT32_MAX);
	assert_int_equal(e.low, 20);
	bench_close(&b);
}

static void
ack_passes(struct sender_view *v, struct blocks *blocks, uint64_t t,
	   uint32_t tsval)
{
	struct ack_in a = { .t = t, .ack = FIRST, .has_ts = true };

	assert_true(view_push(v, blocks, &a, 0, tsval));
}

/*
 * RFC 7323 s4: data echoes the newest time stamp that its sender had got.  An
 * ACK that bears a newer one was not there yet, however long ago it passed.
 */
static void
ack_waits_until_its_time_stamp_is_echoed(void **unused)
{
	struct sender_view v;
	struct data_out d = { .t = 140000, .has_ts = true, .tsecr = 7 };
	struct bench b;
	struct ack_in a;

	(void)unused;
	bench_open(&b);
	memset(&v, 0, sizeof(v));
	ack_passes(&v, b.blocks, 100000, 6);
	ack_passes(&v, b.blocks, 101000, 7);
	ack_passes(&v, b.blocks, 102000, 8);
	assert_true(view_due(&v, &b.loss, &d, true));
	assert_true(view_pop(&v, &b.loss, &a));
	assert_true(view_due(&v, &b.loss, &d, true));
	assert_true(view_pop(&v, &b.loss, &a));
	assert_int_equal(a.t, 101000);
	assert_false(view_due(&v, &b.loss, &d, false));
	view_release(&v, b.blocks);
	bench_close(&b);
}

/*
 * RFC 9293 s3.10.7.4: data that leaves acknowledges all that its sender got in
 * order, and a SACK block the newest of the rest (RFC 2018 s4).  What the
 * peer's data brought that is not told so was not there yet.
 */
static void
data_of_both_ends_orders_them(void **unused)
{
	struct data_out d = {
		.t = 140000, .has_ts = true, .tsecr = 6, .ack = 2000,
		.ack_all = true,
	};
	struct ack_in a = { .ack = FIRST, .has_ts = true, .has_data = true };
	struct sender_view v;
	struct bench b;

	(void)unused;
	bench_open(&b);
	memset(&v, 0, sizeof(v));
	for (unsigned i = 1; i <= 3; i++) {
		a.t = 100000 + i * 100;
		assert_true(view_push(&v, b.blocks, &a, i * 1000, 6));
	}
	for (unsigned i = 1; i <= 2; i++) {
		assert_true(view_due(&v, &b.loss, &d, true));
		assert_true(view_pop(&v, &b.loss, &a));
	}
	assert_false(view_due(&v, &b.loss, &d, false));
	d.ack = 3000;
	assert_true(view_due(&v, &b.loss, &d, true));
	view_release(&v, b.blocks);
	bench_close(&b);
}

/* Where no more ACKs can wait, the newest of a tick stands for the others. */
static void
full_view_joins_the_acks_of_a_tick(void **unused)
{
	struct ack_in a = { .t = 100000, .ack = FIRST, .has_ts = true };
	struct sender_view v;
	struct bench b;

	(void)unused;
	bench_open(&b);
	memset(&v, 0, sizeof(v));
	for (unsigned i = 0; i < VIEW_MAX; i++, a.t++, a.ack += MSS)
		assert_true(view_push(&v, b.blocks, &a, 0, 6));
	assert_true(view_push(&v, b.blocks, &a, 0, 6));
	assert_false(view_push(&v, b.blocks, &a, 0, 7));
	assert_int_equal(v.n, VIEW_MAX);
	for (unsigned i = 0; i < VIEW_MAX; i++)
		assert_true(view_pop(&v, &b.loss, &a));
	assert_int_equal(a.t, 100000 + VIEW_MAX);
	view_release(&v, b.blocks);
	bench_close(&b);
}

/* A capture that misses an ACK shows more in flight, until the next one. */
static void
missed_ack_does_not_raise_the_window(void **unused)
{
	struct bench b;
	struct cc *reno;

	(void)unused;
	bench_open(&b);
	reno = &b.bank.cc[CC_RENO];
	b.loss.hole_at = b.t;
	send_new(&b, 10);
	b.t += RTT_US;
	reno->cwnd = reno->ssthresh = 10;
	send_new(&b, 2);
	ack(&b, 4);
	assert_int_equal(reno->cwnd, 10);
	bench_close(&b);
}

/* Elsewhere: how well a window and BBR's rate explain what is seen. */
static bool
takes_for_bbr(struct bench *b, double window, double recent, double rate)
{
	struct cc *cubic = &b->bank.cc[CC_CUBIC], *bbr = &b->bank.cc[CC_BBR];

	b->bank.cc[CC_RENO].score = 0;
	cubic->n_judged = 100;
	cubic->score = window;
	cubic->recent = recent;
	bbr->n_judged = 2;
	bbr->score = bbr->recent = rate;
	cc_choose_window(&b->loss);
	cc_reconsider(&b->loss);
	return cc_best(&b->loss) == bbr;
}

/* Both are compared: a rate that explains far more is believed soon, and is
   not forgotten when a window explains a while. */
static void
elsewhere_a_rate_has_to_explain_far_more(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	b.loss.causal = true;
	assert_false(takes_for_bbr(&b, .7, .9, 1));
	assert_false(takes_for_bbr(&b, .55, .55, .8));
	assert_true(takes_for_bbr(&b, .55, .55, 1));
	assert_true(takes_for_bbr(&b, .75, .95, .9));
	assert_false(takes_for_bbr(&b, .75, .95, .6));
	bench_close(&b);
}

/* A recovery ends with so many segments in flight; Reno's window would be 50,
   CUBIC's 70.  What is told after two of them? */
static const char *
told_after(uint32_t flight, bool stamps)
{
	struct bench b;
	struct cc *reno = &b.bank.cc[CC_RENO], *cubic = &b.bank.cc[CC_CUBIC];
	const char *name;

	bench_open(&b);
	send_new(&b, flight);
	b.loss.causal = true;
	b.loss.has_tsval = stamps;
	b.loss.prr_out = 1;
	/* In time both explain as much. */
	reno->score = cubic->score = .5;
	reno->n_judged = cubic->n_judged = 1000;
	reno->n_explained = flight < 60 ? 900 : 400;
	cubic->n_explained = flight < 60 ? 400 : 900;
	for (int i = 0; i < 2; i++) {
		reno->cwnd = reno->ssthresh = 50;
		cubic->cwnd = cubic->ssthresh = 70;
		cc_bank_end_reduction(&b.loss);
	}
	name = cc_identify(&b.loss).name;
	bench_close(&b);
	return name;
}

static void
elsewhere_the_depth_of_reductions_tells(void **unused)
{
	(void)unused;
	assert_string_equal(told_after(49, true), "reno");
	assert_string_equal(told_after(69, true), "cubic");
	assert_null(told_after(60, true));
	assert_null(told_after(49, false));
}

/* Without time stamps CUBIC's window, which left slow start, ordered what was
   seen, and Reno's could not grow: but the loss shows that it did. */
static void
slow_start_until_the_loss_is_no_surprise(void **unused)
{
	struct bench b;
	struct cc *reno = &b.bank.cc[CC_RENO], *cubic = &b.bank.cc[CC_CUBIC];

	(void)unused;
	bench_open(&b);
	b.loss.causal = true;
	b.loss.n_recovery = 1;
	b.loss.delivered = 200 + b.loss.prr_delivered;
	reno->prior_cwnd = 160;
	cubic->prior_cwnd = 100;
	reno->prior_ssthresh = cubic->prior_ssthresh = CC_INFINITE;
	cc_bank_window_was(&b.loss, 210);
	assert_int_equal(reno->ssthresh, 105);
	assert_int_equal(reno->n_met, 1);
	assert_int_equal(cubic->n_met, 0);
	assert_true(reno->score > cubic->score);
	/* A window that is less than all that came did leave it. */
	b.loss.delivered = 400;
	reno->prior_cwnd = 160;
	cc_bank_window_was(&b.loss, 210);
	assert_int_equal(reno->n_met, 1);
	assert_int_equal(reno->n_unmet, 1);
	bench_close(&b);
}

/* What was measured before it is known that the sender is elsewhere was the
   way to here. */
static void
rate_begins_anew_when_its_sender_is_placed(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	send_new(&b, 10);
	b.t += RTT_US;
	ack(&b, 10);
	assert_true(b.bank.cc[CC_BBR].cwnd > 10);
	b.bank.cc[CC_BBR].n_judged = 5;
	memset(&b.loss.rtt, 0, sizeof(b.loss.rtt));
	cc_bank_placed(&b.loss);
	assert_int_equal(b.bank.cc[CC_BBR].n_judged, 0);
	send_new(&b, 1);
	b.t += 4 * RTT_US;
	ack(&b, 11);
	assert_int_equal(loss_min_rtt(&b.loss), 4 * RTT_US);
	bench_close(&b);
}

/* Round trips of three segments until BBR's replica dips; at most so long. */
static bool
dips_within(struct bench *b, uint64_t us)
{
	const struct cc *bbr = &b->bank.cc[CC_BBR];

	for (uint64_t end = b->t + us; b->t < end;) {
		send_new(b, 3);
		b->t += RTT_US;
		ack(b, b->next - 1);	/* never idle: it would not dip */
		if (!strcmp(bbr->ops->phase(bbr), "bbr_probe_rtt"))
			return true;
	}
	return false;
}

/* The sender's minimum may be younger by as little as a tick: a dip that data
   contradicts is not put off for ten seconds. */
static void
dip_that_data_contradicts_is_tried_again(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	assert_false(dips_within(&b, 9000000));
	assert_true(dips_within(&b, 2000000));
	send_new(&b, 12);
	b.t += RTT_US;
	ack(&b, b.next - 1);
	assert_string_equal(b.bank.cc[CC_BBR].ops->phase(&b.bank.cc[CC_BBR]),
			    "bbr_probe_bw");
	assert_true(dips_within(&b, 1000000));
	bench_close(&b);
}

static uint32_t
app_marked(const struct bench *b)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->loss.sb.n; i++)
		if (scoreboard_at(&b->loss.sb, i)->marks & SENT_APP)
			n += scoreboard_at(&b->loss.sb, i)->n;
	return n;
}

/* A program that had nothing to send: the rates of what it sends then tell of
   it, and BBR does not take its path for full. */
static void
data_after_silence_is_limited_by_the_program(void **unused)
{
	struct bench b;

	(void)unused;
	bench_open(&b);
	b.bank.cc[CC_BBR].cwnd = 100;
	send_new(&b, 10);
	b.t += RTT_US;
	ack(&b, 9);
	send_new(&b, 10);	/* let go by the ACK */
	assert_int_equal(app_marked(&b), 1);
	b.t += RTT_US;
	ack(&b, 20);
	b.t += 10 * RTT_US;
	send_new(&b, 10);
	assert_int_equal(app_marked(&b), 10);
	b.t += RTT_US;
	ack_sack(&b, 20, 21, 29);
	send_again(&b, 20);
	assert_int_equal(app_marked(&b), 9);
	bench_close(&b);
}

/* A clock of whole milliseconds: that segment shows when it ticked which left
   next behind the tick. */
static void
clock_is_learned_from_the_segment_next_to_its_tick(void **unused)
{
	static const struct { uint64_t t; uint32_t tsval; } sent[] = {
		{ 100900, 500 }, { 101100, 501 }, { 101800, 501 },
		{ 102700, 502 },
	};
	struct bench b;

	(void)unused;
	bench_open(&b);
	for (uint32_t i = 0; i < 4; i++) {
		struct data_out d = {
			.t = sent[i].t,
			.seq = FIRST + (uint64_t)i * MSS,
			.end = FIRST + (uint64_t)(i + 1) * MSS,
			.tsval = sent[i].tsval,
			.has_ts = true,
		};

		loss_data(&b.loss, &d);
	}
	assert_int_equal(b.loss.tsval, 501);
	assert_int_equal(b.loss.tsval_t, 101100);
	bench_close(&b);
}

/* There may be a hundred thousand of them at once, and each of their packets
   goes through all of it. */
static void
connection_without_trouble_is_small(void **unused)
{
	(void)unused;
	assert_in_range(sizeof(struct conn) + engine_conn_extra(false), 1,
			1536);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_start_grows_by_what_was_acked),
		cmocka_unit_test(unused_window_does_not_grow),
		cmocka_unit_test(three_sacked_segments_start_recovery),
		cmocka_unit_test(recovery_ends_at_ssthresh),
		cmocka_unit_test(silence_then_the_head_again_is_a_timeout),
		cmocka_unit_test(
			last_segment_again_after_two_round_trips_is_a_probe),
		cmocka_unit_test(dsack_takes_the_reduction_back),
		cmocka_unit_test(congestion_echo_reduces_once),
		cmocka_unit_test(silence_halves_the_window),
		cmocka_unit_test(
			three_duplicate_acks_start_recovery_without_sack),
		cmocka_unit_test(flight_above_the_window_raises_it),
		cmocka_unit_test(cubic_returns_to_its_plateau),
		cmocka_unit_test(full_receive_window_is_the_cause),
		cmocka_unit_test(late_start_gives_a_lower_bound_only),
		cmocka_unit_test(ack_waits_until_its_time_stamp_is_echoed),
		cmocka_unit_test(data_of_both_ends_orders_them),
		cmocka_unit_test(full_view_joins_the_acks_of_a_tick),
		cmocka_unit_test(missed_ack_does_not_raise_the_window),
		cmocka_unit_test(elsewhere_a_rate_has_to_explain_far_more),
		cmocka_unit_test(elsewhere_the_depth_of_reductions_tells),
		cmocka_unit_test(slow_start_until_the_loss_is_no_surprise),
		cmocka_unit_test(rate_begins_anew_when_its_sender_is_placed),
		cmocka_unit_test(dip_that_data_contradicts_is_tried_again),
		cmocka_unit_test(
			data_after_silence_is_limited_by_the_program),
		cmocka_unit_test(
			clock_is_learned_from_the_segment_next_to_its_tick),
		cmocka_unit_test(connection_without_trouble_is_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
