/*
 * tcp_log.h - the packets that a connection's states depend on.
 *
 * SYN, FIN, RST, what answers them, and ICMP errors: seven or eight in an
 * ordinary connection.  Numbers are judged when the packet comes, by both
 * halves as they are then, and kept as verdicts: so the states can be worked
 * out afterwards, knowing what followed (life.c), and need no numbers.
 * The log is bounded; what repeats is merged, what is too much is counted.
 */
#ifndef REASSEMBLY_TCP_LOG_H
#define REASSEMBLY_TCP_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/nstime.h"
#include "reassembly/side.h"

#define TCP_LOG_ENTRIES 16

enum tcp_log_flag {
	LOG_SYN = 1 << 0,
	LOG_ACK = 1 << 1,
	LOG_FIN = 1 << 2,
	LOG_RST = 1 << 3,
	LOG_DATA = 1 << 4,
	LOG_REPEAT = 1 << 5,	/* its SYN or FIN was sent before */
	LOG_ACKS_SYN = 1 << 6,	/* its ACK covers the peer's SYN */
	LOG_ACKS_FIN = 1 << 7,	/* and the peer's FIN */
	LOG_EXACT = 1 << 8,	/* RST: the number that the peer expects */
	LOG_WINDOW = 1 << 9,	/* RST: within the peer's window */
	LOG_UNSEEN_FIN = 1 << 10,	/* its ACK moved by one, and its peer
				   was never seen: that was a FIN */
	LOG_ICMP = 1 << 11,	/* an ICMP error; side sent what it quotes */
	LOG_HARD = 1 << 12,	/* ICMP: one that ends a connect() */
	LOG_KEEPALIVE = 1 << 13,	/* RST after unanswered probes */
};

struct tcp_log_entry {
	nstime ts;
	uint64_t frame : 40;
	uint64_t side : 1;	/* who sent it */
	uint64_t flags : 23;	/* enum tcp_log_flag */
};

struct tcp_log {
	uint8_t n_entries;
	uint8_t n_lost;		/* stays at 255 */
	/* A bit a side. */
	uint8_t wanted : 2;	/* its next segment is of interest */
	uint8_t acked_syn : 2;	/* its ACK of the SYN is in here */
	uint8_t acked_fin : 2;
	struct tcp_log_entry entry[TCP_LOG_ENTRIES];
};

struct conn;
struct seg_event;

/* Log a segment that conn_segment() has just taken, if it matters. */
void tcp_log_segment(struct tcp_log *log, const struct conn *c,
		     const struct seg_event *ev);

/* hard: it ends a connection attempt (RFC 1122 s4.2.3.9, as Linux does). */
void tcp_log_icmp(struct tcp_log *log, enum side side, nstime ts,
		  uint64_t frame, bool hard);

#endif
