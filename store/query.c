/*
 * query.c - reading: statements stepped through, and the named queries.
 */
#include <stdlib.h>

#include "store/database.h"
#include "store/query.h"

struct query {
	struct store *st;
	sqlite3_stmt *stmt;
	bool done;		/* SQLite would begin anew */
	bool failed;
};

/* Operations of SQLite's machine between two questions: about a millisecond. */
#define STOP_EVERY 20000

static int
ask_stop(void *ctx)
{
	struct store *st = ctx;

	return st->stop(st->stop_ctx);
}

void
query_may_stop(struct store *st, bool (*stop)(void *ctx), void *ctx)
{
	st->stop = stop;
	st->stop_ctx = ctx;
	sqlite3_progress_handler(st->db, stop ? STOP_EVERY : 0,
				 stop ? ask_stop : NULL, st);
}

/* One statement, and nothing behind it. */
static sqlite3_stmt *
prepare_one(struct store *st, const char *sql)
{
	sqlite3_stmt *stmt = NULL, *second = NULL;
	const char *rest;

	if (sqlite3_prepare_v2(st->db, sql, -1, &stmt, &rest) != SQLITE_OK) {
		store_fail(st, "%s", sqlite3_errmsg(st->db));
	} else if (!stmt) {
		store_fail(st, "there is no query");
	} else if (sqlite3_prepare_v2(st->db, rest, -1, &second, NULL) !=
		   SQLITE_OK || second) {
		store_fail(st, "more than one query");
		sqlite3_finalize(second);
		sqlite3_finalize(stmt);
		stmt = NULL;
	}
	return stmt;
}

struct query *
query_open(struct store *st, const char *sql)
{
	struct query *q = calloc(1, sizeof(*q));

	if (!q) {
		store_fail(st, "out of memory");
		return NULL;
	}
	q->st = st;
	q->stmt = prepare_one(st, sql);
	if (q->stmt)
		return q;
	free(q);
	return NULL;
}

void
query_bind_int(struct query *q, int parameter, int64_t value)
{
	sqlite3_bind_int64(q->stmt, parameter, value);
}

void
query_bind_text(struct query *q, int parameter, const char *text)
{
	sqlite3_bind_text(q->stmt, parameter, text, -1, SQLITE_TRANSIENT);
}

bool
query_step(struct query *q)
{
	int rc = q->done ? SQLITE_DONE : sqlite3_step(q->stmt);

	if (rc == SQLITE_ROW)
		return true;
	q->done = true;
	if (rc != SQLITE_DONE) {
		q->failed = true;
		store_fail(q->st, "%s", sqlite3_errmsg(q->st->db));
	}
	return false;
}

void
query_rewind(struct query *q)
{
	sqlite3_reset(q->stmt);
	q->done = false;
}

int
query_close(struct query *q)
{
	int rc = q && q->failed ? -1 : 0;

	if (q)
		sqlite3_finalize(q->stmt);
	free(q);
	return rc;
}

int
query_columns(const struct query *q)
{
	return sqlite3_column_count(q->stmt);
}

const char *
query_name(const struct query *q, int column)
{
	const char *name = sqlite3_column_name(q->stmt, column);

	return name ? name : "";
}

enum query_type
query_type(const struct query *q, int column)
{
	switch (sqlite3_column_type(q->stmt, column)) {
	case SQLITE_INTEGER:
		return QUERY_INTEGER;
	case SQLITE_FLOAT:
		return QUERY_REAL;
	case SQLITE_TEXT:
		return QUERY_TEXT;
	case SQLITE_BLOB:
		return QUERY_BLOB;
	default:
		return QUERY_NULL;
	}
}

bool
query_is_null(const struct query *q, int column)
{
	return query_type(q, column) == QUERY_NULL;
}

int64_t
query_int(const struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

double
query_real(const struct query *q, int column)
{
	return sqlite3_column_double(q->stmt, column);
}

const char *
query_text(const struct query *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, column);

	return text ? text : "";
}

size_t
query_size(const struct query *q, int column)
{
	return (size_t)sqlite3_column_bytes(q->stmt, column);
}

/* The views of the same names, as far as one wants to read them. */
#define BEST " LIMIT 20"

const struct named_query named_queries[] = {
	{ "slowest", "connections that lasted longest",
	  "SELECT * FROM slowest" BEST },
	{ "largest", "connections that carried most bytes",
	  "SELECT * FROM largest" BEST },
	{ "retransmitting", "connections with retransmissions, worst first",
	  "SELECT * FROM retransmitting" BEST },
	{ "refused", "attempts to connect that were refused",
	  "SELECT * FROM refused" },
	{ "resets", "connections that ended by a reset",
	  "SELECT * FROM resets" },
	{ "zero-window", "ends that closed their receive window",
	  "SELECT * FROM zero_window" },
	{ "syn-retries", "attempts that needed more than one SYN",
	  "SELECT * FROM syn_retries" },
	{ "top-talkers", "hosts by bytes sent and received",
	  "SELECT * FROM top_talkers" BEST },
	{ "rates", "packets, connections and failures in each second",
	  "SELECT * FROM rates" },
	{ "ports", "server ports: how many connections, how well",
	  "SELECT * FROM ports" BEST },
	{ "states", "how many connections are in which states",
	  "SELECT * FROM states" },
	{ "kernel", "own sockets: the kernel's window beside the inferred one",
	  "SELECT * FROM kernel" },
	{ NULL, NULL, NULL },
};

const char *const store_relations[] = {
	"capture", "capture_file", "interface", "packet_comment",
	"connection", "endpoint", "state_change", "event", "sample",
	"limit_span", "finding", "finding_evidence", "request", "dns_query",
	"tls_handshake", "icmp_error", "arp", "udp_flow", "host", "protocol",
	"rate", "segment", "kernel_sample", "vantage_vote", NULL
};
