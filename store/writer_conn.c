/*
 * writer_conn.c - connections into tables.
 *
 * A connection is written when it closes, with both its ends in one row, and
 * what is rare at an end in another (endpoint_trouble).  One that something
 * refers to before that is owed a short row, which the commit pays.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/bind.h"
#include "store/community_id.h"
#include "store/writer.h"

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
			return writer_no_memory(st);
		w->owed = owed;
		w->owed_size = size;
	}
	w->owed[w->n_owed++] = (struct owed_conn){ ref, conn->conn_id };
	return 0;
}

/* What a row with this handle refers to: ROW_NULL for none. */
int64_t
writer_refer(struct store *st, conn_ref ref)
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
int
writer_keep_end(struct store *st, const struct endpoint_row *row)
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

	if (bulk_takes(&w->bulk, SQL_ADD_TROUBLE) && once) {
		binder_start_record(&b, bulk_record(&w->bulk));
		bind_columns(&b, &w->of_trouble, end);
		done = bulk_put(st, &w->bulk, SQL_ADD_TROUBLE, id);
		if (done != BULK_TOO_LONG)
			return done == BULK_PUT ? 0 : -1;
	}
	binder_start(&b, w->stmt[SQL_ADD_TROUBLE], NULL);
	bind_int(&b, id);
	bind_columns(&b, &w->of_trouble, end);
	return writer_execute(st, SQL_ADD_TROUBLE);
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
	binder_start(&b, w->stmt[SQL_ADD_PATH], NULL);
	bind_text(&b, w->steps.s);
	if (writer_execute(st, SQL_ADD_PATH) < 0)
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
	sqlite3_bind_int64(st->writer->stmt[SQL_DROP_CONNECTION], 1,
			   conn->conn_id);
	return writer_execute(st, SQL_DROP_CONNECTION);
}

/* A row that is not the last one may be replaced before the next commit. */
static int
insert_connection(struct store *st, struct whole_conn *c, bool last)
{
	struct writer *w = st->writer;
	enum bulk_result done;
	struct binder b;

	complete(st, c);
	if (bulk_takes(&w->bulk, SQL_ADD_CONNECTION) && last) {
		if (c->conn->written && delete_short(st, c->conn) < 0)
			return -1;
		binder_start_record(&b, bulk_record(&w->bulk));
		bind_connection(&b, w, c);
		done = bulk_put(st, &w->bulk, SQL_ADD_CONNECTION,
				c->conn->conn_id);
		if (done != BULK_TOO_LONG)
			return done == BULK_PUT ? 0 : -1;
	}
	binder_start(&b, w->stmt[SQL_ADD_CONNECTION], w->is_null);
	bind_int(&b, c->conn->conn_id);
	bind_connection(&b, w, c);
	return writer_execute(st, SQL_ADD_CONNECTION);
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

int
writer_put_connection(struct store *st, const struct connection_row *row)
{
	struct open_conn *conn = NULL;
	int rc;

	if (row->phase != CONNECTION_OPEN)
		conn = open_conns_find(&st->writer->conns, row->conn);
	if (!conn)
		conn = open_conn(st, row);
	if (!conn)
		return writer_no_memory(st);
	if (row->phase == CONNECTION_OPEN)
		return 0;
	if (writer_begin(st) < 0)
		return -1;
	rc = write_connection(st, conn, row);
	if (row->phase == CONNECTION_FINAL) {
		conn->conn_id = 0;
		st->writer->n_open--;
	}
	return rc;
}

/* Write the short rows that are owed to connections still open. */
int
writer_pay_owed(struct store *st)
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

/* Whoever is open and has no row yet gets a short one. */
int
writer_write_open(struct store *st)
{
	struct writer *w = st->writer;
	struct open_conn *conn;

	for (conn_ref ref = 0;
	     (conn = open_conns_next(&w->conns, &ref)); ref++)
		if (!conn->written && (writer_begin(st) < 0 ||
				       insert_short(st, ref, conn) < 0))
			return -1;
	return 0;
}

/* Nothing that was written counts any more: what is open is owed anew. */
int
writer_owe_all(struct store *st)
{
	struct writer *w = st->writer;
	struct open_conn *conn;

	state_paths_release(&w->paths);
	if (!state_paths_init(&w->paths))
		return writer_no_memory(st);
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

uint64_t
store_open_connections(const struct store *st)
{
	return st->writer ? st->writer->n_open : 0;
}
