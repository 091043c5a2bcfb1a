/*
 * The language of filters: what is valid, what it asks the database for, and
 * what is said about the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/query.h"
#include "tui/conn_filter.h"

static struct store *st;

static int
open_store(void **unused)
{
	(void)unused;
	return store_create(&st, ":memory:", STORE_NEW);
}

static int
close_store(void **unused)
{
	(void)unused;
	store_close(st);
	return 0;
}

static const struct {
	const char *text;
	size_t n_values;
	int64_t number;		/* the last value, where it is one */
	const char *word;	/* or this one */
} valid[] = {
	{ "", 0, 0, NULL },
	{ "port 443", 1, 443, NULL },
	{ "port = 443", 1, 443, NULL },
	{ "port 443 and retrans > 1% and state = TIME-WAIT", 3, 0,
	  "TIME-WAIT" },
	{ "port 443 retrans > 1%", 2, 10000, NULL },
	{ "retrans > 2", 1, 2, NULL },
	{ "state time_wait", 1, 0, "TIME-WAIT" },
	{ "duration >= 1.5s", 1, 1500000000, NULL },
	{ "rtt < 20ms", 1, 20000000, NULL },
	{ "bytes > 10M", 1, 10000000, NULL },
	{ "bytes > 1KiB", 1, 1024, NULL },
	{ "host 10.0.0.1", 1, 0, "10.0.0.1" },
	{ "10.0.0.1", 1, 0, "10.0.0.1" },
	{ "10.0.0.0/24", 1, 0, "10.0.0.*" },
	{ "server 10.0.*", 1, 0, "10.0.*" },
	{ "fd00::1", 1, 0, "fd00::1" },
	{ "name ~ exam_ple", 1, 0, "%exam\\_ple%" },
	{ "service 'http' or service \"tls\"", 2, 0, "tls" },
	{ "not (refused or reset)", 0, 0, NULL },
	{ "!refused", 0, 0, NULL },
	{ "severity >= warning", 1, 2, NULL },
	{ "finding ~ zero_window", 1, 0, "%zero\\_window%" },
	{ "limit ~ receive_window", 1, 0, "%receive\\_window%" },
	{ "cc cubic and ipv4", 1, 0, "cubic" },
	{ "sql client_bytes > 10 * server_bytes", 0, 0, NULL },
	{ "where conn_id IN (1, 2)", 0, 0, NULL },
};

/* Every valid filter is also SQL that the database takes. */
static void
valid_filters_are_sql(void **unused)
{
	struct conn_filter f;
	struct query *q;
	char sql[FILTER_SQL + 100];

	(void)unused;
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		if (!conn_filter_compile(&f, valid[i].text))
			fail_msg("'%s': %s", valid[i].text, f.error);
		assert_int_equal(f.n_values, valid[i].n_values);
		if (valid[i].word)
			assert_string_equal(f.value[f.n_values - 1].text,
					    valid[i].word);
		else if (f.n_values > 0)
			assert_int_equal(f.value[f.n_values - 1].number,
					 valid[i].number);
		snprintf(sql, sizeof(sql), "SELECT 1 FROM conn c WHERE %s",
			 f.sql[0] ? f.sql : "1");
		q = query_open(st, sql);
		if (!q)
			fail_msg("%s: %s", sql, store_error(st));
		query_close(q);
	}
}

static const struct {
	const char *text, *part;	/* of the reason */
	size_t at;
} invalid[] = {
	{ "prt 443", "did you mean 'port'", 0 },
	{ "port", "'port' needs a value", 4 },
	{ "port and retrans", "needs a number, not 'and'", 5 },
	{ "port 443 and", "something is missing at the end", 12 },
	{ "state = TIME-WAITING", "is not a state", 8 },
	{ "duration > 5", "needs a unit", 11 },
	{ "port > 5s", "is not a unit of 'port'", 7 },
	{ "port ~ 4", "is a number", 7 },
	{ "service > http", "is text", 10 },
	{ "(port 443", "'(' is not closed", 0 },
	{ "port 443)", "is one too many", 8 },
	{ "name ~ 'abc", "quote is not closed", 7 },
	{ "443", "write 'port 443' or 'conn 443'", 0 },
	{ "host 10.0.0.0/20", "only /8, /16 and /24", 5 },
	{ "severity >= bad", "is not a severity", 12 },
	{ "port =! 443", "is not an operator", 5 },
	{ "sql", "needs an expression", 3 },
	{ "bytes > 99999999999999999999", "too large", 8 },
	{ "xyzzy", "there is no 'xyzzy'", 0 },
};

static void
what_is_wrong_is_said_in_words(void **unused)
{
	struct conn_filter f;

	(void)unused;
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		if (conn_filter_compile(&f, invalid[i].text))
			fail_msg("'%s' was taken", invalid[i].text);
		if (!strstr(f.error, invalid[i].part))
			fail_msg("'%s': %s", invalid[i].text, f.error);
		assert_int_equal(f.error_at, invalid[i].at);
	}
}

/* Text goes into the database as a value, never as SQL. */
static void
values_are_never_sql(void **unused)
{
	struct conn_filter f;

	(void)unused;
	assert_true(conn_filter_compile(&f,
		"name = \"x' OR 1=1 --\" and host ~ '); DROP'"));
	assert_null(strstr(f.sql, "DROP"));
	assert_null(strstr(f.sql, "1=1"));
	assert_string_equal(f.value[0].text, "x' OR 1=1 --");
}

static void
too_much_is_refused(void **unused)
{
	struct conn_filter f;
	char text[4096] = "";

	(void)unused;
	for (int i = 0; i < 60; i++)
		strcat(text, "(");
	assert_false(conn_filter_compile(&f, text));
	text[0] = '\0';
	for (int i = 0; i < FILTER_VALUES + 1; i++)
		strcat(text, "port 1 ");
	assert_false(conn_filter_compile(&f, text));
	assert_non_null(strstr(f.error, "more than"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_filters_are_sql),
		cmocka_unit_test(what_is_wrong_is_said_in_words),
		cmocka_unit_test(values_are_never_sql),
		cmocka_unit_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, open_store, close_store);
}
