/*
 * test_symptoms.c - findings of the way: each raised by its mechanism, and not
 * by what is like it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analysis_run.h"

static int
has(const struct result *r, const char *code)
{
	const char *at = strstr(r->codes, code);

	return at && at[strlen(code)] == ' ' &&
	       (at == r->codes || at[-1] == ' ');
}

/* Request, answer, FINs. */
static void
a_healthy_connection_raises_nothing(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.11, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.21, '<', "P.", 5000, 1100, 900 },
	    { 0.22, '>', ".", 1100, 5900, 0, .id = 4 },
	    { 0.30, '>', "F.", 1100, 5900, 0, .id = 5 },
	    { 0.40, '<', "F.", 5900, 1101, 0 },
	    { 0.41, '>', ".", 1101, 5901, 0, .id = 6 });
	assert_string_equal(r.codes, "");
}

/* The same numbers, other bytes: what is not like its sender's is forged. */
static void
forged_data_is_told_by_checksums(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.20, '>', "P.", 1000, 5000, 9, .id = 900, .ttl = 50,
	      .checksum = 0x1111 },
	    { 0.22, '>', "P.", 1000, 5000, 9, .id = 3, .checksum = 0x2222 });
	assert_true(has(&r, "data_injection"));
	RUN(&r, MIDDLE,
	    { 0.20, '>', "P.", 1000, 5000, 9, .id = 3, .checksum = 0x2222 },
	    { 0.22, '>', "P.", 1000, 5000, 9, .id = 900, .ttl = 50,
	      .checksum = 0x1111 });
	assert_true(has(&r, "data_injection_ignored"));
}

/* The header's part of the checksum is no other content: here the ACK is one
   more and the checksum one less (RFC 1071). */
static void
the_same_bytes_with_another_header_are_not_forged(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, MIDDLE,
	    { 0.20, '>', "P.", 1000, 5000, 9, .id = 3, .checksum = 0x2222 },
	    { 0.25, '<', "P.", 5000, 1000, 1 },
	    { 0.50, '>', "P.", 1000, 5001, 9, .id = 4, .checksum = 0x2221 });
	assert_false(has(&r, "data_injection"));
	assert_false(has(&r, "data_injection_ignored"));
}

/* RFC 896 and RFC 1122 s4.2.3.2: small writes, each after the ACK of the one
   before, which is 40 ms late. */
#define WRITE_WAITS(t, n, then) \
	{ t, '>', "P.", 1000 + 10 * (n), 5000, 10, .id = 3 + (n) }, \
	{ t + 0.140, '<', ".", 5000, 1010 + 10 * (n), 0 }, \
	{ t + 0.140 + (then), '>', "P.", 1010 + 10 * (n), 5000, 10, \
	  .id = 4 + (n) }, \
	{ t + 0.240 + (then), '<', ".", 5000, 1020 + 10 * (n), 0 }

static void
small_writes_that_wait_for_delayed_acks(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR, WRITE_WAITS(0.2, 0, 0.0001), WRITE_WAITS(0.6, 2, 0.0001),
	    WRITE_WAITS(1.0, 4, 0.0001));
	assert_true(has(&r, "nagle_delayed_ack"));
	/* twice is an accident */
	RUN(&r, NEAR, WRITE_WAITS(0.2, 0, 0.0001), WRITE_WAITS(0.6, 2, 0.0001));
	assert_false(has(&r, "nagle_delayed_ack"));
	/* the program took its time */
	RUN(&r, NEAR, WRITE_WAITS(0.2, 0, 0.03), WRITE_WAITS(0.6, 2, 0.03),
	    WRITE_WAITS(1.0, 4, 0.03));
	assert_false(has(&r, "nagle_delayed_ack"));
}

/* RFC 2923 s2.1 */
#define FULL(t, n) { t, '>', ".", 1100, 5000, 1448, .id = 4 + (n) }
static void
full_sized_segments_that_vanish(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.3, '<', ".", 5000, 1100, 0 },
	    FULL(0.4, 0), FULL(0.7, 1), FULL(1.3, 2), FULL(2.5, 3),
	    FULL(4.9, 4));
	assert_true(has(&r, "pmtu_black_hole"));
	RUN(&r, NEAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.3, '<', ".", 5000, 1100, 0 },
	    FULL(0.4, 0), FULL(0.7, 1), FULL(1.3, 2));
	assert_false(has(&r, "pmtu_black_hole"));
	RUN(&r, NEAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.3, '<', ".", 5000, 1100, 0 },
	    FULL(0.4, 0), FULL(0.7, 1), FULL(1.3, 2), FULL(2.5, 3),
	    FULL(4.9, 4),
	    { 9.0, '>', ".", 1100, 5000, 500, .id = 10 },
	    { 9.1, '<', ".", 5000, 1600, 0 });
	assert_true(has(&r, "pmtu_black_hole_recovered"));
}

/* RFC 9293 s3.8.6.1 */
static void
shut_windows(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.3, '<', ".", 5000, 1100, 0, .zero_window = true },
	    { 0.8, '<', ".", 5000, 1100, 0, .win = 9000 });
	assert_true(has(&r, "zero_window"));
	assert_false(has(&r, "slow_read"));
#define SHUT(t) { t, '<', ".", 5000, 1100, 0, .zero_window = true }, \
		{ t + 0.1, '<', ".", 5000, 1100, 0, .win = 9000 }
	RUN(&r, NEAR,
	    { 0.2, '>', "P.", 1000, 5000, 100, .id = 3 },
	    SHUT(0.3), SHUT(0.5), SHUT(0.7), SHUT(0.9), SHUT(1.1));
	assert_true(has(&r, "slow_read"));
}

/* RFC 9293 s3.8.6.2.1 */
static void
windows_that_are_taken_back(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.2, '<', ".", 5000, 1000, 0, .win = 60000 },
	    { 0.3, '<', ".", 5000, 1000, 0, .win = 5000 });
	assert_true(has(&r, "window_shrunk"));
	/* used up, and an ACK that was overtaken */
	RUN(&r, NEAR,
	    { 0.11, '<', ".", 5000, 1000, 0 },
	    { 0.12, '>', "P.", 1000, 5000, 20000, .id = 3 },
	    { 0.22, '<', ".", 5000, 21000, 0, .win = 45535 },
	    { 0.23, '<', ".", 5000, 11000, 0, .win = 50000 });
	assert_false(has(&r, "window_shrunk"));
}

static void
a_fin_that_was_lost(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.2, '>', "F.", 1000, 5000, 0, .id = 3 },
	    { 0.5, '>', "F.", 1000, 5000, 0, .id = 4 },
	    { 0.6, '<', "F.", 5000, 1001, 0 },
	    { 0.7, '>', ".", 1001, 5001, 0, .id = 5 });
	assert_true(has(&r, "fin_lost"));
}

/* Its SACK covers the FIN, and data before it is missing. */
static void
a_fin_that_overtook_data(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.20, '>', "P.", 1000, 5000, 100, .id = 3 },
	    { 0.21, '>', "F.", 1100, 5000, 0, .id = 4 },
	    { 0.31, '<', ".", 5000, 1000, 0, .sack = { 1100, 1101 } },
	    { 0.32, '<', ".", 5000, 1101, 0 });
	assert_true(has(&r, "fin_before_data"));
}

/* A SYN-ACK again sooner than any timer: a second SYN had come. */
static void
a_syn_that_arrived_twice(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, NEAR,
	    { 0.12, '<', "S.", 4999, 1000, 0, .tsval = 7 },
	    { 0.13, '>', ".", 1000, 5000, 0, .id = 3 });
	assert_true(has(&r, "syn_duplicated"));
	RUN(&r, NEAR,
	    { 1.2, '<', "S.", 4999, 1000, 0, .tsval = 7 },
	    { 1.3, '>', ".", 1000, 5000, 0, .id = 3 });
	assert_false(has(&r, "syn_duplicated"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_connection_raises_nothing),
		cmocka_unit_test(forged_data_is_told_by_checksums),
		cmocka_unit_test(
		    the_same_bytes_with_another_header_are_not_forged),
		cmocka_unit_test(small_writes_that_wait_for_delayed_acks),
		cmocka_unit_test(full_sized_segments_that_vanish),
		cmocka_unit_test(shut_windows),
		cmocka_unit_test(windows_that_are_taken_back),
		cmocka_unit_test(a_fin_that_was_lost),
		cmocka_unit_test(a_fin_that_overtook_data),
		cmocka_unit_test(a_syn_that_arrived_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
