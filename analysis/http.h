/*
 * http.h - HTTP/1.x (RFC 9112): which requests, how they were answered, when.
 *
 * Reads the heads of messages, line by line; bodies are counted, not looked
 * at.  Bytes are given in their order, once; what is missing is told as a gap.
 * A gap within a body is nothing; within a head the reader is lost until a
 * segment begins with a message.  Requests are matched with responses in
 * order; of those that wait for an answer a few are kept.
 */
#ifndef ANALYSIS_HTTP_H
#define ANALYSIS_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/analyzer.h"

#define HTTP_PENDING 4
#define HTTP_LINE 320

enum http_state {
	HTTP_START,		/* of a message: its first line */
	HTTP_HEADER,
	HTTP_BODY,		/* of known length */
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK,
	HTTP_CHUNK_END,		/* the empty line behind a chunk */
	HTTP_TRAILER,
	HTTP_UNTIL_CLOSE,	/* the body ends with the connection */
	HTTP_TUNNEL,		/* CONNECT, Upgrade: no HTTP any more */
	HTTP_LOST,
};

struct http_reader {
	uint8_t state;		/* enum http_state */
	bool chunked, has_length;
	uint64_t left;		/* of the body or chunk */
	uint64_t bytes;		/* of this message, so far */
	size_t line_len;
	char line[HTTP_LINE];	/* longer ones are cut */
};

struct http_request {
	nstime start, sent;	/* its first byte, its last so far */
	nstime first, last;	/* of the response; 0: none yet */
	uint64_t frame, first_frame;
	uint64_t end_seq;	/* behind its last byte */
	uint64_t bytes, response_bytes;
	uint32_t segments;	/* that its head took */
	int status;
	bool head_done;
	bool is_head, is_connect;
	char method[16], host[80], uri[160];
};

struct http {
	uint8_t asker;		/* enum side: who sends requests */
	struct http_reader reader[N_SIDES];
	struct http_request pending[HTTP_PENDING];
	unsigned first, n;
	uint32_t number;	/* requests that were put, or given up */
	uint32_t given_up;	/* too many at once */
	char host[80];		/* of the first request */
	/* For the findings. */
	uint32_t slow, server_errors;
	nstime slowest;
	uint64_t slow_frame, error_frame;
	int error_status;
};

/* Does it look like the beginning of a request?  n may be small. */
bool http_is_request(const uint8_t *bytes, size_t n);

void http_init(struct http *h, enum side asker);

/* n bytes of side; seq is the first's. */
void http_data(struct http *h, struct analysis *an, enum side side,
	       const uint8_t *bytes, size_t n, uint64_t seq, nstime ts,
	       uint64_t frame);
void http_gap(struct http *h, enum side side, uint64_t n);

/* The connection ends: put what is open, and the findings. */
void http_close(struct http *h, struct analysis *an);

#endif
