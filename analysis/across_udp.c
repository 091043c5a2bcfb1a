/*
 * across_udp.c - UDP: who is not answered, and who is told that nobody
 * listens.  DNS has its own analyzer; here it is only a port that is closed.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/across.h"
#include "analysis/tally.h"
#include "analysis/thresholds.h"

#define SERVICES 16384
#define PORT_DNS 53

/* Datagrams to one service before their silence is worth a note. */

struct service_key {
	struct addr addr;
	uint16_t port;
};

struct service {
	struct service_key key;
	uint64_t flows, answered, sent, refused;
	uint64_t first_frame;
	uint64_t refused_frame;
	nstime first, last;
};

struct udp_state {
	struct tally services;
	uint64_t connections;
	uint64_t answered_flows, answers;
	uint64_t answered_frame;
	uint64_t group_packets, group_frame;
};

/* Multicast and broadcast are not answered. */
static bool
is_group(const struct addr *a)
{
	if (!addr_is_ipv4(a))
		return a->byte[0] == 0xff;
	return a->byte[12] >= 224 || a->byte[15] == 255;
}

static void
take_flow(struct udp_state *st, const struct udp_flow_row *row)
{
	struct service_key key = { row->server_addr,
				   (uint16_t)row->server_port };
	struct service *s;

	if (is_group(&row->server_addr)) {
		st->group_packets += (uint64_t)row->client_packets;
		if (st->group_frame == 0)
			st->group_frame = (uint64_t)row->first_frame;
		return;
	}
	s = tally_at(&st->services, &key, sizeof(key.addr) + sizeof(key.port));
	if (!s)
		return;
	if (s->flows++ == 0) {
		s->key = key;
		s->first = row->start_ns;
		s->first_frame = (uint64_t)row->first_frame;
	}
	s->last = row->end_ns;
	s->sent += (uint64_t)row->client_packets;
	s->refused += (uint64_t)row->icmp_errors;
	s->answered += row->server_packets > 0;
	if (row->server_packets > 0) {
		st->answered_flows++;
		st->answers += (uint64_t)row->server_packets;
		if (st->answered_frame == 0)
			st->answered_frame = (uint64_t)row->first_frame;
	}
}

/* ICMP's code is in its own row; a UDP error that is no "port unreachable"
   (administratively prohibited, ...) counts alike. */
static void
take_icmp(struct udp_state *st, const struct icmp_error_row *row)
{
	struct service_key key = { row->quoted_dst_addr,
				   (uint16_t)row->quoted_dst_port };
	struct service *s;

	if (row->quoted_proto != 17 || row->quoted_dst_port == ROW_NULL)
		return;
	s = tally_at(&st->services, &key, sizeof(key.addr) + sizeof(key.port));
	if (s && s->refused_frame == 0)
		s->refused_frame = (uint64_t)row->frame_number;
}

static void
udp_row(void *state, struct row_sink *sink, enum row_table table,
	const void *row)
{
	struct udp_state *st = state;

	(void)sink;
	if (table == ROW_UDP_FLOW)
		take_flow(st, row);
	else if (table == ROW_ICMP_ERROR)
		take_icmp(st, row);
	else if (table == ROW_CONNECTION)
		st->connections++;
}

static void
put_refused(const struct service *s, struct row_sink *sink)
{
	bool dns = s->key.port == PORT_DNS;
	char who[ADDR_TEXT_SIZE], title[160], text[400];
	struct finding_row row;

	across_finding(&row, "warning",
		       dns ? "dns_server_unreachable" : "udp_port_unreachable");
	addr_port_format(&s->key.addr, s->key.port, who);
	snprintf(title, sizeof(title), dns ? "no DNS server at %s"
					   : "nobody listens on UDP %s", who);
	snprintf(text, sizeof(text),
		 "%" PRIu64 " datagrams were sent to %s and %" PRIu64
		 " ICMP errors came back: the host is there, but the port is "
		 "closed or filtered. A connected socket reports "
		 "ECONNREFUSED; others may wait for an answer in vain.",
		 s->sent, who, s->refused);
	row.title = title;
	row.explanation = text;
	row.advice = dns ? "Check the name servers in /etc/resolv.conf, and "
			   "whether the one named here runs."
			 : "Is the service running, on this address and port? "
			   "Is a firewall rejecting?";
	row.start_ns = s->first;
	row.end_ns = s->last;
	row.confidence = 0.95;
	across_evidence(&row, s->first_frame, "first datagram");
	across_evidence(&row, s->refused_frame, "the first ICMP error");
	row_put(sink, ROW_FINDING, &row);
}

static void
put_unanswered(const struct service *s, struct row_sink *sink)
{
	char who[ADDR_TEXT_SIZE], title[160], text[320];
	struct finding_row row;

	across_finding(&row, "note", "udp_no_answer");
	addr_port_format(&s->key.addr, s->key.port, who);
	snprintf(title, sizeof(title), "no answer over UDP from %s", who);
	snprintf(text, sizeof(text),
		 "%" PRIu64 " datagrams went to %s; none came back, nor any "
		 "ICMP error. That is right for one-way protocols (syslog, "
		 "statistics, media).", s->sent, who);
	row.title = title;
	row.explanation = text;
	row.advice = "If an answer was expected: a firewall may drop it, the "
		     "host may be down, or the capture misses that direction.";
	row.start_ns = s->first;
	row.end_ns = s->last;
	row.confidence = 0.6;
	across_evidence(&row, s->first_frame, "first datagram");
	row_put(sink, ROW_FINDING, &row);
}

/* What a capture without TCP is about. */
static void
put_summary(const struct udp_state *st, struct row_sink *sink)
{
	char text[200];
	struct finding_row row;

	if (st->answered_flows > 0) {
		across_finding(&row, "note", "udp_ok");
		snprintf(text, sizeof(text),
			 "No TCP here; %" PRIu64 " UDP flows were answered, "
			 "with %" PRIu64 " datagrams.", st->answered_flows,
			 st->answers);
		row.title = "UDP questions were answered";
		across_evidence(&row, st->answered_frame, "first question");
	} else if (st->group_packets > 0) {
		across_finding(&row, "note", "multicast");
		snprintf(text, sizeof(text),
			 "No TCP here; %" PRIu64 " datagrams went to multicast "
			 "or broadcast addresses.", st->group_packets);
		row.title = "multicast and broadcast only";
		across_evidence(&row, st->group_frame, "first datagram");
	} else {
		return;
	}
	row.explanation = text;
	row.confidence = 1;
	row_put(sink, ROW_FINDING, &row);
}

static void
udp_finish(void *state, struct row_sink *sink, nstime now)
{
	struct udp_state *st = state;
	uint64_t unanswered = threshold_count(sink,
					      THRESHOLD_UDP_UNANSWERED);
	bool trouble = false;

	(void)now;
	for (size_t i = 0; i < st->services.n; i++) {
		const struct service *s = tally_entry(&st->services, i);

		if (s->refused > 0) {
			put_refused(s, sink);
			trouble = true;
		} else if (s->flows > 0 && s->answered == 0 &&
			   s->sent >= unanswered && s->key.port != PORT_DNS) {
			put_unanswered(s, sink);
			trouble = true;
		}
	}
	if (!trouble && st->connections == 0)
		put_summary(st, sink);
}

const struct capture_analyzer udp_analyzer = {
	.name = "udp",
	.state_size = sizeof(struct udp_state),
	.row = udp_row,
	.finish = udp_finish,
	.tallies = {
		ACROSS_TALLY(udp_state, services, service, SERVICES),
	},
};
