/*
 * dns.h - questions to name servers over UDP, and their answers.
 *
 * A question waits in a bounded table for its answer: same two ends, same
 * transaction identifier.  Its row tells how long that took and what came, or
 * that nothing did.
 */
#ifndef ANALYSIS_DNS_H
#define ANALYSIS_DNS_H

#include "analysis/analyzer.h"

#define DNS_PORT 53

extern const struct shard_analyzer dns_analyzer;

/* Of the capture: names that do not exist, servers that do not answer. */
extern const struct capture_analyzer dns_across_analyzer;

#endif
