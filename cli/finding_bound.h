/*
 * finding_bound.h - how many findings of one code are stored.
 *
 * A thousand connections that are all refused are told; a million tell no
 * more.  Of a file the first FINDING_MAX of each code are stored, of an
 * interface, which goes on for ever, as many a minute.
 */
#ifndef CLI_FINDING_BOUND_H
#define CLI_FINDING_BOUND_H

#include "analysis/rows.h"

#define FINDING_MAX 1000

struct finding_bounds;

struct finding_bounds *finding_bounds_alloc(bool live);	/* NULL: no memory */
void finding_bounds_free(struct finding_bounds *bounds);

/* Is it to be stored?  now: any clock that only goes forward. */
bool finding_bounds_allow(struct finding_bounds *bounds,
			  const struct finding_row *row, nstime now);

/* Of a file: a note for each code of which some were left out. */
void finding_bounds_tell(const struct finding_bounds *bounds,
			 struct row_sink *sink);

#endif
