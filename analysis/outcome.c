/*
 * outcome.c - see outcome.h.
 */
#include <string.h>

#include "analysis/outcome.h"

/* Wireshark's tcp.completeness. */
enum {
	COMPLETE_SYN = 1,
	COMPLETE_SYNACK = 2,
	COMPLETE_ACK = 4,
	COMPLETE_DATA = 8,
	COMPLETE_FIN = 16,
	COMPLETE_RST = 32,
};

/* Repetitions without an answer, after which an end will hardly get one. */
#define HOPELESS_REPETITIONS 3

/* --- on the way ----------------------------------------------------------- */

static unsigned
completeness_of(const struct seg_event *ev)
{
	unsigned flags = ev->seg->flags;

	if (flags & TCP_SYN)
		return flags & TCP_ACK ? COMPLETE_SYNACK : COMPLETE_SYN;
	return (flags & TCP_ACK ? COMPLETE_ACK : 0) |
	       (flags & TCP_RST ? COMPLETE_RST : 0) |
	       (flags & TCP_FIN ? COMPLETE_FIN : 0) |
	       (ev->seg->len > 0 ? COMPLETE_DATA : 0);
}

static void
count_after_fin(struct outcome_facts *f, const struct seg_event *ev,
		const struct half *me, const struct half *peer)
{
	uint64_t before = ev->old_snd_una;

	/* This end, after its FIN, acknowledges bytes of its peer. */
	if (!me->fin_seen || !ev->ack || ev->seq <= me->fin_seq)
		return;
	if (before <= peer->isn)
		before = peer->isn + 1;
	f->after_fin[ev->side] |= ev->ack > before +
		(peer->fin_seen && ev->ack > peer->fin_seq &&
		 before <= peer->fin_seq);
}

void
outcome_segment(struct outcome_facts *f, const struct conn *c,
		const struct seg_event *ev)
{
	const struct half *me = &c->half[ev->side];

	if (me->fin_seen)
		count_after_fin(f, ev, me, &c->half[!ev->side]);
	f->completeness |= (uint8_t)completeness_of(ev);
	history_segment(&f->history, ev);
}

/* --- lives ---------------------------------------------------------------- */

static bool
was_in(const struct tcp_life *life, enum side side, enum tcp_state state)
{
	for (int i = 0; i < life->n_changes; i++)
		if (life->change[i].side == side &&
		    life->change[i].new_state == state)
			return true;
	return false;
}

/* The change that closed an end; NULL: it is open, or never was. */
static const struct tcp_state_change *
closing(const struct tcp_life *life, enum side side)
{
	for (int i = life->n_changes; i-- > 0;)
		if (life->change[i].side == side)
			return life->change[i].new_state == TCP_STATE_CLOSED ?
			       &life->change[i] : NULL;
	return NULL;
}

static bool
closed_by_event(const struct tcp_state_change *ch, enum tcp_event event)
{
	return ch && ch->cause / 4 == (unsigned)event;
}

bool
outcome_is_unanswered(const struct conn *c, enum side side)
{
	const struct half *me = &c->half[side], *peer = &c->half[!side];

	return me->unanswered >= HOPELESS_REPETITIONS &&
	       (!peer->seen || peer->last < me->asked);
}

/* --- errno ---------------------------------------------------------------- */

static const char *const errno4[16] = {
	"ENETUNREACH", "EHOSTUNREACH", "ENOPROTOOPT", "ECONNREFUSED",
	"EMSGSIZE", "EOPNOTSUPP", "ENETUNREACH", "EHOSTDOWN",
	"ENONET", "ENETUNREACH", "EHOSTUNREACH", "ENETUNREACH",
	"EHOSTUNREACH", "EHOSTUNREACH", "EHOSTUNREACH", "EHOSTUNREACH",
};

static const char *const errno6[7] = {
	"ENETUNREACH", "EACCES", "EHOSTUNREACH", "EHOSTUNREACH",
	"ECONNREFUSED", "EACCES", "EACCES",
};

const char *
outcome_icmp_errno(unsigned ip_version, unsigned type, unsigned code)
{
	if (ip_version == 6)
		return type == 1 ? code < 7 ? errno6[code] : "EPROTO" :
		       type == 2 ? "EMSGSIZE" :
		       type == 3 ? "EHOSTUNREACH" :
		       type == 4 ? "EPROTO" : NULL;
	return type == 3 ? code < 16 ? errno4[code] : "EHOSTUNREACH" :
	       type == 11 ? "EHOSTUNREACH" :
	       type == 12 ? "EPROTO" : NULL;
}

static const char *
icmp_errno(const struct conn *c, enum side side)
{
	const struct half *h = &c->half[side];
	unsigned version = addr_is_ipv4(&c->addr[side]) ? 4 : 6;

	return h->icmp_errors ? outcome_icmp_errno(version, h->icmp_type,
						   h->icmp_code) : NULL;
}

/* An ICMP error that a living connection ignored is told when it gives up. */
static const char *
timeout_errno(const struct conn *c, enum side side)
{
	const char *soft = icmp_errno(c, side);

	return soft && strcmp(soft, "EMSGSIZE") ? soft : "ETIMEDOUT";
}

/* Has the program still an interest in it: it has not closed, or only its
   own direction and goes on reading? */
static bool
has_owner(enum tcp_state state, const struct outcome_facts *f, enum side side)
{
	switch (state) {
	case TCP_STATE_SYN_SENT:
	case TCP_STATE_ESTABLISHED:
	case TCP_STATE_CLOSE_WAIT:
		return true;
	case TCP_STATE_FIN_WAIT_1:
	case TCP_STATE_FIN_WAIT_2:
		return f->after_fin[side];
	default:
		return false;
	}
}

/* tcp_reset() of Linux: what the program gets depends on the state. */
static const char *
reset_errno(enum tcp_state state)
{
	switch (state) {
	case TCP_STATE_SYN_SENT:
		return "ECONNREFUSED";
	case TCP_STATE_CLOSE_WAIT:
		return "EPIPE";
	default:
		return "ECONNRESET";
	}
}

static bool
ended_keepalive(const struct conn *c, const struct tcp_state_change *ch)
{
	for (unsigned i = 0; i < c->log.n_entries; i++)
		if (c->log.entry[i].frame == ch->frame)
			return c->log.entry[i].flags & LOG_KEEPALIVE;
	return false;
}

static const char *
error_of(const struct conn *c, const struct tcp_life *life,
	 const struct outcome_facts *f, enum side side)
{
	const struct tcp_state_change *ch = closing(life, side);
	enum tcp_state last = ch ? (enum tcp_state)ch->old_state
				 : (enum tcp_state)life->state[side];

	if (!has_owner(last, f, side))
		return NULL;
	if (!ch)
		return outcome_is_unanswered(c, side) ? timeout_errno(c, side)
						      : NULL;
	switch (ch->cause / 4) {
	case TCP_GETS_RST:
		return reset_errno(last);
	case TCP_GETS_ICMP:
		return icmp_errno(c, side);
	case TCP_GIVES_UP:
		return timeout_errno(c, side);
	case TCP_SENDS_RST:
		return ended_keepalive(c, ch) ? "ETIMEDOUT" : NULL;
	default:
		return NULL;
	}
}

/* --- one word ------------------------------------------------------------- */

static const char *
rejected(const struct conn *c)
{
	const struct half *h = &c->half[SIDE_CLIENT];
	bool v4 = addr_is_ipv4(&c->addr[SIDE_CLIENT]);

	if (v4 ? h->icmp_code == 9 || h->icmp_code == 10 || h->icmp_code == 13
	       : h->icmp_code == 1 || h->icmp_code >= 5)
		return "rejected_icmp_admin";
	if (h->icmp_code == (v4 ? 3 : 4))
		return "rejected_icmp_port";
	if (h->icmp_code == 0)
		return "rejected_icmp_net";
	return "rejected_icmp_host";
}

/* The handshake was never complete, as the client has it. */
static const char *
attempt(const struct conn *c, const struct tcp_life *life)
{
	const struct tcp_state_change *ch = closing(life, SIDE_CLIENT);

	if (closed_by_event(ch, TCP_GETS_RST))
		return "connection_refused";
	if (closed_by_event(ch, TCP_GETS_ICMP))
		return rejected(c);
	if (closed_by_event(ch, TCP_SENDS_RST))
		return "connect_aborted_by_client";
	if (c->half[SIDE_SERVER].seen)
		return "handshake_incomplete";
	if (closed_by_event(ch, TCP_GIVES_UP) ||
	    c->half[SIDE_CLIENT].unanswered > 0)
		return "connect_timeout";
	return "connecting";
}

static bool
both_closed_orderly(const struct tcp_life *life)
{
	for (int side = 0; side < N_SIDES; side++) {
		const struct tcp_state_change *ch = closing(life, side);
		enum tcp_state s = life->state[side];

		if (s != TCP_STATE_TIME_WAIT && s != TCP_STATE_LAST_ACK &&
		    s != TCP_STATE_CLOSING &&
		    !closed_by_event(ch, TCP_GETS_ACK_OF_FIN) &&
		    !closed_by_event(ch, TCP_TIME_PASSES) &&
		    !(ch && ch->old_state == TCP_STATE_TIME_WAIT))
			return false;
	}
	return true;
}

static const char *
disorderly(const struct conn *c, const struct tcp_life *life)
{
	for (int side = 0; side < N_SIDES; side++) {
		const struct tcp_state_change *ch = closing(life, side);

		if (closed_by_event(ch, TCP_GIVES_UP))
			return "retransmission_timeout";
		if (closed_by_event(ch, TCP_SENDS_RST) &&
		    ended_keepalive(c, ch))
			return "keepalive_timeout";
	}
	for (int side = 0; side < N_SIDES; side++) {
		const struct tcp_state_change *ch = closing(life, side);

		if (closed_by_event(ch, TCP_SENDS_RST) ||
		    closed_by_event(ch, TCP_GETS_RST))
			return "reset_by_peer";
	}
	return NULL;
}

static const char *
unfinished(const struct conn *c, const struct tcp_life *life)
{
	bool fin = c->half[SIDE_CLIENT].fin_seen ||
		   c->half[SIDE_SERVER].fin_seen;

	for (int side = 0; side < N_SIDES; side++)
		if (outcome_is_unanswered(c, (enum side)side))
			return c->half[side].snd_una < c->half[side].snd_nxt ?
			       "retransmission_timeout" : "keepalive_timeout";
	if (life->state[SIDE_CLIENT] == TCP_STATE_UNKNOWN)
		return NULL;
	return fin ? "half_closed" : "open";
}

static const char *
word(const struct conn *c, const struct tcp_life *life)
{
	const char *bad;

	if (c->self)
		return "self_connect";
	if (!was_in(life, SIDE_CLIENT, TCP_STATE_ESTABLISHED))
		return was_in(life, SIDE_CLIENT, TCP_STATE_SYN_SENT) ?
		       attempt(c, life) : NULL;
	if (both_closed_orderly(life))
		return "normal_close";
	bad = disorderly(c, life);
	return bad ? bad : unfinished(c, life);
}

/* --- who ------------------------------------------------------------------ */

/* The end that first sent FIN or RST, or gave up. */
static const char *
closed_by(const struct tcp_life *life)
{
	static const char *const name[N_SIDES] = { "client", "server" };

	if (was_in(life, SIDE_CLIENT, TCP_STATE_CLOSING) &&
	    was_in(life, SIDE_SERVER, TCP_STATE_CLOSING))
		return "both";
	for (int i = 0; i < life->n_changes; i++) {
		const struct tcp_state_change *ch = &life->change[i];
		unsigned event = ch->cause / 4;

		if (event == TCP_SENDS_FIN || event == TCP_SENDS_RST ||
		    event == TCP_GIVES_UP)
			return name[ch->side];
	}
	return NULL;
}

/* --- Zeek's conn_state ---------------------------------------------------- */

enum zeek_end { INACTIVE, SYN_SENT, ESTABLISHED, CLOSED, RESET };

static enum zeek_end
zeek_end(const struct conn *c, const struct tcp_life *life, enum side side)
{
	const struct half *h = &c->half[side];

	if (!h->seen)
		return INACTIVE;
	if (h->rst_seen)
		return RESET;
	if (h->fin_seen)
		return CLOSED;
	if (!was_in(life, side, TCP_STATE_ESTABLISHED))
		return h->syn_packets || h->synack_packets ? SYN_SENT
							   : INACTIVE;
	return h->isn_known ? ESTABLISHED : INACTIVE;
}

static const char *
conn_state(const struct conn *c, const struct tcp_life *life)
{
	const struct half *client = &c->half[SIDE_CLIENT];
	const struct half *server = &c->half[SIDE_SERVER];
	enum zeek_end o = zeek_end(c, life, SIDE_CLIENT);
	enum zeek_end r = zeek_end(c, life, SIDE_SERVER);

	if (r == RESET)
		return o == SYN_SENT || (o == RESET && !client->bytes &&
					 !server->bytes) ? "REJ" :
		       o == INACTIVE ? "RSTRH" : "RSTR";
	if (o == RESET)
		return r != INACTIVE ? "RSTO" :
		       client->syn_packets ? "RSTOS0" : "OTH";
	if (o == CLOSED && r == CLOSED)
		return "SF";
	if (o == CLOSED)
		return r == INACTIVE ? "SH" : "S2";
	if (r == CLOSED)
		return o == INACTIVE ? "SHR" : "S3";
	if (o == SYN_SENT && r == INACTIVE)
		return "S0";
	return o == ESTABLISHED && r != INACTIVE ? "S1" : "OTH";
}

void
outcome_of(const struct conn *c, const struct tcp_life *life,
	   const struct outcome_facts *f, struct outcome *out)
{
	*out = (struct outcome){
		.outcome = word(c, life),
		.conn_state = conn_state(c, life),
		.closed_by = closed_by(life),
	};
	for (int side = 0; side < N_SIDES; side++)
		out->error[side] = error_of(c, life, f, (enum side)side);
	if (c->self)
		out->error[SIDE_SERVER] = NULL;
}

void
outcome_fill(const struct conn *c, const struct tcp_life *life,
	     const struct outcome_facts *f, struct connection_row *row)
{
	struct outcome o;

	outcome_of(c, life, f, &o);
	row->outcome = o.outcome;
	row->conn_state = o.conn_state;
	row->history = f->history.len ? f->history.text : NULL;
	row->completeness = f->completeness;
	row->closed_by = o.closed_by;
	row->client_error = o.error[SIDE_CLIENT];
	row->server_error = o.error[SIDE_SERVER];
}
