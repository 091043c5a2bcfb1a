/*
 * cc_identify.h - which congestion control a sender runs.
 *
 * The replica that says why the sender stopped where it did, ACK after ACK,
 * and is not contradicted by what was sent, is the one.  A paced sender that
 * no window explains is BBR.  Where the window never was the limit there is
 * nothing to tell by: then the verdict is none.
 */
#ifndef ANALYSIS_CC_IDENTIFY_H
#define ANALYSIS_CC_IDENTIFY_H

#include "analysis/loss.h"

struct cc_verdict {
	const char *name;	/* NULL: not to be told */
	double confidence;
};

/* The replica to believe now, however thin the evidence. */
static inline const struct cc *
cc_best(const struct loss *l)
{
	return l->best;
}

/* Elsewhere it shows late whether a window or a rate is a sender's: what it may
   be as well as the best; NULL: nothing. */
const struct cc *cc_other_kind(const struct loss *l, const struct cc *best);

/* After each burst: which window fits best?  Sets l->window. */
void cc_choose_window(struct loss *l);

/* And then: is it a window at all that limits? */
void cc_reconsider(struct loss *l);

/* How well a replica explains what was seen: below 0 (contradicted) to 1. */
double cc_score(const struct cc *cc);

/* A share of the full round trips that contradict each replica: so few may be
   a chance. */
#define CC_LIKE .25

/* Does data leave by a pacer's clock rather than by ACKs? */
bool cc_paced(const struct loss *l);

struct cc_verdict cc_identify(const struct loss *l);

#endif
