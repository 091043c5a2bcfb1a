/*
 * lane_load.h - the lane of a connection, out of the database.
 */
#ifndef TUI_LANE_LOAD_H
#define TUI_LANE_LOAD_H

#include "store/query.h"
#include "tui/lane.h"

enum lane_mode {
	LANE_CLIENT_STATE,
	LANE_SERVER_STATE,
	LANE_LIMIT,		/* of the end that sent more */
	N_LANE_MODES
};

struct lane_queries {
	struct query *life, *states, *limits, *events;
};

/* -1 if a statement cannot be prepared. */
int lane_queries_open(struct lane_queries *q, struct store *st);
void lane_queries_close(struct lane_queries *q);

/* l has been through lane_init().  Without indexes there are states only. */
void lane_load(struct lane *l, struct lane_queries *q, int64_t conn_id,
	       enum lane_mode mode, bool indexed);

const char *lane_mode_words(enum lane_mode mode);

#endif
