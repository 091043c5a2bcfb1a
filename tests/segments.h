/*
 * segments.h - segments for tests, as one reads them in tcpdump's output.
 *
 *	{ 0.00, '>', "S", 100, 0, 0 }	the client's SYN, sequence number 100
 *	{ 0.01, '<', "S.", 500, 101, 0 }	the server's answer
 *	{ 0.02, '>', "P.", 101, 501, 10 }	10 bytes, 101 to 110
 *
 * The client is 10.0.0.1:40000, the server 10.0.0.2:80.
 */
#ifndef TESTS_SEGMENTS_H
#define TESTS_SEGMENTS_H

#include <string.h>

#include "dissect/dissect.h"
#include "reassembly/tracker.h"

/* What a row leaves out is of no importance. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct segment {
	double at;		/* seconds */
	char from;		/* '>': the client, '<': the server */
	const char *flags;	/* S F R P . U E W, as tcpdump */
	uint32_t seq, ack, len;
	/* Of no importance where 0. */
	uint16_t win;		/* 0: 65535 */
	uint8_t ttl;
	uint16_t options;	/* enum tcp_opt */
	uint32_t tsval, tsecr;
	uint8_t wscale;
	uint16_t port;		/* of the client, 0: 40000 */
	uint16_t vlan;		/* 0: none */
	uint16_t id;		/* the IP-ID */
	bool zero_window;
	uint16_t checksum;	/* a good one, if not 0 */
	struct { uint32_t start, end; } sack;	/* one block */
};

static inline uint16_t
segment_flags(const char *text)
{
	static const struct { char letter; uint16_t flag; } table[] = {
		{ 'S', TCP_SYN }, { 'F', TCP_FIN }, { 'R', TCP_RST },
		{ 'P', TCP_PSH }, { '.', TCP_ACK }, { 'U', TCP_URG },
		{ 'E', TCP_ECE }, { 'W', TCP_CWR },
	};
	uint16_t flags = 0;

	for (; *text; text++)
		for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
			if (table[i].letter == *text)
				flags |= table[i].flag;
	return flags;
}

static inline void
segment_dissection(const struct segment *s, struct dissection *d)
{
	bool from_client = s->from == '>';
	uint16_t port = s->port ? s->port : 40000;

	memset(d, 0, sizeof(*d));
	d->kind = DISSECT_TCP;
	d->vlan = s->vlan ? s->vlan : VLAN_NONE;
	d->ip.version = 4;
	d->ip.proto = 6;
	d->ip.ttl = s->ttl ? s->ttl : 64;
	d->ip.total_len = 40 + s->len;
	d->ip.id = s->id;
	d->ip.src = addr_from_ipv4((uint8_t[]){ 10, 0, 0,
						from_client ? 1 : 2 });
	d->ip.dst = addr_from_ipv4((uint8_t[]){ 10, 0, 0,
						from_client ? 2 : 1 });
	d->tcp = (struct tcp_seg){
		.seq = s->seq,
		.ack = s->ack,
		.len = s->len,
		.sport = from_client ? port : 80,
		.dport = from_client ? 80 : port,
		.flags = segment_flags(s->flags),
		.window = s->win ? s->win : 65535,
		.options = s->options,
		.tsval = s->tsval,
		.tsecr = s->tsecr,
		.wscale = s->wscale,
		.hdr_len = 20,
	};
	if (s->checksum) {
		d->tcp.checksum = CHECKSUM_GOOD;
		d->tcp.checksum_field = s->checksum;
	}
	if (s->zero_window)
		d->tcp.window = 0;
	if (s->tsval)
		d->tcp.options |= TCP_OPT_TS;
	if (s->sack.end) {
		d->tcp.options |= TCP_OPT_SACK;
		d->tcp.n_sack = 1;
		d->tcp.sack[0].start = s->sack.start;
		d->tcp.sack[0].end = s->sack.end;
	}
}

static inline void
segment_packet(const struct segment *s, uint64_t number, struct packet *p)
{
	*p = (struct packet){
		.ts = (nstime)(s->at * 1e9),
		.number = number,
		.wire_len = 54 + s->len,
	};
}

/* Give a segment to a tracker, as the pipeline does. */
static inline void
segment_track(struct tracker *t, const struct segment *s, uint64_t number)
{
	static const struct flow_secret secret = { 1, 2 };
	struct dissection d;
	struct flow_key key;
	struct packet p;
	bool swapped;

	segment_dissection(s, &d);
	segment_packet(s, number, &p);
	if (flow_key_of(&d, &key, &swapped))
		tracker_packet(t, &p, &d, &key, flow_key_hash(&key, &secret),
			       swapped);
}

#endif
