/*
 * finding_reset.c - why an established connection was reset.
 *
 * Two kinds of RST tell two stories.  One with an ACK comes from an end that
 * had the connection and ended it: closed with data unread, SO_LINGER 0, a
 * process that died.  One without answers a segment for which there is no
 * connection (any more): the end had closed, was restarted, or the segment
 * reached somebody else (RFC 9293 s3.10.7.1).
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"
#include "analysis/thresholds.h"

/* A close() right after the last write: what was not read yet resets it. */
#define RIGHT_AFTER (50 * NS_PER_MS)

/* Longer than answers to what was on its way take. */
#define LOST_AFTER (NS_PER_S / 2)

struct story {
	const char *code;
	const char *title;	/* "the server ..." */
	const char *text, *advice;
	double confidence;
};

static const struct story unread = {
	"reset_unread_data", "closed with received data unread",
	"It closed its socket while data that it had received lay unread: "
	"Linux then sends RST instead of FIN, and what the other end has not "
	"read yet is lost with it.",
	"Let the program read to the end of file before it closes "
	"(shutdown(SHUT_WR), read until 0, close).", 0.65,
};

static const struct story died = {
	"peer_process_died_reset", "was cut off in the middle of a transfer",
	"Its last segment was not the end of a write (no PSH): it was cut off "
	"while sending. A process that dies with received data unread, or "
	"that is killed, does this.",
	"Look at the logs of that host for a crash, an OOM kill or a restart "
	"at this time.", 0.6,
};

static const struct story aborted = {
	"reset_by_peer", "aborted the connection",
	"The RST has an ACK: the end knew the connection and aborted it "
	"(SO_LINGER with 0, a close with data unread, a crash).",
	"Look at the program at that end: what did it do at this time?", 0.8,
};

static const struct story lost = {
	"rst_lost_half_open", "aborted the connection, and its RST was lost",
	"The other end went on, and learned only when its next segment was "
	"answered by a second RST, one without an ACK: until then the "
	"connection was half-open.",
	"Look at the program that aborted; half-open times are bounded by "
	"keepalives.", 0.8,
};

static const struct story restarted = {
	"half_open_peer_rebooted", "no longer knew the connection",
	"The RST has no ACK: it answers a segment for which there is no "
	"connection at that address. The end was restarted, or lost it, "
	"without a word to the other; or something between them (address "
	"translation, a load balancer) now sends the segments elsewhere.",
	"Was the host or its service restarted? Do idle time-outs of "
	"firewalls, address translation or load balancers lie below the idle "
	"time of this connection? Keepalives keep them open.", 0.75,
};

static const struct story elsewhere = {
	"backend_switched_reset", "is not who reset it: another host answered",
	"The RST has no ACK, and it comes from further away or nearer than the "
	"earlier packets of that address (its TTL is another): the segment "
	"reached a host or a box that does not know the connection.",
	"Look at what sits in front of the server: a load balancer that moved "
	"the service, a firewall that lost its state.", 0.7,
};

static const struct story after_close = {
	"data_after_close_reset", "had closed when data came",
	"It had sent its FIN and closed its socket; data that came afterwards "
	"was answered by an RST. The sender's next write returns EPIPE.",
	"The sender does not look at the end of file before it writes, or the "
	"two programs do not agree on who speaks last.", 0.85,
};

static const struct story fin_forgotten = {
	"fin_wait2_timeout", "had given up waiting for the FIN",
	"It had closed and waited in FIN-WAIT-2 for the other end's FIN. "
	"Linux waits tcp_fin_timeout (60 s by default) once no program owns "
	"the socket; what came after that was answered by an RST.",
	"The other end keeps connections open that its peer has closed: it "
	"should close when it reads the end of file.", 0.75,
};

static const struct story both_closed = {
	"reset_data_after_close", "closed while data was on its way to it",
	"Both ends closed while data was on its way: the end that had closed "
	"answered it with an RST.",
	"What was on its way is lost. The programs should agree on who closes "
	"first.", 0.8,
};

static const struct story impatient = {
	"client_timeout_close", "closed before the answer came",
	"The client had sent its request, waited, and closed; the response "
	"came afterwards and was answered by an RST.",
	"Compare the client's time-out with the time that the server takes: "
	"see the response times in this capture.", 0.8,
};

/* --- which ---------------------------------------------------------------- */

static const struct story *
of_abort(const struct life_case *c, enum side side,
	 const struct tcp_log_entry *rst)
{
	const struct life_side *me = &c->facts->side[side];
	const struct life_side *peer = &c->facts->side[!side];

	if (me->last_data && !me->last_push && me->last_len > 500 &&
	    rst->ts - me->last_data < NS_PER_S)
		return &died;
	if (me->last_data && peer->last_data && peer->last_data <= rst->ts &&
	    rst->ts - me->last_data < RIGHT_AFTER)
		return &unread;
	return &aborted;
}

/* It aborted, and much later answers its peer once more: that had not got the
   first RST. */
static bool
was_lost(const struct life_case *c, enum side side,
	 const struct tcp_log_entry *rst)
{
	const struct tcp_log_entry *answer;

	for (unsigned i = 0; (answer = life_entry(c, side, LOG_RST, i)); i++)
		if (!(answer->flags & LOG_ACK) &&
		    answer->ts - rst->ts > LOST_AFTER)
			return true;
	return false;
}

static bool
another_sender(const struct life_case *c, enum side side)
{
	const struct half *h = &c->conn->half[side];

	return h->ttl && c->facts->side[side].rst_ttl &&
	       h->ttl != c->facts->side[side].rst_ttl;
}

static const struct story *
of_closed(const struct life_case *c, enum side side)
{
	const struct tcp_log_entry *fin = life_entry(c, side, LOG_FIN, 0);
	const struct life_side *me = &c->facts->side[side];
	const struct life_side *peer = &c->facts->side[!side];
	nstime late = peer->last_data - fin->ts;

	if (life_entry(c, !side, LOG_FIN, 0))
		return &both_closed;
	if (side == SIDE_CLIENT && me->last_data > 0 &&
	    me->answered < me->last_data &&
	    fin->ts - me->last_data >
		    threshold_time(c->an->sink, THRESHOLD_CLIENT_PATIENCE))
		return &impatient;
	/* Linux gives up FIN-WAIT-2 after tcp_fin_timeout; who sends later
	   than this after the FIN had time enough to see it. */
	return late > threshold_time(c->an->sink, THRESHOLD_FIN_WAIT_2_TIME) ?
	       &fin_forgotten : &after_close;
}

static const struct story *
of_answer(const struct life_case *c, enum side side)
{
	/* The log may have been full when its FIN came. */
	if (life_entry(c, side, LOG_FIN, 0))
		return of_closed(c, side);
	return another_sender(c, side) ? &elsewhere : &restarted;
}

/* --- telling -------------------------------------------------------------- */

static void
tell(const struct life_case *c, enum side side, const struct story *s,
     const struct tcp_log_entry *rst)
{
	char t[TIME_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, c->an, side, "warning", s->code, s->confidence);
	finding_title(&f, "the %s %s", finding_side(side), s->title);
	finding_say(&f, "The %s's RST came %s after the connection began, when "
		    "the client had sent %" PRIu64 " bytes and the server %"
		    PRIu64 ".", finding_side(side),
		    finding_time(rst->ts - c->conn->first, t),
		    c->conn->half[SIDE_CLIENT].bytes,
		    c->conn->half[SIDE_SERVER].bytes);
	finding_say(&f, "%s", s->text);
	if (c->row->client_error || c->row->server_error)
		finding_say(&f, "The %s's program got %s.",
			    finding_side(c->row->client_error ? SIDE_CLIENT
							   : SIDE_SERVER),
			    c->row->client_error ? c->row->client_error
						 : c->row->server_error);
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_FIN, 0), "FIN");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_FIN, 0), "FIN");
	finding_evidence(&f, rst->frame, "RST");
	finding_put(&f, c->an, s->advice);
}

/* The other end's part in it: it had the FIN all that time. */
static void
tell_left_open(const struct life_case *c, enum side side)
{
	const struct tcp_log_entry *fin = life_entry(c, side, LOG_FIN, 0);
	nstime late = c->facts->side[!side].last_data - fin->ts;
	char t[TIME_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, c->an, !side, "note", "close_wait_then_reset", 0.75);
	finding_title(&f, "the %s wrote to a connection that it should have "
		      "closed", finding_side(!side));
	finding_say(&f, "It was in CLOSE-WAIT for %s, and then sent data: the "
		    "other end, which had closed, had forgotten the connection "
		    "and answered with an RST.", finding_time(late, t));
	finding_evidence(&f, fin->frame, "FIN");
	finding_evidence(&f, life_frame(c, side, LOG_RST, 0), "RST");
	finding_put(&f, c->an, "The program does not look at the end of file: "
		    "it should close when it has read it.");
}

/* Forged ones are finding_forged.c's, unanswered probes finding_silence.c's,
   the end of a handshake finding_handshake.c's. */
static bool
is_told_elsewhere(const struct life_case *c, enum side side,
		  const struct tcp_log_entry *rst)
{
	const struct tcp_state_change *ch = life_closing(c, !side);

	/* What an RST does to TIME-WAIT is finding_time_wait.c's. */
	if (ch && ch->old_state == TCP_STATE_TIME_WAIT)
		return true;
	return (rst->flags & LOG_KEEPALIVE) ||
	       !life_change(c, side, TCP_STATE_ESTABLISHED) ||
	       ((rst->flags & LOG_ACK) && another_sender(c, side));
}

void
finding_reset(const struct life_case *c)
{
	const struct story *s;

	for (int side = 0; side < N_SIDES; side++) {
		const struct tcp_state_change *ch =
			life_closing(c, (enum side)side);
		const struct tcp_log_entry *rst;

		if (!life_by(ch, TCP_SENDS_RST))
			continue;
		rst = life_entry(c, (enum side)side, LOG_RST, 0);
		if (!rst || is_told_elsewhere(c, (enum side)side, rst))
			continue;
		s = rst->flags & LOG_ACK ?
		    was_lost(c, (enum side)side, rst) ? &lost :
		    of_abort(c, (enum side)side, rst) :
		    of_answer(c, (enum side)side);
		tell(c, (enum side)side, s, rst);
		if (s == &fin_forgotten)
			tell_left_open(c, (enum side)side);
		return;
	}
}
