/*
 * tcp_state.c - see tcp_state.h.
 */
#include <stddef.h>
#include <string.h>

#include "reassembly/conn.h"
#include "reassembly/tcp_state.h"

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

const char *
tcp_cause_text(unsigned cause)
{
	(void)cause;
	return "unknown";
}

void
conn_life(const struct conn *c, struct tcp_life *life)
{
	(void)c;
	memset(life, 0, sizeof(*life));
}
