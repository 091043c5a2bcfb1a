/*
 * test_stream.c - the bytes in order, however the segments came.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reassembly/stream.h"

#define ISN UINT64_C(0x100000000)

/* What the stream told: "abc[3 lost]def". */
struct told {
	char text[4096];
	size_t len;
	char conflicts[256];
};

static void
add(struct told *t, const char *text, size_t len)
{
	if (t->len + len < sizeof(t->text)) {
		memcpy(t->text + t->len, text, len);
		t->len += len;
	}
}

static void
on_data(void *ctx, const uint8_t *bytes, size_t len, uint64_t seq,
	uint64_t frame, nstime ts)
{
	(void)seq;
	(void)frame;
	(void)ts;
	add(ctx, (const char *)bytes, len);
}

static void
on_gap(void *ctx, uint64_t seq, uint64_t len, enum stream_gap why)
{
	char text[64];

	(void)seq;
	snprintf(text, sizeof(text), "[%d %.6s]", (int)len,
		 stream_gap_text(why));
	add(ctx, text, strlen(text));
}

static void
on_conflict(void *ctx, uint64_t seq, size_t len, uint64_t first_frame,
	    uint64_t frame)
{
	struct told *t = ctx;
	size_t n = strlen(t->conflicts);

	(void)seq;
	(void)len;
	snprintf(t->conflicts + n, sizeof(t->conflicts) - n, "%s%d/%d",
		 n ? " " : "", (int)first_frame, (int)frame);
}

static const struct stream_sink sink = { on_data, on_gap, on_conflict };

/* A segment of the stream: flags "S", "F", "" at offset; or an ACK "." of
   all before it. */
struct piece_row {
	double at;
	const char *flags;
	uint32_t offset;	/* of the first byte, from 0 */
	const char *text;
	uint32_t cut;		/* bytes not captured */
};

static void
give(struct stream *s, const struct piece_row *r, uint64_t frame)
{
	struct packet p = { .ts = (nstime)(r->at * 1e9) + 1, .number = frame };
	size_t len = r->text ? strlen(r->text) : 0;
	uint8_t *bytes = malloc(len + 1);
	struct dissection d = { .kind = DISSECT_TCP };
	struct seg_event ev = { .packet = &p, .d = &d, .seg = &d.tcp };

	memcpy(bytes, r->text ? r->text : "", len);
	d.tcp.len = (uint32_t)len;
	d.payload = cursor_init(bytes, len - r->cut, len);
	ev.data = ISN + 1 + r->offset;
	ev.seq = ev.data;
	if (r->flags[0] == 'S') {
		d.tcp.flags = TCP_SYN;
		ev.seq--;
	}
	if (r->flags[0] == 'F')
		d.tcp.flags = TCP_FIN;
	if (r->flags[0] == '.') {
		ev.ack = ISN + 1 + r->offset;
		stream_acked(s, &ev);
	} else {
		stream_segment(s, &ev);
	}
	free(bytes);
}

static void
run(struct told *t, const struct piece_row *r, size_t n, size_t memory)
{
	static struct stream_history history;
	struct stream_pool pool;
	struct stream s;

	memset(t, 0, sizeof(*t));
	assert_int_equal(stream_pool_init(&pool, memory), 0);
	stream_init(&s, &pool, &sink, t, &history);
	for (size_t i = 0; i < n; i++)
		give(&s, &r[i], i + 1);
	stream_close(&s);
	assert_int_equal(pool.pieces.n_used, 0);
	stream_pool_release(&pool);
}

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STREAM(expected, conflicts_, ...) do { \
	static const struct piece_row rows[] = { __VA_ARGS__ }; \
	struct told t; \
	run(&t, rows, sizeof(rows) / sizeof(*rows), 1 << 20); \
	assert_string_equal(t.text, expected); \
	assert_string_equal(t.conflicts, conflicts_); \
} while (0)

static void
in_any_order(void **unused)
{
	(void)unused;
	STREAM("abcdefghi", "", { 0, "S", 0 }, { 1, "", 0, "abc" },
	       { 2, "", 3, "def" }, { 3, "F", 6, "ghi" });
	STREAM("abcdefghi", "", { 0, "S", 0 }, { 1, "F", 6, "ghi" },
	       { 2, "", 3, "def" }, { 3, "", 0, "abc" });
	STREAM("abcdef", "", { 0, "S", 0 }, { 1, "", 0, "abcd" },
	       { 2, "", 2, "cdef" }, { 3, "", 0, "abc" });
}

static void
data_in_the_syn(void **unused)
{
	(void)unused;
	STREAM("abcdef", "", { 0, "S", 0, "abc" }, { 1, "", 3, "def" });
}

static void
the_first_arrival_wins(void **unused)
{
	(void)unused;
	STREAM("abcdef", "2/3", { 0, "S", 0 }, { 1, "", 0, "abc" },
	       { 2, "", 0, "xyz" }, { 3, "", 3, "def" });
	STREAM("abcdef", "2/3", { 0, "S", 0 }, { 1, "", 3, "def" },
	       { 2, "", 3, "xyz" }, { 3, "", 0, "abc" });
	STREAM("abcdefgh", "3/4", { 0, "S", 0 }, { 1, "", 0, "ab" },
	       { 2, "", 4, "ef" }, { 3, "", 2, "cdXXgh" });
}

/* Acknowledged but never seen: the capture missed it. */
static void
gaps_are_told_apart(void **unused)
{
	(void)unused;
	STREAM("abc[3 missed]ghi", "", { 0, "S", 0 }, { 1, "", 0, "abc" },
	       { 2, "", 6, "ghi" }, { 2.1, ".", 9 }, { 3, ".", 9 });
	STREAM("abc[3 lost]ghi", "", { 0, "S", 0 }, { 1, "", 0, "abc" },
	       { 2, "", 6, "ghi" }, { 2.1, ".", 3 }, { 3, ".", 3 });
	STREAM("ab[4 cut by]ghi", "", { 0, "S", 0 },
	       { 1, "", 0, "abcdef", .cut = 4 }, { 2, "", 6, "ghi" });
	STREAM("abc[2 missed][1 lost]", "", { 0, "S", 0 }, { 1, "", 0, "abc" },
	       { 1.5, ".", 5 }, { 2, "F", 6 });
}

/* ACK and data changed places in the capture. */
static void
an_ack_may_come_a_little_early(void **unused)
{
	(void)unused;
	STREAM("abcdefghi", "", { 0, "S", 0 }, { 1, "", 0, "abc" },
	       { 2, "", 6, "ghi" }, { 2.001, ".", 9 }, { 2.002, "", 3, "def" });
}

static void
nothing_after_the_fin(void **unused)
{
	(void)unused;
	STREAM("abc", "", { 0, "S", 0 }, { 1, "F", 0, "abc" },
	       { 2, "", 3, "zzz" });
}

static void
the_middle_begins_at_its_first_byte(void **unused)
{
	(void)unused;
	STREAM("defghi", "", { 1, "", 3, "def" }, { 2, "", 0, "abc" },
	       { 3, "", 6, "ghi" });
}

/* A keepalive's byte is no content. */
static void
keepalive_is_no_conflict(void **unused)
{
	(void)unused;
	STREAM("abc", "", { 0, "S", 0 }, { 1, "", 0, "abc" },
	       { 2, "", 2, "\1" });
}

static void
memory_is_bounded(void **unused)
{
	static struct piece_row rows[2001];
	struct told t;

	(void)unused;
	rows[0] = (struct piece_row){ 0, "S", 0 };
	for (uint32_t i = 1; i < 2001; i++)	/* every second byte */
		rows[i] = (struct piece_row){ i, "", 2 * i, "x" };
	run(&t, rows, 2001, 100000);
	assert_non_null(strstr(t.text, "[2 given ]x[1 given ]x"));
}

/* Cut, doubled, mixed, with holes: what is told is what was sent. */
static void
random_ways_lead_to_the_same_bytes(void **unused)
{
	char sent[201];

	(void)unused;
	srand(5);
	for (int i = 0; i < 200; i++)
		sent[i] = (char)('a' + i % 26);
	sent[200] = '\0';
	for (int round = 0; round < 1000; round++) {
		struct piece_row rows[130] = { { 0, "S", 0 } };
		char text[128][21];
		struct told t;
		bool covered[200] = { false };

		for (int i = 1; i <= 128; i++) {
			uint32_t at = (uint32_t)rand() % 190;
			uint32_t len = 1 + (uint32_t)rand() % 20;

			if (at + len > 200)
				len = 200 - at;
			memcpy(text[i - 1], sent + at, len);
			text[i - 1][len] = '\0';
			rows[i] = (struct piece_row){ i, "", at, text[i - 1] };
			memset(covered + at, 1, len);
		}
		run(&t, rows, 129, 1 << 20);
		assert_string_equal(t.conflicts, "");
		for (size_t i = 0, at = 0; i < t.len; i++) {
			if (t.text[i] == '[') {
				size_t n = (size_t)atoi(t.text + i + 1);

				for (; n > 0; n--)
					assert_false(covered[at++]);
				i = (size_t)(strchr(t.text + i, ']') - t.text);
				continue;
			}
			assert_int_equal(t.text[i], sent[at++]);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_any_order),
		cmocka_unit_test(data_in_the_syn),
		cmocka_unit_test(the_first_arrival_wins),
		cmocka_unit_test(gaps_are_told_apart),
		cmocka_unit_test(an_ack_may_come_a_little_early),
		cmocka_unit_test(nothing_after_the_fin),
		cmocka_unit_test(the_middle_begins_at_its_first_byte),
		cmocka_unit_test(keepalive_is_no_conflict),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(random_ways_lead_to_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
