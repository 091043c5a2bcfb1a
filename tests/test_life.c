/*
 * test_life.c - the states of both ends, from the packets that were seen.
 *
 * "c" and "s" are the lives of the client and the server: the states each
 * entered, in order.  In the tables 1 s RTT is 0.1, so that the capture stands
 * at the client where answers to its segments take 0.1 and its own answers
 * 0.001, at the server the other way round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/segments.h"

struct lives {
	char c[512], s[512];
	struct tcp_life life;
	int n;
};

static const char *
short_name(unsigned state)
{
	static const char *const name[N_TCP_STATES] = {
		"?", "LISTEN", "SYNSENT", "SYNRCVD", "ESTAB", "FW1", "FW2",
		"CLOSEWAIT", "CLOSING", "LASTACK", "TIMEWAIT", "CLOSED",
	};

	return name[state];
}

static void
append(char text[512], const char *what)
{
	size_t n = strlen(text);

	if (n > 480)		/* random ones may be long */
		return;
	snprintf(text + n, 512 - n, "%s%s", n ? " " : "", what);
}

static void
on_close(void *ctx, struct conn *c)
{
	struct lives *l = ctx;

	if (l->n++) {
		append(l->c, "|");
		append(l->s, "|");
	}
	conn_life(c, &l->life);
	for (int i = 0; i < l->life.n_changes; i++) {
		const struct tcp_state_change *ch = &l->life.change[i];

		append(ch->side == SIDE_CLIENT ? l->c : l->s,
		       short_name(ch->new_state));
	}
}

static void
live(struct lives *l, const struct segment *s, size_t n)
{
	const struct tracker_observer observer = { .conn_close = on_close };
	struct tracker_config cfg;
	struct tracker *t;
	struct conn *c;

	memset(l, 0, sizeof(*l));
	tracker_config_init(&cfg, 0, 1 << 20);
	t = tracker_open(&cfg, &observer, l);
	for (size_t i = 0; i < n; i++)
		segment_track(t, &s[i], i + 1);
	tracker_finish(t, (nstime)(s[n - 1].at * 1e9));
	while ((c = tracker_next(t)))
		tracker_close_conn(t, c);
	tracker_close(t);
}

#define LIVES(client, server, ...) do { \
	static const struct segment table[] = { __VA_ARGS__ }; \
	struct lives l; \
	live(&l, table, sizeof(table) / sizeof(*table)); \
	assert_string_equal(l.c, client); \
	assert_string_equal(l.s, server); \
} while (0)

/* At the client: SYN 100, SYN-ACK 500, 0.1 s RTT. */
#define OPEN_C \
	{ 0, '>', "S", 100, 0, 0 }, \
	{ .1, '<', "S.", 500, 101, 0 }, \
	{ .101, '>', ".", 101, 501, 0 }

#define OPEN_S \
	{ 0, '>', "S", 100, 0, 0 }, \
	{ .001, '<', "S.", 500, 101, 0 }, \
	{ .1, '>', ".", 101, 501, 0 }

/* Another flow: the capture goes on until then. */
#define LATER(at) { at, '>', "S", 1, 0, 0, .port = 9 }

/* RFC 9293 s3.6, figure 12 */
static void
normal_close(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB FW1 FW2 TIMEWAIT",
	      "SYNRCVD ESTAB CLOSEWAIT LASTACK CLOSED",
	      OPEN_C,
	      { 1, '>', "F.", 101, 501, 0 },
	      { 1.1, '<', ".", 501, 102, 0 },
	      { 1.2, '<', "F.", 501, 102, 0 },
	      { 1.201, '>', ".", 102, 502, 0 });
}

/* The FIN has the ACK as well: Linux passes through FIN-WAIT-2. */
static void
fin_and_ack_in_one(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSEWAIT LASTACK CLOSED",
	      "SYNRCVD ESTAB FW1 FW2 TIMEWAIT",
	      OPEN_S,
	      { 1, '<', "F.", 501, 101, 0 },
	      { 1.1, '>', "F.", 101, 502, 0 },
	      { 1.101, '<', ".", 502, 102, 0 });
}

/* RFC 9293 s3.6, figure 13 */
static void
simultaneous_close(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB FW1 CLOSING TIMEWAIT",
	      "SYNRCVD ESTAB FW1 CLOSING TIMEWAIT",
	      OPEN_C,
	      { 1, '>', "F.", 101, 501, 0 },
	      { 1.02, '<', "F.", 501, 101, 0 },
	      { 1.021, '>', ".", 102, 502, 0 },
	      { 1.1, '<', ".", 502, 102, 0 });
}

/* RFC 9293 s3.5, figure 7 */
static void
simultaneous_open(void **unused)
{
	(void)unused;
	LIVES("SYNSENT SYNRCVD ESTAB", "SYNSENT SYNRCVD ESTAB",
	      { 0, '>', "S", 100, 0, 0 },
	      { .04, '<', "S", 500, 0, 0 },
	      { .041, '>', "S.", 100, 501, 0 },
	      { .1, '<', "S.", 500, 101, 0 },
	      { .101, '>', ".", 101, 501, 0 },
	      { .141, '<', ".", 501, 101, 0 });
}

static void
half_close(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB FW1 FW2", "SYNRCVD ESTAB CLOSEWAIT",
	      OPEN_C,
	      { 1, '>', "F.", 101, 501, 0 },
	      { 1.1, '<', ".", 501, 102, 1000 },
	      { 1.101, '>', ".", 102, 1501, 0 },
	      { 9, '<', ".", 1501, 102, 1000 },
	      { 9.001, '>', ".", 102, 2501, 0 });
}

/* RFC 9293 s3.10.7.3; the server was never more than a listener, if that. */
static void
refused(void **unused)
{
	(void)unused;
	LIVES("SYNSENT CLOSED", "",
	      { 0, '>', "S", 100, 0, 0 },
	      { .1, '<', "R.", 0, 101, 0 });
}

/* In SYN-SENT an RST needs the right ACK. */
static void
forged_refusal(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB", "SYNRCVD ESTAB",
	      { 0, '>', "S", 100, 0, 0 },
	      { .05, '<', "R.", 0, 999, 0 },
	      { .1, '<', "S.", 500, 101, 0 },
	      { .101, '>', ".", 101, 501, 0 },
	      { .3, '>', "P.", 101, 501, 9 },
	      { .4, '<', ".", 501, 110, 0 });
}

/* Concluded only when the next SYN would have come. */
static void
connect_timeout(void **unused)
{
	(void)unused;
	LIVES("SYNSENT", "",
	      { 0, '>', "S", 100, 0, 0 },
	      { 1, '>', "S", 100, 0, 0 },
	      { 3, '>', "S", 100, 0, 0 });
	LIVES("SYNSENT CLOSED | SYNSENT", "|",
	      { 0, '>', "S", 100, 0, 0 },
	      { 1, '>', "S", 100, 0, 0 },
	      { 3, '>', "S", 100, 0, 0 }, LATER(9));
}

/* The server keeps SYN-RECEIVED until an ACK comes through. */
static void
handshake_ack_lost(void **unused)
{
	struct segment s[] = {
		OPEN_C,
		{ 1.1, '<', "S.", 500, 101, 0 },
		{ 1.101, '>', ".", 101, 501, 0 },
		{ 2, '>', "P.", 101, 501, 10 },
		{ 2.1, '<', ".", 501, 111, 0 },
	};
	struct lives l;

	(void)unused;
	live(&l, s, sizeof(s) / sizeof(*s));
	assert_string_equal(l.c, "SYNSENT ESTAB");
	assert_string_equal(l.s, "SYNRCVD ESTAB");
	assert_int_equal(l.life.change[3].side, SIDE_SERVER);
	assert_int_equal(l.life.change[3].frame, 5);
}

/* Accept queue full: ACKs are dropped; an RST without ACK in the end. */
static void
never_accepted(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSED", "SYNRCVD CLOSED",
	      OPEN_C,
	      { .2, '>', "P.", 101, 501, 10 },
	      { .5, '>', "P.", 101, 501, 10 },
	      { 1.1, '<', "S.", 500, 101, 0 },
	      { 1.101, '>', ".", 111, 501, 0 },
	      { 3.1, '<', "S.", 500, 101, 0 },
	      { 3.101, '>', ".", 111, 501, 0 },
	      { 5, '>', "P.", 101, 501, 10 },
	      { 9, '>', "P.", 101, 501, 10 },
	      { 9.1, '<', "R", 501, 0, 0 });
	/* tcp_abort_on_overflow */
	LIVES("SYNSENT ESTAB CLOSED", "SYNRCVD CLOSED",
	      OPEN_C, { .2, '<', "R", 501, 0, 0 });
}

/* An RST with an ACK comes from an end that had the connection. */
static void
aborted_by_the_server(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSED", "SYNRCVD ESTAB CLOSED",
	      OPEN_C, { .3, '<', "R.", 501, 101, 0 });
}

static void
reset_by_the_client(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSED", "SYNRCVD ESTAB CLOSED",
	      OPEN_S,
	      { 1, '>', "P.", 101, 501, 10 },
	      { 1.001, '<', ".", 501, 111, 0 },
	      { 2, '>', "R.", 111, 501, 0 });
}

/* RFC 5961 s3.2: neither forged RST ends it; both ends go on. */
static void
rst_out_of_place(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB", "SYNRCVD ESTAB",
	      OPEN_S,
	      { 1, '>', "R", 77777777, 0, 0 },
	      { 2, '>', "R", 5000, 0, 0 },
	      { 2.001, '<', ".", 501, 101, 0 },
	      { 3, '>', "P.", 101, 501, 10 },
	      { 3.001, '<', ".", 501, 111, 0 });
}

/* Exactly rcv_nxt: the server believes it, the client knows nothing of it
   until its next segment is answered. */
static void
rst_injected(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSED", "SYNRCVD ESTAB CLOSED",
	      OPEN_S,
	      { .2, '>', "P.", 101, 501, 10 },
	      { .201, '<', ".", 501, 111, 0 },
	      { 1, '>', "R", 111, 0, 0, .ttl = 33 },
	      { 3, '>', "P.", 111, 501, 10 },
	      { 3.001, '<', "R", 501, 0, 0 });
}

/* The FIN waits for the data in front of it. */
static void
fin_overtakes_data(void **unused)
{
	struct segment s[] = {
		OPEN_S,
		{ 1, '>', "F.", 111, 501, 0 },
		{ 1.001, '<', ".", 501, 101, 0 },
		{ 1.3, '>', "P.", 101, 501, 10 },
		{ 1.301, '<', ".", 501, 112, 0 },
		{ 1.4, '<', "F.", 501, 112, 0 },
		{ 1.5, '>', ".", 112, 502, 0 },
	};
	struct lives l;

	(void)unused;
	live(&l, s, sizeof(s) / sizeof(*s));
	assert_string_equal(l.c, "SYNSENT ESTAB FW1 FW2 TIMEWAIT");
	assert_string_equal(l.s, "SYNRCVD ESTAB CLOSEWAIT LASTACK CLOSED");
}

/* The first two never arrived. */
static void
fin_lost(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB FW1", "SYNRCVD ESTAB",
	      OPEN_C,
	      { 1, '>', "F.", 101, 501, 0 },
	      { 1.3, '>', "F.", 101, 501, 0 },
	      { 1.9, '>', "F.", 101, 501, 0 });
	LIVES("SYNSENT ESTAB FW1 FW2", "SYNRCVD ESTAB CLOSEWAIT",
	      OPEN_C,
	      { 1, '>', "F.", 101, 501, 0 },
	      { 1.3, '>', "F.", 101, 501, 0 },
	      { 1.4, '<', ".", 501, 102, 0 });
}

/* LAST-ACK sends its FIN again until TIME-WAIT's ACK comes through. */
static void
last_ack_lost(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSEWAIT LASTACK",
	      "SYNRCVD ESTAB FW1 FW2 TIMEWAIT",
	      OPEN_S,
	      { 1, '<', "F.", 501, 101, 0 },
	      { 1.1, '>', "F.", 101, 502, 0 },
	      { 1.101, '<', ".", 502, 102, 0 },
	      { 1.5, '>', "F.", 101, 502, 0 });
	LIVES("SYNSENT ESTAB CLOSEWAIT LASTACK CLOSED",
	      "SYNRCVD ESTAB FW1 FW2 TIMEWAIT",
	      OPEN_S,
	      { 1, '<', "F.", 501, 101, 0 },
	      { 1.1, '>', "F.", 101, 502, 0 },
	      { 1.101, '<', ".", 502, 102, 0 },
	      { 1.5, '>', "F.", 101, 502, 0 },
	      { 1.501, '<', ".", 502, 102, 0 });
}

/* Data for an end that has closed: FIN-WAIT-2 without an owner. */
static void
data_after_close(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSEWAIT CLOSED", "SYNRCVD ESTAB FW1 FW2 CLOSED",
	      OPEN_C,
	      { 1, '<', "F.", 501, 101, 0 },
	      { 1.001, '>', ".", 101, 502, 0 },
	      { 5, '>', "P.", 101, 502, 10 },
	      { 5.1, '<', "R", 502, 0, 0 });
}

static void
time_wait_lasts_two_msl(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB FW1 FW2 TIMEWAIT CLOSED | SYNSENT",
	      "SYNRCVD ESTAB CLOSEWAIT LASTACK CLOSED |",
	      OPEN_C,
	      { 1, '>', "F.", 101, 501, 0 },
	      { 1.1, '<', "F.", 501, 102, 0 },
	      { 1.101, '>', ".", 102, 502, 0 }, LATER(62));
}

/* Unanswered keepalives, then an RST that nobody is there to get. */
static void
keepalive_fails(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSED", "SYNRCVD ESTAB",
	      OPEN_C,
	      { 1, '>', "P.", 101, 501, 10 },
	      { 1.1, '<', ".", 501, 111, 0 },
	      { 11, '>', ".", 110, 501, 0 },
	      { 12, '>', ".", 110, 501, 0 },
	      { 13, '>', ".", 110, 501, 0 },
	      { 14, '>', ".", 110, 501, 0 },
	      { 15, '>', "R.", 111, 501, 0 });
}

static void
peer_vanished(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSED | SYNSENT", "SYNRCVD ESTAB |",
	      OPEN_C,
	      { 1, '>', "P.", 101, 501, 10 },
	      { 1.3, '>', "P.", 101, 501, 10 },
	      { 1.9, '>', "P.", 101, 501, 10 },
	      { 3.1, '>', "P.", 101, 501, 10 }, LATER(9));
}

static void
capture_begins_in_the_middle(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB FW1 FW2", "SYNRCVD ESTAB CLOSEWAIT",
	      { 1, '<', "P.", 501, 101, 10 },
	      { 1.001, '>', ".", 101, 511, 0 },
	      { 2, '>', "F.", 101, 511, 0 },
	      { 2.1, '<', ".", 511, 102, 0 });
}

static void
one_direction_only(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB FW1 FW2 TIMEWAIT",
	      "SYNRCVD ESTAB CLOSEWAIT LASTACK CLOSED",
	      { 0, '>', "S", 100, 0, 0 },
	      { .1, '>', ".", 101, 501, 0 },
	      { .2, '>', "P.", 101, 501, 10 },
	      { .3, '>', ".", 111, 1501, 0 },
	      { 1, '>', "F.", 111, 1501, 0 },
	      { 1.1, '>', ".", 112, 1502, 0 });
}

/* A SYN that comes twice, the second time into the living connection. */
static void
syn_duplicated(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB", "SYNRCVD ESTAB",
	      { 0, '>', "S", 100, 0, 0 },
	      { .001, '<', "S.", 500, 101, 0 },
	      { .002, '>', "S", 100, 0, 0 },
	      { .003, '<', "S.", 500, 101, 0 },
	      { .1, '>', ".", 101, 501, 0 },
	      { .2, '>', "S", 100, 0, 0 },
	      { .201, '<', ".", 501, 101, 0 });
}

/* Forged, or an old one: nobody is in SYN-SENT for it. */
static void
syn_into_a_living_connection(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB |", "SYNRCVD ESTAB |",
	      OPEN_S,
	      { 1, '>', "S", 7777, 0, 0 },
	      { 1.001, '<', ".", 501, 101, 0 },
	      { 2, '>', "P.", 101, 501, 10 },
	      { 2.001, '<', ".", 501, 111, 0 });
}

/* RFC 6191: what is older than what was there does not reopen TIME-WAIT. */
static void
old_syn_meets_time_wait(void **unused)
{
	(void)unused;
	LIVES("SYNSENT ESTAB CLOSEWAIT LASTACK CLOSED |",
	      "SYNRCVD ESTAB FW1 FW2 TIMEWAIT |",
	      OPEN_S,
	      { 1, '<', "F.", 501, 101, 0 },
	      { 1.1, '>', "F.", 101, 502, 0 },
	      { 1.101, '<', ".", 502, 102, 0 },
	      { 2, '>', "S", 90, 0, 0 },
	      { 2.001, '<', ".", 502, 102, 0 });
	LIVES("SYNSENT ESTAB CLOSEWAIT LASTACK CLOSED | SYNSENT ESTAB",
	      "SYNRCVD ESTAB FW1 FW2 TIMEWAIT | SYNRCVD ESTAB",
	      OPEN_S,
	      { 1, '<', "F.", 501, 101, 0 },
	      { 1.1, '>', "F.", 101, 502, 0 },
	      { 1.101, '<', ".", 502, 102, 0 },
	      { 2, '>', "S", 9000, 0, 0 },
	      { 2.001, '<', "S.", 700, 9001, 0 },
	      { 2.1, '>', ".", 9001, 701, 0 });
}

/* The client closed before the SYN-ACK came. */
static void
client_gave_up_connecting(void **unused)
{
	(void)unused;
	LIVES("SYNSENT CLOSED", "SYNRCVD CLOSED",
	      { 0, '>', "S", 100, 0, 0 },
	      { .6, '<', "S.", 500, 101, 0 },
	      { .601, '>', "R", 101, 0, 0 });
}

static bool
is_transition(const struct tcp_state_change *ch)
{
	for (unsigned e = 0; e < N_TCP_EVENTS; e++)
		if (tcp_state_next((enum tcp_state)ch->old_state,
				   (enum tcp_event)e) == ch->new_state)
			return true;
	return false;
}

/* Each end goes by the table, from where it was, forwards in time. */
static void
check_legal(const struct tcp_life *life)
{
	unsigned at[N_SIDES] = { 0, 0 };
	nstime ts[N_SIDES] = { INT64_MIN, INT64_MIN };

	for (int i = 0; i < life->n_changes; i++) {
		const struct tcp_state_change *ch = &life->change[i];

		assert_true(is_transition(ch));
		assert_true(!at[ch->side] || at[ch->side] == ch->old_state);
		assert_true(ch->ts >= ts[ch->side]);
		at[ch->side] = ch->new_state;
		ts[ch->side] = ch->ts;
	}
}

/* A whole connection, some of its packets lost, doubled, in another order:
   whatever is concluded from the rest, no state is reached by an unlawful
   way. */
static void
random_losses_give_legal_lives(void **unused)
{
	static const struct segment whole[] = {
		OPEN_C,
		{ .2, '>', "P.", 101, 501, 100 },
		{ .3, '<', ".", 501, 201, 0 },
		{ .31, '<', "P.", 501, 201, 200 },
		{ .311, '>', ".", 201, 701, 0 },
		{ 1, '>', "F.", 201, 701, 0 },
		{ 1.1, '<', "F.", 701, 202, 0 },
		{ 1.101, '>', ".", 202, 702, 0 },
		{ 2, '<', "R", 702, 0, 0 },
		{ 3, '>', "S", 9000, 0, 0 },
		{ 3.1, '<', "S.", 7000, 9001, 0 },
	};
	const size_t n_whole = sizeof(whole) / sizeof(*whole);

	(void)unused;
	srand(11);
	for (int round = 0; round < 3000; round++) {
		struct segment s[2 * sizeof(whole) / sizeof(*whole)];
		struct lives l;
		size_t n = 0;

		for (size_t i = 0; i < n_whole; i++)
			for (int copies = rand() % 3; copies > 0; copies--)
				s[n++] = whole[i];
		for (int swaps = rand() % 4; swaps > 0 && n > 1; swaps--) {
			size_t i = (size_t)rand() % (n - 1);
			struct segment t = s[i];

			s[i] = s[i + 1];
			s[i + 1] = t;
		}
		if (n == 0)
			continue;
		live(&l, s, n);
		check_legal(&l.life);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_close),
		cmocka_unit_test(fin_and_ack_in_one),
		cmocka_unit_test(simultaneous_close),
		cmocka_unit_test(simultaneous_open),
		cmocka_unit_test(half_close),
		cmocka_unit_test(refused),
		cmocka_unit_test(forged_refusal),
		cmocka_unit_test(connect_timeout),
		cmocka_unit_test(handshake_ack_lost),
		cmocka_unit_test(never_accepted),
		cmocka_unit_test(aborted_by_the_server),
		cmocka_unit_test(reset_by_the_client),
		cmocka_unit_test(rst_out_of_place),
		cmocka_unit_test(rst_injected),
		cmocka_unit_test(fin_overtakes_data),
		cmocka_unit_test(fin_lost),
		cmocka_unit_test(last_ack_lost),
		cmocka_unit_test(data_after_close),
		cmocka_unit_test(time_wait_lasts_two_msl),
		cmocka_unit_test(keepalive_fails),
		cmocka_unit_test(peer_vanished),
		cmocka_unit_test(capture_begins_in_the_middle),
		cmocka_unit_test(one_direction_only),
		cmocka_unit_test(syn_duplicated),
		cmocka_unit_test(syn_into_a_living_connection),
		cmocka_unit_test(old_syn_meets_time_wait),
		cmocka_unit_test(client_gave_up_connecting),
		cmocka_unit_test(random_losses_give_legal_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
