/*
 * finding_closing.c - ways to close, orderly ones.
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"
#include "analysis/thresholds.h"


static void
simultaneous(const struct life_case *c)
{
	struct finding f;

	if (!life_change(c, SIDE_CLIENT, TCP_STATE_CLOSING) ||
	    !life_change(c, SIDE_SERVER, TCP_STATE_CLOSING))
		return;
	finding_begin(&f, c->an, FINDING_BOTH, "note", "simultaneous_close",
		      0.9);
	finding_title(&f, "both ends closed at once");
	finding_say(&f, "The two FINs crossed (RFC 9293 s3.6): both ends went "
		    "through CLOSING, and both wait in TIME-WAIT.");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_FIN, 0), "FIN");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_FIN, 0), "FIN");
	finding_put(&f, c->an, "Nothing to do.");
}

static void
half_close(const struct life_case *c, enum side side)
{
	uint32_t bytes = life_rare(c->facts)->side[!side].after_fin;
	struct finding f;

	/* Less than this is an answer that was on its way. */
	if (bytes < threshold_count(c->an->sink, THRESHOLD_HALF_CLOSE))
		return;
	finding_begin(&f, c->an, side, "note", "half_close", 0.9);
	finding_title(&f, "the %s closed its direction, the other went on",
		      finding_side(side));
	finding_say(&f, "The %s sent its FIN and then still received %" PRIu32
		    " bytes: shutdown(SHUT_WR), a half-closed connection.",
		    finding_side(side), bytes);
	finding_evidence(&f, life_frame(c, side, LOG_FIN, 0), "FIN");
	finding_evidence(&f, life_frame(c, !side, LOG_FIN, 0),
			 "the other end's FIN");
	finding_put(&f, c->an, "Nothing to do; some proxies and firewalls "
		    "time half-closed connections out early.");
}

/* LAST-ACK repeats its FIN; TIME-WAIT answers it again. */
static void
last_ack_lost(const struct life_case *c, enum side side)
{
	const struct tcp_log_entry *fin, *again;
	struct finding f;

	fin = life_entry(c, side, LOG_FIN, 0);
	/* What comes sooner is a copy of it. */
	for (unsigned i = 0; (again = life_entry(c, side, LOG_FIN | LOG_REPEAT,
						 i)); i++)
		if (fin && again->ts - fin->ts >= NS_PER_S / 10)
			break;
	if (!again || !life_change(c, side, TCP_STATE_LAST_ACK))
		return;
	finding_begin(&f, c->an, side, "note", "last_ack_lost", 0.8);
	finding_title(&f, "the last ACK of the connection was lost");
	finding_say(&f, "The %s was the second to close and sent its FIN %"
		    PRId64 " times: the ACK of it, or the FIN itself, got "
		    "lost. This is what the other end stays in TIME-WAIT for.",
		    finding_side(side), c->end[side].fin_packets);
	finding_evidence(&f, fin->frame, "FIN");
	finding_evidence(&f, again->frame, "FIN again");
	finding_evidence(&f, life_frame(c, !side, LOG_ACKS_FIN, 1),
			 "ACK out of TIME-WAIT");
	finding_put(&f, c->an, "Harmless by itself; see the other losses of "
		    "this path.");
}

static void
without_data(const struct life_case *c)
{
	const struct tcp_state_change *open, *fin;
	char t[TIME_TEXT_SIZE];
	struct finding f;

	open = life_change(c, SIDE_SERVER, TCP_STATE_ESTABLISHED);
	fin = life_change(c, SIDE_SERVER, TCP_STATE_FIN_WAIT_1);
	if (!open || !fin || c->conn->half[SIDE_SERVER].bytes > 0 ||
	    !c->conn->half[SIDE_SERVER].isn_known)
		return;
	finding_begin(&f, c->an, SIDE_SERVER, "note", "closed_without_data",
		      0.9);
	finding_title(&f, "the server closed without having sent a byte");
	finding_say(&f, "It accepted the connection and closed it %s later; "
		    "the client had sent %" PRIu64 " bytes. The client's "
		    "recv() returned 0: end of file.",
		    finding_time(fin->ts - open->ts, t),
		    c->conn->half[SIDE_CLIENT].bytes);
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_FIN, 0),
			 "the server's FIN");
	finding_put(&f, c->an, "Health checks look like this from the other "
		    "side. Else: access lists of the server, a limit of "
		    "connections, a worker that dies at once.");
}

void
finding_closing(const struct life_case *c)
{
	if (c->conn->self)
		return;
	simultaneous(c);
	without_data(c);
	for (int side = 0; side < N_SIDES; side++) {
		half_close(c, (enum side)side);
		last_ack_lost(c, (enum side)side);
	}
}
