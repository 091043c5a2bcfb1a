/*
 * across_proxy.c - hosts that pass on what they get: a proxy.
 *
 * A connection to a host and one that it opens itself belong together if the
 * second lies within the first and both carry about the same number of bytes
 * each way.  That it is the same host is told by its address; or by the
 * capture, if that was taken at the server of the one and at the client of the
 * other.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/tally.h"
#include "analysis/vantage.h"

#define HOSTS 4096
#define RECENT 8		/* connections each way that are remembered */

/* Less says nothing; a header more or less is no difference. */
#define BYTES_MIN 32
#define HEADER_BYTES 512
#define SAME_SHARE 0.1

/* The end of the inner one may come a little later. */
#define LATER (100 * NS_PER_MS)

enum direction { INWARD, OUTWARD, N_DIRECTIONS };

struct seen {
	struct addr peer, self;
	uint16_t port;			/* of the server */
	nstime start, end;
	int64_t sent, received;		/* by the client */
	uint64_t frame;
};

struct host {
	struct seen recent[N_DIRECTIONS][RECENT];
	unsigned n[N_DIRECTIONS];
	/* The first that belong together, and how many did. */
	struct seen in, out;
	uint64_t pairs;
};

struct proxy_state {
	struct tally hosts;
	int64_t bytes[N_SIDES];		/* of the rows just before */
};

static bool
about_the_same(int64_t a, int64_t b)
{
	double apart = fabs((double)a - (double)b);

	return apart <= HEADER_BYTES &&
	       apart <= SAME_SHARE * (HEADER_BYTES + (double)a);
}

static bool
belong_together(const struct seen *in, const struct seen *out)
{
	return out->start >= in->start && out->start <= in->end &&
	       out->end <= in->end + LATER &&
	       addr_compare(&in->peer, &out->peer) != 0 &&
	       about_the_same(in->sent, out->sent) &&
	       about_the_same(in->received, out->received);
}

static void
take(struct host *h, enum direction way, const struct seen *c)
{
	unsigned n = h->n[!way] < RECENT ? h->n[!way] : RECENT;

	for (unsigned i = 0; i < n; i++) {
		const struct seen *other = &h->recent[!way][i];
		const struct seen *in = way == INWARD ? c : other;
		const struct seen *out = way == INWARD ? other : c;

		if (!belong_together(in, out))
			continue;
		if (h->pairs++ == 0) {
			h->in = *in;
			h->out = *out;
		}
		break;
	}
	h->recent[way][h->n[way]++ % RECENT] = *c;
}

static void
take_at(struct proxy_state *st, const struct addr *addr, enum direction way,
	const struct seen *c)
{
	struct host *h = tally_at(&st->hosts, addr, sizeof(*addr));

	if (h)
		take(h, way, c);
}

static void
take_connection(struct proxy_state *st, const struct connection_row *row)
{
	/* The host of the capture, whatever its addresses. */
	static const struct addr here;
	bool sure = row->vantage &&
		    row->vantage_confidence >= VANTAGE_SURE;
	struct seen c = {
		.start = row->start_ns,
		.end = row->end_ns,
		.port = (uint16_t)row->server_port,
		.sent = st->bytes[SIDE_CLIENT],
		.received = st->bytes[SIDE_SERVER],
		.frame = (uint64_t)row->first_frame,
	};

	if (c.sent < BYTES_MIN || c.received < BYTES_MIN ||
	    addr_compare(&row->client_addr, &row->server_addr) == 0)
		return;
	c.peer = row->client_addr;
	c.self = row->server_addr;
	take_at(st, &row->server_addr, INWARD, &c);
	if (sure && strcmp(row->vantage, "server") == 0)
		take_at(st, &here, INWARD, &c);
	c.peer = row->server_addr;
	c.self = row->client_addr;
	take_at(st, &row->client_addr, OUTWARD, &c);
	if (sure && strcmp(row->vantage, "client") == 0)
		take_at(st, &here, OUTWARD, &c);
}

static void
proxy_row(void *state, struct row_sink *sink, enum row_table table,
	  const void *data)
{
	const struct connection_row *row = data;
	const struct endpoint_row *end = data;
	struct proxy_state *st = state;

	(void)sink;
	if (table == ROW_ENDPOINT)
		st->bytes[end->side] = end->bytes;
	else if (table == ROW_CONNECTION && row->phase == CONNECTION_FINAL)
		take_connection(st, row);
}

static void
put_proxy(const struct host *h, struct row_sink *sink)
{
	char self[ADDR_TEXT_SIZE], to[ADDR_TEXT_SIZE], title[160], text[512];
	struct finding_row row;

	across_finding(&row, "note", "proxied");
	addr_port_format(&h->in.self, h->in.port, self);
	addr_port_format(&h->out.peer, h->out.port, to);
	snprintf(title, sizeof(title), "%s passes on to %s: a proxy", self,
		 to);
	snprintf(text, sizeof(text),
		 "While a client's connection was open, that host opened one "
		 "of its own, and about as many bytes went each way in both "
		 "(%" PRId64 " and %" PRId64 " to the server, %" PRId64 " and %"
		 PRId64 " back). So it was with %" PRIu64 " connections. Round "
		 "trips and losses are of each half by itself.", h->in.sent,
		 h->out.sent, h->in.received, h->out.received, h->pairs);
	row.title = title;
	row.explanation = text;
	row.advice = "Look at both connections of such a pair: where the time "
		     "goes, before or behind the proxy.";
	row.start_ns = h->in.start;
	row.end_ns = h->in.end;
	row.confidence = 0.7;
	across_evidence(&row, h->in.frame, "to the proxy");
	across_evidence(&row, h->out.frame, "from the proxy to the server");
	row_put(sink, ROW_FINDING, &row);
}

/* The same pair may be known by the host's address and as the capture's. */
static bool
was_told(const struct proxy_state *st, size_t before, const struct host *h)
{
	for (size_t i = 0; i < before; i++) {
		const struct host *other = tally_entry(&st->hosts, i);

		if (other->pairs > 0 && other->in.frame == h->in.frame)
			return true;
	}
	return false;
}

static void
proxy_finish(void *state, struct row_sink *sink, nstime now)
{
	struct proxy_state *st = state;

	(void)now;
	for (size_t i = 0; i < st->hosts.n; i++) {
		const struct host *h = tally_entry(&st->hosts, i);

		if (h->pairs > 0 && !was_told(st, i, h))
			put_proxy(h, sink);
	}
}

const struct capture_analyzer proxy_analyzer = {
	.name = "proxy",
	.state_size = sizeof(struct proxy_state),
	.row = proxy_row,
	.finish = proxy_finish,
	.tallies = {
		ACROSS_TALLY(proxy_state, hosts, host, HOSTS),
	},
};
