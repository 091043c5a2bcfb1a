/*
 * test_application.c - DNS, HTTP and TLS out of bytes, whole and cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/dns.h"
#include "analysis/http.h"
#include "analysis/tls.h"
#include "dissect/dns.h"

/* --- DNS ------------------------------------------------------------------ */

/* 0xbeef, response, one question, three answers: www.example.org A;
   a CNAME by pointer, two addresses. */
static const uint8_t answer[] =
	"\xbe\xef\x81\x80\0\1\0\3\0\0\0\0"
	"\3www\7example\3org\0\0\1\0\1"
	"\xc0\x0c\0\5\0\1\0\0\0\x3c\0\4\1a\xc0\x10"
	"\xc0\x2d\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1"
	"\xc0\x2d\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\2";
#define ANSWER_LEN (sizeof(answer) - 1)

/* RFC 1035 s4.1.4: names by pointers. */
static void
dns_names_and_addresses_are_read(void **unused)
{
	struct cursor c = cursor_init(answer, ANSWER_LEN, ANSWER_LEN);
	struct dns_message m;

	(void)unused;
	assert_int_equal(dns_read(&c, &m), CURSOR_OK);
	assert_true(m.response);
	assert_int_equal(m.id, 0xbeef);
	assert_string_equal(m.name, "www.example.org");
	assert_string_equal(dns_type_name(m.qtype), "A");
	assert_string_equal(m.answers, "a.example.org,192.0.2.1,192.0.2.2");
	assert_int_equal(m.n_addrs, 2);
	assert_string_equal(dns_rcode_name(3), "NXDOMAIN");
}

static void
dns_cut_anywhere_is_cut_and_not_bad(void **unused)
{
	(void)unused;
	for (size_t n = 0; n < ANSWER_LEN; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct cursor c = cursor_init(copy, n, ANSWER_LEN);
		struct dns_message m;

		memcpy(copy, answer, n);
		assert_int_equal(dns_read(&c, &m), CURSOR_CUT);
		free(copy);
	}
}

/* A pointer to itself, and one forwards. */
static void
dns_pointers_must_lead_back(void **unused)
{
	static const uint8_t loop[] = "\0\1\1\0\0\1\0\0\0\0\0\0"
				      "\xc0\x0c\0\1\0\1";
	struct cursor c = cursor_init(loop, sizeof(loop) - 1, sizeof(loop) - 1);
	struct dns_message m;

	(void)unused;
	assert_int_equal(dns_read(&c, &m), CURSOR_BAD);
	assert_string_equal(m.name, "");
}

/* --- rows ----------------------------------------------------------------- */

struct rows {
	unsigned n;
	struct request_row request[8];
	char uri[8][64], host[8][64];
	struct tls_handshake_row tls;
	char server_name[64], version[16], alert[32];
	char codes[128];
};

static void
keep(void *ctx, enum row_table table, const void *row)
{
	struct rows *r = ctx;

	if (table == ROW_REQUEST) {
		const struct request_row *q = row;

		assert_true(r->n < 8);
		r->request[r->n] = *q;
		snprintf(r->uri[r->n], 64, "%s", q->uri);
		snprintf(r->host[r->n], 64, "%s", q->host ? q->host : "");
		r->n++;
	} else if (table == ROW_TLS_HANDSHAKE) {
		const struct tls_handshake_row *t = row;

		r->tls = *t;
		snprintf(r->server_name, 64, "%s",
			 t->server_name ? t->server_name : "");
		snprintf(r->version, 16, "%s", t->version ? t->version : "");
		snprintf(r->alert, 32, "%s", t->alert ? t->alert : "");
	} else if (table == ROW_FINDING) {
		strcat(r->codes, ((const struct finding_row *)row)->code);
		strcat(r->codes, " ");
	}
}

struct bench {
	struct rows rows;
	struct row_sink sink;
	struct conn conn;
	struct round_trips rtt;
	struct analysis an;
	struct http http;
	struct tls tls;
	uint64_t seq[N_SIDES];
};

static void
bench_init(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->sink.put = keep;
	b->sink.ctx = &b->rows;
	b->an.conn = &b->conn;
	b->an.sink = &b->sink;
	b->an.rtt = &b->rtt;
	b->seq[0] = b->seq[1] = 1;
	http_init(&b->http, SIDE_CLIENT);
}

static void
say(struct bench *b, enum side side, const char *text, double at)
{
	size_t n = strlen(text);

	http_data(&b->http, &b->an, side, (const uint8_t *)text, n,
		  b->seq[side], (nstime)(at * 1e9), 1);
	b->seq[side] += n;
}

#define C SIDE_CLIENT
#define S SIDE_SERVER

/* The look-up before a connection is its first request's; an old one, or of
   another address, is not. */
static void
requests_know_their_look_up(void **unused)
{
	static const struct addr client = { { 1 } }, server = { { 2 } };
	const struct capture_analyzer *a = &dns_across_analyzer;
	struct row_sink sink = { .put = keep };
	struct dns_query_row dns;
	struct request_row q;
	void *state = capture_analyzer_open(a);

	(void)unused;
	assert_non_null(state);
	row_init(ROW_DNS_QUERY, &dns);
	dns.ts_ns = 10 * NS_PER_S;
	dns.rtt_ns = 30 * NS_PER_MS;
	dns.queries = 1;
	dns.client_addr = client;
	dns.n_addrs = 1;
	dns.addr[0] = server;
	a->row(state, &sink, ROW_DNS_QUERY, &dns);
	row_init(ROW_REQUEST, &q);
	q.client_addr = client;
	q.server_addr = server;
	q.connect_start = 11 * NS_PER_S;
	a->amend(state, ROW_REQUEST, &q);
	assert_int_equal(q.dns_ns, 30 * NS_PER_MS);
	q.dns_ns = ROW_NULL;
	q.connect_start = 100 * NS_PER_S;
	a->amend(state, ROW_REQUEST, &q);
	assert_int_equal(q.dns_ns, ROW_NULL);
	q.connect_start = 11 * NS_PER_S;
	q.server_addr = client;
	a->amend(state, ROW_REQUEST, &q);
	assert_int_equal(q.dns_ns, ROW_NULL);
	capture_analyzer_close(a, state);
}

/* --- HTTP ----------------------------------------------------------------- */

static void
http_requests_are_timed_and_counted(void **unused)
{
	struct bench b;

	(void)unused;
	bench_init(&b);
	say(&b, C, "GET /a HTTP/1.1\r\nHost: x.example\r\n\r\n", 1.0);
	say(&b, S, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", 1.2);
	assert_int_equal(b.rows.n, 0);
	say(&b, S, "56789", 1.5);
	assert_int_equal(b.rows.n, 1);
	assert_string_equal(b.rows.uri[0], "/a");
	assert_string_equal(b.rows.host[0], "x.example");
	assert_int_equal(b.rows.request[0].status, 200);
	assert_int_equal(b.rows.request[0].first_byte_ns, 200 * NS_PER_MS);
	assert_int_equal(b.rows.request[0].transfer_ns, 300 * NS_PER_MS);
	assert_int_equal(b.rows.request[0].request_bytes, 36);
	assert_int_equal(b.rows.request[0].response_bytes, 49);
}

/* RFC 9112 s7.1; the pieces end anywhere. */
static void
http_chunks_end_with_the_last_chunk(void **unused)
{
	static const char text[] =
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
		"5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nTrailer: 1\r\n\r\n";

	(void)unused;
	for (size_t cut = 1; cut < sizeof(text) - 1; cut++) {
		struct bench b;
		char one[sizeof(text)];

		bench_init(&b);
		say(&b, C, "GET / HTTP/1.1\r\n\r\n", 1);
		memcpy(one, text, cut);
		one[cut] = '\0';
		say(&b, S, one, 2);
		assert_int_equal(b.rows.n, 0);
		say(&b, S, text + cut, 3);
		assert_int_equal(b.rows.n, 1);
	}
}

/* RFC 9112 s6.3: no body after HEAD, 204, 304; interim responses. */
static void
http_bodies_that_are_not_there(void **unused)
{
	struct bench b;

	(void)unused;
	bench_init(&b);
	say(&b, C, "HEAD / HTTP/1.1\r\n\r\n", 1);
	say(&b, S, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", 2);
	say(&b, C, "PUT /1 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 3);
	say(&b, S, "HTTP/1.1 100 Continue\r\n\r\n", 4);
	say(&b, S, "HTTP/1.1 204 No Content\r\n\r\n", 5);
	assert_int_equal(b.rows.n, 2);
	assert_int_equal(b.rows.request[1].status, 204);
}

/* Pipelining: answers in the order of the requests. */
static void
http_requests_in_a_row_are_matched(void **unused)
{
	struct bench b;

	(void)unused;
	bench_init(&b);
	say(&b, C, "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", 1);
	say(&b, S, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
		   "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 2);
	assert_int_equal(b.rows.n, 2);
	assert_string_equal(b.rows.uri[0], "/1");
	assert_int_equal(b.rows.request[0].status, 200);
	assert_string_equal(b.rows.uri[1], "/2");
	assert_int_equal(b.rows.request[1].status, 404);
}

/* A gap in a body is only bytes; in a head the reader waits for a new one. */
static void
http_gaps(void **unused)
{
	struct bench b;

	(void)unused;
	bench_init(&b);
	say(&b, C, "GET /1 HTTP/1.1\r\n\r\n", 1);
	say(&b, S, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 2);
	http_gap(&b.http, S, 999);
	say(&b, S, "x", 3);
	assert_int_equal(b.rows.n, 1);
	say(&b, C, "GET /2 HT", 4);
	http_gap(&b.http, C, 10);
	say(&b, C, "nonsense", 5);
	say(&b, C, "GET /3 HTTP/1.1\r\n\r\n", 6);
	say(&b, S, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 7);
	assert_int_equal(b.rows.n, 2);
	assert_string_equal(b.rows.uri[1], "/3");
}

static void
http_troubles_are_findings(void **unused)
{
	struct bench b;

	(void)unused;
	bench_init(&b);
	say(&b, C, "GET /1 HTTP/1.1\r\n\r\n", 1);
	say(&b, S, "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", 5);
	http_close(&b.http, &b.an);
	assert_string_equal(b.rows.codes, "proxy_backend_refused slow_server ");
	bench_init(&b);
	say(&b, C, "GET /1 HTTP/1.1\r\n\r\n", 1);
	say(&b, S, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1.5);
	http_close(&b.http, &b.an);
	assert_string_equal(b.rows.codes, "");
	/* acknowledged, and never answered */
	bench_init(&b);
	say(&b, C, "GET /1 HTTP/1.1\r\n\r\n", 1);
	b.conn.half[C].snd_una = b.seq[C];
	b.conn.last = 9 * NS_PER_S;
	http_close(&b.http, &b.an);
	assert_string_equal(b.rows.codes, "server_application_hangs ");
}

/* --- TLS ------------------------------------------------------------------ */

/* A ClientHello for "x.example" with ALPN h2 (RFC 8446 s4.1.2). */
static const uint8_t client_hello[] =
	"\x16\3\1\0\x4e\1\0\0\x4a\3\3"
	"0123456789abcdef0123456789abcdef"
	"\0\0\2\x13\1\1\0"
	"\0\x1f\0\0\0\x0e\0\x0c\0\0\x09x.example"
	"\0\x10\0\5\0\3\2h2\0\x2b\0\0";
/* A ServerHello: TLS 1.3, TLS_AES_128_GCM_SHA256. */
static const uint8_t server_hello[] =
	"\x16\3\3\0\x32\2\0\0\x2e\3\3"
	"0123456789abcdef0123456789abcdef"
	"\0\x13\1\0\0\6\0\x2b\0\2\3\4";
#define LEN(x) (sizeof(x) - 1)

static bool
speak(struct bench *b, enum side side, const void *bytes, size_t n, double at)
{
	return tls_data(&b->tls, side, bytes, n, (nstime)(at * 1e9), 1);
}

static void
tls_handshake_is_read_in_any_pieces(void **unused)
{
	(void)unused;
	assert_true(tls_is_hello(client_hello, LEN(client_hello)));
	for (size_t cut = 1; cut < LEN(client_hello); cut++) {
		struct bench b;

		bench_init(&b);
		tls_init(&b.tls, C, NS_PER_S, 1);
		assert_true(speak(&b, C, client_hello, cut, 1));
		assert_true(speak(&b, C, client_hello + cut,
				  LEN(client_hello) - cut, 1));
		assert_true(speak(&b, S, server_hello, LEN(server_hello), 2));
		assert_false(speak(&b, C, "\x17\3\3\0\2ab", 7, 3));
		tls_close(&b.tls, &b.an);
		assert_string_equal(b.rows.server_name, "x.example");
		assert_string_equal(b.rows.version, "TLSv1.3");
		assert_int_equal(b.rows.tls.established, 1);
		assert_int_equal(b.rows.tls.duration_ns, 2 * NS_PER_S);
		assert_string_equal(b.rows.codes, "");
	}
}

/* RFC 8446 s6.2 */
static void
tls_alerts_are_findings(void **unused)
{
	struct bench b;

	(void)unused;
	bench_init(&b);
	tls_init(&b.tls, C, NS_PER_S, 1);
	speak(&b, C, client_hello, LEN(client_hello), 1);
	speak(&b, S, server_hello, LEN(server_hello), 2);
	speak(&b, C, "\x15\3\3\0\2\2\x30", 7, 3);
	tls_close(&b.tls, &b.an);
	assert_string_equal(b.rows.alert, "unknown_ca");
	assert_string_equal(b.rows.codes, "tls_bad_certificate ");
	bench_init(&b);
	tls_init(&b.tls, C, NS_PER_S, 1);
	speak(&b, C, client_hello, LEN(client_hello), 1);
	speak(&b, S, "HTTP/1.1 400 Bad Request\r\n", 26, 2);
	tls_close(&b.tls, &b.an);
	assert_string_equal(b.rows.codes, "tls_to_plain_http ");
}

/* Hellos that are cut, or lie about lengths, are read as far as they go. */
static void
tls_survives_any_bytes(void **unused)
{
	(void)unused;
	srand(3);
	for (int round = 0; round < 2000; round++) {
		struct bench b;
		uint8_t bad[LEN(client_hello)];

		memcpy(bad, client_hello, sizeof(bad));
		for (int i = 0; i < 3; i++)
			bad[5 + (size_t)rand() % (sizeof(bad) - 5)] =
				(uint8_t)rand();
		bench_init(&b);
		tls_init(&b.tls, C, NS_PER_S, 1);
		speak(&b, C, bad, sizeof(bad), 1);
		speak(&b, S, bad, sizeof(bad), 1);
		tls_close(&b.tls, &b.an);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dns_names_and_addresses_are_read),
		cmocka_unit_test(dns_cut_anywhere_is_cut_and_not_bad),
		cmocka_unit_test(dns_pointers_must_lead_back),
		cmocka_unit_test(requests_know_their_look_up),
		cmocka_unit_test(http_requests_are_timed_and_counted),
		cmocka_unit_test(http_chunks_end_with_the_last_chunk),
		cmocka_unit_test(http_bodies_that_are_not_there),
		cmocka_unit_test(http_requests_in_a_row_are_matched),
		cmocka_unit_test(http_gaps),
		cmocka_unit_test(http_troubles_are_findings),
		cmocka_unit_test(tls_handshake_is_read_in_any_pieces),
		cmocka_unit_test(tls_alerts_are_findings),
		cmocka_unit_test(tls_survives_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
