/*
 * arp.h - ARP (RFC 826) for Ethernet and IPv4.
 */
#ifndef DISSECT_ARP_H
#define DISSECT_ARP_H

#include <stdint.h>

#include "base/addr.h"

struct arp_message {
	uint16_t operation;	/* 1 request, 2 reply */
	uint8_t sender_mac[6], target_mac[6];
	struct addr sender, target;
};

#endif
