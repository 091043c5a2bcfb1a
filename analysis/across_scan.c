/*
 * across_scan.c - port scans.
 *
 * One host tries many ports of another, and hardly any attempt carries data:
 * refused, not answered, or broken off when it was answered.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/across.h"
#include "analysis/tally.h"
#include "analysis/thresholds.h"

#define PAIRS 65536

/* Ports tried in vain, on one host. */

struct pair {
	struct addr client, server;
	uint64_t attempts, with_data, refused, silent, answered;
	unsigned n_ports;		/* different ones, as far as told apart */
	uint64_t port_bits[16];		/* of a hash of the port: 1024 bits */
	uint64_t first_frame, last_frame, answered_frame;
	nstime first, last;
};

struct scan_state {
	struct tally pairs;
	int64_t bytes;			/* of the two ends' rows just before */
	int64_t synacks, server_packets;
};

static void
count_port(struct pair *p, uint16_t port)
{
	/* Ports that follow each other must not fall together. */
	unsigned bit = port * 40503u >> 6 & 1023;
	uint64_t mask = UINT64_C(1) << (bit & 63);

	if (p->port_bits[bit >> 6] & mask)
		return;
	p->port_bits[bit >> 6] |= mask;
	p->n_ports++;
}

static void
count_attempt(struct scan_state *st, struct pair *p,
	      const struct connection_row *row)
{
	if (st->bytes > 0) {
		p->with_data++;
		return;
	}
	if (st->synacks > 0) {
		p->answered++;
		if (p->answered_frame == 0)
			p->answered_frame = (uint64_t)row->first_frame;
	} else if (st->server_packets > 0) {
		p->refused++;
	} else {
		p->silent++;
	}
	count_port(p, (uint16_t)row->server_port);
}

static void
take_connection(struct scan_state *st, const struct connection_row *row)
{
	struct { struct addr client, server; } key = {
		row->client_addr, row->server_addr
	};
	struct pair *p;

	if (row->phase != CONNECTION_FINAL || !row->role_known)
		return;
	p = tally_at(&st->pairs, &key, sizeof(key));
	if (!p)
		return;
	if (p->attempts++ == 0) {
		p->client = key.client;
		p->server = key.server;
		p->first = row->start_ns;
		p->first_frame = (uint64_t)row->first_frame;
	}
	p->last = row->start_ns;
	p->last_frame = (uint64_t)row->first_frame;
	count_attempt(st, p, row);
}

static void
scan_row(void *state, struct row_sink *sink, enum row_table table,
	 const void *row)
{
	struct scan_state *st = state;

	(void)sink;
	if (table == ROW_ENDPOINT) {
		const struct endpoint_row *end = row;

		if (end->side == SIDE_CLIENT)
			st->bytes = 0;
		st->bytes += end->bytes;
		st->server_packets = end->packets;
		st->synacks = end->synack_packets;
	} else if (table == ROW_CONNECTION) {
		take_connection(st, row);
	}
}

static void
put_scan(const struct pair *p, struct row_sink *sink)
{
	char client[ADDR_TEXT_SIZE], server[ADDR_TEXT_SIZE];
	char title[160], text[512];
	struct finding_row row;

	across_finding(&row, "warning", "port_scan");
	addr_format(&p->client, client);
	addr_format(&p->server, server);
	snprintf(title, sizeof(title), "port scan: %s tries the ports of %s",
		 client, server);
	snprintf(text, sizeof(text),
		 "%s tried about %u ports of %s without sending data: %" PRIu64
		 " were refused, %" PRIu64 " not answered, %" PRIu64
		 " answered and then left. %" PRIu64 " other connections "
		 "between the two carried data.", client, p->n_ports, server,
		 p->refused, p->silent, p->answered, p->with_data);
	row.title = title;
	row.explanation = text;
	row.advice = "If nobody you know scans there, block the source and "
		     "look at what the answered ports offer; if it is your own "
		     "monitoring, tell it to stop at the ports it needs.";
	row.start_ns = p->first;
	row.end_ns = p->last;
	row.confidence = p->n_ports >= 2 * threshold_count(
		sink, THRESHOLD_SCAN_PORTS) ? 0.95 : 0.8;
	across_evidence(&row, p->first_frame, "first attempt");
	across_evidence(&row, p->answered_frame, "a port that answered");
	across_evidence(&row, p->last_frame, "last attempt");
	row_put(sink, ROW_FINDING, &row);
}

static void
scan_finish(void *state, struct row_sink *sink, nstime now)
{
	struct scan_state *st = state;

	(void)now;
	for (size_t i = 0; i < st->pairs.n; i++) {
		const struct pair *p = tally_entry(&st->pairs, i);

		if (p->n_ports >= threshold_count(sink,
						  THRESHOLD_SCAN_PORTS))
			put_scan(p, sink);
	}
}

const struct capture_analyzer scan_analyzer = {
	.name = "scan",
	.state_size = sizeof(struct scan_state),
	.row = scan_row,
	.finish = scan_finish,
	.tallies = {
		ACROSS_TALLY(scan_state, pairs, pair, PAIRS),
	},
};
