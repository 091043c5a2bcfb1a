/*
 * open_conns.h - the number of each open connection.
 *
 * A connection is numbered when it opens; until it closes, its handle leads
 * to that number and to what a short row for it needs.  Handles are dense, so
 * this is an array of pages, of which only those in use exist.
 */
#ifndef STORE_OPEN_CONNS_H
#define STORE_OPEN_CONNS_H

#include "analysis/rows.h"

struct open_conn {
	int64_t conn_id;	/* 0: the handle names no connection */
	int64_t start_ns, first_frame;
	struct addr addr[N_SIDES];
	uint16_t port[N_SIDES];
	int16_t vlan;		/* -1: none */
	uint8_t ip_version;
	bool role_known : 1;
	bool written : 1;	/* there is a row of it */
	bool owed : 1;		/* something refers to it */
};

struct open_conns {
	struct open_conn **page;
	size_t n_pages;
};

void open_conns_release(struct open_conns *conns);

/* The place of a handle; NULL: no memory. */
struct open_conn *open_conns_place(struct open_conns *conns, conn_ref handle);

/* Go through all: from *handle on, the next open one; NULL: no more. */
struct open_conn *open_conns_next(const struct open_conns *conns,
				  conn_ref *handle);

/* The connection that a handle names; NULL: none. */
struct open_conn *open_conns_find(const struct open_conns *conns,
				  conn_ref handle);

#endif
