/*
 * application.c - which protocol, and its bytes in order.
 *
 * A segment that comes before its turn leaves a gap: nothing is kept to be
 * read later.  The readers of protocols cope with gaps.
 */
#include <stdio.h>
#include <string.h>

#include "analysis/application.h"
#include "analysis/dns_stream.h"
#include "analysis/http.h"
#include "analysis/tls.h"
#include "base/seq.h"

enum protocol {
	PROTOCOL_UNDECIDED,
	PROTOCOL_HTTP,
	PROTOCOL_TLS,
	PROTOCOL_DNS,
	PROTOCOL_DONE,		/* known, nothing more to read, or unknown */
};

union reader {
	struct http http;
	struct tls tls;
	struct dns_stream dns;
};

/* What outlives a reader: a longer name keeps it. */
struct name {
	char text[96];
};

struct application {
	union reader *reader;
	struct name *name;
	uint32_t next[N_SIDES];	/* the byte that is read next, */
	bool begun[N_SIDES];	/* where there is one yet */
	uint8_t protocol;	/* enum protocol: what reads the bytes */
	uint8_t kind;		/* the same, when that is over */
	uint8_t greeting;	/* of greetings[], from 1; 0: none */
};

/* Who speaks first, and how. */
static const struct {
	const char *begin, *service;
} greetings[] = {
	{ "SSH-", "ssh" },	/* RFC 4253 s4.2 */
	{ "+OK", "pop3" },	/* RFC 1939 */
	{ "* OK", "imap" },	/* RFC 3501 */
	{ "220-", "smtp" }, { "220 ", "smtp" },	/* or FTP: RFC 959 */
	{ "EHLO ", "smtp" }, { "HELO ", "smtp" },
	{ "USER ", "ftp" },
	{ "RTSP/", "rtsp" }, { "SIP/2.0", "sip" }, { "INVITE ", "sip" },
	{ "PRI * HTTP/2", "http2" },	/* RFC 9113 s3.4 */
	{ "RFB 0", "vnc" },
	{ "*1\r\n$", "redis" }, { "*2\r\n$", "redis" },
	{ "*3\r\n$", "redis" },
	{ "\x13" "BitTorrent", "bittorrent" },
};

static const char *
service_of(const struct application *a)
{
	static const char *const word[] = {
		[PROTOCOL_HTTP] = "http",
		[PROTOCOL_TLS] = "tls",
		[PROTOCOL_DNS] = "dns",
		[PROTOCOL_DONE] = NULL,
	};

	return a->greeting ? greetings[a->greeting - 1].service
			   : word[a->kind];
}

static bool
take_reader(struct application *a, struct analysis *an)
{
	a->reader = block_alloc(an->blocks, BLOCK_APPLICATION,
				sizeof(*a->reader));
	return a->reader != NULL;
}

static void
decide(struct application *a, struct analysis *an, const struct seg_event *ev,
       const uint8_t *bytes, size_t n)
{
	a->protocol = PROTOCOL_DONE;
	if (http_is_request(bytes, n)) {
		a->kind = PROTOCOL_HTTP;
		if (take_reader(a, an)) {
			http_init(&a->reader->http, ev->side);
			a->protocol = a->kind;
		}
		return;
	}
	if (tls_is_hello(bytes, n)) {
		a->kind = PROTOCOL_TLS;
		if (take_reader(a, an)) {
			tls_init(&a->reader->tls, ev->side, ev->packet->ts,
				 ev->packet->number);
			a->protocol = a->kind;
		}
		return;
	}
	if (an->conn->port[SIDE_SERVER] == DNS_PORT &&
	    dns_stream_is_message(bytes, n)) {
		a->kind = PROTOCOL_DNS;
		if (take_reader(a, an)) {
			dns_stream_init(&a->reader->dns);
			a->protocol = a->kind;
		}
		return;
	}
	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++) {
		size_t len = strlen(greetings[i].begin);

		if (n >= len && memcmp(bytes, greetings[i].begin, len) == 0) {
			a->greeting = (uint8_t)(i + 1);
			return;
		}
	}
}

static void
gap(struct application *a, enum side side, uint64_t n)
{
	if (a->protocol == PROTOCOL_HTTP)
		http_gap(&a->reader->http, side, n);
	else if (a->protocol == PROTOCOL_TLS)
		tls_gap(&a->reader->tls, side, n);
	else if (a->protocol == PROTOCOL_DNS)
		dns_stream_gap(&a->reader->dns, side);
}

static void
data(struct application *a, struct analysis *an, const struct seg_event *ev,
     const uint8_t *bytes, size_t n, uint64_t seq)
{
	if (a->protocol == PROTOCOL_UNDECIDED)
		decide(a, an, ev, bytes, n);
	if (a->protocol == PROTOCOL_HTTP)
		http_data(&a->reader->http, an, ev->side, bytes, n, seq,
			  ev->packet->ts, ev->packet->number);
	else if (a->protocol == PROTOCOL_DNS)
		dns_stream_data(&a->reader->dns, an, ev, bytes, n);
	else if (a->protocol == PROTOCOL_TLS &&
		 !tls_data(&a->reader->tls, ev->side, bytes, n,
			   ev->packet->ts, ev->packet->number)) {
		tls_put(&a->reader->tls, an);
		a->protocol = PROTOCOL_DONE;
	}
}

/* The name of the server; "": not known. */
static const char *
server_name(const struct application *a)
{
	if (a->name)
		return a->name->text;
	if (!a->reader)
		return "";
	if (a->kind == PROTOCOL_DNS)
		return "";
	return a->kind == PROTOCOL_HTTP ? a->reader->http.host
					: a->reader->tls.server_name;
}

static bool
keep_name(struct application *a, struct analysis *an)
{
	const char *name = server_name(a);
	size_t n = strlen(name);

	if (n == 0)
		return true;
	if (n < sizeof(a->name->text))
		a->name = block_alloc(an->blocks, BLOCK_NAME,
				      sizeof(*a->name));
	if (a->name)
		memcpy(a->name->text, name, n + 1);
	return a->name;
}

static void
close_reader(struct application *a, struct analysis *an)
{
	if (a->kind == PROTOCOL_HTTP)
		http_close(&a->reader->http, an);
	else if (a->kind == PROTOCOL_TLS)
		tls_close(&a->reader->tls, an);
	else
		dns_stream_close(&a->reader->dns, an);
	block_free(an->blocks, BLOCK_APPLICATION, a->reader);
	a->reader = NULL;
	a->protocol = PROTOCOL_DONE;
}

/* Both ends know that all was said: the reader need not wait with them for
   the end of TIME-WAIT. */
static bool
all_is_said(const struct conn *c)
{
	return c->half[SIDE_CLIENT].fin_acked && c->half[SIDE_SERVER].fin_acked;
}

static void
application_segment(void *state, struct analysis *an,
		    const struct seg_event *ev)
{
	struct application *a = state;
	uint64_t seq = ev->data, end = ev->data + ev->seg->len, next;
	struct cursor c = ev->d->payload;
	size_t captured;

	if (a->reader && all_is_said(an->conn) && keep_name(a, an))
		close_reader(a, an);
	if (a->protocol == PROTOCOL_DONE || ev->seg->len == 0 || ev->stray)
		return;
	next = a->begun[ev->side] ? seq_unwrap(a->next[ev->side], seq)
				  : an->conn->half[ev->side].isn + 1;
	if (end <= next)
		return;
	if (seq > next)
		gap(a, ev->side, seq - next);
	else
		cursor_bytes(&c, (size_t)(next - seq));
	seq = seq > next ? seq : next;
	captured = cursor_left(&c);
	if (captured > end - seq)
		captured = (size_t)(end - seq);
	if (captured > 0)
		data(a, an, ev, c.pos, captured, seq);
	else if (a->protocol == PROTOCOL_UNDECIDED)
		a->protocol = PROTOCOL_DONE;	/* headers only */
	if (captured < end - seq)
		gap(a, ev->side, end - seq - captured);
	a->begun[ev->side] = true;
	a->next[ev->side] = (uint32_t)end;
}

static void
application_update(void *state, struct analysis *an,
		   struct connection_row *row,
		   struct endpoint_row end[N_SIDES])
{
	struct application *a = state;
	const char *name = server_name(a);

	(void)end;
	row->service = service_of(a);
	if (name[0]) {
		snprintf(an->close_text, CLOSE_TEXT_SIZE, "%s", name);
		row->server_name = an->close_text;
	}
}

static void
application_close(void *state, struct analysis *an,
		  struct connection_row *row,
		  struct endpoint_row end[N_SIDES])
{
	struct application *a = state;

	application_update(state, an, row, end);
	if (a->reader)
		close_reader(a, an);
	block_free(an->blocks, BLOCK_NAME, a->name);
}

const struct analyzer application_analyzer = {
	.name = "application",
	.state_size = sizeof(struct application),
	.segment = application_segment,
	.update = application_update,
	.close = application_close,
};
