/*
 * loss_rack.c - which segments the sender holds for lost: RACK (RFC 8985).
 *
 * A segment is lost when one that was sent later has been delivered and more
 * time went by than a round trip and the reordering window.
 */
#include "analysis/loss.h"

#define TIMER_MIN_US 2000
#define JIFFY_US 4000

/* Was (t1, end1) sent after (t2, end2)? */
static bool
sent_after(uint32_t t1, uint32_t t2, uint32_t end1, uint32_t end2)
{
	int32_t d = (int32_t)(t1 - t2);

	return d > 0 || (d == 0 && (int32_t)(end1 - end2) > 0);
}

void
loss_rack_advance(struct loss *l, const struct sent *s)
{
	uint32_t rtt = (uint32_t)l->now - s->t;

	/* Too soon for the retransmission: the first one was delivered. */
	if (rtt < loss_min_rtt(l) && (s->marks & (SENT_EVER | SENT_RTX)))
		return;
	l->rack_advanced = true;
	l->rack_rtt = rtt;
	if (sent_after(s->t, l->rack_t, s->end, l->rack_end)) {
		l->rack_t = s->t;
		l->rack_end = s->end;
	}
}

void
loss_mark_lost(struct loss *l, struct sent *s)
{
	if (s->marks & SENT_SACKED)
		return;
	if (s->marks & SENT_LOST) {
		if (s->marks & SENT_RTX) {
			scoreboard_mark(&l->sb, s,
					s->marks & (uint8_t)~SENT_RTX);
			l->lost_total += s->n;
		}
		return;
	}
	scoreboard_mark(&l->sb, s, s->marks | SENT_LOST);
	l->lost_total += s->n;
}

/* RFC 8985 s6.2 step 4, and Linux's way to be quick without reordering. */
static uint32_t
reordering_window(const struct loss *l)
{
	uint32_t w = (loss_min_rtt(l) >> 2) * l->reo_steps;

	if (!l->reord_seen &&
	    (l->ca_state >= CA_RECOVERY || l->sb.sacked >= l->reordering))
		return 0;
	return w < loss_srtt(l) ? w : loss_srtt(l);
}

/* Mark what is lost by now; the longest wait of the others, 0: none waits. */
static uint32_t
detect(struct loss *l)
{
	uint32_t w = reordering_window(l);
	uint32_t now = (uint32_t)l->now, longest = 0;

	for (uint32_t i = 0; i < l->sb.n; i++) {
		struct sent *s = scoreboard_at(&l->sb, i);
		int32_t left;

		if ((s->marks & SENT_SACKED) ||
		    (s->marks & (SENT_LOST | SENT_RTX)) == SENT_LOST)
			continue;
		if (!sent_after(l->rack_t, s->t, l->rack_end, s->end)) {
			if (!(s->marks & SENT_EVER) && !l->sb.retrans)
				break;	/* what follows was sent later still */
			if (scoreboard_end(&l->sb, i) > l->fack &&
			    !(s->marks & SENT_EVER))
				break;
			continue;
		}
		left = (int32_t)(l->rack_rtt + w - (now - s->t));
		if (left <= 0)
			loss_mark_lost(l, s);
		else if ((uint32_t)left > longest)
			longest = (uint32_t)left;
	}
	return longest;
}

/* After an ACK.  True: a timer waits for the rest. */
bool
loss_rack_detect(struct loss *l)
{
	uint32_t wait;

	if (!l->rack_advanced)
		return false;
	l->rack_advanced = false;
	if (!l->sb.sacked && !l->sb.retrans && l->ca_state == CA_OPEN)
		return false;
	wait = detect(l);
	if (!wait)
		return false;
	wait = (wait + TIMER_MIN_US + JIFFY_US - 1) / JIFFY_US * JIFFY_US;
	l->reo_at = l->now + wait;
	l->pto_at = 0;
	return true;
}

/* The reordering timer: as tcp_rack_reo_timeout() does. */
static void
reo_timeout(struct loss *l)
{
	uint32_t lost = l->lost_total;
	uint32_t pipe = scoreboard_pipe(&l->sb);

	detect(l);
	if (pipe != scoreboard_pipe(&l->sb) && l->ca_state != CA_RECOVERY) {
		loss_enter_recovery(l, false);
		cc_bank_reduce(l, 1, l->lost_total - lost);
	}
	loss_rearm_rto(l);
}

void
loss_timers(struct loss *l, uint64_t t)
{
	uint64_t due = l->reo_at;

	if (!due || due > t)
		return;
	l->reo_at = 0;
	cc_bank_close_burst(l);
	if (due > l->now)
		l->now = due;
	reo_timeout(l);
}
