/*
 * across_flood.c - SYN floods.
 *
 * A service (address and port) that many SYNs reach, of which hardly any
 * becomes a connection.  Who floods under false addresses does not repeat a
 * SYN; who repeats one and is still not served, is a victim too: then the
 * service is denied to others (RFC 4987).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/life_facts.h"
#include "analysis/tally.h"
#include "analysis/thresholds.h"

#define SERVICES 65536

#define COOKIES_MIN 3		/* connections, and so much more than others */
#define COOKIES_MOST 4
#define DENIED_MIN 2		/* who repeated a SYN and was not served */

struct service_key {
	struct addr addr;
	uint16_t port;
};

struct service {
	struct addr addr;
	uint16_t port;
	uint64_t attempts, failed;
	uint64_t first_failed_frame, last_failed_frame;
	uint64_t repeated, denied;	/* SYN sent more than once; not served */
	uint64_t served;
	uint64_t answered;		/* SYN-ACK, but no ACK to it */
	uint64_t behind, right;		/* clocks of SYN-ACKs */
	uint64_t behind_frame;
	nstime first, last;
	/* The most attempts that failed in one span of the threshold. */
	nstime span_start;
	uint64_t in_span, most_in_span;
};

struct flood_state {
	struct tally services;
	int64_t syn_packets, syn_again;	/* of the client's row just before */
	int64_t synack_packets;
};

static void
count_span(struct service *s, nstime ts, nstime span)
{
	if (s->in_span == 0 || ts - s->span_start > span ||
	    ts < s->span_start) {
		s->span_start = ts;
		s->in_span = 0;
	}
	if (++s->in_span > s->most_in_span)
		s->most_in_span = s->in_span;
}

static void
count_failed(struct flood_state *st, const struct row_sink *sink,
	     struct service *s, const struct connection_row *row)
{
	s->failed++;
	if (s->first_failed_frame == 0)
		s->first_failed_frame = (uint64_t)row->first_frame;
	s->last_failed_frame = (uint64_t)row->first_frame;
	s->answered += st->synack_packets > 0;
	s->denied += st->syn_again > 0;
	count_span(s, row->start_ns,
		   threshold_time(sink, THRESHOLD_FLOOD_TIME));
}

static void
take_connection(struct flood_state *st, const struct row_sink *sink,
		const struct connection_row *row)
{
	struct service_key key = { row->server_addr,
				   (uint16_t)row->server_port };
	struct service *s;

	if (row->phase != CONNECTION_FINAL || st->syn_packets < 1)
		return;
	s = tally_at(&st->services, &key, sizeof(key.addr) + sizeof(key.port));
	if (!s)
		return;
	if (s->attempts++ == 0) {
		s->addr = key.addr;
		s->port = key.port;
		s->first = row->start_ns;
	}
	s->last = row->start_ns;
	s->repeated += st->syn_again > 0;
	s->right += row->synack_clock == SYNACK_CLOCK_RIGHT;
	if (row->synack_clock == SYNACK_CLOCK_BEHIND && s->behind++ == 0)
		s->behind_frame = (uint64_t)row->first_frame;
	if (across_was_established(row, SIDE_SERVER))
		s->served++;
	/* Refused is an answer, and no half-open connection. */
	else if (!row->client_error ||
		 strcmp(row->client_error, "ECONNREFUSED") != 0)
		count_failed(st, sink, s, row);
}

static void
flood_row(void *state, struct row_sink *sink, enum row_table table,
	  const void *row)
{
	struct flood_state *st = state;

	if (table == ROW_ENDPOINT) {
		const struct endpoint_row *end = row;

		if (end->side == SIDE_CLIENT) {
			st->syn_packets = end->syn_packets;
			st->syn_again = end->rtx_syn;
		} else {
			st->synack_packets = end->synack_packets;
		}
	} else if (table == ROW_CONNECTION) {
		take_connection(st, sink, row);
	}
}

static bool
is_flood(const struct service *s, const struct row_sink *sink)
{
	return s->most_in_span >=
		       threshold_count(sink, THRESHOLD_FLOOD_ATTEMPTS) &&
	       (double)s->failed >= threshold(sink, THRESHOLD_FLOOD_FAILED) *
				    (double)s->attempts;
}

static void
put_flood(const struct service *s, struct row_sink *sink)
{
	bool denied = s->denied >= DENIED_MIN &&
		      (double)s->denied >
		      threshold(sink, THRESHOLD_FLOOD_DENIED) *
		      (double)s->repeated;
	char who[ADDR_TEXT_SIZE], title[128], text[512];
	struct finding_row row;

	across_finding(&row, denied ? "error" : "warning",
		       denied ? "syn_flood_service_denied" : "syn_flood");
	addr_port_format(&s->addr, s->port, who);
	snprintf(title, sizeof(title), "SYN flood on %s%s", who,
		 denied ? ", which shuts out others" : "");
	snprintf(text, sizeof(text),
		 "%" PRIu64 " connections to %s were begun, of which %" PRIu64
		 " came to nothing (up to %" PRIu64 " within %.0f s; the server "
		 "answered %" PRIu64 " of them with a SYN-ACK that nobody "
		 "acknowledged). %" PRIu64 " were served.%s", s->attempts, who,
		 s->failed, s->most_in_span, threshold(sink, THRESHOLD_FLOOD_TIME), s->answered,
		 s->served, denied ? " Clients that repeated their SYN, as "
		 "real ones do, were mostly not served." : "");
	row.title = title;
	row.explanation = text;
	row.advice = "Keep net.ipv4.tcp_syncookies=1; raise "
		     "net.ipv4.tcp_max_syn_backlog, net.core.somaxconn and the "
		     "program's listen() backlog; filter the sources upstream "
		     "or put a SYN proxy in front.";
	row.start_ns = s->first;
	row.end_ns = s->last;
	row.confidence = s->served == 0 && s->answered == 0 ? 0.7 : 0.95;
	across_evidence(&row, s->first_failed_frame, "first unfinished SYN");
	if (s->last_failed_frame != s->first_failed_frame)
		across_evidence(&row, s->last_failed_frame,
				"last unfinished SYN");
	row_put(sink, ROW_FINDING, &row);
}

/* Served without state: told by the clock of its SYN-ACKs. */
static bool
has_cookies(const struct service *s)
{
	return s->behind >= COOKIES_MIN && s->behind > COOKIES_MOST * s->right;
}

static void
put_cookies(const struct service *s, struct row_sink *sink)
{
	char who[ADDR_TEXT_SIZE], title[128], text[512];
	struct finding_row row;

	across_finding(&row, "note", "syn_cookies");
	addr_port_format(&s->addr, s->port, who);
	snprintf(title, sizeof(title), "%s answers with SYN cookies", who);
	snprintf(text, sizeof(text),
		 "The time stamps of %" PRIu64 " SYN-ACKs lie some "
		 "milliseconds behind the clock of the server's next segments "
		 "(%" PRIu64 " do not): Linux hides the client's options in "
		 "their lowest bits when it keeps no state for a connection "
		 "that is not open yet. Without time stamps these options are "
		 "lost.", s->behind, s->right);
	row.title = title;
	row.explanation = text;
	row.advice = "The SYN queue is full, by a flood or a burst, or "
		     "net.ipv4.tcp_syncookies is 2. Raise tcp_max_syn_backlog, "
		     "somaxconn and the program's listen() backlog.";
	row.start_ns = s->first;
	row.end_ns = s->last;
	row.confidence = 0.8;
	across_evidence(&row, s->behind_frame, "SYN of such a connection");
	row_put(sink, ROW_FINDING, &row);
}

static void
flood_finish(void *state, struct row_sink *sink, nstime now)
{
	struct flood_state *st = state;

	(void)now;
	for (size_t i = 0; i < st->services.n; i++) {
		const struct service *s = tally_entry(&st->services, i);

		if (is_flood(s, sink))
			put_flood(s, sink);
		if (has_cookies(s))
			put_cookies(s, sink);
	}
}

const struct capture_analyzer flood_analyzer = {
	.name = "flood",
	.state_size = sizeof(struct flood_state),
	.row = flood_row,
	.finish = flood_finish,
	.tallies = {
		ACROSS_TALLY(flood_state, services, service, SERVICES),
	},
};
