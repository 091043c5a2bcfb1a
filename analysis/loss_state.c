/*
 * loss_state.c - Open, Disorder, CWR, Recovery, Loss: the sender's alarms.
 *
 * What an ACK that is not plain progress leads to: entering and leaving
 * recovery (RFC 6675, RFC 6582), reduction by the congestion experienced echo
 * (RFC 3168), F-RTO (RFC 5682), and taking a reduction back when it proves to
 * have been wrong (RFC 3522 by time stamps, RFC 3708 by D-SACK).
 */
#include "analysis/loss.h"

bool
loss_any_rtx(const struct loss *l)
{
	return l->sb.retrans ||
	       (l->sb.n && (scoreboard_at(&l->sb, 0)->marks & SENT_EVER));
}

static void
set_state(struct loss *l, int state)
{
	if (l->ca_state == state)
		return;
	l->ca_state = (uint8_t)state;
	cc_bank_set_state(l, state);
}

static void
init_undo(struct loss *l)
{
	l->undo = true;
	l->undo_marker = l->una;
	l->undo_retrans = (int32_t)l->sb.retrans;
	if (l->tlp_high && l->tlp_rtx)
		l->undo_retrans++;
	if (!l->undo_retrans)
		l->undo_retrans = -1;	/* 0 would mean: can be undone now */
}

static bool
in_reduction(const struct loss *l)
{
	return l->ca_state == CA_CWR || l->ca_state == CA_RECOVERY;
}

static void
begin_reduction(struct loss *l, bool keep_undo)
{
	l->high_seq = l->sb.nxt;
	l->tlp_high = 0;
	l->prr_delivered = l->prr_out = 0;
	cc_bank_begin_reduction(l, keep_undo);
}

void
loss_enter_recovery(struct loss *l, bool ece)
{
	if (!loss_any_rtx(l))
		l->rtx_stamped = false;
	cc_bank_forget_undo(l);
	init_undo(l);
	if (!in_reduction(l))
		begin_reduction(l, !ece);
	set_state(l, CA_RECOVERY);
	l->entered_recovery = true;
	l->recovery_t = (uint32_t)l->now;
	l->n_recovery++;
	l->queue_at_loss += ((double)loss_srtt(l) - loss_min_rtt(l) -
			     l->queue_at_loss) / l->n_recovery;
}

static void
enter_cwr(struct loss *l)
{
	cc_bank_forget_undo(l);
	if (l->ca_state >= CA_CWR)
		return;
	l->undo = false;
	begin_reduction(l, false);
	set_state(l, CA_CWR);
	l->entered_cwr = true;
}

/* A time-out holds everything for lost but what left a moment ago. */
static void
mark_all_lost(struct loss *l)
{
	bool reneg = l->sb.n &&
		     (scoreboard_at(&l->sb, 0)->marks & SENT_SACKED);
	uint32_t now = (uint32_t)l->now;

	if (reneg)
		l->reneg = true;
	if (!l->sack_ok)
		l->sb.sacked = 0;
	for (uint32_t i = 0; i < l->sb.n; i++) {
		struct sent *s = scoreboard_at(&l->sb, i);

		if (reneg)
			scoreboard_mark(&l->sb, s,
					s->marks & (uint8_t)~SENT_SACKED);
		else if (i && l->sack_ok &&
			 (int32_t)(l->rack_rtt - (now - s->t)) > 0)
			continue;
		loss_mark_lost(l, s);
	}
}

void
loss_enter_loss(struct loss *l)
{
	bool fresh = l->ca_state < CA_RECOVERY;
	bool reduce = l->ca_state <= CA_DISORDER || l->high_seq <= l->una ||
		      (l->ca_state == CA_LOSS && !l->retransmits);

	mark_all_lost(l);
	cc_bank_enter_loss(l, reduce);
	if (reduce)
		init_undo(l);
	if (l->ca_state <= CA_DISORDER && l->sb.sacked >= 3 &&
	    l->reordering > 3)
		l->reordering = 3;
	l->ca_state = CA_LOSS;
	cc_bank_set_state(l, CA_LOSS);
	l->high_seq = l->sb.nxt;
	l->tlp_high = 0;
	l->frto = fresh || l->retransmits;
	l->frto_new = false;
	l->entered_loss = true;
	l->n_timeout++;
}

/* Did an ACK come for the original, before any retransmission? */
static bool
packet_delayed(const struct loss *l, const struct ack_in *a)
{
	if (l->rtx_stamped)
		return a->has_ts && a->tsecr &&
		       (int32_t)(a->tsecr - l->rtx_stamp) < 0;
	return l->sack_ok || l->una < l->high_seq;
}

static void
undo_reduction(struct loss *l, bool unmark)
{
	if (unmark) {
		for (uint32_t i = 0; i < l->sb.n; i++) {
			struct sent *s = scoreboard_at(&l->sb, i);

			scoreboard_mark(&l->sb, s,
					s->marks & (uint8_t)~SENT_LOST);
		}
	}
	cc_bank_undo(l);
	l->undo = false;
	l->rack_advanced = true;
	l->undone = true;
	l->n_undo++;
}

static bool
may_undo(const struct loss *l, const struct ack_in *a)
{
	return l->undo && (!l->undo_retrans || packet_delayed(l, a));
}

/* RFC 6582: without SACK the state is kept until above high_seq. */
static bool
held_without_sack(struct loss *l)
{
	if (l->una != l->high_seq || l->sack_ok)
		return false;
	if (!loss_any_rtx(l))
		l->rtx_stamped = false;
	return true;
}

static bool
try_undo_recovery(struct loss *l, const struct ack_in *a)
{
	if (may_undo(l, a))
		undo_reduction(l, false);
	else if (l->reo_persist)
		l->reo_persist--;
	if (held_without_sack(l))
		return true;
	set_state(l, CA_OPEN);
	l->reneg = false;
	return false;
}

static bool
try_undo_dsack(struct loss *l)
{
	if (!l->undo || l->undo_retrans)
		return false;
	if (l->reo_persist < 16)
		l->reo_persist++;
	undo_reduction(l, false);
	return true;
}

static bool
try_undo_loss(struct loss *l, const struct ack_in *a, bool frto)
{
	if (!frto && !may_undo(l, a))
		return false;
	undo_reduction(l, true);
	l->retransmits = 0;
	if (held_without_sack(l))
		return true;
	if (frto || l->sack_ok) {
		set_state(l, CA_OPEN);
		l->reneg = false;
	}
	return true;
}

static void
keep_open(struct loss *l)
{
	int state = l->sb.sacked + l->sb.lost || loss_any_rtx(l) ? CA_DISORDER
								 : CA_OPEN;

	if (l->ca_state != state) {
		set_state(l, state);
		l->high_seq = l->sb.nxt;
	}
}

static void
try_to_open(struct loss *l)
{
	if (!loss_any_rtx(l))
		l->rtx_stamped = false;
	if (l->flags & ACK_ECE)
		enter_cwr(l);
	if (l->ca_state != CA_CWR)
		keep_open(l);
}

/* True: wait, the hole was filled by what was late. */
static bool
try_undo_partial(struct loss *l, const struct ack_in *a, uint64_t prior_una)
{
	if (!l->undo || !packet_delayed(l, a))
		return false;
	loss_check_reordering(l, prior_una, true);
	if (l->sb.retrans)
		return true;
	if (!loss_any_rtx(l))
		l->rtx_stamped = false;
	undo_reduction(l, true);
	keep_open(l);
	return false;
}

/* A duplicate ACK stands for a segment delivered (RFC 6582). */
static void
count_dupacks(struct loss *l, uint32_t dupacks)
{
	uint32_t before = l->sb.sacked, holes;

	if (!dupacks)
		return;
	l->sb.sacked += dupacks;
	holes = l->sb.lost > 1 ? l->sb.lost : 1;
	if (holes > l->sb.out)
		holes = l->sb.out;
	if (l->sb.sacked + holes > l->sb.out) {
		l->sb.sacked = l->sb.out - holes;
		l->reordering = (uint16_t)(l->sb.out < 300 ? l->sb.out : 300);
		if (l->reord_seen < UINT16_MAX)
			l->reord_seen++;
	}
	if (l->sb.sacked > before)
		l->delivered += l->sb.sacked - before;
}

static void
newreno_mark_lost(struct loss *l)
{
	struct sent *s;

	if (!l->sb.n ||
	    !((l->ca_state < CA_RECOVERY && l->sb.sacked >= l->reordering) ||
	      (l->ca_state == CA_RECOVERY &&
	       (l->flags & ACK_UNA_ADVANCED))))
		return;
	s = scoreboard_at(&l->sb, 0);
	if (s->marks & SENT_LOST)
		return;
	if (s->n > 1)
		scoreboard_split(&l->sb, l->blocks, 0,
				 l->sb.start + l->sb.mss, false);
	loss_mark_lost(l, scoreboard_at(&l->sb, 0));
}

static void
identify_loss(struct loss *l)
{
	uint32_t retrans = l->sb.retrans;

	if (!l->sb.n)
		return;
	if (!l->sack_ok) {
		newreno_mark_lost(l);
		return;
	}
	if (loss_rack_detect(l))
		l->flags &= ~(uint32_t)ACK_SET_TIMER;
	if (retrans > l->sb.retrans)
		l->flags |= ACK_LOST_RTX;
}

/* RFC 5682 s3.1, with SACK. */
static void
process_loss(struct loss *l, const struct ack_in *a, uint32_t dupacks)
{
	bool recovered = l->una >= l->high_seq;

	if ((l->flags & ACK_UNA_ADVANCED) && try_undo_loss(l, a, false))
		return;
	if (l->frto) {
		if ((l->flags & ACK_ORIG_SACKED) && try_undo_loss(l, a, true))
			return;			/* step 3.b */
		if (l->sb.nxt > l->high_seq) {
			if ((l->flags & ACK_DATA_SACKED) || dupacks)
				l->frto = false;	/* step 3.a */
		} else if ((l->flags & ACK_UNA_ADVANCED) && !recovered) {
			l->high_seq = l->sb.nxt;	/* step 2.b */
			l->frto_new = true;
			return;
		}
	}
	if (recovered) {
		try_undo_recovery(l, a);
		return;
	}
	if (l->sack_ok)
		return;
	if (l->sb.nxt > l->high_seq && dupacks)
		count_dupacks(l, dupacks);
	else if (l->flags & ACK_UNA_ADVANCED)
		l->sb.sacked = 0;
}

static void
leave_states(struct loss *l, const struct ack_in *a, bool *done)
{
	if (l->ca_state == CA_OPEN) {
		l->rtx_stamped = false;
		return;
	}
	if (l->una < l->high_seq)
		return;
	if (l->ca_state == CA_CWR) {
		/* Until something above high_seq is acknowledged. */
		if (l->una != l->high_seq) {
			cc_bank_end_reduction(l);
			set_state(l, CA_OPEN);
		}
	} else if (l->ca_state == CA_RECOVERY) {
		if (!l->sack_ok)
			l->sb.sacked = 0;
		*done = try_undo_recovery(l, a);
		if (!*done) {
			/* The state is Open by now; undo or not: as Linux. */
			if (l->undo)
				cc_bank_end_reduction(l);
		}
	}
}

static void
alert_recovery(struct loss *l, const struct ack_in *a, uint64_t prior_una,
	       uint32_t dupacks)
{
	if (!(l->flags & ACK_UNA_ADVANCED)) {
		if (!l->sack_ok)
			count_dupacks(l, dupacks);
	} else if (try_undo_partial(l, a, prior_una)) {
		return;
	}
	if (try_undo_dsack(l))
		try_to_open(l);
	identify_loss(l);
	if (l->ca_state != CA_RECOVERY && l->sb.lost)
		loss_enter_recovery(l, l->flags & ACK_ECE);
}

static void
alert_open(struct loss *l, uint32_t dupacks)
{
	if (!l->sack_ok) {
		if (l->flags & ACK_UNA_ADVANCED)
			l->sb.sacked = 0;
		count_dupacks(l, dupacks);
	}
	if (l->ca_state <= CA_DISORDER)
		try_undo_dsack(l);
	identify_loss(l);
	if (!l->sb.lost)
		try_to_open(l);
	else
		loss_enter_recovery(l, l->flags & ACK_ECE);
}

void
loss_alert(struct loss *l, const struct ack_in *a, uint64_t prior_una,
	   uint32_t dupacks)
{
	bool done = false;

	if (!l->sb.out && l->sb.sacked)
		l->sb.sacked = 0;
	if (l->flags & ACK_ECE)
		cc_bank_forget_undo(l);
	if ((l->flags & ACK_RENEGING) && (l->flags & ACK_UNA_ADVANCED))
		return;		/* Linux waits for the short time-out */
	leave_states(l, a, &done);
	if (done)
		return;
	switch (l->ca_state) {
	case CA_RECOVERY:
		alert_recovery(l, a, prior_una, dupacks);
		break;
	case CA_LOSS:
		process_loss(l, a, dupacks);
		identify_loss(l);
		if (l->ca_state == CA_OPEN || (l->flags & ACK_LOST_RTX))
			alert_open(l, dupacks);
		break;
	default:
		alert_open(l, dupacks);
	}
}

/* RFC 8985 s7.4: was the loss probe the repair of a loss? */
void
loss_tlp_ack(struct loss *l, uint64_t ack)
{
	if (ack < l->tlp_high)
		return;
	if (!l->tlp_rtx || (l->flags & ACK_DSACK_TLP)) {
		l->tlp_high = 0;
	} else if (ack > l->tlp_high) {
		begin_reduction(l, false);
		set_state(l, CA_CWR);
		cc_bank_end_reduction(l);
		keep_open(l);
	} else if (!(l->flags & (ACK_UNA_ADVANCED | ACK_NOT_DUP |
				 ACK_DATA_SACKED))) {
		l->tlp_high = 0;
	}
}
