/*
 * http.c - two readers of lines, and the requests between them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analysis/http.h"
#include "analysis/thresholds.h"

static const char *const methods[] = {
	"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ",
	"CONNECT ", "TRACE ", "PROPFIND ",
};

bool
http_is_request(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		size_t len = strlen(methods[i]);

		if (n > 0 && memcmp(bytes, methods[i], n < len ? n : len) == 0)
			return true;
	}
	return false;
}

static bool
is_response(const uint8_t *bytes, size_t n)
{
	return n >= 5 && memcmp(bytes, "HTTP/", 5) == 0;
}

void
http_init(struct http *h, enum side asker)
{
	h->asker = (uint8_t)asker;
}

/* --- requests ------------------------------------------------------------- */

static struct http_request *
request_at(struct http *h, unsigned i)
{
	return &h->pending[(h->first + i) % HTTP_PENDING];
}

/* The one whose response is being read, or comes next. */
static struct http_request *
oldest(struct http *h)
{
	return h->n > 0 ? request_at(h, 0) : NULL;
}

static void
judge(struct http *h, const struct analysis *an, const struct http_request *q)
{
	nstime think = q->first - q->sent - an->rtt->min[h->asker];

	if (q->first != 0 && think > threshold_time(an->sink,
						  THRESHOLD_HTTP_SLOW)) {
		h->slow++;
		if (think > h->slowest) {
			h->slowest = think;
			h->slow_frame = q->frame;
		}
	}
	if (q->status >= 500) {
		h->server_errors++;
		if (h->error_frame == 0) {
			h->error_frame = q->first_frame;
			h->error_status = q->status;
		}
	}
}

static void
put_oldest(struct http *h, struct analysis *an)
{
	struct http_request *q = oldest(h);
	struct request_row row;

	row_init(ROW_REQUEST, &row);
	row.conn = an->conn->handle;
	row.number = ++h->number;
	row.protocol = "http";
	if (row.number == 1) {
		if (an->rtt->handshake > 0)
			row.connect_ns = an->rtt->handshake;
		row.client_addr = an->conn->addr[SIDE_CLIENT];
		row.server_addr = an->conn->addr[SIDE_SERVER];
		row.connect_start = an->conn->first;
	}
	row.start_ns = q->start;
	row.method = q->method;
	if (q->host[0])
		row.host = q->host;
	row.uri = q->uri;
	row.request_bytes = (int64_t)q->bytes;
	if (q->first != 0) {
		row.status = q->status;
		row.first_byte_ns = q->first - q->start;
		row.transfer_ns = q->last - q->first;
		row.response_bytes = (int64_t)q->response_bytes;
	}
	row_put(an->sink, ROW_REQUEST, &row);
	judge(h, an, q);
	h->first = (h->first + 1) % HTTP_PENDING;
	h->n--;
}

static void
copy_word(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

/* RFC 9112 s3: method SP target SP version */
static void
begin_request(struct http *h, struct http_reader *r, const char *line,
	      nstime ts, uint64_t frame)
{
	const char *uri = strchr(line, ' ');
	struct http_request *q;

	if (!uri || !http_is_request((const uint8_t *)line, strlen(line))) {
		r->state = HTTP_LOST;
		return;
	}
	if (h->n == HTTP_PENDING) {
		h->given_up++;
		r->state = HTTP_LOST;
		return;
	}
	q = request_at(h, h->n++);
	*q = (struct http_request){ .start = ts, .sent = ts, .frame = frame };
	copy_word(q->method, sizeof(q->method), line, (size_t)(uri - line));
	copy_word(q->uri, sizeof(q->uri), uri + 1, strcspn(uri + 1, " "));
	q->is_head = strcmp(q->method, "HEAD") == 0;
	q->is_connect = strcmp(q->method, "CONNECT") == 0;
	r->state = HTTP_HEADER;
	r->chunked = r->has_length = false;
	r->left = 0;
}

/* RFC 9112 s4: version SP status */
static void
begin_response(struct http *h, struct http_reader *r, const char *line,
	       nstime ts, uint64_t frame)
{
	const char *status = strchr(line, ' ');
	struct http_request *q = oldest(h);

	if (!status || !is_response((const uint8_t *)line, strlen(line))) {
		r->state = HTTP_LOST;
		return;
	}
	r->state = HTTP_HEADER;
	r->chunked = r->has_length = false;
	r->left = 0;
	if (!q)
		return;
	q->status = atoi(status);
	if (q->first == 0) {
		q->first = ts;
		q->first_frame = frame;
	}
	q->last = ts;
}

/* --- lines ---------------------------------------------------------------- */

static const char *
header_value(const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncasecmp(line, name, len) != 0 || line[len] != ':')
		return NULL;
	return line + len + 1 + strspn(line + len + 1, " \t");
}

/* The last coding counts: RFC 9112 s6.1. */
static bool
ends_with(const char *value, const char *word)
{
	size_t len = strlen(value), n = strlen(word);

	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	return len >= n && strncasecmp(value + len - n, word, n) == 0;
}

static void
take_header(struct http *h, struct http_reader *r, enum side side,
	    const char *line)
{
	struct http_request *q = h->n > 0 ? request_at(h, h->n - 1) : NULL;
	const char *v;

	if ((v = header_value(line, "content-length"))) {
		r->left = strtoull(v, NULL, 10);
		r->has_length = true;
	} else if ((v = header_value(line, "transfer-encoding"))) {
		r->chunked = ends_with(v, "chunked");
	} else if (side == h->asker && q && (v = header_value(line, "host"))) {
		copy_word(q->host, sizeof(q->host), v, strcspn(v, " \t"));
		if (h->host[0] == '\0')
			copy_word(h->host, sizeof(h->host), v,
				  strcspn(v, " \t"));
	}
}

/* A message is complete. */
static void
end_message(struct http *h, struct analysis *an, struct http_reader *r,
	    enum side side)
{
	struct http_request *q = oldest(h);

	r->state = HTTP_START;
	if (side == h->asker && h->n > 0)
		request_at(h, h->n - 1)->bytes = r->bytes;
	if (side != h->asker && q && q->first != 0) {
		q->response_bytes = r->bytes;
		put_oldest(h, an);
	}
	r->bytes = 0;
}

/* What follows the head: RFC 9112 s6.3. */
static void
end_head(struct http *h, struct analysis *an, struct http_reader *r,
	 enum side side)
{
	struct http_request *q = side == h->asker && h->n > 0 ?
				 request_at(h, h->n - 1) : oldest(h);

	if (side == h->asker) {
		if (q)
			q->head_done = true;
	} else if (q && q->status < 200 && q->status != 101) {
		r->state = HTTP_START;	/* interim: the answer follows */
		return;
	} else if (q && (q->status == 101 ||
			 (q->is_connect && q->status < 300))) {
		h->reader[0].state = h->reader[1].state = HTTP_TUNNEL;
		q->response_bytes = r->bytes;
		put_oldest(h, an);
		return;
	} else if (!q || q->is_head || q->status == 204 || q->status == 304) {
		end_message(h, an, r, side);
		return;
	} else if (!r->chunked && !r->has_length) {
		r->state = HTTP_UNTIL_CLOSE;
		return;
	}
	if (r->chunked)
		r->state = HTTP_CHUNK_SIZE;
	else if (r->left > 0)
		r->state = HTTP_BODY;
	else
		end_message(h, an, r, side);
}

static void
take_line(struct http *h, struct analysis *an, enum side side, nstime ts,
	  uint64_t frame)
{
	struct http_reader *r = &h->reader[side];

	if (r->line_len > 0 && r->line[r->line_len - 1] == '\r')
		r->line_len--;
	r->line[r->line_len] = '\0';
	switch (r->state) {
	case HTTP_START:
		if (r->line_len == 0)	/* RFC 9112 s2.2 */
			break;
		if (side == h->asker)
			begin_request(h, r, r->line, ts, frame);
		else
			begin_response(h, r, r->line, ts, frame);
		break;
	case HTTP_HEADER:
		if (r->line_len == 0)
			end_head(h, an, r, side);
		else
			take_header(h, r, side, r->line);
		break;
	case HTTP_CHUNK_SIZE:		/* RFC 9112 s7.1 */
		r->left = strtoull(r->line, NULL, 16);
		r->state = r->left > 0 ? HTTP_CHUNK : HTTP_TRAILER;
		break;
	case HTTP_CHUNK_END:
		r->state = HTTP_CHUNK_SIZE;
		break;
	case HTTP_TRAILER:
		if (r->line_len == 0)
			end_message(h, an, r, side);
		break;
	default:
		break;
	}
	r->line_len = 0;
}

/* --- bytes ---------------------------------------------------------------- */

static bool
reads_lines(const struct http_reader *r)
{
	return r->state == HTTP_START || r->state == HTTP_HEADER ||
	       r->state == HTTP_CHUNK_SIZE || r->state == HTTP_CHUNK_END ||
	       r->state == HTTP_TRAILER;
}

/* Take up to n bytes of a line; returns how many. */
static size_t
take_text(struct http *h, struct analysis *an, enum side side,
	  const uint8_t *bytes, size_t n, nstime ts, uint64_t frame)
{
	struct http_reader *r = &h->reader[side];
	const uint8_t *end = memchr(bytes, '\n', n);
	size_t len = end ? (size_t)(end - bytes) : n;
	size_t room = HTTP_LINE - 1 - r->line_len;

	memcpy(r->line + r->line_len, bytes, len < room ? len : room);
	r->line_len += len < room ? len : room;
	r->bytes += len + (end != NULL);
	if (end)
		take_line(h, an, side, ts, frame);
	return len + (end != NULL);
}

/* Take up to n bytes of a body; returns how many. */
static uint64_t
take_body(struct http *h, struct analysis *an, enum side side, uint64_t n)
{
	struct http_reader *r = &h->reader[side];

	if (r->state != HTTP_BODY && r->state != HTTP_CHUNK) {
		r->bytes += n;
		return n;
	}
	if (n > r->left)
		n = r->left;
	r->left -= n;
	r->bytes += n;
	if (r->left == 0 && r->state == HTTP_CHUNK)
		r->state = HTTP_CHUNK_END;
	else if (r->left == 0)
		end_message(h, an, r, side);
	return n;
}

/* A segment that begins with a message ends being lost. */
static void
try_again(struct http *h, enum side side, const uint8_t *bytes, size_t n)
{
	struct http_reader *r = &h->reader[side];

	if (side == h->asker ? !http_is_request(bytes, n)
			     : !is_response(bytes, n))
		return;
	r->state = HTTP_START;
	r->line_len = 0;
	r->bytes = 0;
}

/* The times and sizes of the message that is under way. */
static void
stamp(struct http *h, enum side side, uint64_t end_seq, nstime ts)
{
	struct http_request *q;

	if (h->n == 0)
		return;
	if (side != h->asker) {
		q = oldest(h);
		if (q->first != 0) {
			q->last = ts;
			q->response_bytes = h->reader[side].bytes;
		}
		return;
	}
	q = request_at(h, h->n - 1);
	if (q->first != 0)
		return;
	q->sent = ts;
	q->end_seq = end_seq;
	if (!q->head_done)
		q->segments++;
	if (h->reader[side].bytes > 0)
		q->bytes = h->reader[side].bytes;
}

void
http_data(struct http *h, struct analysis *an, enum side side,
	  const uint8_t *bytes, size_t n, uint64_t seq, nstime ts,
	  uint64_t frame)
{
	struct http_reader *r = &h->reader[side];
	uint64_t end_seq = seq + n;

	if (r->state == HTTP_LOST)
		try_again(h, side, bytes, n);
	while (n > 0 && r->state != HTTP_LOST && r->state != HTTP_TUNNEL) {
		struct http_request *q = oldest(h);
		size_t took;

		if (side != h->asker && q && q->first != 0)
			q->last = ts;
		if (reads_lines(r)) {
			took = take_text(h, an, side, bytes, n, ts, frame);
			if (side == h->asker && h->n > 0 && r->bytes > 0)
				request_at(h, h->n - 1)->bytes = r->bytes;
		} else {
			took = (size_t)take_body(h, an, side, n);
		}
		bytes += took;
		n -= took;
	}
	stamp(h, side, end_seq, ts);
}

void
http_gap(struct http *h, enum side side, uint64_t n)
{
	struct http_reader *r = &h->reader[side];

	if (r->state == HTTP_UNTIL_CLOSE || r->state == HTTP_TUNNEL ||
	    r->state == HTTP_LOST) {
		r->bytes += n;
	} else if ((r->state == HTTP_BODY || r->state == HTTP_CHUNK) &&
		   n < r->left) {
		r->left -= n;
		r->bytes += n;
	} else {
		r->state = HTTP_LOST;
	}
}

/* --- findings ------------------------------------------------------------- */

static void
put_finding(const struct http *h, struct analysis *an, const char *severity,
	    const char *code, uint64_t frame, const char *title,
	    const char *text, const char *advice)
{
	struct finding_row row;

	row_init(ROW_FINDING, &row);
	row.conn = an->conn->handle;
	row.side = !h->asker;
	row.severity = severity;
	row.code = code;
	row.start_ns = an->conn->first;
	row.end_ns = an->conn->last;
	row.confidence = 0.9;
	row.title = title;
	row.explanation = text;
	row.advice = advice;
	row.n_evidence = 0;
	if (frame != 0) {
		row.evidence[0].frame_number = (int64_t)frame;
		row.evidence[0].note = "this one";
		row.n_evidence = 1;
	}
	row_put(an->sink, ROW_FINDING, &row);
}

static void
put_errors(const struct http *h, struct analysis *an)
{
	const char *code = h->error_status == 502 ? "proxy_backend_refused" :
			   h->error_status == 504 ? "proxy_backend_timeout" :
						    "http_server_error";
	char text[320];

	if (h->server_errors == 0)
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu32 " of %" PRIu32 " requests were answered with a "
		 "status of 500 or more, the first with %d%s.",
		 h->server_errors, h->number, h->error_status,
		 h->error_status == 502 ? " (bad gateway: a proxy could not "
					  "reach the server behind it)" :
		 h->error_status == 504 ? " (gateway timeout: the server "
					  "behind a proxy did not answer in "
					  "time)" : "");
	put_finding(h, an, "warning", code, h->error_frame,
		    "the server answers with errors", text,
		    "The network did its part. Look at the logs of the server, "
		    "and of what is behind it.");
}

static void
put_slow(const struct http *h, struct analysis *an)
{
	char text[320];

	if (h->slow == 0)
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu32 " of %" PRIu32 " requests waited more than a "
		 "second for the first byte of their response, the longest "
		 "%.3f s, beyond the round trip. The server's host had "
		 "received them: the time was spent there.",
		 h->slow, h->number, (double)h->slowest / 1e9);
	put_finding(h, an, "warning", "slow_server", h->slow_frame,
		    "the server takes long to answer", text,
		    "Look at what the server does for that request: database, "
		    "locks, upstream calls, too few workers.");
}

/* A request that nobody answered. */
static void
put_unanswered(struct http *h, struct analysis *an)
{
	const struct half *asker = &an->conn->half[h->asker];
	const struct half *server = &an->conn->half[!h->asker];
	const struct http_request *q = oldest(h);
	nstime waited;
	bool gave_up;
	char text[320];

	if (!q || q->first != 0 || asker->snd_una < q->end_seq)
		return;
	waited = an->conn->last - q->sent;
	gave_up = (asker->fin_seen || asker->rst_seen) && !server->fin_seen;
	if (waited < threshold_time(an->sink, THRESHOLD_HTTP_HANGS))
		return;
	if (!q->head_done) {
		snprintf(text, sizeof(text),
			 "The head of the request came in %" PRIu32 " pieces "
			 "over %.1f s. A server keeps a worker or memory for "
			 "such a client.", q->segments,
			 (double)(q->sent - q->start) / 1e9);
		if (q->sent - q->start >=
		    threshold_time(an->sink, THRESHOLD_HTTP_DRIBBLE))
			put_finding(h, an, "warning", "slowloris", q->frame,
				    "a request dribbles in", text,
				    "Limit the time for a request's head "
				    "(request timeout) and the connections of "
				    "a client.");
		return;
	}
	snprintf(text, sizeof(text),
		 "The request was received (acknowledged) by the server's "
		 "host and not answered for %.1f s%s.", (double)waited / 1e9,
		 gave_up ? "; then the client gave up" : "");
	put_finding(h, an, "warning", gave_up ? "client_timeout_close"
					      : "server_application_hangs",
		    q->frame, gave_up ?
		    "the client gave up waiting for an answer" :
		    "the server's program does not answer", text,
		    "The server's kernel took the request; its program did "
		    "not answer. Is it stuck, overloaded, waiting for "
		    "something behind it?");
}

void
http_close(struct http *h, struct analysis *an)
{
	struct http_request *q = oldest(h);

	put_unanswered(h, an);
	if (q && q->first != 0)
		q->response_bytes = h->reader[!h->asker].bytes;
	while (h->n > 0)
		put_oldest(h, an);
	put_errors(h, an);
	put_slow(h, an);
}
