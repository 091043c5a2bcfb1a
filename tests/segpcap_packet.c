/*
 * segpcap_packet.c - builds TCP, UDP, ICMP, IP and link headers.
 *
 * Everything is right by default, checksums included; what a script wants
 * wrong is asked for in struct how.
 */
#include <assert.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/segpcap.h"

void
put(struct bytes *b, const void *data, size_t n)
{
	assert(n <= sizeof(b->at) - b->len);
	memcpy(b->at + b->len, data, n);
	b->len += n;
}

void
put8(struct bytes *b, unsigned v)
{
	put(b, &(uint8_t){ (uint8_t)v }, 1);
}

void
put16(struct bytes *b, unsigned v)
{
	put8(b, v >> 8);
	put8(b, v);
}

void
put32(struct bytes *b, uint32_t v)
{
	put16(b, v >> 16);
	put16(b, v & 0xffff);
}

static void
set16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

/* RFC 1071, without the final complement. */
static uint32_t
sum16(uint32_t sum, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	if (n % 2)
		sum += (uint32_t)p[n - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static size_t
addr_len(const struct host *h)
{
	return h->family == AF_INET ? 4 : 16;
}

static uint32_t
pseudo_sum(const struct host *src, const struct host *dst, unsigned protocol,
	   size_t len)
{
	uint32_t sum = protocol + (uint32_t)(len & 0xffff) +
		       (uint32_t)(len >> 16);

	sum = sum16(sum, src->addr, addr_len(src));
	return sum16(sum, dst->addr, addr_len(dst));
}

/* Write the transport checksum at the given offset, where zeros are now. */
static void
seal(struct bytes *out, size_t at, const struct host *src,
     const struct host *dst, unsigned protocol, const struct how *how)
{
	uint32_t sum = pseudo_sum(src, dst, protocol, out->len);

	if (how->offload) {
		set16(out->at + at, sum);
		return;
	}
	sum = ~sum16(sum, out->at, out->len) & 0xffff;
	if (how->bad_checksum)
		sum ^= 0x5555;
	if (protocol == IPPROTO_UDP && sum == 0)
		sum = 0xffff;
	set16(out->at + at, sum);
}

void
make_tcp(struct bytes *out, const struct host *src, const struct host *dst,
	 const struct tcp_spec *tcp, const struct how *how)
{
	size_t opt_len = (tcp->options.len + 3) / 4 * 4;

	out->len = 0;
	put16(out, src->port);
	put16(out, dst->port);
	put32(out, tcp->seq);
	put32(out, tcp->ack);
	put16(out, (unsigned)(5 + opt_len / 4) << 12 | tcp->flags);
	put16(out, tcp->window);
	put16(out, 0);
	put16(out, tcp->urgent);
	put(out, tcp->options.at, tcp->options.len);
	while (out->len < 20 + opt_len)
		put8(out, 0);
	put(out, tcp->payload.at, tcp->payload.len);
	seal(out, 16, src, dst, IPPROTO_TCP, how);
}

void
make_udp(struct bytes *out, const struct host *src, const struct host *dst,
	 const struct bytes *payload, const struct how *how)
{
	out->len = 0;
	put16(out, src->port);
	put16(out, dst->port);
	put16(out, (unsigned)(8 + payload->len));
	put16(out, 0);
	put(out, payload->at, payload->len);
	seal(out, 6, src, dst, IPPROTO_UDP, how);
}

void
make_icmp_checksum(struct bytes *body, const struct host *src,
		   const struct host *dst)
{
	uint32_t sum = 0;

	if (src->family == AF_INET6)
		sum = pseudo_sum(src, dst, IPPROTO_ICMPV6, body->len);
	set16(body->at + 2, ~sum16(sum, body->at, body->len) & 0xffff);
}

/* A locally administered address made of the end of the IP address. */
static void
put_mac(struct bytes *b, const struct host *h)
{
	put16(b, 0x0200);
	put(b, h->addr + addr_len(h) - 4, 4);
}

static void
put_ethernet(struct bytes *frame, const struct host *src,
	     const struct host *dst, unsigned ethertype,
	     const struct how *how)
{
	put_mac(frame, dst);
	put_mac(frame, src);
	for (int i = 0; i < 2; i++) {
		if (how->vlan[i] == 0)
			continue;
		/* 802.1ad outside, 802.1Q inside or alone */
		put16(frame, i == 0 && how->vlan[1] ? 0x88a8 : 0x8100);
		put16(frame, how->vlan[i]);
	}
	put16(frame, ethertype);
}

static void
put_sll(struct bytes *frame, const struct host *src, bool outgoing,
	unsigned ethertype)
{
	put16(frame, outgoing ? 4 : 0);
	put16(frame, 1);
	put16(frame, 6);
	put_mac(frame, src);
	put16(frame, 0);
	put16(frame, ethertype);
}

static void
put_sll2(struct bytes *frame, const struct host *src, bool outgoing,
	 unsigned ethertype)
{
	put16(frame, ethertype);
	put16(frame, 0);
	put32(frame, 2);
	put16(frame, 1);
	put8(frame, outgoing ? 4 : 0);
	put8(frame, 6);
	put_mac(frame, src);
	put16(frame, 0);
}

static void
put_link(struct bytes *frame, enum link link, const struct host *src,
	 const struct host *dst, bool outgoing, unsigned ethertype,
	 const struct how *how)
{
	switch (link) {
	case LINK_ETHERNET:
		put_ethernet(frame, src, dst, ethertype, how);
		break;
	case LINK_SLL:
		put_sll(frame, src, outgoing, ethertype);
		break;
	case LINK_SLL2:
		put_sll2(frame, src, outgoing, ethertype);
		break;
	case LINK_NULL:
		/* In the byte order of the machine it was taken on: little. */
		put32(frame, ethertype == 0x0800 ? 0x02000000 : 0x1e000000);
		break;
	case LINK_RAW:
		break;
	}
}

/* A part of the body, from offset on; whole if that is all of it. */
static void
put_ipv4(struct bytes *frame, const struct bytes *body, size_t offset,
	 size_t n, unsigned protocol, const struct host *src,
	 const struct host *dst, unsigned id, const struct how *how)
{
	size_t h = frame->len;
	bool more = offset + n < body->len;
	bool dont = !how->may_fragment && how->frag == 0;
	uint32_t sum;

	put8(frame, 0x45);
	put8(frame, how->tos);
	put16(frame, (unsigned)(20 + n));
	put16(frame, id);
	put16(frame, (dont ? 0x4000u : 0) | (more ? 0x2000u : 0) |
			     (unsigned)(offset / 8));
	put8(frame, how->ttl < 0 ? 64 : (unsigned)how->ttl);
	put8(frame, protocol);
	put16(frame, 0);
	put(frame, src->addr, 4);
	put(frame, dst->addr, 4);
	sum = ~sum16(0, frame->at + h, 20) & 0xffff;
	set16(frame->at + h + 10, how->bad_ip_checksum ? sum ^ 0x5555 : sum);
	put(frame, body->at + offset, n);
}

static void
put_ipv6(struct bytes *frame, const struct bytes *body, size_t offset,
	 size_t n, unsigned protocol, const struct host *src,
	 const struct host *dst, unsigned id, const struct how *how)
{
	bool part = n < body->len;
	bool more = offset + n < body->len;

	put32(frame, 6u << 28 | how->tos << 20);
	put16(frame, (unsigned)(n + (part ? 8 : 0)));
	put8(frame, part ? IPPROTO_FRAGMENT : protocol);
	put8(frame, how->ttl < 0 ? 64 : (unsigned)how->ttl);
	put(frame, src->addr, 16);
	put(frame, dst->addr, 16);
	if (part) {
		put8(frame, protocol);
		put8(frame, 0);
		put16(frame, (unsigned)offset | more);
		put32(frame, id);
	}
	put(frame, body->at + offset, n);
}

/* Linux counts by destination; by sender is as good and easier to read. */
static unsigned
next_id(const struct host *src)
{
	static uint16_t count[256];

	return ++count[src->addr[addr_len(src) - 1]];
}

void
send_ip(const struct bytes *body, unsigned protocol, const struct host *src,
	const struct host *dst, bool from_client, const struct how *how,
	enum link link,
	void (*emit)(const struct bytes *frame, size_t ip_offset))
{
	bool v4 = src->family == AF_INET;
	unsigned id = how->ip_id < 0 ? next_id(src) : (unsigned)how->ip_id;
	size_t step = how->frag ? how->frag / 8 * 8 : body->len;
	size_t n_parts = step ? (body->len + step - 1) / step : 1;

	for (size_t i = 0; i < n_parts; i++) {
		size_t part = how->frag_reversed ? n_parts - 1 - i : i;
		size_t left = body->len - part * step;
		static struct bytes frame;
		size_t ip_offset;

		if (part + 1 == how->frag_skip)
			continue;
		frame.len = 0;
		put_link(&frame, link, src, dst, from_client,
			 v4 ? 0x0800 : 0x86dd, how);
		ip_offset = frame.len;
		(v4 ? put_ipv4 : put_ipv6)(&frame, body, part * step,
					   left < step ? left : step,
					   protocol, src, dst, id, how);
		emit(&frame, ip_offset);
	}
}

void
make_arp(struct bytes *frame, enum link link, bool reply,
	 const struct host *sender, const struct host *target)
{
	static const struct host everyone = {
		.family = AF_INET, .addr = { 255, 255, 255, 255 }
	};
	const struct how plain = { .ttl = -1 };

	frame->len = 0;
	put_link(frame, link, sender, reply ? target : &everyone, true, 0x0806,
		 &plain);
	if (link == LINK_ETHERNET && !reply)
		memset(frame->at, 0xff, 6);
	put16(frame, 1);
	put16(frame, 0x0800);
	put8(frame, 6);
	put8(frame, 4);
	put16(frame, reply ? 2 : 1);
	put_mac(frame, sender);
	put(frame, sender->addr, 4);
	if (reply)
		put_mac(frame, target);
	else
		put(frame, (uint8_t[6]){ 0 }, 6);
	put(frame, target->addr, 4);
}

void
change_ttl(struct bytes *frame, size_t ip_offset, unsigned ttl)
{
	uint8_t *ip = frame->at + ip_offset;

	if (ip[0] >> 4 == 6) {
		ip[7] = (uint8_t)ttl;
		return;
	}
	ip[8] = (uint8_t)ttl;
	set16(ip + 10, 0);
	set16(ip + 10, ~sum16(0, ip, 20) & 0xffff);
}
