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

/* One step (s6.1.3); instead of moving the variables, the next one names them
   in other places. */
#define STEP(a, b, c, d, e, t, f, k) do { \
	e += rotl(a, 5) + f(b, c, d) + (k) + word(w, t); \
	b = rotl(b, 30); \
} while (0)

#define STEPS_5(t, f, k) do { \
	STEP(a, b, c, d, e, t, f, k); \
	STEP(e, a, b, c, d, (t) + 1, f, k); \
	STEP(d, e, a, b, c, (t) + 2, f, k); \
	STEP(c, d, e, a, b, (t) + 3, f, k); \
	STEP(b, c, d, e, a, (t) + 4, f, k); \
} while (0)

#define STEPS_20(t, f, k) do { \
	STEPS_5(t, f, k); \
	STEPS_5((t) + 5, f, k); \
	STEPS_5((t) + 10, f, k); \
	STEPS_5((t) + 15, f, k); \
} while (0)

/* s4.1.1 */
#define CH(x, y, z) (((x) & ((y) ^ (z))) ^ (z))
#define PARITY(x, y, z) ((x) ^ (y) ^ (z))
#define MAJ(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))

void
sha1_short(const uint8_t *bytes, size_t n, uint8_t digest[SHA1_SIZE])
{
	static const uint32_t h[5] = { 0x67452301, 0xefcdab89, 0x98badcfe,
				       0x10325476, 0xc3d2e1f0 };
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
	uint32_t w[16];

	assert(n <= SHA1_SHORT_MAX);
	pad(bytes, n, w);
	STEPS_20(0, CH, 0x5a827999);
	STEPS_20(20, PARITY, 0x6ed9eba1);
	STEPS_20(40, MAJ, 0x8f1bbcdc);
	STEPS_20(60, PARITY, 0xca62c1d6);
	put_be32(digest, h[0] + a);
	put_be32(digest + 4, h[1] + b);
	put_be32(digest + 8, h[2] + c);
	put_be32(digest + 12, h[3] + d);
	put_be32(digest + 16, h[4] + e);
}
