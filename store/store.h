/*
 * store.h - the database: the only place that knows SQLite.
 *
 * A store is opened either to be written (store_create) or to be read
 * (store_open).  One writer, prepared statements, batches: rows are put into
 * the open transaction, and store_commit() ends it.  Errors are -1 or NULL and
 * store_error() has the text; after the first failed write all further ones
 * fail at once and what was committed stays.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/rows.h"

struct store;

enum store_mode {
	STORE_NEW,		/* fails where the file exists */
	STORE_FORCE,		/* replaces it, only if it is a tcpsaw database
				   or empty */
	STORE_APPEND,		/* adds a capture to it */
};

/* The path ":memory:" is a database of this process only. */
int store_create(struct store **out, const char *path, enum store_mode mode);

/* Read-only, also while another process writes. */
int store_open(struct store **out, const char *path);

void store_close(struct store *st);
const char *store_error(const struct store *st);

/* For who reads it: the next store_error(); -1. */
int store_fail(struct store *st, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* From now on nothing but reading, whatever the SQL says: no writing, no other
   files.  Stores that store_open() gave are so. */
int store_read_only(struct store *st);

/* True if the file at path begins like an SQLite database. */
bool store_is_database(const char *path);

/* --- writing ------------------------------------------------------------- */

/* The capture of an analysis; begun as "running", ended with its facts. */
struct capture_row {
	const char *source, *kind, *link_types, *filter;
	int64_t snaplen;
	int64_t start_ns, end_ns;
	int64_t packets, bytes;
	int64_t packets_dropped, packets_cut, packets_malformed;
	int64_t packets_ignored;	/* filtered out, unknown link type */
	int64_t fragments_dropped;
	int64_t connections_evicted, udp_flows_evicted;
	const char *status;	/* complete, damaged, running, interrupted */
	const char *damage;	/* what was wrong with the file, in words */
};

struct capture_file_row {
	int64_t number;		/* from 1 */
	const char *path, *format, *compression, *comment, *os, *application;
	int64_t packets, bytes;
};

struct interface_row {
	int64_t number;		/* from 0, over all files */
	int64_t file_number;
	const char *name, *description, *link_type, *filter, *os;
	int64_t snaplen, packets, packets_dropped;
};

int store_begin_capture(struct store *st, const struct capture_row *row);
int store_end_capture(struct store *st, const struct capture_row *row);

/* The capture's row as it is meanwhile (live). */
int store_update_capture(struct store *st, const struct capture_row *row);
int store_add_capture_file(struct store *st,
			   const struct capture_file_row *row);
int store_add_interface(struct store *st, const struct interface_row *row);
int store_add_packet_comment(struct store *st, uint64_t frame,
			     const char *text);

/*
 * Put a row; it can be queried after the next store_commit().  The rows come
 * in the one order that does not depend on the number of workers.  The store
 * numbers connections by their CONNECTION_OPEN rows (conn_id and tcp_stream;
 * nothing is written for these yet), knows the conn_id of each handle until its
 * CONNECTION_FINAL row, wants the two endpoint rows right before that (or a
 * CONNECTION_UPDATE) row, writes a short connection row when something refers
 * to a connection that is not written yet, and adds up the parts of rate, host
 * and protocol rows, which are written by store_commit().
 */
int store_put(struct store *st, enum row_table table, const void *row);

int store_commit(struct store *st);

/*
 * Live.  Findings on the capture as a whole, as they are by now: a round of
 * them at a time, in which what was put before is put again (standing.h).
 */
void store_begin_standing(struct store *st);
int store_put_standing(struct store *st, const struct finding_row *row);
int store_end_standing(struct store *st);

/* Live: an open connection, and the next one after *handle: to begin, it is 0
   and then one more than what was given.  False: there are no more. */
struct store_open_conn {
	conn_ref handle;
	const struct addr *addr;	/* [N_SIDES] */
	const uint16_t *port;		/* [N_SIDES] */
};

bool store_next_open(const struct store *st, struct store_open_conn *at);

/*
 * Live.  End the capture as `ended` says and go on in another database, which
 * must not exist, as `begun` says, whose texts live as long as the store.
 * Connections that are open are found in both, by the same conn_id.  1: there
 * can be no other one, and all is as before.  -1: nothing is stored any more,
 * until store_resume() succeeds, in whichever of the two store_path() tells.
 */
int store_rotate(struct store *st, const char *path,
		 const struct capture_row *ended,
		 const struct capture_row *begun);

const char *store_path(const struct store *st);

/* How often another database took its turn. */
unsigned store_turns(const struct store *st);

/* Live, after a failure: a row that is not stored; who is who is kept. */
void store_skip(struct store *st, enum row_table table, const void *row);

/* Live, after a failure: try to go on; -1: it still fails.  What was put since
   the last commit is lost. */
int store_resume(struct store *st);

/* Bytes of the database and its log. */
uint64_t store_size(const struct store *st);

/* For chatter: rows put, connections that are open. */
uint64_t store_rows(const struct store *st);
uint64_t store_open_connections(const struct store *st);

/* --- copying rows (the workers hand them to the writer) ------------------ */

/* The columns of each row that point elsewhere. */
#define ROW_POINTERS 24

struct row_packer {
	uint8_t n[N_ROW_TABLES];
	uint8_t column[N_ROW_TABLES][ROW_POINTERS];
};

void row_packer_init(struct row_packer *packer);

/*
 * Copy a row and its texts to `to`; texts then point into the copy.  Returns
 * the bytes that it takes; where these are more than `room`, nothing of use
 * was written.  A word (COLUMN_WORD) lives for ever, and is not copied.
 */
size_t row_pack(const struct row_packer *packer, enum row_table table,
		const void *row, void *to, size_t room);

#endif
