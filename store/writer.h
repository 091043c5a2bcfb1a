/*
 * writer.h - the writing side of a store, for its own files only.
 *
 * writer.c has what all rows share (statements, transactions), writer_conn.c
 * connections, writer_capture.c the capture's own row and how the file is
 * opened for it, writer_next.c what is done when another database takes the
 * place of one.  All return 0, or -1 with the store's error set.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/text.h"
#include "store/bind.h"
#include "store/bulk.h"
#include "store/database.h"
#include "store/open_conns.h"
#include "store/parts.h"
#include "store/schema.h"
#include "store/standing.h"
#include "store/state_paths.h"

#define WRITER_BUSY_MS 100	/* a commit waits so long for readers; else it
				   is left to the next one, or to the last */
#define KNOWN_FLOWS 8192	/* UDP flows with a row that go on */

/* Statements besides the INSERT of each table. */
enum statement {
	SQL_BEGIN = N_TABLES,
	SQL_COMMIT,
	SQL_ADD_CONNECTION,
	SQL_DROP_CONNECTION,
	SQL_ADD_TROUBLE,
	SQL_ADD_PATH,
	SQL_ADD_EVIDENCE,
	N_STATEMENTS
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
	unsigned batch;			/* rows since SQL_BEGIN */
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
	bool is_null[BIND_NULLS];	/* of SQL_ADD_CONNECTION's parameters */
	/* What rows have besides numbers of captures and connections; a
	   connection's row has of_end twice. */
	struct column_list of[N_TABLES], of_end, of_trouble;
	/* The counters that are the bits of zeros. */
	uint16_t zero_offset[64];
	size_t n_zeros;
	const struct column *unusual[BIND_NULLS];	/* PLACE_NULL; NULL */
};

int writer_open(struct store *st);
int writer_close(struct store *st);	/* commits */
int64_t writer_capture_id(const struct store *st);
struct standing *writer_standing(struct store *st);

/* With the number as_id, which is free, or 0: the next one. */
int writer_put_finding(struct store *st, const struct finding_row *row,
		       int64_t as_id, int64_t *id);

/* All statements are made ready, and done with. */
int writer_prepare(struct store *st);
void writer_finalize(struct store *st);

/* Before each row: a transaction is open. */
int writer_begin(struct store *st);
/* Run a statement whose parameters are bound, and make it ready again. */
int writer_execute(struct store *st, int id);
int writer_insert(struct store *st, int table, const void *row,
		  int64_t conn_id);
/* With nothing left to do but to wait for readers. */
int writer_commit_at_last(struct store *st);
/* It is not known any more which rows of UDP flows there are: they go. */
int writer_forget_flows(struct store *st);
/* Notes that there is none; -1. */
int writer_no_memory(struct store *st);

/* The row of a connection; that of an end, which waits for it. */
int writer_put_connection(struct store *st, const struct connection_row *row);
int writer_keep_end(struct store *st, const struct endpoint_row *row);
/* What a row with this handle refers to: ROW_NULL for none. */
int64_t writer_refer(struct store *st, conn_ref ref);
/* Short rows: those that are owed, those of all that are open. */
int writer_pay_owed(struct store *st);
int writer_write_open(struct store *st);
/* Nothing that was written counts any more: what is open is owed anew. */
int writer_owe_all(struct store *st);

#endif
