/*
 * flow_table.c - see flow_table.h.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "reassembly/flow_table.h"

#define FIRST_SLOTS 1024

static struct flow_slot *
alloc_slots(size_t n)
{
	struct flow_slot *slot = malloc(n * sizeof(*slot));

	if (slot)
		memset(slot, 0xff, n * sizeof(*slot));	/* FLOW_NONE */
	return slot;
}

int
flow_table_init(struct flow_table *t)
{
	t->slot = alloc_slots(FIRST_SLOTS);
	t->mask = FIRST_SLOTS - 1;
	t->n_used = 0;
	return t->slot ? 0 : -1;
}

void
flow_table_release(struct flow_table *t)
{
	free(t->slot);
	memset(t, 0, sizeof(*t));
}

static void
put(struct flow_table *t, struct flow_slot s)
{
	uint32_t pos = s.hash & t->mask;

	while (t->slot[pos].number != FLOW_NONE)
		pos = (pos + 1) & t->mask;
	t->slot[pos] = s;
}

static int
grow(struct flow_table *t)
{
	struct flow_table bigger = {
		.mask = t->mask * 2 + 1,
		.n_used = t->n_used,
	};

	if (t->mask >= UINT32_MAX / 4)
		return -1;
	bigger.slot = alloc_slots((size_t)bigger.mask + 1);
	if (!bigger.slot)
		return -1;
	for (size_t i = 0; i <= t->mask; i++)
		if (t->slot[i].number != FLOW_NONE)
			put(&bigger, t->slot[i]);
	free(t->slot);
	*t = bigger;
	return 0;
}

int
flow_table_add(struct flow_table *t, uint64_t hash, uint32_t number)
{
	uint32_t n_slots = t->mask + 1;

	assert(number != FLOW_NONE);
	/* Where there is no memory to grow, a few more still fit. */
	if (t->n_used >= n_slots / 4 * 3 && grow(t) < 0 &&
	    t->n_used >= n_slots / 8 * 7)
		return -1;
	put(t, (struct flow_slot){ flow_hash32(hash), number });
	t->n_used++;
	return 0;
}

/* Would an entry whose search begins at home be missed, were hole empty? */
static bool
needs_hole(const struct flow_table *t, uint32_t home, uint32_t hole,
	   uint32_t pos)
{
	return ((pos - home) & t->mask) >= ((pos - hole) & t->mask);
}

void
flow_table_remove(struct flow_table *t, uint64_t hash, uint32_t number)
{
	uint32_t hole = flow_table_start(t, hash), pos;

	while (t->slot[hole].number != number) {
		assert(t->slot[hole].number != FLOW_NONE);
		hole = (hole + 1) & t->mask;
	}
	for (pos = (hole + 1) & t->mask; t->slot[pos].number != FLOW_NONE;
	     pos = (pos + 1) & t->mask) {
		if (needs_hole(t, t->slot[pos].hash & t->mask, hole, pos)) {
			t->slot[hole] = t->slot[pos];
			hole = pos;
		}
	}
	t->slot[hole].number = FLOW_NONE;
	t->n_used--;
}

size_t
flow_table_bytes(const struct flow_table *t)
{
	return ((size_t)t->mask + 1) * sizeof(*t->slot);
}
