/*
 * tcp_state.h - the states that both ends of a connection passed through.
 *
 * RFC 9293 s3.3.2, once for each end.  A state changes by what an end sends
 * and by what it accepts of its peer's segments, judged by sequence numbers
 * (RFC 9293 s3.10.7.4, RFC 5961, PAWS), or by time.
 */
#ifndef REASSEMBLY_TCP_STATE_H
#define REASSEMBLY_TCP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/nstime.h"
#include "reassembly/side.h"

/* RFC 9293 s3.3.2, in its order.  Names: tcp_state_name(). */
enum tcp_state {
	TCP_STATE_UNKNOWN,	/* nothing tells: stored as NULL */
	TCP_STATE_LISTEN,
	TCP_STATE_SYN_SENT,
	TCP_STATE_SYN_RCVD,
	TCP_STATE_ESTABLISHED,
	TCP_STATE_FIN_WAIT_1,
	TCP_STATE_FIN_WAIT_2,
	TCP_STATE_CLOSE_WAIT,
	TCP_STATE_CLOSING,
	TCP_STATE_LAST_ACK,
	TCP_STATE_TIME_WAIT,
	TCP_STATE_CLOSED,
	N_TCP_STATES
};

/* "FIN-WAIT-1"; NULL for TCP_STATE_UNKNOWN. */
const char *tcp_state_name(enum tcp_state state);

/* What an end does or meets.  The states change by nothing else. */
enum tcp_event {
	TCP_SENDS_SYN,
	TCP_SENDS_SYNACK,
	TCP_SENDS_FIN,
	TCP_SENDS_RST,
	TCP_GETS_SYN,
	TCP_GETS_SYNACK,
	TCP_GETS_ACK_OF_SYN,
	TCP_GETS_FIN,
	TCP_GETS_ACK_OF_FIN,
	TCP_GETS_RST,
	TCP_GETS_ICMP,
	TCP_GIVES_UP,		/* no answer came, time after time */
	TCP_TIME_PASSES,	/* 2 MSL; FIN-WAIT-2 without an owner */
	N_TCP_EVENTS
};

/* TCP_STATE_UNKNOWN: the event changes nothing. */
enum tcp_state tcp_state_next(enum tcp_state state, enum tcp_event event);

/* How the cause of a change is known. */
enum tcp_evidence {
	TCP_SEEN,		/* the packet is there */
	TCP_SHOWN,		/* a later packet shows it */
	TCP_BEFORE,		/* it happened before the capture began */
	N_TCP_EVIDENCES
};

#define TCP_CAUSE(event, evidence) ((unsigned)((event) * 4 + (evidence)))

struct tcp_state_change {
	nstime ts;		/* corrected for the vantage point */
	uint64_t frame : 40;	/* the packet that caused it; 0: time did */
	uint64_t side : 1;
	uint64_t old_state : 4;
	uint64_t new_state : 4;
	uint64_t cause : 8;	/* tcp_cause_text() */
};

/* "FIN sent", "SYN received, as later packets show", ...: never NULL. */
const char *tcp_cause_text(unsigned cause);

#define TCP_LIFE_CHANGES 32

/*
 * Both ends, in the order of time.  Changes beyond the table are counted, the
 * last state is kept.  A life is worked out when it is asked for, by
 * conn_life() in conn.h: whether a packet arrived is often told by what
 * follows, so that what is said of an open connection may be revised.
 */
struct tcp_life {
	uint8_t state[N_SIDES];
	uint8_t n_changes;
	uint8_t n_changes_lost;
	struct tcp_state_change change[TCP_LIFE_CHANGES];
};

#endif
