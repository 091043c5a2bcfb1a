/*
 * across_close_wait.c - programs that read the end of file and never close.
 *
 * An end in CLOSE-WAIT waits for its own program alone, and for ever: each is
 * a descriptor that leaks.  One connection proves nothing, since a capture
 * ends when it ends; several of one service that all stay, and longer than a
 * program needs, do.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/tally.h"
#include "analysis/thresholds.h"

#define SERVICES 16384

/* The oldest in CLOSE-WAIT has been there so long: certainly a leak. */
#define STUCK_SURE (10 * NS_PER_S)

struct service_key {
	struct addr addr;
	uint16_t port;		/* 0: a client's ports are of no matter */
};

struct service {
	struct service_key key;
	enum side side;
	uint64_t left, closed;	/* still in CLOSE-WAIT; left it by a FIN */
	nstime oldest;
	uint64_t frame[3];	/* of the FINs that nobody answered */
};

struct close_wait_state {
	struct tally services;
};

static const struct tcp_state_change *
entered(const struct connection_row *row, enum side side, enum tcp_state state)
{
	for (int64_t i = 0; i < row->n_changes; i++)
		if (row->changes[i].side == side &&
		    row->changes[i].new_state == state)
			return &row->changes[i];
	return NULL;
}

static void
count(struct service *s, const struct connection_row *row, enum side side)
{
	const struct tcp_state_change *wait =
		entered(row, side, TCP_STATE_CLOSE_WAIT);
	const char *state = side == SIDE_CLIENT ? row->client_state
						: row->server_state;

	if (!state || strcmp(state, "CLOSE-WAIT") != 0) {
		s->closed++;
		return;
	}
	if (s->left < 3)
		s->frame[s->left] = wait->frame;
	if (s->left++ == 0 || wait->ts < s->oldest)
		s->oldest = wait->ts;
}

static void
take_end(struct close_wait_state *st, const struct connection_row *row,
	 enum side side)
{
	struct service_key key;
	struct service *s;

	if (!entered(row, side, TCP_STATE_CLOSE_WAIT))
		return;
	memset(&key, 0, sizeof(key));
	key.addr = side == SIDE_CLIENT ? row->client_addr : row->server_addr;
	key.port = side == SIDE_CLIENT ? 0 : (uint16_t)row->server_port;
	s = tally_at(&st->services, &key, sizeof(key));
	if (!s)
		return;
	s->key = key;
	s->side = side;
	count(s, row, side);
}

static void
close_wait_row(void *state, struct row_sink *sink, enum row_table table,
	       const void *data)
{
	struct close_wait_state *st = state;
	const struct connection_row *row = data;

	(void)sink;
	if (table != ROW_CONNECTION || row->phase != CONNECTION_FINAL)
		return;
	take_end(st, row, SIDE_CLIENT);
	take_end(st, row, SIDE_SERVER);
}

static void
put_leak(const struct service *s, struct row_sink *sink, nstime now)
{
	char who[ADDR_TEXT_SIZE], title[160], text[480];
	struct finding_row row;

	across_finding(&row, "warning", "close_wait_leak");
	if (s->key.port)
		addr_port_format(&s->key.addr, s->key.port, who);
	else
		addr_format(&s->key.addr, who);
	snprintf(title, sizeof(title),
		 "%s does not close connections that its peers have closed",
		 who);
	snprintf(text, sizeof(text),
		 "%" PRIu64 " connections of %s were in CLOSE-WAIT when the "
		 "capture ended, the oldest for %.1f s; %" PRIu64 " others "
		 "went on and closed. The peers have sent their FINs and the "
		 "program could read the end of file: it does not look, or "
		 "forgets to call close(). Each keeps a descriptor.",
		 s->left, who, (double)(now - s->oldest) / 1e9, s->closed);
	row.title = title;
	row.explanation = text;
	row.advice = "ss -tnp state close-wait names the process. Look for a "
		     "missing close() where read() returns 0, for worker "
		     "threads that hang, and watch the number of descriptors.";
	row.start_ns = s->oldest;
	row.end_ns = now;
	row.confidence = now - s->oldest > STUCK_SURE ? 0.9 : 0.5;
	for (int i = 0; i < 3; i++)
		across_evidence(&row, s->frame[i], "the FIN that nobody "
				"answered with one");
	row_put(sink, ROW_FINDING, &row);
}

static void
close_wait_finish(void *state, struct row_sink *sink, nstime now)
{
	struct close_wait_state *st = state;

	for (size_t i = 0; i < st->services.n; i++) {
		const struct service *s = tally_entry(&st->services, i);

		if (s->left >= threshold_count(sink, THRESHOLD_CLOSE_WAIT) &&
		    s->left > s->closed &&
		    now - s->oldest >=
		    threshold_time(sink, THRESHOLD_CLOSE_WAIT_TIME))
			put_leak(s, sink, now);
	}
}

const struct capture_analyzer close_wait_analyzer = {
	.name = "close-wait",
	.state_size = sizeof(struct close_wait_state),
	.row = close_wait_row,
	.finish = close_wait_finish,
	.tallies = {
		ACROSS_TALLY(close_wait_state, services, service, SERVICES),
	},
};
