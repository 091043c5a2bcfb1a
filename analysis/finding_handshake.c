/*
 * finding_handshake.c - handshakes that had to be repeated, or that only one
 * end believes in.
 *
 * A SYN-ACK that comes again after the client's ACK says that this ACK was
 * lost, or that the server did not want it: an accept queue that is full
 * (Linux) drops ACKs, and data too.
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"

/* Repetitions of ignored data that no accident explains. */
#define IGNORED_DATA 2

/* An RST so soon after the handshake answers the ACK, not data. */
#define ANSWER_ROUND_TRIPS 3

/* Copies of a SYN come sooner, repetitions after a second. */
#define REPEATED_BY_TIMER (NS_PER_S / 2)

static bool
reached(const struct life_case *c, enum side side, enum tcp_state state)
{
	return life_change(c, side, state) != NULL;
}

/* From here to the server and back: what it sent before the ACK came to it
   may still be on its way. */
static nstime
way(const struct life_case *c)
{
	const struct tcp_log_entry *syn, *answer;

	syn = life_entry(c, SIDE_CLIENT, LOG_SYN, 0);
	answer = life_entry(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0);
	return syn && answer && answer->ts > syn->ts ? answer->ts - syn->ts
						     : 0;
}

/* The first repeated SYN-ACK that follows an ACK of the client; NULL. */
static const struct tcp_log_entry *
synack_after_ack(const struct life_case *c)
{
	const struct tcp_log_entry *ack, *again;

	for (unsigned i = 0; (again = life_entry(c, SIDE_SERVER, LOG_SYN |
						 LOG_ACK | LOG_REPEAT, i)); i++)
		for (unsigned j = 0; (ack = life_entry(c, SIDE_CLIENT,
						LOG_ACKS_SYN, j)); j++)
			if (ack->ts < again->ts &&
			    !(ack->flags & (LOG_SYN | LOG_RST)) &&
			    again->ts - ack->ts > NS_PER_S / 5 + way(c))
				return again;
	return NULL;
}

/*
 * A SYN-ACK that had to be repeated although the client did not repeat its
 * SYN: the client had got it, its ACK did not come as far as the capture.
 */
static const struct tcp_log_entry *
synack_again_alone(const struct life_case *c)
{
	const struct tcp_log_entry *first, *again;

	first = life_entry(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0);
	again = life_entry(c, SIDE_SERVER, LOG_SYN | LOG_ACK | LOG_REPEAT, 0);
	if (!again || c->end[SIDE_CLIENT].rtx_syn != 0 ||
	    again->ts - first->ts < REPEATED_BY_TIMER)
		return NULL;
	return again;
}

/* The way is longer than the first time-out: repeated in vain. */
static bool
is_long_way(const struct life_case *c)
{
	for (int side = 0; side < N_SIDES; side++)
		if (c->end[side].min_rtt_ns != ROW_NULL &&
		    c->end[side].min_rtt_ns > NS_PER_S * 9 / 10)
			return true;
	return false;
}

/* At the server's host SYNs are seen to come, and no answer to leave. */
static bool
is_dropped_by_server(const struct life_case *c)
{
	const struct tcp_log_entry *again, *answer;

	again = life_entry(c, SIDE_CLIENT, LOG_SYN | LOG_REPEAT, 0);
	answer = life_entry(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0);
	return again && answer && answer->ts >= again->ts &&
	       c->an->vantage[SIDE_SERVER] == VANTAGE_HERE;
}

/* SYN or SYN-ACK sent again, and the handshake late by that. */
static void
answer_lost(const struct life_case *c)
{
	const struct life_side *me = &c->facts->side[SIDE_CLIENT];
	int64_t syns = c->end[SIDE_CLIENT].rtx_syn;
	int64_t answers = c->end[SIDE_SERVER].rtx_syn;
	const struct tcp_state_change *open =
		life_change(c, SIDE_CLIENT, TCP_STATE_ESTABLISHED);
	const char *code = me->syn_fastopen_plain ? "tfo_syn_dropped" :
			   me->syn_plain ? "ecn_syn_dropped" : "synack_lost";
	char t[TIME_TEXT_SIZE];
	struct finding f;

	if ((syns < 1 && answers < 1) || is_long_way(c) ||
	    open->ts - c->conn->first < REPEATED_BY_TIMER)
		return;
	if (is_dropped_by_server(c))
		code = "accept_queue_full_syn_dropped";
	finding_begin(&f, c->an, SIDE_CLIENT, "warning", code,
		      is_dropped_by_server(c) ? 0.6 :
		      me->syn_plain || me->syn_fastopen_plain ? 0.75 : 0.95);
	finding_title(&f, "the handshake took %s: packets of it were lost",
		      finding_time(open->ts - c->conn->first, t));
	finding_say(&f, "The SYN was sent %" PRId64 " times, the SYN-ACK %"
		    PRId64 " times before the connection was open. The first "
		    "repetition comes after one second whatever the round "
		    "trip time is.", c->end[SIDE_CLIENT].syn_packets,
		    c->end[SIDE_SERVER].synack_packets);
	if (is_dropped_by_server(c))
		finding_say(&f, "The SYNs were captured at the server's host, "
			    "which did not answer the first: its accept queue "
			    "was full, or its firewall dropped it.");
	if (me->syn_fastopen_plain)
		finding_say(&f, "Only the SYN without Fast Open got through: "
			    "something on the path drops SYNs that have it.");
	else if (me->syn_plain)
		finding_say(&f, "Only the SYN without ECN got through: "
			    "something on the path may drop those that ask "
			    "for it.");
	for (unsigned i = 0; i < 3; i++)
		finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, i),
				 "SYN");
	for (unsigned i = 0; i < 3; i++)
		finding_evidence(&f, life_frame(c, SIDE_SERVER,
						LOG_SYN | LOG_ACK, i),
				 "SYN-ACK");
	finding_put(&f, c->an, "If it happens often: loss on the path, or a "
		    "server whose SYN or accept queue overflows (nstat: "
		    "TcpExtListenOverflows, TcpExtListenDrops; raise somaxconn "
		    "and the backlog of listen()).");
}

static void
ack_lost(const struct life_case *c, const struct tcp_log_entry *again)
{
	bool open = reached(c, SIDE_SERVER, TCP_STATE_ESTABLISHED);
	struct finding f;

	finding_begin(&f, c->an, SIDE_CLIENT, "warning",
		      open ? "handshake_ack_lost"
			   : "handshake_ack_lost_half_open", 0.85);
	finding_title(&f, "the last ACK of the handshake did not arrive");
	finding_say(&f, "The client had answered the SYN-ACK and took the "
		    "connection for open, but the server sent its SYN-ACK %"
		    PRId64 " times: it waited in SYN-RECEIVED.",
		    c->end[SIDE_SERVER].synack_packets);
	if (!open)
		finding_say(&f, "It never got there, as far as the capture "
			    "goes: the client holds a connection that the "
			    "server does not have.");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0),
			 "SYN-ACK");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_ACKS_SYN, 0),
			 "the client's ACK");
	finding_evidence(&f, again->frame, "SYN-ACK again");
	finding_put(&f, c->an, "A single case is ordinary loss. If it is "
		    "frequent while data gets through, look for a firewall "
		    "that drops bare ACKs, or for TCP_DEFER_ACCEPT at the "
		    "server.");
}

/*
 * Seen at its host: the ACK came to the server, which repeated its SYN-ACK all the same, and then
 * took the first data at once: it waits for data before it accepts.  A full
 * queue would have dropped the data, too.
 */
static bool
is_deferred(const struct life_case *c)
{
	const struct tcp_state_change *open =
		life_change(c, SIDE_SERVER, TCP_STATE_ESTABLISHED);
	const struct tcp_log_entry *again = synack_after_ack(c);

	return open && again && c->facts->side[SIDE_CLIENT].last_data != 0 &&
	       open->ts > again->ts &&
	       c->end[SIDE_CLIENT].retrans_packets == 0 &&
	       c->an->vantage[SIDE_SERVER] == VANTAGE_HERE;
}

static void
deferred(const struct life_case *c)
{
	struct finding f;

	finding_begin(&f, c->an, SIDE_SERVER, "note", "defer_accept", 0.75);
	finding_title(&f, "the server waits for data before it accepts");
	finding_say(&f, "The client's last ACK of the handshake was ignored "
		    "and the SYN-ACK repeated (%" PRId64 " in all); the first "
		    "data was taken at once. Until then the server stayed in "
		    "SYN-RECEIVED.", c->end[SIDE_SERVER].synack_packets);
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_ACKS_SYN, 0),
			 "the client's ACK, ignored");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_SYN | LOG_ACK |
					LOG_REPEAT, 0), "SYN-ACK again");
	finding_put(&f, c->an, "TCP_DEFER_ACCEPT does that, as web servers set "
		    "it. A protocol in which the server speaks first must not "
		    "have it.");
}

/* A firewall opens in place of the server, with no room for data until that
   has answered. */
static bool
is_refused_behind_proxy(const struct life_case *c)
{
	return c->facts->side[SIDE_SERVER].opened_shut &&
	       c->conn->half[SIDE_SERVER].bytes == 0 &&
	       life_entry(c, SIDE_SERVER, LOG_RST, 0) &&
	       !life_entry(c, SIDE_SERVER, LOG_FIN, 0);
}

static void
refused_behind_proxy(const struct life_case *c)
{
	struct finding f;

	finding_begin(&f, c->an, SIDE_SERVER, "error",
		      "synproxy_backend_refused", 0.8);
	finding_title(&f, "a firewall opened the connection, the server "
		      "refused it");
	finding_say(&f, "The SYN-ACK had a window of 0, as of a firewall that "
		    "completes handshakes in place of the server (SYN proxy) "
		    "and asks that only then; the server's refusal came "
		    "afterwards, as an RST in an open connection.");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_SYN | LOG_ACK, 0),
			 "SYN-ACK with a window of 0");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_RST, 0), "RST");
	finding_put(&f, c->an, "Is the service running behind the firewall, "
		    "and does the firewall reach it?");
}

/* Its IP-ID shows that a packet is missing between SYN and data. */
static void
bare_ack_lost(const struct life_case *c)
{
	struct finding f;

	finding_begin(&f, c->an, SIDE_CLIENT, "note", "handshake_ack_lost",
		      0.7);
	finding_title(&f, "the last ACK of the handshake was lost, data did "
		      "its work");
	finding_say(&f, "After the SYN-ACK the client's first packet to be "
		    "seen carries data, and its IP-ID is two above that of "
		    "the SYN: one packet between them, the ACK, was lost "
		    "before this capture. The data completed the handshake.");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0), "SYN");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_ACKS_SYN, 0),
			 "data instead of an ACK");
	finding_put(&f, c->an, "Nothing was delayed; see the other losses of "
		    "this path.");
}

static void
not_accepted(const struct life_case *c, const struct tcp_log_entry *again)
{
	struct finding f;

	finding_begin(&f, c->an, SIDE_SERVER, "error", "accept_queue_overflow",
		      0.85);
	finding_title(&f, "the server never took the connection: its accept "
		      "queue is full");
	finding_say(&f, "For the client the connection is open: it sent data, "
		    "and sent that again %" PRId64 " times. The server "
		    "answers none of it and repeats its SYN-ACK (%" PRId64
		    " in all). Linux drops the handshake's last ACK, and data, "
		    "while the accept queue of the listening socket is full.",
		    c->end[SIDE_CLIENT].retrans_packets,
		    c->end[SIDE_SERVER].synack_packets);
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_ACKS_SYN, 0),
			 "the client's ACK, ignored");
	if (again)
		finding_evidence(&f, again->frame, "SYN-ACK again");
	finding_evidence(&f, life_frame(c, SIDE_SERVER, LOG_RST, 0), "RST");
	finding_put(&f, c->an, "The application does not call accept() fast "
		    "enough: is it stuck or out of threads? See ss -ltn "
		    "(Recv-Q against Send-Q) and nstat TcpExtListenOverflows; "
		    "raise net.core.somaxconn and the backlog of listen() for "
		    "bursts.");
}

static void
refused_late(const struct life_case *c)
{
	const struct tcp_log_entry *ack, *rst;
	char t[TIME_TEXT_SIZE];
	struct finding f;

	ack = life_entry(c, SIDE_CLIENT, LOG_ACKS_SYN, 0);
	rst = life_entry(c, SIDE_SERVER, LOG_RST, 0);
	if (!ack || !rst)
		return;
	finding_begin(&f, c->an, SIDE_SERVER, "error",
		      "accept_queue_overflow_reset", 0.8);
	finding_title(&f, "the server reset the connection as soon as it was "
		      "open");
	finding_say(&f, "%s after the client's last packet of the handshake an "
		    "RST came back that answers just that packet (it has no "
		    "ACK): the server never had the connection. Linux does so "
		    "when the accept queue is full and "
		    "tcp_abort_on_overflow is set; firewalls that complete "
		    "handshakes in place of a server do it when that refuses.",
		    finding_time(rst->ts - ack->ts, t));
	finding_evidence(&f, ack->frame, "the handshake's last ACK");
	finding_evidence(&f, rst->frame, "RST");
	finding_put(&f, c->an, "nstat TcpExtListenOverflows; ss -ltn (Recv-Q "
		    "against Send-Q); net.ipv4.tcp_abort_on_overflow; is the "
		    "application calling accept()?");
}

static bool
ends_in_answer_rst(const struct life_case *c)
{
	const struct tcp_log_entry *ack, *rst;
	nstime rtt = c->row->handshake_rtt_ns == ROW_NULL ? NS_PER_S
			: c->row->handshake_rtt_ns;

	ack = life_entry(c, SIDE_CLIENT, LOG_ACKS_SYN, 0);
	rst = life_entry(c, SIDE_SERVER, LOG_RST, 0);
	return ack && rst && !(rst->flags & LOG_ACK) &&
	       c->end[SIDE_SERVER].rtx_syn == 0 &&
	       rst->ts - ack->ts < ANSWER_ROUND_TRIPS * rtt + NS_PER_S / 20;
}

static void
half_believed(const struct life_case *c)
{
	const struct tcp_log_entry *again = synack_after_ack(c);
	bool has_data = c->end[SIDE_CLIENT].data_packets > 0;

	if (ends_in_answer_rst(c))
		refused_late(c);
	else if (has_data && c->conn->half[SIDE_CLIENT].bytes > 0 &&
		 c->end[SIDE_CLIENT].retrans_packets >= IGNORED_DATA &&
		 (again || c->conn->half[SIDE_SERVER].seen))
		not_accepted(c, again);
	else if (again || (again = synack_again_alone(c)))
		ack_lost(c, again);
}

void
finding_handshake(const struct life_case *c)
{
	const struct tcp_log_entry *again;

	if (c->conn->self || !c->conn->half[SIDE_CLIENT].isn_known ||
	    !reached(c, SIDE_CLIENT, TCP_STATE_ESTABLISHED) ||
	    c->conn->half[SIDE_SERVER].syn_packets)
		return;
	if (is_refused_behind_proxy(c)) {
		refused_behind_proxy(c);
		return;
	}
	if (c->conn->half[SIDE_SERVER].isn_known &&
	    !reached(c, SIDE_SERVER, TCP_STATE_ESTABLISHED)) {
		half_believed(c);
		return;
	}
	again = synack_after_ack(c);
	if (!again)
		again = synack_again_alone(c);
	if (is_deferred(c))
		deferred(c);
	else if (again)
		ack_lost(c, again);
	else if (c->facts->ack_missing)
		bare_ack_lost(c);
	else
		answer_lost(c);
}
