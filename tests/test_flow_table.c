/*
 * test_flow_table.c - the containers below the tracker: slab, table, wheel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/siphash.h"
#include "base/slab.h"
#include "reassembly/expiry.h"
#include "reassembly/flow_table.h"

#define MANY 20000

static void
slab_is_bounded_and_reuses(void **unused)
{
	struct slab s;
	uint32_t n;

	(void)unused;
	assert_int_equal(slab_init(&s, 100, 3), 0);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(slab_alloc(&s), i);
		memset(slab_at(&s, i), 0xaa, 100);
	}
	assert_int_equal(slab_alloc(&s), SLAB_NONE);
	slab_free(&s, 1);
	n = slab_alloc(&s);
	assert_int_equal(n, 1);
	assert_int_equal(slab_alloc(&s), SLAB_NONE);
	slab_release(&s);
}

static void
slab_objects_do_not_move(void **unused)
{
	static void *at[MANY];
	struct slab s;

	(void)unused;
	assert_int_equal(slab_init(&s, 72, MANY), 0);
	for (uint32_t i = 0; i < MANY; i++) {
		assert_int_equal(slab_alloc(&s), i);
		at[i] = slab_at(&s, i);
		memcpy(at[i], &i, sizeof(i));
	}
	for (uint32_t i = 0; i < MANY; i++) {
		assert_ptr_equal(slab_at(&s, i), at[i]);
		assert_memory_equal(at[i], &i, sizeof(i));
	}
	slab_release(&s);
}

static void
slab_memory_follows_use(void **unused)
{
	struct slab s;
	size_t before;

	(void)unused;
	assert_int_equal(slab_init(&s, 1024, 1000000), 0);
	before = slab_bytes(&s);
	assert_true(before < 64 * 1024);
	slab_alloc(&s);
	assert_true(slab_bytes(&s) < before + (1 << 20));
	slab_release(&s);
}

static uint64_t
hash_of(uint64_t i, uint64_t spread)
{
	return (i * UINT64_C(0x9e3779b97f4a7c15) % spread) << 24;
}

static bool
has(const struct flow_table *t, uint64_t hash, uint32_t number)
{
	uint32_t pos = flow_table_start(t, hash), n;

	while ((n = flow_table_next(t, hash, &pos)) != FLOW_NONE)
		if (n == number)
			return true;
	return false;
}

/* Against a plain array, with hashes that collide a lot, and hardly. */
static void
table_finds_what_is_in_it(void **state)
{
	static bool in[MANY];
	uint64_t spread = *(uint64_t *)*state;
	struct flow_table t;

	memset(in, 0, sizeof(in));
	assert_int_equal(flow_table_init(&t), 0);
	srand(1);
	for (int step = 0; step < 3 * MANY; step++) {
		uint32_t i = (uint32_t)rand() % MANY;

		if (in[i])
			flow_table_remove(&t, hash_of(i, spread), i);
		else
			assert_int_equal(flow_table_add(&t,
					 hash_of(i, spread), i), 0);
		in[i] = !in[i];
	}
	for (uint32_t i = 0; i < MANY; i++)
		assert_int_equal(has(&t, hash_of(i, spread), i), in[i]);
	flow_table_release(&t);
}

/* Other keys, other hashes; the same key, the same. */
static void
siphash_depends_on_key_and_words(void **unused)
{
	uint64_t word[2] = { 1, 2 }, other[2] = { 1, 3 };
	struct siphash_key k = { 5, 6 }, l = { 5, 7 };

	(void)unused;
	assert_true(siphash_words(word, 2, &k) == siphash_words(word, 2, &k));
	assert_true(siphash_words(word, 2, &k) != siphash_words(word, 2, &l));
	assert_true(siphash_words(word, 2, &k) != siphash_words(other, 2, &k));
	assert_true(siphash_words(word, 1, &k) != siphash_words(word, 2, &k));
}

struct timed {
	struct flow_links links;
	nstime deadline;
};

static struct slab *
timed_slab(const double *at, uint32_t n, struct expiry *e)
{
	static struct slab s;

	assert_int_equal(slab_init(&s, sizeof(struct timed), 64), 0);
	expiry_init(e, &s);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(slab_alloc(&s), i);
		memset(slab_at(&s, i), 0, sizeof(struct timed));
		expiry_add(e, i, 0, (nstime)(at[i] * 1e9));
	}
	return &s;
}

static void
wheel_pops_what_is_due(void **unused)
{
	static const double at[] = { 1.5, 2.5, 100 };
	struct expiry e;
	struct slab *s = timed_slab(at, 3, &e);

	(void)unused;
	assert_int_equal(expiry_pop(&e, 1 * NS_PER_S), SLAB_NONE);
	assert_int_equal(expiry_pop(&e, 2 * NS_PER_S), 0);
	assert_int_equal(expiry_pop(&e, 2 * NS_PER_S), SLAB_NONE);
	expiry_remove(&e, 1);
	assert_int_equal(expiry_pop(&e, 99 * NS_PER_S), SLAB_NONE);
	assert_int_equal(expiry_pop(&e, 101 * NS_PER_S), 2);
	slab_release(s);
}

/* A deadline beyond the wheel comes up on the way; a clock that leaps ends. */
static void
wheel_survives_leaps(void **unused)
{
	static const double at[] = { 10, 5000, -3 };
	struct expiry e;
	struct slab *s = timed_slab(at, 3, &e);
	int n = 0;

	(void)unused;
	while (expiry_pop(&e, INT64_MAX) != SLAB_NONE)
		n++;
	assert_int_equal(n, 3);
	assert_int_equal(expiry_pop(&e, INT64_MIN), SLAB_NONE);
	slab_release(s);
}

int
main(void)
{
	static uint64_t crowded = 50, roomy = UINT64_C(1) << 40;
	static void *few = &crowded, *many = &roomy;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slab_is_bounded_and_reuses),
		cmocka_unit_test(slab_objects_do_not_move),
		cmocka_unit_test(slab_memory_follows_use),
		cmocka_unit_test_prestate(table_finds_what_is_in_it, &few),
		cmocka_unit_test_prestate(table_finds_what_is_in_it, &many),
		cmocka_unit_test(siphash_depends_on_key_and_words),
		cmocka_unit_test(wheel_pops_what_is_due),
		cmocka_unit_test(wheel_survives_leaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
