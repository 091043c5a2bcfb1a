/*
 * tally.c - entries in an array, and open addressing to find them.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analysis/tally.h"

#define FIRST_ROOM 32

typedef uint64_t tally_key[TALLY_KEY / 8];

static size_t
entry_size(const struct tally *t)
{
	return sizeof(tally_key) + (t->value_size + 7) / 8 * 8;
}

static unsigned char *
entry_at(const struct tally *t, size_t i)
{
	return t->entry + i * entry_size(t);
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
	free(t->entry);
	t->slot = NULL;
	t->entry = NULL;
	t->n = t->n_slots = t->n_room = t->last = 0;
}

/* The slot of the key, or the free one where it belongs. */
static uint32_t *
find(const struct tally *t, const uint64_t *key)
{
	size_t n = TALLY_KEY / 8, i;

	while (n > 0 && key[n - 1] == 0)	/* most keys are shorter */
		n--;
	i = siphash_words(key, n, &t->secret) & (t->n_slots - 1);
	while (t->slot[i] && memcmp(entry_at(t, t->slot[i] - 1), key,
				    sizeof(tally_key)) != 0)
		i = (i + 1) & (t->n_slots - 1);
	return &t->slot[i];
}

/* Twice as many entries, and twice as many slots as these. */
static int
grow(struct tally *t)
{
	size_t n_room = t->n_room ? t->n_room * 2 : FIRST_ROOM;
	size_t n_slots = n_room * 2;
	unsigned char *entry = realloc(t->entry, n_room * entry_size(t));
	uint32_t *slot;

	if (!entry)
		return -1;
	t->entry = entry;
	slot = calloc(n_slots, sizeof(*slot));
	if (!slot)
		return -1;
	free(t->slot);
	t->slot = slot;
	t->n_slots = n_slots;
	t->n_room = n_room;
	for (size_t i = 0; i < t->n; i++)
		*find(t, (const uint64_t *)(const void *)entry_at(t, i)) =
			(uint32_t)i + 1;
	return 0;
}

/* Who comes again and again, an interface or a busy server, is not hashed. */
static bool
is_last(const struct tally *t, const uint64_t *key)
{
	return t->last < t->n &&
	       memcmp(entry_at(t, t->last), key, sizeof(tally_key)) == 0;
}

void *
tally_at(struct tally *t, const void *key, size_t key_len)
{
	tally_key padded = { 0 };
	uint32_t *slot;

	memcpy(padded, key, key_len < TALLY_KEY ? key_len : TALLY_KEY);
	if (is_last(t, padded))
		return tally_entry(t, t->last);
	if (t->n_slots > 0) {
		slot = find(t, padded);
		if (*slot) {
			t->last = *slot - 1;
			return tally_entry(t, t->last);
		}
	}
	if (t->n >= t->max || (t->n == t->n_room && grow(t) < 0)) {
		t->lost++;
		return NULL;
	}
	*find(t, padded) = (uint32_t)t->n + 1;
	memset(entry_at(t, t->n), 0, entry_size(t));
	memcpy(entry_at(t, t->n), padded, sizeof(padded));
	return tally_entry(t, t->n++);
}

void *
tally_entry(const struct tally *t, size_t i)
{
	return entry_at(t, i) + sizeof(tally_key);
}
