/*
 * sha1.c - SHA-1 of a short message (FIPS 180-4 s6.1).
 */
#include <assert.h>
#include <string.h>

#include "base/sha1.h"

static inline uint32_t
rotl(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static inline void
put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* The message, a one bit, zeros, its length in bits (s5.1.1): 16 words. */
static void
pad(const uint8_t *bytes, size_t n, uint32_t w[16])
{
	uint8_t block[64] = { 0 };

	memcpy(block, bytes, n);
	block[n] = 0x80;
	put_be32(block + 60, (uint32_t)n * 8);
	for (int i = 0; i < 16; i++) {
		const uint8_t *p = block + 4 * i;

		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		       (uint32_t)p[2] << 8 | p[3];
	}
}

/* The next word of the schedule, in a ring of 16 (s6.1.3). */
static inline uint32_t
word(uint32_t w[16], int t)
{
	if (t >= 16)
		w[t & 15] = rotl(w[(t - 3) & 15] ^ w[(t - 8) & 15] ^
				 w[(t - 14) & 15] ^ w[t & 15], 1);
	return w[t & 15];
}

#define STEP(t, f, k) do { \
	uint32_t next_ = rotl(a, 5) + (f) + e + (k) + word(w, t); \
	e = d; d = c; c = rotl(b, 30); b = a; a = next_; \
} while (0)

void
sha1_short(const uint8_t *bytes, size_t n, uint8_t digest[SHA1_SIZE])
{
	static const uint32_t h[5] = { 0x67452301, 0xefcdab89, 0x98badcfe,
				       0x10325476, 0xc3d2e1f0 };
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
	uint32_t w[16];

	assert(n <= SHA1_SHORT_MAX);
	pad(bytes, n, w);
	for (int t = 0; t < 20; t++)
		STEP(t, (b & c) | (~b & d), 0x5a827999);
	for (int t = 20; t < 40; t++)
		STEP(t, b ^ c ^ d, 0x6ed9eba1);
	for (int t = 40; t < 60; t++)
		STEP(t, (b & c) | (b & d) | (c & d), 0x8f1bbcdc);
	for (int t = 60; t < 80; t++)
		STEP(t, b ^ c ^ d, 0xca62c1d6);
	put_be32(digest, h[0] + a);
	put_be32(digest + 4, h[1] + b);
	put_be32(digest + 8, h[2] + c);
	put_be32(digest + 12, h[3] + d);
	put_be32(digest + 16, h[4] + e);
}
