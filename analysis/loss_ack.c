/*
 * loss_ack.c - what an ACK tells of the segments in flight.
 *
 * The order is the kernel's: SACK blocks first (RFC 2018, RFC 2883), then the
 * cumulative ACK, then round trip, RACK, loss probe, state machine, delivery
 * rate, and at last the congestion window.
 */
#include "analysis/loss.h"

#include <string.h>

#define HOLE_MEMORY 512.	/* segments that hole_share looks back */

static uint32_t
min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The capture missed when it left. */
static bool
untimed(const struct sent *s)
{
	return (s->marks & (SENT_UNSEEN | SENT_EVER)) == SENT_UNSEEN;
}

/* A delivered run gives the rate sample if it was sent last. */
static void
rate_delivered(struct loss *l, struct rate *r, struct sent *s)
{
	if ((s->marks & SENT_COUNTED) || untimed(s))
		return;
	if (!r->valid || (int32_t)(s->t - l->first_tx) > 0 ||
	    (s->t == l->first_tx && (int32_t)(s->end - r->last_end) > 0)) {
		r->valid = true;
		r->prior_delivered = s->delivered;
		r->prior_t = s->delivered_t;
		r->app_limited = s->marks & SENT_APP;
		r->last_end = s->end;
		l->first_tx = s->t;
		r->interval = s->t - s->first_tx;
	}
	s->marks |= SENT_COUNTED;
}

/* Lost, not sent again, and delivered: the alarm was false, or the capture
   missed that it was sent again. */
static void
note_doubt(struct loss *l, const struct sent *s)
{
	if ((s->marks & (SENT_LOST | SENT_EVER | SENT_SACKED)) == SENT_LOST)
		l->doubt_at = l->now;
}

/* --- SACK ------------------------------------------------------------- */

struct sacking {
	struct rate *rate;
	uint64_t reord;
	uint32_t delivered;
	uint32_t first, last;
	bool any;
};

static void
tag(struct loss *l, struct sacking *k, uint32_t i)
{
	struct sent *s = scoreboard_at(&l->sb, i);
	uint8_t marks = s->marks;

	if (marks & SENT_SACKED)
		return;
	note_doubt(l, s);
	if (!untimed(s))
		loss_rack_advance(l, s);
	if (marks & SENT_RTX) {
		if (marks & SENT_LOST)
			marks &= (uint8_t)~(SENT_LOST | SENT_RTX);
	} else {
		if (!(marks & SENT_EVER)) {
			uint64_t begin = scoreboard_begin(&l->sb, i);

			/* In a hole, sent once: it was overtaken. */
			if (begin < l->fack && begin < k->reord)
				k->reord = begin;
			if (scoreboard_end(&l->sb, i) <= l->high_seq)
				l->flags |= ACK_ORIG_SACKED;
			if (!untimed(s)) {
				if (!k->any)
					k->first = s->t;
				k->last = s->t;
				k->any = true;
			}
		}
		marks &= (uint8_t)~SENT_LOST;
	}
	scoreboard_mark(&l->sb, s, marks | SENT_SACKED);
	l->flags |= ACK_DATA_SACKED;
	k->delivered += s->n;
	rate_delivered(l, k->rate, s);
}

/* Tag what [start, end) covers whole. */
static void
tag_range(struct loss *l, struct sacking *k, uint64_t start, uint64_t end)
{
	uint32_t i;

	if (start >= end || l->sb.n == 0)
		return;
	i = scoreboard_find(&l->sb, start);
	if (i < l->sb.n)
		i = scoreboard_split(&l->sb, l->blocks, i, start, true);
	for (; i < l->sb.n; i++) {
		uint64_t e = scoreboard_end(&l->sb, i);

		if (e > end) {
			if (scoreboard_begin(&l->sb, i) >= end ||
			    scoreboard_split(&l->sb, l->blocks, i, end,
					     false) == i ||
			    scoreboard_end(&l->sb, i) > end)
				break;
			e = scoreboard_end(&l->sb, i);
		}
		tag(l, k, i);
		if (e > l->fack)
			l->fack = e;
	}
}

/* Only what the last ACK's blocks did not cover already. */
static void
tag_block(struct loss *l, struct sacking *k, uint64_t start, uint64_t end)
{
	for (int i = 0; i < 4; i++) {
		uint64_t s = l->sack_seen[i].start, e = l->sack_seen[i].end;

		if (s <= start && e > start)
			start = e;
		else if (s < end && e >= end)
			end = s;
		else if (s > start && e < end && s < e) {
			tag_range(l, k, start, s);
			start = e;
		}
		if (start >= end)
			return;
	}
	tag_range(l, k, start, end);
}

/* RFC 2883: the first block tells of a duplicate. */
static bool
is_dsack(const struct ack_in *a)
{
	if (a->sack[0].start < a->ack)
		return true;
	return a->n_sack > 1 && a->sack[0].end <= a->sack[1].end &&
	       a->sack[0].start >= a->sack[1].start;
}

/* A D-SACK's runs: a retransmission of each was not needed. */
static void
dsack_runs(struct loss *l, struct sacking *k, uint64_t start, uint64_t end)
{
	uint32_t i;

	if (end <= l->una || l->sb.n == 0)
		return;
	i = scoreboard_find(&l->sb, start > l->sb.start ? start : l->sb.start);
	for (; i < l->sb.n && scoreboard_end(&l->sb, i) <= end; i++) {
		struct sent *s = scoreboard_at(&l->sb, i);

		if (!(s->marks & (SENT_EVER | SENT_RTX)))
			continue;
		if (l->undo && l->undo_retrans > 0 &&
		    scoreboard_end(&l->sb, i) > l->undo_marker) {
			l->undo_retrans -= s->n;
			if (l->undo_retrans < 0)
				l->undo_retrans = 0;
		}
		if ((s->marks & SENT_SACKED) &&
		    scoreboard_begin(&l->sb, i) < k->reord)
			k->reord = scoreboard_begin(&l->sb, i);
		if (s->marks & SENT_RTX)
			scoreboard_mark(&l->sb, s,
					s->marks & (uint8_t)~SENT_RTX);
	}
}

static bool
dsack_seen(struct loss *l, const struct ack_in *a, uint64_t prior_una,
	   struct sacking *k)
{
	uint64_t start = a->sack[0].start, end = a->sack[0].end;
	uint64_t len = end - start;
	uint32_t dups = 1;

	if (end <= start || len > l->max_window)
		return false;
	if (len > l->sb.mss)
		dups = (uint32_t)((len + l->sb.mss - 1) / l->sb.mss);
	else if (l->tlp_high && l->tlp_high == end)
		l->flags |= ACK_DSACK_TLP;
	l->dsack_dups += dups;
	if (l->dsack_dups > l->rtx_total)
		return false;	/* the network's duplicates, not ours */
	if (l->reord_seen && !(l->flags & ACK_DSACK_TLP))
		l->rack_dsack = true;
	l->flags |= ACK_DSACK;
	k->delivered += dups;
	if (l->undo && l->undo_retrans > 0 && end <= prior_una &&
	    end > l->undo_marker) {
		l->undo_retrans -= (int32_t)dups;
		if (l->undo_retrans < 0)
			l->undo_retrans = 0;
	}
	return true;
}

static void
remember_blocks(struct loss *l, const struct ack_in *a, int first)
{
	memset(l->sack_seen, 0, sizeof(l->sack_seen));
	for (int i = first; i < a->n_sack; i++) {
		l->sack_seen[i].start = a->sack[i].start;
		l->sack_seen[i].end = a->sack[i].end;
	}
}

uint32_t
loss_sack(struct loss *l, const struct ack_in *a, uint64_t prior_una,
	  struct rate *r, uint32_t *first, uint32_t *last, bool *any)
{
	struct sacking k = { .rate = r, .reord = l->sb.nxt };
	int from = 0;

	if (!l->sb.sacked) {
		l->fack = l->una;
		memset(l->sack_seen, 0, sizeof(l->sack_seen));
	}
	if (is_dsack(a)) {
		from = 1;
		if (dsack_seen(l, a, prior_una, &k))
			dsack_runs(l, &k, a->sack[0].start, a->sack[0].end);
		if (a->sack[0].start >= a->ack && a->sack[0].end > a->ack)
			from = 0;	/* inside the second: SACKed as well */
	}
	/* In the order of sequence numbers, as the kernel's single walk. */
	for (uint64_t above = 0;;) {
		int next = -1;

		for (int i = from; i < a->n_sack; i++)
			if (a->sack[i].start > above &&
			    (next < 0 ||
			     a->sack[i].start < a->sack[next].start))
				next = i;
		if (next < 0)
			break;
		above = a->sack[next].start;
		if (a->sack[next].end <= a->sack[next].start ||
		    a->sack[next].end > l->sb.nxt ||
		    a->sack[next].end <= l->una || above < l->una)
			continue;
		tag_block(l, &k, above, a->sack[next].end);
	}
	remember_blocks(l, a, from);
	if (l->ca_state != CA_LOSS || l->undo)
		loss_check_reordering(l, k.reord, false);
	*first = k.first;
	*last = k.last;
	*any = k.any;
	return k.delivered;
}

void
loss_check_reordering(struct loss *l, uint64_t low, bool by_ts)
{
	uint64_t metric;

	(void)by_ts;
	if (low >= l->fack)
		return;
	metric = l->fack - low;
	if (metric > (uint64_t)l->reordering * l->sb.mss) {
		metric = (metric + l->sb.mss - 1) / l->sb.mss;
		l->reordering = (uint16_t)(metric < 300 ? metric : 300);
	}
	if (l->reord_seen < UINT16_MAX)
		l->reord_seen++;
}

/* --- the cumulative ACK ------------------------------------------------- */

struct cleaning {
	uint32_t acked;
	uint32_t first, last;
	uint64_t reord;
	bool any, runt;
};

/* What the sender's clock showed at t, about. */
static uint32_t
clock_at(const struct loss *l, uint32_t t)
{
	int64_t us = (int32_t)(t - l->tsval_t);

	return l->tsval + (uint32_t)((us < 0 ? us - 999 : us) / 1000);
}

static bool
sent_before_echo(const struct loss *l, const struct sent *s,
		 const struct ack_in *a)
{
	if (!l->has_tsval || !a->has_ts || !a->tsecr)
		return false;
	return (int32_t)(a->tsecr - (clock_at(l, s->t) - 1)) < 0;
}

/* Acknowledged, and neither it nor a retransmission was captured. */
static void
note_hole(struct loss *l, const struct sent *s)
{
	double weight = s->n / HOLE_MEMORY;
	bool hole = untimed(s);

	if (weight > 1)
		weight = 1;
	if (hole) {
		l->hole_at = l->now;
		cc_bank_hole(l);
	}
	l->hole_share += ((hole ? 1 : 0) - l->hole_share) * weight;
	if (l->hole_share < 1e-4)
		l->hole_share = 0;
}

/* The first n segments of the first run are acknowledged; end is theirs. */
static void
clean_run(struct loss *l, struct cleaning *c, const struct ack_in *a,
	  struct rate *r, uint32_t n, uint64_t end)
{
	struct sent s = *scoreboard_at(&l->sb, 0);

	s.n = (uint16_t)n;
	s.end = (uint32_t)end;
	if (s.marks & (SENT_RTX | SENT_EVER)) {
		l->flags |= ACK_RTX_ACKED;
	} else if (!(s.marks & SENT_SACKED)) {
		if (!untimed(&s)) {
			c->last = s.t;
			if (!c->any)
				c->first = s.t;
			c->any = true;
		}
		if (l->sb.start < c->reord)
			c->reord = l->sb.start;
		if (end <= l->high_seq)
			l->flags |= ACK_ORIG_SACKED;
	}
	if (!(s.marks & SENT_SACKED) && l->sack_ok) {
		l->delivered += n;
		if (!untimed(&s) &&
		    !((s.marks & (SENT_RTX | SENT_EVER)) &&
		      sent_before_echo(l, &s, a)))
			loss_rack_advance(l, &s);
	}
	note_hole(l, &s);
	note_doubt(l, &s);
	c->acked += n;
	rate_delivered(l, r, &s);
	l->flags |= ACK_DATA_ACKED;
	scoreboard_take(&l->sb, n);
}

static void
clean_all(struct loss *l, struct cleaning *c, const struct ack_in *a,
	  struct rate *r)
{
	struct scoreboard *sb = &l->sb;

	while (sb->n && scoreboard_end(sb, 0) <= l->una)
		clean_run(l, c, a, r, scoreboard_at(sb, 0)->n,
			  scoreboard_end(sb, 0));
	if (sb->n && l->una >= sb->start + sb->mss) {
		uint64_t n = (l->una - sb->start) / sb->mss;

		if (n < scoreboard_at(sb, 0)->n)
			clean_run(l, c, a, r, (uint32_t)n,
				  sb->start + n * sb->mss);
	}
	if (!sb->n)
		sb->start = sb->nxt;
}

/* RFC 6582 with counted duplicate ACKs: they stand for SACKed segments. */
static void
remove_counted(struct loss *l, uint32_t acked)
{
	struct scoreboard *sb = &l->sb;
	uint32_t holes;

	if (acked) {
		l->delivered += acked > sb->sacked ? acked - sb->sacked : 1;
		sb->sacked -= min_u32(acked - 1, sb->sacked);
	}
	holes = sb->lost > 1 ? sb->lost : 1;
	holes = min_u32(holes, sb->out);
	if (sb->sacked + holes > sb->out) {
		sb->sacked = sb->out - holes;
		l->reordering = (uint16_t)min_u32(sb->out + acked, 300);
		if (l->reord_seen < UINT16_MAX)
			l->reord_seen++;
	}
}

static uint32_t
echo_rtt(const struct loss *l, const struct ack_in *a)
{
	uint32_t now = clock_at(l, (uint32_t)l->now);

	return (int32_t)(now - a->tsecr) > 0 ? (now - a->tsecr) * 1000 : 1000;
}

static bool
update_rtt(struct loss *l, const struct ack_in *a, struct rate *r,
	   int64_t seq_rtt, int64_t sack_rtt, int64_t ca_rtt)
{
	/* Elsewhere one may seem to be shorter than the way is. */
	if (ca_rtt >= 0 && ca_rtt < l->least_rtt)
		ca_rtt = l->least_rtt;
	if (seq_rtt < 0)
		seq_rtt = sack_rtt;
	if (seq_rtt < 0 && a->has_ts && a->tsecr && l->has_tsval &&
	    (l->flags & ACK_DATA_ACKED))
		seq_rtt = ca_rtt = echo_rtt(l, a);
	r->rtt = ca_rtt;
	if (seq_rtt < 0)
		return false;
	loss_min_sample(l, (uint32_t)ca_rtt, l->flags & ACK_MAYBE_DELAYED);
	loss_rtt_sample(l, (uint32_t)seq_rtt);
	return true;
}

uint32_t
loss_clean(struct loss *l, uint64_t prior_fack, uint64_t prior_una,
	   const struct ack_in *a, struct rate *r,
	   uint32_t first_sack, uint32_t last_sack, bool any_sack)
{
	struct cleaning c = { .reord = l->sb.nxt };
	uint32_t prior_sacked = l->sb.sacked, now = (uint32_t)l->now;
	int64_t seq_rtt = -1, sack_rtt = -1, ca_rtt = -1;
	bool sampled;

	clean_all(l, &c, a, r);
	if (l->sb.n && (scoreboard_at(&l->sb, 0)->marks & SENT_SACKED))
		l->flags |= ACK_RENEGING;
	if (c.any && !(l->flags & ACK_RTX_ACKED)) {
		seq_rtt = now - c.first;
		ca_rtt = now - c.last;
		if (c.acked == 1 && !prior_sacked &&
		    l->una - prior_una < l->sb.mss &&
		    r->prior_delivered + 1 == l->delivered &&
		    !(l->flags & ACK_ALERT))
			l->flags |= ACK_MAYBE_DELAYED;
	}
	if (any_sack) {
		sack_rtt = now - first_sack;
		ca_rtt = now - last_sack;
	}
	sampled = update_rtt(l, a, r, seq_rtt, sack_rtt, ca_rtt);
	if (l->flags & ACK_DATA_ACKED) {
		l->flags |= ACK_SET_TIMER;
		if (!l->sack_ok) {
			remove_counted(l, c.acked);
			if (l->flags & ACK_RTX_ACKED)
				l->flags &= ~(uint32_t)ACK_ORIG_SACKED;
		} else if (c.reord < prior_fack) {
			loss_check_reordering(l, c.reord, false);
		}
	} else if (l->sb.n && sampled && sack_rtt >= 0 &&
		   sack_rtt > (int64_t)(now - scoreboard_at(&l->sb, 0)->t)) {
		l->flags |= ACK_SET_TIMER;
	}
	cc_bank_acked(l, r->rtt);
	return c.acked;
}

/* --- all of it ---------------------------------------------------------- */

static void
update_window(struct loss *l, const struct ack_in *a)
{
	bool newer = a->ack > l->una || a->seq > l->wl1 ||
		     (a->seq == l->wl1 &&
		      (a->window > l->snd_wnd || a->window == 0));

	if (newer) {
		l->flags |= ACK_WIN_UPDATE;
		l->wl1 = a->seq;
		l->snd_wnd = a->window;
		if (a->window > l->max_window)
			l->max_window = a->window;
	}
}

/* RFC 8985 s6.2 step 4: the window grows by D-SACKs, a step a round trip. */
static void
update_reo_steps(struct loss *l, const struct rate *r)
{
	if (!r->valid || !r->prior_delivered)
		return;
	if ((int32_t)(r->prior_delivered - l->rack_last_delivered) < 0)
		l->rack_dsack = false;
	if (l->rack_dsack) {
		if (l->reo_steps < 255)
			l->reo_steps++;
		l->rack_dsack = false;
		l->rack_last_delivered = l->delivered;
		l->reo_persist = 16;
	} else if (!l->reo_persist) {
		l->reo_steps = 1;
	}
}

/* Not of a few segments: ACKs come in heaps. */
static void
note_rate(struct loss *l, const struct cc_ack *a)
{
	double rate;

	if (a->delivered < 8 || a->interval <= 0)
		return;
	rate = (double)a->delivered * l->sb.mss * 1e6 / (double)a->interval;
	if (rate > l->max_rate)
		l->max_rate = rate;
}

static void
give_rate(struct loss *l, const struct rate *r, struct cc_ack *out)
{
	uint32_t ack_us = (uint32_t)l->now - r->prior_t;

	if (l->app_limited &&
	    (int32_t)(l->delivered - l->app_limited) > 0)
		l->app_limited = 0;
	if (out->acked)
		l->delivered_t = (uint32_t)l->now;
	out->delivered = out->interval = -1;
	out->prior_delivered = r->prior_delivered;
	out->prior_pipe = r->prior_pipe;
	out->app_limited = r->app_limited;
	out->rtt = r->rtt;
	out->delayed = l->flags & ACK_MAYBE_DELAYED;
	if (!r->valid || l->reneg)
		return;
	out->delivered = (int32_t)(l->delivered - r->prior_delivered);
	out->interval = r->interval > ack_us ? r->interval : ack_us;
	if (out->interval < loss_min_rtt(l))
		out->interval = -1;
	else
		note_rate(l, out);
}

static bool
is_dubious(const struct loss *l)
{
	return !(l->flags & ACK_NOT_DUP) || (l->flags & ACK_ALERT) ||
	       l->ca_state != CA_OPEN;
}

static void
ack_current(struct loss *l, const struct ack_in *a)
{
	uint64_t prior_una = l->una, prior_fack;
	uint32_t prior_out = l->sb.out;
	uint32_t delivered = l->delivered, lost = l->lost_total;
	struct rate r = { .rtt = -1, .prior_pipe = scoreboard_pipe(&l->sb) };
	uint32_t first = 0, last = 0;
	bool any = false;
	struct cc_ack out = { 0 };

	prior_fack = l->sack_ok && l->sb.sacked ? l->fack : l->una;
	if (a->ack > l->una) {
		l->flags |= ACK_UNA_ADVANCED;
		l->bytes_acked += a->ack - l->una;
		l->retransmits = 0;
	}
	if (a->has_data)
		l->flags |= ACK_DATA;
	update_window(l, a);
	l->una = a->ack;
	if (a->ack + l->snd_wnd > l->wnd_end || (l->flags & ACK_WIN_UPDATE))
		l->wnd_end = a->ack + l->snd_wnd;
	if (l->sack_ok && a->n_sack)
		l->delivered += loss_sack(l, a, prior_una, &r, &first, &last,
					  &any);
	if (a->ece && l->ecn_ok)
		l->flags |= ACK_ECE;
	if (prior_out) {
		loss_clean(l, prior_fack, prior_una, a, &r, first, last, any);
		update_reo_steps(l, &r);
	}
	if (l->tlp_high)
		loss_tlp_ack(l, a->ack);
	if (prior_out ? is_dubious(l) : (l->flags & ACK_DSACK) != 0)
		loss_alert(l, a, prior_una,
			   !(l->flags & (ACK_UNA_ADVANCED | ACK_NOT_DUP |
					 ACK_DSACK)));
	if (!prior_out)
		return;
	if (l->flags & ACK_SET_TIMER) {
		l->reo_at = 0;
		l->rto_from = l->sb.n ? l->now : 0;
		loss_arm_pto(l, true);
	}
	out.acked = l->delivered - delivered;
	if (out.acked < 1u << 16)
		l->per_ack8 += out.acked - l->per_ack8 / 8;
	out.losses = l->lost_total - lost;
	out.flags = l->flags;
	give_rate(l, &r, &out);
	cc_bank_ack(l, &out);
}

/* An ACK that others overtook: only its SACK blocks count. */
static void
ack_old(struct loss *l, const struct ack_in *a)
{
	struct rate r = { .rtt = -1 };
	uint32_t first, last;
	bool any;

	if (!l->sack_ok || !a->n_sack || l->una - a->ack > l->max_window)
		return;
	l->delivered += loss_sack(l, a, l->una, &r, &first, &last, &any);
	loss_alert(l, a, l->una, 0);
}

void
loss_ack(struct loss *l, const struct ack_in *a)
{
	loss_timers(l, a->t);
	cc_bank_close_burst(l);
	if (a->t > l->now)
		l->now = a->t;
	l->ack_before_t = l->last_ack_t;
	l->last_ack_t = l->now;
	l->just_restarted = false;
	if (a->has_data)
		l->peer_data_t = l->now;
	l->flags = 0;
	l->entered_recovery = l->entered_loss = l->entered_cwr = false;
	l->undone = false;
	if (a->ack < l->una)
		ack_old(l, a);
	else
		ack_current(l, a);
}
