/*
 * writer_next.c - another database in the place of one, and how it goes on
 * after a failure: what is open then has no row any more.
 */
#include <string.h>

#include "store/writer.h"

/* The gauges of a rate are sums of changes: where they stood. */
static void
read_gauges(struct store *st, struct gauges *g)
{
	sqlite3_stmt *stmt = database_prepare(st,
		"SELECT max(second), sum(half_open), sum(established),"
		" sum(time_wait), sum(open_connections) FROM rate_part"
		" WHERE capture_id = ?", false);

	*g = (struct gauges){ 0 };
	if (stmt)
		sqlite3_bind_int64(stmt, 1, st->writer->capture_id);
	if (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
		g->second = sqlite3_column_int64(stmt, 0);
		g->half_open = sqlite3_column_int64(stmt, 1);
		g->established = sqlite3_column_int64(stmt, 2);
		g->time_wait = sqlite3_column_int64(stmt, 3);
		g->open_connections = sqlite3_column_int64(stmt, 4);
	}
	sqlite3_finalize(stmt);
}

static int
put_gauges(struct store *st, const struct gauges *g)
{
	struct rate_row row;

	memset(&row, 0, sizeof(row));
	row.packets_dropped = ROW_NULL;
	row.second = g->second;
	row.half_open = g->half_open;
	row.established = g->established;
	row.time_wait = g->time_wait;
	row.open_connections = g->open_connections;
	return g->second ? store_put(st, ROW_RATE, &row) : 0;
}

/* Begin a capture, and count on. */
static int
begin_next(struct store *st, const struct capture_row *begun)
{
	struct writer *w = st->writer;
	int64_t conn_id = w->conn_id, first_conn_id = w->first_conn_id;
	int rc = store_begin_capture(st, begun);

	w->conn_id = conn_id;
	w->first_conn_id = first_conn_id;
	return rc;
}

/* The first rows of the next database. */
static int
put_first(struct store *st)
{
	struct writer *w = st->writer;

	if ((!w->stmt[SQL_COMMIT] && writer_prepare(st) < 0) ||
	    begin_next(st, &w->begun) < 0)
		return -1;
	w->to_begin = false;
	if (writer_owe_all(st) < 0 || put_gauges(st, &w->gauges) < 0)
		return -1;
	return store_commit(st);
}

int
store_rotate(struct store *st, const char *path,
	     const struct capture_row *ended, const struct capture_row *begun)
{
	struct writer *w = st->writer;
	struct database_next next = { 0 };

	if (store_commit(st) < 0)
		return -1;
	if (database_prepare_next(st, path, &next) < 0)
		return 1;
	if (writer_write_open(st) < 0 || store_end_capture(st, ended) < 0) {
		database_remove_next(&next);
		return -1;
	}
	read_gauges(st, &w->gauges);
	writer_finalize(st);
	database_take_next(st, &next);
	w->begun = *begun;
	w->to_begin = true;
	w->turns++;
	w->standing.n = 0;
	memset(w->flows, 0, sizeof(w->flows));
	if (put_first(st) == 0)
		return 0;
	st->failed = true;
	return -1;
}

int
store_resume(struct store *st)
{
	struct writer *w = st->writer;
	int rc;

	if (!sqlite3_get_autocommit(st->db))
		sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
	st->failed = false;
	w->in_transaction = false;
	w->batch = 0;
	parts_clear(&w->hosts);
	w->standing.n = 0;
	if (w->to_begin) {
		writer_finalize(st);
		rc = put_first(st);
	} else if ((rc = writer_owe_all(st)) == 0 &&
		   (rc = writer_forget_flows(st)) == 0) {
		rc = store_commit(st);
	}
	if (rc < 0)
		st->failed = true;
	return rc;
}
