/*
 * across_fallback.c - IPv6 that nobody answers, and IPv4 used instead
 * (RFC 8305: "happy eyeballs").
 *
 * An attempt by IPv6 that came to nothing, and while it was made one by IPv4 to
 * the same port, of one server only, that was answered.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/across.h"

#define ATTEMPTS 64		/* by IPv6 that are remembered */
#define WITHIN (10 * NS_PER_S)

struct attempt {
	conn_ref conn;			/* while it is open */
	bool failed;
	struct addr client, server;
	uint16_t port;
	nstime start;
	uint64_t frame;
	/* The first by IPv4 then. */
	conn_ref other;
	struct addr other_server;
	nstime other_start;
	uint64_t other_frame;
	bool answered, several;
};

struct fallback_state {
	struct attempt attempt[ATTEMPTS];
	unsigned n;
	int64_t server_packets;		/* of the row just before */
};

static unsigned
known(const struct fallback_state *st)
{
	return st->n < ATTEMPTS ? st->n : ATTEMPTS;
}

static void
open_ip6(struct fallback_state *st, const struct connection_row *row)
{
	struct attempt *a = &st->attempt[st->n++ % ATTEMPTS];

	*a = (struct attempt){
		.conn = row->conn,
		.other = CONN_NONE,
		.client = row->client_addr,
		.server = row->server_addr,
		.port = (uint16_t)row->server_port,
		.start = row->start_ns,
		.frame = (uint64_t)row->first_frame,
	};
}

static void
open_ip4(struct fallback_state *st, const struct connection_row *row)
{
	for (unsigned i = 0; i < known(st); i++) {
		struct attempt *a = &st->attempt[i];

		if (a->port != row->server_port ||
		    row->start_ns - a->start > WITHIN)
			continue;
		if (a->other_frame == 0) {
			a->other = row->conn;
			a->other_server = row->server_addr;
			a->other_start = row->start_ns;
			a->other_frame = (uint64_t)row->first_frame;
		} else if (addr_compare(&a->other_server,
					&row->server_addr) != 0) {
			a->several = true;
		}
	}
}

static void
close_conn(struct fallback_state *st, const struct connection_row *row)
{
	for (unsigned i = 0; i < known(st); i++) {
		struct attempt *a = &st->attempt[i];

		if (a->conn == row->conn &&
		    a->frame == (uint64_t)row->first_frame) {
			a->failed = st->server_packets == 0;
			a->conn = CONN_NONE;
		}
		if (a->other == row->conn &&
		    a->other_frame == (uint64_t)row->first_frame) {
			a->answered = across_was_established(row, SIDE_CLIENT);
			a->other = CONN_NONE;
		}
	}
}

static void
fallback_row(void *state, struct row_sink *sink, enum row_table table,
	     const void *data)
{
	const struct connection_row *row = data;
	const struct endpoint_row *end = data;
	struct fallback_state *st = state;

	(void)sink;
	if (table == ROW_ENDPOINT && end->side == SIDE_SERVER)
		st->server_packets = end->packets;
	if (table != ROW_CONNECTION)
		return;
	if (row->phase == CONNECTION_FINAL)
		close_conn(st, row);
	else if (row->phase == CONNECTION_OPEN && row->ip_version == 6)
		open_ip6(st, row);
	else if (row->phase == CONNECTION_OPEN && st->n > 0)
		open_ip4(st, row);
}

static void
put_fallback(const struct attempt *a, struct row_sink *sink)
{
	char six[ADDR_TEXT_SIZE], four[ADDR_TEXT_SIZE], title[192], text[512];
	struct finding_row row;

	across_finding(&row, "warning", "ipv6_timeout_ipv4_fallback");
	addr_port_format(&a->server, a->port, six);
	addr_port_format(&a->other_server, a->port, four);
	snprintf(title, sizeof(title), "%s does not answer, %s was used", six,
		 four);
	snprintf(text, sizeof(text),
		 "Nothing came back from %s, and %.0f ms after the first "
		 "attempt a connection to %s was opened, which was answered: "
		 "the client gave up IPv6, or tried both.", six,
		 (double)(a->other_start - a->start) / 1e6, four);
	row.title = title;
	row.explanation = text;
	row.advice = "The name has an IPv6 address that is not served: is there "
		     "a route, does a firewall drop it, does the service "
		     "listen there? Else remove the AAAA record.";
	row.start_ns = a->start;
	row.end_ns = a->other_start;
	row.confidence = 0.7;
	across_evidence(&row, a->frame, "first attempt by IPv6");
	across_evidence(&row, a->other_frame, "by IPv4");
	row_put(sink, ROW_FINDING, &row);
}

static void
fallback_finish(void *state, struct row_sink *sink, nstime now)
{
	const struct fallback_state *st = state;

	(void)now;
	for (unsigned i = 0; i < known(st); i++) {
		const struct attempt *a = &st->attempt[i];

		if (a->failed && a->answered && !a->several)
			put_fallback(a, sink);
	}
}

const struct capture_analyzer fallback_analyzer = {
	.name = "fallback",
	.state_size = sizeof(struct fallback_state),
	.row = fallback_row,
	.finish = fallback_finish,
};
