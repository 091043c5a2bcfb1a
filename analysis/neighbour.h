/*
 * neighbour.h - who asked for whose link-layer address: ARP (RFC 826) and
 * IPv6 neighbour discovery (RFC 4861).
 *
 * A request waits in a bounded table for its answer; its row tells how long
 * that took, or that none came.
 */
#ifndef ANALYSIS_NEIGHBOUR_H
#define ANALYSIS_NEIGHBOUR_H

#include "analysis/analyzer.h"

extern const struct shard_analyzer neighbour_analyzer;

#endif
