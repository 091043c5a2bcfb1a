/*
 * The window on a list: whatever is walked or merged, in slices however
 * small, is what ORDER BY gives.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/column.h"
#include "tui/conn_filter.h"
#include "tui/pager.h"

#define N_CONNS 3000
#define START   (INT64_C(1700000000) * NS_PER_S)

static struct store *st;

static void
put_end(uint32_t i, int side)
{
	struct endpoint_row e;

	row_init(ROW_ENDPOINT, &e);
	memset(&e.packets, 0, offsetof(struct endpoint_row, mss) -
	       offsetof(struct endpoint_row, packets));
	e.conn = i;
	e.side = side;
	e.packets = 10 + i % 7;
	e.bytes = i * 7919u % 1000;
	e.retrans_packets = i % 10 == 3 ? i % 5 : 0;
	assert_int_equal(store_put(st, ROW_ENDPOINT, &e), 0);
}

static void
put_conn(uint32_t i)
{
	static const uint8_t server[4] = { 10, 0, 0, 1 };
	struct connection_row row;

	row_init(ROW_CONNECTION, &row);
	row.conn = i;
	row.ip_version = 4;
	row.client_addr = row.server_addr = addr_from_ipv4(server);
	row.client_addr.byte[15] = (uint8_t)(i * 31);
	row.client_port = 1024 + i;
	row.server_port = i % 3 ? 443 : 80;
	row.start_ns = START + i;
	row.first_frame = i + 1;
	row.phase = CONNECTION_OPEN;
	assert_int_equal(store_put(st, ROW_CONNECTION, &row), 0);
	put_end(i, SIDE_CLIENT);
	put_end(i, SIDE_SERVER);
	row.phase = CONNECTION_FINAL;
	row.duration_ns = i * 104729u % 5000;
	row.end_ns = row.start_ns + row.duration_ns;
	row.last_frame = i + 2;
	row.client_state = row.server_state = "CLOSED";
	assert_int_equal(store_put(st, ROW_CONNECTION, &row), 0);
}

static int
fill_store(void **unused)
{
	struct capture_row capture = { .source = "x", .kind = "file",
				       .status = "complete" };

	(void)unused;
	if (store_create(&st, ":memory:", STORE_NEW) < 0 ||
	    store_begin_capture(st, &capture) < 0)
		return -1;
	for (uint32_t i = 0; i < N_CONNS; i++)
		put_conn(i);
	return store_end_capture(st, &capture);
}

static int
close_store(void **unused)
{
	(void)unused;
	store_close(st);
	return 0;
}

static struct pager *
open_pager(enum list_column_id col, bool descending, const char *text)
{
	static struct conn_filter f;
	struct pager *p = pager_open(st);
	struct pager_spec spec = {
		.table = "connection", .from = "conn c", .id = "c.conn_id",
		.key = list_columns[col].sort,
		.key_is_text = list_columns[col].sort_text,
		.indexed = list_columns[col].indexed,
		.descending = descending,
	};

	assert_non_null(p);
	assert_true(conn_filter_compile(&f, text));
	spec.where = f.sql;
	spec.value = f.value;
	spec.n_values = f.n_values;
	assert_int_equal(pager_list(p, &spec), 0);
	return p;
}

/* The ids that ORDER BY gives. */
static size_t
expected(enum list_column_id col, bool descending, const char *where,
	 int64_t ids[N_CONNS])
{
	char sql[4096];
	const char *way = descending ? "DESC" : "ASC";
	struct query *q;
	size_t n = 0;

	snprintf(sql, sizeof(sql), "SELECT c.conn_id FROM conn c WHERE %s"
		 " ORDER BY %s %s, c.conn_id %s", where,
		 list_columns[col].sort, way, way);
	q = query_open(st, sql);
	assert_non_null(q);
	while (query_step(q))
		ids[n++] = query_int(q, 0);
	query_close(q);
	return n;
}

/* One piece of work at a time: as if each were at its deadline. */
static void
work(struct pager *p)
{
	for (int i = 0; pager_work(p, 0); i++)
		assert_true(i < 100000);
}

/* Go through the list downwards, comparing each row once. */
static void
compare_downwards(struct pager *p, const int64_t *ids, size_t n)
{
	size_t at = 0, first = 0;	/* of the window in the list */

	work(p);
	while (at < n) {
		const struct pager_row *row;

		first -= (size_t)pager_shift(p);
		row = pager_row(p, at - first);
		if (!row)
			fail_msg("row %zu of %zu is missing", at, n);
		assert_int_equal(row->id, ids[at]);
		at++;
		pager_look(p, at - first, at - first + 20);
		work(p);
	}
	assert_true(pager_at_end(p));
	first -= (size_t)pager_shift(p);
	assert_int_equal(first + pager_n(p), n);
}

static void
compare_upwards(struct pager *p, const int64_t *ids, size_t n)
{
	size_t at = n, i;

	pager_to_end(p);
	work(p);
	pager_shift(p);
	i = pager_n(p);
	while (at > 0) {
		i += (size_t)pager_shift(p);
		if (i == 0)
			fail_msg("row %zu of %zu is missing", at - 1, n);
		assert_int_equal(pager_row(p, i - 1)->id, ids[at - 1]);
		i--;
		at--;
		pager_look(p, i, i + 1);
		work(p);
	}
	assert_true(pager_at_top(p));
}

static const struct {
	enum list_column_id col;
	bool descending;
	const char *filter, *where;
} lists[] = {
	{ COL_ID, false, "", "1" },
	{ COL_ID, true, "", "1" },
	{ COL_ID, false, "port 80", "c.server_port = 80" },
	{ COL_ID, true, "conn 17", "c.conn_id = 17" },
	{ COL_LASTED, true, "", "1" },
	{ COL_LASTED, false, "port 80", "c.server_port = 80" },
	{ COL_RTX, true, "", "1" },	/* most are equal: zero */
	{ COL_CLIENT, false, "", "1" },
	{ COL_CLIENT, true, "retrans > 2", "c.client_retrans_packets > 1" },
	{ COL_SERVICE, false, "", "1" },
	{ COL_ID, false, "port 1", "0" },
};

static void
a_list_is_what_order_by_gives(void **unused)
{
	static int64_t ids[N_CONNS];

	(void)unused;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct pager *p = open_pager(lists[i].col,
					     lists[i].descending,
					     lists[i].filter);
		size_t n = expected(lists[i].col, lists[i].descending,
				    lists[i].where, ids);
		int64_t matching, all;

		compare_downwards(p, ids, n);
		assert_true(pager_count(p, &matching, &all));
		assert_int_equal(matching, n);
		assert_int_equal(all, N_CONNS);
		compare_upwards(p, ids, n);
		pager_to_top(p);
		work(p);
		assert_int_equal(pager_n(p) > 0 ? pager_row(p, 0)->id : 0,
				 n > 0 ? ids[0] : 0);
		pager_close(p);
	}
}

static void
wrong_sql_leaves_the_list_as_it_was(void **unused)
{
	struct pager *p = open_pager(COL_ID, false, "");
	const struct pager_spec wrong = {
		.table = "connection", .from = "conn c", .id = "c.conn_id",
		.key = "c.conn_id", .where = "c.no_such_column > 1",
	};

	(void)unused;
	work(p);
	assert_int_equal(pager_list(p, &wrong), -1);
	assert_non_null(strstr(pager_error(p), "no_such_column"));
	assert_true(pager_n(p) > 0);
	pager_close(p);
}

static void
reloading_keeps_the_rows_in_view(void **unused)
{
	struct pager *p = open_pager(COL_LASTED, true, "");
	int64_t id;

	(void)unused;
	work(p);
	pager_look(p, 200, 230);
	work(p);
	id = pager_row(p, 150)->id;
	pager_reload(p, 150);
	work(p);
	assert_int_equal(pager_row(p, 0)->id, id);
	pager_close(p);
}

static bool
stop_at_once(void *ctx)
{
	++*(int *)ctx;
	return true;
}

/* What somebody typed may take for ever: nine million rows here. */
static void
a_query_can_be_stopped(void **unused)
{
	struct query *q = query_open(st, "SELECT count(*) FROM connection a,"
				     " connection b");
	int asked = 0;

	(void)unused;
	assert_non_null(q);
	query_may_stop(st, stop_at_once, &asked);
	assert_false(query_step(q));
	query_may_stop(st, NULL, NULL);
	assert_int_equal(asked, 1);
	assert_int_equal(query_close(q), -1);
	assert_string_equal(store_error(st), "interrupted");
	q = query_open(st, "SELECT count(*) FROM connection");
	assert_true(query_step(q));
	assert_int_equal(query_int(q, 0), N_CONNS);
	query_close(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_what_order_by_gives),
		cmocka_unit_test(wrong_sql_leaves_the_list_as_it_was),
		cmocka_unit_test(reloading_keeps_the_rows_in_view),
		cmocka_unit_test(a_query_can_be_stopped),
	};

	return cmocka_run_group_tests(tests, fill_store, close_store);
}
