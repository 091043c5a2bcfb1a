/*
 * schema.h - the database: its tables, and the SQL made from them.
 *
 * A table is described once: its columns are those of the row that goes into
 * it (analysis/columns.h), behind a key and the capture that it belongs to.
 * Three kinds of rows are not stored as they come:
 *  - a connection and its two ends are one row of `connection`; what is zero
 *    or unknown at most ends is in `endpoint_trouble`, only where it is not
 *    (enum column_place); `endpoint` is a view of both;
 *  - the states that a connection passed through are the same for most: a
 *    path, which is stored once, and times; `state_change` is a view;
 *  - rows of hosts, protocols and seconds come in parts, to be added up.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "analysis/columns.h"
#include "base/text.h"

#define SCHEMA_APPLICATION_ID 0x74637073	/* "tcps" */
#define SCHEMA_VERSION 1

/* Tables besides those of the rows. */
enum {
	TABLE_CAPTURE = N_ROW_TABLES,
	TABLE_CAPTURE_FILE,
	TABLE_INTERFACE,
	TABLE_PACKET_COMMENT,
	N_TABLES
};

struct packet_comment_row {
	int64_t frame_number;
	const char *comment;
};

struct table {
	const struct row_layout *layout;
	const char *key;	/* its INTEGER PRIMARY KEY; NULL: none */
	bool of_capture;	/* begins with capture_id */
	const char *primary;	/* PRIMARY KEY of several columns */
};

extern const struct table schema_tables[N_TABLES];

/* Is it a column of the database? */
static inline bool
column_is_stored(const struct column *c)
{
	return c->kind != COLUMN_HIDDEN && c->kind != COLUMN_CHANGES &&
	       c->kind != COLUMN_EVIDENCE;
}

/* All that is created in an empty database; the indexes come apart, since
   they are cheaper to make at the end. */
void schema_create(struct text *sql);
extern const char schema_indexes[];

/* INSERT with a parameter for each column, in their order. */
void schema_insert(struct text *sql, int table);

/* INSERT that adds a part to the row with its key. */
void schema_merge(struct text *sql, int table);

/* The connection row: conn_id, capture_id, tcp_stream, community_id, the
   stored columns of connection_row, state_path, state_times, then for each
   side those of endpoint_row that are PLACE_ROW (without conn_id, side) and
   zeros: which of its PLACE_ZERO columns are 0, a bit each in their order,
   where there is no row in endpoint_trouble. */
void schema_insert_connection(struct text *sql);

/* endpoint_id, then the columns of endpoint_row that are not PLACE_ROW. */
void schema_insert_trouble(struct text *sql);

/* The reference, in Markdown. */
void schema_describe(struct text *out);

#endif
