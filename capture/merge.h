/*
 * merge.h - the packets of several readers in the order of time.
 *
 * The same order as mergecap's: the earliest of the packets that come next
 * in each input, and of equal ones that of the earlier input.  A packet that
 * is out of order within its own input stays so.  A heap of the readers that
 * have a packet left, the earliest on top.
 */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H

#include "capture/reader.h"

struct merge {
	struct reader **heap;
	size_t n;
	bool started;
	bool taken;	/* the packet on top is the caller's already */
};

/* False: out of memory. */
bool merge_init(struct merge *m, struct reader *readers, size_t n);
void merge_release(struct merge *m);

/* The reader of the next packet, which is in its head; NULL at the end. */
struct reader *merge_next(struct merge *m);

/* Would merge_next have to wait for a writer? */
bool merge_would_wait(const struct merge *m);

#endif
