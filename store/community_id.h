/*
 * community_id.h - one name for a flow in all tools.
 *
 * Community ID version 1, seed 0: "1:" and the base64 of the SHA-1 of
 * seed, lower address, higher address, protocol, a zero and the two ports in
 * the same order.
 */
#ifndef STORE_COMMUNITY_ID_H
#define STORE_COMMUNITY_ID_H

#include "base/addr.h"

#define COMMUNITY_ID_SIZE 31	/* the NUL included */

void community_id(const struct addr *a, uint16_t a_port, const struct addr *b,
		  uint16_t b_port, uint8_t proto, char out[COMMUNITY_ID_SIZE]);

#endif
