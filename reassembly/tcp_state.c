/*
 * tcp_state.c - the transitions of one end: RFC 9293 s3.3.2, figure 5.
 *
 * What is not listed changes nothing.  The table knows no numbers: whether an
 * end accepts a segment is decided before.  Where Linux differs from the RFC
 * the table follows Linux, and says so.
 */
#include <stddef.h>

#include "reassembly/tcp_state.h"

static const uint8_t next_state[N_TCP_STATES][N_TCP_EVENTS] = {
	[TCP_STATE_LISTEN] = {
		/* Linux: a request, made with its SYN-ACK. */
		[TCP_SENDS_SYNACK] = TCP_STATE_SYN_RCVD,
		/* A socket may leave LISTEN to connect. */
		[TCP_SENDS_SYN] = TCP_STATE_SYN_SENT,
	},
	[TCP_STATE_SYN_SENT] = {
		/* Simultaneous open: RFC 9293 s3.5, figure 7. */
		[TCP_GETS_SYN] = TCP_STATE_SYN_RCVD,
		[TCP_GETS_SYNACK] = TCP_STATE_ESTABLISHED,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		/* Linux: any ICMP error ends a connect() that waits. */
		[TCP_GETS_ICMP] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_SYN_RCVD] = {
		[TCP_GETS_ACK_OF_SYN] = TCP_STATE_ESTABLISHED,
		/* Simultaneous open again: the SYN-ACK has that ACK. */
		[TCP_GETS_SYNACK] = TCP_STATE_ESTABLISHED,
		[TCP_SENDS_FIN] = TCP_STATE_FIN_WAIT_1,
		[TCP_GETS_FIN] = TCP_STATE_CLOSE_WAIT,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_ESTABLISHED] = {
		[TCP_SENDS_FIN] = TCP_STATE_FIN_WAIT_1,
		[TCP_GETS_FIN] = TCP_STATE_CLOSE_WAIT,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_FIN_WAIT_1] = {
		[TCP_GETS_ACK_OF_FIN] = TCP_STATE_FIN_WAIT_2,
		[TCP_GETS_FIN] = TCP_STATE_CLOSING,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_FIN_WAIT_2] = {
		[TCP_GETS_FIN] = TCP_STATE_TIME_WAIT,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
		/* Linux: tcp_fin_timeout, where no program owns it. */
		[TCP_TIME_PASSES] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_CLOSE_WAIT] = {
		[TCP_SENDS_FIN] = TCP_STATE_LAST_ACK,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_CLOSING] = {
		[TCP_GETS_ACK_OF_FIN] = TCP_STATE_TIME_WAIT,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_LAST_ACK] = {
		[TCP_GETS_ACK_OF_FIN] = TCP_STATE_CLOSED,
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_GIVES_UP] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_TIME_WAIT] = {
		/* RFC 1337 would ignore it; Linux does not by default. */
		[TCP_GETS_RST] = TCP_STATE_CLOSED,
		[TCP_SENDS_RST] = TCP_STATE_CLOSED,
		[TCP_TIME_PASSES] = TCP_STATE_CLOSED,
	},
	[TCP_STATE_CLOSED] = {
		[TCP_SENDS_SYN] = TCP_STATE_SYN_SENT,
	},
};

enum tcp_state
tcp_state_next(enum tcp_state state, enum tcp_event event)
{
	return state < N_TCP_STATES && event < N_TCP_EVENTS ?
	       (enum tcp_state)next_state[state][event] : TCP_STATE_UNKNOWN;
}

const char *
tcp_state_name(enum tcp_state state)
{
	static const char *const name[N_TCP_STATES] = {
		[TCP_STATE_UNKNOWN] = NULL,
		[TCP_STATE_LISTEN] = "LISTEN",
		[TCP_STATE_SYN_SENT] = "SYN-SENT",
		[TCP_STATE_SYN_RCVD] = "SYN-RECEIVED",
		[TCP_STATE_ESTABLISHED] = "ESTABLISHED",
		[TCP_STATE_FIN_WAIT_1] = "FIN-WAIT-1",
		[TCP_STATE_FIN_WAIT_2] = "FIN-WAIT-2",
		[TCP_STATE_CLOSE_WAIT] = "CLOSE-WAIT",
		[TCP_STATE_CLOSING] = "CLOSING",
		[TCP_STATE_LAST_ACK] = "LAST-ACK",
		[TCP_STATE_TIME_WAIT] = "TIME-WAIT",
		[TCP_STATE_CLOSED] = "CLOSED",
	};

	return state < N_TCP_STATES ? name[state] : NULL;
}

/* The three texts of an event: seen, shown by later packets, before. */
#define EVENT(what) { \
	[TCP_SEEN] = what, \
	[TCP_SHOWN] = what ", as a later packet shows", \
	[TCP_BEFORE] = what ", before the capture began", \
}

const char *
tcp_cause_text(unsigned cause)
{
	static const char *const text[N_TCP_EVENTS][4] = {
		[TCP_SENDS_SYN] = EVENT("SYN sent"),
		[TCP_SENDS_SYNACK] = EVENT("SYN-ACK sent"),
		[TCP_SENDS_FIN] = EVENT("FIN sent"),
		[TCP_SENDS_RST] = EVENT("RST sent"),
		[TCP_GETS_SYN] = EVENT("SYN received"),
		[TCP_GETS_SYNACK] = EVENT("SYN-ACK received"),
		[TCP_GETS_ACK_OF_SYN] = EVENT("ACK of its SYN received"),
		[TCP_GETS_FIN] = EVENT("FIN received"),
		[TCP_GETS_ACK_OF_FIN] = EVENT("ACK of its FIN received"),
		[TCP_GETS_RST] = EVENT("RST received"),
		[TCP_GETS_ICMP] = EVENT("ICMP error received"),
		[TCP_GIVES_UP] = EVENT("no answer to its last repetition"),
		[TCP_TIME_PASSES] = EVENT("its time was over"),
	};
	const char *t = cause / 4 < N_TCP_EVENTS ? text[cause / 4][cause % 4]
						 : NULL;

	return t ? t : "unknown";
}
