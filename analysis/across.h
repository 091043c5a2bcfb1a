/*
 * across.h - what only many flows together show: floods, scans, hosts that
 * nobody answers for.
 *
 * Analyzers of the capture as a whole (struct capture_analyzer), one a file.
 * Thresholds are constants at the top of each file.
 */
#ifndef ANALYSIS_ACROSS_H
#define ANALYSIS_ACROSS_H

#include "analysis/analyzer.h"

extern const struct capture_analyzer close_wait_analyzer;
					/* across_close_wait.c */
extern const struct capture_analyzer fallback_analyzer;
					/* across_fallback.c */
extern const struct capture_analyzer flood_analyzer;	/* across_flood.c */
extern const struct capture_analyzer listener_analyzer;
					/* across_listener.c */
extern const struct capture_analyzer proxy_analyzer;	/* across_proxy.c */
extern const struct capture_analyzer refused_analyzer;	/* across_refused.c */
extern const struct capture_analyzer scan_analyzer;	/* across_scan.c */
extern const struct capture_analyzer silence_analyzer;	/* across_silence.c */
extern const struct capture_analyzer udp_analyzer;	/* across_udp.c */
extern const struct capture_analyzer quality_analyzer;	/* across_quality.c */
extern const struct capture_analyzer vantage_analyzer;	/* across_vantage.c */

/* A struct tally in an analyzer's state, of so many values at most. */
#define ACROSS_TALLY(state, member, value, max) \
	{ offsetof(struct state, member), sizeof(struct value), max }

/* Did that end of a closed connection ever reach ESTABLISHED? */
bool across_was_established(const struct connection_row *row, enum side side);

/* A finding of the whole capture, to be filled further. */
void across_finding(struct finding_row *row, const char *severity,
		    const char *code);

/* A packet that proves it; more than there is room for are left out. */
void across_evidence(struct finding_row *row, uint64_t frame,
		     const char *note);

#endif
