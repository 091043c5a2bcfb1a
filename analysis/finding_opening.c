/*
 * finding_opening.c - unusual ways to open a connection: notes, no troubles.
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"

static void
note(const struct life_case *c, const char *code, const char *title,
     const char *text, const char *advice)
{
	struct finding f;

	finding_begin(&f, c->an, FINDING_BOTH, "note", code, 0.95);
	finding_title(&f, "%s", title);
	finding_say(&f, "%s", text);
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0), "SYN");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_SYN, 0),
			 "the other end's SYN");
	finding_put(&f, c->an, advice);
}

static void
fast_open(const struct life_case *c)
{
	const struct tcp_log_entry *answer =
		life_entry(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0);
	struct finding f;
	bool taken;

	if (!answer || life_rare(c->facts)->syn_data == 0 ||
	    c->facts->side[SIDE_CLIENT].syn_fastopen_plain)
		return;		/* the latter: finding_handshake.c */
	/* Refused data is sent again, right after the handshake. */
	taken = c->end[SIDE_CLIENT].rtx_syn == 0 &&
		c->end[SIDE_CLIENT].retrans_bytes == 0;
	finding_begin(&f, c->an, SIDE_CLIENT, "note",
		      taken ? "tfo_accepted" : "tfo_refused", 0.9);
	finding_title(&f, taken ? "Fast Open: data in the SYN was accepted"
				: "Fast Open: data in the SYN was refused");
	finding_say(&f, "The SYN carried %" PRIu32 " bytes (RFC 7413).",
		    life_rare(c->facts)->syn_data);
	finding_say(&f, taken ? "The server took them at once: one round trip "
			"was saved." : "The server did not take them, and "
			"they were sent again: its key changed, the cookie "
			"was not valid, or too many such requests wait.");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0),
			 "SYN with data");
	finding_evidence(&f, answer->frame, "SYN-ACK");
	finding_put(&f, c->an, taken ? "Nothing to do." :
		    "net.ipv4.tcp_fastopen at the server, and the queue "
		    "length given to TCP_FASTOPEN.");
}

static void
fast_open_unsupported(const struct life_case *c)
{
	const struct life_side *side = c->facts->side;

	if (side[SIDE_CLIENT].fastopen && !side[SIDE_SERVER].fastopen &&
	    life_rare(c->facts)->syn_data == 0 && c->conn->half[SIDE_SERVER].isn_known)
		note(c, "tfo_not_supported",
		     "Fast Open was asked for and not answered",
		     "The client asked for a Fast Open cookie (RFC 7413), the "
		     "SYN-ACK had none: the server does not support it, or "
		     "something on the path removed the option.",
		     "net.ipv4.tcp_fastopen at the server must have bit 2.");
}

static void
multipath(const struct life_case *c)
{
	const struct life_side *side = c->facts->side;

	if (!side[SIDE_CLIENT].mptcp || !c->conn->half[SIDE_SERVER].isn_known)
		return;
	if (side[SIDE_SERVER].mptcp)
		note(c, "mptcp", "a subflow of Multipath TCP",
		     "Both ends have the MPTCP option (RFC 8684): this "
		     "connection may be one of several that carry one stream.",
		     "Look at the other subflows of the same hosts as well.");
	else
		note(c, "mptcp_fallback",
		     "Multipath TCP was asked for and not answered",
		     "The client's SYN had the MPTCP option (RFC 8684), the "
		     "SYN-ACK had not: plain TCP is used.",
		     "Nothing to do, unless several paths were wanted.");
}

void
finding_opening(const struct life_case *c)
{
	if (c->conn->self) {
		note(c, "self_connect", "a socket connected to itself",
		     "Source and destination are the same address and port: "
		     "the program connected to a local port on which nobody "
		     "listens, and was given that very port as its own. It "
		     "reads what it writes.",
		     "Typical of a client that retries a local port from the "
		     "ephemeral range: compare ip_local_port_range with the "
		     "service's port.");
		return;
	}
	if (life_change(c, SIDE_CLIENT, TCP_STATE_SYN_RCVD) &&
	    life_change(c, SIDE_SERVER, TCP_STATE_SYN_SENT))
		note(c, "simultaneous_open", "both ends opened it at once",
		     "The two SYNs crossed (RFC 9293 s3.5): both programs "
		     "called connect() with each other's address and port.",
		     "Normal for peer-to-peer programs that punch through "
		     "address translation.");
	fast_open(c);
	fast_open_unsupported(c);
	multipath(c);
}
