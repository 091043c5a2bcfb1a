/*
 * udp.h - a UDP header (RFC 768).
 */
#ifndef DISSECT_UDP_H
#define DISSECT_UDP_H

#include <stdint.h>

struct udp_header {
	uint16_t sport, dport;
	uint32_t len;		/* payload bytes on the wire */
	uint8_t checksum;	/* enum checksum_status */
};

#endif
