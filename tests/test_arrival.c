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
#include <string.h>

#include <cmocka.h>

#include "tests/analysis_run.h"

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

/* IP-IDs are believed when they counted up by one for a while. */
#define COUNTED_IDS \
	{ 0.110, '>', ".", 900, 5000, 0, .id = 3 }, \
	{ 0.111, '>', ".", 1000, 5000, 0, .id = 4 }, \
	{ 0.112, '>', ".", 1000, 5000, 0, .id = 5 }, \
	{ 0.113, '>', ".", 1000, 5000, 0, .id = 6 }, \
	{ 0.114, '>', ".", 1000, 5000, 0, .id = 7 }, \
	{ 0.115, '>', ".", 1000, 5000, 0, .id = 8 }, \
	{ 0.116, '>', ".", 1000, 5000, 0, .id = 9 }, \
	{ 0.117, '>', ".", 1000, 5000, 0, .id = 10 }

/* The last two segments of a flight were lost before here (ids 6, 7) and sent
   again by a timer: nobody saw them before. */
static void
a_lost_tail_is_told_from_ip_ids(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE, COUNTED_IDS,
	    { 0.200, '>', ".", 1000, 5000, 100, .id = 11 },
	    { 0.201, '>', ".", 1100, 5000, 100, .id = 12 },
	    { 0.202, '>', ".", 1200, 5000, 100, .id = 13 },
	    { 0.260, '<', ".", 5000, 1300, 0 },
	    { 0.450, '>', ".", 1300, 5000, 100, .id = 16 },
	    { 0.510, '<', ".", 5000, 1400, 0 },
	    { 0.550, '>', ".", 1400, 5000, 100, .id = 17 },
	    { 0.610, '<', ".", 5000, 1500, 0 },
	    { 0.650, '>', ".", 1500, 5000, 100, .id = 18 });
	assert_true(plain(&r, 14));
	assert_int_equal(told(&r, 16, "rtx"), 1);
	assert_string_equal(detail(&r, 16, "loss"),
			    "{\"where\":\"upstream\"}");
	assert_int_equal(told(&r, 18, "rtx"), 1);
	assert_true(plain(&r, 20));
	/* a host that counts for all its connections */
	RUN(&r, MIDDLE,
	    { 0.200, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.201, '>', ".", 1100, 5000, 100, .id = 9 },
	    { 0.202, '>', ".", 1200, 5000, 100, .id = 14 },
	    { 0.203, '>', ".", 1300, 5000, 100, .id = 22 },
	    { 0.204, '>', ".", 1400, 5000, 100, .id = 23 },
	    { 0.205, '>', ".", 1500, 5000, 100, .id = 25 },
	    { 0.260, '<', ".", 5000, 1600, 0 },
	    { 0.450, '>', ".", 1600, 5000, 100, .id = 29 });
	assert_true(plain(&r, 11));
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

/* Nothing else tells copies from one another. */
static void
long_after_it_is_no_copy(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, FAR,
	    { 0.20, '>', "P.", 1000, 5000, 100 },
	    { 0.21, '>', "P.", 1000, 5000, 100 },
	    { 0.50, '>', "P.", 1000, 5000, 100 },
	    { 0.60, '>', "P.", 1100, 5000, 100, .tsval = 600 },
	    { 0.61, '>', "P.", 1100, 5000, 100, .tsval = 610 });
	assert_int_equal(told(&r, 5, "duplicate"), 1);
	assert_int_equal(told(&r, 6, "rtx"), 1);
	assert_int_equal(told(&r, 8, "rtx"), 1);
}

/* The gap in the IP-IDs is the retransmissions' that were lost too, by a timer
   that doubles (RFC 6298 s5.5): no ghosts behind snd_nxt. */
static void
lost_retransmissions_are_no_lost_tail(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE, COUNTED_IDS,
	    { 0.200, '>', ".", 1000, 5000, 100, .id = 11 },
	    { 0.201, '>', ".", 1100, 5000, 100, .id = 12 },
	    { 0.202, '>', ".", 1200, 5000, 100, .id = 13 },
	    { 0.203, '>', ".", 1300, 5000, 100, .id = 14 },
	    { 0.260, '<', ".", 5000, 1300, 0 },
	    { 0.560, '>', ".", 1300, 5000, 100, .id = 16 },
	    { 0.620, '<', ".", 5000, 1400, 0 },
	    { 0.660, '>', ".", 1400, 5000, 100, .id = 17 });
	assert_int_equal(told(&r, 17, "rtx"), 1);
	assert_true(plain(&r, 19));
}

/* Captures of several queues have an ACK before its data. */
static void
data_behind_its_ack_is_new(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, FAR,
	    { 0.20000, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.20010, '<', ".", 5000, 1200, 0 },
	    { 0.20015, '>', "P.", 1100, 5000, 100, .id = 4 },
	    { 0.30000, '<', ".", 5000, 1300, 0 });
	assert_int_equal(told(&r, 5, "ack_of_unseen"), 1);
	assert_true(plain(&r, 6));
	assert_int_equal(r.end[SIDE_CLIENT].missing_bytes, 100);
	assert_int_equal(told(&r, 7, "ack_of_unseen"), 1);
}

/* Numbers that fit nothing are no hole of a gigabyte. */
static void
a_stray_changes_nothing(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.20, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.21, '>', "P.", 1000 + 0x70000000, 5000, 100, .id = 4 },
	    { 0.22, '>', "P.", 1100, 5000, 100, .id = 5 },
	    { 0.23, '>', "P.", 1300, 5000, 100, .id = 7 },
	    { 0.24, '>', "P.", 1200, 5000, 100, .id = 6 });
	assert_int_equal(told(&r, 5, "previous_missing"), 0);
	assert_true(plain(&r, 6));
	assert_int_equal(told(&r, 8, "out_of_order"), 1);
}

/* RFC 5681 s3.2: it did not wait for the ACK that had passed. */
static void
sent_again_after_its_ack_is_needless(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.30, '<', ".", 5000, 1100, 0 },
	    { 0.50, '>', "P.", 1000, 5000, 100, .id = 4 });
	assert_int_equal(told(&r, 6, "rtx_spurious"), 1);
	assert_int_equal(told(&r, 6, "loss"), 0);
	assert_string_equal(r.codes, "");
}

/* A DSACK needs a way: it cannot be for what was just sent. */
static void
a_dsack_is_for_what_had_time_to_arrive(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.50, '>', "P.", 1000, 5000, 100, .id = 4 },
	    { 0.59, '>', "P.", 1000, 5000, 100, .id = 5 },
	    { 0.61, '<', ".", 5000, 1100, 0, .sack = { 1000, 1100 } });
	assert_int_equal(told(&r, 5, "rtx_spurious"), 1);
	assert_int_equal(told(&r, 6, "rtx_spurious"), 0);
}

/* The echo is of the segment that moved snd_una, not of those behind it. */
static void
an_echo_judges_the_first_segment_only(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', "P.", 1000, 5000, 100, .tsval = 200, .id = 3 },
	    { 0.20, '>', "P.", 1100, 5000, 100, .tsval = 200, .id = 4 },
	    { 0.50, '>', "P.", 1000, 5000, 100, .tsval = 500, .id = 5 },
	    { 0.501, '>', "P.", 1100, 5000, 100, .tsval = 501, .id = 6 },
	    { 0.60, '<', ".", 5000, 1200, 0, .tsval = 9, .tsecr = 500 });
	assert_int_equal(told(&r, 6, "rtx_spurious"), 0);
	assert_int_equal(told(&r, 7, "rtx_spurious"), 0);
	assert_int_equal(told(&r, 7, "rtx"), 1);
}

/* RFC 9293 s3.8.6: nothing more may be sent. */
static void
a_full_window_ends_at_its_right_edge(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '<', ".", 5000, 1000, 0, .win = 100 },
	    { 0.21, '>', "P.", 1000, 5000, 50, .id = 3 },
	    { 0.22, '>', "P.", 1050, 5000, 50, .id = 4 });
	assert_int_equal(told(&r, 5, "window_full"), 0);
	assert_int_equal(told(&r, 6, "window_full"), 1);
	assert_int_equal(r.end[SIDE_CLIENT].window_full, 1);
	assert_int_equal(r.end[SIDE_SERVER].min_rwnd, 100);
}

/* Copies are none of tshark's words. */
static void
tshark_calls_copies_retransmissions(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, FAR,
	    { 0.200, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.202, '<', ".", 5000, 1000, 0 },
	    { 0.203, '<', ".", 5000, 1000, 0 },
	    { 0.204, '>', ".", 1000, 5000, 100, .id = 3 },
	    { 0.205, '<', ".", 5000, 1100, 0 },
	    { 0.206, '>', ".", 1000, 5000, 100, .id = 3 });
	assert_non_null(strstr(detail(&r, 7, "duplicate"),
			       "\"tshark\":\"fast retransmission\""));
	assert_non_null(strstr(detail(&r, 9, "duplicate"),
			       "\"tshark\":\"spurious retransmission\""));
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
		cmocka_unit_test(long_after_it_is_no_copy),
		cmocka_unit_test(lost_retransmissions_are_no_lost_tail),
		cmocka_unit_test(data_behind_its_ack_is_new),
		cmocka_unit_test(a_stray_changes_nothing),
		cmocka_unit_test(sent_again_after_its_ack_is_needless),
		cmocka_unit_test(a_dsack_is_for_what_had_time_to_arrive),
		cmocka_unit_test(an_echo_judges_the_first_segment_only),
		cmocka_unit_test(a_full_window_ends_at_its_right_edge),
		cmocka_unit_test(tshark_calls_copies_retransmissions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
