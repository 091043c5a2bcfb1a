/*
 * test_ranges.c - sets of numbers, against a plain array of bits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/ranges.h"

#define SPACE 64

static const char *
text(const struct ranges *rs)
{
	static char buf[1024];
	size_t n = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < rs->n; i++)
		n += (size_t)snprintf(buf + n, sizeof(buf) - n, "%s%d-%d",
				      i ? " " : "", (int)rs->range[i].start,
				      (int)rs->range[i].end);
	return buf;
}

static void
touching_ranges_are_one(void **unused)
{
	struct range memory[4];
	struct ranges rs;

	(void)unused;
	ranges_init(&rs, memory, 4);
	assert_int_equal(ranges_add(&rs, 10, 20), 0);
	assert_int_equal(ranges_add(&rs, 30, 40), 0);
	assert_string_equal(text(&rs), "10-20 30-40");
	assert_int_equal(ranges_add(&rs, 20, 30), 0);
	assert_string_equal(text(&rs), "10-40");
	assert_int_equal(ranges_add(&rs, 5, 5), 0);
	assert_string_equal(text(&rs), "10-40");
}

static void
a_full_set_refuses_and_stays(void **unused)
{
	struct range memory[2];
	struct ranges rs;

	(void)unused;
	ranges_init(&rs, memory, 2);
	assert_int_equal(ranges_add(&rs, 10, 20), 0);
	assert_int_equal(ranges_add(&rs, 30, 40), 0);
	assert_int_equal(ranges_add(&rs, 50, 60), -1);
	assert_string_equal(text(&rs), "10-20 30-40");
	assert_int_equal(ranges_add(&rs, 35, 60), 0);
	assert_string_equal(text(&rs), "10-20 30-60");
}

static void
dropped_below(void **unused)
{
	struct range memory[4];
	struct ranges rs;

	(void)unused;
	ranges_init(&rs, memory, 4);
	ranges_add(&rs, 10, 20);
	ranges_add(&rs, 30, 40);
	ranges_drop_below(&rs, 15);
	assert_string_equal(text(&rs), "15-20 30-40");
	ranges_drop_below(&rs, 20);
	assert_string_equal(text(&rs), "30-40");
	ranges_drop_below(&rs, 99);
	assert_string_equal(text(&rs), "");
}

static void
check(const struct ranges *rs, const bool bit[SPACE], uint64_t a, uint64_t b)
{
	uint64_t sum = 0, gap_at = b;
	struct range gap = { b, b };

	for (uint64_t i = a; i < b; i++)
		sum += bit[i];
	for (uint64_t i = b; i-- > a;)
		if (!bit[i])
			gap_at = i;
	assert_int_equal(ranges_overlap(rs, a, b), sum);
	assert_int_equal(ranges_gap(rs, a, b, &gap), gap_at < b);
	assert_int_equal(gap.start, gap_at);
	for (uint64_t i = gap.start; i < gap.end; i++)
		assert_false(bit[i]);
	assert_true(gap.end == b || bit[gap.end]);
}

static void
equals_an_array_of_bits(void **unused)
{
	struct range memory[SPACE];
	bool bit[SPACE];
	struct ranges rs;

	(void)unused;
	srand(7);
	for (int round = 0; round < 2000; round++) {
		ranges_init(&rs, memory, SPACE);
		memset(bit, 0, sizeof(bit));
		for (int i = 0; i < 12; i++) {
			uint64_t a = (uint64_t)rand() % SPACE;
			uint64_t b = a + (uint64_t)rand() % (SPACE - a + 1);

			if (rand() % 8 == 0) {
				ranges_drop_below(&rs, a);
				memset(bit, 0, a);
			} else if (b - a < 10) {
				assert_int_equal(ranges_add(&rs, a, b), 0);
				memset(bit + a, 1, b - a);
			}
			check(&rs, bit, a, b);
			check(&rs, bit, 0, SPACE);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(touching_ranges_are_one),
		cmocka_unit_test(a_full_set_refuses_and_stays),
		cmocka_unit_test(dropped_below),
		cmocka_unit_test(equals_an_array_of_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
