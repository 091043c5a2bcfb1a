/*
 * flow_table.h - from a flow's hash to its number: open addressing.
 *
 * A slot is 8 bytes: 32 bits of the hash, and the number of an object in a
 * slab, which has the key.  So eight slots share a cache line and the key is
 * compared where the connection will be read anyway.  Linear probing; a
 * removal moves the following slots back, so that there are no tombstones.
 * The table doubles when it is three quarters full, up to a bound.
 */
#ifndef REASSEMBLY_FLOW_TABLE_H
#define REASSEMBLY_FLOW_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define FLOW_NONE UINT32_MAX

struct flow_slot {
	uint32_t hash;
	uint32_t number;	/* FLOW_NONE: empty */
};

struct flow_table {
	struct flow_slot *slot;
	uint32_t mask;		/* slots - 1, a power of two less one */
	uint32_t n_used;
};

/* Returns -1: no memory. */
int flow_table_init(struct flow_table *t);
void flow_table_release(struct flow_table *t);

/* Returns -1, and changes nothing: no memory to grow. */
int flow_table_add(struct flow_table *t, uint64_t hash, uint32_t number);

/* It must be there. */
void flow_table_remove(struct flow_table *t, uint64_t hash, uint32_t number);

size_t flow_table_bytes(const struct flow_table *t);

/* The bits that the table goes by; the others are left to the sharding. */
static inline uint32_t
flow_hash32(uint64_t hash)
{
	return (uint32_t)(hash >> 24);
}

/*
 * The candidates for a hash, one after the other, FLOW_NONE after the last:
 *
 *	for (pos = flow_table_start(t, hash);
 *	     (n = flow_table_next(t, hash, &pos)) != FLOW_NONE;)
 */
static inline uint32_t
flow_table_start(const struct flow_table *t, uint64_t hash)
{
	return flow_hash32(hash) & t->mask;
}

static inline uint32_t
flow_table_next(const struct flow_table *t, uint64_t hash, uint32_t *pos)
{
	for (;;) {
		const struct flow_slot *s = &t->slot[*pos];

		*pos = (*pos + 1) & t->mask;
		if (s->number == FLOW_NONE || s->hash == flow_hash32(hash))
			return s->number;
	}
}

static inline void
flow_table_prefetch(const struct flow_table *t, uint64_t hash)
{
	__builtin_prefetch(&t->slot[flow_hash32(hash) & t->mask]);
}

#endif
