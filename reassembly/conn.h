/*
 * conn.h - one TCP connection: two symmetric ends and what each of them sent.
 *
 * half[side] is an end as its own packets and its peer's ACKs show it, in the
 * words of RFC 9293 s3.3.1.  Sequence numbers are unwrapped (base/seq.h).
 * reassembly/ writes it; everybody else reads.
 *
 * A connection and its analyzers' states are one slab object, opened by the
 * tracker when the first segment of a 4-tuple comes, and closed when it ended
 * and 2 MSL (or an idle time) went by in capture time, when the 4-tuple is
 * used anew, when memory is short, or at the end of the capture.
 */
#ifndef REASSEMBLY_CONN_H
#define REASSEMBLY_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/nstime.h"
#include "dissect/dissect.h"
#include "reassembly/expiry.h"
#include "reassembly/flow_key.h"
#include "reassembly/side.h"
#include "reassembly/tcp_log.h"
#include "reassembly/tcp_state.h"

struct half {
	uint64_t isn;		/* of its SYN; else one before its first byte */
	uint64_t snd_una;	/* highest ACK for its bytes; isn where none */
	uint64_t snd_nxt;	/* after the highest sequence number seen */
	uint64_t rcv_nxt;	/* the highest ACK that it sent */
	uint64_t right_edge;	/* the highest ACK + scaled window it offered:
				   what its peer may send up to */
	uint64_t fin_seq;	/* of its FIN; valid with fin_seen */
	uint64_t stray_end;	/* of its last segment that fitted nothing */
	nstime last;		/* its last packet; valid with seen */
	nstime asked;		/* its last segment that asks for an answer */
	uint32_t unanswered;	/* repetitions since its peer's last packet */
	uint32_t asked_gap_us;	/* before the latest repetition */
	uint32_t rwnd;		/* the last window that it offered, scaled where
				   the scale is known */
	uint32_t ts_recent;	/* RFC 7323: the peer's TSval that it echoes */
	uint16_t mss;		/* from its SYN; 0: not known */
	uint8_t wscale;		/* its shift; valid with wscale_known */
	uint8_t ttl;		/* of its first packet */
	uint16_t icmp_errors;	/* that quoted its segments; 65535: or more */
	uint8_t icmp_type, icmp_code;	/* of the last of them */

	bool seen : 1;		/* it sent any packet at all */
	bool isn_known : 1;	/* its SYN or SYN-ACK was seen */
	bool seq_known : 1;	/* snd_nxt is anchored: it sent, or was acked */
	bool wscale_known : 1;	/* seen its SYN, and its peer's: the shift (or
				   none) is certain */
	bool wscale_offered : 1;	/* the option was in its SYN */
	bool sack_perm : 1;
	bool ts_ok : 1;		/* timestamps in its SYN, or in its packets */
	bool ecn_setup : 1;
	bool fin_seen : 1;
	bool fin_acked : 1;
	bool rst_seen : 1;	/* it sent an RST, accepted or not */

	/* Counters, of everything seen, duplicates included. */
	uint32_t data_packets;
	uint64_t packets;
	uint64_t ip_bytes;
	uint64_t bytes;		/* payload carried */
	uint32_t syn_packets;	/* without ACK */
	uint32_t synack_packets;
	uint32_t fin_packets;
	uint32_t rst_packets;
};

/* Why the tracker let go of a connection. */
enum conn_end {
	CONN_END_OPEN,		/* not yet */
	CONN_END_CLOSED,	/* it ended, and its time went by */
	CONN_END_REUSED,	/* the 4-tuple came back as a new connection */
	CONN_END_IDLE,		/* nothing for too long */
	CONN_END_EVICTED,	/* memory was short */
	CONN_END_CAPTURE,	/* the capture ended */
};

/* How far it is, roughly and at once: for time-outs and rates.  The states of
   both ends are conn_life()'s. */
enum conn_phase {
	CONN_PHASE_HALF_OPEN,	/* the handshake is not complete */
	CONN_PHASE_ESTABLISHED,
	CONN_PHASE_ENDED,	/* both FINs acknowledged, or reset */
};

struct conn {
	struct flow_links links;	/* the tracker's own */
	uint32_t handle;	/* names it in rows; unique among the open ones
				   of all shards, used anew after its close */
	uint32_t older, newer;	/* the tracker's: of the same 4-tuple */
	/* The tracker's: its list of those that ended. */
	uint32_t ended_next, ended_prev;
	bool ended_listed;
	uint16_t interface;	/* where its first packet came */
	uint64_t hash;		/* the tracker's */
	uint16_t vlan;
	bool role_known;	/* a SYN told who is the client */
	bool swapped;		/* the client is the key's second end */
	bool self;		/* both ends are one: a socket connected to
				   itself; all it sends is the client's */
	bool reset;		/* an RST that fits came */
	bool met_living;	/* its SYN met a connection that still lived */
	bool met_ended;		/* that is, one in TIME-WAIT */
	uint8_t end;		/* enum conn_end */
	uint8_t phase;		/* enum conn_phase */
	struct addr addr[N_SIDES];
	uint16_t port[N_SIDES];
	nstime first, last;
	nstime until;		/* what is known of it ends here: set by the
				   tracker when it closes; before, last */
	uint64_t first_frame, last_frame;
	struct half half[N_SIDES];
	struct tcp_log log;	/* what the states are worked out from */

	/* The analyzers' states, laid out by analysis/engine.c. */
	_Alignas(16) unsigned char extra[];
};

/* One segment, after the connection has been updated by it. */
struct seg_event {
	const struct packet *packet;	/* ts, number, bytes */
	const struct dissection *d;
	const struct tcp_seg *seg;	/* &d->tcp */
	enum side side;		/* who sent it */
	uint64_t seq;		/* SEG.SEQ, unwrapped */
	uint64_t end;		/* SEG.SEQ + SEG.LEN: payload, SYN and FIN */
	uint64_t ack;		/* SEG.ACK unwrapped; 0 without ACK */
	uint64_t data;		/* first byte of payload: seq, +1 after a SYN */
	uint32_t window;	/* SEG.WND, scaled where the scale is known */
	/* The ends before this segment changed them. */
	uint64_t old_snd_nxt;	/* the sender's snd_nxt; 0 where not anchored */
	uint64_t old_snd_una;	/* the peer's snd_una: what this ACK may move */
	uint32_t old_window;	/* the sender's last window */
	bool first;		/* the first segment of the connection */
	bool stray;		/* its numbers fit nothing (forged, or of
				   another connection): not followed */
};

/*
 * Set up a connection by its first segment, which is then to be given to
 * conn_segment().  All of struct conn before extra[] is set; swapped: the
 * sender is the key's second end.
 */
void conn_init(struct conn *c, const struct packet *p,
	       const struct dissection *d, const struct flow_key *key,
	       bool swapped);

/* Who sends, when the sender is (not) the key's second end. */
static inline enum side
conn_side(const struct conn *c, bool swapped)
{
	return swapped == c->swapped ? SIDE_CLIENT : SIDE_SERVER;
}

/* A time as microseconds since its first packet, modulo 2^32: to keep what is
   at most minutes apart. */
static inline uint32_t
conn_micros(const struct conn *c, nstime ts)
{
	return (uint32_t)((uint64_t)(ts - c->first) / 1000);
}

static inline nstime
micros_between(uint32_t from, uint32_t to)
{
	return (nstime)(uint32_t)(to - from) * 1000;
}

/* Update the connection by a segment, and say what it did. */
void conn_segment(struct conn *c, const struct packet *p,
		  const struct dissection *d, enum side side,
		  struct seg_event *ev);

/* An ICMP error quotes a segment that side sent. */
void conn_icmp(struct conn *c, const struct packet *p,
	       const struct dissection *d, enum side side);

/*
 * The states of both ends, up to c->until; of an open connection as far as is
 * known.  Costs some hundred nanoseconds: not for each packet.
 */
void conn_life(const struct conn *c, struct tcp_life *life);

#endif
