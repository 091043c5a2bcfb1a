/*
 * finding_capture.h - what is wrong with the capture itself.
 *
 * Capture quality comes first: what a capture did not see cannot be told.
 */
#ifndef ANALYSIS_FINDING_CAPTURE_H
#define ANALYSIS_FINDING_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/rows.h"

struct capture_facts {
	uint64_t packets;
	uint64_t dropped;		/* told by the capture */
	uint64_t cut, malformed;
	uint64_t unknown_link_type;
	uint64_t fragments_dropped;
	uint64_t steps_back;		/* times that are earlier than before */
	nstime step_back_max;
	uint64_t step_back_frame;
	uint64_t super_packets;		/* larger than a link takes: offload */
	uint64_t conns_evicted, udp_evicted;
	const char *damage;		/* NULL: none */
	bool interrupted;
	nstime start, end;
};

void finding_capture(const struct capture_facts *facts,
		     struct row_sink *sink);

#endif
