/*
 * sender_model.c - what a sender sent and got, given to its model in its order.
 */
#include "analysis/sender_model.h"

#include <string.h>

#include "analysis/quiet.h"
#include "analysis/sender_samples.h"

#define SIZES 8			/* to learn the segments' size from */
#define SIZE_OF_LAN 1460
#define AT_ONCE (20 * NS_PER_US)

/*
 * Segments are smaller than the handshake tells where a path is narrow or
 * options take their room, and larger or smaller than thought where it was
 * not seen.  Data that its program did not end (PSH) leaves in full segments,
 * or in several at once.
 */
void
sender_learn_size(struct sender *s, const struct seg_event *ev)
{
	uint32_t a = s->size, b = (uint32_t)(ev->end - ev->data);
	uint32_t mss = s->loss.sb.mss;

	if (s->n_sizes >= SIZES || (ev->seg->flags & (TCP_PSH | TCP_FIN)))
		return;
	if (b == mss && !s->loss.late) {
		s->n_sizes = SIZES;
		return;
	}
	while (a) {
		uint32_t rest = b % a;

		b = a;
		a = rest;
	}
	s->size = b;
	if (++s->n_sizes < SIZES || b <= mss / 3)
		return;
	if (b <= mss || (s->loss.late && b > SIZE_OF_LAN && b % mss))
		s->loss.sb.mss = b;
}

/* Here, or elsewhere: by the handshake's two halves where nothing else is. */
static void
choose_view(struct sender *s, const struct analysis *an, enum side side)
{
	const struct round_trips *t = an->rtt;
	nstime out = t->synack - t->syn, back = t->established - t->synack;
	nstime lag = side == SIDE_CLIENT ? back : out;

	if (an->vantage[side] == VANTAGE_HERE)
		return;
	if (t->syn && t->established && an->vantage[side] ==
	    VANTAGE_UNKNOWN && lag * 20 < out + back)
		return;
	if (!t->syn || !t->established)
		return;
	s->loss.causal = true;
	view_add_lag(&s->view, (uint32_t)(lag / 1000));
}

/* When the sender had its part of the handshake, and the round trip. */
static void
begin_handshake(struct sender *s, const struct analysis *an, enum side side)
{
	const struct round_trips *t = an->rtt;
	nstime from = t->syn ? t->syn : t->synack;
	nstime at = side == SIDE_CLIENT ? t->synack : t->established;

	if (!t->established)
		loss_handshake(&s->loss, 0,
			       (uint64_t)(an->conn->last - s->base) / 1000);
	else
		loss_handshake(&s->loss,
			       (uint32_t)((t->established - from) / 1000),
			       (uint64_t)(at - s->base) / 1000);
}

/* Nothing was seen of the handshake: where this is shows later. */
static void
place_late(struct sender *s, const struct analysis *an, enum side side)
{
	struct loss *l = &s->loss;

	if (an->vantage[side] == VANTAGE_UNKNOWN)
		return;
	l->placed = true;
	if (an->vantage[side] == VANTAGE_HERE)
		return;
	l->causal = true;
	memset(&l->rtt, 0, sizeof(l->rtt));
	l->rtt.seq = l->sb.nxt;
	l->max_pipe = 0;
	cc_bank_placed(l);
	view_add_lag(&s->view, (uint32_t)(an->rtt->loop[side] / 1000));
}

struct sender *
sender_begin(struct analysis *an, enum side side, uint64_t nxt)
{
	const struct conn *c = an->conn;
	struct sender *s = block_alloc(an->blocks, BLOCK_SENDER, sizeof(*s));

	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	s->base = c->first - NS_PER_MS;
	loss_init(&s->loss, an->blocks, &s->bank, quiet_segment_size(c, side),
		  nxt);
	s->loss.sack_ok = c->half[0].sack_perm && c->half[1].sack_perm;
	s->loss.ecn_ok = c->half[0].ecn_setup && c->half[1].ecn_setup;
	if (!c->half[0].isn_known || !c->half[1].isn_known)
		s->loss.sack_ok = s->loss.ecn_ok = true;
	s->loss.snd_wnd = s->loss.max_window = c->half[!side].rwnd;
	if (!c->half[!side].wscale_known)
		s->loss.snd_wnd = s->loss.max_window = SENDER_WINDOW_UNKNOWN;
	s->loss.wnd_end = nxt + s->loss.snd_wnd;
	s->loss.anchored = an->rtt->established != 0;
	s->loss.late = !s->loss.anchored;
	s->loss.iw_known = s->loss.late;
	choose_view(s, an, side);
	begin_handshake(s, an, side);
	return s;
}

#define JOINED_MAX 45		/* of 64 kB */

/* May data up to end be sent, as far as the two windows go? */
static bool
has_room(const struct sender *s, uint64_t end)
{
	const struct loss *l = &s->loss;

	uint64_t more = end > l->sb.nxt ? end - l->sb.nxt : 1;

	if (end > l->wnd_end && end > l->sb.nxt)
		return false;
	/* Several segments that a receiver joined left together. */
	more = more <= l->sb.mss ? 1 : (more + l->sb.mss - 1) / l->sb.mss;
	if (more > JOINED_MAX)
		more = 1;	/* a hole rather */
	return scoreboard_pipe(&l->sb) + more <= sender_best(s)->cwnd;
}

static enum view_reason
reason_of(const struct sender *s, const struct data_out *d)
{
	if (d->end <= s->loss.sb.nxt && !loss_settled(&s->loss, d->seq))
		return VIEW_NOT_LOST;
	return has_room(s, d->end) ? VIEW_ROOM : VIEW_NO_ROOM;
}

#define HOLE_SEGMENTS 4

/* Data that must have been sent and was not captured (A10). */
static void
fill_hole(struct sender *s, uint64_t t, uint64_t end)
{
	struct data_out d = { .t = t, .seq = s->loss.sb.nxt, .end = end,
			      .unseen = true };

	if (end > s->loss.sb.nxt)
		loss_data(&s->loss, &d);
}

/* Data up to end was sent by now: is there more than a path loses now and
   then, or was it silent for long? */
static void
note_hole(struct sender *s, struct analysis *an, enum side side, uint64_t end,
	  nstime now)
{
	const struct loss *l = &s->loss;
	uint64_t size = end - l->sb.nxt;

	if (end <= l->sb.nxt || size >= 1u << 30)
		return;
	if (size >= HOLE_SEGMENTS * l->sb.mss ||
	    now - s->last_ts > (nstime)loss_srtt(l) * 1000 / 2)
		sender_tell_hole(s, an, side, size);
}

/* It stands for more than ACKs do here: for some that were not captured?  What
   those let go is missing as well, unless that was sent again. */
static void
note_long_ack(struct sender *s, struct analysis *an, enum side side,
	      const struct ack_in *a)
{
	struct loss *l = &s->loss;
	uint64_t n = a->ack > l->una ? (a->ack - l->una) / l->sb.mss : 0;

	if (n <= l->sb.sacked + HOLE_SEGMENTS + 3 * l->per_ack8 / 8)
		return;
	sender_tell_hole(s, an, side, a->ack - l->una);
	if (l->ca_state >= CA_RECOVERY)
		l->doubt_at = a->t;
}

/* Elsewhere, a timer may have gone off, and what it sent was lost before. */
static void
note_silence(struct sender *s, struct analysis *an, enum side side, nstime now)
{
	nstime rto = (nstime)s->loss.rtt.rto * NS_PER_US;

	if (!s->loss.causal || s->view.n || !s->loss.sb.n ||
	    now - s->last_ts <= rto)
		return;
	s->last_ts += rto;
	sender_tell_hole(s, an, side, 0);
}

/* An ACK reached the sender. */
static void
apply_ack(struct sender *s, const struct ack_in *a)
{
	uint64_t end = a->ack;

	for (int i = 0; i < a->n_sack; i++)
		if (a->sack[i].end > end)
			end = a->sack[i].end;
	if (end > s->loss.sb.nxt && end - s->loss.sb.nxt < 1u << 30)
		fill_hole(s, a->t, end);
	sender_settle(s);
	loss_ack(&s->loss, a);
}

/* An ACK that let nothing go: its effect shows a loop after it passed. */
static void
view_apply_alone(struct sender *s, struct analysis *an, enum side side,
		 nstime now)
{
	struct ack_in a;
	nstime ts;

	if (!view_pop(&s->view, &s->loss, &a))
		return;
	ts = s->base + (nstime)(a.t + view_lag(&s->view)) * 1000;
	apply_ack(s, &a);
	sender_put_sample(s, an, side, ts < now ? ts : now);
}

#define CATCH_UP 16

/*
 * All that the sender had got before it sent what passes now.  What the last
 * of these ACKs led to shows in this data; the others' place between the last
 * data and this one is as far before it as the ACKs were apart.  True: they
 * made the room for this data.
 */
static bool
view_catch_up(struct sender *s, struct analysis *an, enum side side,
	      nstime now, const struct data_out *d)
{
	struct sample_row row[CATCH_UP];
	uint64_t at[CATCH_UP];
	nstime ts;
	unsigned n = 0;
	enum view_reason why;
	bool waited, let_go;

	if (s->view.n == 0)
		return false;
	why = reason_of(s, d);
	waited = why != VIEW_ROOM && !has_room(s, d->end);
	while (view_due(&s->view, &s->loss, d, why)) {
		struct ack_in a;

		if (view_at_tick(&s->view, d))
			cc_bank_tick(&s->loss);
		if (!view_pop(&s->view, &s->loss, &a))
			break;
		apply_ack(s, &a);
		why = reason_of(s, d);
		if (n == CATCH_UP) {
			sender_emit(s, an, &row[0], row[0].ts_ns);
			memmove(row, row + 1, sizeof(row) - sizeof(row[0]));
			memmove(at, at + 1, sizeof(at) - sizeof(at[0]));
			n--;
		}
		ts = s->base + (nstime)(a.t + view_lag(&s->view)) * 1000;
		sender_fill_sample(s, an, side, ts < now ? ts : now, &row[n]);
		at[n++] = a.t;
	}
	let_go = n && waited && why == VIEW_ROOM;
	/* After a pause nothing was waited for: they came when they came. */
	if (n && now - row[n - 1].ts_ns >
		 (nstime)s->loss.rtt.rto * NS_PER_US)
		waited = false;
	for (unsigned i = 0; i < n; i++)
		sender_emit(s, an, &row[i], waited ? now - (nstime)(at[n - 1] -
						at[i]) * 1000
					    : row[i].ts_ns);
	return let_go;
}

/* The first packets that show something, for the findings. */
static void
note_frames(struct sender *s, enum sent_kind kind, uint64_t frame)
{
	if (frame == 0)
		return;
	if (kind == SENT_RTX_TIMEOUT)
		transfer_note(&s->timeouts, frame);
	else if (kind == SENT_RTX_FAST)
		transfer_note(&s->recoveries, frame);
	else if (kind == SENT_NEW && s->loss.restarted)
		transfer_note(&s->restarts, frame);
	else if (kind == SENT_NEW &&
		 s->loss.sb.nxt + s->loss.sb.mss > s->loss.wnd_end)
		transfer_note(&s->full_windows, frame);
}

/* The time since the last sample is not worth one: what it went to is told
   with the next. */
static bool
follows_at_once(const struct sender *s, const struct analysis *an, nstime ts)
{
	return ts - s->last_ts < AT_ONCE && !an->options->all_samples;
}

enum sent_kind
sender_sends(struct sender *s, struct analysis *an, enum side side,
	     struct sent_segment *p)
{
	struct data_out *d = &p->out;
	bool at_once = follows_at_once(s, an, p->ts);
	enum sent_kind kind;

	d->t = (uint64_t)(p->ts - s->base) / 1000;
	if (!s->loss.fine && d->t % 1000)
		s->loss.fine = true;
	sender_tell_idle(s, an, side, p->ts);
	if (s->loss.late && !s->loss.placed)
		place_late(s, an, side);
	note_silence(s, an, side, p->ts);
	note_hole(s, an, side, d->seq, p->ts);
	if (s->loss.causal) {
		bool let_go = view_catch_up(s, an, side, p->ts, d);

		d->t = view_sent_at(&s->view, &s->loss, d, let_go);
	}
	if (d->seq > s->loss.sb.nxt)
		fill_hole(s, d->t, d->seq);
	else if (p->unseen)
		fill_hole(s, d->t, s->loss.sb.nxt + p->unseen);
	d->waiting = s->view.n > 0;
	if (!at_once)
		sender_settle(s);
	if (d->fin)
		s->fin_seq = d->seq;
	else if (s->cause == LIMIT_APPLICATION && !at_once)
		limit_app_sends(&s->limit, &s->loss, d->t);
	kind = loss_data(&s->loss, d);
	if (kind == SENT_RTX_FAST && s->loss.causal && !d->has_ts)
		view_set_lag(&s->view, (uint32_t)((p->ts - s->base) / 1000) -
				       s->loss.recovery_t);
	note_frames(s, kind, p->frame);
	if (!at_once || kind != SENT_NEW)
		sender_put_sample(s, an, side, p->ts);
	return kind;
}

void
sender_tells(struct sender *s, struct analysis *an, enum side side,
	     nstime ts, uint32_t got, uint32_t acked)
{
	if (!s->loss.causal)
		return;
	while (view_told(&s->view, (uint64_t)(ts - s->base) / 1000, got))
		view_apply_alone(s, an, side, ts);
	view_passed(&s->view, acked);
}

/* An ACK for what this side sent passes; its segment ends at end. */
void
sender_gets(struct sender *s, struct analysis *an, enum side side,
	    const struct ack_in *a, nstime ts, uint64_t end, uint32_t tsval)
{
	if (!s->loss.causal) {
		note_hole(s, an, side, a->ack, ts);
		note_long_ack(s, an, side, a);
		apply_ack(s, a);
		sender_put_sample(s, an, side, ts);
		return;
	}
	s->loss.least_rtt = (uint32_t)((an->rtt->loop[SIDE_CLIENT] +
					an->rtt->loop[SIDE_SERVER]) / 1000);
	note_silence(s, an, side, ts);
	while (view_arrived(&s->view, a->t))
		view_apply_alone(s, an, side, ts);
	while (!view_push(&s->view, an->blocks, a, end, tsval)) {
		if (!s->view.n)
			return;
		view_apply_alone(s, an, side, ts);
	}
}

void
sender_drain(struct sender *s, struct analysis *an, enum side side)
{
	while (s->view.n)
		view_apply_alone(s, an, side, an->conn->last);
	if (s->loss.sb.n)
		sender_tell_hole(s, an, side, s->loss.sb.nxt - s->loss.una);
}

void
sender_free(struct sender *s, struct analysis *an)
{
	loss_release(&s->loss);
	view_release(&s->view, an->blocks);
	block_free(an->blocks, BLOCK_SENDER, s);
}
