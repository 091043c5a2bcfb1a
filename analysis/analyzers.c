/*
 * analyzers.c - the lists of what watches: to add an analyzer is to add its
 * file and a line here.  The order is the order in which they see a segment.
 */
#include "analysis/across.h"
#include "analysis/analyzer.h"
#include "analysis/application.h"
#include "analysis/dns.h"
#include "analysis/life_facts.h"
#include "analysis/neighbour.h"
#include "analysis/segment_rows.h"
#include "analysis/segments.h"
#include "analysis/sender.h"
#include "analysis/symptoms.h"

const struct analyzer *const analyzers[] = {
	&segments_analyzer,
	&sender_analyzer,
	&symptoms_analyzer,
	&application_analyzer,
	&life_analyzer,
	&segment_rows_analyzer,
	NULL
};

const struct shard_analyzer *const shard_analyzers[] = {
	&neighbour_analyzer,
	&dns_analyzer,
	NULL
};

const struct capture_analyzer *const capture_analyzers[] = {
	&close_wait_analyzer,
	&fallback_analyzer,
	&flood_analyzer,
	&listener_analyzer,
	&proxy_analyzer,
	&refused_analyzer,
	&scan_analyzer,
	&silence_analyzer,
	&udp_analyzer,
	&dns_across_analyzer,
	&quality_analyzer,
	&vantage_analyzer,
	NULL
};
