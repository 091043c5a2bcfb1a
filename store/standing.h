/*
 * standing.h - findings on the capture as a whole, which stand until they are
 * put again: a flood goes on, and its row says how far by now.
 *
 * Code and title say which finding it is; it keeps its finding_id.  A round
 * puts all that there are, and what was not put in it is no more.
 */
#ifndef STORE_STANDING_H
#define STORE_STANDING_H

#include <stddef.h>
#include <stdint.h>

#include "store/database.h"

enum { STANDING_MAX = 1024 };	/* of them; the others are not stored */

struct standing {
	size_t n;
	unsigned round;
	struct standing_finding {
		uint64_t which, content;	/* hashes */
		int64_t finding_id;
		unsigned round;			/* in which it was put last */
	} of[STANDING_MAX];
};

#endif
