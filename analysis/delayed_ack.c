/*
 * delayed_ack.c - see delayed_ack.h.
 */
#include "analysis/delayed_ack.h"

#define LATE (30 * NS_PER_MS)	/* for an ACK, beyond the round trip */

/* What is sent that soon after an ACK was waiting for it. */
#define RELEASED_WITHIN (2 * NS_PER_MS)

#define FULL_SIZED 1200

static void
take_data(struct delayed_ack *d, struct analysis *an,
	  const struct seg_event *ev)
{
	const struct half *me = &an->conn->half[ev->side];
	struct delayed_ack_half *h = &d->half[ev->side];
	uint32_t now = conn_micros(an->conn, ev->packet->ts);

	if (h->waited > 0 && an->kind == SEG_NEW &&
	    micros_between(h->ack_ts, now) <
	    an->rtt->loop[ev->side] + RELEASED_WITHIN) {
		an->delayed_ack = (nstime)h->waited * 1000;
		an->delayed_since = ev->packet->ts - micros_between(h->small_sent, now);
	}
	h->waited = 0;
	d->waits[ev->side] = an->kind == SEG_NEW && ev->seg->len < FULL_SIZED &&
			     me->snd_una == ev->seq;
	h->small_sent = now;
	d->waits[!ev->side] = false;	/* answered with data */
}

static void
take_ack(struct delayed_ack *d, struct analysis *an,
	 const struct seg_event *ev)
{
	enum side sender = !ev->side;
	struct delayed_ack_half *h = &d->half[sender];
	uint32_t now = conn_micros(an->conn, ev->packet->ts);
	nstime waited;

	if (!d->waits[sender] || h->waited > 0 ||
	    ev->ack != an->conn->half[sender].snd_nxt)
		return;
	waited = micros_between(h->small_sent, now) - an->rtt->loop[!sender];
	if (waited > LATE) {
		h->waited = (uint32_t)(waited / 1000);
		h->ack_ts = now;
	} else {
		d->waits[sender] = false;
	}
}

void
delayed_ack_segment(struct delayed_ack *d, struct analysis *an,
		    const struct seg_event *ev)
{
	an->delayed_ack = 0;
	if (an->kind == SEG_DUPLICATE)
		return;
	if (ev->seg->len > 0)
		take_data(d, an, ev);
	else if (ev->seg->flags & TCP_ACK)
		take_ack(d, an, ev);
}
