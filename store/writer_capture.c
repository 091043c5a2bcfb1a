/*
 * writer_capture.c - the rows of a capture itself: how it is written, from its
 * beginning to its end.
 */
#include <string.h>

#include "base/text.h"
#include "store/bind.h"
#include "store/schema.h"
#include "store/votes.h"
#include "store/writer.h"

static int64_t
query_int64(struct store *st, const char *sql)
{
	sqlite3_stmt *stmt = database_prepare(st, sql, false);
	int64_t value = 0;

	if (stmt && sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/*
 * The tables whose rows come by the thousand and are not looked at again.
 * What a connection had before its last row is replaced singly, or deleted.
 */
static int
open_bulk(struct store *st)
{
	struct bulk *bulk = &st->writer->bulk;

	if (bulk_open(st, bulk, N_STATEMENTS) < 0 ||
	    bulk_take(st, bulk, SQL_ADD_CONNECTION, "connection",
		      "conn_id") < 0 ||
	    bulk_take(st, bulk, SQL_ADD_TROUBLE, "endpoint_trouble",
		      "endpoint_id") < 0)
		return -1;
	for (int i = 0; i < N_ROW_TABLES; i++)
		if (schema_tables[i].key && i != ROW_FINDING &&
		    bulk_take(st, bulk, i, schema_tables[i].layout->name,
			      schema_tables[i].key) < 0)
			return -1;
	return 0;
}

static bool
is_live(const struct capture_row *row)
{
	return row->kind && strcmp(row->kind, "live") == 0;
}

/*
 * Live: others read while we write, for days.  A file: nothing but new rows,
 * as fast as it goes; after a kill the journal brings the last commit back,
 * and the file can be analysed again should the machine lose its power.
 */
static int
choose_journal(struct store *st, const struct capture_row *row)
{
	st->writer->live = is_live(row);
	if (st->writer->live)
		return database_exec(st, "PRAGMA journal_mode = WAL;"
					 "PRAGMA synchronous = NORMAL;"
					 "PRAGMA wal_autocheckpoint = 8192;"
					 "PRAGMA temp_store = MEMORY;"
					 "PRAGMA cache_size = -8000;") < 0 ?
			-1 : database_exec(st, schema_indexes);
	/* Refused while somebody reads what is appended to: WAL does, too. */
	sqlite3_exec(st->db, "PRAGMA journal_mode = TRUNCATE", NULL, NULL,
		     NULL);
	return database_exec(st, "PRAGMA synchronous = OFF;"
				 "PRAGMA cache_size = -4000;") < 0 ?
		-1 : open_bulk(st);
}

int
store_begin_capture(struct store *st, const struct capture_row *row)
{
	struct writer *w = st->writer;
	struct capture_row running = *row;

	if (store_commit(st) < 0 || choose_journal(st, row) < 0)
		return -1;
	running.status = "running";
	if (writer_insert(st, TABLE_CAPTURE, &running, 0) < 0)
		return -1;
	w->capture_id = sqlite3_last_insert_rowid(st->db);
	w->conn_id = query_int64(st, "SELECT max(conn_id) FROM connection");
	w->first_conn_id = w->conn_id + 1;
	return store_commit(st);
}

/* The row of the capture is written anew, as it is now. */
static int
replace_capture(struct store *st, const struct capture_row *row)
{
	struct text sql;
	sqlite3_stmt *stmt;
	struct binder b;
	const char *comma = "";
	int rc;

	text_init(&sql);
	text_add(&sql, "UPDATE capture SET ");
	for (const struct column *c = schema_tables[TABLE_CAPTURE]
		     .layout->columns; c->name; c++) {
		text_printf(&sql, "%s%s=?", comma, c->name);
		comma = ",";
	}
	text_printf(&sql, " WHERE capture_id=%lld",
		    (long long)st->writer->capture_id);
	stmt = database_prepare(st, sql.s, false);
	text_release(&sql);
	if (!stmt)
		return database_write_failed(st);
	binder_start(&b, stmt, NULL);
	bind_columns(&b, &st->writer->of[TABLE_CAPTURE], row);
	rc = sqlite3_step(stmt) == SQLITE_DONE ? 0 :
						 database_write_failed(st);
	sqlite3_finalize(stmt);
	return rc;
}

int
store_end_capture(struct store *st, const struct capture_row *row)
{
	if (writer_begin(st) < 0 || replace_capture(st, row) < 0 ||
	    writer_commit_at_last(st) < 0)
		return -1;
	bulk_close(st, &st->writer->bulk);
	if (st->writer->n_votes > 0 &&
	    votes_follow(st, st->writer->capture_id) < 0)
		return -1;
	if (database_exec(st, schema_indexes) < 0)
		return -1;
	/* Not where somebody reads just now: it does without. */
	sqlite3_exec(st->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	if (!is_live(row))
		return 0;
	/* All into the one file, if nobody reads just now. */
	sqlite3_busy_timeout(st->db, WRITER_BUSY_MS);
	sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
				  NULL, NULL);
	sqlite3_busy_timeout(st->db, DATABASE_BUSY_MS);
	return 0;
}

int
store_update_capture(struct store *st, const struct capture_row *row)
{
	return writer_begin(st) < 0 ? -1 : replace_capture(st, row);
}

int
store_add_capture_file(struct store *st, const struct capture_file_row *row)
{
	return writer_insert(st, TABLE_CAPTURE_FILE, row, 0);
}

int
store_add_interface(struct store *st, const struct interface_row *row)
{
	return writer_insert(st, TABLE_INTERFACE, row, 0);
}

int
store_add_packet_comment(struct store *st, uint64_t frame, const char *text)
{
	struct packet_comment_row row = { (int64_t)frame, text };

	return writer_insert(st, TABLE_PACKET_COMMENT, &row, 0);
}
