/*
 * arp.c - ARP (RFC 826).
 *
 * Other hardware and protocols than Ethernet and IPv4 are left as they are:
 * their addresses have other lengths.
 */
#include <string.h>

#include "dissect/walk.h"

enum {
	ARP_HEADER = 8,
	ARP_ETHER_IP = 20,	/* the four addresses */
};

enum layer_kind
parse_arp(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, ARP_HEADER);
	const uint8_t *a;
	struct arp_message *arp = &w->d->arp;

	if (!p)
		return LAYER_NONE;
	if (be16(p + 2) != ETHERTYPE_IP || p[4] != 6 || p[5] != 4) {
		cursor_bytes(&w->c, 2 * ((size_t)p[4] + p[5]));
		return LAYER_NONE;
	}
	a = cursor_bytes(&w->c, ARP_ETHER_IP);
	if (!a || w->d->ip.version != 0)	/* in a tunnel: leave that */
		return LAYER_NONE;
	arp->operation = be16(p + 6);
	memcpy(arp->sender_mac, a, 6);
	arp->sender = addr_from_ipv4(a + 6);
	memcpy(arp->target_mac, a + 10, 6);
	arp->target = addr_from_ipv4(a + 16);
	w->d->kind = DISSECT_ARP;
	walk_payload(w);
	w->d->payload.end = w->d->payload.pos;	/* padding */
	w->d->payload.uncaptured = 0;
	return LAYER_NONE;
}
