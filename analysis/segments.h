/*
 * segments.h - the analyzer of what every segment was, and of the way between
 * the two ends: arrivals, round trips, vantage point, windows.
 *
 * First in the list of analyzers: the others read what it writes into struct
 * analysis.
 */
#ifndef ANALYSIS_SEGMENTS_H
#define ANALYSIS_SEGMENTS_H

#include "analysis/analyzer.h"

extern const struct analyzer segments_analyzer;

#endif
