/*
 * test_dissect.c - what is read out of the bytes of each kind of packet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/dissect.h"

/* IP 10.0.0.1.1234 > 10.0.0.2.80: Flags [S], seq 1000, win 64240,
   options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0 */
static const uint8_t syn[] = {
	0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1, 0x08, 0x00,
	0x45, 0, 0, 60, 0, 1, 0x40, 0, 64, 6, 0x26, 0xba,
	10, 0, 0, 1, 10, 0, 0, 2,
	0x04, 0xd2, 0, 80, 0, 0, 0x03, 0xe8, 0, 0, 0, 0,
	0xa0, 0x02, 0xfa, 0xf0, 0, 0, 0, 0,
	2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7,
};

/* Dissect the first caplen bytes out of a block that is no longer. */
static void
dissect_cut(const uint8_t *bytes, uint32_t caplen, uint32_t wire_len,
	    struct dissection *d)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);
	struct packet p = {
		.bytes = copy, .caplen = caplen, .wire_len = wire_len,
		.link_type = 1,
	};

	assert_non_null(copy);
	memcpy(copy, bytes, caplen);
	dissect_packet(&p, d);
	free(copy);
}

static void
syn_is_read(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect_cut(syn, sizeof(syn), sizeof(syn), &d);
	assert_int_equal(d.status, CURSOR_OK);
	assert_int_equal(d.kind, DISSECT_TCP);
	assert_int_equal(d.n_layers, 3);
	assert_int_equal(d.tcp.sport, 1234);
	assert_int_equal(d.tcp.flags, TCP_SYN);
	assert_int_equal(d.tcp.mss, 1460);
	assert_int_equal(d.tcp.wscale, 7);
	assert_int_equal(d.tcp.len, 0);
}

static void
cut_anywhere_is_cut(void **unused)
{
	struct dissection d;

	(void)unused;
	for (uint32_t caplen = 0; caplen < sizeof(syn); caplen++) {
		dissect_cut(syn, caplen, sizeof(syn), &d);
		assert_int_equal(d.status, CURSOR_CUT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syn_is_read),
		cmocka_unit_test(cut_anywhere_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
