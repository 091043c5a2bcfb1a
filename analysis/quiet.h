/*
 * quiet.h - a sender of which nothing need be inferred yet.
 *
 * As long as a sender has never more than one segment in flight (and its FIN
 * behind that), and that is acknowledged as a whole, no window grows and
 * nothing is lost: the time that passed is all there is to know.  The last
 * segment is kept until its ACK has reached the sender, so that a model
 * (loss.h) can begin with it where anything else happens before.
 *
 * Most connections are short, and most exchanges in them are such.
 */
#ifndef ANALYSIS_QUIET_H
#define ANALYSIS_QUIET_H

#include "analysis/analyzer.h"

/* A side that sent that many data segments earned a model. */
#define QUIET_SEGMENTS 20

struct quiet {
	nstime sent;		/* the newest data; 0: none yet */
	uint32_t after_us;	/* it came its ACK; before: its FIN */
	uint32_t seq, tsval, tsecr, ack;	/* of it, as on the wire */
	uint32_t ack_tsval;	/* of its ACK */
	uint16_t len;		/* 0: there is none */
	bool has_ts;
	bool fin;		/* a FIN came behind it */
	bool only_fin;		/* it is one, without data */
	bool acked;		/* both, or it alone, in one */
	uint8_t data_segs;
	float busy, rwnd_limited, cwnd_limited, app_limited;	/* ns */
	/* As the last model left them; cwnd 0: there was none. */
	uint32_t cwnd, ssthresh, delivered;
};

/* The segment size of what a side sends. */
uint32_t quiet_segment_size(const struct conn *c, enum side side);

/* Data of a side passes, or an ACK for it.  False: it needs a model, nothing
   was done. */
bool quiet_data(struct quiet *q, const struct analysis *an,
		const struct seg_event *ev);
bool quiet_ack(struct quiet *q, const struct analysis *an,
	       const struct seg_event *ev);

/* Has its last segment been sent, and the ACK not come to it by now? */
bool quiet_unsettled(const struct quiet *q, const struct analysis *an,
		     enum side side, nstime now);

/* The last segment was not sent yet, as far as the sums go: a model takes it. */
void quiet_take_back(struct quiet *q);

/* When the last segment was acknowledged, or else sent; 0: there is none. */
nstime quiet_until(const struct quiet *q);

#endif
