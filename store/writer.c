/*
 * writer.c - rows into tables.
 *
 * Invariant: whatever is committed refers only to connections that have a
 * row.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/bind.h"
#include "store/schema.h"
#include "store/writer.h"

#define BATCH_ROWS 100000	/* a transaction has about so many at most */
#define AT_LAST_MS 60000	/* the last commit waits so long for readers */
#define HOSTS_EVERY 10		/* live: commits, so some 2 s; in a flood each
				   host's row lies on another page */

static const char *const plain_sql[N_STATEMENTS] = {
	[SQL_BEGIN] = "BEGIN",
	[SQL_COMMIT] = "COMMIT",
	[SQL_DROP_CONNECTION] = "DELETE FROM connection WHERE conn_id = ?",
	[SQL_ADD_PATH] = "INSERT INTO state_path (steps) VALUES (?)",
	[SQL_ADD_EVIDENCE] = "INSERT INTO finding_evidence VALUES (?, ?, ?)",
};

/* --- statements -------------------------------------------------------- */

static bool
is_merged(int table)
{
	return table == ROW_HOST || table == ROW_PROTOCOL || table == ROW_RATE;
}

static void
statement_sql(struct text *sql, int id)
{
	if (id == SQL_ADD_CONNECTION)
		schema_insert_connection(sql);
	else if (id == SQL_ADD_TROUBLE)
		schema_insert_trouble(sql);
	else if (id >= N_TABLES)
		text_add(sql, plain_sql[id]);
	else if (is_merged(id))
		schema_merge(sql, id);
	else
		schema_insert(sql, id);
}

int
writer_prepare(struct store *st)
{
	struct text sql;
	int rc = 0;

	text_init(&sql);
	for (int i = 0; i < N_STATEMENTS && rc == 0; i++) {
		if (i == ROW_CONNECTION || i == ROW_ENDPOINT)
			continue;	/* SQL_ADD_... */
		text_clear(&sql);
		statement_sql(&sql, i);
		st->writer->stmt[i] = database_prepare(st, sql.s, true);
		rc = st->writer->stmt[i] ? 0 : -1;
	}
	text_release(&sql);
	return rc;
}

/* Run a statement whose parameters are bound, and make it ready again. */
int
writer_execute(struct store *st, int id)
{
	sqlite3_stmt *stmt = st->writer->stmt[id];
	int rc = sqlite3_step(stmt);

	if (rc != SQLITE_DONE)
		database_write_failed(st);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
writer_begin(struct store *st)
{
	struct writer *w = st->writer;

	if (st->failed)
		return -1;
	w->batch++;
	if (w->in_transaction)
		return 0;
	w->in_transaction = true;
	return writer_execute(st, SQL_BEGIN);
}

static void
bind_row(struct binder *b, const struct writer *w, int table, const void *row,
	 int64_t conn_id)
{
	const struct table *t = &schema_tables[table];

	if (t->of_capture)
		bind_int(b, w->capture_id);
	if (t->layout->columns->kind == COLUMN_CONN)
		bind_int(b, conn_id);
	bind_columns(b, &w->of[table], row);
}

int
writer_insert(struct store *st, int table, const void *row, int64_t conn_id)
{
	struct writer *w = st->writer;
	enum bulk_result done;
	struct binder b;

	if (writer_begin(st) < 0)
		return -1;
	if (bulk_takes(&w->bulk, table)) {
		binder_start_record(&b, bulk_record(&w->bulk));
		bind_row(&b, w, table, row, conn_id);
		done = bulk_put(st, &w->bulk, table, 0);
		if (done != BULK_TOO_LONG)
			return done == BULK_PUT ? 0 : -1;
	}
	binder_start(&b, w->stmt[table], NULL);
	bind_row(&b, w, table, row, conn_id);
	return writer_execute(st, table);
}

int
writer_no_memory(struct store *st)
{
	st->failed = true;
	return store_fail(st, "cannot write '%s': out of memory", st->path);
}

/* --- opening and closing ----------------------------------------------- */

void
writer_finalize(struct store *st)
{
	struct writer *w = st->writer;

	bulk_close(st, &w->bulk);
	for (int i = 0; i < N_STATEMENTS; i++) {
		sqlite3_finalize(w->stmt[i]);
		w->stmt[i] = NULL;
	}
}

static void
writer_free(struct store *st)
{
	struct writer *w = st->writer;

	writer_finalize(st);
	open_conns_release(&w->conns);
	state_paths_release(&w->paths);
	parts_release(&w->hosts);
	parts_release(&w->protocols);
	parts_release(&w->rates);
	text_release(&w->steps);
	free(w->owed);
	free(w);
}

/* Once, not for each row: which columns it has. */
static void
list_columns(struct writer *w)
{
	for (int i = 0; i < N_TABLES; i++)
		for (const struct column *c = schema_tables[i].layout->columns;
		     c->name; c++)
			if (column_is_stored(c) && c->kind != COLUMN_CONN)
				column_list_add(&w->of[i], c);
}

static void
list_end_columns(struct writer *w)
{
	const struct column **unusual = w->unusual;

	for (const struct column *c = row_layouts[ROW_ENDPOINT].columns;
	     c->name; c++) {
		if (c->kind == COLUMN_CONN || c->kind == COLUMN_SIDE)
			continue;
		column_list_add(c->place == PLACE_ROW ? &w->of_end :
							&w->of_trouble, c);
		if (c->place == PLACE_ZERO)
			w->zero_offset[w->n_zeros++] = (uint16_t)c->offset;
		else if (c->place == PLACE_NULL)
			*unusual++ = c;
	}
}

int
writer_open(struct store *st)
{
	struct writer *w = st->writer = calloc(1, sizeof(*w));

	if (!w)
		return store_fail(st, "out of memory");
	list_columns(w);
	list_end_columns(w);
	text_init(&w->steps);
	w->ends.conn = CONN_NONE;
	if (!state_paths_init(&w->paths) ||
	    !parts_init(&w->hosts, &row_layouts[ROW_HOST]) ||
	    !parts_init(&w->protocols, &row_layouts[ROW_PROTOCOL]) ||
	    !parts_init(&w->rates, &row_layouts[ROW_RATE]))
		return store_fail(st, "out of memory");
	return writer_prepare(st);
}

int
writer_close(struct store *st)
{
	int rc = 0;

	if (st->writer->stmt[SQL_COMMIT])
		rc = writer_commit_at_last(st);
	writer_free(st);
	st->writer = NULL;
	return rc;
}

/* --- rows -------------------------------------------------------------- */

int64_t
writer_capture_id(const struct store *st)
{
	return st->writer->capture_id;
}

struct standing *
writer_standing(struct store *st)
{
	return &st->writer->standing;
}

static int
change_finding_id(struct store *st, int64_t from, int64_t to)
{
	sqlite3_stmt *stmt = database_prepare(st, "UPDATE finding SET"
		" finding_id = ?2 WHERE finding_id = ?1", false);
	int rc;

	if (!stmt)
		return database_write_failed(st);
	sqlite3_bind_int64(stmt, 1, from);
	sqlite3_bind_int64(stmt, 2, to);
	rc = sqlite3_step(stmt) == SQLITE_DONE ? 0 : database_write_failed(st);
	sqlite3_finalize(stmt);
	return rc;
}

int
writer_put_finding(struct store *st, const struct finding_row *row,
		   int64_t as_id, int64_t *id)
{
	int64_t finding_id;
	struct binder b;

	if (writer_insert(st, ROW_FINDING, row,
			  writer_refer(st, row->conn)) < 0)
		return -1;
	finding_id = sqlite3_last_insert_rowid(st->db);
	if (as_id && as_id != finding_id) {
		if (change_finding_id(st, finding_id, as_id) < 0)
			return -1;
		finding_id = as_id;
	}
	*id = finding_id;
	for (int64_t i = 0; i < row->n_evidence; i++) {
		binder_start(&b, st->writer->stmt[SQL_ADD_EVIDENCE], NULL);
		bind_int(&b, finding_id);
		bind_int(&b, row->evidence[i].frame_number);
		bind_text(&b, row->evidence[i].note);
		if (writer_execute(st, SQL_ADD_EVIDENCE) < 0)
			return -1;
	}
	return 0;
}

static int
remove_flow(struct store *st, const struct known_flow *f)
{
	sqlite3_stmt *stmt = database_prepare(st, "DELETE FROM udp_flow WHERE"
		" udp_flow_id = ?1 AND first_frame = ?2", false);
	int rc;

	if (!stmt)
		return database_write_failed(st);
	sqlite3_bind_int64(stmt, 1, f->udp_flow_id);
	sqlite3_bind_int64(stmt, 2, f->first_frame);
	rc = sqlite3_step(stmt) == SQLITE_DONE ? 0 : database_write_failed(st);
	sqlite3_finalize(stmt);
	return rc;
}

/* Live: in place of the row that the flow had before.  A flow whose place is
   another's is written at its end only. */
static int
put_udp_flow(struct store *st, const struct udp_flow_row *row)
{
	struct known_flow *f = &st->writer->flows[row->first_frame %
						  KNOWN_FLOWS];
	bool known = f->udp_flow_id && f->first_frame == row->first_frame;

	if (row->is_update && f->udp_flow_id && !known)
		return 0;
	if ((known && remove_flow(st, f) < 0) ||
	    writer_insert(st, ROW_UDP_FLOW, row, ROW_NULL) < 0)
		return -1;
	if (known || row->is_update)
		*f = (struct known_flow){
			row->first_frame, row->is_update
				? sqlite3_last_insert_rowid(st->db) : 0 };
	return 0;
}

static int
write_parts(struct store *st, int table, struct parts *parts)
{
	int rc = 0;

	for (size_t i = 0; i < parts->n && rc == 0; i++)
		rc = writer_insert(st, table, parts_row(parts, i), 0);
	parts_clear(parts);
	return rc;
}

static int
put_part(struct store *st, int table, struct parts *parts, const void *row)
{
	parts_add(parts, row);
	return parts_is_full(parts) ? write_parts(st, table, parts) : 0;
}

/* The handle of a row that has one stands first in it. */
static conn_ref
row_conn(int table, const void *row)
{
	const struct column *c = row_layouts[table].columns;
	conn_ref ref = CONN_NONE;

	if (c->kind == COLUMN_CONN)
		memcpy(&ref, column_field(c, row), sizeof(ref));
	return ref;
}

static int
put(struct store *st, enum row_table table, const void *row)
{
	struct writer *w = st->writer;
	int64_t id;

	switch (table) {
	case ROW_CONNECTION:
		return writer_put_connection(st, row);
	case ROW_ENDPOINT:
		return writer_keep_end(st, row);
	case ROW_FINDING:
		return writer_put_finding(st, row, 0, &id);
	case ROW_HOST:
		return put_part(st, table, &w->hosts, row);
	case ROW_PROTOCOL:
		return put_part(st, table, &w->protocols, row);
	case ROW_RATE:
		return put_part(st, table, &w->rates, row);
	case ROW_UDP_FLOW:
		return put_udp_flow(st, row);
	case ROW_VANTAGE_VOTE:
		w->n_votes++;
		/* fall through */
	default:
		return writer_insert(st, table, row,
				  writer_refer(st, row_conn(table, row)));
	}
}

int
store_put(struct store *st, enum row_table table, const void *row)
{
	if (st->failed || put(st, table, row) < 0)
		return -1;
	st->writer->rows++;
	return st->writer->batch >= BATCH_ROWS ? store_commit(st) : 0;
}

/* It is not known any more which rows there are: those that may be go. */
int
writer_forget_flows(struct store *st)
{
	for (size_t i = 0; i < KNOWN_FLOWS; i++) {
		struct known_flow *f = &st->writer->flows[i];

		if (f->udp_flow_id && (writer_begin(st) < 0 ||
				       remove_flow(st, f) < 0))
			return -1;
		f->udp_flow_id = 0;
	}
	return 0;
}

/* --- committing -------------------------------------------------------- */

/*
 * While a reader holds its lock on a database with a rollback journal, the
 * transaction just goes on and is committed later.
 */
static int
end_transaction(struct store *st, int wait_ms)
{
	struct writer *w = st->writer;
	int rc;

	sqlite3_busy_timeout(st->db, wait_ms);
	rc = sqlite3_step(w->stmt[SQL_COMMIT]);
	sqlite3_busy_timeout(st->db, DATABASE_BUSY_MS);

	if (rc == SQLITE_DONE) {
		w->in_transaction = false;
		w->batch = 0;
	} else if (rc == SQLITE_BUSY) {
		w->batch = 0;
	} else {
		database_write_failed(st);
	}
	sqlite3_reset(w->stmt[SQL_COMMIT]);
	return st->failed ? -1 : 0;
}

static int
write_hosts(struct store *st, bool now)
{
	struct writer *w = st->writer;

	if (w->live && !now && ++w->commits < HOSTS_EVERY)
		return 0;
	w->commits = 0;
	return write_parts(st, ROW_HOST, &w->hosts);
}

static int
commit(struct store *st, int wait_ms)
{
	struct writer *w = st->writer;

	if (st->failed)
		return -1;
	if (writer_pay_owed(st) < 0 ||
	    write_hosts(st, wait_ms == AT_LAST_MS) < 0 ||
	    write_parts(st, ROW_PROTOCOL, &w->protocols) < 0 ||
	    write_parts(st, ROW_RATE, &w->rates) < 0)
		return -1;
	if (bulk_flush(st, &w->bulk) < 0)
		return -1;
	return w->in_transaction ? end_transaction(st, wait_ms) : 0;
}

int
store_commit(struct store *st)
{
	return commit(st, WRITER_BUSY_MS);
}

/* With nothing left to do but to wait for readers. */
int
writer_commit_at_last(struct store *st)
{
	if (commit(st, AT_LAST_MS) < 0)
		return -1;
	return st->writer->in_transaction ? database_write_failed(st) : 0;
}

uint64_t
store_rows(const struct store *st)
{
	return st->writer ? st->writer->rows : 0;
}

unsigned
store_turns(const struct store *st)
{
	return st->writer->turns;
}

const char *
store_path(const struct store *st)
{
	return st->path;
}

uint64_t
store_size(const struct store *st)
{
	return database_size(st);
}
