/*
 * ip6.c - IPv6 (RFC 8200) and its chain of extension headers.
 *
 * The chain ends at the first header that is not an extension.  Every one
 * is a layer of its own, and all of them together count as ip.hdr_len.  A
 * payload length of 0 is a jumbogram (RFC 2675) or a super-segment: all that
 * the wire had belongs to it.
 */
#include "dissect/walk.h"

enum {
	FRAGMENT_HEADER = 8,
	FRAGMENT_MORE = 1,
};

bool
ip6_is_ext(uint8_t proto)
{
	return proto == IP_PROTO_HOP || proto == IP_PROTO_ROUTE ||
	       proto == IP_PROTO_FRAGMENT || proto == IP_PROTO_DEST ||
	       proto == IP_PROTO_AH;
}

static enum layer_kind
next_layer(const struct ip_header *ip)
{
	switch (ip->proto) {
	case IP_PROTO_HOP:
		return LAYER_IP6_HOP;
	case IP_PROTO_ROUTE:
		return LAYER_IP6_ROUTE;
	case IP_PROTO_FRAGMENT:
		return LAYER_IP6_FRAGMENT;
	case IP_PROTO_DEST:
		return LAYER_IP6_DEST;
	case IP_PROTO_NONE:
		return LAYER_NONE;
	default:
		return layer_of_ip_proto(ip->proto);
	}
}

void
ip6_read_fixed(const uint8_t *p, size_t body_len, struct ip_header *ip)
{
	uint32_t word = be32(p);
	uint16_t payload_len = be16(p + 4);

	ip->src = addr_from_ipv6(p + 8);
	ip->dst = addr_from_ipv6(p + 24);
	ip->total_len = IP6_HEADER +
			(payload_len ? payload_len : (uint32_t)body_len);
	ip->id = 0;
	ip->frag_offset = 0;
	ip->hdr_len = IP6_HEADER;
	ip->version = 6;
	ip->ttl = p[7];
	ip->dscp = word >> 22 & 0x3f;
	ip->ecn = word >> 20 & 3;
	ip->proto = p[6];
	ip->checksum = CHECKSUM_NONE;
	ip->dont_fragment = true;	/* routers never do */
	ip->more_fragments = false;
	ip->has_options = false;
}

enum layer_kind
parse_ip6(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, IP6_HEADER);
	struct dissection *d = w->d;

	if (!p)
		return LAYER_NONE;
	if (p[0] >> 4 != 6)
		return walk_bad(w);
	ip6_read_fixed(p, cursor_wire_left(&w->c), &d->ip);
	walk_narrow(w, d->ip.total_len - IP6_HEADER);
	d->kind = DISSECT_IP_OTHER;
	walk_payload(w);
	return next_layer(&d->ip);
}

static void
read_fragment(const uint8_t *p, struct ip_header *ip)
{
	uint16_t word = be16(p + 2);

	ip->frag_offset = word & 0xfff8;
	ip->more_fragments = word & FRAGMENT_MORE;
	ip->id = be32(p + 4);
}

void
ip6_ext_read(struct cursor *c, struct ip_header *ip)
{
	const uint8_t *p = cursor_bytes(c, FRAGMENT_HEADER);
	size_t len = FRAGMENT_HEADER;	/* the least that each of them has */

	if (!p)
		return;
	if (ip->proto == IP_PROTO_FRAGMENT)
		read_fragment(p, ip);
	else if (ip->proto == IP_PROTO_AH)	/* RFC 4302 s2.2 */
		len = ((size_t)p[1] + 2) * 4;
	else
		len = ((size_t)p[1] + 1) * 8;
	if (len > FRAGMENT_HEADER && !cursor_bytes(c, len - FRAGMENT_HEADER))
		return;
	ip->proto = p[0];
	ip->hdr_len = (uint16_t)(ip->hdr_len + len);
	ip->has_options = true;
}

enum layer_kind
parse_ip6_ext(struct walk *w)
{
	struct dissection *d = w->d;

	ip6_ext_read(&w->c, &d->ip);
	if (w->c.status != CURSOR_OK)
		return LAYER_NONE;
	walk_payload(w);
	if (!ip_is_fragment(&d->ip))
		return next_layer(&d->ip);
	d->kind = DISSECT_FRAGMENT;
	return LAYER_DATA;
}

/* The authentication header comes after IPv4 as well. */
enum layer_kind
parse_ah(struct walk *w)
{
	return parse_ip6_ext(w);
}
