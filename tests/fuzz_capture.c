/*
 * fuzz_capture.c - any bytes as a capture file: read, and all of it looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "capture/capture_memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A compressed kilobyte may become gigabytes: bounded here by packets. */
enum { PACKETS = 100000 };

static volatile unsigned sink;

static void
look_at_packet(const struct capture *c, const struct packet *p)
{
	if (p->wire_len < p->caplen || p->interface >= capture_n_interfaces(c))
		abort();
	if (p->ts < -(INT64_C(1) << 62) || p->ts > INT64_C(1) << 62)
		abort();
	for (uint32_t i = 0; i < p->caplen; i++)
		sink += p->bytes[i];
}

static size_t
len(const char *text)
{
	return text ? strlen(text) : 0;
}

static void
look_at_rest(struct capture *c)
{
	struct capture_stats stats;

	for (size_t i = 0; i < capture_n_interfaces(c); i++) {
		const struct capture_interface *ifc = capture_interface(c, i);

		sink += len(ifc->name) + len(ifc->description) +
			len(ifc->filter) + len(ifc->os) + len(ifc->hardware) +
			len(ifc->comment);
	}
	for (size_t i = 0; i < capture_n_sections(c); i++)
		sink += len(capture_section(c, i)->application);
	for (size_t i = 0; i < capture_n_comments(c); i++)
		sink += len(capture_comment(c, i)->text);
	capture_stats(c, &stats);
	sink += len(capture_damage(c));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct capture_batch b;
	struct capture_config cfg = {
		.max_packets = PACKETS,
		.filter = size % 2 ? "tcp port 80 or vlan" : NULL,
	};
	struct capture *c;
	uint64_t last = 0;

	if (capture_open_memory(&c, &cfg, "fuzz", data, size) != 0) {
		if (*capture_error(c) == '\0')
			abort();
		capture_close(c);
		return 0;
	}
	while (capture_next(c, &b)) {
		for (size_t i = 0; i < b.n; i++) {
			if (b.packet[i].number <= last)
				abort();
			last = b.packet[i].number;
			look_at_packet(c, &b.packet[i]);
		}
		capture_release(c, &b);
	}
	look_at_rest(c);
	capture_close(c);
	return 0;
}
