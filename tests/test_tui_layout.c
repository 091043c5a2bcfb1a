/*
 * Where things go: scrolling, time, columns, lanes, prompts, text in cells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/axis.h"
#include "tui/canvas.h"
#include "tui/column.h"
#include "tui/keys.h"
#include "tui/lane.h"
#include "tui/list.h"
#include "tui/prompt.h"
#include "tui/span.h"
#include "tui/byte_view.h"

/* --- lists ------------------------------------------------------------- */

static const struct {
	size_t n, height, selected, top;
	int key;
	size_t then_selected, then_top;
} moves[] = {
	{ 100, 10, 0, 0, 'j', 1, 0 },
	{ 100, 10, 9, 0, 'j', 10, 1 },
	{ 100, 10, 0, 0, 'k', 0, 0 },
	{ 100, 10, 0, 0, 'G', 99, 90 },
	{ 100, 10, 99, 90, 'g', 0, 0 },
	{ 100, 10, 0, 0, KEY_PAGE_DOWN, 9, 0 },
	{ 100, 10, 95, 90, KEY_PAGE_DOWN, 99, 90 },
	{ 100, 10, 50, 45, KEY_PAGE_UP, 41, 41 },
	{ 3, 10, 1, 0, 'G', 2, 0 },
	{ 0, 10, 0, 0, 'j', 0, 0 },
	{ 100, 0, 5, 5, 'j', 6, 6 },
};

static void
selection_is_always_on_the_screen(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		struct list l = { moves[i].selected, moves[i].top };

		assert_true(list_key(&l, moves[i].n, moves[i].height,
				     moves[i].key));
		assert_int_equal(l.selected, moves[i].then_selected);
		assert_int_equal(l.top, moves[i].then_top);
	}
}

static void
resize_keeps_the_selection(void **unused)
{
	struct list l = { 50, 45 };

	(void)unused;
	for (size_t height = 40; height > 0; height--) {
		list_fit(&l, 100, height);
		assert_int_equal(l.selected, 50);
		assert_true(l.top <= 50 && 50 < l.top + height);
	}
}

/* --- time -------------------------------------------------------------- */

static void
a_span_never_leaves_its_limits(void **unused)
{
	struct span limits = { 1000000, 9000000 }, s = limits;

	(void)unused;
	span_zoom(&s, limits, 2000000, 3);
	assert_int_equal(s.to - s.from, 1000000);
	assert_true(s.from <= 2000000 && 2000000 < s.to);
	span_pan(&s, limits, -100);
	assert_int_equal(s.from, limits.from);
	assert_int_equal(s.to - s.from, 1000000);
	span_pan(&s, limits, 100);
	assert_int_equal(s.to, limits.to);
	span_zoom(&s, limits, 5000000, -20);
	assert_memory_equal(&s, &limits, sizeof(s));
	span_zoom(&s, limits, 5000000, 100);
	assert_true(s.to - s.from >= SPAN_MIN);
}

static void
what_is_shown_comes_into_view(void **unused)
{
	struct span limits = { 0, 10 * NS_PER_S };
	struct span s = { 0, NS_PER_S };

	(void)unused;
	span_show(&s, limits, 5 * NS_PER_S);
	assert_true(s.from <= 5 * NS_PER_S && 5 * NS_PER_S < s.to);
	assert_int_equal(s.to - s.from, NS_PER_S);
	span_show(&s, limits, 0);
	assert_int_equal(s.from, 0);
}

static void
columns_of_time_are_exact(void **unused)
{
	struct span s = { 0, 1000000 };

	(void)unused;
	assert_int_equal(span_column(&s, 100, 0), 0);
	assert_int_equal(span_column(&s, 100, 9999), 0);
	assert_int_equal(span_column(&s, 100, 10000), 1);
	assert_int_equal(span_column(&s, 100, 999999), 99);
	assert_true(span_column(&s, 100, 1000000) >= 100);
	assert_true(span_column(&s, 100, -1) < 0);
	assert_true(span_column(&s, 100, INT64_MAX / 2) >= 100);
	assert_int_equal(span_time(&s, 100, 50), 500000);
}

static void
steps_are_round(void **unused)
{
	(void)unused;
	assert_int_equal(round_step(1000, 10), 100);
	assert_int_equal(round_step(1001, 10), 200);
	assert_int_equal(round_step(3000, 10), 500);
	assert_int_equal(round_step(0, 10), 1);
	assert_true(round_step(INT64_MAX, 1) > 0);
}

static void
a_moment_is_written_in_the_unit_of_its_step(void **unused)
{
	static const struct {
		nstime at, step;
		const char *label;
	} labels[] = {
		{ 0, NS_PER_S, "0s" },
		{ 5 * NS_PER_S, 5 * NS_PER_S, "5s" },
		{ 125 * NS_PER_S, 60 * NS_PER_S, "2m05s" },
		{ 250 * NS_PER_MS, 50 * NS_PER_MS, "250ms" },
		{ 1250 * NS_PER_MS, 50 * NS_PER_MS, "1.25s" },
		{ 20 * NS_PER_US, 5 * NS_PER_US, "20us" },
		{ 1020 * NS_PER_US, 5 * NS_PER_US, "1.020ms" },
	};
	char buf[32];

	(void)unused;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		axis_time_label(buf, sizeof(buf), labels[i].at,
				labels[i].step);
		assert_string_equal(buf, labels[i].label);
	}
}

/* --- canvas ------------------------------------------------------------ */

static void
nothing_is_drawn_outside(void **unused)
{
	struct canvas c, sub;
	char row[64];

	(void)unused;
	canvas_init(&c, 10, 2, false);
	sub = canvas_sub(&c, 6, 1, 100, 100);
	assert_int_equal(sub.cols, 4);
	assert_int_equal(sub.rows, 1);
	canvas_text(&sub, 2, 0, STYLE_TEXT, "abcdef");
	canvas_text(&sub, -3, 0, STYLE_TEXT, "wxyz");
	canvas_text(&sub, 0, 5, STYLE_TEXT, "no");
	canvas_row(&c, 1, row, sizeof(row));
	assert_string_equal(row, "      z ab");
	sub = canvas_sub(&c, 50, 50, 5, 5);
	canvas_text(&sub, 0, 0, STYLE_TEXT, "no");
	canvas_release(&c);
}

/* Bytes of packets never reach the terminal as they are. */
static const struct {
	const char *text, *shown, *ascii;
} gated[] = {
	{ "plain", "plain", "plain" },
	{ "\033[2J\a\r\n", "?[2J???", "?[2J???" },
	{ "\xff\xfe", "??", "??" },
	{ "\xc3\xa9", "\xc3\xa9", "?" },		/* e acute */
	{ "\xe2\x94\x80", "\xe2\x94\x80", "-" },	/* a line */
	{ "\xe4\xb8\xad", "?", "?" },			/* two columns */
	{ "\xe2\x80\xae", "?", "?" },			/* writes backwards */
	{ "\xf0\x9f\x98\x80", "?", "?" },
	{ "\xc2\x9b", "?", "?" },			/* CSI in 8 bits */
	{ "\xe2\x80", "??", "??" },			/* cut */
};

static void
text_passes_one_gate(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(gated) / sizeof(gated[0]); i++) {
		struct canvas c;
		char row[64];

		for (int ascii = 0; ascii < 2; ascii++) {
			canvas_init(&c, 10, 1, ascii);
			canvas_text(&c, 0, 0, STYLE_TEXT, gated[i].text);
			canvas_row(&c, 0, row, sizeof(row));
			assert_string_equal(row, ascii ? gated[i].ascii
						       : gated[i].shown);
			canvas_release(&c);
		}
	}
}

static void
paragraphs_break_at_spaces(void **unused)
{
	struct canvas c;
	char row[64];

	(void)unused;
	canvas_init(&c, 12, 5, true);
	assert_int_equal(canvas_paragraph(&c, 0, 0, 10, STYLE_TEXT,
			 "the quick brown fox averyveryverylongword"), 5);
	canvas_row(&c, 0, row, sizeof(row));
	assert_string_equal(row, "the quick");
	canvas_row(&c, 1, row, sizeof(row));
	assert_string_equal(row, "brown fox");
	canvas_row(&c, 2, row, sizeof(row));
	assert_string_equal(row, "averyveryv");
	canvas_text_cut(&c, 0, 0, 6, STYLE_TEXT, "abcdefgh");
	canvas_row(&c, 0, row, sizeof(row));
	assert_string_equal(row, "abcde~ick");
	canvas_release(&c);
}

/* --- columns of the table ---------------------------------------------- */

static bool
has(const struct column_layout *l, enum list_column_id id)
{
	for (int i = 0; i < l->n; i++)
		if (l->id[i] == id)
			return true;
	return false;
}

static void
columns_are_dropped_by_priority(void **unused)
{
	struct column_layout l;
	int before = N_COLS;

	(void)unused;
	for (int cols = 250; cols > 0; cols--) {
		columns_fit(&l, cols);
		assert_true(l.cols <= cols);
		if (cols >= list_columns[COL_SERVER].width)
			assert_true(has(&l, COL_SERVER));
		before = l.n < before ? l.n : before;
	}
	columns_fit(&l, 250);
	assert_int_equal(l.n, N_COLS);
	columns_fit(&l, 80);
	assert_true(has(&l, COL_ID) && has(&l, COL_RTX) &&
		    has(&l, COL_FINDING));
	assert_false(has(&l, COL_CC));
	columns_fit(&l, 0);
	assert_int_equal(l.n, 0);
}

/* --- lanes ------------------------------------------------------------- */

static const char *
lane_text(const struct lane *l, bool named)
{
	static char row[256];
	struct canvas c;

	canvas_init(&c, 40, 1, true);
	if (named)
		lane_draw_named(l, &c, 0, 0);
	else
		lane_draw(l, &c, 0, 0);
	canvas_row(&c, 0, row, sizeof(row));
	canvas_release(&c);
	return row;
}

static void
a_lane_is_as_long_as_its_connection(void **unused)
{
	const struct span view = { 0, 40 * NS_PER_S };
	const struct mark_look reset = event_mark("reset");
	const struct mark_look rtx = event_mark("rtx_fast");
	struct lane l;

	(void)unused;
	lane_init(&l, &view, 40);
	lane_piece(&l, 5 * NS_PER_S, 10 * NS_PER_S - 1,
		   state_look("SYN-SENT"));
	lane_piece(&l, 10 * NS_PER_S, 30 * NS_PER_S - 1,
		   state_look("ESTABLISHED"));
	assert_string_equal(lane_text(&l, false),
			    "     s----E-------------------");
	assert_string_equal(lane_text(&l, true),
			    "     s----ESTABLISHED---------");
	lane_mark(&l, 20 * NS_PER_S, &rtx);
	lane_mark(&l, 29 * NS_PER_S, &rtx);
	lane_mark(&l, 29 * NS_PER_S, &reset);
	lane_mark(&l, 29 * NS_PER_S, &rtx);
	assert_string_equal(lane_text(&l, false),
			    "     s----E---------*--------X");
	/* A name is written where no mark is. */
	assert_string_equal(lane_text(&l, true),
			    "     s----E---------*--------X");
	lane_init(&l, &view, 40);
	lane_piece(&l, 0, 40 * NS_PER_S, state_look("ESTABLISHED"));
	lane_mark(&l, 3 * NS_PER_S, &rtx);
	assert_string_equal(lane_text(&l, true),
			    "E--*ESTABLISHED-------------------------");
}

/* A state too short for a column of its own does not hide the long one. */
static void
a_column_shows_what_held_longest(void **unused)
{
	const struct span view = { 0, 40 * NS_PER_S };
	struct lane l;

	(void)unused;
	lane_init(&l, &view, 40);
	lane_piece(&l, 0, NS_PER_S / 10, state_look("SYN-SENT"));
	lane_piece(&l, NS_PER_S / 10, 3 * NS_PER_S - 1,
		   state_look("ESTABLISHED"));
	lane_piece(&l, 3 * NS_PER_S, 3 * NS_PER_S, state_look("CLOSED"));
	assert_string_equal(lane_text(&l, false), "E--.");
	lane_piece(&l, -5 * NS_PER_S, -1, state_look("LISTEN"));
	lane_piece(&l, 50 * NS_PER_S, 60 * NS_PER_S, state_look("LISTEN"));
	assert_string_equal(lane_text(&l, false), "E--.");
}

/* --- prompts ----------------------------------------------------------- */

static void
type(struct prompt *p, const char *text)
{
	for (; *text; text++)
		prompt_key(p, *text);
}

static void
a_line_is_edited_and_remembered(void **unused)
{
	static struct prompt p;

	(void)unused;
	type(&p, "port 44");
	prompt_key(&p, KEY_BACK);
	type(&p, "43");
	assert_string_equal(p.text, "port 443");
	prompt_key(&p, KEY_CTRL_W);
	assert_string_equal(p.text, "port ");
	type(&p, "80");
	assert_int_equal(prompt_key(&p, KEY_RETURN), PROMPT_DONE);
	prompt_set(&p, "");
	type(&p, "new");
	prompt_key(&p, KEY_ARROW_UP);
	assert_string_equal(p.text, "port 80");
	prompt_key(&p, KEY_ARROW_UP);
	assert_string_equal(p.text, "port 80");
	prompt_key(&p, KEY_ARROW_DOWN);
	assert_string_equal(p.text, "new");
	prompt_key(&p, KEY_TO_HOME);
	prompt_key(&p, KEY_DELETE);
	assert_string_equal(p.text, "ew");
	assert_int_equal(prompt_key(&p, KEY_ESCAPE), PROMPT_CANCELLED);
}

static void
a_long_line_is_cut_not_overrun(void **unused)
{
	static struct prompt p;
	int cursor;

	(void)unused;
	for (int i = 0; i < 3 * PROMPT_SIZE; i++)
		prompt_key(&p, 'x');
	assert_int_equal(p.len, PROMPT_SIZE - 1);
	prompt_shown(&p, 20, &cursor);
	assert_true(cursor < 20);
	for (int i = 0; i < 2 * PROMPT_HISTORY; i++) {
		prompt_set(&p, i % 2 ? "a" : "b");
		prompt_key(&p, KEY_RETURN);
	}
	assert_int_equal(p.n_history, PROMPT_HISTORY);
}

/* --- streams ----------------------------------------------------------- */

static void
bytes_are_put_in_order_and_gaps_are_said(void **unused)
{
	struct byte_view s;
	struct byte_line line;
	bool gap;

	(void)unused;
	assert_int_equal(byte_view_init(&s), 0);
	byte_view_add(&s, 6, (const uint8_t *)"world", 5);
	byte_view_add(&s, 0, (const uint8_t *)"hel", 3);
	byte_view_add(&s, 1, (const uint8_t *)"EL", 2);
	assert_int_equal(s.len, 11);
	assert_int_equal(byte_view_run(&s, 0, &gap), 3);
	assert_false(gap);
	assert_int_equal(byte_view_run(&s, 3, &gap), 3);
	assert_true(gap);
	assert_memory_equal(s.byte, "hel", 3);
	assert_true(byte_view_next_line(&s, 0, 80, false, &line));
	assert_int_equal(line.len, 3);
	assert_true(byte_view_next_line(&s, 3, 80, false, &line));
	assert_true(line.gap);
	byte_view_add(&s, -2, (const uint8_t *)"xxHEY", 5);
	assert_memory_equal(s.byte, "hel", 3);
	byte_view_add(&s, BYTE_VIEW_MAX - 1, (const uint8_t *)"ab", 2);
	assert_true(s.cut);
	assert_int_equal(s.len, BYTE_VIEW_MAX);
	byte_view_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selection_is_always_on_the_screen),
		cmocka_unit_test(resize_keeps_the_selection),
		cmocka_unit_test(a_span_never_leaves_its_limits),
		cmocka_unit_test(what_is_shown_comes_into_view),
		cmocka_unit_test(columns_of_time_are_exact),
		cmocka_unit_test(steps_are_round),
		cmocka_unit_test(a_moment_is_written_in_the_unit_of_its_step),
		cmocka_unit_test(nothing_is_drawn_outside),
		cmocka_unit_test(text_passes_one_gate),
		cmocka_unit_test(paragraphs_break_at_spaces),
		cmocka_unit_test(columns_are_dropped_by_priority),
		cmocka_unit_test(a_lane_is_as_long_as_its_connection),
		cmocka_unit_test(a_column_shows_what_held_longest),
		cmocka_unit_test(a_line_is_edited_and_remembered),
		cmocka_unit_test(a_long_line_is_cut_not_overrun),
		cmocka_unit_test(bytes_are_put_in_order_and_gaps_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
