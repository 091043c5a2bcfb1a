/*
 * symptoms.c - gathers them, segment by segment.
 */
#include "analysis/symptoms.h"
#include "analysis/thresholds.h"

/* A SYN-ACK sent again that soon answers a second SYN: its timer is longer
   (RFC 6298 s2.1: a second). */
#define SYNACK_TIMER (900 * NS_PER_MS)

#define FULL_SIZED 1200

/* Data segments without ECT until one can say that there is none with it. */
#define NO_ECT_SURE 20

/* What is sent again that soon after an ICMP error is so because of it. */
#define TOLD_WITHIN (200 * NS_PER_MS)

struct watch_half {
	uint32_t synack_ts;	/* the first: conn_micros() */
	uint32_t full_seq;	/* of the first full-sized segment */
	uint16_t full_len;	/* 0: none yet */
	uint8_t no_ect;		/* new data without ECT (RFC 3168) so far */
	bool ect;		/* there was one with it */
};

struct watch {
	struct symptoms *found;
	struct watch_half half[N_SIDES];
};

static struct symptoms *
found_of(struct watch *w, struct analysis *an)
{
	if (!w->found)
		w->found = block_alloc(an->blocks, BLOCK_SYMPTOMS,
				       sizeof(*w->found));
	return w->found;
}

static void
note(struct watch *w, struct analysis *an, enum side side,
     enum symptom_kind kind, uint64_t frame)
{
	struct symptoms *s = found_of(w, an);
	struct symptom *x;

	if (!s)
		return;
	x = &s->of[side][kind];
	if (x->n < SYMPTOM_FRAMES)
		x->frame[x->n] = frame;
	x->n++;
}

/* --- sent again, late, twice ---------------------------------------------- */

static bool
is_needless(const struct analysis *an, const struct seg_event *ev)
{
	return an->nothing_lost ||
	       ev->end <= an->conn->half[ev->side].snd_una ||
	       an->kind == SEG_RTX_SPURIOUS;
}

/* The first full-sized segment again and again, and nothing of it arrives,
   while smaller ones before it did. */
static void
take_stuck(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	const struct half *me = &an->conn->half[ev->side];
	struct watch_half *h = &w->half[ev->side];
	struct symptoms *s;

	if (h->full_len == 0 || (uint32_t)ev->seq != h->full_seq ||
	    me->snd_una != ev->seq || !(s = found_of(w, an)))
		return;
	if (ev->seg->len >= h->full_len && ev->seq > me->isn + 1)
		note(w, an, ev->side, SYMPTOM_STUCK, ev->packet->number);
	else if (ev->seg->len >= h->full_len)
		s->tries[ev->side] += s->tries[ev->side] < UINT8_MAX;
	else if (s->tries[ev->side] + s->of[ev->side][SYMPTOM_STUCK].n >=
		 threshold_count(an->sink, THRESHOLD_BLACK_HOLE_PASSED))
		s->smaller_end[ev->side] = ev->end;
}

static void
take_again(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	uint64_t frame = ev->packet->number;

	take_stuck(w, an, ev);
	if (ev->seg->flags & TCP_FIN && ev->seg->len == 0) {
		if (!is_needless(an, ev))
			note(w, an, ev->side, SYMPTOM_FIN_AGAIN, frame);
		return;
	}
	if (an->other_bytes && found_of(w, an)) {
		note(w, an, ev->side, SYMPTOM_OTHER_BYTES, an->other_frame);
		note(w, an, ev->side, SYMPTOM_OTHER_BYTES, frame);
		w->found->forged_late[ev->side] |= an->other_is_forged;
		return;
	}
	if (is_needless(an, ev) || ev->seg->len == 0)
		return;
	if (w->found && w->found->too_big_ts[ev->side] != 0 &&
	    ev->packet->ts - w->found->too_big_ts[ev->side] < TOLD_WITHIN)
		return;
	note(w, an, ev->side, SYMPTOM_LOST, frame);
	if ((an->kind == SEG_RTX_TIMEOUT || an->kind == SEG_RTX_TLP) &&
	    ev->end == an->conn->half[ev->side].snd_nxt)
		note(w, an, ev->side, SYMPTOM_TAIL_LOST, frame);
}

static void
take_syn(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	struct watch_half *h = &w->half[ev->side];
	uint32_t now = conn_micros(an->conn, ev->packet->ts);

	if (!(ev->seg->flags & TCP_ACK)) {
		if (an->kind == SEG_DUPLICATE)
			note(w, an, ev->side, SYMPTOM_SYN_COPY,
			     ev->packet->number);
		return;
	}
	if ((ev->seg->flags & (TCP_ECE | TCP_CWR | TCP_AE)) ==
		    (TCP_ECE | TCP_CWR) &&
	    an->conn->half[!ev->side].ecn_setup)
		note(w, an, ev->side, SYMPTOM_ECN_REFLECTED,
		     ev->packet->number);
	if (an->kind == SEG_DUPLICATE)
		note(w, an, ev->side, SYMPTOM_SYNACK_COPY, ev->packet->number);
	else if (an->conn->half[ev->side].synack_packets == 1)
		h->synack_ts = now;
	else if (micros_between(h->synack_ts, now) < SYNACK_TIMER &&
		 an->conn->half[!ev->side].syn_packets == 1)
		note(w, an, !ev->side, SYMPTOM_SYN_COPY, ev->packet->number);
}

static void
take_kind(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	uint64_t frame = ev->packet->number;

	if (ev->seg->flags & TCP_SYN)
		take_syn(w, an, ev);
	else if (seg_is_retransmission(an->kind))
		take_again(w, an, ev);
	else if (an->kind == SEG_OUT_OF_ORDER)
		note(w, an, ev->side, SYMPTOM_LATE, frame);
	else if (an->kind == SEG_DUPLICATE)
		note(w, an, ev->side, SYMPTOM_COPY, frame);
}

/* --- writes that wait for a delayed ACK ----------------------------------- */

static void
take_delayed(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	if (an->delayed_ack == 0)
		return;
	note(w, an, ev->side, SYMPTOM_DELAYED_ACK, ev->packet->number);
	if (w->found)
		w->found->delayed[ev->side] += an->delayed_ack;
}

/* --- windows, marks, flags ------------------------------------------------ */

/* RFC 9293 s3.8.6.2.1: the right edge moves left.  An older ACK that comes
   late is none. */
static void
take_shrunk(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	const struct half *me = &an->conn->half[ev->side];
	uint64_t edge = ev->ack + ev->window;

	if (!me->wscale_known || ev->ack != me->rcv_nxt ||
	    edge >= me->right_edge)
		return;
	if (me->right_edge - edge >
		    threshold_count(an->sink, THRESHOLD_WINDOW_SHRUNK) &&
	    me->right_edge - edge > (UINT64_C(1) << me->wscale))
		note(w, an, ev->side, SYMPTOM_SHRUNK, ev->packet->number);
}

static void
take_window(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	enum side side = ev->side;
	nstime ts = ev->packet->ts;

	if (!(ev->seg->flags & TCP_ACK) ||
	    ev->seg->flags & (TCP_SYN | TCP_RST))
		return;
	take_shrunk(w, an, ev);
	if (ev->window == 0) {
		note(w, an, side, SYMPTOM_SHUT, ev->packet->number);
		if (w->found && w->found->shut_since[side] == 0) {
			w->found->shut_since[side] = ts;
			w->found->shut_times[side]++;
		}
	} else if (w->found && w->found->shut_since[side] != 0) {
		w->found->shut_time[side] += ts - w->found->shut_since[side];
		w->found->shut_since[side] = 0;
	}
}

/*
 * Something between the ends removed the window scale option of one SYN, so
 * that one of them scales and the other does not (RFC 7323 s2.2).  Either the
 * sender stops just where the window ends if it is not scaled, or it goes on
 * where it ends for who saw the SYNs here.
 */
static void
take_scale(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	const struct half *me = &an->conn->half[ev->side];
	const struct half *peer = &an->conn->half[!ev->side];
	uint64_t flight = me->snd_nxt - me->snd_una;

	if (ev->seg->len == 0 || an->kind != SEG_NEW || !peer->wscale_known)
		return;
	if (peer->wscale > 0) {
		if (flight > 0 && flight == peer->rwnd >> peer->wscale)
			note(w, an, ev->side, SYMPTOM_UNSCALED,
			     ev->packet->number);
	} else if (ev->seg->len > 1 && peer->right_edge != 0 &&
		   ev->end > peer->right_edge + 1) {
		note(w, an, ev->side, SYMPTOM_OVERRUN, ev->packet->number);
	}
}

/* New data is to be marked as ECN-capable (RFC 3168 s6.1.2). */
static void
take_ect(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	struct watch_half *h = &w->half[ev->side];

	if (ev->seg->len == 0 || an->kind != SEG_NEW)
		return;
	if (ev->d->ip.ecn != 0)
		h->ect = true;
	else if (h->no_ect < NO_ECT_SURE && ++h->no_ect == NO_ECT_SURE &&
		 !h->ect)
		note(w, an, ev->side, SYMPTOM_NO_ECT, ev->packet->number);
}

/* RFC 3168 s6.1 */
static void
take_ecn(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	const struct half *half = an->conn->half;
	uint64_t frame = ev->packet->number;

	if (!half[0].ecn_setup || !half[1].ecn_setup ||
	    ev->seg->flags & TCP_SYN)
		return;
	take_ect(w, an, ev);
	if (ev->d->ip.ecn == 3)
		note(w, an, ev->side, SYMPTOM_CE, frame);
	else if (ev->seg->flags & TCP_ECE)
		note(w, an, !ev->side, SYMPTOM_CE, frame);
	if (ev->seg->flags & TCP_CWR)
		note(w, an, ev->side, SYMPTOM_CWR, frame);
}

/* The receiver has the FIN, and misses data before it. */
static void
take_early_fin(struct watch *w, struct analysis *an,
	       const struct seg_event *ev)
{
	const struct half *peer = &an->conn->half[!ev->side];

	if (!peer->fin_seen)
		return;
	for (unsigned i = 0; i < an->n_sack; i++)
		if (an->sack[i].end > peer->fin_seq &&
		    an->sack[i].start > ev->ack)
			note(w, an, !ev->side, SYMPTOM_FIN_EARLY,
			     ev->packet->number);
}

static void
take_rare(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	uint64_t frame = ev->packet->number;

	if (ev->seg->flags & TCP_URG && ev->seg->urgent > 0)
		note(w, an, ev->side, SYMPTOM_URGENT, frame);
	if (ev->seg->checksum == CHECKSUM_BAD)
		note(w, an, ev->side, SYMPTOM_CHECKSUM, frame);
	if (an->n_sack > 0)
		take_early_fin(w, an, ev);
	if (an->unseen_acked > 0)
		note(w, an, !ev->side, SYMPTOM_MISSED, frame);
}

/* A smaller part of what was stuck is acknowledged. */
static void
take_passed(struct watch *w, struct analysis *an, const struct seg_event *ev)
{
	enum side side = !ev->side;
	struct symptoms *s = w->found;

	if (s->smaller_end[side] == 0 ||
	    an->conn->half[side].snd_una < s->smaller_end[side])
		return;
	s->smaller_end[side] = 0;
	for (; s->tries[side] > 0; s->tries[side]--)
		note(w, an, side, SYMPTOM_STUCK, ev->packet->number);
	s->stuck_passed[side] = true;
}

static void
watch_segment(void *state, struct analysis *an, const struct seg_event *ev)
{
	struct watch *w = state;
	struct watch_half *h = &w->half[ev->side];

	if (ev->stray)
		return;
	if (w->found)
		take_passed(w, an, ev);
	if (h->full_len == 0 && ev->seg->len >= FULL_SIZED) {
		h->full_len = (uint16_t)(ev->seg->len < UINT16_MAX ?
					 ev->seg->len : UINT16_MAX);
		h->full_seq = (uint32_t)ev->data;
	}
	if (an->kind != SEG_NEW || ev->seg->flags & TCP_SYN)
		take_kind(w, an, ev);
	if (an->kind == SEG_DUPLICATE)
		return;
	take_delayed(w, an, ev);
	take_window(w, an, ev);
	take_scale(w, an, ev);
	take_ecn(w, an, ev);
	take_rare(w, an, ev);
}

static void
watch_icmp(void *state, struct analysis *an, enum side side,
	   const struct packet *p, const struct dissection *d)
{
	struct watch *w = state;

	if (d->icmp.mtu == 0)
		return;
	note(w, an, side, SYMPTOM_TOO_BIG, p->number);
	if (!w->found)
		return;
	w->found->too_big_ts[side] = p->ts;
	w->found->mtu = d->icmp.mtu;
}

static void
watch_close(void *state, struct analysis *an, struct connection_row *row,
	    struct endpoint_row end[N_SIDES])
{
	struct watch *w = state;
	struct symptoms *s = w->found;

	if (!s)
		return;
	for (int side = 0; side < N_SIDES; side++)
		if (s->shut_since[side] != 0)
			s->shut_time[side] += an->conn->last -
					      s->shut_since[side];
	symptoms_put(s, an, row, end);
	block_free(an->blocks, BLOCK_SYMPTOMS, s);
}

const struct analyzer symptoms_analyzer = {
	.name = "symptoms",
	.state_size = sizeof(struct watch),
	.segment = watch_segment,
	.icmp_error = watch_icmp,
	.close = watch_close,
};
