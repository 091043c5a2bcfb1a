/*
 * capture_image.h - capture files put together in memory, for tests.
 *
 * Numbers are written in the image's byte order, which need not be this
 * machine's.  Images may be broken on purpose: nothing is checked.
 */
#ifndef TESTS_CAPTURE_IMAGE_H
#define TESTS_CAPTURE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image {
	bool big_endian;
	uint8_t *byte;
	size_t n, room;
	size_t block;		/* where the open block begins */
};

void image_init(struct image *im, bool big_endian);
void image_release(struct image *im);
void image_write(const struct image *im, const char *path);

void image_bytes(struct image *im, const void *bytes, size_t n);
void image_u8(struct image *im, uint8_t v);
void image_u16(struct image *im, uint16_t v);
void image_u32(struct image *im, uint32_t v);
void image_u64(struct image *im, uint64_t v);

/* pcap: the magic decides on the ticks and the packet header. */
enum {
	PCAP_MICRO = 0xa1b2c3d4,
	PCAP_NANO = 0xa1b23c4d,
	PCAP_MODIFIED = 0xa1b2cd34,
};

void image_pcap(struct image *im, uint32_t magic, uint32_t snaplen,
		uint16_t link_type);
void image_pcap_packet(struct image *im, uint32_t sec, uint32_t ticks,
		       uint32_t caplen, uint32_t wire_len);

/* pcapng: a block is begun, filled and ended, which sets its lengths. */
void image_begin(struct image *im, uint32_t type);
void image_option(struct image *im, uint16_t code, const void *value,
		  uint16_t len);
void image_end(struct image *im);

/* A whole section header without options. */
void image_section(struct image *im);

/* An interface with if_tsresol, and no other option. */
void image_interface(struct image *im, uint16_t link_type, uint32_t snaplen,
		     uint8_t tsresol);

/* Up to the packet's bytes, which are to be added, padded, and ended. */
void image_enhanced(struct image *im, uint32_t interface, uint64_t ticks,
		    uint32_t caplen, uint32_t wire_len);
void image_pad(struct image *im);

/* A packet of n bytes that count up from first, all in one. */
void image_packet(struct image *im, uint32_t interface, uint64_t ticks,
		  uint8_t first, uint32_t n);

enum image_compression {
	IMAGE_PLAIN,
	IMAGE_GZIP,
	IMAGE_ZSTD,
	IMAGE_LZ4,
	IMAGE_XZ,
	IMAGE_COMPRESSIONS,
};

/* Compress in place.  False: not built in. */
bool image_compress(struct image *im, enum image_compression how);

#endif
