/*
 * finding_attempt.c - connections that never came to be.
 *
 * RST in answer to a SYN, an ICMP error, silence, or a client that lost its
 * patience: connection.outcome says which.
 */
#include <inttypes.h>
#include <string.h>

#include "analysis/finding.h"
#include "analysis/icmp_text.h"
#include "analysis/life_facts.h"

/* What the client asked for: "10.0.0.2:80". */
static const char *
target(const struct life_case *c, char buf[ADDR_TEXT_SIZE])
{
	addr_port_format(&c->conn->addr[SIDE_SERVER],
			 c->conn->port[SIDE_SERVER], buf);
	return buf;
}

static nstime
took(const struct life_case *c)
{
	return c->conn->last - c->conn->first;
}

static void
refused(const struct life_case *c)
{
	char to[ADDR_TEXT_SIZE], t[TIME_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, c->an, SIDE_SERVER, "warning", "connection_refused",
		      0.95);
	finding_title(&f, "%s refused the connection", target(c, to));
	finding_say(&f, "The SYN to %s was answered by an RST after %s: the "
		    "host was reached, and nothing listens on port %u there, "
		    "or a firewall answers in its place. connect() returned "
		    "ECONNREFUSED.", to, finding_time(took(c), t),
		    c->conn->port[SIDE_SERVER]);
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0), "SYN");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_RST, 0), "RST");
	finding_put(&f, c->an, "Is the service running, and does it listen on "
		    "this address and port (ss -tln)? If it is, look for a "
		    "firewall rule that rejects with a TCP reset.");
}

static void
rejected(const struct life_case *c)
{
	const struct half *h = &c->conn->half[SIDE_CLIENT];
	unsigned version = addr_is_ipv4(&c->conn->addr[SIDE_CLIENT]) ? 4 : 6;
	const char *meaning = icmp_meaning(version, h->icmp_type,
					   h->icmp_code);
	char to[ADDR_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, c->an, SIDE_CLIENT, "warning", c->row->outcome, 0.95);
	finding_title(&f, "no connection to %s: %s", target(c, to),
		      meaning ? meaning : "ICMP error");
	finding_say(&f, "An ICMP error (type %u, code %u: %s) answered the SYN "
		    "to %s.", h->icmp_type, h->icmp_code,
		    meaning ? meaning : "unknown", to);
	if (c->row->client_error)
		finding_say(&f, "connect() returned %s.", c->row->client_error);
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0), "SYN");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_ICMP, 0),
			 "ICMP error that quotes the SYN");
	finding_put(&f, c->an, "The sender of the ICMP error (table "
		    "icmp_error) is the firewall or router that refused: look "
		    "at its rules and routes for this destination.");
}

static void
unanswered(const struct life_case *c)
{
	const struct life_side *me = &c->facts->side[SIDE_CLIENT];
	int64_t n = c->end[SIDE_CLIENT].syn_packets;
	char to[ADDR_TEXT_SIZE], t[TIME_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, c->an, SIDE_CLIENT, "warning",
		      me->md5 ? "md5_mismatch_connect_timeout"
			      : "connect_timeout", n > 2 ? 0.95 : 0.7);
	finding_title(&f, "%s does not answer", target(c, to));
	finding_say(&f, "%" PRId64 " SYNs to %s in %s, and no answer of any "
		    "kind: no SYN-ACK, no RST, no ICMP error.", n, to,
		    finding_time(c->conn->half[SIDE_CLIENT].asked -
			      c->conn->first, t));
	if (c->life->state[SIDE_CLIENT] == TCP_STATE_CLOSED)
		finding_say(&f, "The next one did not come when it was due: "
			    "connect() returned ETIMEDOUT, or the program "
			    "gave up before.");
	else
		finding_say(&f, "The capture ends before one can see whether "
			    "the client gave up; connect() returns ETIMEDOUT "
			    "when it does.");
	if (me->md5)
		finding_say(&f, "The SYNs carry TCP MD5 signatures: a server "
			    "with another key, or with none, drops them "
			    "silently.");
	for (unsigned i = 0; i < 4; i++)
		finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, i),
				 "SYN");
	finding_put(&f, c->an, me->md5 ? "Compare the MD5 keys of both ends."
		    : "A firewall that drops, a host that is down, or no route "
		    "back. Capture at the server: do the SYNs arrive? If they "
		    "do, look at its firewall and its accept queue (nstat "
		    "TcpExtListenDrops).");
}

static void
given_up(const struct life_case *c)
{
	const struct tcp_log_entry *syn, *answer;
	char to[ADDR_TEXT_SIZE], t[TIME_TEXT_SIZE];
	struct finding f;

	syn = life_entry(c, SIDE_CLIENT, LOG_SYN, 0);
	answer = life_entry(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0);
	if (!syn || !answer)
		return;
	finding_begin(&f, c->an, SIDE_CLIENT, "note",
		      "connect_aborted_by_client", 0.85);
	finding_title(&f, "the client no longer wanted the connection to %s",
		      target(c, to));
	finding_say(&f, "The SYN-ACK came %s after the SYN, and the client's "
		    "host answered it with an RST: the program had closed its "
		    "socket before (a time-out of its own, or it raced "
		    "several addresses); a port scanner does the same.",
		    finding_time(answer->ts - syn->ts, t));
	finding_evidence(&f, syn->frame, "SYN");
	finding_evidence(&f, answer->frame, "SYN-ACK");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_RST, 0), "RST");
	finding_put(&f, c->an, "If this is no scan, compare the program's "
		    "connect time-out with the round trip time of the path.");
}

void
finding_attempt(const struct life_case *c)
{
	const char *outcome = c->row->outcome;

	if (!outcome)
		return;
	if (strcmp(outcome, "connection_refused") == 0)
		refused(c);
	else if (strncmp(outcome, "rejected_icmp", 13) == 0)
		rejected(c);
	else if (strcmp(outcome, "connect_timeout") == 0)
		unanswered(c);
	else if (strcmp(outcome, "connect_aborted_by_client") == 0)
		given_up(c);
}
