/*
 * test_path.c - the lab's path does what its parameters say.
 *
 * The path is driven by hand: events are kept in a small array and run in
 * order of time, frames are told apart by their first byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab/path.h"

#define MS 1000000

static struct {
	nstime when;
	enum stage stage;
	struct frame *frame;
	struct path *path;
} due[1024];
static int n_due;

static nstime clock_now;
static struct {
	nstime when;
	uint8_t mark;
} seen[1024];
static int n_seen;
static char told[4096];

static void
schedule(struct path *p, nstime when, enum stage stage, struct frame *f)
{
	assert_true(n_due < 1024);
	due[n_due].path = p;
	due[n_due].when = when;
	due[n_due].stage = stage;
	due[n_due++].frame = f;
}

static void
middle(struct path *p, nstime when, const struct frame *f)
{
	(void)p, (void)when, (void)f;
}

static void
deliver(struct path *p, const struct frame *f)
{
	(void)p;
	seen[n_seen].when = clock_now;
	seen[n_seen++].mark = f->at[0];
}

static void
tell(struct path *p, nstime when, const char *kind, const struct frame *f,
     long extra)
{
	(void)p, (void)when, (void)f, (void)extra;
	strcat(told, kind);
	strcat(told, " ");
}

static const struct path_owner owner = { schedule, middle, deliver, tell };

/* Run all events in order of time; equal times in the order they came. */
static void
run(void)
{
	while (n_due) {
		int first = 0;
		struct path *p;
		struct frame *f;
		enum stage stage;

		for (int i = 1; i < n_due; i++)
			if (due[i].when < due[first].when)
				first = i;
		clock_now = due[first].when;
		p = due[first].path;
		f = due[first].frame;
		stage = due[first].stage;
		memmove(&due[first], &due[first + 1],
			(size_t)(--n_due - first) * sizeof(due[0]));
		path_stage(p, stage, f, clock_now);
	}
}

static void
set_up(struct path *p, uint64_t seed)
{
	n_due = n_seen = 0;
	told[0] = '\0';
	path_init(p, "fwd", &owner, seed);
	p->start = 0;
}

static void
arrive(struct path *p, nstime when, uint8_t mark, size_t len)
{
	struct frame *f = calloc(1, sizeof(*f) + len);

	assert_non_null(f);
	f->len = len;
	f->at[0] = mark;
	path_arrive(p, when, f);
}

/* 1000 bytes at 8 Mbit/s take a millisecond each, then the delays. */
static void
the_rate_spaces_frames(void **unused)
{
	struct path p;

	(void)unused;
	set_up(&p, 1);
	path_set(&p, "rate", 8e6);
	path_set(&p, "pre_us", 5000);
	path_set(&p, "post_us", 7000);
	for (uint8_t i = 0; i < 4; i++)
		arrive(&p, 0, i, 1000);
	run();
	assert_int_equal(n_seen, 4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(seen[i].mark, i);
		assert_int_equal(seen[i].when, (12 + 1 + i) * MS);
	}
}

static void
a_full_queue_drops_its_tail(void **unused)
{
	struct path p;

	(void)unused;
	set_up(&p, 1);
	path_set(&p, "rate", 8e6);
	path_set(&p, "queue", 2500);
	for (uint8_t i = 0; i < 4; i++)
		arrive(&p, 0, i, 1000);
	run();
	assert_int_equal(n_seen, 2);
	assert_int_equal(seen[1].mark, 1);
	assert_string_equal(told, "drop_queue drop_queue ");
	assert_int_equal(p.n.drop_queue, 2);
	assert_int_equal(p.n.max_queue, 2000);
}

static void
a_policer_lets_its_burst_pass(void **unused)
{
	struct path p;

	(void)unused;
	set_up(&p, 1);
	path_set(&p, "police", 8e6);
	path_set(&p, "police_burst", 2000);
	for (uint8_t i = 0; i < 3; i++)
		arrive(&p, 0, i, 1000);
	arrive(&p, 1 * MS, 3, 1000);	/* its tokens have come meanwhile */
	run();
	assert_int_equal(n_seen, 3);
	assert_int_equal(seen[2].mark, 3);
	assert_int_equal(p.n.drop_police, 1);
}

static void
a_stall_delays_and_loses_nothing(void **unused)
{
	struct path p;

	(void)unused;
	set_up(&p, 1);
	path_set(&p, "rate", 8e6);
	path_set(&p, "stall_at", 0.010);
	path_set(&p, "stall_s", 0.500);
	arrive(&p, 1 * MS, 0, 1000);
	arrive(&p, 20 * MS, 1, 1000);
	run();
	assert_int_equal(n_seen, 2);
	assert_int_equal(seen[0].when, 2 * MS);
	assert_int_equal(seen[1].when, 511 * MS);
}

static void
a_held_frame_is_overtaken(void **unused)
{
	struct path p;

	(void)unused;
	set_up(&p, 1);
	path_set(&p, "reorder", 1);
	path_set(&p, "reorder_us", 3000);
	arrive(&p, 0, 0, 1000);
	run();
	path_set(&p, "reorder", 0);
	assert_int_equal(seen[0].when, 3 * MS);
	assert_string_equal(told, "reorder ");
}

static void
an_outage_loses_everything(void **unused)
{
	struct path p;

	(void)unused;
	set_up(&p, 1);
	path_set(&p, "black_at", 0.010);
	path_set(&p, "black_s", 0.010);
	arrive(&p, 9 * MS, 0, 100);
	arrive(&p, 10 * MS, 1, 100);
	arrive(&p, 19 * MS, 2, 100);
	arrive(&p, 20 * MS, 3, 100);
	run();
	assert_int_equal(n_seen, 2);
	assert_int_equal(seen[1].mark, 3);
	assert_string_equal(told, "drop_blackout drop_blackout ");
}

static int
losses(uint64_t seed)
{
	struct path p;

	set_up(&p, seed);
	path_set(&p, "loss", 0.1);
	for (int i = 0; i < 1000; i++) {
		arrive(&p, i * MS, 0, 100);
		run();
		told[0] = '\0';
		n_seen = 0;
	}
	return (int)p.n.drop_random;
}

/* 100 of 1000 are expected, 9.5 is the deviation. */
static void
the_seed_decides_about_chance(void **unused)
{
	int a = losses(7);

	(void)unused;
	assert_int_equal(a, losses(7));
	assert_in_range(a, 60, 140);
	assert_in_range(losses(8), 60, 140);
}

static void
an_unknown_option_is_refused(void **unused)
{
	struct path p;

	(void)unused;
	set_up(&p, 1);
	assert_true(path_set(&p, "codel_us", 1));
	assert_false(path_set(&p, "codel", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rate_spaces_frames),
		cmocka_unit_test(a_full_queue_drops_its_tail),
		cmocka_unit_test(a_policer_lets_its_burst_pass),
		cmocka_unit_test(a_stall_delays_and_loses_nothing),
		cmocka_unit_test(a_held_frame_is_overtaken),
		cmocka_unit_test(an_outage_loses_everything),
		cmocka_unit_test(the_seed_decides_about_chance),
		cmocka_unit_test(an_unknown_option_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
