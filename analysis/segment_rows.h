/*
 * segment_rows.h - with --segments: a row for every TCP segment.
 */
#ifndef ANALYSIS_SEGMENT_ROWS_H
#define ANALYSIS_SEGMENT_ROWS_H

#include "analysis/analyzer.h"

extern const struct analyzer segment_rows_analyzer;

#endif
