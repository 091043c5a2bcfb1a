/*
 * flow_key.h - what tells one flow from another, and its hash.
 *
 * Both directions of a flow have one key: the lower end (address, then port)
 * comes first.  No padding: a key is hashed and compared as bytes.  The hash
 * is keyed with a secret (SipHash), so that nobody can choose packets that
 * collide.
 */
#ifndef REASSEMBLY_FLOW_KEY_H
#define REASSEMBLY_FLOW_KEY_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "dissect/dissect.h"

struct flow_key {
	struct addr addr[2];
	uint16_t port[2];
	uint16_t vlan;		/* VLAN_NONE where untagged */
	uint16_t proto;		/* 6, 17 */
};
static_assert(sizeof(struct flow_key) == 40, "no padding");

struct flow_secret {
	uint64_t k0, k1;
};

/*
 * The key of the flow that a packet belongs to: TCP and UDP by their ports,
 * an ICMP error by the packet that it quotes.  Returns false where it belongs
 * to none.  *swapped tells that the sender is the key's second end (for an
 * ICMP error: that the quoted packet's sender is).
 */
bool flow_key_of(const struct dissection *d, struct flow_key *key,
		 bool *swapped);

uint64_t flow_key_hash(const struct flow_key *key,
		       const struct flow_secret *secret);

#endif
