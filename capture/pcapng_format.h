/*
 * pcapng_format.h - the numbers of draft-ietf-opsawg-pcapng.
 */
#ifndef CAPTURE_PCAPNG_FORMAT_H
#define CAPTURE_PCAPNG_FORMAT_H

enum pcapng_block_type {
	BLOCK_SECTION = 0x0a0d0d0a,	/* the same in both byte orders */
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OBSOLETE = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET_ENHANCED = 6,
};

enum {
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	BLOCK_HEADER = 8,	/* type and length */
	BLOCK_TRAILER = 4,	/* the length again */
};

enum pcapng_option_code {
	OPT_END = 0,
	OPT_COMMENT = 1,
	SHB_HARDWARE = 2,
	SHB_OS = 3,
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_TSRESOL = 9,
	IF_FILTER = 11,		/* a byte for the kind, then the filter */
	IF_OS = 12,
	IF_TSOFFSET = 14,
	IF_HARDWARE = 15,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	ISB_OSDROP = 7,
	EPB_FLAGS = 2,		/* the lowest two bits: 1 in, 2 out */
	EPB_DROPCOUNT = 4,
};

#endif
