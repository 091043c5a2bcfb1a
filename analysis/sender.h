/*
 * sender.h - the analyzer that infers each sender's state.
 *
 * Puts samples (cwnd with its bounds, ssthresh, phase, flight, round trip)
 * and limit spans, refines the kinds of retransmissions in struct analysis,
 * and fills in what endpoint rows say of the sender.
 */
#ifndef ANALYSIS_SENDER_H
#define ANALYSIS_SENDER_H

#include "analysis/analyzer.h"

extern const struct analyzer sender_analyzer;

#endif
