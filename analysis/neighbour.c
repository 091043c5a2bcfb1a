/*
 * neighbour.c - requests for link-layer addresses and their answers.
 *
 * The table holds the requests of the last seconds in the order in which they
 * came; when it is full the oldest is written as not answered.
 */
#include <stdio.h>
#include <string.h>

#include "analysis/neighbour.h"

#define PENDING 256
#define ANSWER_TIME (3 * NS_PER_S)

/* RFC 4861 s4.3, s4.4 */
#define ICMP6_NEIGHBOUR_SOLICITATION  135
#define ICMP6_NEIGHBOUR_ADVERTISEMENT 136

#define ARP_REQUEST 1
#define ARP_REPLY   2

struct request {
	nstime ts;
	uint64_t frame;
	struct addr sender, target;
	uint8_t mac[6];
	bool has_mac;
	bool is_arp;
};

struct neighbour_state {
	unsigned oldest, n;		/* a ring */
	struct request pending[PENDING];
};

static const char *
mac_text(const uint8_t mac[6], char buf[18])
{
	snprintf(buf, 18, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);
	return buf;
}

static void
put_request(struct row_sink *sink, const struct request *r,
	    const uint8_t *target_mac, nstime answered)
{
	struct arp_row row;
	char sender_mac[18], answer_mac[18];

	row_init(ROW_ARP, &row);
	row.ts_ns = r->ts;
	row.frame_number = (int64_t)r->frame;
	row.operation = r->is_arp ? "request" : "neighbour_solicitation";
	row.sender_addr = r->sender;
	row.target_addr = r->target;
	if (r->has_mac)
		row.sender_mac = mac_text(r->mac, sender_mac);
	if (target_mac)
		row.target_mac = mac_text(target_mac, answer_mac);
	row.answered_ns = answered;
	sink->first_frame = r->frame;
	row_put(sink, ROW_ARP, &row);
	sink->first_frame = 0;
}

static struct request *
request_at(struct neighbour_state *st, unsigned i)
{
	return &st->pending[(st->oldest + i) % PENDING];
}

static void
drop_oldest(struct neighbour_state *st)
{
	st->oldest = (st->oldest + 1) % PENDING;
	st->n--;
}

static void
remember(struct neighbour_state *st, struct row_sink *sink,
	 const struct request *r)
{
	if (st->n == PENDING) {
		put_request(sink, request_at(st, 0), NULL, ROW_NULL);
		drop_oldest(st);
	}
	*request_at(st, st->n++) = *r;
}

/* The answer concerns the oldest request for that address. */
static void
answer(struct neighbour_state *st, struct row_sink *sink,
       const struct addr *who, const uint8_t *mac, nstime ts)
{
	for (unsigned i = 0; i < st->n; i++) {
		struct request *r = request_at(st, i);

		if (addr_compare(&r->target, who) != 0)
			continue;
		put_request(sink, r, mac, ts - r->ts);
		for (; i > 0; i--)
			*request_at(st, i) = *request_at(st, i - 1);
		drop_oldest(st);
		return;
	}
}

static void
neighbour_arp(struct neighbour_state *st, struct row_sink *sink,
	      const struct packet *p, const struct arp_message *arp)
{
	struct request r = {
		.ts = p->ts,
		.frame = p->number,
		.sender = arp->sender,
		.target = arp->target,
		.has_mac = true,
		.is_arp = true,
	};

	memcpy(r.mac, arp->sender_mac, sizeof(r.mac));
	/* A gratuitous request asks for nobody (RFC 5227 s3). */
	if (arp->operation == ARP_REQUEST &&
	    addr_compare(&arp->sender, &arp->target) != 0)
		remember(st, sink, &r);
	else
		answer(st, sink, &arp->sender, arp->sender_mac, p->ts);
}

static void
neighbour_other(void *state, struct row_sink *sink, const struct packet *p,
		const struct dissection *d)
{
	struct neighbour_state *st = state;

	if (d->kind == DISSECT_ARP) {
		neighbour_arp(st, sink, p, &d->arp);
	} else if (d->kind == DISSECT_ICMP && d->ip.version == 6 &&
		   d->icmp.type == ICMP6_NEIGHBOUR_SOLICITATION) {
		remember(st, sink, &(struct request){
			.ts = p->ts,
			.frame = p->number,
			.sender = d->ip.src,
			.target = d->icmp.target,
		});
	} else if (d->kind == DISSECT_ICMP && d->ip.version == 6 &&
		   d->icmp.type == ICMP6_NEIGHBOUR_ADVERTISEMENT) {
		answer(st, sink, &d->icmp.target, NULL, p->ts);
	}
}

static void
neighbour_expire(void *state, struct row_sink *sink, nstime now)
{
	struct neighbour_state *st = state;

	while (st->n > 0 && request_at(st, 0)->ts + ANSWER_TIME < now) {
		put_request(sink, request_at(st, 0), NULL, ROW_NULL);
		drop_oldest(st);
	}
}

static void
neighbour_finish(void *state, struct row_sink *sink, nstime now)
{
	struct neighbour_state *st = state;

	(void)now;
	for (; st->n > 0; drop_oldest(st))
		put_request(sink, request_at(st, 0), NULL, ROW_NULL);
}

const struct shard_analyzer neighbour_analyzer = {
	.name = "neighbour",
	.state_size = sizeof(struct neighbour_state),
	.other = neighbour_other,
	.expire = neighbour_expire,
	.finish = neighbour_finish,
};
