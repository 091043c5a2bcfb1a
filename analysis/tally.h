/*
 * tally.h - counters by key, bounded.
 *
 * For the analyzers of the capture as a whole: who tried how often.  A key is
 * a handful of bytes, what is kept for it a struct of one size, zeroed when
 * the key is new.  The table grows up to its bound; what comes after that is
 * counted in `lost` and gets none.  The hash is keyed; entries are listed in
 * the order in which their keys came, so that the secret changes nothing.
 */
#ifndef ANALYSIS_TALLY_H
#define ANALYSIS_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/siphash.h"

#define TALLY_KEY 40		/* bytes of a key at most */

struct tally {
	size_t value_size;
	size_t max;		/* entries at most */
	size_t n, n_slots;	/* entries; slots, a power of two */
	size_t n_room;		/* entries that there is memory for */
	size_t last;		/* the entry that was asked for last */
	uint32_t *slot;		/* 1 + the entry's number; 0: free */
	unsigned char *entry;	/* n_room of: key, value */
	struct siphash_key secret;
	uint64_t lost;
};

/* value_size: of the struct that is kept for a key. */
void tally_init(struct tally *t, size_t value_size, size_t max);
void tally_release(struct tally *t);

/* What is kept for a key, new or not; NULL: no room.  Valid until the next
   call. */
void *tally_at(struct tally *t, const void *key, size_t key_len);

/* Entry i < t->n. */
void *tally_entry(const struct tally *t, size_t i);

#endif
