/*
 * icmp.h - ICMP (RFC 792) and ICMPv6 (RFC 4443), with the packet they quote.
 */
#ifndef DISSECT_ICMP_H
#define DISSECT_ICMP_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/ip.h"

struct icmp_message {
	uint8_t type, code;
	uint8_t checksum;	/* enum checksum_status */
	bool is_error;		/* quotes the packet that caused it */
	uint16_t id, seq;	/* of echo */
	uint32_t mtu;		/* fragmentation needed, packet too big; else 0 */
	struct addr target;	/* of a redirect or neighbour discovery */
	/* The quote, where is_error and as far as it was readable. */
	struct ip_header quoted;	/* version 0: not readable */
	bool has_ports;
	uint16_t sport, dport;
	uint32_t tcp_seq;	/* where quoted.proto is TCP and has_ports */
};

#endif
