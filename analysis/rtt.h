/*
 * rtt.h - round trips of both sides' data, wherever the capture was taken.
 *
 * A capture point divides the way: loop[side] is the time from here to that
 * side and back.  At a sender's own host its loop is nothing and the round
 * trip is data -> ACK; elsewhere the round trip is made of both loops, packet
 * by packet: data is timed from the ACK that released it (found by TSecr), as
 * if it had been sent the moment that ACK passed here.
 *
 * Samples are taken as Linux takes them (Karn: nothing that was sent again):
 * of the oldest segment that an ACK newly covers, else of the oldest that it
 * newly SACKs.
 */
#ifndef ANALYSIS_RTT_H
#define ANALYSIS_RTT_H

#include "analysis/analyzer.h"

/* Time since the connection's first packet, in units of RTT_TICK: 18 min. */
#define RTT_TICK 256
typedef uint32_t rtt_time;

enum rtt_segment_flag {
	RTT_SENT_AGAIN = 1,
	RTT_SACKED = 2,
	RTT_UNSEEN = 4,
};

/* A segment that was not acknowledged yet; sequence numbers as on the wire. */
struct rtt_segment {
	uint32_t start, end;
	rtt_time sent;		/* for its sender, mapped to here */
	rtt_time until;		/* the same of its last piece, where merged */
	uint32_t lag : 29;	/* the last piece came by so much later */
	uint32_t flags : 3;
};

#define RTT_RING 256		/* a power of 2 */
#define RTT_BINS 80

/* More segments than entries: neighbours share one of up to grain bytes. */
struct rtt_ring {
	uint32_t head, tail;	/* [tail, head), modulo RTT_RING */
	uint32_t grain;
	struct seq_range sacked[TCP_MAX_SACK];	/* of the last ACK */
	unsigned n_sacked;
	uint32_t bin[RTT_BINS];	/* samples: four to an octave */
	struct rtt_segment seg[RTT_RING];
};

#define RTT_ECHOES 128	/* a power of 2 */
#define RTT_LAGS 4

/* A segment of the peer that came by on its way to the sender. */
struct rtt_echoed {
	uint32_t tsval, ack;
	rtt_time ts;
	bool first;		/* of its time stamp */
};

/* What released the data of a side: its peer's segments, by time stamp. */
struct rtt_echo {
	uint32_t head, tail;	/* [tail, head), modulo RTT_ECHOES */
	struct rtt_echoed at[RTT_ECHOES];
	unsigned n_lags;
	rtt_time lag[RTT_LAGS];	/* the newest samples of the loop */
	rtt_time least;		/* of these */
	rtt_time last_sent;
	/* The data that echoes one time stamp: where it begins, and what was
	   acknowledged before. */
	uint32_t tsecr, first_seq, prior_ack;
	/* The sender's own clock, by its TSval. */
	uint32_t clock_tsval;	/* where it began */
	nstime clock_ts;	/* when; 0: not begun */
	nstime clock_last;
	nstime clock_ahead;	/* its clock less ours, at most */
	/* How often each guess agreed with that clock, of 255. */
	uint8_t hits_ack, hits_lag;
};

struct rtt_half {
	struct rtt_ring *ring;
	struct rtt_echo *echo;
	nstime max;
	uint32_t timed_end;	/* without a ring: one segment is timed, */
	rtt_time timed_sent;
	bool timed;		/* now */
	uint8_t p50, p95;	/* bins, from 1, of a ring that was let go */
	uint32_t samples;
};

struct rtt {
	struct round_trips trips;
	struct rtt_half half[N_SIDES];
	bool new_loop;		/* one got shorter: for segments.c */
	bool syn_again;
};

/* Take a segment that arrival.c has judged. */
void rtt_segment(struct rtt *r, struct analysis *an,
		 const struct seg_event *ev);

/* Both ends have said and got all: what is timed no more is let go. */
void rtt_ended(struct rtt *r, struct analysis *an);

/* Fill the rows as it is meanwhile. */
void rtt_update(const struct rtt *r, struct connection_row *row,
		struct endpoint_row end[N_SIDES]);
void rtt_close(struct rtt *r, struct analysis *an, struct connection_row *row,
	       struct endpoint_row end[N_SIDES]);

#endif
