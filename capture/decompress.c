/*
 * decompress.c - the list of compressions.
 */
#include "capture/decompress.h"

#include "config.h"

#ifdef HAVE_ZLIB
#define GZIP &gzip_decompressor
#else
#define GZIP NULL
#endif
#ifdef HAVE_ZSTD
#define ZSTD &zstd_decompressor
#else
#define ZSTD NULL
#endif
#ifdef HAVE_LZ4
#define LZ4 &lz4_decompressor
#else
#define LZ4 NULL
#endif
#ifdef HAVE_LZMA
#define XZ &xz_decompressor
#else
#define XZ NULL
#endif

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }

static const struct compression compressions[] = {
	{ "gzip", BYTES(0x1f, 0x8b), NULL, 2, GZIP },
	{ "zstd", BYTES(0x28, 0xb5, 0x2f, 0xfd), NULL, 4, ZSTD },
	/* A frame to be skipped comes first in what pzstd writes. */
	{ "zstd", BYTES(0x50, 0x2a, 0x4d, 0x18),
	  BYTES(0xf0, 0xff, 0xff, 0xff), 4, ZSTD },
	{ "lz4", BYTES(0x04, 0x22, 0x4d, 0x18), NULL, 4, LZ4 },
	{ "xz", BYTES(0xfd, '7', 'z', 'X', 'Z', 0), NULL, 6, XZ },
	{ "bzip2", BYTES('B', 'Z', 'h'), NULL, 3, NULL },
};

static bool
matches(const struct compression *c, const uint8_t *bytes, size_t n)
{
	if (n < c->magic_len)
		return false;
	for (size_t i = 0; i < c->magic_len; i++)
		if ((bytes[i] ^ c->magic[i]) & (c->mask ? c->mask[i] : 0xff))
			return false;
	return true;
}

const struct compression *
compression_find(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0;
	     i < sizeof(compressions) / sizeof(compressions[0]); i++)
		if (matches(&compressions[i], bytes, n))
			return &compressions[i];
	return NULL;
}
