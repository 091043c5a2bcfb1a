/*
 * across_refused.c - connections refused by a box on the way, in the name of
 * the server.
 *
 * Two things give it away.  The RST has come over fewer or more routers than
 * other packets of that server (their TTL).  Or it has come over none, and yet
 * from the Ethernet address of another host, which is the router: what a server
 * behind it sends has lost one at least.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/tally.h"

#define SERVERS 16384
#define NEIGHBOURS 4096
#define MAC_DIGITS 12

struct refusing {
	struct addr addr;
	uint16_t port;		/* of the first refusal */
	int64_t rst_ttl, rst_mac;
	uint64_t refused, frame;
	nstime first, last;
	int64_t ttl;		/* of packets of open connections; 0: none */
};

struct neighbour {
	struct addr addr;
	bool several;		/* it answers for more than one */
};

struct refused_state {
	struct tally servers, neighbours;
	int64_t ttl;		/* of the server's row just before */
};

static void
take_connection(struct refused_state *st, const struct connection_row *row)
{
	bool open = across_was_established(row, SIDE_SERVER);
	struct refusing *s;

	if (!open && row->rst_ttl == ROW_NULL)
		return;
	s = tally_at(&st->servers, &row->server_addr,
		     sizeof(row->server_addr));
	if (!s)
		return;
	s->addr = row->server_addr;
	if (open) {
		s->ttl = st->ttl;
		return;
	}
	if (s->refused++ == 0) {
		s->port = (uint16_t)row->server_port;
		s->rst_ttl = row->rst_ttl;
		s->rst_mac = row->rst_mac;
		s->frame = (uint64_t)row->last_frame;
		s->first = row->start_ns;
	}
	s->last = row->end_ns;
}

/* "02:77:14:00:00:0a" */
static int64_t
mac_of(const char *text)
{
	char digits[MAC_DIGITS + 1];
	size_t n = 0;

	for (; text && *text && n < MAC_DIGITS; text++)
		if (*text != ':')
			digits[n++] = *text;
	digits[n] = '\0';
	return n == MAC_DIGITS ? (int64_t)strtoull(digits, NULL, 16) : 0;
}

static void
take_neighbour(struct refused_state *st, const struct addr *addr,
	       const char *text)
{
	int64_t mac = mac_of(text);
	struct neighbour *n;

	if (mac == 0)
		return;
	n = tally_at(&st->neighbours, &mac, sizeof(mac));
	if (!n)
		return;
	if (addr_compare(&n->addr, &(struct addr){ { 0 } }) == 0)
		n->addr = *addr;
	else if (addr_compare(&n->addr, addr) != 0)
		n->several = true;
}

static void
refused_row(void *state, struct row_sink *sink, enum row_table table,
	    const void *data)
{
	const struct connection_row *row = data;
	const struct endpoint_row *end = data;
	const struct arp_row *arp = data;
	struct refused_state *st = state;

	(void)sink;
	if (table == ROW_ENDPOINT && end->side == SIDE_SERVER)
		st->ttl = end->ttl == ROW_NULL ? 0 : end->ttl;
	if (table == ROW_CONNECTION && row->phase == CONNECTION_FINAL)
		take_connection(st, row);
	if (table == ROW_ARP) {
		take_neighbour(st, &arp->sender_addr, arp->sender_mac);
		take_neighbour(st, &arp->target_addr, arp->target_mac);
	}
}

/* How many routers it has passed, if it began as systems send them. */
static int64_t
hops(int64_t ttl)
{
	return ttl <= 64 ? 64 - ttl : ttl <= 128 ? 128 - ttl : 255 - ttl;
}

/* The router that speaks for the server; NULL: not told by that. */
static const struct neighbour *
router_of(struct refused_state *st, const struct refusing *s)
{
	const struct neighbour *n;

	if (s->rst_mac == 0 || hops(s->rst_ttl) != 0 || s->ttl != 0)
		return NULL;
	n = tally_at(&st->neighbours, &s->rst_mac, sizeof(s->rst_mac));
	return n && !n->several && addr_compare(&n->addr, &s->addr) != 0 &&
	       addr_compare(&n->addr, &(struct addr){ { 0 } }) != 0 ? n : NULL;
}

static void
put_refused(const struct refusing *s, const struct neighbour *router,
	    struct row_sink *sink)
{
	char who[ADDR_TEXT_SIZE], via[ADDR_TEXT_SIZE] = "", title[160],
	     text[512];
	struct finding_row row;

	across_finding(&row, "warning", "connection_refused_by_firewall");
	addr_port_format(&s->addr, s->port, who);
	if (router)
		addr_format(&router->addr, via);
	snprintf(title, sizeof(title), "a box on the way refuses connections "
		 "to %s", who);
	if (router)
		snprintf(text, sizeof(text),
			 "The RST that answers the SYN has a TTL of %" PRId64
			 ", so that no router has passed it on, and comes from "
			 "the Ethernet address of %s: that made it, in the "
			 "name of the server, which is behind it (%" PRIu64
			 " attempts).", s->rst_ttl, via, s->refused);
	else
		snprintf(text, sizeof(text),
			 "The RST that answers the SYN has a TTL of %" PRId64
			 ", packets of open connections of the same server one "
			 "of %" PRId64 ": it comes from another place (%"
			 PRIu64 " attempts).", s->rst_ttl, s->ttl, s->refused);
	row.title = title;
	row.explanation = text;
	row.advice = "Look for a rule that rejects with a TCP reset in the "
		     "firewalls on the way; the server may be listening.";
	row.start_ns = s->first;
	row.end_ns = s->last;
	row.confidence = 0.8;
	across_evidence(&row, s->frame, "RST");
	row_put(sink, ROW_FINDING, &row);
}

static void
refused_finish(void *state, struct row_sink *sink, nstime now)
{
	struct refused_state *st = state;

	(void)now;
	for (size_t i = 0; i < st->servers.n; i++) {
		const struct refusing *s = tally_entry(&st->servers, i);
		const struct neighbour *router;

		if (s->refused == 0)
			continue;
		router = router_of(st, s);
		if (router || (s->ttl != 0 && hops(s->ttl) != hops(s->rst_ttl)))
			put_refused(s, router, sink);
	}
}

const struct capture_analyzer refused_analyzer = {
	.name = "refused",
	.state_size = sizeof(struct refused_state),
	.row = refused_row,
	.finish = refused_finish,
	.tallies = {
		ACROSS_TALLY(refused_state, servers, refusing, SERVERS),
		ACROSS_TALLY(refused_state, neighbours, neighbour, NEIGHBOURS),
	},
};
