/*
 * flow_key.c - see flow_key.h.
 */
#include <string.h>

#include "base/siphash.h"
#include "reassembly/flow_key.h"

#define PROTO_TCP 6
#define PROTO_UDP 17

/* Lower address first, then lower port; equal ends stay as they are. */
static bool
is_swapped(const struct addr *src, uint16_t sport, const struct addr *dst,
	   uint16_t dport)
{
	int c = addr_compare(src, dst);

	return c > 0 || (c == 0 && sport > dport);
}

static bool
make_key(const struct ip_header *ip, uint16_t sport, uint16_t dport,
	 uint16_t proto, uint16_t vlan, struct flow_key *key)
{
	bool swapped = is_swapped(&ip->src, sport, &ip->dst, dport);

	key->addr[swapped] = ip->src;
	key->addr[!swapped] = ip->dst;
	key->port[swapped] = sport;
	key->port[!swapped] = dport;
	key->vlan = vlan;
	key->proto = proto;
	return swapped;
}

static bool
quoted_key(const struct icmp_message *m, uint16_t vlan, struct flow_key *key,
	   bool *swapped)
{
	const struct ip_header *ip = &m->quoted;

	if (!m->is_error || ip->version == 0 || !m->has_ports)
		return false;
	if (ip->proto != PROTO_TCP && ip->proto != PROTO_UDP)
		return false;
	*swapped = make_key(ip, m->sport, m->dport, ip->proto, vlan, key);
	return true;
}

bool
flow_key_of(const struct dissection *d, struct flow_key *key, bool *swapped)
{
	switch (d->kind) {
	case DISSECT_TCP:
		*swapped = make_key(&d->ip, d->tcp.sport, d->tcp.dport,
				    PROTO_TCP, d->vlan, key);
		return true;
	case DISSECT_UDP:
		*swapped = make_key(&d->ip, d->udp.sport, d->udp.dport,
				    PROTO_UDP, d->vlan, key);
		return true;
	case DISSECT_ICMP:
		return quoted_key(&d->icmp, d->vlan, key, swapped);
	default:
		return false;
	}
}

/* What IPv4 addresses have in common says nothing. */
uint64_t
flow_key_hash(const struct flow_key *key, const struct flow_secret *secret)
{
	const struct siphash_key k = { secret->k0, secret->k1 };
	uint64_t word[sizeof(*key) / sizeof(uint64_t)];

	memcpy(word, key, sizeof(*key));
	if (addr_is_ipv4(&key->addr[0]) && addr_is_ipv4(&key->addr[1])) {
		word[2] = word[1] >> 32 | (word[3] >> 32 << 32);
		word[3] = word[4];
		return siphash_words(word + 2, 2, &k);
	}
	return siphash_words(word, sizeof(word) / sizeof(word[0]), &k);
}
