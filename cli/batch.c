/*
 * batch.c - a batch goes round: reader, workers, reader.
 */
#include <stdlib.h>

#include "cli/batch.h"

struct batch *
batch_alloc(struct queue *home)
{
	struct batch *b = calloc(1, sizeof(*b));

	if (b)
		b->home = home;
	return b;
}

void
batch_free(struct batch *b)
{
	free(b);
}

void
batch_reset(struct batch *b, struct capture *c)
{
	b->capture = c;
	b->last = false;
}

void
batch_done(struct batch *b)
{
	if (atomic_fetch_sub(&b->users, 1) != 1)
		return;
	while (b->n_datagrams > 0)
		free(b->datagram[--b->n_datagrams]);
	if (!b->last)
		capture_release(b->capture, &b->packets);
	queue_push(b->home, b);
}
