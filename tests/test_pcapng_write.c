/*
 * test_pcapng_write.c - what is written is read again as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/interfaces.h"
#include "capture/pcapng_write.h"
#include "tests/capture_seen.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static char path[] = "/tmp/test_pcapng_write.XXXXXX";
static struct seen seen;

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static const struct capture_interface interfaces[] = {
	{ .link_type = 1, .snaplen = 262144, .name = "eth0" },
	{ .link_type = 101, .name = "tun0", .description = "a tunnel",
	  .filter = "tcp", .os = "an os", .hardware = "none",
	  .comment = "of it" },
};

static const struct packet packets[] = {
	{ .ts = 1700000000123456789, .caplen = 8, .wire_len = 8 },
	{ .ts = 1700000000123456790, .caplen = 5, .wire_len = 1500,
	  .interface = 1, .direction = PACKET_OUTBOUND },
	{ .ts = 1, .caplen = 0, .wire_len = 1, .direction = PACKET_INBOUND },
};

static const char *const comments[] = { NULL, "why", "three" };

static void
write_all(struct pcapng_writer *w)
{
	for (size_t i = 0; i < N(interfaces); i++)
		assert_int_equal(pcapng_write_interface(w, &interfaces[i]), 0);
	for (size_t i = 0; i < N(packets); i++) {
		struct packet p = packets[i];

		p.bytes = bytes;
		assert_int_equal(pcapng_write_packet(w, &p, comments[i]), 0);
	}
	assert_int_equal(pcapng_write_statistics(w, 1, 2, 100, 7), 0);
}

static void
assert_packets(void)
{
	assert_int_equal(seen.n, N(packets));
	for (size_t i = 0; i < N(packets); i++) {
		const struct packet *p = &seen.packet[i].packet;

		assert_int_equal(p->ts, packets[i].ts);
		assert_int_equal(p->caplen, packets[i].caplen);
		assert_int_equal(p->wire_len, packets[i].wire_len);
		assert_int_equal(p->interface, packets[i].interface);
		assert_int_equal(p->direction, packets[i].direction);
		assert_int_equal(p->link_type,
				 interfaces[p->interface].link_type);
		assert_memory_equal(p->bytes, bytes, p->caplen);
	}
	assert_int_equal(capture_n_comments(seen.capture), 2);
	assert_int_equal(capture_comment(seen.capture, 0)->number, 2);
	assert_string_equal(capture_comment(seen.capture, 0)->text, "why");
	assert_string_equal(capture_comment(seen.capture, 1)->text, "three");
}

static void
assert_interfaces(void)
{
	const struct capture_interface *eth = capture_interface(seen.capture, 0);
	const struct capture_interface *tun = capture_interface(seen.capture, 1);

	assert_int_equal(eth->snaplen, 262144);
	assert_int_equal(eth->tsresol, 9);
	assert_string_equal(eth->name, "eth0");
	assert_null(eth->description);
	assert_false(eth->drops_known);
	assert_string_equal(tun->name, "tun0");
	assert_string_equal(tun->description, "a tunnel");
	assert_string_equal(tun->filter, "tcp");
	assert_string_equal(tun->os, "an os");
	assert_string_equal(tun->hardware, "none");
	assert_string_equal(tun->comment, "of it");
	assert_int_equal(tun->received, 100);
	assert_int_equal(tun->drops, 7);
}

static void
what_is_written_is_read_again(void **unused)
{
	struct pcapng_writer *w;

	(void)unused;
	assert_int_equal(pcapng_write_open(&w, path, true, "a test"), 0);
	write_all(w);
	assert_int_equal(pcapng_write_close(w), 0);
	seen_file(&seen, path);
	assert_string_equal(seen.damage, "");
	assert_packets();
	assert_interfaces();
	assert_string_equal(capture_section(seen.capture, 0)->application,
			    "a test");
	seen_release(&seen);
}

/* As -w does: interfaces and packets out of a capture that is being read. */
static void
capture_is_copied(void **unused)
{
	static struct capture_batch b;
	static char copy[sizeof(path) + 5];
	const char *paths[] = { path };
	struct capture_config cfg = { .paths = paths, .n_paths = 1 };
	struct pcapng_writer *w;
	struct capture *c;

	(void)unused;
	snprintf(copy, sizeof(copy), "%s.copy", path);
	assert_int_equal(pcapng_write_open(&w, copy, false, "a test"), 0);
	assert_int_equal(capture_open(&c, &cfg), CAPTURE_OPENED);
	while (capture_next(c, &b)) {
		assert_int_equal(pcapng_write_interfaces(w, c), 0);
		for (size_t i = 0; i < b.n; i++)
			assert_int_equal(pcapng_write_packet(
					w, &b.packet[i], comments[i]), 0);
		capture_release(c, &b);
	}
	capture_close(c);
	assert_int_equal(pcapng_write_close(w), 0);
	seen_file(&seen, copy);
	assert_packets();
	seen_release(&seen);
	unlink(copy);
}

static void
existing_file_is_not_overwritten(void **unused)
{
	struct pcapng_writer *w;
	char error[200];

	(void)unused;
	snprintf(error, sizeof(error), "cannot create '%s': it exists", path);
	assert_int_equal(pcapng_write_open(&w, path, false, "a test"), -1);
	assert_string_equal(pcapng_write_error(w), error);
	assert_int_equal(pcapng_write_close(w), -1);
}

static void
full_disk_is_told(void **unused)
{
	struct pcapng_writer *w;
	struct packet p = packets[0];

	(void)unused;
	if (access("/dev/full", W_OK) != 0)
		skip();
	p.bytes = bytes;
	assert_int_equal(pcapng_write_open(&w, "/dev/full", true, "x"), 0);
	assert_int_equal(pcapng_write_interface(w, &interfaces[0]), 0);
	assert_int_equal(pcapng_write_flush(w), -1);
	assert_string_equal(pcapng_write_error(w), "cannot write '/dev/full': "
			    "no space left on device");
	assert_int_equal(pcapng_write_packet(w, &p, NULL), -1);
	assert_int_equal(pcapng_write_close(w), -1);
}

/* There is no telling which there are; but the loopback is one. */
static void
interfaces_are_listed(void **unused)
{
	struct interface_list l;
	char error[INTERFACES_ERROR];
	bool loopback = false;

	(void)unused;
	if (interface_list_init(&l, error) != 0)
		fail_msg("%s", error);
	for (size_t i = 0; i < l.n; i++) {
		assert_non_null(l.item[i].name);
		loopback |= l.item[i].loopback;
	}
	if (l.n == 0)
		print_message("SKIP: no right to capture here\n");
	else
		assert_true(loopback);
	interface_list_release(&l);
}

static int
make_file(void **unused)
{
	int fd = mkstemp(path);

	(void)unused;
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **unused)
{
	(void)unused;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(capture_is_copied),
		cmocka_unit_test(existing_file_is_not_overwritten),
		cmocka_unit_test(full_disk_is_told),
		cmocka_unit_test(interfaces_are_listed),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
