/*
 * vantage.h - where a connection was captured.
 *
 * The loops from here to either end and back (rtt.h) divide the round trip:
 * at an end's own host its loop is next to nothing.
 */
#ifndef ANALYSIS_VANTAGE_H
#define ANALYSIS_VANTAGE_H

#include "analysis/analyzer.h"

/* A connection that is less sure than that takes the others' vote. */
#define VANTAGE_SURE 0.5

struct vantage_guess {
	enum vantage at[N_SIDES];
	double position;	/* 0 at the client, 1 at the server */
	double confidence;	/* 0 to 1 */
};

/* The least loops seen, 0 where none was. */
struct vantage_guess vantage_of(const nstime loop[N_SIDES]);

/* Where the loops do not tell: the TTL of each end's first packet, 0 where it
   sent none.  Routers on both sides are a place between the ends; none says
   nothing, for the next host sees the same as the sender's. */
struct vantage_guess vantage_of_hops(const uint8_t ttl[N_SIDES]);

/* "client", "server", "middle", "unknown" */
const char *vantage_word(const struct vantage_guess *g);

#endif
