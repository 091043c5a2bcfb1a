/*
 * finding_fragments.c - TCP segments that came as IP fragments.
 *
 * TCP is to find the path's MTU (RFC 1191, RFC 8201); where the "don't
 * fragment" bit is not set, routers cut segments, and one lost piece costs
 * all of them.
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"

void
finding_fragments(const struct life_case *c)
{
	int64_t again = c->end[SIDE_CLIENT].retrans_packets +
			c->end[SIDE_SERVER].retrans_packets;
	struct finding f;

	if (life_rare(c->facts)->fragmented == 0)
		return;
	finding_begin(&f, c->an, FINDING_BOTH, again > 0 ? "warning" : "note",
		      again > 0 ? "fragment_lost" : "fragmentation",
		      again > 0 ? 0.7 : 0.95);
	finding_title(&f, again > 0 ? "IP fragments of segments were lost" :
		      "segments travel as IP fragments");
	finding_say(&f, "%" PRIu32 " segments of this connection were put "
		    "together from IP fragments: they are larger than a link "
		    "on the way allows, and the sender does not forbid to cut "
		    "them.", life_rare(c->facts)->fragmented);
	if (again > 0)
		finding_say(&f, "%" PRId64 " packets had to be sent again: a "
			    "lost fragment costs the whole segment.", again);
	finding_evidence(&f, life_rare(c->facts)->fragmented_frame,
			 "completes the first fragmented segment");
	finding_put(&f, c->an, "Let path MTU discovery work "
		    "(net.ipv4.ip_no_pmtu_disc=0, no filter for ICMP), or "
		    "clamp the MSS at the router with the smaller MTU.");
}
