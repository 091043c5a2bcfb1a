/*
 * capture_image.c - bytes in either order, and the compressions.
 */
#include "tests/capture_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LZ4
#include <lz4frame.h>
#endif
#ifdef HAVE_LZMA
#include <lzma.h>
#endif

void
image_init(struct image *im, bool big_endian)
{
	*im = (struct image){ .big_endian = big_endian };
}

void
image_release(struct image *im)
{
	free(im->byte);
	im->byte = NULL;
	im->n = im->room = 0;
}

void
image_write(const struct image *im, const char *path)
{
	FILE *f = fopen(path, "wb");

	if (!f || (im->n && fwrite(im->byte, im->n, 1, f) != 1) ||
	    fclose(f) != 0)
		abort();
}

void
image_bytes(struct image *im, const void *bytes, size_t n)
{
	if (im->n + n > im->room) {
		im->room = 2 * (im->n + n);
		im->byte = realloc(im->byte, im->room);
		if (!im->byte)
			abort();
	}
	if (n)
		memcpy(im->byte + im->n, bytes, n);
	im->n += n;
}

/* The lowest n bytes of v. */
static void
number(struct image *im, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned shift = 8 * (im->big_endian ? n - 1 - i : i);
		uint8_t byte = (uint8_t)(v >> shift);

		image_bytes(im, &byte, 1);
	}
}

void
image_u8(struct image *im, uint8_t v)
{
	number(im, v, 1);
}

void
image_u16(struct image *im, uint16_t v)
{
	number(im, v, 2);
}

void
image_u32(struct image *im, uint32_t v)
{
	number(im, v, 4);
}

void
image_u64(struct image *im, uint64_t v)
{
	number(im, v, 8);
}

/* --- pcap --- */

void
image_pcap(struct image *im, uint32_t magic, uint32_t snaplen,
	   uint16_t link_type)
{
	image_u32(im, magic);
	image_u16(im, 2);
	image_u16(im, 4);
	image_u64(im, 0);
	image_u32(im, snaplen);
	image_u32(im, link_type);
}

void
image_pcap_packet(struct image *im, uint32_t sec, uint32_t ticks,
		  uint32_t caplen, uint32_t wire_len)
{
	image_u32(im, sec);
	image_u32(im, ticks);
	image_u32(im, caplen);
	image_u32(im, wire_len);
}

/* --- pcapng --- */

void
image_begin(struct image *im, uint32_t type)
{
	im->block = im->n;
	image_u32(im, type);
	image_u32(im, 0);
}

void
image_pad(struct image *im)
{
	while ((im->n - im->block) % 4)
		image_u8(im, 0);
}

void
image_option(struct image *im, uint16_t code, const void *value, uint16_t len)
{
	image_u16(im, code);
	image_u16(im, len);
	image_bytes(im, value, len);
	image_pad(im);
}

void
image_end(struct image *im)
{
	uint32_t size;
	size_t end;

	image_pad(im);
	size = (uint32_t)(im->n + 4 - im->block);
	end = im->n;
	im->n = im->block + 4;
	image_u32(im, size);
	im->n = end;
	image_u32(im, size);
}

void
image_section(struct image *im)
{
	image_begin(im, 0x0a0d0d0a);
	image_u32(im, 0x1a2b3c4d);
	image_u16(im, 1);
	image_u16(im, 0);
	image_u64(im, UINT64_MAX);
	image_end(im);
}

void
image_interface(struct image *im, uint16_t link_type, uint32_t snaplen,
		uint8_t tsresol)
{
	image_begin(im, 1);
	image_u16(im, link_type);
	image_u16(im, 0);
	image_u32(im, snaplen);
	image_option(im, 9, &tsresol, 1);
	image_end(im);
}

void
image_enhanced(struct image *im, uint32_t interface, uint64_t ticks,
	       uint32_t caplen, uint32_t wire_len)
{
	image_begin(im, 6);
	image_u32(im, interface);
	image_u32(im, (uint32_t)(ticks >> 32));
	image_u32(im, (uint32_t)ticks);
	image_u32(im, caplen);
	image_u32(im, wire_len);
}

void
image_packet(struct image *im, uint32_t interface, uint64_t ticks,
	     uint8_t first, uint32_t n)
{
	image_enhanced(im, interface, ticks, n, n);
	for (uint32_t i = 0; i < n; i++)
		image_u8(im, (uint8_t)(first + i));
	image_end(im);
}

/* --- compression --- */

/* Each: compress n bytes into out, return the length, 0: not built in. */

static size_t
gzip(const uint8_t *in, size_t n, uint8_t *out, size_t room)
{
#ifdef HAVE_ZLIB
	z_stream z = { .next_in = (Bytef *)in, .avail_in = (unsigned)n,
		       .next_out = out, .avail_out = (unsigned)room };

	if (deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	deflateEnd(&z);
	return z.total_out;
#else
	return (void)in, (void)n, (void)out, (void)room, 0;
#endif
}

static size_t
zstd(const uint8_t *in, size_t n, uint8_t *out, size_t room)
{
#ifdef HAVE_ZSTD
	size_t len = ZSTD_compress(out, room, in, n, 3);

	if (ZSTD_isError(len))
		abort();
	return len;
#else
	return (void)in, (void)n, (void)out, (void)room, 0;
#endif
}

static size_t
lz4(const uint8_t *in, size_t n, uint8_t *out, size_t room)
{
#ifdef HAVE_LZ4
	size_t len = LZ4F_compressFrame(out, room, in, n, NULL);

	if (LZ4F_isError(len))
		abort();
	return len;
#else
	return (void)in, (void)n, (void)out, (void)room, 0;
#endif
}

static size_t
xz(const uint8_t *in, size_t n, uint8_t *out, size_t room)
{
#ifdef HAVE_LZMA
	size_t len = 0;

	if (lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, in, n, out,
				    &len, room) != LZMA_OK)
		abort();
	return len;
#else
	return (void)in, (void)n, (void)out, (void)room, 0;
#endif
}

bool
image_compress(struct image *im, enum image_compression how)
{
	static size_t (*const compressors[])(const uint8_t *, size_t,
					     uint8_t *, size_t) = {
		[IMAGE_GZIP] = gzip,
		[IMAGE_ZSTD] = zstd,
		[IMAGE_LZ4] = lz4,
		[IMAGE_XZ] = xz,
	};
	size_t room = 2 * im->n + 65536, len;
	uint8_t *out;

	if (how == IMAGE_PLAIN)
		return true;
	out = malloc(room);
	if (!out)
		abort();
	len = compressors[how](im->byte, im->n, out, room);
	if (len) {
		im->n = 0;
		image_bytes(im, out, len);
	}
	free(out);
	return len > 0;
}
