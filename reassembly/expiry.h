/*
 * expiry.h - which flows are due, by the clock of the capture: a timing wheel.
 *
 * A bucket a second.  A flow waits in the bucket of its deadline and is not
 * moved when a packet postpones that: when its second has passed it is popped,
 * and whoever pops it closes it or puts it back.  So a packet costs nothing,
 * and which flows are popped depends on their own packets and the time alone.
 */
#ifndef REASSEMBLY_EXPIRY_H
#define REASSEMBLY_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/nstime.h"
#include "base/slab.h"

#define EXPIRY_BUCKETS 256

/* The first member of every object in a slab that has an expiry. */
struct flow_links {
	uint32_t next, prev;	/* in its bucket, or in the list of the end */
	uint32_t number;	/* its own, in the slab */
	uint16_t bucket;
	bool in_use;
};

struct expiry {
	const struct slab *slab;
	bool started;
	int64_t second;		/* the first that is not yet popped */
	uint32_t head[EXPIRY_BUCKETS];
};

void expiry_init(struct expiry *e, const struct slab *slab);

/* The object must be in no bucket.  The first now starts the wheel. */
void expiry_add(struct expiry *e, uint32_t number, nstime now,
		nstime deadline);
void expiry_remove(struct expiry *e, uint32_t number);

/* An object whose bucket's second lies before now's, out of its bucket now;
   SLAB_NONE when there is none left. */
uint32_t expiry_pop(struct expiry *e, nstime now);

/* Has the deadline passed, in the steps of the wheel? */
bool expiry_is_past(nstime deadline, nstime now);

#endif
