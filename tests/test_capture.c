/*
 * test_capture.c - what is read out of whole capture files.
 *
 * The same four packets come in every format, byte order, resolution,
 * compression and by every way in, and are always the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/capture_seen.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static char folder[] = "/tmp/test_capture.XXXXXX";
static struct seen seen;

/* A name in the folder of this test; good until the fourth call after. */
static const char *
in_folder(const char *name)
{
	static char path[4][sizeof(folder) + 64];
	static unsigned turn;
	char *p = path[turn++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", folder, name);
	return p;
}

static void
write_bytes(const char *path, const void *bytes, size_t n)
{
	struct image im;

	image_init(&im, false);
	image_bytes(&im, bytes, n);
	image_write(&im, path);
	image_release(&im);
}

/* --- the same packets out of every file --- */

static const struct expected {
	uint32_t sec, usec;
	uint32_t caplen, wire_len;
	uint8_t first;		/* the bytes count up from it */
} expected[] = {
	{ 1700000000, 0, 60, 60, 1 },
	{ 1700000000, 999999, 61, 1500, 2 },
	{ 1700000001, 1, 0, 40, 0 },
	{ 1700000000, 500000, 1999, 1999, 200 },	/* back in time */
};

static void
add_bytes(struct image *im, const struct expected *e)
{
	for (uint32_t i = 0; i < e->caplen; i++)
		image_u8(im, (uint8_t)(e->first + i));
}

static void
make_pcap(struct image *im, uint32_t magic)
{
	uint32_t per_usec = magic == PCAP_NANO ? 1000 : 1;

	image_pcap(im, magic, 65535, 1);
	for (size_t i = 0; i < N(expected); i++) {
		const struct expected *e = &expected[i];

		image_pcap_packet(im, e->sec, e->usec * per_usec, e->caplen,
				  e->wire_len);
		if (magic == PCAP_MODIFIED)
			image_u64(im, 0);
		add_bytes(im, e);
	}
}

static void
make_micro(struct image *im)
{
	make_pcap(im, PCAP_MICRO);
}

static void
make_nano(struct image *im)
{
	make_pcap(im, PCAP_NANO);
}

static void
make_modified(struct image *im)
{
	make_pcap(im, PCAP_MODIFIED);
}

static void
make_pcapng(struct image *im, uint8_t tsresol, uint64_t per_second)
{
	image_section(im);
	image_interface(im, 1, 65535, tsresol);
	for (size_t i = 0; i < N(expected); i++) {
		const struct expected *e = &expected[i];

		image_enhanced(im, 0, e->sec * per_second +
			       e->usec * (per_second / 1000000), e->caplen,
			       e->wire_len);
		add_bytes(im, e);
		image_end(im);
	}
}

static void
make_ng_micro(struct image *im)
{
	make_pcapng(im, 6, 1000000);
}

static void
make_ng_nano(struct image *im)
{
	make_pcapng(im, 9, 1000000000);
}

/* The obsolete packet block, 10^-8 s. */
static void
make_ng_obsolete(struct image *im)
{
	image_section(im);
	image_interface(im, 1, 0, 8);
	for (size_t i = 0; i < N(expected); i++) {
		const struct expected *e = &expected[i];
		uint64_t ticks = e->sec * UINT64_C(100000000) + e->usec * 100;

		image_begin(im, 2);
		image_u16(im, 0);
		image_u16(im, 7);
		image_u32(im, (uint32_t)(ticks >> 32));
		image_u32(im, (uint32_t)ticks);
		image_u32(im, e->caplen);
		image_u32(im, e->wire_len);
		add_bytes(im, e);
		image_end(im);
	}
}

static void
assert_expected(const char *what)
{
	if (seen.opened != CAPTURE_OPENED || seen.damage[0])
		fail_msg("%s: %s%s", what, seen.error, seen.damage);
	if (seen.n != N(expected))
		fail_msg("%s: %zu packets", what, seen.n);
	for (size_t i = 0; i < N(expected); i++) {
		const struct expected *e = &expected[i];
		const struct packet *p = &seen.packet[i].packet;

		if (p->ts != e->sec * NS_PER_S + e->usec * NS_PER_US ||
		    p->caplen != e->caplen || p->wire_len != e->wire_len ||
		    p->number != i + 1 || p->interface != 0 ||
		    p->link_type != 1 || p->bytes[0] != e->first ||
		    (e->caplen > 9 && p->bytes[9] != (uint8_t)(e->first + 9)))
			fail_msg("%s: packet %zu differs", what, i + 1);
	}
}

/* Put a descriptor in the place of standard input while reading. */
static void
see_stdin(int fd)
{
	int saved = dup(STDIN_FILENO);

	dup2(fd, STDIN_FILENO);
	close(fd);
	seen_file(&seen, "-");
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void
see_pipe(const struct image *im)
{
	int end[2];

	assert_int_equal(pipe(end), 0);
	assert_true(im->n < 65536);	/* it takes them without a reader */
	assert_int_equal(write(end[1], im->byte, im->n), im->n);
	close(end[1]);
	see_stdin(end[0]);
}

static void
check_every_way_in(const struct image *im, const char *what)
{
	char title[100];

	snprintf(title, sizeof(title), "%s in memory", what);
	seen_image(&seen, im);
	assert_expected(title);
	seen_release(&seen);

	snprintf(title, sizeof(title), "%s in a file", what);
	image_write(im, in_folder("x"));
	seen_file(&seen, in_folder("x"));
	assert_expected(title);
	seen_release(&seen);

	snprintf(title, sizeof(title), "%s through a pipe", what);
	see_pipe(im);
	assert_expected(title);
	seen_release(&seen);
}

static void
every_file_gives_the_same_packets(void **unused)
{
	static const struct {
		const char *name;
		void (*make)(struct image *im);
	} formats[] = {
		{ "pcap, us", make_micro },
		{ "pcap, ns", make_nano },
		{ "pcap, modified", make_modified },
		{ "pcapng, us", make_ng_micro },
		{ "pcapng, ns", make_ng_nano },
		{ "pcapng, obsolete", make_ng_obsolete },
	};
	static const char *const names[] = {
		"plain", "gzip", "zstd", "lz4", "xz",
	};

	(void)unused;
	for (size_t f = 0; f < N(formats); f++)
	for (int big_endian = 0; big_endian < 2; big_endian++)
	for (int how = 0; how < IMAGE_COMPRESSIONS; how++) {
		struct image im;
		char what[80];

		snprintf(what, sizeof(what), "%s, %s, %s", formats[f].name,
			 big_endian ? "big" : "little", names[how]);
		image_init(&im, big_endian);
		formats[f].make(&im);
		if (image_compress(&im, how))
			check_every_way_in(&im, what);
		else
			print_message("SKIP: built without %s\n", names[how]);
		image_release(&im);
	}
}

/* Behind one another, cut in the middle of a packet. */
static void
members_are_read_as_one(void **unused)
{
	(void)unused;
	for (int how = IMAGE_GZIP; how < IMAGE_COMPRESSIONS; how++) {
		struct image whole, first, second;

		image_init(&whole, false);
		make_micro(&whole);
		image_init(&first, false);
		image_init(&second, false);
		image_bytes(&first, whole.byte, 100);
		image_bytes(&second, whole.byte + 100, whole.n - 100);
		if (image_compress(&first, how) &&
		    image_compress(&second, how)) {
			image_bytes(&first, second.byte, second.n);
			check_every_way_in(&first, "two members");
		}
		image_release(&whole);
		image_release(&first);
		image_release(&second);
	}
}

static void
missing_compression_is_told(void **unused)
{
	(void)unused;
	seen_memory(&seen, "BZh91AY&SY", 10);
	assert_int_equal(seen.opened, CAPTURE_CANNOT_OPEN);
	assert_string_equal(seen.error,
			    "cannot read 'memory': built without bzip2");
	seen_release(&seen);
}

/* --- pcap --- */

static void
old_pcap_has_the_lengths_the_other_way_round(void **unused)
{
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_pcap(&im, PCAP_MICRO, 0, 1);
	im.byte[6] = 2;		/* version 2.2 */
	image_pcap_packet(&im, 1, 2, 60, 4);
	image_u32(&im, 0);
	seen_image(&seen, &im);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.packet[0].packet.caplen, 4);
	assert_int_equal(seen.packet[0].packet.wire_len, 60);
	seen_release(&seen);
	image_release(&im);
}

static void
modified_pcap_tells_the_direction(void **unused)
{
	struct image im;

	(void)unused;
	image_init(&im, true);
	image_pcap(&im, PCAP_MODIFIED, 0, 1);
	for (uint8_t kind = 0; kind <= 4; kind += 4) {
		image_pcap_packet(&im, 1, 0, 0, 0);
		image_u32(&im, 3);	/* ifindex */
		image_u16(&im, 0x800);
		image_u8(&im, kind);	/* 0: for us, 4: outgoing */
		image_u8(&im, 0);
	}
	seen_image(&seen, &im);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.packet[0].packet.direction, PACKET_INBOUND);
	assert_int_equal(seen.packet[1].packet.direction, PACKET_OUTBOUND);
	seen_release(&seen);
	image_release(&im);
}

/* The upper bits of the link type are about the frame check sequence. */
static void
link_type_is_without_fcs_bits(void **unused)
{
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_pcap(&im, PCAP_NANO, 0, 113);
	im.byte[23] = 0x24;
	image_pcap_packet(&im, 1, 0, 0, 0);
	seen_image(&seen, &im);
	assert_int_equal(seen.packet[0].packet.link_type, 113);
	seen_release(&seen);
	image_release(&im);
}

static void
wire_length_is_never_less_than_captured(void **unused)
{
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_pcap(&im, PCAP_MICRO, 2, 1);	/* more than the snaplen */
	image_pcap_packet(&im, 1, 0, 4, 3);
	image_u32(&im, 0);
	seen_image(&seen, &im);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.packet[0].packet.caplen, 4);
	assert_int_equal(seen.packet[0].packet.wire_len, 4);
	seen_release(&seen);
	image_release(&im);
}

/* --- pcapng --- */

static void
ticks_become_nanoseconds(void **unused)
{
	static const struct {
		uint8_t tsresol;
		int64_t tsoffset;
		uint64_t ticks;
		nstime ns;
	} rows[] = {
		{ 6, 0, 1700000000123456, 1700000000123456000 },
		{ 9, 0, 1700000000123456789, 1700000000123456789 },
		{ 3, 0, 1700000000123, 1700000000123000000 },
		{ 0, 0, 1700000000, 1700000000000000000 },
		{ 12, 0, 1700000000123456789, 1700000000123456 },
		{ 0x80 | 20, 0, (1700ULL << 20) + (1 << 19), 1700500000000 },
		{ 0x80 | 32, 0, (1700ULL << 32) + (1 << 30), 1700250000000 },
		{ 0x80 | 0, 0, 17, 17000000000 },
		{ 6, 1700000000, 5, 1700000000000005000 },
		{ 6, -10, 11000000, 1000000000 },
		{ 6, -10, 9000000, -1000000000 },
		{ 0x80 | 20, 100, 1 << 20, 101000000000 },
		/* Nothing overflows: beyond 2^62 ns there is no time. */
		{ 0, 0, UINT64_MAX, INT64_C(1) << 62 },
		{ 6, INT64_MAX, UINT64_MAX, INT64_C(1) << 62 },
		{ 6, INT64_MIN, 0, -(INT64_C(1) << 62) },
		{ 0x80, INT64_MAX, UINT64_MAX, INT64_C(1) << 62 },
		{ 28, 0, UINT64_MAX, 1 },
		{ 29, 0, UINT64_MAX, 0 },
		{ 127, 0, UINT64_MAX, 0 },
		{ 0x80 | 127, 0, UINT64_MAX, 0 },
	};

	(void)unused;
	for (size_t i = 0; i < 2 * N(rows); i++) {
		bool big_endian = i % 2;
		struct image im, offset;

		image_init(&im, big_endian);
		image_init(&offset, big_endian);
		image_u64(&offset, (uint64_t)rows[i / 2].tsoffset);
		image_section(&im);
		image_begin(&im, 1);
		image_u16(&im, 1);
		image_u16(&im, 0);
		image_u32(&im, 0);
		image_option(&im, 14, offset.byte, 8);
		image_option(&im, 9, &rows[i / 2].tsresol, 1);
		image_end(&im);
		image_packet(&im, 0, rows[i / 2].ticks, 0, 1);
		seen_image(&seen, &im);
		if (seen.n != 1 || seen.packet[0].packet.ts != rows[i / 2].ns)
			fail_msg("row %zu: %lld", i / 2,
				 (long long)seen.packet[0].packet.ts);
		seen_release(&seen);
		image_release(&im);
		image_release(&offset);
	}
}

/*
 * Two sections of different byte order, the first with two interfaces of
 * different link types: numbers start again in the file, not for us.
 */
static void
sections_and_interfaces_are_kept_apart(void **unused)
{
	static const struct {
		uint32_t interface;
		uint16_t link_type;
		nstime ts;
	} claims[] = {
		{ 1, 113, 5 * NS_PER_MS },
		{ 0, 1, 6 * NS_PER_US },
		{ 2, 101, 7 },
	};
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_section(&im);
	image_interface(&im, 1, 0, 6);
	image_interface(&im, 113, 0, 3);
	image_packet(&im, 1, 5, 0, 20);
	image_packet(&im, 0, 6, 0, 20);
	im.big_endian = true;
	image_section(&im);
	image_interface(&im, 101, 0, 9);
	image_packet(&im, 0, 7, 0, 20);
	seen_image(&seen, &im);
	assert_string_equal(seen.damage, "");
	assert_int_equal(seen.n, 3);
	for (size_t i = 0; i < N(claims); i++) {
		const struct packet *p = &seen.packet[i].packet;

		assert_int_equal(p->interface, claims[i].interface);
		assert_int_equal(p->link_type, claims[i].link_type);
		assert_int_equal(p->ts, claims[i].ts);
	}
	assert_int_equal(capture_n_interfaces(seen.capture), 3);
	assert_int_equal(capture_n_sections(seen.capture), 2);
	seen_release(&seen);
	image_release(&im);
}

static void
simple_packets_have_the_time_before(void **unused)
{
	struct capture_stats stats;
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_section(&im);
	image_interface(&im, 1, 8, 9);
	image_packet(&im, 0, 77, 0, 4);
	image_begin(&im, 3);
	image_u32(&im, 100);		/* cut by the snaplen of 8 */
	image_u64(&im, 0x0807060504030201);
	image_end(&im);
	image_begin(&im, 3);
	image_u32(&im, 3);		/* and one byte of padding */
	image_u32(&im, 0);
	image_end(&im);
	seen_image(&seen, &im);
	assert_string_equal(seen.damage, "");
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.packet[1].packet.ts, 77);
	assert_int_equal(seen.packet[1].packet.caplen, 8);
	assert_int_equal(seen.packet[1].packet.wire_len, 100);
	assert_int_equal(seen.packet[1].first[7], 8);
	assert_int_equal(seen.packet[2].packet.caplen, 3);
	capture_stats(seen.capture, &stats);
	assert_int_equal(stats.without_time, 2);
	seen_release(&seen);
	image_release(&im);
}

static void
add_statistics(struct image *im, uint64_t received, uint64_t drops)
{
	struct image number;

	image_begin(im, 5);
	image_u32(im, 0);
	image_u64(im, 0);
	image_init(&number, im->big_endian);
	image_u64(&number, received);
	image_u64(&number, drops);
	image_option(im, 4, number.byte, 8);
	image_option(im, 5, number.byte + 8, 8);
	image_end(im);
	image_release(&number);
}

/* Names, comments, drops and all else that libpcap would not tell. */
static void
make_telling(struct image *im)
{
	static const uint8_t outbound_le[4] = { 2 }, outbound_be[4] = { [3] = 2 };

	image_begin(im, 0x0a0d0d0a);
	image_u32(im, 0x1a2b3c4d);
	image_u32(im, im->big_endian ? 0x00010000 : 0x00000001);
	image_u64(im, UINT64_MAX);
	image_option(im, 2, "a machine", 9);
	image_option(im, 3, "an os", 5);
	image_option(im, 4, "a program", 9);
	image_option(im, 1, "of the section", 14);
	image_option(im, 0, "", 0);
	image_option(im, 4, "behind the end", 14);
	image_end(im);
	image_begin(im, 1);
	image_u32(im, im->big_endian ? 0x00010000 : 0x00000001);
	image_u32(im, 1000);
	image_option(im, 2, "eth0\0junk", 9);
	image_option(im, 3, "a description", 13);
	image_option(im, 11, "\0tcp port 80", 12);
	image_option(im, 12, "os of it", 8);
	image_option(im, 15, "a card", 6);
	image_end(im);
	add_statistics(im, 10, 3);
	image_begin(im, 0xbad);		/* a kind that nobody knows */
	image_u64(im, 0);
	image_end(im);
	image_packet(im, 0, 1, 0, 5);
	image_enhanced(im, 0, 2, 3, 3);
	image_bytes(im, "abc", 3);
	image_pad(im);
	image_option(im, 1, "first comment", 13);
	image_option(im, 2, im->big_endian ? outbound_be : outbound_le, 4);
	image_option(im, 1, "second comment", 14);
	image_end(im);
	add_statistics(im, 20, 4);
}

static void
assert_told(struct capture *c)
{
	const struct capture_section *section = capture_section(c, 0);
	const struct capture_interface *ifc = capture_interface(c, 0);

	assert_string_equal(section->hardware, "a machine");
	assert_string_equal(section->os, "an os");
	assert_string_equal(section->application, "a program");
	assert_string_equal(section->comment, "of the section");
	assert_string_equal(ifc->file, "memory");
	assert_string_equal(ifc->name, "eth0");
	assert_string_equal(ifc->description, "a description");
	assert_string_equal(ifc->filter, "tcp port 80");
	assert_string_equal(ifc->os, "os of it");
	assert_string_equal(ifc->hardware, "a card");
	assert_null(ifc->comment);
	assert_int_equal(ifc->snaplen, 1000);
	assert_int_equal(ifc->tsresol, 6);
	assert_int_equal(ifc->packets, 2);
	assert_true(ifc->drops_known);
	assert_int_equal(ifc->received, 20);	/* the last block counts */
	assert_int_equal(ifc->drops, 4);
	assert_int_equal(capture_n_comments(c), 2);
	assert_int_equal(capture_comment(c, 0)->number, 2);
	assert_string_equal(capture_comment(c, 0)->text, "first comment");
	assert_string_equal(capture_comment(c, 1)->text, "second comment");
}

static void
pcapng_tells_names_comments_and_drops(void **unused)
{
	struct capture_stats stats;

	(void)unused;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct image im;

		image_init(&im, big_endian);
		make_telling(&im);
		seen_image(&seen, &im);
		assert_string_equal(seen.damage, "");
		assert_int_equal(seen.n, 2);
		assert_int_equal(seen.packet[0].packet.direction,
				 PACKET_DIRECTION_UNKNOWN);
		assert_int_equal(seen.packet[1].packet.direction,
				 PACKET_OUTBOUND);
		assert_told(seen.capture);
		capture_stats(seen.capture, &stats);
		assert_int_equal(stats.blocks_skipped, 1);
		assert_int_equal(stats.drops, 4);
		assert_true(stats.drops_known);
		seen_release(&seen);
		image_release(&im);
	}
}

/* Where there are no statistics, packets may tell of drops before them. */
static void
packets_tell_of_drops(void **unused)
{
	const struct capture_interface *ifc;
	struct image im, number;

	(void)unused;
	image_init(&im, false);
	image_init(&number, false);
	image_u64(&number, 5);
	image_section(&im);
	image_interface(&im, 1, 0, 6);
	for (int i = 0; i < 3; i++) {
		image_enhanced(&im, 0, 0, 0, 0);
		image_option(&im, 2, "\3\0\0", 4);	/* in no direction */
		image_option(&im, 4, number.byte, 8);
		image_end(&im);
	}
	seen_image(&seen, &im);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.packet[0].packet.direction,
			 PACKET_DIRECTION_UNKNOWN);
	ifc = capture_interface(seen.capture, 0);
	assert_true(ifc->drops_known);
	assert_int_equal(ifc->drops, 15);
	seen_release(&seen);
	image_release(&im);
	image_release(&number);
}

/* Some writers leave the padding out of the block's length. */
static void
block_length_without_padding_is_taken(void **unused)
{
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_section(&im);
	image_interface(&im, 1, 0, 6);
	image_enhanced(&im, 0, 1, 5, 5);
	image_bytes(&im, "12345", 5);
	image_end(&im);
	im.byte[im.block + 4] -= 3;
	im.byte[im.n - 4] -= 3;
	image_packet(&im, 0, 2, 0, 4);
	seen_image(&seen, &im);
	assert_string_equal(seen.damage, "");
	assert_int_equal(seen.n, 2);
	seen_release(&seen);
	image_release(&im);
}

/* --- several inputs --- */

/* One packet for each digit, which is its time in ns. */
static const char *
write_times(const char *name, const char *times)
{
	const char *path = in_folder(name);
	struct image im;

	image_init(&im, false);
	image_pcap(&im, PCAP_NANO, 0, 1);
	for (; *times; times++) {
		image_pcap_packet(&im, 0, (uint32_t)(*times - '0'), 1, 1);
		image_u8(&im, (uint8_t)name[0]);
	}
	image_write(&im, path);
	image_release(&im);
	return path;
}

static void
inputs_are_merged_in_time_order(void **unused)
{
	static const struct {
		const char *a, *b, *c;
		const char *order;
	} rows[] = {
		{ "159", "234", "678", "abbbaccca" },
		{ "111", "111", "111", "aaabbbccc" },	/* ties: by input */
		{ "", "2", "1", "cb" },
		{ "19", "28", "37", "abccba" },
		{ "93", "5", "7", "bcaa" },	/* out of order stays so */
	};

	(void)unused;
	for (size_t i = 0; i < N(rows); i++) {
		const char *paths[] = {
			write_times("a", rows[i].a),
			write_times("b", rows[i].b),
			write_times("c", rows[i].c), NULL,
		};

		seen_files(&seen, paths, (struct capture_config){ 0 });
		assert_int_equal(seen.n, strlen(rows[i].order));
		for (size_t k = 0; k < seen.n; k++) {
			const struct seen_packet *p = &seen.packet[k];

			assert_int_equal(p->packet.number, k + 1);
			assert_int_equal(p->first[0], rows[i].order[k]);
			assert_int_equal(p->packet.interface,
					 p->first[0] - 'a');
		}
		seen_release(&seen);
	}
}

/* More than fit into a batch, in turns. */
static void
long_inputs_are_merged(void **unused)
{
	enum { EACH = 1000 };
	static const char *const names[] = { "a", "b" };
	const char *paths[] = { in_folder("a"), in_folder("b"), NULL };

	(void)unused;
	for (uint32_t input = 0; input < 2; input++) {
		struct image im;

		image_init(&im, input);
		image_pcap(&im, PCAP_NANO, 0, 1);
		for (uint32_t i = 0; i < EACH; i++)
			image_pcap_packet(&im, 0, 2 * i + input, 0, 0);
		image_write(&im, in_folder(names[input]));
		image_release(&im);
	}
	seen_files(&seen, paths, (struct capture_config){ 0 });
	assert_int_equal(seen.n, 2 * EACH);
	for (size_t i = 0; i < SEEN_PACKETS; i++) {
		const struct packet *p = &seen.packet[i].packet;

		assert_int_equal(p->ts, p->number - 1);
		assert_int_equal(p->interface, (p->number - 1) % 2);
	}
	seen_release(&seen);
}

/* The others are read on; one line tells. */
static void
damage_in_several_inputs_is_told(void **unused)
{
	const char *paths[4] = { NULL };
	char damage[200];

	(void)unused;
	paths[0] = write_times("a", "123");
	paths[1] = write_times("b", "234");
	paths[2] = write_times("c", "345");
	assert_int_equal(truncate(paths[0], 24 + 16 + 5), 0);
	assert_int_equal(truncate(paths[1], 24 + 2 * 17 + 16), 0);
	seen_files(&seen, paths, (struct capture_config){ 0 });
	assert_int_equal(seen.n, 1 + 2 + 3);
	snprintf(damage, sizeof(damage), "'%s' is cut short: the header of "
		 "packet 2 has 4 of 16 bytes (and 1 other)", paths[0]);
	assert_string_equal(seen.damage, damage);
	seen_release(&seen);
}

/* --- filter, count, snaplen --- */

static const uint8_t tcp_80[] = {
	2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0,
	10, 0, 0, 1, 10, 0, 0, 2,
	0x04, 0xd2, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0, 1, 0, 0, 0, 0,
};

/* Ethernet, raw IP and one that no filter is for; the port is 80, then 81. */
static void
write_filterable(const char *path)
{
	static const uint16_t link_types[] = { 1, 101, 250 };
	struct image im;

	image_init(&im, false);
	image_section(&im);
	for (size_t i = 0; i < N(link_types); i++)
		image_interface(&im, link_types[i], 0, 6);
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t skip = i % 3 == 1 ? 14 : 0;
		uint32_t len = (uint32_t)sizeof(tcp_80) - skip;

		image_enhanced(&im, i % 3, i, len, len);
		image_bytes(&im, tcp_80 + skip, len);
		im.byte[im.n - len + 37 - skip] += i / 3;
		image_end(&im);
	}
	image_write(&im, path);
	image_release(&im);
}

static void
filter_keeps_frame_numbers(void **unused)
{
	const char *paths[] = { in_folder("f"), NULL };
	struct capture_stats stats;

	(void)unused;
	write_filterable(paths[0]);
	seen_files(&seen, paths, (struct capture_config){
		   .filter = "tcp port 81" });
	assert_int_equal(seen.opened, CAPTURE_OPENED);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.packet[0].packet.number, 4);
	assert_int_equal(seen.packet[0].packet.link_type, 1);
	assert_int_equal(seen.packet[1].packet.number, 5);
	assert_int_equal(seen.packet[1].packet.link_type, 101);
	capture_stats(seen.capture, &stats);
	assert_int_equal(stats.packets, 6);
	assert_int_equal(stats.filtered_out, 4);
	assert_int_equal(stats.no_filter, 2);
	seen_release(&seen);
}

static void
bad_filter_is_told_at_open(void **unused)
{
	static const struct {
		const char *filter, *error;
	} rows[] = {
		{ "tcp prot 80", "filter 'tcp prot 80': can't parse filter "
				 "expression: syntax error" },
		{ "portrange 1-", "syntax error" },
		{ "type mgt", "802.11" },
	};
	static const char no_interface[] = "\n\r\r\n\34\0\0\0\115\74\53\32"
		"\1\0\0\0\377\377\377\377\377\377\377\377\34\0\0\0";
	const char *paths[] = { in_folder("f"), NULL };

	(void)unused;
	write_filterable(paths[0]);
	for (size_t i = 0; i < N(rows); i++) {
		seen_files(&seen, paths, (struct capture_config){
			   .filter = rows[i].filter });
		assert_int_equal(seen.opened, CAPTURE_BAD_FILTER);
		assert_non_null(strstr(seen.error, rows[i].error));
		seen_release(&seen);
	}
	/* Without an interface to compile it for, for Ethernet. */
	write_bytes(paths[0], no_interface, 28);
	seen_files(&seen, paths, (struct capture_config){ .filter = "tcp prot" });
	assert_int_equal(seen.opened, CAPTURE_BAD_FILTER);
	seen_release(&seen);
}

static void
count_and_snaplen_bound_what_is_given(void **unused)
{
	const char *paths[] = { in_folder("f"), NULL };

	(void)unused;
	write_filterable(paths[0]);
	seen_files(&seen, paths, (struct capture_config){
		   .max_packets = 2, .snaplen = 20,
		   .filter = "tcp port 80" });
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.packet[1].packet.number, 2);
	assert_int_equal(seen.packet[0].packet.caplen, 20);
	assert_int_equal(seen.packet[0].packet.wire_len, sizeof(tcp_80));
	seen_release(&seen);
}

/* --- what cannot be opened --- */

static void
failures_to_open_are_told(void **unused)
{
	static const struct {
		const char *name, *content, *error;
	} rows[] = {
		{ "none", NULL, "cannot open '%s': no such file" },
		{ ".", NULL, "cannot open '%s': is a directory" },
		{ "empty", "", "'%s' is empty" },
		{ "x.txt", "Hello\nthere", "'%s' is not a capture file: begins "
		  "with 48 65 6c 6c 6f 0a 74 68 \"Hello.th\"" },
		{ "short", "\xd4\xc3\xb2\xa1\2", "'%s' is cut short: "
		  "its header has 5 of 24 bytes" },
		{ "ng", "\n\r\r\n\1", "'%s' is cut short: the header of a "
		  "block has 5 of 8 bytes" },
		{ "x.bz2", "BZh91AY&SY", "cannot read '%s': built without "
		  "bzip2" },
		{ "version", "\xa1\xb2\xc3\xd4\0\3\0\4\0\0\0\0\0\0\0\0\0\0\0\0"
		  "\0\0\0\1", "'%s' has a pcap version that is not known, "
		  "3.4" },
	};
	static const size_t sizes[] = { 0, 0, 0, 11, 5, 5, 10, 24 };

	(void)unused;
	for (size_t i = 0; i < N(rows); i++) {
		const char *path = in_folder(rows[i].name);
		char error[512];

		if (rows[i].content)
			write_bytes(path, rows[i].content, sizes[i]);
		snprintf(error, sizeof(error), "%.*s%s%s",
			 (int)(strchr(rows[i].error, '%') - rows[i].error),
			 rows[i].error, path,
			 strchr(rows[i].error, '%') + 2);
		seen_file(&seen, path);
		assert_int_equal(seen.opened, CAPTURE_CANNOT_OPEN);
		assert_string_equal(seen.error, error);
		seen_release(&seen);
	}
}

static int
make_folder(void **unused)
{
	(void)unused;
	return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **unused)
{
	char command[64 + sizeof(folder)];

	(void)unused;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_gives_the_same_packets),
		cmocka_unit_test(members_are_read_as_one),
		cmocka_unit_test(missing_compression_is_told),
		cmocka_unit_test(old_pcap_has_the_lengths_the_other_way_round),
		cmocka_unit_test(modified_pcap_tells_the_direction),
		cmocka_unit_test(link_type_is_without_fcs_bits),
		cmocka_unit_test(wire_length_is_never_less_than_captured),
		cmocka_unit_test(ticks_become_nanoseconds),
		cmocka_unit_test(sections_and_interfaces_are_kept_apart),
		cmocka_unit_test(simple_packets_have_the_time_before),
		cmocka_unit_test(pcapng_tells_names_comments_and_drops),
		cmocka_unit_test(block_length_without_padding_is_taken),
		cmocka_unit_test(packets_tell_of_drops),
		cmocka_unit_test(inputs_are_merged_in_time_order),
		cmocka_unit_test(long_inputs_are_merged),
		cmocka_unit_test(damage_in_several_inputs_is_told),
		cmocka_unit_test(filter_keeps_frame_numbers),
		cmocka_unit_test(bad_filter_is_told_at_open),
		cmocka_unit_test(count_and_snaplen_bound_what_is_given),
		cmocka_unit_test(failures_to_open_are_told),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
