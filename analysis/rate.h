/*
 * rate.h - what happened in each second, as a shard saw it.
 *
 * Parts: the writer adds up those of all shards.  The last columns (half_open,
 * established, time_wait, open_connections) are how much they changed.
 */
#ifndef ANALYSIS_RATE_H
#define ANALYSIS_RATE_H

#include "analysis/analyzer.h"

/* What a connection counts as, for those columns. */
enum rate_class {
	RATE_NONE,
	RATE_HALF_OPEN,
	RATE_ESTABLISHED,
	RATE_TIME_WAIT,
	RATE_OTHER,		/* closing, closed */
};

struct rate {
	struct rate_row row;	/* of the second at hand */
	bool used;
};

void rate_init(struct rate *r);

/* The second of ts begins: puts the last one's row. */
void rate_advance(struct rate *r, struct row_sink *sink, nstime ts);
void rate_flush(struct rate *r, struct row_sink *sink);

enum rate_class rate_class_of(const struct conn *conn);
void rate_reclass(struct rate *r, enum rate_class from, enum rate_class to);

#endif
