/*
 * thresholds.h - from where on something is worth telling.
 *
 * One table has them all: name, default, unit, meaning (thresholds.c); an
 * analysis may have others (--threshold NAME=VALUE).  They go with the sink of
 * rows, which whoever has something to tell has at hand.  Constants that only
 * say how something is recognised stand where it is.
 */
#ifndef ANALYSIS_THRESHOLDS_H
#define ANALYSIS_THRESHOLDS_H

#include "analysis/rows.h"

enum threshold {
	THRESHOLD_RETRANSMISSION_RATE,
	THRESHOLD_RETRANSMISSION_RATE_BAD,
	THRESHOLD_RETRANSMISSION_RATE_OF,
	THRESHOLD_RETRANSMISSIONS,
	THRESHOLD_REORDERING_RATE,
	THRESHOLD_CAPTURED_TWICE,
	THRESHOLD_COPIES,
	THRESHOLD_COPIES_RATE,
	THRESHOLD_DELAYED_ACKS,
	THRESHOLD_WINDOW_SHRUNK,
	THRESHOLD_SLOW_READ,
	THRESHOLD_BLACK_HOLE,
	THRESHOLD_BLACK_HOLE_PASSED,
	THRESHOLD_FLOOD_ATTEMPTS,
	THRESHOLD_FLOOD_TIME,
	THRESHOLD_FLOOD_FAILED,
	THRESHOLD_FLOOD_DENIED,
	THRESHOLD_SCAN_PORTS,
	THRESHOLD_CLOSE_WAIT,
	THRESHOLD_CLOSE_WAIT_TIME,
	THRESHOLD_ARP_UNANSWERED,
	THRESHOLD_DNS_UNANSWERED,
	THRESHOLD_UDP_UNANSWERED,
	THRESHOLD_CLOCK_STEP,
	THRESHOLD_HALF_CLOSE,
	THRESHOLD_FIN_WAIT_2_TIME,
	THRESHOLD_CLIENT_PATIENCE,
	THRESHOLD_KEEPALIVES,
	THRESHOLD_SERVER_PATIENCE,
	THRESHOLD_HTTP_SLOW,
	THRESHOLD_HTTP_HANGS,
	THRESHOLD_HTTP_DRIBBLE,
	THRESHOLD_TRANSFER_BYTES,
	THRESHOLD_TRANSFER_TIME,
	THRESHOLD_QUEUE,
	THRESHOLD_QUEUE_BAD,
	N_THRESHOLDS
};

struct threshold_info {
	const char *name;
	double value;		/* if nobody says otherwise */
	const char *unit;	/* share (0 to 1), seconds, bytes, ... */
	const char *meaning;
};

/* By enum threshold, and one without a name at the end. */
extern const struct threshold_info thresholds[N_THRESHOLDS + 1];

/* All as in the table. */
void thresholds_init(double values[N_THRESHOLDS]);

#define THRESHOLD_MAX 1e9

/* Set one by "NAME=VALUE"; false: no such name, or no number from 0 to
   THRESHOLD_MAX. */
bool thresholds_set(double values[N_THRESHOLDS], const char *text);

static inline double
threshold(const struct row_sink *sink, enum threshold which)
{
	return sink->thresholds ? sink->thresholds[which]
				: thresholds[which].value;
}

/* One that counts something: so many, at least. */
static inline uint64_t
threshold_count(const struct row_sink *sink, enum threshold which)
{
	return (uint64_t)(threshold(sink, which) + 0.999);
}

/* One in seconds, as nanoseconds. */
static inline nstime
threshold_time(const struct row_sink *sink, enum threshold which)
{
	return (nstime)(threshold(sink, which) * (double)NS_PER_S);
}

#endif
