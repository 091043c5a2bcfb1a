/*
 * ip.c - IPv4 (RFC 791), and what an IP protocol number means.
 *
 * The total length rules: what is after it is the link's padding.  Where it
 * is 0 the packet was caught on its way to a network card that cuts large
 * segments itself (TSO), and everything captured belongs to it.
 */
#include "dissect/walk.h"

enum {
	IP_HEADER_MIN = 20,
	IP_DF = 0x4000,
	IP_MF = 0x2000,
	IP_OFFSET = 0x1fff,
	QUOTED_MAX_EXT = 8,
};

enum layer_kind
layer_of_ip_proto(uint8_t proto)
{
	switch (proto) {
	case IP_PROTO_TCP:
		return LAYER_TCP;
	case IP_PROTO_UDP:
		return LAYER_UDP;
	case IP_PROTO_ICMP:
		return LAYER_ICMP;
	case IP_PROTO_ICMP6:
		return LAYER_ICMP6;
	case IP_PROTO_IGMP:
		return LAYER_IGMP;
	case IP_PROTO_IP:
		return LAYER_IP;
	case IP_PROTO_IP6:
		return LAYER_IP6;
	case IP_PROTO_GRE:
		return LAYER_GRE;
	case IP_PROTO_AH:
		return LAYER_AH;
	case IP_PROTO_ESP:
		return LAYER_ESP;
	case IP_PROTO_MPLS:
		return LAYER_MPLS;
	default:
		return LAYER_DATA;
	}
}

/* The 20 fixed bytes.  wire_len: of the datagram, where its length is 0. */
static void
read_fixed(const uint8_t *p, size_t wire_len, struct ip_header *ip)
{
	uint16_t total_len = be16(p + 2);
	uint16_t frag = be16(p + 6);

	ip->src = addr_from_ipv4(p + 12);
	ip->dst = addr_from_ipv4(p + 16);
	ip->total_len = total_len ? total_len : (uint32_t)wire_len;
	ip->id = be16(p + 4);
	ip->frag_offset = (uint32_t)(frag & IP_OFFSET) * 8;
	ip->hdr_len = (uint16_t)((p[0] & 0x0f) * 4);
	ip->version = 4;
	ip->ttl = p[8];
	ip->dscp = p[1] >> 2;
	ip->ecn = p[1] & 3;
	ip->proto = p[9];
	ip->checksum = CHECKSUM_UNKNOWN;
	ip->dont_fragment = frag & IP_DF;
	ip->more_fragments = frag & IP_MF;
	ip->has_options = ip->hdr_len > IP_HEADER_MIN;
}

static bool
lengths_agree(const struct ip_header *ip)
{
	return ip->hdr_len >= IP_HEADER_MIN && ip->total_len >= ip->hdr_len;
}

enum layer_kind
parse_ip(struct walk *w)
{
	size_t wire_len = cursor_wire_left(&w->c);
	const uint8_t *p = cursor_bytes(&w->c, IP_HEADER_MIN);
	struct dissection *d = w->d;
	struct ip_header *ip = &d->ip;

	if (!p)
		return LAYER_NONE;
	if (p[0] >> 4 != 4)
		return walk_bad(w);
	read_fixed(p, wire_len, ip);
	d->kind = DISSECT_IP_OTHER;
	d->payload = (struct cursor){ w->c.pos, w->c.pos, 0, CURSOR_OK };
	if (!lengths_agree(ip))
		return walk_bad(w);
	walk_narrow(w, ip->total_len - IP_HEADER_MIN);
	if (ip->has_options &&
	    !cursor_bytes(&w->c, (size_t)ip->hdr_len - IP_HEADER_MIN))
		return LAYER_NONE;
	walk_payload(w);
	if (!ip_is_fragment(ip))
		return layer_of_ip_proto(ip->proto);
	d->kind = DISSECT_FRAGMENT;
	return LAYER_DATA;
}

static bool
read_quoted4(struct cursor *c, struct ip_header *ip)
{
	const uint8_t *p = cursor_bytes(c, IP_HEADER_MIN);

	if (!p)
		return false;
	read_fixed(p, IP_HEADER_MIN + cursor_wire_left(c), ip);
	if (ip->hdr_len < IP_HEADER_MIN) {
		cursor_fail(c, CURSOR_BAD);
		return false;
	}
	cursor_bytes(c, (size_t)ip->hdr_len - IP_HEADER_MIN);
	return true;
}

static bool
read_quoted6(struct cursor *c, struct ip_header *ip)
{
	const uint8_t *p = cursor_bytes(c, IP6_HEADER);

	if (!p)
		return false;
	ip6_read_fixed(p, cursor_wire_left(c), ip);
	for (int i = 0; i < QUOTED_MAX_EXT && ip6_is_ext(ip->proto) &&
			c->status == CURSOR_OK && ip->frag_offset == 0; i++)
		ip6_ext_read(c, ip);
	return true;
}

bool
ip_read_quoted(struct cursor *c, struct ip_header *ip)
{
	switch (layer_of_nibble(c)) {
	case LAYER_IP:
		return read_quoted4(c, ip);
	case LAYER_IP6:
		return read_quoted6(c, ip);
	default:
		return false;
	}
}
