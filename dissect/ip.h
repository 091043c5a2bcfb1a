/*
 * ip.h - IPv4 (RFC 791) and IPv6 (RFC 8200) headers as one struct.
 */
#ifndef DISSECT_IP_H
#define DISSECT_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

enum checksum_status {
	CHECKSUM_UNKNOWN,	/* not all bytes are there, or a fragment */
	CHECKSUM_GOOD,
	CHECKSUM_BAD,
	CHECKSUM_PARTIAL,	/* the pseudo header's sum only, or nothing yet:
				   left to the network card (offload) */
	CHECKSUM_NONE,		/* UDP over IPv4 without one */
};

struct ip_header {
	struct addr src, dst;
	uint32_t total_len;	/* wire bytes of the datagram, header included;
				   where the field is 0 (a super-segment before
				   the network card): all that the wire had */
	uint32_t id;		/* IPv4: 16 bits; IPv6: of the fragment header */
	uint32_t frag_offset;	/* bytes */
	uint16_t hdr_len;	/* options or extension headers included */
	uint8_t version;	/* 4, 6; 0: no IP header */
	uint8_t ttl;		/* hop limit */
	uint8_t dscp;
	uint8_t ecn;		/* RFC 3168: 0 not-ECT, 1 ECT(1), 2 ECT(0), 3 CE */
	uint8_t proto;		/* of the payload, after extension headers */
	uint8_t checksum;	/* enum checksum_status, of the IPv4 header */
	bool dont_fragment;
	bool more_fragments;
	bool has_options;	/* IPv4 options or IPv6 extension headers */
};

static inline bool
ip_is_fragment(const struct ip_header *ip)
{
	return ip->frag_offset > 0 || ip->more_fragments;
}

#endif
