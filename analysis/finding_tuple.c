/*
 * finding_tuple.c - a 4-tuple used anew while an end still remembered it.
 *
 * RFC 9293 s3.4.3, RFC 6191: TIME-WAIT keeps old segments out of a new
 * connection.  Timestamps and rising sequence numbers allow to cut it short.
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"

/* Told at the end of the old connection: its successor's SYN ended it. */
void
finding_tuple(const struct life_case *c)
{
	const struct tcp_state_change *wait;
	bool by_client;
	char t[TIME_TEXT_SIZE];
	struct finding f;

	if (c->conn->end != CONN_END_REUSED || c->conn->self)
		return;
	by_client = c->life->state[SIDE_CLIENT] == TCP_STATE_TIME_WAIT;
	if (!by_client && c->life->state[SIDE_SERVER] != TCP_STATE_TIME_WAIT)
		return;
	wait = life_change(c, by_client ? SIDE_CLIENT : SIDE_SERVER,
			   TCP_STATE_TIME_WAIT);
	if (!wait)
		return;
	finding_begin(&f, c->an, by_client ? SIDE_CLIENT : SIDE_SERVER, "note",
		      by_client ? "time_wait_port_reuse"
				: "time_wait_reopened_by_syn", 0.9);
	finding_title(&f, "port %u was used again %s after the close",
		      c->conn->port[SIDE_CLIENT],
		      finding_time(c->conn->until - wait->ts, t));
	finding_say(&f, by_client ?
		    "The client was in TIME-WAIT and took the port for a new "
		    "connection to the same server: tcp_tw_reuse and "
		    "timestamps allow it after a second." :
		    "The server was in TIME-WAIT and accepted a new SYN from "
		    "the same port: its sequence number or timestamp is higher "
		    "(RFC 6191).");
	finding_evidence(&f, wait->frame, "the end of the old connection");
	finding_put(&f, c->an, "Harmless; a sign of many short connections "
		    "between two hosts. Keep connections open instead.");
}
