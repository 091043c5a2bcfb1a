/*
 * test_report.c - what the views make of a small database, word for word.
 *
 * The expected outputs are tests/views/NAME; with RENEW_VIEWS=1 they are
 * written anew (look at the difference before you commit it).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "report/export.h"
#include "report/report.h"
#include "report/show.h"
#include "report/table.h"
#include "report/units.h"
#include "store/store.h"

#define START INT64_C(1700000000000000000)
#define MS NS_PER_MS

static struct store *
create(const char *source)
{
	struct capture_row capture = {
		.source = source, .kind = "file", .snaplen = ROW_NULL,
		.start_ns = START, .end_ns = START + 4 * NS_PER_S,
		.packets = 1234, .bytes = 567890, .status = "complete",
	};
	struct store *st;

	assert_int_equal(store_create(&st, ":memory:", STORE_NEW), 0);
	assert_int_equal(store_begin_capture(st, &capture), 0);
	assert_int_equal(store_end_capture(st, &capture), 0);
	return st;
}

static void
put(struct store *st, enum row_table table, const void *row)
{
	if (store_put(st, table, row) < 0)
		fail_msg("%s", store_error(st));
}

static struct addr
host(uint8_t last)
{
	uint8_t four[4] = { 10, 0, 0, last };

	return addr_from_ipv4(four);
}

static void
put_end(struct store *st, conn_ref conn, int side, int64_t resent)
{
	struct endpoint_row e;

	row_init(ROW_ENDPOINT, &e);
	e.conn = conn;
	e.side = side;
	e.packets = 100 + side;
	e.ip_bytes = 20000;
	e.bytes = side ? 123456 : 500;
	e.unique_bytes = e.bytes;
	e.missing_bytes = 0;
	e.retrans_packets = resent;
	e.rtx_timeout = resent;
	e.duplicate_packets = 0;
	e.mss = 1460;
	e.min_rtt_ns = 20 * MS;
	put(st, ROW_ENDPOINT, &e);
}

/* A connection; its number is conn + 1. */
static void
put_connection(struct store *st, conn_ref conn, const char *outcome,
	       const char *name, int64_t resent)
{
	static const struct tcp_state_change changes[] = {
		{ START, 1, SIDE_CLIENT, TCP_STATE_CLOSED, TCP_STATE_SYN_SENT,
		  0 },
		{ START + 20 * MS, 2, SIDE_CLIENT, TCP_STATE_SYN_SENT,
		  TCP_STATE_ESTABLISHED, 0 },
	};
	struct connection_row row;

	row_init(ROW_CONNECTION, &row);
	row.conn = conn;
	row.phase = CONNECTION_OPEN;
	row.ip_version = 4;
	row.client_addr = host(1);
	row.server_addr = host(2);
	row.client_port = 40000 + conn;
	row.server_port = 80;
	row.role_known = 1;
	row.start_ns = START;
	row.first_frame = 10 * conn + 1;
	put(st, ROW_CONNECTION, &row);
	put_end(st, conn, SIDE_CLIENT, 0);
	put_end(st, conn, SIDE_SERVER, resent);
	row.phase = CONNECTION_FINAL;
	row.end_ns = START + 1500 * MS;
	row.duration_ns = 1500 * MS;
	row.last_frame = 10 * conn + 9;
	row.client_state = "TIME-WAIT";
	row.server_state = "CLOSED";
	row.outcome = outcome;
	row.conn_state = "SF";
	row.completeness = 31;
	row.service = "http";
	row.server_name = name;
	row.connect_ns = 20 * MS;
	row.vantage = "client";
	row.changes = changes;
	row.n_changes = 2;
	put(st, ROW_CONNECTION, &row);
}

static void
put_finding(struct store *st, conn_ref conn, const char *severity,
	    const char *code, const char *title, int64_t frame)
{
	struct finding_row row;

	row_init(ROW_FINDING, &row);
	row.conn = conn;
	row.severity = severity;
	row.code = code;
	row.title = title;
	row.start_ns = START;
	row.end_ns = START + 100 * MS;
	row.confidence = 0.8;
	row.explanation = "A sentence that says what happened, long enough"
			  " for a second line of eighty columns.";
	row.advice = "Look there.";
	row.n_evidence = 2;
	row.evidence[0].frame_number = frame;
	row.evidence[1].frame_number = frame + 2;
	put(st, ROW_FINDING, &row);
}

static struct store *
healthy(void)
{
	struct store *st = create("good.pcap");

	put_connection(st, 0, "normal_close", "www.example.com", 0);
	assert_int_equal(store_commit(st), 0);
	return st;
}

/* Two findings of connections, one of the capture, and names out of packets
   that mean harm. */
static struct store *
sick(void)
{
	struct store *st = create("bad\033[31m.pcap");
	struct event_row event;

	for (conn_ref conn = 0; conn < 3; conn++)
		put_connection(st, conn, conn ? "reset_by_peer" :
			       "normal_close", "=evil\033]0;\a,\"x\"<b>", 7);
	/* Findings come before their connections' rows; these are late. */
	put_connection(st, 3, "normal_close", "late", 0);
	/* One server resets three times; five others refuse once each. */
	for (conn_ref conn = 10; conn < 18; conn++) {
		struct connection_row row;

		row_init(ROW_CONNECTION, &row);
		row.conn = conn;
		row.phase = CONNECTION_OPEN;
		row.ip_version = 4;
		row.client_addr = host(3);
		row.server_addr = host(conn < 13 ? 4 : (uint8_t)conn);
		row.client_port = 1000 + conn;
		row.server_port = 80;
		row.start_ns = START;
		row.first_frame = conn;
		put(st, ROW_CONNECTION, &row);
		if (conn < 13)
			put_finding(st, conn, "error", "reset_by_peer",
				    "the server reset the connection",
				    20 + conn);
		else
			put_finding(st, conn, "warning", "connection_refused",
				    "the server refused the connection",
				    20 + conn);
	}
	put_finding(st, 12, "note", "ecn_ce", "the path marked congestion", 9);
	put_finding(st, CONN_NONE, "warning", "capture_drops",
		    "packets were dropped while recording", 5);
	put_finding(st, CONN_NONE, "warning", "port_scan",
		    "10.0.0.9 tries \033[2J many ports", 6);
	row_init(ROW_EVENT, &event);
	event.conn = 12;
	event.side = SIDE_SERVER;
	event.ts_ns = START + 30 * MS;
	event.frame_number = 33;
	event.kind = "rtx_timeout";
	event.seq = 1;
	event.len = 1460;
	event.detail = "{\"waited_ms\":200}";
	put(st, ROW_EVENT, &event);
	assert_int_equal(store_commit(st), 0);
	return st;
}

/* --- comparing ------------------------------------------------------------- */

static char *
read_all(FILE *f)
{
	char *s = calloc(1, 1 << 20);

	rewind(f);
	s[fread(s, 1, (1 << 20) - 1, f)] = '\0';
	return s;
}

/* What stands in f is what tests/views/name has. */
static void
compare(FILE *f, const char *name)
{
	const char *srcdir = getenv("srcdir");
	char path[512], *is = read_all(f), *want;
	FILE *golden;

	snprintf(path, sizeof(path), "%s/tests/views/%s",
		 srcdir ? srcdir : "..", name);
	if (getenv("RENEW_VIEWS")) {
		golden = fopen(path, "w");
		assert_non_null(golden);
		fputs(is, golden);
	} else {
		golden = fopen(path, "r");
		if (!golden)
			fail_msg("no %s", path);
		want = read_all(golden);
		assert_string_equal(is, want);
		free(want);
	}
	fclose(golden);
	free(is);
	fclose(f);
}

/* Nothing but the colours that were asked for reaches a terminal. */
static void
has_no_controls(FILE *f)
{
	char *s = read_all(f);

	for (const char *p = s; *p; p++)
		assert_true((unsigned char)*p >= 0x20 || *p == '\n');
	free(s);
}

static void
report(struct store *st, struct report_options options, const char *name)
{
	FILE *f = tmpfile();

	if (report_write(st, &options, f) < 0)
		fail_msg("%s", store_error(st));
	if (options.color == REPORT_COLOR_NEVER)
		has_no_controls(f);
	compare(f, name);
}

static void
query(struct store *st, const char *sql, enum table_format format,
      const char *name)
{
	struct query *q = query_open(st, sql);
	FILE *f = tmpfile();

	assert_non_null(q);
	assert_int_equal(table_write(q, format, f, REPORT_COLOR_NEVER), 0);
	assert_int_equal(query_close(q), 0);
	if (format != TABLE_CSV)
		has_no_controls(f);
	compare(f, name);
}

/* --- tests ----------------------------------------------------------------- */

static void
a_healthy_capture_is_told_so(void **unused)
{
	struct store *st = healthy();
	struct report_options o = { .color = REPORT_COLOR_NEVER };

	(void)unused;
	report(st, o, "healthy.txt");
	assert_false(report_has_findings(st, "warning"));
	store_close(st);
}

static void
findings_are_grouped_and_worst_first(void **unused)
{
	struct store *st = sick();
	struct report_options o = { .color = REPORT_COLOR_NEVER };

	(void)unused;
	report(st, o, "sick.txt");
	o.color = REPORT_COLOR_ALWAYS;
	report(st, o, "sick_color.txt");
	o.color = REPORT_COLOR_NEVER;
	o.conn = 7;
	report(st, o, "sick_conn.txt");
	o.json = true;
	report(st, o, "sick_conn.json");
	o.conn = 0;
	report(st, o, "sick.json");
	assert_true(report_has_findings(st, "warning"));
	assert_true(report_has_findings(st, "error"));
	store_close(st);
}

static void
a_connection_that_is_not_there_is_an_error(void **unused)
{
	struct report_options o = { .color = REPORT_COLOR_NEVER, .conn = 99 };
	struct store *st = healthy();
	FILE *f = tmpfile();
	struct page p;

	(void)unused;
	assert_int_equal(report_write(st, &o, f), -1);
	assert_string_equal(store_error(st), "no connection 99");
	page_init(&p, f, REPORT_COLOR_NEVER);
	assert_int_equal(show_connection(&p, st, 99), -1);
	page_release(&p);
	fclose(f);
	store_close(st);
}

static void
show(struct store *st, int64_t conn, const char *name)
{
	struct segment_lines lines;
	FILE *f = tmpfile();
	struct page p;

	page_init(&p, f, REPORT_COLOR_NEVER);
	assert_int_equal(show_connection(&p, st, conn), 0);
	assert_int_equal(segment_lines_init(&lines, &p, st, conn, START), 0);
	segment_lines_add(&lines, 32, START, true,
			  "Flags [S], seq 0, win 100, length 0");
	segment_lines_add(&lines, 33, START + 30 * MS, false,
			  "Flags [.], seq 1:1461, ack 1, length 1460");
	segment_lines_release(&lines);
	assert_int_equal(page_write(&p, f), 0);
	page_release(&p);
	has_no_controls(f);
	compare(f, name);
}

static void
one_connection_is_shown(void **unused)
{
	struct store *st = sick();

	(void)unused;
	show(st, 1, "show_1.txt");
	show(st, 7, "show_7.txt");
	store_close(st);
}

static void
tables_fit_and_are_safe(void **unused)
{
	static const char sql[] =
		"SELECT conn_id, server_name, client_addr || ':' || client_port"
		" AS client, server_addr AS server, outcome, duration_ns,"
		" NULL AS empty, 0.5 AS half_of_it FROM connection"
		" ORDER BY conn_id LIMIT 4";
	struct store *st = sick();

	(void)unused;
	query(st, sql, TABLE_TEXT, "table.txt");
	query(st, sql, TABLE_CSV, "table.csv");
	query(st, sql, TABLE_JSON, "table.json");
	query(st, "SELECT 1 AS a WHERE 0", TABLE_TEXT, "table_empty.txt");
	query(st, "SELECT * FROM retransmitting", TABLE_TEXT,
	      "retransmitting.txt");
	query(st, "SELECT * FROM slowest", TABLE_TEXT, "slowest.txt");
	store_close(st);
}

static void
numbers_are_for_people(void **unused)
{
	static const struct {
		int64_t ns;
		const char *words;
	} durations[] = {
		{ 0, "0 ns" }, { 999, "999 ns" }, { 1500, "1.50 us" },
		{ 20 * MS, "20 ms" }, { 1234567, "1.23 ms" },
		{ 999999999, "1.00 s" }, { 12345 * MS, "12.3 s" },
		{ 599 * NS_PER_S, "599 s" }, { 600 * NS_PER_S, "10 min 0 s" },
		{ -20 * MS, "-20 ms" }, { NSTIME_NONE, "-" },
	};
	char buf[UNITS_SIZE];

	(void)unused;
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		assert_string_equal(units_duration(durations[i].ns, buf),
				    durations[i].words);
	assert_string_equal(units_bytes(99999, buf), "99,999 B");
	assert_string_equal(units_bytes(123456, buf), "123 kB");
	assert_string_equal(units_bytes(1234567890, buf), "1.23 GB");
	assert_string_equal(units_count(-1234567, buf), "-1,234,567");
	assert_string_equal(units_time(START + 1, buf),
			    "2023-11-14 22:13:20.000000 UTC");
	assert_string_equal(units_time(-1, buf),
			    "1969-12-31 23:59:59.999999 UTC");
	assert_string_equal(units_plural(1, "packet", buf), "1 packet");
	assert_string_equal(units_plural(1000, "packet", buf),
			    "1,000 packets");
}

static void
colour_is_for_terminals(void **unused)
{
	enum report_color color;
	FILE *f = tmpfile();
	struct page p;

	(void)unused;
	assert_true(report_color_parse("always", &color));
	assert_int_equal(color, REPORT_COLOR_ALWAYS);
	assert_false(report_color_parse("sometimes", &color));
	page_init(&p, f, REPORT_COLOR_AUTO);
	assert_false(p.color);
	assert_int_equal(p.columns, 80);
	page_release(&p);
	page_init(&p, f, REPORT_COLOR_ALWAYS);
	assert_true(p.color);
	page_release(&p);
	fclose(f);
}

static void
everything_is_exported(void **unused)
{
	struct store *st = sick();
	char dir[] = "test_report.XXXXXX", path[64], command[64];
	FILE *f = tmpfile();
	char *json;
	int tables = 0, relations = 0;

	(void)unused;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(export_csv(st, dir, false), 0);
	assert_int_equal(export_csv(st, dir, false), -1);
	assert_non_null(strstr(store_error(st), "it exists"));
	assert_int_equal(export_csv(st, dir, true), 0);
	for (const char *const *r = store_relations; *r; r++) {
		snprintf(path, sizeof(path), "%s/%s.csv", dir, *r);
		tables += access(path, R_OK) == 0;
		relations++;
	}
	assert_true(relations >= 22);
	assert_int_equal(tables, relations);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);

	assert_int_equal(export_json(st, f), 0);
	has_no_controls(f);
	json = read_all(f);
	assert_non_null(strstr(json, "{\"table\":\"capture\",\"capture_id\":1,"));
	assert_non_null(strstr(json, "{\"table\":\"state_change\","));
	free(json);
	fclose(f);
	store_close(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_capture_is_told_so),
		cmocka_unit_test(findings_are_grouped_and_worst_first),
		cmocka_unit_test(a_connection_that_is_not_there_is_an_error),
		cmocka_unit_test(one_connection_is_shown),
		cmocka_unit_test(tables_fit_and_are_safe),
		cmocka_unit_test(numbers_are_for_people),
		cmocka_unit_test(colour_is_for_terminals),
		cmocka_unit_test(everything_is_exported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
