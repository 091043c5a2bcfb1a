/*
 * test_holes.c - lists of holes against a map of bytes, and the pools that
 * they come from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/blocks.h"
#include "analysis/holes.h"

#define SPACE 2000

static struct holes *
new_holes(unsigned capacity)
{
	struct holes *h = malloc(HOLES_SIZE(capacity));

	assert_non_null(h);
	holes_init(h, capacity);
	return h;
}

static void
open_hole(struct holes *h, uint64_t start, uint64_t end)
{
	holes_open(h, &(struct hole){ .start = start, .end = end,
				      .opened = (nstime)start });
}

static void
a_hole_is_filled_from_either_end_and_split(void **unused)
{
	struct holes *h = new_holes(4);
	struct hole first;

	(void)unused;
	open_hole(h, 100, 200);
	assert_int_equal(holes_fill(h, 90, 110, &first), 10);
	assert_int_equal(first.start, 100);
	assert_int_equal(holes_fill(h, 190, 250, &first), 10);
	assert_int_equal(holes_fill(h, 140, 150, &first), 10);
	assert_int_equal(h->n, 2);
	assert_int_equal(holes_bytes_below(h, 1000), 70);
	assert_int_equal(holes_bytes_below(h, 145), 30);
	assert_int_equal(holes_fill(h, 0, 1000, &first), 70);
	assert_int_equal(h->n, 0);
	assert_int_equal(holes_fill(h, 0, 1000, &first), 0);
	free(h);
}

/* What is acknowledged is taken off from below, the last hole in part. */
static void
acknowledged_holes_are_taken_off(void **unused)
{
	struct holes *h = new_holes(4);
	struct hole x;

	(void)unused;
	open_hole(h, 100, 200);
	open_hole(h, 300, 400);
	assert_false(holes_take_below(h, 100, &x));
	assert_true(holes_take_below(h, 350, &x));
	assert_int_equal(x.start, 100);
	assert_true(holes_take_below(h, 350, &x));
	assert_int_equal(x.start, 300);
	assert_int_equal(x.end, 350);
	assert_false(holes_take_below(h, 350, &x));
	assert_int_equal(holes_bytes_below(h, 1000), 50);
	free(h);
}

static void
without_room_the_lowest_two_become_one(void **unused)
{
	struct holes *h = new_holes(2), *larger = new_holes(8);
	struct hole first;

	(void)unused;
	open_hole(h, 100, 200);
	open_hole(h, 300, 400);
	assert_true(holes_full(h));
	open_hole(h, 500, 600);
	assert_int_equal(h->merged, 1);
	assert_int_equal(h->n, 2);
	assert_int_equal(holes_fill(h, 200, 300, &first), 100);
	holes_move(larger, h);
	/* split without room: the larger part stays */
	assert_int_equal(holes_bytes_below(larger, 1000), 200);
	free(h);
	free(larger);
}

/* Any order of segments: below the highest byte, what is in no hole was seen. */
static void
holes_are_what_was_not_seen(void **unused)
{
	(void)unused;
	srand(7);
	for (int round = 0; round < 200; round++) {
		struct holes *h = new_holes(511);
		uint8_t seen[SPACE] = { 0 };
		uint64_t top = 0;
		struct hole first;

		for (int i = 0; i < 60; i++) {
			uint64_t start = (uint64_t)rand() % (SPACE - 60);
			uint64_t end = start + 1 + (uint64_t)rand() % 50;
			uint64_t old = end < top ? end : top, missing = 0;

			if (start > top)
				open_hole(h, top, start);
			for (uint64_t k = start; k < end; k++) {
				missing += k < top && !seen[k];
				seen[k] = 1;
			}
			if (start < top)
				assert_int_equal(holes_fill(h, start, old,
							    &first), missing);
			if (end > top)
				top = end;
		}
		assert_int_equal(h->merged, 0);
		for (uint64_t k = 0, n = 0; k < top; k++) {
			n += !seen[k];
			assert_int_equal(holes_bytes_below(h, k + 1), n);
		}
		free(h);
	}
}

/* A pool refuses beyond its bound, counts that, and gives blocks back clean. */
static void
blocks_have_a_bound(void **unused)
{
	struct blocks *b = blocks_open(64 * 1024);
	unsigned char *p[200];
	int n = 0;

	(void)unused;
	while (n < 200 && (p[n] = block_alloc(b, BLOCK_HOLES, 1000)))
		memset(p[n++], 0xff, 1000);
	assert_true(n > 32 && n < 66);
	assert_int_equal(blocks_refused(b), 1);
	assert_true(blocks_bytes(b) <= 64 * 1024);
	block_free(b, BLOCK_HOLES, p[0]);
	p[0] = block_alloc(b, BLOCK_HOLES, 1000);
	assert_non_null(p[0]);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(p[0][i], 0);
	blocks_close(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hole_is_filled_from_either_end_and_split),
		cmocka_unit_test(acknowledged_holes_are_taken_off),
		cmocka_unit_test(without_room_the_lowest_two_become_one),
		cmocka_unit_test(holes_are_what_was_not_seen),
		cmocka_unit_test(blocks_have_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
