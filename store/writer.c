/*
 * writer.c - rows into tables.
 *
 * Invariant: whatever is committed refers only to connections that have a
 * row.  A connection is written when it closes, with both its ends in one
 * row; one that something refers to before gets a short row with the commit.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/bind.h"
#include "store/bulk.h"
#include "store/community_id.h"
#include "store/database.h"
#include "store/open_conns.h"
#include "store/parts.h"
#include "store/schema.h"
#include "store/standing.h"
#include "store/state_paths.h"
#include "store/votes.h"

#define BATCH_ROWS 100000	/* a transaction has about so many at most */
#define MEANWHILE_MS 100	/* a commit waits so long for readers; else it
				   is left to the next one, */
#define KNOWN_FLOWS 8192	/* UDP flows with a row that go on */
#define AT_LAST_MS 60000	/* or to the last */
#define HOSTS_EVERY 10		/* live: commits, so some 2 s; in a flood each
				   host's row lies on another page */

/* Statements besides the INSERT of each table. */
enum statement {
	BEGIN = N_TABLES,
	COMMIT,
	ADD_CONNECTION,
	DROP_CONNECTION,
	ADD_TROUBLE,
	ADD_PATH,
	ADD_EVIDENCE,
	N_STATEMENTS
};

static const char *const plain_sql[N_STATEMENTS] = {
	[BEGIN] = "BEGIN",
	[COMMIT] = "COMMIT",
	[DROP_CONNECTION] = "DELETE FROM connection WHERE conn_id = ?",
	[ADD_PATH] = "INSERT INTO state_path (steps) VALUES (?)",
	[ADD_EVIDENCE] = "INSERT INTO finding_evidence VALUES (?, ?, ?)",
};

/* The ends of a connection, until its own row comes. */
struct pending_ends {
	conn_ref conn;
	bool set[N_SIDES];
	struct endpoint_row end[N_SIDES];
	char congestion_control[N_SIDES][32];
	char sha256[N_SIDES][72];
};

/* A connection that something refers to, to be written with the commit. */
struct owed_conn {
	conn_ref conn;
	int64_t conn_id;
};

struct writer {
	sqlite3_stmt *stmt[N_STATEMENTS];
	int64_t capture_id;
	int64_t conn_id;		/* the last one given */
	int64_t first_conn_id;		/* its tcp_stream is 0 */
	bool in_transaction, live;
	unsigned commits;		/* since the hosts were written */
	unsigned batch;			/* rows since BEGIN */
	uint64_t rows;
	uint64_t n_open;		/* connections */
	uint64_t n_votes;		/* put for others */
	struct open_conns conns;
	struct state_paths paths;
	struct parts hosts, protocols, rates;
	struct pending_ends ends;
	struct bulk bulk;		/* of a file's rows */
	struct owed_conn *owed;
	size_t n_owed, owed_size;
	struct text steps;
	/* Of a database that takes the place of another, until its first rows
	   are there. */
	bool to_begin;
	unsigned turns;
	struct standing standing;	/* live */
	/* Live: rows of UDP flows that go on, by their first frame. */
	struct known_flow {
		int64_t first_frame, udp_flow_id;	/* 0: free */
	} flows[KNOWN_FLOWS];
	struct capture_row begun;
	struct gauges {
		int64_t second, half_open, established, time_wait;
		int64_t open_connections;
	} gauges;
	bool is_null[BIND_NULLS];	/* of ADD_CONNECTION's parameters */
	/* What rows have besides numbers of captures and connections; a
	   connection's row has of_end twice. */
	struct column_list of[N_TABLES], of_end, of_trouble;
	/* The counters that are the bits of zeros. */
	uint16_t zero_offset[64];
	size_t n_zeros;
	const struct column *unusual[BIND_NULLS];	/* PLACE_NULL; NULL */
};

/* --- statements ------------------------------------------------------------ */

static bool
is_merged(int table)
{
	return table == ROW_HOST || table == ROW_PROTOCOL || table == ROW_RATE;
}

static void
statement_sql(struct text *sql, int id)
{
	if (id == ADD_CONNECTION)
		schema_insert_connection(sql);
	else if (id == ADD_TROUBLE)
		schema_insert_trouble(sql);
	else if (id >= N_TABLES)
		text_add(sql, plain_sql[id]);
	else if (is_merged(id))
		schema_merge(sql, id);
	else
		schema_insert(sql, id);
}

static int
prepare_all(struct store *st)
{
	struct text sql;
	int rc = 0;

	text_init(&sql);
	for (int i = 0; i < N_STATEMENTS && rc == 0; i++) {
		if (i == ROW_CONNECTION || i == ROW_ENDPOINT)
			continue;	/* ADD_CONNECTION, ADD_TROUBLE */
		text_clear(&sql);
		statement_sql(&sql, i);
		st->writer->stmt[i] = database_prepare(st, sql.s, true);
		rc = st->writer->stmt[i] ? 0 : -1;
	}
	text_release(&sql);
	return rc;
}

/* Run a statement whose parameters are bound, and make it ready again. */
static int
run(struct store *st, int id)
{
	sqlite3_stmt *stmt = st->writer->stmt[id];
	int rc = sqlite3_step(stmt);

	if (rc != SQLITE_DONE)
		database_write_failed(st);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

static int
begin(struct store *st)
{
	struct writer *w = st->writer;

	if (st->failed)
		return -1;
	w->batch++;
	if (w->in_transaction)
		return 0;
	w->in_transaction = true;
	return run(st, BEGIN);
}

static int commit_at_last(struct store *st);

/* --- opening and closing --------------------------------------------------- */

static void
finalize_all(struct store *st)
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

	finalize_all(st);
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
	return prepare_all(st);
}

int
writer_close(struct store *st)
{
	int rc = 0;

	if (st->writer->stmt[COMMIT])
		rc = commit_at_last(st);
	writer_free(st);
	st->writer = NULL;
	return rc;
}

/* --- captures -------------------------------------------------------------- */

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

static int
insert_row(struct store *st, int table, const void *row, int64_t conn_id)
{
	struct writer *w = st->writer;
	enum bulk_result done;
	struct binder b;

	if (begin(st) < 0)
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
	return run(st, table);
}

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
	    bulk_take(st, bulk, ADD_CONNECTION, "connection", "conn_id") < 0 ||
	    bulk_take(st, bulk, ADD_TROUBLE, "endpoint_trouble",
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
	if (insert_row(st, TABLE_CAPTURE, &running, 0) < 0)
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
	if (begin(st) < 0 || replace_capture(st, row) < 0 ||
	    commit_at_last(st) < 0)
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
	sqlite3_busy_timeout(st->db, MEANWHILE_MS);
	sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
				  NULL, NULL);
	sqlite3_busy_timeout(st->db, DATABASE_BUSY_MS);
	return 0;
}

int
store_update_capture(struct store *st, const struct capture_row *row)
{
	return begin(st) < 0 ? -1 : replace_capture(st, row);
}

int
store_add_capture_file(struct store *st, const struct capture_file_row *row)
{
	return insert_row(st, TABLE_CAPTURE_FILE, row, 0);
}

int
store_add_interface(struct store *st, const struct interface_row *row)
{
	return insert_row(st, TABLE_INTERFACE, row, 0);
}

int
store_add_packet_comment(struct store *st, uint64_t frame, const char *text)
{
	struct packet_comment_row row = { (int64_t)frame, text };

	return insert_row(st, TABLE_PACKET_COMMENT, &row, 0);
}

/* --- connections ----------------------------------------------------------- */

static int
no_memory(struct store *st)
{
	st->failed = true;
	return store_fail(st, "cannot write '%s': out of memory", st->path);
}

/* The next number, and what a short row needs. */
static struct open_conn *
open_conn(struct store *st, const struct connection_row *row)
{
	struct writer *w = st->writer;
	struct open_conn *conn = open_conns_place(&w->conns, row->conn);

	if (!conn)
		return NULL;
	w->n_open += conn->conn_id == 0;
	*conn = (struct open_conn){
		.conn_id = ++w->conn_id,
		.start_ns = row->start_ns,
		.first_frame = row->first_frame,
		.addr = { row->client_addr, row->server_addr },
		.port = { (uint16_t)row->client_port,
			  (uint16_t)row->server_port },
		.vlan = (int16_t)(row->vlan == ROW_NULL ? -1 : row->vlan),
		.ip_version = (uint8_t)row->ip_version,
		.role_known = row->role_known == 1,
	};
	return conn;
}

static int
owe_row(struct store *st, conn_ref ref, const struct open_conn *conn)
{
	struct writer *w = st->writer;

	if (w->n_owed == w->owed_size) {
		size_t size = w->owed_size ? 2 * w->owed_size : 256;
		struct owed_conn *owed = realloc(w->owed,
						 size * sizeof(*owed));

		if (!owed)
			return no_memory(st);
		w->owed = owed;
		w->owed_size = size;
	}
	w->owed[w->n_owed++] = (struct owed_conn){ ref, conn->conn_id };
	return 0;
}

/* What a row with this handle refers to: ROW_NULL for none. */
static int64_t
refer(struct store *st, conn_ref ref)
{
	struct open_conn *conn;

	if (ref == CONN_NONE)
		return ROW_NULL;
	conn = open_conns_find(&st->writer->conns, ref);
	if (!conn)
		return ROW_NULL;
	if (!conn->written && !conn->owed) {
		conn->owed = true;
		if (owe_row(st, ref, conn) < 0)
			return ROW_NULL;
	}
	return conn->conn_id;
}

/* Texts live during the call only: these two are copied. */
static int
keep_end(struct store *st, const struct endpoint_row *row)
{
	struct pending_ends *ends = &st->writer->ends;
	struct endpoint_row *end;

	assert(row->side == SIDE_CLIENT || row->side == SIDE_SERVER);
	if (ends->conn != row->conn) {
		ends->set[SIDE_CLIENT] = ends->set[SIDE_SERVER] = false;
		ends->conn = row->conn;
	}
	end = &ends->end[row->side];
	*end = *row;
	ends->set[row->side] = true;
	if (row->congestion_control)
		end->congestion_control =
			strncpy(ends->congestion_control[row->side],
				row->congestion_control, 31);
	if (row->stream_sha256)
		end->stream_sha256 = strncpy(ends->sha256[row->side],
					     row->stream_sha256, 71);
	return 0;
}

static bool
column_is_unknown(const struct column *c, const void *row)
{
	const void *field = column_field(c, row);

	switch (c->kind) {
	case COLUMN_INT:
		return *(const int64_t *)field == ROW_NULL;
	case COLUMN_REAL:
		return isnan(*(const double *)field);
	default:
		return !*(const char *const *)field;
	}
}

/*
 * Is an end quiet: nothing to be told in endpoint_trouble?  Its counters that
 * are 0 are then the bits of zeros, the others are unknown.
 */
static bool
end_is_quiet(const struct writer *w, const struct endpoint_row *end,
	     int64_t *zeros)
{
	bool quiet = true;

	*zeros = 0;
	for (size_t i = 0; i < w->n_zeros; i++) {
		int64_t n;

		memcpy(&n, (const char *)end + w->zero_offset[i], sizeof(n));
		*zeros |= (int64_t)(n == 0) << i;
		quiet &= n == 0 || n == ROW_NULL;
	}
	for (const struct column *const *c = w->unusual; *c; c++)
		quiet = quiet && column_is_unknown(*c, end);
	return quiet;
}

static int
insert_trouble(struct store *st, const struct open_conn *conn,
	       const struct endpoint_row *end, bool once)
{
	struct writer *w = st->writer;
	int64_t id = 2 * conn->conn_id + end->side;
	enum bulk_result done;
	struct binder b;

	if (bulk_takes(&w->bulk, ADD_TROUBLE) && once) {
		binder_start_record(&b, bulk_record(&w->bulk));
		bind_columns(&b, &w->of_trouble, end);
		done = bulk_put(st, &w->bulk, ADD_TROUBLE, id);
		if (done != BULK_TOO_LONG)
			return done == BULK_PUT ? 0 : -1;
	}
	binder_start(&b, w->stmt[ADD_TROUBLE], NULL);
	bind_int(&b, id);
	bind_columns(&b, &w->of_trouble, end);
	return run(st, ADD_TROUBLE);
}

/* The number of the path of these changes; ROW_NULL: there are none. */
static int64_t
path_id(struct store *st, const struct connection_row *row)
{
	struct writer *w = st->writer;
	struct state_path *path;
	struct binder b;

	if (row->n_changes <= 0)
		return ROW_NULL;
	path = state_paths_find(&w->paths, row->changes,
				(size_t)row->n_changes);
	if (path->id)
		return path->id;
	text_clear(&w->steps);
	state_path_steps(&w->steps, path);
	binder_start(&b, w->stmt[ADD_PATH], NULL);
	bind_text(&b, w->steps.s);
	if (run(st, ADD_PATH) < 0)
		return ROW_NULL;
	return path->id = sqlite3_last_insert_rowid(st->db);
}

/* All that a connection's row is made of. */
struct whole_conn {
	const struct open_conn *conn;
	const struct connection_row *row;
	const struct endpoint_row *end[N_SIDES];	/* or NULL */
	int64_t zeros[N_SIDES];
	int64_t path;
	size_t n_times;
	char times[STATE_TIMES_SIZE];
	char community_id[COMMUNITY_ID_SIZE];
};

/* What follows its number. */
static void
bind_connection(struct binder *b, const struct writer *w,
		const struct whole_conn *c)
{
	bind_int(b, w->capture_id);
	bind_int(b, c->conn->conn_id - w->first_conn_id);
	bind_bytes(b, c->community_id, COMMUNITY_ID_SIZE - 1);
	bind_columns(b, &w->of[ROW_CONNECTION], c->row);
	bind_int(b, c->path);
	if (c->n_times)
		bind_bytes(b, c->times, c->n_times);
	else
		bind_null(b);
	for (int side = 0; side < N_SIDES; side++) {
		if (c->end[side])
			bind_columns(b, &w->of_end, c->end[side]);
		else
			bind_nulls(b, &w->of_end);
		bind_int(b, c->zeros[side]);
	}
}

static void
complete(struct store *st, struct whole_conn *c)
{
	const struct open_conn *conn = c->conn;
	const struct connection_row *row = c->row;

	community_id(&conn->addr[SIDE_CLIENT], conn->port[SIDE_CLIENT],
		     &conn->addr[SIDE_SERVER], conn->port[SIDE_SERVER], 6,
		     c->community_id);
	c->path = path_id(st, row);
	c->n_times = row->n_changes <= 0 ? 0 :
		state_path_times(c->times, row->start_ns, row->changes,
				 (size_t)row->n_changes);
}

/* The short row makes way: cheaper than to replace it by all values bound. */
static int
delete_short(struct store *st, const struct open_conn *conn)
{
	sqlite3_bind_int64(st->writer->stmt[DROP_CONNECTION], 1,
			   conn->conn_id);
	return run(st, DROP_CONNECTION);
}

/* A row that is not the last one may be replaced before the next commit. */
static int
insert_connection(struct store *st, struct whole_conn *c, bool last)
{
	struct writer *w = st->writer;
	enum bulk_result done;
	struct binder b;

	complete(st, c);
	if (bulk_takes(&w->bulk, ADD_CONNECTION) && last) {
		if (c->conn->written && delete_short(st, c->conn) < 0)
			return -1;
		binder_start_record(&b, bulk_record(&w->bulk));
		bind_connection(&b, w, c);
		done = bulk_put(st, &w->bulk, ADD_CONNECTION,
				c->conn->conn_id);
		if (done != BULK_TOO_LONG)
			return done == BULK_PUT ? 0 : -1;
	}
	binder_start(&b, w->stmt[ADD_CONNECTION], w->is_null);
	bind_int(&b, c->conn->conn_id);
	bind_connection(&b, w, c);
	return run(st, ADD_CONNECTION);
}

/* The short row of a connection that is still open; a commit follows. */
static int
insert_short(struct store *st, conn_ref ref, struct open_conn *conn)
{
	struct connection_row row;
	struct whole_conn whole = {
		.conn = conn,
		.row = &row,
		.zeros = { ROW_NULL, ROW_NULL },
	};
	int rc;

	row_init(ROW_CONNECTION, &row);
	row.conn = ref;
	row.ip_version = conn->ip_version;
	row.vlan = conn->vlan < 0 ? ROW_NULL : conn->vlan;
	row.client_addr = conn->addr[SIDE_CLIENT];
	row.server_addr = conn->addr[SIDE_SERVER];
	row.client_port = conn->port[SIDE_CLIENT];
	row.server_port = conn->port[SIDE_SERVER];
	row.role_known = conn->role_known;
	row.start_ns = conn->start_ns;
	row.first_frame = conn->first_frame;
	rc = insert_connection(st, &whole, true);
	conn->written = true;
	return rc;
}

static int
write_connection(struct store *st, struct open_conn *conn,
		 const struct connection_row *row)
{
	struct pending_ends *ends = &st->writer->ends;
	bool once = !conn->written && row->phase == CONNECTION_FINAL;
	struct whole_conn whole;
	int rc = 0;

	whole.conn = conn;
	whole.row = row;
	for (int side = 0; side < N_SIDES && rc == 0; side++) {
		bool has = ends->conn == row->conn && ends->set[side];

		whole.end[side] = has ? &ends->end[side] : NULL;
		whole.zeros[side] = ROW_NULL;
		if (has && !end_is_quiet(st->writer, &ends->end[side],
					 &whole.zeros[side])) {
			whole.zeros[side] = ROW_NULL;
			rc = insert_trouble(st, conn, &ends->end[side], once);
		}
	}
	if (rc == 0)
		rc = insert_connection(st, &whole,
				       row->phase == CONNECTION_FINAL);
	conn->written = true;
	ends->conn = CONN_NONE;
	return rc;
}

static int
put_connection(struct store *st, const struct connection_row *row)
{
	struct open_conn *conn = NULL;
	int rc;

	if (row->phase != CONNECTION_OPEN)
		conn = open_conns_find(&st->writer->conns, row->conn);
	if (!conn)
		conn = open_conn(st, row);
	if (!conn)
		return no_memory(st);
	if (row->phase == CONNECTION_OPEN)
		return 0;
	if (begin(st) < 0)
		return -1;
	rc = write_connection(st, conn, row);
	if (row->phase == CONNECTION_FINAL) {
		conn->conn_id = 0;
		st->writer->n_open--;
	}
	return rc;
}

/* --- other rows ------------------------------------------------------------ */

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

	if (insert_row(st, ROW_FINDING, row, refer(st, row->conn)) < 0)
		return -1;
	finding_id = sqlite3_last_insert_rowid(st->db);
	if (as_id && as_id != finding_id) {
		if (change_finding_id(st, finding_id, as_id) < 0)
			return -1;
		finding_id = as_id;
	}
	*id = finding_id;
	for (int64_t i = 0; i < row->n_evidence; i++) {
		binder_start(&b, st->writer->stmt[ADD_EVIDENCE], NULL);
		bind_int(&b, finding_id);
		bind_int(&b, row->evidence[i].frame_number);
		bind_text(&b, row->evidence[i].note);
		if (run(st, ADD_EVIDENCE) < 0)
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
	    insert_row(st, ROW_UDP_FLOW, row, ROW_NULL) < 0)
		return -1;
	if (known || row->is_update)
		*f = (struct known_flow){
			row->first_frame, row->is_update
				? sqlite3_last_insert_rowid(st->db) : 0 };
	return 0;
}

/* It is not known any more which rows there are: those that may be go. */
static int
forget_flows(struct store *st)
{
	for (size_t i = 0; i < KNOWN_FLOWS; i++) {
		struct known_flow *f = &st->writer->flows[i];

		if (f->udp_flow_id && (begin(st) < 0 ||
				       remove_flow(st, f) < 0))
			return -1;
		f->udp_flow_id = 0;
	}
	return 0;
}

static int
write_parts(struct store *st, int table, struct parts *parts)
{
	int rc = 0;

	for (size_t i = 0; i < parts->n && rc == 0; i++)
		rc = insert_row(st, table, parts_row(parts, i), 0);
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
		return put_connection(st, row);
	case ROW_ENDPOINT:
		return keep_end(st, row);
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
		return insert_row(st, table, row,
				  refer(st, row_conn(table, row)));
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

/* --- committing ------------------------------------------------------------ */

/* Write the short rows that are owed to connections still open. */
static int
pay_owed(struct store *st)
{
	struct writer *w = st->writer;
	int rc = 0;

	for (size_t i = 0; i < w->n_owed && rc == 0; i++) {
		struct open_conn *conn = open_conns_find(&w->conns,
							 w->owed[i].conn);

		if (conn && conn->conn_id == w->owed[i].conn_id &&
		    !conn->written)
			rc = insert_short(st, w->owed[i].conn, conn);
	}
	w->n_owed = 0;
	return rc;
}

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
	rc = sqlite3_step(w->stmt[COMMIT]);
	sqlite3_busy_timeout(st->db, DATABASE_BUSY_MS);

	if (rc == SQLITE_DONE) {
		w->in_transaction = false;
		w->batch = 0;
	} else if (rc == SQLITE_BUSY) {
		w->batch = 0;
	} else {
		database_write_failed(st);
	}
	sqlite3_reset(w->stmt[COMMIT]);
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
	if (pay_owed(st) < 0 || write_hosts(st, wait_ms == AT_LAST_MS) < 0 ||
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
	return commit(st, MEANWHILE_MS);
}

/* With nothing left to do but to wait for readers. */
static int
commit_at_last(struct store *st)
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

uint64_t
store_open_connections(const struct store *st)
{
	return st->writer ? st->writer->n_open : 0;
}

/* --- another database, and after a failure --------------------------------- */

/* Nothing that was written counts any more: what is open is owed anew. */
static int
owe_all(struct store *st)
{
	struct writer *w = st->writer;
	struct open_conn *conn;

	state_paths_release(&w->paths);
	if (!state_paths_init(&w->paths))
		return no_memory(st);
	w->n_owed = 0;
	w->ends.conn = CONN_NONE;
	for (conn_ref ref = 0;
	     (conn = open_conns_next(&w->conns, &ref)); ref++) {
		conn->written = false;
		conn->owed = true;
		if (owe_row(st, ref, conn) < 0)
			return -1;
	}
	return 0;
}

/* Whoever is open and has no row yet gets a short one. */
static int
write_open(struct store *st)
{
	struct writer *w = st->writer;
	struct open_conn *conn;

	for (conn_ref ref = 0;
	     (conn = open_conns_next(&w->conns, &ref)); ref++)
		if (!conn->written && (begin(st) < 0 ||
				       insert_short(st, ref, conn) < 0))
			return -1;
	return 0;
}

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

	if ((!w->stmt[COMMIT] && prepare_all(st) < 0) ||
	    begin_next(st, &w->begun) < 0)
		return -1;
	w->to_begin = false;
	if (owe_all(st) < 0 || put_gauges(st, &w->gauges) < 0)
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
	if (write_open(st) < 0 || store_end_capture(st, ended) < 0) {
		database_remove_next(&next);
		return -1;
	}
	read_gauges(st, &w->gauges);
	finalize_all(st);
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

void
store_skip(struct store *st, enum row_table table, const void *row)
{
	const struct connection_row *c = row;
	struct open_conn *conn;

	if (table != ROW_CONNECTION)
		return;
	if (c->phase == CONNECTION_OPEN) {
		open_conn(st, c);
		return;
	}
	conn = open_conns_find(&st->writer->conns, c->conn);
	if (conn && c->phase == CONNECTION_FINAL) {
		conn->conn_id = 0;
		st->writer->n_open--;
	}
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
		finalize_all(st);
		rc = put_first(st);
	} else if ((rc = owe_all(st)) == 0 && (rc = forget_flows(st)) == 0) {
		rc = store_commit(st);
	}
	if (rc < 0)
		st->failed = true;
	return rc;
}

uint64_t
store_size(const struct store *st)
{
	return database_size(st);
}

bool
store_next_open(const struct store *st, struct store_open_conn *at)
{
	const struct open_conn *conn = open_conns_next(&st->writer->conns,
						       &at->handle);

	if (!conn)
		return false;
	at->addr = conn->addr;
	at->port = conn->port;
	return true;
}
