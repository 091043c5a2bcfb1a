/*
 * conn.h - one connection in memory: what its graphs are drawn from.
 *
 * Bounded: samples beyond CONN_SAMPLES a side are thinned evenly, events
 * beyond CONN_EVENTS are left out, and both is told.  CONN_UNKNOWN is NULL.
 */
#ifndef TUI_CONN_H
#define TUI_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/query.h"
#include "tui/look.h"
#include "tui/span.h"
#include "tui/tui.h"

#define CONN_UNKNOWN INT64_MIN
#define CONN_SAMPLES 20000
#define CONN_EVENTS  20000
#define CONN_CHANGES 64
#define CONN_SPANS   4000

struct conn_sample {
	nstime ts;
	int64_t snd_una, snd_nxt, flight, rwnd;
	int64_t cwnd, cwnd_low, cwnd_high, ssthresh, srtt;
	char phase[24];
};

struct conn_event {
	nstime ts;
	int64_t frame, seq, len;
	uint8_t side;
	char kind[18];
	uint32_t detail;	/* where in conn.details */
};

struct conn_change {
	nstime ts;
	int64_t frame;
	uint8_t side;
	const struct look *from, *to;
	char cause[64];
};

struct conn_span {
	nstime from, to;
	uint8_t side;
	const struct look *cause;
};

/* Where the cursor stops: an event, or a change of state. */
struct conn_stop {
	nstime ts;
	int64_t frame;
	uint8_t side;
	bool is_change;
	uint32_t index;		/* of conn.event or conn.change */
};

struct conn {
	struct tui_conn key;
	int64_t tcp_stream;
	int64_t isn[N_SIDES];
	int64_t wscale[N_SIDES];
	char end[N_SIDES][80];		/* "10.0.0.1:80" */
	char service[32], outcome[64];
	const struct look *state[N_SIDES];	/* their last */
	struct span life;
	uint8_t busier;			/* the side that sent more */

	struct conn_sample *sample[N_SIDES];
	size_t n_samples[N_SIDES];
	struct conn_event *event;
	size_t n_events;
	bool events_cut, samples_thinned;
	char *details;
	size_t details_len, details_size;
	struct conn_change change[CONN_CHANGES];
	size_t n_changes;
	struct conn_span *span;
	size_t n_spans;
	struct conn_stop *stop;
	size_t n_stops;
};

/* -1 if there is no such connection, or no memory.  Release it either way. */
int conn_load(struct conn *c, struct store *st, int64_t conn_id);
void conn_release(struct conn *c);

/* Make the stops out of events and changes; conn_load() has done so. */
int conn_make_stops(struct conn *c);

/* The stop at a packet, else the nearest one in time. */
size_t conn_stop_at(const struct conn *c, nstime ts, int64_t frame);

/* What happened there, in words. */
void conn_stop_words(const struct conn *c, size_t i, char *buf, size_t size);

/* The sample that holds at ts, or NULL. */
const struct conn_sample *conn_sample_at(const struct conn *c, int side,
					 nstime ts);

const char *side_name(int side);

#endif
