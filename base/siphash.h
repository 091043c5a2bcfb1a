/*
 * siphash.h - SipHash (Aumasson, Bernstein 2012), with 1 and 3 rounds.
 *
 * A keyed hash for tables whose keys an enemy chooses: without the key nobody
 * finds inputs that fall together.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k0, k1;
};

/* Of n_words 64-bit words. */
uint64_t siphash_words(const uint64_t *word, size_t n_words,
		       const struct siphash_key *key);

#endif
