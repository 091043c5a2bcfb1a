/*
 * dns_stream.c - messages out of a stream.
 */
#include <string.h>

#include "analysis/dns_stream.h"

#define LENGTH 2		/* RFC 1035 s4.2.2 */
#define HEADER 12

static uint32_t
length_of(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* One question, a kind of query that exists, and room for its header. */
bool
dns_stream_is_message(const uint8_t *bytes, size_t n)
{
	const uint8_t *header = bytes + LENGTH;

	return n >= LENGTH + HEADER && length_of(bytes) > HEADER &&
	       (header[2] >> 3 & 15) <= 6 && length_of(header + 4) == 1;
}

void
dns_stream_init(struct dns_stream *s)
{
	memset(s, 0, sizeof(*s));
	s->table.pending = s->pending;
	s->table.size = DNS_STREAM_PENDING;
}

static void
take_message(struct dns_stream *s, struct analysis *an,
	     const struct seg_event *ev)
{
	const struct dns_stream_reader *r = &s->reader[ev->side];
	uint32_t len = length_of(r->bytes);
	struct cursor c = cursor_init(r->bytes + LENGTH,
				      len < DNS_STREAM_BYTES ?
				      len : DNS_STREAM_BYTES, len);

	dns_take(&s->table, an->sink, &(struct dns_packet){
		.addr = an->conn->addr,
		.port = an->conn->port,
		.side = ev->side,
		.transport = "tcp",
		.ts = ev->packet->ts,
		.frame = ev->packet->number,
	}, &c);
}

/* As much of the bytes as belongs to the message at hand; how much that is. */
static size_t
fill(struct dns_stream_reader *r, const uint8_t *bytes, size_t n)
{
	size_t want = r->have < LENGTH ? LENGTH
				       : LENGTH + length_of(r->bytes);
	size_t room;

	if (n > want - r->have)
		n = want - r->have;
	room = r->have < sizeof(r->bytes) ? sizeof(r->bytes) - r->have : 0;
	memcpy(r->bytes + r->have, bytes, n < room ? n : room);
	r->have += (uint32_t)n;
	return n;
}

void
dns_stream_data(struct dns_stream *s, struct analysis *an,
		const struct seg_event *ev, const uint8_t *bytes, size_t n)
{
	struct dns_stream_reader *r = &s->reader[ev->side];

	if (r->lost && !dns_stream_is_message(bytes, n))
		return;
	r->lost = false;
	while (n > 0) {
		size_t took = fill(r, bytes, n);

		bytes += took;
		n -= took;
		if (r->have < LENGTH ||
		    r->have < LENGTH + length_of(r->bytes))
			continue;
		take_message(s, an, ev);
		r->have = 0;
	}
}

void
dns_stream_gap(struct dns_stream *s, enum side side)
{
	s->reader[side].lost = true;
	s->reader[side].have = 0;
}

void
dns_stream_close(struct dns_stream *s, struct analysis *an)
{
	dns_drop_all(&s->table, an->sink);
}
