/*
 * segpcap_file.c - writes pcap and pcapng in either byte order.
 *
 * It is independent of tcpsaw's own reader on purpose: it was written from
 * the format descriptions, so that the two check each other.
 */
#include <stdio.h>
#include <string.h>

#include "tests/segpcap.h"

static const unsigned linktype[] = {
	[LINK_ETHERNET] = 1,
	[LINK_SLL] = 113,
	[LINK_SLL2] = 276,
	[LINK_RAW] = 101,
	[LINK_NULL] = 0,
};

static FILE *out;
static struct file_format format;
static size_t snaplen;
static unsigned interface;		/* the present one, pcapng */
static unsigned n_interfaces;
static enum link interface_link[8];

static void
w32(uint32_t v)
{
	uint8_t b[4];

	for (int i = 0; i < 4; i++)
		b[format.big_endian ? 3 - i : i] = (uint8_t)(v >> 8 * i);
	fwrite(b, 1, 4, out);
}

static void
w16(unsigned v)
{
	uint8_t b[2];

	b[format.big_endian] = (uint8_t)v;
	b[!format.big_endian] = (uint8_t)(v >> 8);
	fwrite(b, 1, 2, out);
}

static void
pcap_header(enum link link)
{
	w32(format.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
	w16(2);
	w16(4);
	w32(0);
	w32(0);
	w32((uint32_t)snaplen);
	w32(linktype[link]);
}

static void
section_header(void)
{
	w32(0x0a0d0d0a);
	w32(28);
	w32(0x1a2b3c4d);
	w16(1);
	w16(0);
	w32(0xffffffff);	/* the section's length is not known */
	w32(0xffffffff);
	w32(28);
}

static void
interface_block(enum link link)
{
	w32(1);
	w32(32);
	w16(linktype[link]);
	w16(0);
	w32((uint32_t)snaplen);
	w16(9);			/* if_tsresol */
	w16(1);
	fwrite(format.nanoseconds ? "\x09\0\0" : "\x06\0\0", 1, 4, out);
	w32(0);			/* opt_endofopt */
	w32(32);
	interface_link[n_interfaces++] = link;
}

int
file_open(const char *path, const struct file_format *f, enum link link,
	  size_t snap)
{
	out = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
	if (!out)
		return -1;
	format = *f;
	snaplen = snap;
	if (!format.pcapng) {
		pcap_header(link);
		return 0;
	}
	section_header();
	interface_block(link);
	return 0;
}

int
file_set_link(enum link link)
{
	if (!format.pcapng)
		return -1;
	for (interface = 0; interface < n_interfaces; interface++)
		if (interface_link[interface] == link)
			return 0;
	if (n_interfaces == sizeof(interface_link) / sizeof(*interface_link))
		return -1;
	interface_block(link);
	return 0;
}

static void
pcapng_packet(uint64_t ts, const uint8_t *data, size_t caplen, size_t len)
{
	size_t padded = (caplen + 3) / 4 * 4;

	w32(6);
	w32((uint32_t)(32 + padded));
	w32(interface);
	w32((uint32_t)(ts >> 32));
	w32((uint32_t)ts);
	w32((uint32_t)caplen);
	w32((uint32_t)len);
	fwrite(data, 1, caplen, out);
	fwrite("\0\0\0", 1, padded - caplen, out);
	w32((uint32_t)(32 + padded));
}

void
file_packet(uint64_t ts_ns, const uint8_t *data, size_t caplen, size_t len)
{
	uint64_t unit = format.nanoseconds ? 1 : 1000;

	if (caplen > snaplen)
		caplen = snaplen;
	if (format.pcapng) {
		pcapng_packet(ts_ns / unit, data, caplen, len);
		return;
	}
	w32((uint32_t)(ts_ns / 1000000000));
	w32((uint32_t)(ts_ns % 1000000000 / unit));
	w32((uint32_t)caplen);
	w32((uint32_t)len);
	fwrite(data, 1, caplen, out);
}

int
file_close(void)
{
	int failed = ferror(out);

	return fclose(out) == 0 && !failed ? 0 : -1;
}
