/*
 * dns_stream.h - DNS over TCP (RFC 7766): each message has its length, two
 * bytes, before it; several may be under way at once.
 *
 * Bytes are given in their order, once.  Of a message the beginning is kept,
 * which has the question and the first answers.  After a gap the reader is
 * lost until a segment of that side begins with a message.
 */
#ifndef ANALYSIS_DNS_STREAM_H
#define ANALYSIS_DNS_STREAM_H

#include "analysis/dns.h"

#define DNS_STREAM_PENDING 4
#define DNS_STREAM_BYTES 512	/* of a message, kept */

struct dns_stream {
	struct dns_table table;
	struct dns_question pending[DNS_STREAM_PENDING];
	struct dns_stream_reader {
		bool lost;
		uint32_t have;	/* bytes of length and message so far */
		uint8_t bytes[2 + DNS_STREAM_BYTES];
	} reader[N_SIDES];
};

/* Does a side begin with a message?  n may be small. */
bool dns_stream_is_message(const uint8_t *bytes, size_t n);

void dns_stream_init(struct dns_stream *s);
void dns_stream_data(struct dns_stream *s, struct analysis *an,
		     const struct seg_event *ev, const uint8_t *bytes,
		     size_t n);
void dns_stream_gap(struct dns_stream *s, enum side side);
void dns_stream_close(struct dns_stream *s, struct analysis *an);

#endif
