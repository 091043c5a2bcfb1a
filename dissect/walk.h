/*
 * walk.h - the way of dissect_packet() through the layers of a packet.
 *
 * Inside dissect/ only.  Each header has one parser.  It takes its bytes off
 * the front of w->c, narrows w->c to what the header says it carries, writes
 * what it read to w->d, and returns the layer that comes next: LAYER_DATA
 * where nothing here reads the rest, LAYER_NONE where it gives up.
 *
 * A parser writes to w->d only what it has read whole, so that an inner
 * header that is cut leaves the outer one's facts as they were.
 */
#ifndef DISSECT_WALK_H
#define DISSECT_WALK_H

#include "dissect/dissect.h"

struct walk {
	struct cursor c;		/* what the layers so far carry */
	const uint8_t *start;		/* the packet's first byte */
	struct dissection *d;
	enum cursor_status flaw;	/* BAD: a layer lied and was read on */
};

enum {
	ETHERTYPE_IP = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_TEB = 0x6558,		/* transparent Ethernet bridging */
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IP6 = 0x86dd,
	ETHERTYPE_PPP = 0x880b,
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_UP = 0x8848,
	ETHERTYPE_PPPOE_DISCOVERY = 0x8863,
	ETHERTYPE_PPPOE = 0x8864,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_MAX_LENGTH = 1500,	/* up to here: an 802.3 length */
};

enum {
	IP_PROTO_HOP = 0,
	IP_PROTO_ICMP = 1,
	IP_PROTO_IGMP = 2,
	IP_PROTO_IP = 4,
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_IP6 = 41,
	IP_PROTO_ROUTE = 43,
	IP_PROTO_FRAGMENT = 44,
	IP_PROTO_GRE = 47,
	IP_PROTO_ESP = 50,
	IP_PROTO_AH = 51,
	IP_PROTO_ICMP6 = 58,
	IP_PROTO_NONE = 59,
	IP_PROTO_DEST = 60,
	IP_PROTO_MPLS = 137,
};

/* Numbers in bytes that a cursor has handed out. */
static inline uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* The header contradicts itself: nothing after it is read. */
static inline enum layer_kind
walk_bad(struct walk *w)
{
	cursor_fail(&w->c, CURSOR_BAD);
	return LAYER_NONE;
}

/*
 * The header says that n bytes follow: what is after them is padding, a
 * checksum or an enemy.  Where the wire had fewer, the layer is BAD, but it
 * is read on: the missing bytes count as not captured.
 */
static inline void
walk_narrow(struct walk *w, size_t n)
{
	size_t left = cursor_left(&w->c);
	size_t take = n < left ? n : left;

	if (n - take > w->c.uncaptured)
		w->flaw = CURSOR_BAD;
	w->c.end = w->c.pos + take;
	w->c.uncaptured = n - take;
}

/*
 * What the header that was read carries, as far as is known by now.  Member
 * by member: copied as a whole, the load of what walk_narrow() has just
 * stored stalls for longer than all the rest of an IP header takes.
 */
static inline void
walk_payload(const struct walk *w)
{
	struct cursor *payload = &w->d->payload;

	payload->pos = w->c.pos;
	payload->end = w->c.end;
	payload->uncaptured = w->c.uncaptured;
	payload->status = CURSOR_OK;
}

/* Take n bytes off the end: a trailer. */
static inline void
walk_drop_tail(struct walk *w, size_t n)
{
	size_t wire_left = cursor_wire_left(&w->c);

	walk_narrow(w, n < wire_left ? wire_left - n : 0);
}

/* What follows a header that names it. */
enum layer_kind layer_of_ethertype(uint16_t type);
enum layer_kind layer_of_ip_proto(uint8_t proto);

/* What follows where only the first nibble tells: IPv4, IPv6 or neither. */
enum layer_kind layer_of_nibble(const struct cursor *c);
enum layer_kind walk_nibble(struct walk *w);	/* ... and it may be cut */

/* What UDP carries, by its destination port: a tunnel, or LAYER_DATA. */
enum layer_kind layer_of_udp(const struct udp_header *udp,
			     const struct cursor *body);
bool geneve_is_plausible(const struct cursor *body);
bool gtpu_is_plausible(const struct cursor *body);
bool teredo_is_plausible(const struct cursor *body);
bool vxlan_is_plausible(const struct cursor *body);

/*
 * An IP header and, after it, at most a few extension headers, outside of a
 * walk: what an ICMP error quotes.  Returns false where it is not one.
 */
bool ip_read_quoted(struct cursor *c, struct ip_header *ip);

#define IP6_HEADER 40

void ip6_read_fixed(const uint8_t *p, size_t body_len, struct ip_header *ip);
bool ip6_is_ext(uint8_t proto);

/* One header of IPv6's chain, kind ip->proto; sets the next ip->proto. */
void ip6_ext_read(struct cursor *c, struct ip_header *ip);

/* One parser a header. */
enum layer_kind parse_ah(struct walk *w);
enum layer_kind parse_arp(struct walk *w);
enum layer_kind parse_data(struct walk *w);
enum layer_kind parse_esp(struct walk *w);
enum layer_kind parse_eth(struct walk *w);
enum layer_kind parse_geneve(struct walk *w);
enum layer_kind parse_gre(struct walk *w);
enum layer_kind parse_gtpu(struct walk *w);
enum layer_kind parse_icmp(struct walk *w);
enum layer_kind parse_icmp6(struct walk *w);
enum layer_kind parse_igmp(struct walk *w);
enum layer_kind parse_ip(struct walk *w);
enum layer_kind parse_ip6(struct walk *w);
enum layer_kind parse_ip6_ext(struct walk *w);
enum layer_kind parse_llc(struct walk *w);
enum layer_kind parse_mpls(struct walk *w);
enum layer_kind parse_null(struct walk *w);
enum layer_kind parse_ppp(struct walk *w);
enum layer_kind parse_pppoe(struct walk *w);
enum layer_kind parse_pw(struct walk *w);
enum layer_kind parse_radiotap(struct walk *w);
enum layer_kind parse_raw(struct walk *w);
enum layer_kind parse_sll(struct walk *w);
enum layer_kind parse_sll2(struct walk *w);
enum layer_kind parse_tcp(struct walk *w);
enum layer_kind parse_teredo(struct walk *w);
enum layer_kind parse_udp(struct walk *w);
enum layer_kind parse_vlan(struct walk *w);
enum layer_kind parse_vxlan(struct walk *w);
enum layer_kind parse_wlan(struct walk *w);

#endif
