/*
 * test_bulk.c - rows that are stored by the thousand are the same rows.
 *
 * The same are put into the database of a file, where they are copied from
 * images, and into that of an interface, where they are inserted one by one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/query.h"
#include "store/record.h"
#include "store/store.h"

/* Around every limit of a serial type. */
static const int64_t numbers[] = {
	0, 1, 2, -1, -2, 127, 128, -128, -129, 32767, 32768, -32768, -32769,
	8388607, 8388608, -8388608, -8388609, 2147483647, 2147483648,
	-2147483648, INT64_C(-2147483649), INT64_C(140737488355327),
	INT64_C(140737488355328), INT64_C(-140737488355328),
	INT64_C(-140737488355329), INT64_MAX, -INT64_MAX, ROW_NULL,
};
#define N_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static const double reals[] = { 0, 1, -1, 0.25, 1e300, -1e-300, NAN };
#define N_REALS (sizeof(reals) / sizeof(reals[0]))

/* Around every limit of a varint, of a record, and of a page. */
static const size_t lengths[] = { 0, 1, 56, 57, 58, 127, 128, 5000, 8184, 8185,
	8190, 8191, RECORD_MAX - 100, RECORD_MAX, 40000, 70000 };
#define N_LENGTHS (sizeof(lengths) / sizeof(lengths[0]))

static struct store *
create(const char *kind)
{
	struct capture_row capture = { .source = "x.pcap", .kind = kind };
	struct store *st;

	if (store_create(&st, ":memory:", STORE_NEW) < 0 ||
	    store_begin_capture(st, &capture) < 0)
		fail_msg("%s", store_error(st));
	return st;
}

static void
put(struct store *st, enum row_table table, const void *row)
{
	if (store_put(st, table, row) < 0)
		fail_msg("%s", store_error(st));
}

static void
open_conn(struct store *st, conn_ref conn)
{
	struct connection_row row;

	row_init(ROW_CONNECTION, &row);
	row.conn = conn;
	row.phase = CONNECTION_OPEN;
	row.start_ns = conn;
	put(st, ROW_CONNECTION, &row);
}

/* Every third one has trouble. */
static void
close_conn(struct store *st, conn_ref conn)
{
	struct connection_row row;
	struct endpoint_row end;

	row_init(ROW_ENDPOINT, &end);
	end.conn = conn;
	end.rtx_fast = conn % 3 == 0;
	end.srtt_ns = numbers[conn % N_NUMBERS];
	for (int side = 0; side < N_SIDES; side++) {
		end.side = side;
		put(st, ROW_ENDPOINT, &end);
	}
	row_init(ROW_CONNECTION, &row);
	row.conn = conn;
	row.phase = CONNECTION_FINAL;
	row.start_ns = conn;
	row.vantage_confidence = reals[conn % N_REALS];
	put(st, ROW_CONNECTION, &row);
}

static void
put_event(struct store *st, conn_ref conn, unsigned i, size_t length)
{
	static char detail[70001];
	struct event_row row;

	memset(detail, 'a' + (int)(i % 26), length);
	detail[length] = '\0';
	row_init(ROW_EVENT, &row);
	row.conn = conn;
	row.side = i % 2;
	row.ts_ns = numbers[i % N_NUMBERS];
	row.seq = numbers[(i + 5) % N_NUMBERS];
	row.kind = "rtx_fast";
	row.detail = detail;
	put(st, ROW_EVENT, &row);
}

static void
dump(struct text *out, struct store *st, const char *sql)
{
	struct query *q = query_open(st, sql);

	if (!q)
		fail_msg("%s: %s", sql, store_error(st));
	while (query_step(q)) {
		for (int i = 0; i < query_columns(q); i++)
			text_printf(out, "%d:%s|", (int)query_type(q, i),
				    query_text(q, i));
		text_add(out, "\n");
	}
	assert_int_equal(query_close(q), 0);
}

/* What the database of this kind of capture has after these rows. */
static void
fill(struct text *out, const char *kind, void (*rows)(struct store *st))
{
	struct store *st = create(kind);

	rows(st);
	assert_int_equal(store_commit(st), 0);
	text_init(out);
	dump(out, st, "PRAGMA integrity_check");
	dump(out, st, "PRAGMA foreign_key_check");
	dump(out, st, "SELECT * FROM connection");
	dump(out, st, "SELECT * FROM endpoint_trouble");
	dump(out, st, "SELECT * FROM event");
	store_close(st);
}

static void
same_in_both(void (*rows)(struct store *st))
{
	struct text file, live;

	fill(&file, "file", rows);
	fill(&live, "live", rows);
	assert_ptr_equal(strstr(file.s, ":ok|\n"), file.s + 1);
	assert_true(file.len > 10000);
	assert_string_equal(file.s, live.s);
	text_release(&file);
	text_release(&live);
}

static void
all_values(struct store *st)
{
	open_conn(st, 0);
	for (unsigned i = 0; i < 20 * N_NUMBERS; i++)
		put_event(st, 0, i, i % 50);
	close_conn(st, 0);
}

static void
every_value_is_the_same(void **unused)
{
	(void)unused;
	same_in_both(all_values);
}

/* Some are too long for an image, and come between those that are not. */
static void
all_lengths(struct store *st)
{
	open_conn(st, 0);
	for (unsigned i = 0; i < 5 * N_LENGTHS; i++)
		put_event(st, 0, i, lengths[i % N_LENGTHS]);
	close_conn(st, 0);
}

static void
texts_of_every_length_are_the_same(void **unused)
{
	(void)unused;
	same_in_both(all_lengths);
}

/* Several images, each of many leaves; closed in another order. */
static void
many_conns(struct store *st)
{
	enum { N = 9973, STEP = 5003 };

	for (conn_ref i = 0; i < N; i++)
		open_conn(st, i);
	for (conn_ref i = 0; i < N; i++) {
		conn_ref conn = i * STEP % N;

		if (conn % 100 == 0)
			put_event(st, conn, conn, 10);
		close_conn(st, conn);
	}
}

static void
the_order_of_closing_does_not_matter(void **unused)
{
	(void)unused;
	same_in_both(many_conns);
}

/* A commit finds connections open that something refers to. */
static void
short_rows(struct store *st)
{
	for (conn_ref i = 0; i < 1000; i++) {
		open_conn(st, i);
		put_event(st, i, i, 100);
	}
	store_commit(st);
	for (conn_ref i = 0; i < 1000; i++) {
		put_event(st, i, i, 10);
		close_conn(st, i);
	}
}

static void
rows_replace_short_ones(void **unused)
{
	(void)unused;
	same_in_both(short_rows);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_is_the_same),
		cmocka_unit_test(texts_of_every_length_are_the_same),
		cmocka_unit_test(the_order_of_closing_does_not_matter),
		cmocka_unit_test(rows_replace_short_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
