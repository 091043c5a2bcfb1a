/*
 * copies.h - was this very packet seen before?
 *
 * A network that duplicates, or a capture that sees a packet twice (SPAN of
 * both directions, "any" interface), shows one packet twice: the same IP-ID,
 * the same TSval, the same bytes.  A retransmission is a packet of its own: it
 * has a new IP-ID and, a tick later, a new TSval (RFC 7323 s3.2).
 *
 * The last few packets of a side are kept for that.
 */
#ifndef ANALYSIS_COPIES_H
#define ANALYSIS_COPIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/nstime.h"

struct sent_packet {
	nstime ts;
	uint64_t frame;
	uint32_t seq, ack;	/* as on the wire */
	uint32_t len;
	uint32_t tsval, tsecr;
	uint16_t checksum;	/* of the segment, where it is good; else 0 */
	uint8_t hdr_len;
	uint16_t ip_id;		/* 0: none */
	uint16_t flags;
	uint16_t window;
	uint8_t ttl;
	bool has_ts : 1;
	bool has_twin : 1;	/* copies_twin() found one */
};

#define COPIES_MAX 32	/* a power of 2 */

struct copies {
	unsigned next;
	struct sent_packet packet[COPIES_MAX];
};

static inline void
copies_add(struct copies *c, const struct sent_packet *p)
{
	c->packet[c->next++ % COPIES_MAX] = *p;
}

/*
 * True if b is a second copy of a, which came before.  rtt is the least round
 * trip known, 0 if none: nobody retransmits within half of it.
 */
bool packet_is_copy(const struct sent_packet *a, const struct sent_packet *b,
		    nstime rtt);

/* The packet that took the same sequence numbers; NULL: none. */
const struct sent_packet *copies_same_range(const struct copies *c,
					    const struct sent_packet *p);

/*
 * Do two segments of the same sequence numbers bring other bytes?  Told from
 * their checksums, less what their headers add: no payload is needed.
 */
bool packet_other_bytes(const struct sent_packet *a,
			const struct sent_packet *b);

/*
 * The same where the capture is known to have packets twice: then a segment
 * that takes no sequence numbers, and has no IP-ID, is the copy of one that
 * looks the same and has no copy yet.
 */
const struct sent_packet *copies_twin(struct copies *c,
				      const struct sent_packet *p);

/* The packet of which p is a copy; NULL: none. */
const struct sent_packet *copies_find(const struct copies *c,
				      const struct sent_packet *p, nstime rtt);

#endif
