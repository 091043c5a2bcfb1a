/*
 * loss_send.c - what the sender sent, and why it sent that again.
 *
 * New data goes to the scoreboard.  For a retransmission the question is
 * which of the sender's alarms it proves: its timer, its loss probe, or that
 * it held the segment for lost.
 */
#include "analysis/loss.h"

#include <string.h>

#define TIMER_MIN_US 2000
#define JIFFY_US 4000
#define RTO_MIN_US 200000
#define RTO_INIT_US 1000000
#define BURST_US 60		/* what leaves sooner is the same burst */
#define PACED_MEMORY 48
#define SEGMENTS_MAX 1000	/* in one piece: a hole in the numbers */
#define CLOCK_MEMORY_US 2000000
#define CLOCK_JUMP 50			/* ticks */
#define PROMPT_US 120		/* an ACK lets go what leaves so soon */

void
loss_init(struct loss *l, struct blocks *blocks, struct cc_bank *bank,
	  uint32_t mss, uint64_t nxt)
{
	l->blocks = blocks;
	l->sb.mss = mss ? mss : 536;
	scoreboard_reset(&l->sb, blocks, nxt);
	l->una = l->fack = nxt;
	l->reordering = 3;
	l->reo_steps = 1;
	l->rtt.rto = RTO_INIT_US;
	l->delivered = 1;		/* the SYN */
	l->started = true;
	cc_bank_init(l, bank);
}

void
loss_release(struct loss *l)
{
	scoreboard_release(&l->sb, l->blocks);
	l->started = false;
}

void
loss_handshake(struct loss *l, uint32_t rtt_us, uint64_t t)
{
	l->now = t;
	l->delivered_t = l->first_tx = (uint32_t)t;
	if (rtt_us) {
		loss_min_sample(l, rtt_us, false);
		loss_rtt_sample(l, rtt_us);
	}
	for (uint8_t i = 0; i < l->n_cc; i++)
		if (l->cc[i].ops->init)
			l->cc[i].ops->init(&l->cc[i], l);
}

/* --- timers --------------------------------------------------------------- */

static uint64_t
rto_now(const struct loss *l)
{
	uint64_t rto = (uint64_t)l->rtt.rto << (l->backoff < 8 ? l->backoff
							     : 8);

	return rto < 120000000 ? rto : 120000000;
}

void
loss_rearm_rto(struct loss *l)
{
	l->pto_at = 0;
	l->rto_from = l->sb.n ? l->now : 0;
}

/* RFC 8985 s7.2, as Linux arms it. */
void
loss_arm_pto(struct loss *l, bool advancing)
{
	uint64_t timeout, rto;

	l->pto_at = 0;
	if (!l->sb.out || !l->sack_ok ||
	    (l->ca_state != CA_OPEN && l->ca_state != CA_CWR))
		return;
	rto = rto_now(l);
	if (l->rtt.srtt8) {
		timeout = l->rtt.srtt8 >> 2;
		timeout += l->sb.out == 1 ? RTO_MIN_US : TIMER_MIN_US;
	} else {
		timeout = RTO_INIT_US;
	}
	if (!advancing && l->rto_from)
		rto = l->rto_from + rto > l->now ? l->rto_from + rto - l->now
						 : timeout;
	l->pto_at = l->now + (timeout < rto ? timeout : rto);
}

/* --- new data ----------------------------------------------------------- */

static void
sent_like(const struct loss *l, struct sent *s, uint32_t n, uint8_t marks)
{
	memset(s, 0, sizeof(*s));
	s->t = (uint32_t)l->now;
	s->delivered = l->delivered;
	s->delivered_t = l->delivered_t;
	s->first_tx = l->first_tx;
	s->n = (uint16_t)n;
	s->marks = marks;
}

/* Nearly always one; to divide is slow. */
static uint32_t
segments_of(uint64_t len, uint32_t mss, bool *full)
{
	uint64_t n;

	if (len <= mss) {
		*full = len == mss;
		return 1;
	}
	n = (len + mss - 1) / mss;
	*full = n * mss == len;
	return n < SEGMENTS_MAX ? (uint32_t)n : SEGMENTS_MAX;
}

static enum sent_kind
new_data(struct loss *l, const struct data_out *d, uint64_t from)
{
	bool full, reducing = l->ca_state == CA_CWR ||
			      l->ca_state == CA_RECOVERY;
	uint32_t n = segments_of(d->end - from, l->sb.mss, &full);
	uint8_t marks = 0;
	bool probe = l->pto_at && l->now + JIFFY_US >= l->pto_at &&
		     !l->tlp_high && n == 1;
	struct sent like;

	if (!l->sb.out) {
		l->first_tx = l->delivered_t = (uint32_t)l->now;
		loss_rearm_rto(l);
	}
	if (l->sb.out && l->more && !loss_two_way(l) &&
	    l->now - l->last_send > BURST_US) {
		bool prompt = l->now - l->last_ack_t < PROMPT_US;

		l->n_bursts++;
		l->paced += ((prompt ? 0 : 1) - l->paced) /
			    (l->n_bursts < PACED_MEMORY ? l->n_bursts
							: PACED_MEMORY);
	}
	l->more = full;
	if (d->unseen) {
		marks |= SENT_UNSEEN;
		cc_bank_unseen(l);
		l->unseen_at = l->now;
		if (!l->causal)
			l->hole_at = l->now;
	}
	if (l->app_limited)
		marks |= SENT_APP;
	if (!full) {
		marks |= SENT_CLOSED;
		l->small_end = d->end;
	}
	sent_like(l, &like, n, marks);
	if (!scoreboard_append(&l->sb, l->blocks, d->end, &like))
		scoreboard_reset(&l->sb, l->blocks, d->end);
	l->data_segs += n;
	l->burst += n;
	l->burst_all += n;
	l->prr_out += reducing ? n : 0;
	l->frto_new = false;
	if (!probe) {
		loss_arm_pto(l, false);
		return SENT_NEW;
	}
	l->tlp_high = l->sb.nxt;
	l->tlp_rtx = false;
	l->n_tlp++;
	loss_rearm_rto(l);
	return SENT_NEW_TLP;
}

/* --- retransmissions ------------------------------------------------------ */

/* The runs that [seq, end) covers: from *first, how many. */
static uint32_t
runs_of(struct loss *l, uint64_t seq, uint64_t end, uint32_t *first)
{
	uint32_t i, n = 0;

	if (seq < l->sb.start)
		seq = l->sb.start;
	*first = 0;
	if (!l->sb.n || seq >= end)
		return 0;
	i = scoreboard_find(&l->sb, seq);
	if (i >= l->sb.n)
		return 0;
	i = scoreboard_split(&l->sb, l->blocks, i, seq, false);
	*first = i;
	for (; i < l->sb.n && scoreboard_begin(&l->sb, i) < end; i++, n++)
		if (scoreboard_end(&l->sb, i) > end &&
		    scoreboard_at(&l->sb, i)->n > 1)
			scoreboard_split(&l->sb, l->blocks, i, end, true);
	return n;
}

static bool
all_of(const struct loss *l, uint32_t first, uint32_t n, uint8_t mask,
       uint8_t want)
{
	for (uint32_t i = first; i < first + n; i++)
		if ((scoreboard_at(&l->sb, i)->marks & mask) != want)
			return false;
	return true;
}

static bool
time_out_due(const struct loss *l)
{
	uint64_t rto = rto_now(l);

	if (!l->rto_from)
		return false;
	return l->now + JIFFY_US + rto / 64 >= l->rto_from + rto;
}

/* Silence that nothing but the timer ends. */
static bool
silent(const struct loss *l)
{
	return l->now - l->last_ack_t > (uint64_t)l->rtt.rto * 7 / 10 &&
	       l->now - l->last_send > (uint64_t)l->rtt.rto * 7 / 10;
}

static bool
probe_due(const struct loss *l)
{
	return l->pto_at && !l->tlp_high && l->now + JIFFY_US >= l->pto_at;
}

static void
transmit_again(struct loss *l, uint32_t first, uint32_t n,
	       const struct data_out *d, bool probe)
{
	uint32_t segs = 0;

	for (uint32_t i = first; i < first + n; i++) {
		struct sent *s = scoreboard_at(&l->sb, i);
		uint8_t marks = s->marks | SENT_EVER;

		segs += s->n;
		if (!probe)
			marks |= SENT_RTX;
		marks &= (uint8_t)~(SENT_COUNTED | SENT_APP);
		if (l->app_limited)
			marks |= SENT_APP;
		scoreboard_mark(&l->sb, s, marks);
		s->t = (uint32_t)l->now;
		s->delivered = l->delivered;
		s->delivered_t = l->delivered_t;
		s->first_tx = l->first_tx;
	}
	l->rtx_total += segs;
	l->burst_all += segs;
	if (probe)
		return;
	if (!l->rtx_stamped) {
		l->rtx_stamped = true;
		l->rtx_stamp = d->tsval;
	}
	if (l->undo_retrans < 0)
		l->undo_retrans = 0;
	l->undo_retrans += (int32_t)segs;
	if (l->ca_state == CA_CWR || l->ca_state == CA_RECOVERY)
		l->prr_out += segs;
}

static enum sent_kind
send_probe(struct loss *l, uint32_t first, uint32_t n,
	   const struct data_out *d)
{
	transmit_again(l, first, n, d, true);
	l->tlp_rtx = true;
	l->tlp_high = l->sb.nxt;
	l->n_tlp++;
	loss_rearm_rto(l);
	return SENT_RTX_TLP;
}

/* Why fast recovery could not do it. */
static void
why_timeout(struct loss *l, const struct data_out *d)
{
	const struct sent *head = scoreboard_at(&l->sb, 0);

	if (d->fin) {
		l->n_timeout_fin++;
		return;
	}
	l->timeout_us += l->now - (l->last_send > l->last_ack_t ?
				   l->last_send : l->last_ack_t);
	if (head->marks & SENT_EVER)
		l->n_timeout_again++;
	else if (l->sb.out <= 3)
		l->n_timeout_tail++;
	else if (!l->sb.sacked)
		l->n_timeout_all++;
}

static enum sent_kind
send_timeout(struct loss *l, uint32_t first, uint32_t n,
	     const struct data_out *d)
{
	why_timeout(l, d);
	loss_enter_loss(l);
	transmit_again(l, first, n, d, false);
	l->retransmits = (uint8_t)(l->retransmits < 255 ? l->retransmits + 1
							: 255);
	l->backoff++;
	l->reo_at = 0;
	loss_rearm_rto(l);
	return SENT_RTX_TIMEOUT;
}

/*
 * Recovery begins with the first retransmission, which leaves at once.  Seen
 * from elsewhere, what passes before that left before: it is part of what the
 * recovery has to see acknowledged, and nothing that it let go.  Without time
 * stamps that may be much: then the window was larger than thought.
 */
static void
place_recovery(struct loss *l)
{
	if (!l->causal || l->ca_state != CA_RECOVERY || l->undo_retrans >= 0)
		return;
	if (!l->has_tsval)
		cc_bank_window_was(l, scoreboard_pipe(&l->sb) + l->sb.lost +
				      l->prr_delivered);
	l->high_seq = l->sb.nxt;
	l->prr_out = 0;
}

/* It was held for lost, though the model did not know (A1). */
static enum sent_kind
send_surprise(struct loss *l, uint32_t first, uint32_t n,
	      const struct data_out *d)
{
	uint32_t lost = l->lost_total;
	enum sent_kind kind = SENT_RTX_RECOVERY;

	for (uint32_t i = first; i < first + n; i++)
		loss_mark_lost(l, scoreboard_at(&l->sb, i));
	l->n_surprise++;
	if (l->ca_state < CA_RECOVERY) {
		loss_enter_recovery(l, false);
		cc_bank_reduce(l, 1, l->lost_total - lost);
		kind = SENT_RTX_FAST;
	}
	transmit_again(l, first, n, d, false);
	return kind;
}

bool
loss_settled(const struct loss *l, uint64_t seq)
{
	const struct sent *s;

	if (seq < l->una || !l->sb.n || seq >= l->sb.nxt)
		return true;
	s = scoreboard_at(&l->sb, scoreboard_find(&l->sb, seq));
	return s->marks & (SENT_LOST | SENT_SACKED);
}

static enum sent_kind
again(struct loss *l, const struct data_out *d)
{
	uint32_t first, n = runs_of(l, d->seq, d->end, &first);
	bool head = n && first == 0;
	enum sent_kind kind;

	if (!n || all_of(l, first, n, SENT_SACKED, SENT_SACKED))
		return SENT_RTX_NEEDLESS;
	if (l->frto_new) {	/* no new data came: the usual way (F-RTO) */
		l->frto_new = false;
		l->frto = false;
	}
	if (head && (time_out_due(l) || silent(l)))
		return send_timeout(l, first, n, d);
	if (all_of(l, first, n, SENT_LOST | SENT_RTX, SENT_LOST)) {
		place_recovery(l);
		kind = SENT_RTX_RECOVERY;
		if (l->ca_state == CA_RECOVERY && l->prr_out == 0)
			kind = SENT_RTX_FAST;
		transmit_again(l, first, n, d, false);
		if (head && !l->reo_at)
			loss_rearm_rto(l);
		return kind;
	}
	if (first + n == l->sb.n && probe_due(l))
		return send_probe(l, first, n, d);
	if (!d->waiting && l->ca_state == CA_OPEN && !l->sb.sacked) {
		/* Nothing said that it is lost: smaller segments for a path
		   MTU (RFC 1191), or what the capture missed. */
		transmit_again(l, first, n, d, false);
		return SENT_RTX_OTHER;
	}
	return send_surprise(l, first, n, d);
}

/* The capture began in the middle: three round trips are only watched.  What
   was lost before it seems to be in flight, until all that was sent again. */
static void
watch_late(struct loss *l, bool new_data)
{
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (!l->late || l->anchored)
		return;
	if (!new_data && !l->watched) {
		l->max_pipe = 0;
		l->late_until = 0;
		return;
	}
	if (pipe > l->max_pipe) {
		l->max_pipe = pipe;
		l->n_grown += l->watched;
	}
	if (!l->placed || !l->rtt.srtt8)
		l->late_until = 0;
	else if (!l->late_until)
		l->late_until = l->now + 3 * (uint64_t)loss_srtt(l);
	else if (!l->watched && l->now >= l->late_until) {
		l->watched = true;
		cc_bank_assume(l, l->max_pipe);
	}
}

/*
 * A pair of the sender's clock and ours, as near as can be to the moment when
 * its clock ticked: a segment that bears more than the pair explains was sent
 * nearer to its tick.  Clocks drift: now and then it begins anew.
 */
static void
note_clock(struct loss *l, uint32_t tsval)
{
	uint32_t now = (uint32_t)l->now, since = now - l->tsval_t;
	int32_t more = (int32_t)(tsval - (l->tsval + since / 1000));

	if (l->has_tsval && since < CLOCK_MEMORY_US && more <= 0 &&
	    more > -CLOCK_JUMP)
		return;
	l->tsval = tsval;
	l->tsval_t = now;
	l->has_tsval = true;
}

/* The program writes into an empty queue: until what is in flight by then is
   delivered, rates tell of it, and not of the path (Linux's
   tcp_rate_check_app_limited()). */
static void
note_app_limited(struct loss *l)
{
	if (l->now - l->last_send <= BURST_US || l->sb.lost > l->sb.retrans ||
	    !cc_bank_waited(l))
		return;
	l->app_limited = l->delivered + scoreboard_pipe(&l->sb);
	if (!l->app_limited)
		l->app_limited = 1;
}

enum sent_kind
loss_data(struct loss *l, const struct data_out *d)
{
	enum sent_kind kind;
	uint64_t idle = d->t - l->last_send;
	bool restarted = false;

	loss_timers(l, d->t);
	if (d->t > l->now)
		l->now = d->t;
	l->entered_recovery = l->entered_loss = l->entered_cwr = false;
	l->undone = false;
	if (d->has_ts)
		note_clock(l, d->tsval);
	if (d->end > l->sb.nxt) {
		if (!l->sb.out && l->last_send && d->t > l->last_send) {
			if (idle > rto_now(l)) {
				cc_bank_idle_restart(l, idle);
				restarted = true;
				l->max_pipe = 0;
			}
		}
		note_app_limited(l);
		if (!scoreboard_pipe(&l->sb))
			cc_bank_tx_start(l);
		if (d->seq < l->sb.nxt)
			again(l, &(struct data_out){ .t = d->t, .seq = d->seq,
				.end = l->sb.nxt, .tsval = d->tsval,
				.has_ts = d->has_ts, .waiting = d->waiting });
		kind = new_data(l, d, l->sb.nxt);
	} else {
		kind = again(l, d);
	}
	watch_late(l, kind <= SENT_NEW_TLP);
	l->restarted = restarted;
	l->last_send = l->now;
	cc_bank_data(l, (uint32_t)(d->end - d->seq), kind == SENT_NEW,
		     kind == SENT_NEW_TLP);
	return kind;
}
