/*
 * finding.h - to say something about a connection: a finding and its words.
 *
 *	struct finding f;
 *
 *	finding_begin(&f, an, SIDE_SERVER, "warning", "reset_by_peer", 0.9);
 *	finding_title(&f, "the %s reset the connection", ...);
 *	finding_say(&f, "After %s ...", ...);	as often as one likes
 *	finding_evidence(&f, frame, "RST");
 *	finding_put(&f, an, "what to look at");
 */
#ifndef ANALYSIS_FINDING_H
#define ANALYSIS_FINDING_H

#include "analysis/analyzer.h"

/* Of neither side in particular. */
#define FINDING_BOTH N_SIDES

struct finding {
	struct finding_row row;
	char title[160];
	char text[800];
	size_t len;
};

/* The capture's quality lowers the confidence by itself. */
void finding_begin(struct finding *f, const struct analysis *an, int side,
		   const char *severity, const char *code, double confidence);

__attribute__((format(printf, 2, 3)))
void finding_title(struct finding *f, const char *format, ...);

__attribute__((format(printf, 2, 3)))
void finding_say(struct finding *f, const char *format, ...);

/* The note is a constant.  frame 0 is none; beyond FINDING_EVIDENCE they are
   left out. */
void finding_evidence(struct finding *f, uint64_t frame, const char *note);

void finding_put(struct finding *f, const struct analysis *an,
		 const char *advice);

/* "client", "server". */
const char *finding_side(enum side side);

#define TIME_TEXT_SIZE 24

/* A duration: "350 us", "1.25 s", ...: for the words. */
const char *finding_time(nstime t, char buf[TIME_TEXT_SIZE]);

#endif
