/*
 * packet.h - a packet as it came from a file or an interface, and a batch.
 *
 * Nobody below `dissect` knows what the bytes mean.  The bytes belong to the
 * capture: they live until the batch that holds the packet is given back.
 */
#ifndef BASE_PACKET_H
#define BASE_PACKET_H

#include <stdint.h>

#include "base/nstime.h"

struct packet {
	nstime ts;
	const uint8_t *bytes;
	uint32_t caplen;	/* bytes captured, all readable */
	uint32_t wire_len;	/* bytes that were on the wire, >= caplen */
	uint64_t number;	/* as Wireshark's frame.number: from 1, over
				   all inputs in the order of time */
	uint32_t interface;	/* index of its interface in the capture */
	uint16_t link_type;	/* LINKTYPE_..., as in the file */
	uint8_t direction;	/* enum packet_direction, where told */
};

enum packet_direction {
	PACKET_DIRECTION_UNKNOWN,
	PACKET_INBOUND,
	PACKET_OUTBOUND,
};

#endif
