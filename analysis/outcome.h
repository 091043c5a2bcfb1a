/*
 * outcome.h - how a connection ended, in one word, and what its programs got.
 *
 * Pure functions of the connection, of both ends' lives and of a few facts
 * that were gathered on the way.
 */
#ifndef ANALYSIS_OUTCOME_H
#define ANALYSIS_OUTCOME_H

#include "analysis/analyzer.h"
#include "analysis/history.h"

/* Gathered from the segments. */
struct outcome_facts {
	struct history history;
	bool after_fin[N_SIDES];	/* an end got bytes, and acknowledged
					   them, after its own FIN */
	uint8_t completeness;		/* Wireshark's tcp.completeness */
};

struct outcome {
	const char *outcome;
	const char *conn_state;		/* Zeek's */
	const char *closed_by;		/* client, server, both; NULL */
	const char *error[N_SIDES];	/* errno; NULL: none is known of */
};

void outcome_segment(struct outcome_facts *f, const struct conn *c,
		     const struct seg_event *ev);

void outcome_of(const struct conn *c, const struct tcp_life *life,
		const struct outcome_facts *f, struct outcome *out);

/* The errno that Linux makes of an ICMP error; NULL: none. */
const char *outcome_icmp_errno(unsigned ip_version, unsigned type,
			       unsigned code);

/* It asked, repeated that, and nothing ever answered: the capture may end
   before the end of its patience. */
bool outcome_is_unanswered(const struct conn *c, enum side side);

/* All of it into the connection's row. */
void outcome_fill(const struct conn *c, const struct tcp_life *life,
		  const struct outcome_facts *f, struct connection_row *row);

#endif
