/*
 * tally.c - open addressing, doubled when it is two thirds full.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/tally.h"

#define FIRST_SLOTS 64

struct head {
	uint64_t used;
	uint64_t key[TALLY_KEY / 8];
};

static size_t
slot_size(const struct tally *t)
{
	return sizeof(struct head) + (t->value_size + 7) / 8 * 8;
}

static struct head *
slot_at(const struct tally *t, size_t i)
{
	return (struct head *)(void *)(t->slot + i * slot_size(t));
}

void
tally_init(struct tally *t, size_t value_size, size_t max)
{
	memset(t, 0, sizeof(*t));
	t->value_size = value_size;
	t->max = max;
	/* Without entropy it still counts; it is only easier to attack. */
	if (getrandom(&t->secret, sizeof(t->secret), GRND_NONBLOCK) < 0)
		t->secret.k0 = (uint64_t)(uintptr_t)t;
}

void
tally_release(struct tally *t)
{
	free(t->slot);
	t->slot = NULL;
	t->n = t->n_slots = 0;
}

/* Where the key is, or the free slot where it belongs. */
static struct head *
find(const struct tally *t, const uint64_t key[TALLY_KEY / 8])
{
	uint64_t hash = siphash_words(key, TALLY_KEY / 8,
				      &t->secret);
	size_t i = hash & (t->n_slots - 1);

	while (slot_at(t, i)->used &&
	       memcmp(slot_at(t, i)->key, key, TALLY_KEY) != 0)
		i = (i + 1) & (t->n_slots - 1);
	return slot_at(t, i);
}

static int
grow(struct tally *t)
{
	struct tally old = *t;
	size_t n_slots = t->n_slots ? t->n_slots * 2 : FIRST_SLOTS;
	unsigned char *slot = calloc(n_slots, slot_size(t));

	if (!slot)
		return -1;
	t->slot = slot;
	t->n_slots = n_slots;
	for (size_t i = 0; i < old.n_slots; i++)
		if (slot_at(&old, i)->used)
			memcpy(find(t, slot_at(&old, i)->key),
			       slot_at(&old, i), slot_size(t));
	free(old.slot);
	return 0;
}

void *
tally_at(struct tally *t, const void *key, size_t key_len)
{
	uint64_t padded[TALLY_KEY / 8] = { 0 };
	struct head *h;

	memcpy(padded, key, key_len < TALLY_KEY ? key_len : TALLY_KEY);
	if (t->n_slots > 0) {
		h = find(t, padded);
		if (h->used)
			return h + 1;
	}
	if (t->n >= t->max ||
	    (3 * (t->n + 1) > 2 * t->n_slots && grow(t) < 0)) {
		t->lost++;
		return NULL;
	}
	h = find(t, padded);
	h->used = 1;
	memcpy(h->key, padded, TALLY_KEY);
	t->n++;
	return h + 1;
}

void *
tally_entry(const struct tally *t, size_t i, const void **key)
{
	struct head *h = slot_at(t, i);

	if (!h->used)
		return NULL;
	*key = h->key;
	return h + 1;
}
