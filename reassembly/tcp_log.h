/*
 * tcp_log.h - the packets that a connection's states depend on.
 *
 * SYN, FIN, RST, what answers them first, and unanswered retransmissions:
 * a dozen in an ordinary connection.  Numbers are judged when the packet
 * comes (by both halves as they are then) and kept as verdicts, so that the
 * states can be worked out afterwards, knowing what followed: tcp_state.h.
 * The log is bounded; what repeats is merged, what is too much is counted.
 */
#ifndef REASSEMBLY_TCP_LOG_H
#define REASSEMBLY_TCP_LOG_H

#include <stdint.h>

#include "base/nstime.h"

#define TCP_LOG_ENTRIES 20

struct tcp_log_entry {
	nstime ts;
	uint64_t frame : 40;
	uint64_t side : 1;	/* who sent it */
	uint64_t what : 5;	/* enum tcp_log_what */
	uint64_t flags : 18;	/* verdicts: TCP_LOG_... */
};

struct tcp_log {
	struct tcp_log_entry entry[TCP_LOG_ENTRIES];
	uint8_t n_entries;
	uint8_t n_lost;		/* stays at 255 */
};

#endif
