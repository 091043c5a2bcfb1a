/*
 * tls.c - records, the two hellos, alerts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/tls.h"
#include "base/cursor.h"

enum record_type {
	RECORD_CCS = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_DATA = 23,
};

enum { CLIENT_HELLO = 1, SERVER_HELLO = 2 };

enum extension {
	EXT_SERVER_NAME = 0,	/* RFC 6066 s3 */
	EXT_ALPN = 16,		/* RFC 7301 */
	EXT_PSK = 41,		/* RFC 8446 s4.2.11 */
	EXT_VERSIONS = 43,	/* RFC 8446 s4.2.1 */
};

#define ALERT_NONE 0xff
#define LEVEL_FATAL 2

static const struct {
	uint8_t code;
	const char *name;
} alerts[] = {
	{ 0, "close_notify" }, { 10, "unexpected_message" },
	{ 20, "bad_record_mac" }, { 22, "record_overflow" },
	{ 40, "handshake_failure" }, { 42, "bad_certificate" },
	{ 43, "unsupported_certificate" }, { 44, "certificate_revoked" },
	{ 45, "certificate_expired" }, { 46, "certificate_unknown" },
	{ 47, "illegal_parameter" }, { 48, "unknown_ca" },
	{ 49, "access_denied" }, { 50, "decode_error" },
	{ 51, "decrypt_error" }, { 70, "protocol_version" },
	{ 71, "insufficient_security" }, { 80, "internal_error" },
	{ 86, "inappropriate_fallback" }, { 90, "user_canceled" },
	{ 109, "missing_extension" }, { 110, "unsupported_extension" },
	{ 112, "unrecognized_name" },
	{ 113, "bad_certificate_status_response" },
	{ 115, "unknown_psk_identity" }, { 116, "certificate_required" },
	{ 120, "no_application_protocol" },
};

static const struct {
	uint16_t code;
	const char *name;
} ciphers[] = {
	{ 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },
	{ 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA" },
	{ 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0x1301, "TLS_AES_128_GCM_SHA256" },
	{ 0x1302, "TLS_AES_256_GCM_SHA384" },
	{ 0x1303, "TLS_CHACHA20_POLY1305_SHA256" },
	{ 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
	{ 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
	{ 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
	{ 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
	{ 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
	{ 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
};

static const char *
version_name(unsigned version)
{
	switch (version) {
	case 0x0300:
		return "SSLv3";
	case 0x0301:
		return "TLSv1.0";
	case 0x0302:
		return "TLSv1.1";
	case 0x0303:
		return "TLSv1.2";
	case 0x0304:
		return "TLSv1.3";
	default:
		return NULL;
	}
}

static const char *
alert_name(unsigned code)
{
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		if (alerts[i].code == code)
			return alerts[i].name;
	return "unknown";
}

static const char *
cipher_name(unsigned code, char buf[16])
{
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++)
		if (ciphers[i].code == code)
			return ciphers[i].name;
	snprintf(buf, 16, "0x%04X", code);
	return buf;
}

bool
tls_is_hello(const uint8_t *bytes, size_t n)
{
	return n >= 6 && bytes[0] == RECORD_HANDSHAKE && bytes[1] == 3 &&
	       bytes[2] <= 4 && bytes[5] == CLIENT_HELLO;
}

void
tls_init(struct tls *t, enum side asker, nstime ts, uint64_t frame)
{
	t->asker = (uint8_t)asker;
	t->start = ts;
	t->frame = frame;
	t->alert = ALERT_NONE;
}

/* --- hellos --------------------------------------------------------------- */

static void
copy_text(char *to, size_t size, struct cursor *c, size_t n)
{
	const uint8_t *p = cursor_bytes(c, n);

	if (!p || n >= size)
		return;
	memcpy(to, p, n);
	to[n] = '\0';
}

static void
read_server_name(struct tls *t, struct cursor *ext)
{
	struct cursor list = cursor_sub(ext, cursor_u16(ext));

	while (list.status == CURSOR_OK && cursor_left(&list) > 0) {
		unsigned type = cursor_u8(&list);
		unsigned len = cursor_u16(&list);

		if (type == 0) {
			copy_text(t->server_name, sizeof(t->server_name),
				  &list, len);
			return;
		}
		cursor_bytes(&list, len);
	}
}

/* The first that is named: of a client an offer, of a server its choice. */
static void
read_alpn(struct tls *t, struct cursor *ext)
{
	struct cursor list = cursor_sub(ext, cursor_u16(ext));

	t->n_alpn = 0;
	while (list.status == CURSOR_OK && cursor_left(&list) > 0) {
		unsigned len = cursor_u8(&list);

		if (t->n_alpn++ == 0)
			copy_text(t->alpn, sizeof(t->alpn), &list, len);
		else
			cursor_bytes(&list, len);
	}
}

static void
read_extensions(struct tls *t, struct cursor *c, bool from_server)
{
	struct cursor all = cursor_sub(c, cursor_u16(c));

	while (all.status == CURSOR_OK && cursor_left(&all) > 0) {
		unsigned type = cursor_u16(&all);
		struct cursor ext = cursor_sub(&all, cursor_u16(&all));

		if (type == EXT_SERVER_NAME && !from_server)
			read_server_name(t, &ext);
		else if (type == EXT_ALPN)
			read_alpn(t, &ext);
		else if (type == EXT_PSK && from_server)
			t->resumed = true;
		else if (type == EXT_VERSIONS && from_server)
			t->version = cursor_u16(&ext);
	}
}

/* RFC 8446 s4.1.2, s4.1.3 */
static void
read_hello(struct tls *t, bool from_server)
{
	struct cursor c = cursor_init(t->hello, t->hello_len, t->hello_len);
	unsigned type = cursor_u8(&c), n;
	const uint8_t *session;

	cursor_bytes(&c, 3);
	if (type != (from_server ? SERVER_HELLO : CLIENT_HELLO))
		return;
	if (from_server)
		t->version = cursor_u16(&c);
	else
		cursor_u16(&c);
	cursor_bytes(&c, 32);
	n = cursor_u8(&c);
	session = cursor_bytes(&c, n);
	if (from_server) {
		/* TLS 1.2: the same session, which in TLS 1.3 says nothing */
		t->resumed = session && n > 0 && n == t->session_len &&
			     memcmp(session, t->session, n) == 0;
		t->cipher = cursor_u16(&c);
		cursor_u8(&c);
	} else {
		if (session && n <= sizeof(t->session)) {
			memcpy(t->session, session, n);
			t->session_len = (uint8_t)n;
		}
		cursor_bytes(&c, cursor_u16(&c));
		cursor_bytes(&c, cursor_u8(&c));
	}
	if (from_server) {
		bool same_session = t->resumed;

		t->resumed = false;
		read_extensions(t, &c, true);
		if (t->version < 0x0304)
			t->resumed = same_session;
	} else {
		read_extensions(t, &c, false);
	}
}

/* Collect a hello: its message says how long it is. */
static void
collect_hello(struct tls *t, enum side side, const uint8_t *bytes, size_t n)
{
	struct tls_reader *r = &t->reader[side];
	size_t room = TLS_HELLO_MAX - t->hello_len, want;

	if (n > room)
		n = room;
	memcpy(t->hello + t->hello_len, bytes, n);
	t->hello_len += (uint32_t)n;
	if (t->hello_len < 4)
		return;
	want = 4 + ((size_t)t->hello[1] << 16 | (size_t)t->hello[2] << 8 |
		    t->hello[3]);
	if (t->hello_len < want && t->hello_len < TLS_HELLO_MAX)
		return;
	read_hello(t, side != t->asker);
	r->hello_done = true;
	t->hello_len = 0;
}

/* --- records -------------------------------------------------------------- */

/*
 * The handshake is over when the client sent its Finished: in TLS 1.3 that is
 * its first protected record, before when both changed their cipher.
 */
static void
check_done(struct tls *t, nstime ts)
{
	const struct tls_reader *client = &t->reader[t->asker];
	const struct tls_reader *server = &t->reader[!t->asker];

	if (t->done != 0 || !server->hello_done)
		return;
	if (t->version >= 0x0304 ? client->data : client->ccs && server->ccs)
		t->done = ts;
}

static void
begin_record(struct tls *t, enum side side, nstime ts)
{
	struct tls_reader *r = &t->reader[side];

	r->type = r->header[0];
	r->left = (uint32_t)r->header[3] << 8 | r->header[4];
	r->header_len = 0;
	if (r->type < RECORD_CCS || r->type > RECORD_DATA + 1 ||
	    r->header[1] != 3) {
		r->lost = true;
		return;
	}
	r->ccs |= r->type == RECORD_CCS;
	r->data |= r->type == RECORD_DATA;
	if (r->type == RECORD_CCS || r->type == RECORD_DATA)
		check_done(t, ts);
}

static void
take_content(struct tls *t, enum side side, const uint8_t *bytes, size_t n,
	     uint64_t frame)
{
	struct tls_reader *r = &t->reader[side];

	if (r->type == RECORD_HANDSHAKE && !r->hello_done)
		collect_hello(t, side, bytes, n);
	/* A protected alert is longer than its two bytes. */
	if (r->type == RECORD_ALERT && r->left == 2 && n >= 2 &&
	    t->alert == ALERT_NONE && bytes[0] <= LEVEL_FATAL) {
		t->alert_level = bytes[0];
		t->alert = bytes[1];
		t->alert_side = (uint8_t)side;
		t->alert_frame = frame;
	}
}

bool
tls_data(struct tls *t, enum side side, const uint8_t *bytes, size_t n,
	 nstime ts, uint64_t frame)
{
	struct tls_reader *r = &t->reader[side];

	if (side != t->asker && !r->hello_done && n >= 5 &&
	    r->header_len == 0 && r->left == 0 &&
	    (memcmp(bytes, "HTTP/", 5) == 0 ||
	     memcmp(bytes, "<html", 5) == 0 ||
	     memcmp(bytes, "<!DOC", 5) == 0)) {
		t->plain_http = true;
		t->http_frame = frame;
		return false;
	}
	while (n > 0 && !r->lost) {
		size_t take;

		if (r->left == 0) {
			r->header[r->header_len++] = *bytes++;
			n--;
			if (r->header_len == sizeof(r->header))
				begin_record(t, side, ts);
			continue;
		}
		take = n < r->left ? n : r->left;
		take_content(t, side, bytes, take, frame);
		r->left -= (uint32_t)take;
		bytes += take;
		n -= take;
	}
	return t->done == 0 && !(t->reader[0].lost && t->reader[1].lost);
}

void
tls_gap(struct tls *t, enum side side, uint64_t n)
{
	struct tls_reader *r = &t->reader[side];

	if (n <= r->left && (r->hello_done || r->type != RECORD_HANDSHAKE))
		r->left -= (uint32_t)n;
	else
		r->lost = true;
}

/* --- the end -------------------------------------------------------------- */

void
tls_put(struct tls *t, struct analysis *an)
{
	struct tls_handshake_row row;
	char buf[16];

	if (t->told)
		return;
	t->told = true;
	row_init(ROW_TLS_HANDSHAKE, &row);
	row.conn = an->conn->handle;
	row.start_ns = t->start;
	if (t->done != 0)
		row.duration_ns = t->done - t->start;
	row.established = t->done != 0;
	if (t->server_name[0])
		row.server_name = t->server_name;
	if (t->reader[!t->asker].hello_done) {
		row.version = version_name(t->version);
		row.cipher = cipher_name(t->cipher, buf);
		row.resumed = t->resumed;
		/* In TLS 1.3 the choice is hidden, unless there was none. */
		if (t->n_alpn == 1)
			row.alpn = t->alpn;
	}
	if (t->alert != ALERT_NONE) {
		row.alert = alert_name(t->alert);
		row.alert_side = t->alert_side == SIDE_CLIENT ? "client"
							      : "server";
	}
	row_put(an->sink, ROW_TLS_HANDSHAKE, &row);
}

static void
put_finding(const struct tls *t, struct analysis *an, const char *code,
	    uint64_t frame, const char *title, const char *text,
	    const char *advice)
{
	struct finding_row row;

	row_init(ROW_FINDING, &row);
	row.conn = an->conn->handle;
	row.severity = "error";
	row.code = code;
	row.start_ns = t->start;
	row.end_ns = an->conn->last;
	row.confidence = 0.95;
	row.title = title;
	row.explanation = text;
	row.advice = advice;
	row.n_evidence = 2;
	row.evidence[0].frame_number = (int64_t)t->frame;
	row.evidence[0].note = "ClientHello";
	row.evidence[1].frame_number = (int64_t)frame;
	row.evidence[1].note = "what came";
	row_put(an->sink, ROW_FINDING, &row);
}

static void
put_alert(const struct tls *t, struct analysis *an)
{
	const char *who = t->alert_side == SIDE_CLIENT ? "client" : "server";
	const char *what = alert_name(t->alert);
	char title[160], text[400];

	/* close_notify and user_canceled are ordinary ends. */
	if (t->alert == ALERT_NONE || t->alert == 0 || t->alert == 90 ||
	    t->alert_level != LEVEL_FATAL)
		return;
	snprintf(title, sizeof(title), "the %s ended the TLS handshake: %s",
		 who, what);
	snprintf(text, sizeof(text),
		 "The %s sent the fatal alert '%s' %.3f s after the "
		 "ClientHello%s%s%s.", who, what,
		 (double)(an->conn->last - t->start) / 1e9,
		 t->server_name[0] ? " for the name '" : "",
		 t->server_name, t->server_name[0] ? "'" : "");
	if ((t->alert >= 42 && t->alert <= 46) || t->alert == 48 ||
	    t->alert == 113 || t->alert == 116)
		put_finding(t, an, "tls_bad_certificate", t->alert_frame,
			    title, text,
			    "The certificate is not trusted, expired, for "
			    "another name, or its chain is incomplete: openssl "
			    "s_client -connect HOST:PORT -servername NAME "
			    "shows it.");
	else if (t->alert == 70 || t->alert == 71 || t->alert == 86)
		put_finding(t, an, "tls_version_mismatch", t->alert_frame,
			    title, text,
			    "The two ends have no TLS version, or no strength, "
			    "in common. Compare their minimum versions.");
	else
		put_finding(t, an, "tls_alert", t->alert_frame, title, text,
			    "Compare cipher suites, names (SNI), and client "
			    "certificates that are asked for.");
}

void
tls_close(struct tls *t, struct analysis *an)
{
	tls_put(t, an);
	put_alert(t, an);
	if (t->plain_http)
		put_finding(t, an, "tls_to_plain_http", t->http_frame,
			    "TLS spoken to a plain HTTP server",
			    "The client began a TLS handshake and the server "
			    "answered with plain HTTP: it does not speak TLS "
			    "on this port. Clients report 'wrong version "
			    "number'.",
			    "https:// where http:// was meant, a wrong port, "
			    "or a server whose TLS is not configured.");
}
