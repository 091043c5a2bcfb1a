/*
 * symptoms.h - what went wrong with a connection's segments on their way, and
 * the findings that follow: losses, reordering, copies, windows that shut,
 * forged data, marks of congestion, waits for delayed ACKs.
 *
 * Runs behind sender.c: it reads what every segment was.  A connection without
 * symptoms costs nothing but two small records and raises no finding.
 */
#ifndef ANALYSIS_SYMPTOMS_H
#define ANALYSIS_SYMPTOMS_H

#include "analysis/analyzer.h"

#define SYMPTOM_FRAMES 4

/* The first packets that show something, and how many there were. */
struct symptom {
	uint32_t n;
	uint64_t frame[SYMPTOM_FRAMES];
};

enum symptom_kind {
	SYMPTOM_LOST,		/* sent again, for a reason */
	SYMPTOM_TAIL_LOST,	/* the last bytes of a flight: by a timer */
	SYMPTOM_LATE,
	SYMPTOM_COPY,
	SYMPTOM_SHUT,		/* a window of 0 */
	SYMPTOM_SHRUNK,		/* less offered than before */
	SYMPTOM_MISSED,		/* acknowledged, not captured */
	SYMPTOM_CE,		/* marked by the path (RFC 3168) */
	SYMPTOM_CWR,
	SYMPTOM_URGENT,
	SYMPTOM_CHECKSUM,
	SYMPTOM_FIN_AGAIN,
	SYMPTOM_FIN_EARLY,	/* SACKed above a gap */
	SYMPTOM_SYN_COPY,	/* a SYN came twice, by its answers */
	SYMPTOM_SYNACK_COPY,
	SYMPTOM_DELAYED_ACK,	/* a small write waited for one */
	SYMPTOM_OTHER_BYTES,	/* other content for the same numbers */
	SYMPTOM_STUCK,		/* the first full-sized segment, again */
	SYMPTOM_TOO_BIG,	/* ICMP: fragmentation needed */
	SYMPTOM_UNSCALED,	/* stops at the window that is not scaled */
	SYMPTOM_OVERRUN,	/* beyond the window, which is not scaled */
	SYMPTOM_NO_ECT,		/* no mark of ECN, which was agreed on */
	SYMPTOM_ECN_REFLECTED,	/* the SYN's ECN bits came back as they were */
	N_SYMPTOMS
};

/* Of both sides, once there is any. */
struct symptoms {
	struct symptom of[N_SIDES][N_SYMPTOMS];
	nstime delayed[N_SIDES];	/* all waits together */
	nstime shut_since[N_SIDES], shut_time[N_SIDES];
	uint32_t shut_times[N_SIDES];
	uint32_t mtu;
	nstime too_big_ts[N_SIDES];	/* a router said so */
	/* How often the first full-sized segment was sent again as the first
	   of all, and where a part of it ended that was sent then. */
	uint8_t tries[N_SIDES];
	uint64_t smaller_end[N_SIDES];
	bool forged_late[N_SIDES];	/* the forged bytes came second */
	bool stuck_passed[N_SIDES];	/* smaller segments passed after all */
};

extern const struct analyzer symptoms_analyzer;

/* Put the findings of a connection.  row and end are filled. */
void symptoms_put(const struct symptoms *s, struct analysis *an,
		  const struct connection_row *row,
		  const struct endpoint_row end[N_SIDES]);

#endif
