/*
 * delayed_ack.h - small writes that wait for a delayed ACK.
 *
 * Nagle (RFC 896, RFC 9293 s3.7.4) holds a small segment until all before it
 * is acknowledged; the peer holds its ACK for up to 40 or 200 ms (RFC 1122
 * s4.2.3.2), for a second segment that never comes.  Seen when the small
 * segment leaves right behind that ACK.
 */
#ifndef ANALYSIS_DELAYED_ACK_H
#define ANALYSIS_DELAYED_ACK_H

#include "analysis/analyzer.h"

/* Times are conn_micros(). */
struct delayed_ack_half {
	uint32_t small_sent;	/* the last segment that carried data */
	uint32_t waited;	/* its ACK came so late; 0: not yet */
	uint32_t ack_ts;	/* then */
};

struct delayed_ack {
	struct delayed_ack_half half[N_SIDES];
	bool waits[N_SIDES];	/* that segment was small, and went alone */
};

/* Fills an->delayed_ack and delayed_since.  an->kind and an->rtt are. */
void delayed_ack_segment(struct delayed_ack *d, struct analysis *an,
			 const struct seg_event *ev);

#endif
