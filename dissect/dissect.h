/*
 * dissect.h - bytes in, plain structs out.
 *
 * dissect_packet() goes through a packet once, from the link layer inwards
 * through at most DISSECT_MAX_TUNNELS tunnels, and says what it found: the
 * list of layers, the innermost IP header, and what that carries.  It keeps
 * no state, allocates nothing and prints nothing.  Nothing in here judges:
 * an option of a strange value is reported as it is.
 */
#ifndef DISSECT_DISSECT_H
#define DISSECT_DISSECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/packet.h"
#include "dissect/arp.h"
#include "dissect/icmp.h"
#include "dissect/ip.h"
#include "dissect/layer.h"
#include "dissect/tcp.h"
#include "dissect/udp.h"

#define DISSECT_MAX_LAYERS  24
#define DISSECT_MAX_TUNNELS 4

/* What the innermost header that was understood is. */
enum dissect_kind {
	DISSECT_OTHER,		/* a link type or protocol not followed */
	DISSECT_TCP,
	DISSECT_UDP,
	DISSECT_ICMP,		/* ICMP and ICMPv6, told by ip.version */
	DISSECT_ARP,
	DISSECT_FRAGMENT,	/* a piece of a datagram: ip.frag_* say which */
	DISSECT_IP_OTHER,	/* another protocol over IP: ip.proto */
};

/* A vlan that is not there; VLAN 0 is a priority tag. */
#define VLAN_NONE 0xffff

struct dissection {
	/* CUT or BAD: of the first layer that could not be read to its end,
	   or that claims more than the wire had.  What was read is valid;
	   `kind` says how far that goes.  Of headers only: a payload that
	   was cut has payload.uncaptured > 0. */
	enum cursor_status status;
	uint8_t kind;			/* enum dissect_kind */
	uint8_t n_layers;
	uint8_t n_tunnels;
	bool link_type_unknown;
	bool too_deep;			/* more layers or tunnels than we follow */
	uint16_t vlan;			/* the innermost tag's id, VLAN_NONE */
	struct layer layer[DISSECT_MAX_LAYERS];	/* outermost first */
	struct ip_header ip;		/* the innermost; version 0: none */
	union {
		struct tcp_seg tcp;
		struct udp_header udp;
		struct icmp_message icmp;
		struct arp_message arp;
	};
	/* What the innermost header carries: TCP's or UDP's payload, a
	   fragment's bytes.  Without Ethernet's padding and the FCS. */
	struct cursor payload;
};

/* Read a packet.  Never fails: what was wrong is in d->status. */
void dissect_packet(const struct packet *p, struct dissection *d);

/*
 * The same from an IP header on: what a reassembled datagram is read with.
 * Layers are counted from 0 again; vlan is taken over by the caller.
 */
void dissect_ip(const uint8_t *bytes, uint32_t caplen, uint32_t wire_len,
		struct dissection *d);

/*
 * Read the transport header of a datagram's first fragment as well, as if it
 * were the datagram: d->kind becomes what it is, and lengths are those that
 * the header claims.  For showing it: whoever follows connections wants the
 * whole datagram.  Does nothing where d is not a first fragment.
 */
void dissect_first_fragment(const struct packet *p, struct dissection *d);

/*
 * Verify the checksums of the innermost IP header and of what it carries,
 * into d->ip.checksum and d->tcp, udp or icmp.checksum, which are UNKNOWN
 * until then.  Costs a pass over the bytes.  p: the packet that d is of; for
 * a datagram, one whose bytes are the datagram.
 */
void dissect_checksums(const struct packet *p, struct dissection *d);

#endif
