/*
 * lane_load.c - states, limits and marks of one connection: lane_load.h.
 *
 * What is read for one lane is bounded: no screen has more columns.
 */
#include <string.h>

#include "tui/lane_load.h"
#include "tui/sane.h"

#define MAX_PIECES "2000"
#define MAX_MARKS  "4000"

static const char life_sql[] =
	"SELECT start_ns, end_ns, client_bytes > server_bytes,"
	" client_state, server_state FROM conn WHERE conn_id = ?1";

static const char states_sql[] =
	"SELECT ts_ns, new_state FROM state_change"
	" WHERE conn_id = ?1 AND side = ?2 ORDER BY ts_ns LIMIT " MAX_PIECES;

static const char limits_sql[] =
	"SELECT start_ns, end_ns, cause FROM limit_span WHERE conn_id = ?1"
	" AND side = ?2 AND end_ns >= ?3 AND start_ns < ?4"
	" LIMIT " MAX_PIECES;

static const char events_sql[] =
	"SELECT ts_ns, kind FROM event WHERE conn_id = ?1"
	" AND ts_ns >= ?3 AND ts_ns < ?4 LIMIT " MAX_MARKS;

const char *
lane_mode_words(enum lane_mode mode)
{
	static const char *const words[N_LANE_MODES] = {
		[LANE_CLIENT_STATE] = "states of the client",
		[LANE_SERVER_STATE] = "states of the server",
		[LANE_LIMIT] = "what limits the sender",
	};

	return words[mode];
}

int
lane_queries_open(struct lane_queries *q, struct store *st)
{
	q->life = query_open(st, life_sql);
	q->states = query_open(st, states_sql);
	q->limits = query_open(st, limits_sql);
	q->events = query_open(st, events_sql);
	return q->life && q->states && q->limits && q->events ? 0 : -1;
}

void
lane_queries_close(struct lane_queries *q)
{
	struct query *const all[] = { q->life, q->states, q->limits,
				      q->events };

	for (size_t i = 0; i < 4; i++)
		if (all[i])
			query_close(all[i]);
	memset(q, 0, sizeof(*q));
}

struct life {
	int64_t conn_id;
	nstime start, end;
	const char *side;	/* the one that is looked at */
	const struct look *state;	/* its last */
};

static bool
read_life(struct lane_queries *q, struct life *life, enum lane_mode mode)
{
	bool found, client_sent_more = false;

	query_bind_int(q->life, 1, life->conn_id);
	found = query_step(q->life);
	if (found) {
		life->start = query_time(q->life, 0);
		life->end = query_is_null(q->life, 1) ? life->start
						      : query_time(q->life, 1);
		client_sent_more = query_int(q->life, 2);
		life->state = state_look(query_text(q->life,
					 mode == LANE_SERVER_STATE ? 4 : 3));
	}
	query_rewind(q->life);
	life->side = mode == LANE_LIMIT ? client_sent_more ? "client"
							    : "server"
		     : mode == LANE_SERVER_STATE ? "server" : "client";
	return found;
}

static void
load_states(struct lane *l, struct lane_queries *q, const struct life *life)
{
	const struct look *look = NULL;
	nstime since = life->start;

	query_bind_int(q->states, 1, life->conn_id);
	query_bind_text(q->states, 2, life->side);
	while (query_step(q->states)) {
		nstime ts = query_time(q->states, 0);

		if (look)
			lane_piece(l, since, ts, look);
		look = state_look(query_text(q->states, 1));
		since = ts;
	}
	query_rewind(q->states);
	if (!look)
		look = life->state;
	if (since <= life->end)
		lane_piece(l, since, life->end, look);
}

static void
bind_view(struct query *q, const struct lane *l, const struct life *life)
{
	query_bind_int(q, 1, life->conn_id);
	query_bind_int(q, 3, l->view.from);
	query_bind_int(q, 4, l->view.to);
}

static void
load_limits(struct lane *l, struct lane_queries *q, const struct life *life)
{
	bind_view(q->limits, l, life);
	query_bind_text(q->limits, 2, life->side);
	while (query_step(q->limits))
		lane_piece(l, query_time(q->limits, 0),
			   query_time(q->limits, 1), cause_look(query_text(q->limits, 2)));
	query_rewind(q->limits);
}

static void
load_marks(struct lane *l, struct lane_queries *q, const struct life *life)
{
	bind_view(q->events, l, life);
	while (query_step(q->events)) {
		struct mark_look mark = event_mark(query_text(q->events, 1));

		lane_mark(l, query_time(q->events, 0), &mark);
	}
	query_rewind(q->events);
}

void
lane_load(struct lane *l, struct lane_queries *q, int64_t conn_id,
	  enum lane_mode mode, bool indexed)
{
	struct life life = { .conn_id = conn_id };

	if (!read_life(q, &life, mode))
		return;
	if (mode == LANE_LIMIT) {
		static const struct look alive = { "", '-', STYLE_DIM, "" };

		lane_piece(l, life.start, life.end, &alive);
		for (int i = 0; i < l->cols; i++)
			if (l->column[i].weight > 0)
				l->column[i].weight = 1;
		if (indexed)
			load_limits(l, q, &life);
	} else {
		load_states(l, q, &life);
	}
	if (indexed)
		load_marks(l, q, &life);
}
