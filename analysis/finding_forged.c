/*
 * finding_forged.c - RSTs and SYNs that neither end sent.
 *
 * Two witnesses: the end in whose name it came goes on as if nothing was
 * (a dead end sends nothing more), and its TTL is not that of the end's other
 * packets.  RFC 5961 says what the victim does: exactly the expected number
 * ends the connection, one within the window draws a challenge ACK, any other
 * is ignored.
 */
#include "analysis/finding.h"
#include "analysis/life_facts.h"

/* Routes change, but not by so many hops, and not for one packet. */
#define TTL_APART 4

static bool
ttl_is_foreign(const struct life_case *c, enum side side)
{
	int ttl = c->facts->side[side].rst_ttl;
	int usual = c->conn->half[side].ttl;
	int apart = ttl > usual ? ttl - usual : usual - ttl;

	return ttl && usual && apart >= TTL_APART;
}

/* Does its sender send anything but RSTs afterwards? */
static bool
goes_on(const struct life_case *c, enum side side,
	const struct tcp_log_entry *rst)
{
	return c->conn->half[side].last > rst->ts &&
	       !life_by(life_closing(c, side), TCP_SENDS_RST);
}

static const char *
effect(const struct life_case *c, enum side side,
       const struct tcp_log_entry *rst)
{
	const struct tcp_state_change *ch = life_closing(c, !side);

	if (life_by(ch, TCP_GETS_RST) || life_by(ch, TCP_SENDS_RST))
		return "rst_injection";
	return rst->flags & LOG_WINDOW ? "rst_injection_challenge_ack"
				       : "rst_injection_ignored";
}

static void
forged_rst(const struct life_case *c, enum side side,
	   const struct tcp_log_entry *rst)
{
	bool foreign = ttl_is_foreign(c, side);
	const char *code = effect(c, side, rst);
	bool ended = code[13] == '\0';
	struct finding f;

	finding_begin(&f, c->an, side, ended ? "error" : "warning", code,
		      foreign ? 0.9 : 0.6);
	finding_title(&f, ended ? "an RST that the %s did not send ended the "
		      "connection" : "an RST that the %s did not send was not "
		      "accepted", finding_side(side));
	finding_say(&f, "The RST came in the name of the %s.",
		    finding_side(side));
	if (foreign)
		finding_say(&f, "Its TTL is %u, that of the %s's other packets "
			    "%u: it was sent from elsewhere.",
			    c->facts->side[side].rst_ttl, finding_side(side),
			    c->conn->half[side].ttl);
	if (goes_on(c, side, rst))
		finding_say(&f, "The %s went on as if it had sent none.",
			    finding_side(side));
	if (!ended)
		finding_say(&f, "Its number was not the expected one (RFC "
			    "5961), so the connection lived on.");
	finding_evidence(&f, rst->frame, "the RST");
	finding_evidence(&f, life_frame(c, !side, LOG_RST, 0),
			 "the RST that answers the true sender");
	finding_put(&f, c->an, "Firewalls, intrusion prevention and censors "
		    "send such RSTs, and so do attackers who see the traffic. "
		    "The TTL tells how far away the sender is; capture nearer "
		    "to it.");
}

/* Its SYN met a living connection and got no answer of its own. */
static void
foreign_syn(const struct life_case *c)
{
	struct finding f;

	if (!c->conn->met_living || c->conn->half[SIDE_SERVER].seen)
		return;
	if (c->conn->met_ended)		/* finding_time_wait.c */
		return;
	finding_begin(&f, c->an, SIDE_CLIENT, "warning",
		      "syn_injection_challenge_ack", 0.6);
	finding_title(&f, "a SYN inside a living connection");
	finding_say(&f, "A SYN came for a 4-tuple that is in use, with another "
		    "sequence number. It was not answered by a SYN-ACK, and "
		    "the connection lived on (RFC 5961 s4: the answer is a "
		    "challenge ACK). It is forged, or an old duplicate.");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0), "SYN");
	finding_put(&f, c->an, "Compare its TTL, options and IP-ID with the "
		    "packets of the connection.");
}

/* In SYN-SENT an RST answers an ACK of another connection: RFC 9293 s3.5.1. */
static bool
reset_before_open(const struct life_case *c)
{
	const struct tcp_log_entry *rst =
		life_entry(c, SIDE_CLIENT, LOG_RST, 0);
	const struct tcp_log_entry *answer =
		life_entry(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0);

	return rst && answer && rst->ts < answer->ts &&
	       life_change(c, SIDE_CLIENT, TCP_STATE_ESTABLISHED);
}

/* One end had forgotten the connection, and asked anew. */
static void
forgotten_by_client(const struct life_case *c)
{
	struct finding f;

	if (!c->conn->half[SIDE_SERVER].isn_known ||
	    c->end[SIDE_CLIENT].rtx_syn < 1 ||
	    !(c->conn->met_living || reset_before_open(c)))
		return;
	finding_begin(&f, c->an, SIDE_CLIENT, "warning",
		      "half_open_syn_on_established", 0.8);
	finding_title(&f, "the client opened a connection that the server "
		      "still had");
	finding_say(&f, "The first SYN met the server's old connection of the "
		    "same addresses and ports: it answered with an ACK, the "
		    "client reset that, and only the next SYN opened the new "
		    "one. The client's host had lost the old connection (a "
		    "restart, or it gave up without a word).");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0),
			 "SYN that met the old connection");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_SYN, 0),
			 "SYN-ACK at last");
	finding_put(&f, c->an, "Was the client's host restarted? Keepalives at "
		    "the server would have noticed it earlier.");
}

static bool
was_open(const struct life_case *c, enum side side,
	 const struct tcp_log_entry *rst)
{
	const struct tcp_state_change *open =
		life_change(c, side, TCP_STATE_ESTABLISHED);

	return open && open->ts <= rst->ts;
}

void
finding_forged(const struct life_case *c)
{
	for (int side = 0; side < N_SIDES; side++) {
		const struct tcp_log_entry *rst =
			life_entry(c, (enum side)side, LOG_RST, 0);

		if (rst && was_open(c, (enum side)side, rst) &&
		    (ttl_is_foreign(c, (enum side)side) ||
		     goes_on(c, (enum side)side, rst)))
			forged_rst(c, (enum side)side, rst);
	}
	foreign_syn(c);
	forgotten_by_client(c);
}
