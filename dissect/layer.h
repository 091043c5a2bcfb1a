/*
 * layer.h - which headers a packet has, and where each begins.
 *
 * One enum value a header.  Its name as tshark's protocol hierarchy has it
 * and its table of fields (dissect/field.h) are found by that value.
 */
#ifndef DISSECT_LAYER_H
#define DISSECT_LAYER_H

#include <stdint.h>

enum layer_kind {
	LAYER_NONE,
	LAYER_ETH,
	LAYER_LLC,		/* 802.2, with SNAP where it has that */
	LAYER_VLAN,
	LAYER_QINQ,		/* the service tag of 802.1ad */
	LAYER_SLL,
	LAYER_SLL2,
	LAYER_NULL,		/* BSD loopback, host or network byte order */
	LAYER_RAW,		/* no link-layer header: nothing to show */
	LAYER_PPP,
	LAYER_PPPOE,
	LAYER_PPPOE_DISCOVERY,
	LAYER_MPLS,
	LAYER_PW,		/* control word of an Ethernet pseudowire */
	LAYER_RADIOTAP,
	LAYER_WLAN,
	LAYER_ARP,
	LAYER_IP,
	LAYER_IP6,
	LAYER_IP6_HOP,
	LAYER_IP6_ROUTE,
	LAYER_IP6_FRAGMENT,
	LAYER_IP6_DEST,
	LAYER_AH,
	LAYER_ESP,
	LAYER_GRE,
	LAYER_VXLAN,
	LAYER_GENEVE,
	LAYER_GTPU,
	LAYER_TEREDO,
	LAYER_ICMP,
	LAYER_ICMP6,
	LAYER_IGMP,
	LAYER_UDP,
	LAYER_TCP,
	LAYER_DNS,		/* by port only: the payload's name */
	LAYER_DATA,		/* bytes that no table describes */
	N_LAYERS
};

struct layer {
	uint32_t offset;	/* from the packet's first byte */
	uint16_t len;		/* of the header, options included */
	uint8_t kind;		/* enum layer_kind */
	uint8_t status;		/* enum cursor_status */
};

/* "eth", "ip", "tcp", ...: tshark's names.  Never NULL. */
const char *layer_name(enum layer_kind kind);

#endif
