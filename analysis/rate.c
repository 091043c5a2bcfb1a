/*
 * rate.c - counters of one second.
 */
#include <string.h>

#include "analysis/rate.h"

void
rate_init(struct rate *r)
{
	memset(r, 0, sizeof(*r));
	r->row.packets_dropped = ROW_NULL;
}

void
rate_flush(struct rate *r, struct row_sink *sink)
{
	if (!r->used)
		return;
	row_put(sink, ROW_RATE, &r->row);
	rate_init(r);
}

void
rate_advance(struct rate *r, struct row_sink *sink, nstime ts)
{
	int64_t second = ts / NS_PER_S;

	if (r->used && r->row.second != second)
		rate_flush(r, sink);
	r->row.second = second;
	r->used = true;
}

enum rate_class
rate_class_of(const struct conn *conn)
{
	switch (conn->phase) {
	case CONN_PHASE_HALF_OPEN:
		return RATE_HALF_OPEN;
	case CONN_PHASE_ESTABLISHED:
		return RATE_ESTABLISHED;
	default:
		return conn->reset ? RATE_OTHER : RATE_TIME_WAIT;
	}
}

static int64_t *
gauge(struct rate_row *row, enum rate_class class)
{
	switch (class) {
	case RATE_HALF_OPEN:
		return &row->half_open;
	case RATE_ESTABLISHED:
		return &row->established;
	case RATE_TIME_WAIT:
		return &row->time_wait;
	case RATE_NONE:
	case RATE_OTHER:
		break;
	}
	return NULL;
}

void
rate_reclass(struct rate *r, enum rate_class from, enum rate_class to)
{
	int64_t *less = gauge(&r->row, from), *more = gauge(&r->row, to);

	if (less)
		--*less;
	if (more)
		++*more;
	if (to == RATE_ESTABLISHED && from != RATE_ESTABLISHED)
		r->row.connections_established++;
}
