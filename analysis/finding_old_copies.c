/*
 * finding_old_copies.c - segments that came once more, long after their bytes
 * were acknowledged: copies that the network kept, or somebody replays.
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"

void
finding_old_copies(const struct life_case *c)
{
	for (int side = 0; side < N_SIDES; side++) {
		const struct life_rare_side *me =
			&life_rare(c->facts)->side[side];
		struct finding f;

		if (me->old_copies == 0)
			continue;
		finding_begin(&f, c->an, side, "note", "old_duplicate_ignored",
			      0.85);
		finding_title(&f, "old copies of the %s's segments",
			      finding_side((enum side)side));
		finding_say(&f, "%" PRIu32 " segments came whose bytes had "
			    "been acknowledged, with timestamps from long "
			    "before: nobody sent them again, they are copies. "
			    "The receiver drops them (PAWS, RFC 7323 s5) and "
			    "answers with an ACK.", me->old_copies);
		finding_evidence(&f, me->old_copy_frame, "the first old copy");
		finding_put(&f, c->an, "A loop or a bad bond in the network, "
			    "or a replay. Harmless to the stream.");
	}
}
