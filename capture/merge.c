/*
 * merge.c - the heap behind merge.h.
 */
#include "capture/merge.h"

#include <stdlib.h>

bool
merge_init(struct merge *m, struct reader *readers, size_t n)
{
	m->heap = calloc(n ? n : 1, sizeof(*m->heap));
	if (!m->heap)
		return false;
	for (size_t i = 0; i < n; i++)
		m->heap[i] = &readers[i];
	m->n = n;
	m->started = m->taken = false;
	return true;
}

void
merge_release(struct merge *m)
{
	free(m->heap);
}

static bool
comes_before(const struct reader *a, const struct reader *b)
{
	if (a->head.ts != b->head.ts)
		return a->head.ts < b->head.ts;
	return a->index < b->index;
}

/* Move the reader at i down to where those below it come later. */
static void
sift_down(struct merge *m, size_t i)
{
	struct reader *r = m->heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < m->n &&
		    comes_before(m->heap[child + 1], m->heap[child]))
			child++;
		if (child >= m->n || !comes_before(m->heap[child], r))
			break;
		m->heap[i] = m->heap[child];
		i = child;
	}
	m->heap[i] = r;
}

/* Read every head; leave out those that have none. */
static void
start(struct merge *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (reader_next(m->heap[i], &m->heap[i]->head) == READ_PACKET)
			m->heap[n++] = m->heap[i];
	m->n = n;
	for (size_t i = n / 2; i-- > 0; )
		sift_down(m, i);
	m->started = true;
}

/* Replace the packet on top by the next one of its input. */
static void
advance(struct merge *m)
{
	struct reader *r = m->heap[0];

	if (reader_next(r, &r->head) != READ_PACKET)
		m->heap[0] = m->heap[--m->n];
	if (m->n > 0)
		sift_down(m, 0);
}

struct reader *
merge_next(struct merge *m)
{
	if (!m->started)
		start(m);
	else if (m->taken)
		advance(m);
	m->taken = m->n > 0;
	return m->n > 0 ? m->heap[0] : NULL;
}

bool
merge_would_wait(const struct merge *m)
{
	return m->taken && source_would_wait(m->heap[0]->source);
}
