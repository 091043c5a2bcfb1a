/*
 * tcp.h - a TCP segment: RFC 9293 header and every option.
 */
#ifndef DISSECT_TCP_H
#define DISSECT_TCP_H

#include <stdbool.h>
#include <stdint.h>

enum tcp_flag {
	TCP_FIN = 0x001,
	TCP_SYN = 0x002,
	TCP_RST = 0x004,
	TCP_PSH = 0x008,
	TCP_ACK = 0x010,
	TCP_URG = 0x020,
	TCP_ECE = 0x040,	/* RFC 3168 */
	TCP_CWR = 0x080,
	TCP_AE = 0x100,		/* RFC 9768; NS in RFC 3540 */
};

/* Which options were there, well-formed. */
enum tcp_opt {
	TCP_OPT_MSS = 1 << 0,
	TCP_OPT_WSCALE = 1 << 1,	/* RFC 7323 */
	TCP_OPT_SACK_PERM = 1 << 2,	/* RFC 2018 */
	TCP_OPT_SACK = 1 << 3,
	TCP_OPT_TS = 1 << 4,		/* RFC 7323 */
	TCP_OPT_FASTOPEN = 1 << 5,	/* RFC 7413, also kind 254 */
	TCP_OPT_MD5 = 1 << 6,		/* RFC 2385 */
	TCP_OPT_AO = 1 << 7,		/* RFC 5925 */
	TCP_OPT_USER_TIMEOUT = 1 << 8,	/* RFC 5482 */
	TCP_OPT_MPTCP = 1 << 9,		/* RFC 8684 */
	TCP_OPT_EXPERIMENT = 1 << 10,	/* RFC 6994 */
	TCP_OPT_ACCECN = 1 << 11,	/* RFC 9768 */
	TCP_OPT_UNKNOWN = 1 << 12,
	TCP_OPT_MALFORMED = 1 << 13,	/* some option had an impossible size */
};

#define TCP_MAX_SACK 4

struct tcp_seg {
	uint32_t seq, ack;
	uint32_t len;		/* payload bytes on the wire, without SYN, FIN */
	uint16_t sport, dport;
	uint16_t flags;		/* enum tcp_flag */
	uint16_t window;	/* as on the wire, unscaled */
	uint16_t checksum_field;
	uint16_t urgent;
	uint16_t options;	/* enum tcp_opt */
	uint8_t hdr_len;
	uint8_t checksum;	/* enum checksum_status */

	uint16_t mss;
	uint8_t wscale;
	uint8_t n_sack;
	uint32_t tsval, tsecr;
	struct { uint32_t start, end; } sack[TCP_MAX_SACK];
	uint8_t fastopen_len;	/* bytes of cookie; 0 asks for one */
	uint8_t mptcp_subtype;
	uint16_t user_timeout;	/* as on the wire */
	uint16_t experiment;	/* ExID of kind 253, 254 */
};

/* Sequence space that the segment takes: payload, SYN and FIN. */
static inline uint32_t
tcp_seq_len(const struct tcp_seg *seg)
{
	return seg->len + !!(seg->flags & TCP_SYN) + !!(seg->flags & TCP_FIN);
}

#endif
