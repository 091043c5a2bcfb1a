/*
 * across_listener.c - a listening socket that went away.
 *
 * Linux then resets the connections that nobody has accepted yet, all of them
 * at once.  One connection that is reset without a byte from the server may
 * be anything; several of one service in the same moment are this.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/tally.h"

#define SERVICES 4096

#define TOGETHER_MIN 2
#define TOGETHER (10 * NS_PER_MS)

#define FRAMES 4

struct service_key {
	struct addr addr;
	uint16_t port;
};

/* The latest moment at which connections were reset, and the fullest. */
struct moment {
	nstime ts;
	uint64_t n;
	uint64_t frame[FRAMES];
};

struct service {
	struct service_key key;
	struct moment now, most;
};

struct listener_state {
	struct tally services;
	int64_t server_bytes;	/* of the server's row just before */
};

/* The server's RST that ended it; NULL: something else did. */
static const struct tcp_state_change *
reset_by_server(const struct connection_row *row)
{
	const struct tcp_state_change *last = NULL;

	for (int64_t i = 0; i < row->n_changes; i++)
		if (row->changes[i].side == SIDE_SERVER)
			last = &row->changes[i];
	if (!last || last->new_state != TCP_STATE_CLOSED ||
	    last->old_state != TCP_STATE_ESTABLISHED ||
	    last->cause / 4 != TCP_SENDS_RST)
		return NULL;
	return last;
}

static void
count(struct service *s, const struct tcp_state_change *rst)
{
	struct moment *m = &s->now;
	nstime apart = rst->ts > m->ts ? rst->ts - m->ts : m->ts - rst->ts;

	if (m->n == 0 || apart > TOGETHER)
		*m = (struct moment){ .ts = rst->ts };
	if (m->n < FRAMES)
		m->frame[m->n] = rst->frame;
	m->n++;
	if (m->n > s->most.n)
		s->most = *m;
}

static void
listener_row(void *state, struct row_sink *sink, enum row_table table,
	     const void *data)
{
	struct listener_state *st = state;
	const struct connection_row *row = data;
	const struct tcp_state_change *rst;
	struct service_key key;
	struct service *s;

	(void)sink;
	if (table == ROW_ENDPOINT)
		st->server_bytes = ((const struct endpoint_row *)data)->bytes;
	if (table != ROW_CONNECTION || row->phase != CONNECTION_FINAL ||
	    st->server_bytes > 0 || !(rst = reset_by_server(row)))
		return;
	memset(&key, 0, sizeof(key));
	key.addr = row->server_addr;
	key.port = (uint16_t)row->server_port;
	s = tally_at(&st->services, &key, sizeof(key));
	if (!s)
		return;
	s->key = key;
	count(s, rst);
}

static void
put_closed(const struct service *s, struct row_sink *sink)
{
	char who[ADDR_TEXT_SIZE], title[160], text[400];
	struct finding_row row;

	across_finding(&row, "warning", "listener_closed_reset");
	addr_port_format(&s->key.addr, s->key.port, who);
	snprintf(title, sizeof(title), "the service at %s went away", who);
	snprintf(text, sizeof(text),
		 "%" PRIu64 " connections to %s were reset within %d ms, and "
		 "the server had sent nothing on any of them: they waited to "
		 "be accepted when the listening socket was closed (the "
		 "program ended or was restarted).", s->most.n, who,
		 (int)(TOGETHER / NS_PER_MS));
	row.title = title;
	row.explanation = text;
	row.advice = "Let the service stop gracefully: accept and serve what "
		     "waits before it closes its listening socket, or hand "
		     "that over to its successor.";
	row.start_ns = row.end_ns = s->most.ts;
	row.confidence = 0.75;
	for (int i = 0; i < FRAMES; i++)
		across_evidence(&row, s->most.frame[i], "RST");
	row_put(sink, ROW_FINDING, &row);
}

static void
listener_finish(void *state, struct row_sink *sink, nstime now)
{
	struct listener_state *st = state;

	(void)now;
	for (size_t i = 0; i < st->services.n; i++) {
		const struct service *s = tally_entry(&st->services, i);

		if (s->most.n >= TOGETHER_MIN)
			put_closed(s, sink);
	}
}

const struct capture_analyzer listener_analyzer = {
	.name = "listener",
	.state_size = sizeof(struct listener_state),
	.row = listener_row,
	.finish = listener_finish,
	.tallies = {
		ACROSS_TALLY(listener_state, services, service, SERVICES),
	},
};
