/*
 * checksum.c - the Internet checksum (RFC 1071) of IPv4, TCP, UDP and ICMP.
 *
 * Apart from the walk, because it reads every byte of a packet.  A packet
 * caught on its way to a network card that computes checksums itself holds
 * the sum over the pseudo header only, or nothing yet: PARTIAL, which is no
 * error.  A datagram that is a fragment, or not wholly captured, is UNKNOWN.
 */
#include <endian.h>
#include <string.h>

#include "dissect/walk.h"

enum {
	ROUTE_SEGMENT = 4,	/* RFC 8754: the last address comes first */
	ROUTE_HEADER = 8,
};

/*
 * Sums are of 16-bit words in the machine's order, which the one's
 * complement sum does not mind (RFC 1071 s2 B), nor that eight bytes are
 * added at a time: what is carried out of 64 bits is one more (s2 C).
 */
static uint64_t
sum_bytes(const uint8_t *p, size_t n)
{
	uint64_t sum = 0, carries = 0, word;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&word, p, 8);
		sum += word;
		carries += sum < word;
	}
	word = 0;
	memcpy(&word, p, n);
	return (sum & UINT32_MAX) + (sum >> 32) + carries +
	       (word & UINT32_MAX) + (word >> 32);
}

static uint16_t
fold(uint64_t sum)
{
	uint16_t words[2] = { 0, 0 };

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	words[0] = (uint16_t)sum;
	return be16((const uint8_t *)words);
}

/* RFC 9293 s3.1, RFC 8200 s8.1.  dst: where a routing header says. */
static uint64_t
sum_pseudo_header(const struct ip_header *ip, const uint8_t *dst,
		  uint32_t len)
{
	uint64_t sum = (uint64_t)htobe32(len) + htobe32(ip->proto);
	uint32_t from, to;

	if (ip->version != 4)
		return sum + sum_bytes(ip->src.byte, 16) + sum_bytes(dst, 16);
	memcpy(&from, ip->src.byte + 12, 4);
	memcpy(&to, dst + 12, 4);
	return sum + from + to;
}

static const struct layer *
last_layer(const struct dissection *d, enum layer_kind a, enum layer_kind b)
{
	for (size_t i = d->n_layers; i-- > 0;)
		if (d->layer[i].kind == a || d->layer[i].kind == b)
			return &d->layer[i];
	return NULL;
}

/* All bytes [offset, offset + len), or NULL: not all of them are there. */
static const uint8_t *
whole(const struct packet *p, size_t offset, size_t len)
{
	struct cursor c = cursor_init(p->bytes, p->caplen, p->wire_len);

	return cursor_bytes(&c, offset) ? cursor_bytes(&c, len) : NULL;
}

/* The address that the packet is for in the end (RFC 8200 s8.1). */
static const uint8_t *
final_destination(const struct packet *p, const struct dissection *d)
{
	const struct layer *l, *ip;
	const uint8_t *route;

	if (d->ip.version == 4)
		return d->ip.dst.byte;
	l = last_layer(d, LAYER_IP6_ROUTE, LAYER_IP6_ROUTE);
	ip = last_layer(d, LAYER_IP6, LAYER_IP);
	if (!l || l < ip || l->len < ROUTE_HEADER + 16)
		return d->ip.dst.byte;
	route = whole(p, l->offset, l->len);
	if (!route || route[3] == 0)		/* it has arrived */
		return d->ip.dst.byte;
	return route[2] == ROUTE_SEGMENT ? route + ROUTE_HEADER
					 : route + l->len - 16;
}

static enum checksum_status
check_ip(const struct packet *p, const struct dissection *d)
{
	const struct layer *l = last_layer(d, LAYER_IP, LAYER_IP6);
	const uint8_t *bytes;

	if (d->ip.version == 6)
		return CHECKSUM_NONE;
	bytes = l->status == CURSOR_OK ? whole(p, l->offset, l->len) : NULL;
	if (!bytes)
		return CHECKSUM_UNKNOWN;
	if (fold(sum_bytes(bytes, l->len)) == 0xffff)
		return CHECKSUM_GOOD;
	return be16(bytes + 10) == 0 ? CHECKSUM_PARTIAL : CHECKSUM_BAD;
}

/*
 * Of the len bytes at offset, whose checksum field is at `field`.  Large
 * segments may leave their length out of the pseudo header's sum.
 */
static enum checksum_status
check_transport(const struct packet *p, const struct dissection *d,
		size_t offset, uint32_t len, size_t field)
{
	const uint8_t *bytes = whole(p, offset, len);
	const uint8_t *dst = final_destination(p, d);
	uint64_t pseudo = sum_pseudo_header(&d->ip, dst, len);
	uint16_t found;

	if (!bytes)
		return CHECKSUM_UNKNOWN;
	if (fold(pseudo + sum_bytes(bytes, len)) == 0xffff)
		return CHECKSUM_GOOD;
	found = be16(bytes + field);
	if (found == fold(pseudo) ||
	    found == fold(sum_pseudo_header(&d->ip, dst, 0)))
		return CHECKSUM_PARTIAL;
	return CHECKSUM_BAD;
}

static enum checksum_status
check_tcp(const struct packet *p, const struct dissection *d)
{
	const struct layer *l = last_layer(d, LAYER_TCP, LAYER_TCP);

	if (d->tcp.checksum_field == 0)
		return CHECKSUM_PARTIAL;
	return check_transport(p, d, l->offset, d->tcp.hdr_len + d->tcp.len,
			       16);
}

static enum checksum_status
check_udp(const struct packet *p, const struct dissection *d)
{
	const struct layer *l = last_layer(d, LAYER_UDP, LAYER_UDP);
	const uint8_t *field = whole(p, l->offset + 6u, 2);

	if (field && be16(field) == 0)
		return CHECKSUM_NONE;
	return check_transport(p, d, l->offset, 8 + d->udp.len, 6);
}

static enum checksum_status
check_icmp(const struct packet *p, const struct dissection *d)
{
	const struct layer *l = last_layer(d, LAYER_ICMP, LAYER_ICMP6);
	uint32_t len = d->ip.total_len - d->ip.hdr_len;
	const uint8_t *bytes;

	if (l->kind == LAYER_ICMP6)
		return check_transport(p, d, l->offset, len, 2);
	bytes = whole(p, l->offset, len);	/* RFC 792: no pseudo header */
	if (!bytes)
		return CHECKSUM_UNKNOWN;
	return fold(sum_bytes(bytes, len)) == 0xffff ? CHECKSUM_GOOD
						     : CHECKSUM_BAD;
}

void
dissect_checksums(const struct packet *p, struct dissection *d)
{
	if (d->ip.version == 0)
		return;
	d->ip.checksum = (uint8_t)check_ip(p, d);
	switch (d->kind) {
	case DISSECT_TCP:
		d->tcp.checksum = (uint8_t)check_tcp(p, d);
		break;
	case DISSECT_UDP:
		d->udp.checksum = (uint8_t)check_udp(p, d);
		break;
	case DISSECT_ICMP:
		d->icmp.checksum = (uint8_t)check_icmp(p, d);
		break;
	}
}
