/*
 * state_paths.h - which paths through the states are stored already.
 *
 * A path is what is alike in ordinary connections: who changed from which
 * state to which, and why; not when.  The table is bounded: when it is full
 * it starts anew, and a path may then be stored twice, which does no harm.
 */
#ifndef STORE_STATE_PATHS_H
#define STORE_STATE_PATHS_H

#include "analysis/rows.h"
#include "base/text.h"

#define STATE_PATHS 4096

struct state_path {
	int64_t id;			/* 0: free */
	uint8_t n;
	uint8_t step[TCP_LIFE_CHANGES][4];	/* side, old, new, cause */
};

struct state_paths {
	struct state_path *path;	/* open addressing */
	size_t n;
};

bool state_paths_init(struct state_paths *paths);
void state_paths_release(struct state_paths *paths);

/* The path of these changes; its id is 0 if it is new, and then to be set. */
struct state_path *state_paths_find(struct state_paths *paths,
				    const struct tcp_state_change *changes,
				    size_t n);

/* [["client","CLOSED","SYN-SENT","syn sent"],...] */
void state_path_steps(struct text *out, const struct state_path *path);

/* Room for the times of a path: two numbers a change, and what is written
   behind the last one. */
#define STATE_TIMES_SIZE (TCP_LIFE_CHANGES * 2 * 21 + 3 + 20)

/* [ns after start, frame,...].  Returns the length. */
size_t state_path_times(char buf[STATE_TIMES_SIZE], int64_t start_ns,
			const struct tcp_state_change *changes, size_t n);

#endif
