/*
 * test_fragment.c - pieces of datagrams in, datagrams out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reassembly/fragment.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct piece {
	double at;
	uint32_t offset, len;
	bool more;
	char letter;		/* all its bytes */
	uint32_t id;
	uint32_t caplen;	/* 0: all */
	bool v6;
};

struct result {
	char text[256];		/* "a16 b8/24": 16 a, 8 b, of 24 on the wire */
	struct fragment_stats stats;
	struct dissection d;
};

static void
dissection_of(const struct piece *s, const uint8_t *bytes,
	      struct dissection *d)
{
	memset(d, 0, sizeof(*d));
	d->kind = DISSECT_FRAGMENT;
	d->vlan = VLAN_NONE;
	d->ip.version = s->v6 ? 6 : 4;
	d->ip.proto = 253;
	d->ip.ttl = 64;
	d->ip.id = s->id;
	d->ip.frag_offset = s->offset;
	d->ip.more_fragments = s->more;
	d->ip.src = addr_from_ipv4((uint8_t[]){ 10, 0, 0, 1 });
	d->ip.dst = addr_from_ipv4((uint8_t[]){ 10, 0, 0, 2 });
	if (s->v6)
		d->ip.src.byte[10] = d->ip.dst.byte[10] = 0;
	d->payload = cursor_init(bytes, s->caplen ? s->caplen : s->len,
				 s->len);
}

static void
describe(struct result *r, const uint8_t *whole, uint32_t caplen,
	 uint32_t wire_len)
{
	size_t n = strlen(r->text), left;
	const uint8_t *p;

	dissect_ip(whole, caplen, wire_len, &r->d);
	p = r->d.payload.pos;
	left = cursor_left(&r->d.payload);
	for (size_t i = 0, run; i < left; i += run) {
		for (run = 1; i + run < left && p[i + run] == p[i]; run++)
			;
		n += (size_t)snprintf(r->text + n, sizeof(r->text) - n,
				      "%s%c%zu", n ? " " : "", p[i], run);
	}
	snprintf(r->text + n, sizeof(r->text) - n, "/%zu",
		 cursor_wire_left(&r->d.payload));
}

static void
run(struct result *r, const struct piece *s, size_t n)
{
	static const struct flow_secret secret = { 3, 4 };
	struct fragments *f = fragments_open(&secret, 1 << 20);

	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < n; i++) {
		struct packet p = { .ts = (nstime)(s[i].at * 1e9) };
		uint32_t caplen, wire_len, len = s[i].len;
		uint8_t *bytes = malloc(len), *whole;
		struct dissection d;

		memset(bytes, s[i].letter, len);
		dissection_of(&s[i], bytes, &d);
		whole = fragments_take(f, &p, &d, &caplen, &wire_len);
		if (whole)
			describe(r, whole, caplen, wire_len);
		free(whole);
		free(bytes);
	}
	r->stats = *fragments_stats(f);
	fragments_close(f);
}

#define RUN(r, ...) do { \
	static const struct piece table[] = { __VA_ARGS__ }; \
	run(r, table, sizeof(table) / sizeof(*table)); \
} while (0)

static void
pieces_in_any_order(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, { 0, 0, 16, true, 'a' }, { 0, 16, 8, true, 'b' },
	    { 0, 24, 5, false, 'c' });
	assert_string_equal(r.text, "a16 b8 c5/29");
	assert_int_equal(r.d.ip.proto, 253);
	assert_int_not_equal(r.d.ip.checksum, CHECKSUM_BAD);
	RUN(&r, { 0, 24, 5, false, 'c' }, { 0, 0, 16, true, 'a' },
	    { 0, 16, 8, true, 'b' });
	assert_string_equal(r.text, "a16 b8 c5/29");
	RUN(&r, { 0, 16, 8, false, 'b', .v6 = true },
	    { 0, 0, 16, true, 'a', .v6 = true });
	assert_string_equal(r.text, "a16 b8/24");
	assert_int_equal(r.d.ip.version, 6);
}

static void
datagrams_are_told_apart_by_id(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, { 0, 0, 8, true, 'a', 1 }, { 0, 0, 8, true, 'x', 2 },
	    { 0, 8, 8, false, 'b', 1 }, { 0, 8, 8, false, 'y', 2 });
	assert_string_equal(r.text, "a8 b8/16 x8 y8/16");
	assert_int_equal(r.stats.unfinished, 0);
}

static void
the_first_arrival_wins(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, { 0, 0, 16, true, 'a' }, { 0, 8, 16, true, 'b' },
	    { 0, 24, 8, false, 'c' });
	assert_string_equal(r.text, "a16 b8 c8/32");
	assert_int_equal(r.stats.overlaps, 1);
	assert_int_equal(r.stats.conflicts, 1);
}

static void
a_duplicate_is_no_conflict(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, { 0, 0, 16, true, 'a' }, { 0, 0, 16, true, 'a' },
	    { 0, 16, 8, false, 'c' });
	assert_string_equal(r.text, "a16 c8/24");
	assert_int_equal(r.stats.duplicates, 1);
	assert_int_equal(r.stats.conflicts, 0);
}

/* "Teardrop", "ping of death", two ends, odd lengths. */
static void
impossible_pieces_are_bad(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, { 0, 0, 32, true, 'a' }, { 0, 8, 8, false, 'b' });
	assert_string_equal(r.text, "");
	assert_int_equal(r.stats.bad, 1);
	RUN(&r, { 0, 65528, 64, false, 'a' });
	assert_int_equal(r.stats.bad, 1);
	RUN(&r, { 0, 16, 8, false, 'a' }, { 0, 16, 16, false, 'a' });
	assert_int_equal(r.stats.bad, 1);
	RUN(&r, { 0, 0, 9, true, 'a' });
	assert_int_equal(r.stats.bad, 1);
}

static void
thirty_seconds_and_it_is_over(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, { 0, 0, 8, true, 'a' }, { 29, 8, 8, false, 'b' });
	assert_string_equal(r.text, "a8 b8/16");
	RUN(&r, { 0, 0, 8, true, 'a' }, { 31, 8, 8, false, 'b' });
	assert_string_equal(r.text, "");
	assert_int_equal(r.stats.timed_out, 1);
	assert_int_equal(r.stats.unfinished, 1);
}

/* Complete on the wire; read as far as it was captured. */
static void
a_cut_piece_cuts_the_datagram(void **unused)
{
	struct result r;

	(void)unused;
	RUN(&r, { 0, 0, 16, true, 'a', .caplen = 10 },
	    { 0, 16, 8, false, 'b' });
	assert_string_equal(r.text, "a10/24");
	RUN(&r, { 0, 0, 16, true, 'a', .caplen = 10 },
	    { 0, 0, 16, true, 'a' }, { 0, 16, 8, false, 'b' });
	assert_string_equal(r.text, "a16 b8/24");
}

static void
memory_is_bounded(void **unused)
{
	static const struct flow_secret secret = { 3, 4 };
	struct fragments *f = fragments_open(&secret, 256 << 10);
	static const uint8_t bytes[8000];
	uint32_t caplen, wire_len;

	(void)unused;
	for (uint32_t id = 0; id < 5000; id++) {
		struct packet p = { .ts = id };
		struct piece s = { 0, 40000, 8000, true, 'a', id };
		struct dissection d;

		dissection_of(&s, bytes, &d);
		assert_null(fragments_take(f, &p, &d, &caplen, &wire_len));
	}
	assert_true(fragments_stats(f)->evicted > 4900);
	assert_true(fragments_stats(f)->unfinished < 100);
	fragments_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_in_any_order),
		cmocka_unit_test(datagrams_are_told_apart_by_id),
		cmocka_unit_test(the_first_arrival_wins),
		cmocka_unit_test(a_duplicate_is_no_conflict),
		cmocka_unit_test(impossible_pieces_are_bad),
		cmocka_unit_test(thirty_seconds_and_it_is_over),
		cmocka_unit_test(a_cut_piece_cuts_the_datagram),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
