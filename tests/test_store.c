/*
 * test_store.c - what is put comes back, unknown as NULL; what is there is not
 * lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "store/community_id.h"
#include "store/query.h"
#include "store/schema.h"
#include "store/store.h"

#define START INT64_C(1700000000000000000)

static char dir[64];

static const char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
	return path;
}

static struct addr
v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	uint8_t four[4] = { a, b, c, d };

	return addr_from_ipv4(four);
}

static struct store *
create(const char *path, enum store_mode mode)
{
	static const struct capture_row capture = {
		.source = "x.pcap", .kind = "file", .snaplen = ROW_NULL,
		.start_ns = START, .end_ns = ROW_NULL, .packets = 10,
	};
	struct store *st;

	if (store_create(&st, path, mode) < 0 ||
	    store_begin_capture(st, &capture) < 0)
		fail_msg("%s", store_error(st));
	return st;
}

static struct store *
memory(void)
{
	return create(":memory:", STORE_NEW);
}

static void
put(struct store *st, enum row_table table, const void *row)
{
	if (store_put(st, table, row) < 0)
		fail_msg("%s", store_error(st));
}

/* All rows of a query: values with '|', rows with newlines, NULL as "-". */
static const char *
answer(struct store *st, const char *sql)
{
	static struct text t;
	struct query *q = query_open(st, sql);

	if (!t.s)
		text_init(&t);
	text_clear(&t);
	if (!q)
		fail_msg("%s: %s", sql, store_error(st));
	for (int n = 0; query_step(q); n++) {
		text_add(&t, n ? "\n" : "");
		for (int i = 0; i < query_columns(q); i++)
			text_printf(&t, "%s%s", i ? "|" : "",
				    query_is_null(q, i) ? "-" :
				    query_text(q, i));
	}
	assert_int_equal(query_close(q), 0);
	return t.s;
}

static void
open_conn(struct store *st, conn_ref conn)
{
	struct connection_row row;

	row_init(ROW_CONNECTION, &row);
	row.conn = conn;
	row.phase = CONNECTION_OPEN;
	row.ip_version = 4;
	row.client_addr = v4(10, 0, 0, 1);
	row.server_addr = v4(10, 0, 0, 2);
	row.client_port = 1000 + conn;
	row.server_port = 80;
	row.role_known = 1;
	row.start_ns = START + conn;
	row.first_frame = conn + 1;
	put(st, ROW_CONNECTION, &row);
}

static void
close_conn(struct store *st, conn_ref conn)
{
	struct connection_row row;

	row_init(ROW_CONNECTION, &row);
	row.conn = conn;
	row.phase = CONNECTION_FINAL;
	row.outcome = "normal_close";
	row.start_ns = START + conn;
	put(st, ROW_CONNECTION, &row);
}

/* --- every table, every column --------------------------------------------- */

/* A value of its own for each column; and how SQL shows it. */
static void
fill(const struct column *c, void *row, int i, struct text *shown)
{
	static char texts[64][16];
	char *field = (char *)row + c->offset;
	const char *text = texts[i];

	snprintf(texts[i], sizeof(texts[i]), "text %d", i);
	switch (c->kind) {
	case COLUMN_INT:
		*(int64_t *)field = 1000 + i;
		text_printf(shown, "|%d", 1000 + i);
		break;
	case COLUMN_REAL:
		*(double *)field = i + 0.5;
		text_printf(shown, "|%d.5", i);
		break;
	case COLUMN_SIDE:
		*(int64_t *)field = SIDE_SERVER;
		text_add(shown, "|server");
		break;
	case COLUMN_CONN:
		*(conn_ref *)field = 7;
		text_add(shown, "|1");
		break;
	case COLUMN_ADDR:
		*(struct addr *)field = v4(10, 0, 0, (uint8_t)i);
		text_printf(shown, "|10.0.0.%d", i);
		break;
	case COLUMN_WORD:
	case COLUMN_TEXT:
	case COLUMN_ALIEN:
		*(const char **)field = text;
		text_printf(shown, "|text %d", i);
		break;
	default:
		break;
	}
}

static void
select_columns(struct text *sql, int table, const char *where)
{
	const char *comma = "";

	text_clear(sql);
	text_add(sql, "SELECT ");
	for (const struct column *c = row_layouts[table].columns; c->name; c++)
		if (column_is_stored(c)) {
			text_printf(sql, "%s%s", comma, c->name);
			comma = ", ";
		}
	text_printf(sql, " FROM %s%s", row_layouts[table].name, where);
}

union any_row {
	struct connection_row connection;
	struct endpoint_row endpoint;
	struct finding_row finding;
	unsigned char bytes[2048];
};

static bool
has_unknown_key(int table)
{
	return table == ROW_HOST || table == ROW_PROTOCOL || table == ROW_RATE;
}

static void
a_filled_row_comes_back(void **unused)
{
	(void)unused;
	for (int table = 0; table < N_ROW_TABLES; table++) {
		const struct row_layout *layout = &row_layouts[table];
		struct store *st = memory();
		struct text sql, want;
		union any_row row;
		int i = 0;

		if (table == ROW_CONNECTION) {
			store_close(st);
			continue;	/* below, with its ends */
		}
		assert_true(layout->size <= sizeof(row));
		open_conn(st, 7);
		text_init(&sql);
		text_init(&want);
		row_init((enum row_table)table, &row);
		for (const struct column *c = layout->columns; c->name; c++)
			fill(c, &row, i++, &want);
		put(st, (enum row_table)table, &row);
		close_conn(st, 7);
		store_commit(st);
		select_columns(&sql, table, table == ROW_ENDPOINT ?
			       " WHERE side = 'server'" : "");
		assert_string_equal(answer(st, sql.s), want.s + 1);
		text_release(&sql);
		text_release(&want);
		store_close(st);
	}
}

static void
an_unknown_row_is_null(void **unused)
{
	(void)unused;
	for (int table = 0; table < N_ROW_TABLES; table++) {
		struct store *st = memory();
		struct text sql, want;
		union any_row row;

		if (has_unknown_key(table) || table == ROW_CONNECTION) {
			store_close(st);
			continue;
		}
		open_conn(st, 7);
		text_init(&sql);
		text_init(&want);
		row_init((enum row_table)table, &row);
		if (table == ROW_ENDPOINT) {
			row.endpoint.conn = 7;
			row.endpoint.side = SIDE_CLIENT;
		}
		for (const struct column *c = row_layouts[table].columns;
		     c->name; c++)
			if (column_is_stored(c))
				text_add(&want, "|-");
		put(st, (enum row_table)table, &row);
		close_conn(st, 7);
		store_commit(st);
		select_columns(&sql, table, table == ROW_ENDPOINT ?
			       " WHERE side = 'client'" : "");
		assert_string_equal(table == ROW_ENDPOINT ?
				    answer(st, sql.s) + strlen("1|client") :
				    answer(st, sql.s),
				    table == ROW_ENDPOINT ? want.s + 4 :
				    want.s + 1);
		text_release(&sql);
		text_release(&want);
		store_close(st);
	}
}

static void
a_connection_comes_back_with_its_states(void **unused)
{
	static const struct tcp_state_change changes[] = {
		{ START + 5, 1, SIDE_CLIENT, TCP_STATE_CLOSED,
		  TCP_STATE_SYN_SENT, 1 },
		{ START + 9, 2, SIDE_SERVER, TCP_STATE_UNKNOWN,
		  TCP_STATE_SYN_RCVD, 2 },
		{ START + 9, 0, SIDE_CLIENT, TCP_STATE_SYN_SENT,
		  TCP_STATE_CLOSED, 3 },
	};
	struct store *st = memory();
	struct connection_row row;
	struct text sql, want;
	int i = 0;

	(void)unused;
	text_init(&sql);
	text_init(&want);
	row_init(ROW_CONNECTION, &row);
	for (const struct column *c = row_layouts[ROW_CONNECTION].columns;
	     c->name; c++)
		fill(c, &row, i++, &want);
	row.phase = CONNECTION_FINAL;
	row.start_ns = START;
	row.changes = changes;
	row.n_changes = 3;
	open_conn(st, 7);
	put(st, ROW_CONNECTION, &row);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT side, ts_ns - 1700000000000000000,"
		" frame_number, old_state, new_state FROM state_change"
		" WHERE conn_id = 1 ORDER BY ts_ns, rowid"),
		"client|5|1|CLOSED|SYN-SENT\n"
		"server|9|2|-|SYN-RECEIVED\n"
		"client|9|-|SYN-SENT|CLOSED");
	select_columns(&sql, ROW_CONNECTION, "");
	assert_true(strlen(answer(st, sql.s)) > 100);
	assert_null(strstr(answer(st, sql.s), "-|"));
	text_release(&sql);
	text_release(&want);
	store_close(st);
}

/* A counter that is not known is neither 0 nor a reason for a second row. */
static void
zero_and_unknown_counters_differ(void **unused)
{
	struct store *st = memory();
	struct endpoint_row e;

	(void)unused;
	open_conn(st, 3);
	row_init(ROW_ENDPOINT, &e);
	e.conn = 3;
	e.side = SIDE_CLIENT;
	e.packets = 5;
	e.retrans_packets = 0;
	put(st, ROW_ENDPOINT, &e);
	e.side = SIDE_SERVER;
	e.dup_acks = 2;
	put(st, ROW_ENDPOINT, &e);
	close_conn(st, 3);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT side, packets, retrans_packets,"
		" dup_acks, rtx_fast FROM endpoint"),
		"client|5|0|-|-\nserver|5|0|2|-");
	assert_string_equal(answer(st, "SELECT client_retrans_packets,"
		" client_dup_acks, server_dup_acks, server_rtx_fast FROM conn"),
		"0|-|2|-");
	assert_string_equal(answer(st, "SELECT count(*) FROM endpoint_trouble"),
			    "1");
	store_close(st);
}

/* --- connections ----------------------------------------------------------- */

static void
connections_are_numbered_as_they_open(void **unused)
{
	struct store *st = memory();

	(void)unused;
	open_conn(st, 9);
	open_conn(st, 4);
	close_conn(st, 4);
	open_conn(st, 4);	/* the handle is used anew */
	close_conn(st, 9);
	close_conn(st, 4);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT conn_id, tcp_stream, start_ns -"
		" 1700000000000000000 FROM connection ORDER BY conn_id"),
		"1|0|9\n2|1|4\n3|2|4");
	store_close(st);
}

static void
what_is_referred_to_has_a_short_row(void **unused)
{
	struct store *st = memory();
	struct event_row event;

	(void)unused;
	row_init(ROW_EVENT, &event);
	open_conn(st, 5);
	open_conn(st, 6);
	event.conn = 5;
	event.kind = "rtx_fast";
	put(st, ROW_EVENT, &event);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT conn_id, client_addr,"
		" client_port, outcome, client_packets FROM connection"),
		"1|10.0.0.1|1005|-|-");
	assert_string_equal(answer(st, "SELECT conn_id FROM event"), "1");
	close_conn(st, 5);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT conn_id, outcome"
		" FROM connection"), "1|normal_close");
	store_close(st);
}

static void
a_live_connection_is_updated(void **unused)
{
	struct store *st = memory();
	struct connection_row row;

	(void)unused;
	open_conn(st, 5);
	row_init(ROW_CONNECTION, &row);
	row.conn = 5;
	row.phase = CONNECTION_UPDATE;
	row.client_state = "ESTABLISHED";
	put(st, ROW_CONNECTION, &row);
	assert_string_equal(answer(st, "SELECT client_state FROM connection"),
			    "ESTABLISHED");
	row.phase = CONNECTION_FINAL;
	row.client_state = "TIME-WAIT";
	put(st, ROW_CONNECTION, &row);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT conn_id, client_state"
		" FROM connection"), "1|TIME-WAIT");
	store_close(st);
}

/* Examples of the specification (its baseline, seed 0). */
static void
community_ids_are_those_of_the_specification(void **unused)
{
	struct addr a = v4(128, 232, 110, 120), b = v4(66, 35, 250, 204);
	char id[COMMUNITY_ID_SIZE];

	(void)unused;
	community_id(&a, 34855, &b, 80, 6, id);
	assert_string_equal(id, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
	community_id(&b, 80, &a, 34855, 6, id);
	assert_string_equal(id, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
}

/* --- parts ----------------------------------------------------------------- */

static void
put_rate(struct store *st, int64_t second, int64_t syn, int64_t half_open)
{
	struct rate_row row;

	row_init(ROW_RATE, &row);
	row.second = second;
	row.syn = syn;
	row.half_open = half_open;
	put(st, ROW_RATE, &row);
}

static void
parts_are_added_up_and_gauges_run(void **unused)
{
	struct store *st = memory();

	(void)unused;
	put_rate(st, 100, 2, 2);
	put_rate(st, 100, 1, 1);
	put_rate(st, 101, 5, -1);
	store_commit(st);
	put_rate(st, 100, 4, 1);	/* a late part of a second */
	put_rate(st, 103, 0, -3);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT second, syn, half_open, fin"
		" FROM rate ORDER BY second"),
		"100|7|4|-\n101|5|3|-\n103|0|0|-");
	store_close(st);
}

static void
hosts_keep_first_names_and_widest_times(void **unused)
{
	struct store *st = memory();
	struct host_row row;
	char name[] = "first";

	(void)unused;
	row_init(ROW_HOST, &row);
	row.addr = v4(10, 0, 0, 1);
	row.first_ns = row.last_ns = 50;
	row.packets_sent = 1;
	put(st, ROW_HOST, &row);
	row.name = name;
	row.first_ns = 40;
	put(st, ROW_HOST, &row);
	strcpy(name, "gone");		/* a text lives during the call */
	store_commit(st);
	row.name = "second";
	row.first_ns = row.last_ns = 90;
	put(st, ROW_HOST, &row);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT addr, name, mac, first_ns,"
		" last_ns, packets_sent, bytes_sent FROM host"),
		"10.0.0.1|first|-|40|90|3|-");
	store_close(st);
}

/* More hosts than are kept in memory. */
static void
any_number_of_hosts_is_added_up(void **unused)
{
	struct store *st = memory();
	struct host_row row;

	(void)unused;
	row_init(ROW_HOST, &row);
	row.packets_sent = 1;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 40000; i++) {
			row.addr = v4(10, (uint8_t)(i >> 16),
				      (uint8_t)(i >> 8), (uint8_t)i);
			put(st, ROW_HOST, &row);
		}
	store_commit(st);
	assert_string_equal(answer(st, "SELECT count(*), min(packets_sent),"
		" max(packets_sent) FROM host"), "40000|2|2");
	store_close(st);
}

/* --- texts, copies --------------------------------------------------------- */

static void
alien_text_is_stored_as_utf8(void **unused)
{
	struct store *st = memory();
	struct request_row row;

	(void)unused;
	row_init(ROW_REQUEST, &row);
	row.uri = "/\xff\xfe/caf\xc3\xa9";
	put(st, ROW_REQUEST, &row);
	store_commit(st);
	assert_string_equal(answer(st, "SELECT uri FROM request"),
			    "/\xef\xbf\xbd\xef\xbf\xbd/caf\xc3\xa9");
	store_close(st);
}

static void
a_packed_row_stands_alone(void **unused)
{
	struct tcp_state_change changes[2] = { { .ts = 1 }, { .ts = 2 } };
	static const char word[] = "normal_close";
	char history[] = "ShAaFf", note[] = "the reset";
	struct connection_row row, *copy;
	struct finding_row finding, *finding_copy;
	struct row_packer packer;
	size_t n;

	(void)unused;
	row_packer_init(&packer);
	row_init(ROW_CONNECTION, &row);
	row.outcome = word;
	row.history = history;
	row.changes = changes;
	row.n_changes = 2;
	n = row_pack(&packer, ROW_CONNECTION, &row, NULL, 0);
	copy = malloc(n);
	assert_int_equal(row_pack(&packer, ROW_CONNECTION, &row, copy, n), n);
	memset(history, 'x', sizeof(history));
	memset(changes, 0, sizeof(changes));
	assert_ptr_equal(copy->outcome, word);
	assert_string_equal(copy->history, "ShAaFf");
	assert_null(copy->service);
	assert_int_equal(copy->changes[1].ts, 2);
	free(copy);

	row_init(ROW_FINDING, &finding);
	finding.title = "title";
	finding.n_evidence = 2;
	finding.evidence[0].frame_number = 3;
	finding.evidence[1].frame_number = 4;
	finding.evidence[1].note = note;
	n = row_pack(&packer, ROW_FINDING, &finding, NULL, 0);
	finding_copy = malloc(n);
	row_pack(&packer, ROW_FINDING, &finding, finding_copy, n);
	memset(note, 'x', sizeof(note));
	assert_null(finding_copy->evidence[0].note);
	assert_string_equal(finding_copy->evidence[1].note, "the reset");
	assert_string_equal(finding_copy->title, "title");
	free(finding_copy);
}

static void
findings_have_their_packets(void **unused)
{
	struct store *st = memory();
	struct finding_row row;

	(void)unused;
	open_conn(st, 1);
	row_init(ROW_FINDING, &row);
	row.conn = 1;
	row.code = "connection_refused";
	row.severity = "error";
	row.n_evidence = 2;
	row.evidence[0].frame_number = 8;
	row.evidence[0].note = "reset";
	row.evidence[1].frame_number = 9;
	put(st, ROW_FINDING, &row);
	assert_string_equal(answer(st, "SELECT conn_id, code, frame_number,"
		" note FROM finding JOIN finding_evidence USING (finding_id)"),
		"1|connection_refused|8|reset\n1|connection_refused|9|-");
	store_close(st);
}

/* --- files ----------------------------------------------------------------- */

static void
finish(struct store *st)
{
	struct capture_row row = { .source = "x.pcap", .kind = "file",
				   .status = "complete" };

	if (store_end_capture(st, &row) < 0)
		fail_msg("%s", store_error(st));
	store_close(st);
}

static void
refused(const char *path, enum store_mode mode, const char *why)
{
	struct store *st;

	assert_int_equal(store_create(&st, path, mode), -1);
	if (!strstr(store_error(st), why))
		fail_msg("%s", store_error(st));
	store_close(st);
}

static void
nothing_is_overwritten_unasked(void **unused)
{
	const char *path = path_of("a.db");
	struct store *st;
	FILE *f;

	(void)unused;
	finish(create(path, STORE_NEW));
	refused(path, STORE_NEW, "it exists");
	finish(create(path, STORE_FORCE));
	assert_int_equal(store_open(&st, path), 0);
	assert_string_equal(answer(st, "SELECT count(*) FROM capture"), "1");
	store_close(st);

	path = path_of("letter.txt");
	f = fopen(path, "w");
	fputs("Dear reader", f);
	fclose(f);
	refused(path, STORE_FORCE, "not a tcpsaw database");
	refused(path, STORE_APPEND, "not a tcpsaw database");
	assert_false(store_is_database(path));
	refused("/nonexistent/x.db", STORE_NEW, "no such file");
	assert_int_equal(truncate(path, 0), 0);
	finish(create(path, STORE_FORCE));
	assert_true(store_is_database(path));
}

static void
another_capture_can_be_appended(void **unused)
{
	const char *path = path_of("b.db");
	struct store *st = create(path, STORE_NEW);

	(void)unused;
	open_conn(st, 1);
	close_conn(st, 1);
	finish(st);
	st = create(path, STORE_APPEND);
	open_conn(st, 1);
	close_conn(st, 1);
	finish(st);
	assert_int_equal(store_open(&st, path), 0);
	assert_string_equal(answer(st, "SELECT conn_id, capture_id, tcp_stream"
		" FROM connection ORDER BY conn_id"), "1|1|0\n2|2|0");
	store_close(st);
}

static void
a_reader_sees_what_is_committed(void **unused)
{
	static const char *const kinds[] = { "file", "live" };
	struct capture_row capture = { .source = "x" };

	(void)unused;
	for (int i = 0; i < 2; i++) {
		const char *path = path_of("c.db");
		struct store *st, *reader;

		assert_int_equal(store_create(&st, path, STORE_FORCE), 0);
		capture.kind = kinds[i];
		assert_int_equal(store_begin_capture(st, &capture), 0);
		open_conn(st, 1);
		close_conn(st, 1);
		assert_int_equal(store_commit(st), 0);
		open_conn(st, 2);
		close_conn(st, 2);
		assert_int_equal(store_open(&reader, path), 0);
		assert_string_equal(answer(reader, "SELECT count(*), (SELECT"
			" status FROM capture) FROM connection"), "1|running");
		assert_int_equal(store_commit(st), 0);
		assert_string_equal(answer(reader, "SELECT count(*)"
			" FROM connection"), "2");
		store_close(reader);
		finish(st);
	}
}

/* Under a rollback journal a reader in the middle of a query keeps a commit
   from being done: it is done later, and nothing is lost. */
static void
a_slow_reader_does_not_stop_the_writer(void **unused)
{
	const char *path = path_of("slow.db");
	struct store *st = create(path, STORE_NEW), *reader;
	struct query *q;

	(void)unused;
	assert_int_equal(store_open(&reader, path), 0);
	q = query_open(reader, "SELECT 1 FROM capture UNION ALL SELECT 2");
	assert_true(query_step(q));
	for (conn_ref conn = 0; conn < 3; conn++) {
		open_conn(st, conn);
		close_conn(st, conn);
		assert_int_equal(store_commit(st), 0);
	}
	assert_true(query_step(q));
	assert_int_equal(query_close(q), 0);
	finish(st);
	assert_string_equal(answer(reader, "SELECT count(*), (SELECT status"
		" FROM capture) FROM connection"), "3|complete");
	store_close(reader);
}

static void
a_reader_cannot_write(void **unused)
{
	static const char *const bad[] = {
		"DELETE FROM capture", "DROP TABLE capture",
		"ATTACH 'x.db' AS x", "VACUUM INTO 'x.db'",
		"PRAGMA query_only = 0", "SELECT 1; SELECT 2", "", "--",
		"SELECT load_extension('x')", "nonsense",
	};
	const char *path = path_of("d.db");
	struct store *st;

	(void)unused;
	finish(create(path, STORE_NEW));
	assert_int_equal(store_open(&st, path), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct query *q = query_open(st, bad[i]);

		if (q) {
			assert_false(query_step(q));
			assert_int_equal(query_close(q), -1);
		}
	}
	assert_string_equal(answer(st, "PRAGMA integrity_check"), "ok");
	assert_int_equal(store_read_only(st), 0);	/* again: no harm */
	assert_string_equal(answer(st, "SELECT count(*) FROM capture"), "1");
	store_close(st);
}

/* A child writes under a limit of file size, until nothing fits any more. */
static int
fill_the_disk(const char *path)
{
	struct rlimit limit = { 400000, 400000 };
	struct capture_row capture = { .source = "x", .kind = "file" };
	struct event_row event;
	struct store *st;
	int commits = 0;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	if (store_create(&st, path, STORE_NEW) < 0 ||
	    store_begin_capture(st, &capture) < 0)
		return 1;
	row_init(ROW_EVENT, &event);
	event.kind = "a kind that is long enough to fill a disk soon";
	while (commits < 1000) {
		for (int i = 0; i < 100; i++)
			if (store_put(st, ROW_EVENT, &event) < 0)
				goto full;
		if (store_commit(st) < 0)
			goto full;
		commits++;
	}
	return 2;
full:
	if (commits == 0 || store_put(st, ROW_EVENT, &event) == 0 ||
	    store_commit(st) == 0)
		return 3;
	if (!strstr(store_error(st), "cannot write"))
		return 4;
	store_close(st);
	return 0;
}

static void
a_full_disk_keeps_what_was_committed(void **unused)
{
	const char *path = path_of("e.db");
	struct store *st;
	pid_t pid = fork();
	int status;

	(void)unused;
	if (pid == 0)
		_exit(fill_the_disk(path));
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(store_open(&st, path), 0);
	assert_string_equal(answer(st, "PRAGMA integrity_check"), "ok");
	assert_string_equal(answer(st, "SELECT count(*) > 0 AND"
		" count(*) % 100 = 0 FROM event"), "1");
	assert_string_equal(answer(st, "SELECT status FROM capture"),
			    "running");
	store_close(st);
}

/* --- queries --------------------------------------------------------------- */

static void
every_view_and_named_query_runs(void **unused)
{
	struct store *st = memory();
	struct text names;

	(void)unused;
	open_conn(st, 1);
	close_conn(st, 1);
	store_commit(st);
	for (const struct named_query *n = named_queries; n->name; n++)
		answer(st, n->sql);
	text_init(&names);
	text_add(&names, answer(st, "SELECT name FROM sqlite_schema"
				    " WHERE type IN ('view', 'table')"));
	for (char *name = strtok(names.s, "\n"); name;
	     name = strtok(NULL, "\n")) {
		char sql[128];

		snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", name);
		answer(st, sql);
	}
	for (const char *const *r = store_relations; *r; r++) {
		char sql[128];

		snprintf(sql, sizeof(sql), "SELECT * FROM %s", *r);
		answer(st, sql);
	}
	text_release(&names);
	store_close(st);
}

static void
a_query_ends_and_can_begin_anew(void **unused)
{
	struct store *st = memory();
	struct query *q = query_open(st, "SELECT ?1 UNION ALL SELECT ?2");

	(void)unused;
	query_bind_int(q, 1, 5);
	query_bind_text(q, 2, "five");
	for (int round = 0; round < 2; round++) {
		assert_true(query_step(q));
		assert_int_equal(query_int(q, 0), 5);
		assert_true(query_step(q));
		assert_string_equal(query_text(q, 0), "five");
		assert_false(query_step(q));
		assert_false(query_step(q));
		query_rewind(q);
	}
	assert_int_equal(query_close(q), 0);
	store_close(st);
}

/* --- an interface's --------------------------------------------------------- */

static const struct capture_row live_capture = {
	.source = "eth0", .kind = "live", .snaplen = 192,
	.start_ns = START, .end_ns = ROW_NULL, .packets = 10,
	.status = "running",
};

static struct store *
create_live(const char *path)
{
	struct store *st;

	if (store_create(&st, path, STORE_NEW) < 0 ||
	    store_begin_capture(st, &live_capture) < 0)
		fail_msg("%s", store_error(st));
	return st;
}

static void
stand(struct store *st, const char *title, const char *explanation)
{
	struct finding_row row;

	row_init(ROW_FINDING, &row);
	row.conn = CONN_NONE;
	row.severity = "warning";
	row.code = "syn_flood";
	row.title = title;
	row.explanation = explanation;
	row.confidence = 1;
	row.n_evidence = 1;
	row.evidence[0].frame_number = 7;
	row.evidence[0].note = "a SYN";
	assert_int_equal(store_put_standing(st, &row), 0);
}

/* It keeps its number while it is said again, and goes when it is not. */
static void
a_standing_finding_is_put_again(void **unused)
{
	static const char what[] = "SELECT finding_id, title, explanation,"
		" (SELECT count(*) FROM finding_evidence e WHERE"
		" e.finding_id = f.finding_id) FROM finding f";
	struct store *st = create_live(path_of("standing.db"));

	(void)unused;
	store_begin_standing(st);
	stand(st, "flood of a", "100 SYNs");
	stand(st, "flood of b", "5 SYNs");
	assert_int_equal(store_end_standing(st), 0);
	assert_string_equal(answer(st, what), "1|flood of a|100 SYNs|1\n"
					      "2|flood of b|5 SYNs|1");
	store_begin_standing(st);
	stand(st, "flood of a", "200 SYNs");
	assert_int_equal(store_end_standing(st), 0);
	assert_string_equal(answer(st, what), "1|flood of a|200 SYNs|1");
	assert_string_equal(answer(st, "SELECT count(*) FROM"
				   " finding_evidence"), "1");
	store_close(st);
}

static void
put_datagrams(struct store *st, int64_t first_frame, int64_t packets,
	      bool is_update)
{
	struct udp_flow_row row;

	row_init(ROW_UDP_FLOW, &row);
	row.is_update = is_update;
	row.client_addr = v4(10, 0, 0, 1);
	row.server_addr = v4(10, 0, 0, 2);
	row.first_frame = first_frame;
	row.client_packets = packets;
	put(st, ROW_UDP_FLOW, &row);
}

/* Two flows that share a place: the later one is written at its end. */
static void
a_udp_flow_is_written_in_place(void **unused)
{
	static const char what[] = "SELECT first_frame, client_packets"
				   " FROM udp_flow ORDER BY first_frame";
	struct store *st = create_live(path_of("udp.db"));

	(void)unused;
	put_datagrams(st, 5, 8, true);
	put_datagrams(st, 5 + 8192, 8, true);
	put_datagrams(st, 5, 16, true);
	put_datagrams(st, 6, 3, false);
	assert_string_equal(answer(st, what), "5|16\n6|3");
	put_datagrams(st, 5 + 8192, 9, false);
	put_datagrams(st, 5, 17, false);
	assert_string_equal(answer(st, what), "5|17\n6|3\n8197|9");
	store_close(st);
}

/* Where there can be no other database this one goes on as it was. */
static void
a_turn_that_fails_changes_nothing(void **unused)
{
	struct capture_row ended = live_capture;
	struct store *st = create_live(path_of("turn.db"));
	char next[160];

	(void)unused;
	ended.status = "complete";
	snprintf(next, sizeof(next), "%s/nowhere/next.db", dir);
	put_datagrams(st, 5, 8, true);
	assert_int_equal(store_rotate(st, next, &ended, &live_capture), 1);
	assert_non_null(strstr(store_error(st), "nowhere"));
	assert_string_equal(answer(st, "SELECT status FROM capture"),
			    "running");
	put_datagrams(st, 5, 9, false);
	assert_string_equal(answer(st, "SELECT client_packets FROM udp_flow"),
			    "9");
	snprintf(next, sizeof(next), "%s/next.db", dir);
	assert_int_equal(store_rotate(st, next, &ended, &live_capture), 0);
	assert_string_equal(store_path(st), next);
	assert_string_equal(answer(st, "SELECT count(*) FROM udp_flow"), "0");
	store_close(st);
}

static int
make_dir(void **unused)
{
	(void)unused;
	snprintf(dir, sizeof(dir), "test_store.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int
remove_dir(void **unused)
{
	char command[128];

	(void)unused;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filled_row_comes_back),
		cmocka_unit_test(an_unknown_row_is_null),
		cmocka_unit_test(a_connection_comes_back_with_its_states),
		cmocka_unit_test(zero_and_unknown_counters_differ),
		cmocka_unit_test(connections_are_numbered_as_they_open),
		cmocka_unit_test(what_is_referred_to_has_a_short_row),
		cmocka_unit_test(a_live_connection_is_updated),
		cmocka_unit_test(community_ids_are_those_of_the_specification),
		cmocka_unit_test(parts_are_added_up_and_gauges_run),
		cmocka_unit_test(hosts_keep_first_names_and_widest_times),
		cmocka_unit_test(any_number_of_hosts_is_added_up),
		cmocka_unit_test(alien_text_is_stored_as_utf8),
		cmocka_unit_test(a_packed_row_stands_alone),
		cmocka_unit_test(findings_have_their_packets),
		cmocka_unit_test(nothing_is_overwritten_unasked),
		cmocka_unit_test(another_capture_can_be_appended),
		cmocka_unit_test(a_reader_sees_what_is_committed),
		cmocka_unit_test(a_slow_reader_does_not_stop_the_writer),
		cmocka_unit_test(a_reader_cannot_write),
		cmocka_unit_test(a_full_disk_keeps_what_was_committed),
		cmocka_unit_test(every_view_and_named_query_runs),
		cmocka_unit_test(a_query_ends_and_can_begin_anew),
		cmocka_unit_test(a_standing_finding_is_put_again),
		cmocka_unit_test(a_udp_flow_is_written_in_place),
		cmocka_unit_test(a_turn_that_fails_changes_nothing),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
