/*
 * From numbers to cells: dots, curves, arrows, words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/graph.h"
#include "tui/ladder.h"
#include "tui/plot.h"
#include "tui/show.h"

#define MS(n) ((n) * NS_PER_MS)

/* --- dots -------------------------------------------------------------- */

static void
braille_has_eight_dots_a_cell(void **unused)
{
	static const struct series s = { STYLE_DATA, 'o', 1 };
	struct plot p;

	(void)unused;
	assert_int_equal(plot_init(&p, 2, 1, false), 0);
	assert_int_equal(plot_width(&p), 4);
	assert_int_equal(plot_height(&p), 4);
	plot_dot(&p, 0, 0, &s);
	plot_dot(&p, 1, 3, &s);
	plot_dot(&p, -1, 0, &s);
	plot_dot(&p, 4, 4, &s);
	assert_int_equal(p.cell[0].dots, 0x01 | 0x80);
	assert_int_equal(p.cell[1].dots, 0);
	plot_release(&p);
}

static void
the_highest_rank_gives_the_sign(void **unused)
{
	static const struct series low = { STYLE_DATA, 'o', 1 };
	static const struct series high = { STYLE_RTX, 'R', 9 };
	struct canvas c;
	struct plot p;
	char row[16];

	(void)unused;
	canvas_init(&c, 3, 1, true);
	assert_int_equal(plot_init(&p, 3, 1, true), 0);
	plot_dot(&p, 1, 0, &high);
	plot_line(&p, -100000, 0, 100000, 0, &low);
	plot_show(&p, &c, 0, 0);
	canvas_row(&c, 0, row, sizeof(row));
	assert_string_equal(row, "oRo");
	plot_release(&p);
	canvas_release(&c);
}

/* --- a sawtooth -------------------------------------------------------- */

static struct conn_sample samples[90];

static void
sample(size_t i, int64_t cwnd, int64_t ssthresh)
{
	samples[i] = (struct conn_sample){
		.ts = MS((int64_t)i * 100), .snd_una = (int64_t)i * 1000,
		.snd_nxt = (int64_t)i * 1000 + cwnd, .flight = CONN_UNKNOWN,
		.rwnd = 10000000, .cwnd = cwnd, .cwnd_low = CONN_UNKNOWN,
		.cwnd_high = CONN_UNKNOWN, .ssthresh = ssthresh,
		.srtt = MS(40) };
}

/* Doubling to 64000, then up from 40000 and down again, twice. */
static void
make_sawtooth(struct conn *c)
{
	size_t i = 0;

	memset(c, 0, sizeof(*c));
	for (int64_t cwnd = 1000; cwnd <= 64000; cwnd *= 2)
		for (int k = 0; k < 4; k++)
			sample(i++, cwnd, CONN_UNKNOWN);
	for (int tooth = 0; tooth < 2; tooth++)
		for (int k = 0; k < 30; k++)
			sample(i++, 40000 + k * 800, 40000);
	c->sample[SIDE_SERVER] = samples;
	c->n_samples[SIDE_SERVER] = i;
	c->life = span_of(0, MS((int64_t)i * 100));
}

/* The row of the curve's sign in a column; -1: none. */
static int
row_of(const struct canvas *c, int x, char sign)
{
	for (int y = 0; y < c->rows; y++)
		if (c->cell[y * c->stride + x].ch == (uint32_t)sign)
			return y;
	return -1;
}

/* Slow start, two teeth and ssthresh are seen in the cells. */
static void
a_sawtooth_is_seen(void **unused)
{
	static struct conn conn;
	struct graph_view v = { .conn = &conn, .side = SIDE_SERVER,
				.cursor = NSTIME_NONE };
	struct canvas c;
	int begin, peak, low, peak2;

	(void)unused;
	make_sawtooth(&conn);
	v.view = conn.life;
	canvas_init(&c, 7 + 88, 17, true);
	graph_draw(&c, GRAPH_WINDOW, &v);
	begin = row_of(&c, 7 + 1, '#');
	peak = row_of(&c, 7 + 26, '#');
	low = row_of(&c, 7 + 31, '#');
	peak2 = row_of(&c, 7 + 56, '#');
	assert_true(begin >= 15);		/* near the foot */
	assert_true(peak >= 0 && peak <= 3);	/* near the top */
	assert_true(low > peak + 3);		/* cut at the loss */
	assert_true(peak2 >= 0 && peak2 < low - 3);	/* and grown again */
	assert_true(row_of(&c, 7 + 50, '-') >= 0);	/* ssthresh */
	assert_int_equal(row_of(&c, 7 + 50, '='), -1);	/* rwnd is above */
	canvas_release(&c);
}

static void
a_graph_fits_into_anything(void **unused)
{
	static struct conn conn;
	struct graph_view v = { .conn = &conn, .side = SIDE_SERVER,
				.cursor = MS(100) };

	(void)unused;
	make_sawtooth(&conn);
	v.view = conn.life;
	for (int cols = 1; cols < 30; cols++)
		for (int rows = 1; rows < 12; rows++)
			for (int kind = 0; kind < N_GRAPHS; kind++) {
				struct canvas c;

				canvas_init(&c, cols, rows, rows & 1);
				graph_draw(&c, (enum graph_kind)kind, &v);
				canvas_release(&c);
			}
	v.side = SIDE_CLIENT;		/* of which there are no samples */
	conn.n_samples[SIDE_CLIENT] = 0;
	for (int kind = 0; kind < N_GRAPHS; kind++) {
		struct canvas c;

		canvas_init(&c, 60, 10, false);
		graph_draw(&c, (enum graph_kind)kind, &v);
		canvas_release(&c);
	}
}

/* --- the ladder -------------------------------------------------------- */

static const struct segment syn = {
	.frame = 1, .ts = 0, .seq = 0, .ack = CONN_UNKNOWN, .len = 0,
	.window = 64240, .flags = "S", .options = "mss 1460,sackOK,wscale 7",
	.side = SIDE_CLIENT,
};
static const struct segment rst = {
	.frame = 2, .ts = MS(250), .seq = 0, .ack = 1, .len = 0, .window = 0,
	.flags = "R.", .side = SIDE_SERVER,
};

static void
a_label_is_as_long_as_fits(void **unused)
{
	static const struct {
		int n;
		const char *label;
	} labels[] = {
		{ 80, "S 0:0(0) win 64240 <mss 1460,sackOK,wscale 7>" },
		{ 30, "S 0:0(0) win 64240" },
		{ 10, "S 0:0(0)" },
		{ 6, "S 0(0)" },
		{ 2, "S" },
	};
	char buf[160];

	(void)unused;
	for (size_t i = 0; i < 5; i++) {
		ladder_label(buf, sizeof(buf), labels[i].n, &syn);
		assert_string_equal(buf, labels[i].label);
	}
}

static void
a_refusal_is_two_arrows(void **unused)
{
	static struct conn conn;
	struct canvas c;
	char row[256];

	(void)unused;
	memset(&conn, 0, sizeof(conn));
	conn.change[conn.n_changes++] = (struct conn_change){
		.frame = 1, .side = SIDE_CLIENT, .from = state_look("CLOSED"),
		.to = state_look("SYN-SENT") };
	conn.change[conn.n_changes++] = (struct conn_change){
		.ts = MS(250), .frame = 2, .side = SIDE_CLIENT,
		.from = state_look("SYN-SENT"), .to = state_look("CLOSED") };
	canvas_init(&c, 80, 2, true);
	ladder_row(&c, 0, &conn, &syn, NULL);
	ladder_row(&c, 1, &conn, &rst, &syn);
	canvas_row(&c, 0, row, sizeof(row));
	assert_string_equal(row, "      1    0.000000          "
		"|SYN-SENT------ S 0:0(0) win 64240 -------------->|");
	canvas_row(&c, 1, row, sizeof(row));
	assert_string_equal(row, "      2    0.250000  +250ms  "
		"|<CLOSED------ R. 0:0(0) ack 1 win 0 -------------|");
	canvas_release(&c);
}

/* --- words ------------------------------------------------------------- */

static const struct {
	const char *kind;
	int64_t len, frame;
	const char *detail, *words;
} events[] = {
	{ "rtx_fast", 1448, 4711, "{\"count\":3}",
	  "fast retransmission of 1448 bytes after 3 duplicate ACKs; "
	  "packet 4711" },
	{ "rtx_timeout", 1, 7, "{\"waited_ns\":240000000}",
	  "retransmission of 1 byte by time-out after 240ms; packet 7" },
	{ "reset", 0, 2, "{\"why\":\"nothing listens there\"}",
	  "reset: nothing listens there; packet 2" },
	{ "zero_window", 0, 9, "",
	  "closes its receive window: zero; packet 9" },
	{ "some_new_kind", 0, 0, "{\"a_b\":1,\"c\":\"d\"}",
	  "some new kind, a b 1, c d" },
	{ "dup_ack", 0, 3, "{\"ack\":101,\"count\":2}",
	  "duplicate ACK of 101, number 2; packet 3" },
	{ "reset", 0, 0, "{\"x\":\"unfinished", "reset, x unfinished" },
};

static void
events_are_told_in_words(void **unused)
{
	char buf[256];

	(void)unused;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		event_words(buf, sizeof(buf), events[i].kind, 0,
			    events[i].len, events[i].frame, events[i].detail);
		assert_string_equal(buf, events[i].words);
	}
}

static void
figures_are_short(void **unused)
{
	char buf[SHOW_SIZE];

	(void)unused;
	assert_string_equal(show_duration(buf, 999), "999ns");
	assert_string_equal(show_duration(buf, 1500), "1.50us");
	assert_string_equal(show_duration(buf, MS(250)), "250ms");
	assert_string_equal(show_duration(buf, MS(12345)), "12.3s");
	assert_string_equal(show_duration(buf, 185 * NS_PER_S), "3m05s");
	assert_string_equal(show_duration(buf, NSTIME_NONE), "-");
	assert_string_equal(show_size(buf, 999), "999");
	assert_string_equal(show_size(buf, 1400), "1.4k");
	assert_string_equal(show_size(buf, 999999), "1.0M");
	assert_string_equal(show_size(buf, -1), "-");
	assert_string_equal(show_count(buf, 1234567), "1,234,567");
	assert_string_equal(show_count(buf, 12), "12");
}

/* The cursor stops at events and changes in the order of time. */
static void
stops_are_in_order(void **unused)
{
	static struct conn conn;
	struct conn_event e[2] = {
		{ .ts = 30, .frame = 3, .kind = "rtx_fast" },
		{ .ts = 10, .frame = 1, .kind = "dup_ack" },
	};

	(void)unused;
	memset(&conn, 0, sizeof(conn));
	conn.event = e;
	conn.n_events = 2;
	conn.change[conn.n_changes++] = (struct conn_change){ .ts = 20,
							      .frame = 2 };
	assert_int_equal(conn_make_stops(&conn), 0);
	assert_int_equal(conn.n_stops, 3);
	assert_int_equal(conn.stop[0].frame, 1);
	assert_int_equal(conn.stop[1].frame, 2);
	assert_int_equal(conn.stop[2].frame, 3);
	assert_int_equal(conn_stop_at(&conn, 11, 0), 0);
	assert_int_equal(conn_stop_at(&conn, 11, 3), 2);
	assert_int_equal(conn_stop_at(&conn, 1000, 0), 2);
	conn.event = NULL;
	conn_release(&conn);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(braille_has_eight_dots_a_cell),
		cmocka_unit_test(the_highest_rank_gives_the_sign),
		cmocka_unit_test(a_sawtooth_is_seen),
		cmocka_unit_test(a_graph_fits_into_anything),
		cmocka_unit_test(a_label_is_as_long_as_fits),
		cmocka_unit_test(a_refusal_is_two_arrows),
		cmocka_unit_test(events_are_told_in_words),
		cmocka_unit_test(figures_are_short),
		cmocka_unit_test(stops_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
