/*
 * arrival.c - the judge: see arrival.h for the rules.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/arrival.h"
#include "analysis/icmp_text.h"
#include "base/seq.h"

/* A side earns the record of its packets with so many data segments, or with
   the first copy of one of them. */
#define COPIES_FROM 20

/* Holes of a side at first, and when these are not enough. */
#define FEW_HOLES 15
#define MANY_HOLES 511

/* IP-IDs that went up by little so often in a row count up. */
#define ID_STEPS_SURE 4
#define ID_STEP_MAX 64

/* By one, so often in a row: the counter is this connection's alone, and a
   gap in it means a packet.  Other hosts count for all their connections. */
#define ID_EXACT_SURE 8
#define ID_EXACT_MISS 4		/* steps that one other step takes back */
#define ID_EXACT_MAX  64

/* What is larger is several segments in one: offload. */
#define MSS_UNKNOWN 1460

/* More lost segments than that are not told from the IP-IDs. */
#define GHOSTS_MAX 2000

/* Events that are many and alike are put so often a side, then counted. */
#define MINOR_EVENTS_MAX 1000

/* tshark's rules (packet-tcp.c, 4.0). */
#define TSHARK_FAST_MAX (20 * NS_PER_MS)
#define TSHARK_OOO_DEFAULT (3 * NS_PER_MS)

/* To read: never NULL. */
static const struct arrival_more *
more_of(const struct arrival_half *h)
{
	static const struct arrival_more none;

	return h->more ? h->more : &none;
}

/* To write: NULL where memory is short. */
static struct arrival_more *
get_more(struct arrival_half *h, struct analysis *an)
{
	if (!h->more)
		h->more = block_alloc(an->blocks, BLOCK_ARRIVAL,
				      sizeof(*h->more));
	return h->more;
}

struct arrival_counts *
arrival_counts(struct arrival_half *h, struct analysis *an)
{
	struct arrival_more *m = get_more(h, an);

	return m ? &m->counts : NULL;
}

static struct verdicts *
verdicts_of(struct arrival_half *h, struct analysis *an)
{
	struct arrival_more *m = get_more(h, an);

	if (m && !m->verdicts)
		m->verdicts = block_alloc(an->blocks, BLOCK_TROUBLE,
					  sizeof(*m->verdicts));
	return m ? m->verdicts : NULL;
}

static struct holes *
first_holes(struct analysis *an)
{
	struct holes *few = block_alloc(an->blocks, BLOCK_HOLES,
					HOLES_SIZE(FEW_HOLES));

	if (few)
		holes_init(few, FEW_HOLES);
	return few;
}

/* A list with room for one more hole, if memory allows; NULL: no list. */
static struct holes *
holes_of(struct arrival_half *h, struct analysis *an)
{
	struct arrival_more *m = get_more(h, an);
	struct holes *many;

	if (!m)
		return NULL;
	if (!m->holes)
		return m->holes = first_holes(an);
	if (m->holes->capacity == MANY_HOLES || !holes_full(m->holes))
		return m->holes;
	many = block_alloc(an->blocks, BLOCK_MANY_HOLES,
			   HOLES_SIZE(MANY_HOLES));
	if (!many)
		return m->holes;
	holes_init(many, MANY_HOLES);
	holes_move(many, m->holes);
	block_free(an->blocks, BLOCK_HOLES, m->holes);
	m->holes = many;
	return many;
}

static void
free_more(struct arrival_half *h, struct analysis *an)
{
	struct arrival_more *m = h->more;

	if (!m)
		return;
	if (m->holes)
		block_free(an->blocks,
			   m->holes->capacity == FEW_HOLES ? BLOCK_HOLES
							   : BLOCK_MANY_HOLES,
			   m->holes);
	block_free(an->blocks, BLOCK_TROUBLE, m->verdicts);
	block_free(an->blocks, BLOCK_COPIES, m->copies);
	block_free(an->blocks, BLOCK_ARRIVAL, m);
}

#define COUNT(h, an, field) \
	do { \
		struct arrival_counts *counts_ = arrival_counts(h, an); \
		if (counts_) \
			counts_->field++; \
	} while (0)

static nstime
least_rtt(const struct analysis *an, enum side side)
{
	const nstime *loop = an->rtt->loop;

	return loop[0] > 0 && loop[1] > 0 ? loop[0] + loop[1]
					  : an->rtt->min[side];
}

/* 0: not known. */
static nstime
rto_of(const struct analysis *an, enum side side)
{
	const struct rtt_estimator *e = &an->rtt->est[side];

	return e->srtt8 ? rtt_estimator_rto(e) : 0;
}

static struct sent_packet
packet_of(const struct seg_event *ev)
{
	return (struct sent_packet){
		.ts = ev->packet->ts,
		.frame = ev->packet->number,
		.seq = ev->seg->seq,
		.ack = ev->seg->ack,
		.len = ev->seg->len,
		.tsval = ev->seg->tsval,
		.tsecr = ev->seg->tsecr,
		.checksum = ev->seg->checksum == CHECKSUM_GOOD &&
			    !(ev->seg->flags & TCP_URG) ?
			    ev->seg->checksum_field : 0,
		.hdr_len = ev->seg->hdr_len,
		.ip_id = ev->d->ip.version == 4 ? (uint16_t)ev->d->ip.id : 0,
		.flags = ev->seg->flags,
		.window = ev->seg->window,
		.ttl = ev->d->ip.ttl,
		.has_ts = ev->seg->options & TCP_OPT_TS,
	};
}

/* --- copies --------------------------------------------------------------- */

/* A quarter of all packets so far, or more, are copies. */
static bool
is_captured_twice(const struct arrival *a, const struct analysis *an)
{
	const struct half *half = an->conn->half;
	uint64_t n = 0;

	for (int side = 0; side < N_SIDES; side++)
		n += more_of(&a->half[side])->counts.kind[SEG_DUPLICATE];
	return n * 4 >= half[0].packets + half[1].packets;
}

/* Segments that take no sequence numbers are not told by them. */
static const struct sent_packet *
find_twin(struct arrival *all, const struct analysis *an,
	  const struct seg_event *ev, const struct sent_packet *p)
{
	struct arrival_half *h = &all->half[ev->side];

	if (!more_of(h)->copies || ev->end > ev->seq ||
	    !is_captured_twice(all, an))
		return NULL;
	return copies_twin(h->more->copies, p);
}

static bool
is_copy(struct arrival *all, struct analysis *an,
	const struct seg_event *ev, const struct sent_packet *p)
{
	struct arrival_half *h = &all->half[ev->side];
	const struct copies *copies = more_of(h)->copies;
	const struct sent_packet *a = NULL;

	if (h->last.seq == p->seq && h->last.ts != 0 &&
	    packet_is_copy(&h->last, p, least_rtt(an, ev->side)))
		a = &h->last;
	else if (copies && ev->end > ev->seq && ev->end <= ev->old_snd_nxt)
		a = copies_find(copies, p, least_rtt(an, ev->side));
	else
		a = find_twin(all, an, ev, p);
	if (!a)
		return false;
	an->kind = SEG_DUPLICATE;
	an->reason.waited = p->ts - a->ts;
	if (a->ttl != p->ttl)
		an->reason.text = "the same packet, at another hop";
	else if (p->ip_id != 0)
		an->reason.text = "the same IP-ID and bytes";
	else
		an->reason.text = "the same bytes and time stamp";
	return true;
}

/* Packets that a segment was on the wire. */
static uint64_t
packets_of(const struct arrival_half *h, uint64_t len)
{
	return h->largest > 0 && len > h->largest ?
	       (len + h->largest - 1) / h->largest : 1;
}

/*
 * Do IP-IDs tell which of two packets was sent first (id_steps), and how many
 * were sent in between (id_exact)?  New data shows it: a step is one, and one
 * more for each packet that is missing before it.
 */
static void
learn_ids(struct arrival_half *h, const struct seg_event *ev,
	  const struct sent_packet *p)
{
	uint16_t step = (uint16_t)(p->ip_id - h->last.ip_id);
	uint64_t expected = packets_of(h, h->last.len);

	if (p->ip_id == 0 || h->last.ip_id == 0)
		return;
	if (step == 0 || step > ID_STEP_MAX)
		h->id_steps /= 2;
	else if (h->id_steps < UINT8_MAX)
		h->id_steps++;
	if (ev->end > ev->seq && ev->seq < ev->old_snd_nxt)
		return;
	if (ev->end > ev->seq && ev->seq > ev->old_snd_nxt &&
	    ev->old_snd_nxt != 0)
		expected += packets_of(h, ev->seq - ev->old_snd_nxt);
	if (step != expected)
		h->id_exact -= h->id_exact < ID_EXACT_MISS ? h->id_exact
							   : ID_EXACT_MISS;
	else if (h->id_exact < ID_EXACT_MAX)
		h->id_exact++;
}

static void
keep_copies(struct arrival_half *h, struct analysis *an)
{
	struct arrival_more *m = get_more(h, an);

	if (m && !m->copies)
		m->copies = block_alloc(an->blocks, BLOCK_COPIES,
					sizeof(*m->copies));
}

static void
remember(struct arrival_half *h, struct analysis *an,
	 const struct seg_event *ev, const struct sent_packet *p)
{
	uint16_t mss = an->conn->half[!ev->side].mss;

	if (mss == 0)
		mss = MSS_UNKNOWN;
	h->last = *p;
	h->last_was_new = ev->end > ev->old_snd_nxt && ev->seg->len > 0;
	h->last_end = ev->end;
	h->syn_data |= ev->seg->flags & TCP_SYN && ev->seg->len > 0;
	if (ev->end > h->top)
		h->top = ev->end;
	if (ev->end == ev->seq)
		return;
	if (p->len > h->largest && p->len <= mss)
		h->largest = (uint16_t)p->len;
	if (an->conn->half[ev->side].data_packets >= COPIES_FROM)
		keep_copies(h, an);
	if (more_of(h)->copies)
		copies_add(h->more->copies, p);
}

/* --- late or sent again --------------------------------------------------- */

/*
 * A segment that fills a hole: was it sent before what opened the hole?
 * TSval says it, unless both were sent in one tick of the clock; then the
 * IP-IDs; else only the time that has passed.
 */
static bool
sent_before_opener(const struct arrival_half *h, const struct analysis *an,
		   const struct sent_packet *p, const struct hole *hole,
		   enum side side, struct seg_reason *why)
{
	nstime d2 = an->rtt->loop[side];

	why->waited = p->ts - hole->opened;
	if (p->has_ts && hole->has_ts && p->tsval != hole->tsval) {
		bool older = (int32_t)(p->tsval - hole->tsval) < 0;

		why->text = older ? "time stamp older than its successor's"
				  : "time stamp newer than its successor's";
		return older;
	}
	if (h->id_steps >= ID_STEPS_SURE && p->ip_id != 0 &&
	    hole->ip_id != 0) {
		bool older = (int16_t)(p->ip_id - hole->ip_id) < 0;

		why->text = older ? "IP-ID before its successor's"
				  : "IP-ID after its successor's";
		return older;
	}
	why->text = why->waited < d2 * 9 / 10 ?
		    "sooner than any retransmission could come" :
		    "later than the way to the sender and back";
	return why->waited < d2 * 9 / 10;
}

static void
judge_hole_filled(struct arrival_half *h, struct analysis *an,
		  const struct seg_event *ev, const struct sent_packet *p,
		  const struct hole *hole)
{
	an->fills_hole = true;
	an->hole_opened = hole->opened;
	if (sent_before_opener(h, an, p, hole, ev->side, &an->reason))
		an->kind = SEG_OUT_OF_ORDER;
	else
		an->kind = SEG_RTX_OTHER;
}

/* Seen before: with the same bytes?  If not, the one whose TTL is not its
   sender's, or else the second, is forged. */
static void
compare_bytes(struct arrival_half *h, struct analysis *an,
	      const struct seg_event *ev, const struct sent_packet *p)
{
	const struct sent_packet *a = NULL;
	uint8_t ttl = an->conn->half[ev->side].ttl;

	if (h->last.seq == p->seq && h->last.len == p->len)
		a = &h->last;
	else if (more_of(h)->copies)
		a = copies_same_range(more_of(h)->copies, p);
	if (!a || !packet_other_bytes(a, p))
		return;
	an->other_bytes = true;
	an->other_frame = a->frame;
	an->other_is_forged = a->ttl == ttl;
}

/* The capture has an ACK before the data that it is for: several queues of a
   card, read one after the other. */
static bool
was_overtaken(struct arrival_half *h, const struct seg_event *ev)
{
	struct arrival_counts *c = h->more ? &h->more->counts : NULL;

	if (!c || ev->seq < c->missed.start || ev->end > c->missed.end)
		return false;
	c->missed_bytes -= ev->end - ev->seq;
	if (ev->seq - c->missed.start > c->missed.end - ev->end)
		c->missed.end = ev->seq;
	else
		c->missed.start = ev->end;
	return true;
}

/* Below snd_nxt, and no copy: seen before, or missing here. */
static void
judge_old(struct arrival_half *h, struct analysis *an,
	  const struct seg_event *ev, const struct sent_packet *p)
{
	uint64_t top = ev->end < ev->old_snd_nxt ? ev->end : ev->old_snd_nxt;
	uint64_t missing = 0;
	struct hole hole;

	if (more_of(h)->holes)
		missing = holes_fill(h->more->holes, ev->seq, top, &hole);
	an->old_bytes = (uint32_t)(top - ev->seq - missing);
	if (an->old_bytes > ev->seg->len)
		an->old_bytes = ev->seg->len;
	if (ev->seg->flags & TCP_SYN) {
		an->kind = SEG_RTX_SYN;
	} else if (missing > 0) {
		judge_hole_filled(h, an, ev, p, &hole);
	} else {
		an->kind = SEG_RTX_OTHER;
		compare_bytes(h, an, ev, p);
	}
	/* RFC 7413 s4.2.2: the server took the SYN, and not its data. */
	if (h->syn_data && ev->seq == an->conn->half[ev->side].isn + 1) {
		an->nothing_lost = true;
		an->reason.text = "the data in the SYN was not accepted";
	}
}

static void
open_hole(struct arrival_half *h, struct analysis *an,
	  const struct seg_event *ev, const struct sent_packet *p)
{
	struct holes *holes = holes_of(h, an);

	an->opens_hole = true;
	an->hole_opened = p->ts;
	if (holes && holes_end(holes) <= ev->old_snd_nxt)
		holes_open(holes, &(struct hole){
			.start = ev->old_snd_nxt,
			.end = ev->seq,
			.opened = p->ts,
			.tsval = p->tsval,
			.ip_id = p->ip_id,
			.has_ts = p->has_ts,
		});
}

/* RFC 9293 s3.8.6.1: into a shut window, the next byte, again and again. */
static bool
is_window_probe(struct arrival_half *h, struct analysis *an,
		const struct seg_event *ev)
{
	struct arrival_more *m;

	if (ev->seg->len != 1 || an->conn->half[!ev->side].rwnd != 0 ||
	    !an->conn->half[!ev->side].seen || ev->old_snd_nxt == 0)
		return false;
	m = get_more(h, an);
	if (m && ev->seq == ev->old_snd_nxt)
		m->probe_seq = ev->seq;
	return m && ev->seq == m->probe_seq;
}

/* RFC 9293 s3.8.4, RFC 1122 s4.2.3.6: at most one byte, already acknowledged,
   so that the peer answers.  Linux probes windows so too. */
static bool
is_probe(const struct analysis *an, const struct seg_event *ev)
{
	const struct half *me = &an->conn->half[ev->side];

	return ev->seg->len <= 1 && ev->old_snd_nxt != 0 &&
	       !(ev->seg->flags & (TCP_SYN | TCP_FIN | TCP_RST)) &&
	       ev->seq + 1 == ev->old_snd_nxt &&
	       me->snd_una == ev->old_snd_nxt && ev->seq > me->isn;
}

/* Retransmissions that a sender makes of one segment within a silence: a probe
   at first, then by a timer that doubles (RFC 6298 s5.5). */
static uint64_t
tries_within(nstime silence, nstime rto)
{
	uint64_t n = 0;

	for (nstime t = rto; rto > 0 && t <= silence && n < 16; t = 2 * t + rto)
		n++;
	return n;
}

/*
 * Segments that were lost before they came here left a gap in the IP-IDs.
 * Some were sent again themselves: the holes between the segment before and
 * this one tell how many, or the silence does.  The others were behind
 * snd_nxt: what comes there next is sent again, although nobody saw it before.
 */
static void
find_ghosts(struct arrival_half *h, struct analysis *an,
	    const struct seg_event *ev, const struct sent_packet *p)
{
	const struct holes *holes = more_of(h)->holes;
	struct arrival_more *m;
	uint16_t step = (uint16_t)(p->ip_id - h->last.ip_id);
	nstime silence = p->ts - h->last.ts;
	uint64_t packets = packets_of(h, h->last.len), missing = 0, lost;

	if (h->id_exact < ID_EXACT_SURE || h->largest == 0 || p->ip_id == 0 ||
	    step < 2 || step > GHOSTS_MAX || ev->seq > ev->old_snd_nxt ||
	    an->vantage[ev->side] == VANTAGE_HERE)
		return;
	/* An ACK of its own may be what was lost. */
	if (p->ack != h->last.ack ||
	    an->conn->half[!ev->side].data_packets * 4 >
		    an->conn->half[ev->side].data_packets)
		return;
	if (holes)
		missing = holes_bytes_below(holes, ev->seq) -
			  holes_bytes_below(holes, h->last_was_new ? 0 :
					    h->last_end < ev->seq ?
					    h->last_end : 0);
	if (ev->seq == ev->old_snd_nxt &&
	    (silence < least_rtt(an, ev->side) || missing > 0))
		return;
	packets += (missing + h->largest - 1) / h->largest;
	packets += tries_within(silence, rto_of(an, ev->side));
	if (step <= packets || !(m = get_more(h, an)))
		return;
	lost = step - packets;
	an->unseen_behind = (uint32_t)(lost * h->largest);
	if (m->ghost_end < ev->old_snd_nxt)
		m->ghost_end = ev->old_snd_nxt;
	m->ghost_end += lost * h->largest;
}

static void
judge_new(struct arrival_half *h, struct analysis *an,
	  const struct seg_event *ev, const struct sent_packet *p)
{
	if (ev->seq > ev->old_snd_nxt)
		open_hole(h, an, ev, p);
	if (ev->seq >= more_of(h)->ghost_end || ev->seg->flags & TCP_SYN)
		return;
	/* It would have been sent again long ago. */
	if (p->ts - h->high_ts > 2 * rto_of(an, ev->side) &&
	    (uint16_t)(p->ip_id - h->last.ip_id) <= 1) {
		h->more->ghost_end = 0;
		return;
	}
	an->kind = SEG_RTX_OTHER;
	an->fills_hole = true;
	an->hole_opened = h->high_ts;
	an->reason.text = "IP-IDs tell that what was sent here before was lost";
}

static void
judge(struct arrival *all, struct analysis *an, const struct seg_event *ev,
      const struct sent_packet *p)
{
	struct arrival_half *h = &all->half[ev->side];

	if (is_copy(all, an, ev, p)) {
		an->old_bytes = ev->seg->len;
	} else if (is_window_probe(h, an, ev)) {
		an->kind = SEG_WINDOW_PROBE;
	} else if (is_probe(an, ev)) {
		an->kind = an->conn->half[!ev->side].rwnd == 0 ?
			   SEG_WINDOW_PROBE : SEG_KEEPALIVE;
		an->old_bytes = ev->seg->len;
	} else if (ev->end == ev->seq || ev->old_snd_nxt == 0 ||
		   ev->seg->flags & TCP_RST) {
		return;
	} else {
		find_ghosts(h, an, ev, p);
		if (was_overtaken(h, ev))
			an->kind = SEG_NEW;
		else if (ev->seq == more_of(h)->probe_seq &&
			 ev->seq != 0)
			an->old_bytes = 1;	/* the probe's, refused */
		else if (ev->seq < ev->old_snd_nxt)
			judge_old(h, an, ev, p);
		else
			judge_new(h, an, ev, p);
	}
}

/* --- what its ACK says ---------------------------------------------------- */

/* RFC 2883 s4: the first block tells a duplicate if it is below the ACK or
   inside the second. */
static void
read_sack(struct analysis *an, const struct seg_event *ev)
{
	const struct tcp_seg *seg = ev->seg;

	an->n_sack = 0;
	an->has_dsack = false;
	if (!(seg->options & TCP_OPT_SACK) || ev->ack == 0)
		return;
	for (unsigned i = 0; i < seg->n_sack; i++) {
		struct seq_range r = {
			seq_unwrap(seg->sack[i].start, ev->ack),
			seq_unwrap(seg->sack[i].end, ev->ack),
		};

		if (r.start < r.end)
			an->sack[an->n_sack++] = r;
	}
	if (an->n_sack == 0)
		return;
	if (an->sack[0].end <= ev->ack ||
	    (an->n_sack > 1 && an->sack[0].start >= an->sack[1].start &&
	     an->sack[0].end <= an->sack[1].end)) {
		an->has_dsack = true;
		an->dsack = an->sack[0];
		an->n_sack--;
		for (unsigned i = 0; i < an->n_sack; i++)
			an->sack[i] = an->sack[i + 1];
	}
}

/* The receiver has a piece of the peer's data that was never seen here. */
static void
miss(struct arrival_half *peer, struct analysis *an,
     const struct seg_event *ev, uint64_t start, uint64_t end,
     const char *why)
{
	struct arrival_counts *c = arrival_counts(peer, an);
	struct held loss = {
		.ts = ev->packet->ts,
		.frame = ev->packet->number,
		.lost_seq = start,
		.lost_len = (uint32_t)(end - start),
		.place = LOSS_CAPTURE,
	};

	an->unseen_acked += end - start;
	if (c) {
		c->missed_bytes += end - start;
		c->missed = (struct seq_range){ start, end };
	}
	verdict_put_loss(an, !ev->side, &loss, why);
}

/* Holes that the receiver acknowledges: it got what we did not see. */
static void
acknowledge_holes(struct arrival_half *peer, struct analysis *an,
		  const struct seg_event *ev, uint64_t una)
{
	struct hole hole;

	while (holes_take_below(peer->more->holes, una, &hole))
		miss(peer, an, ev, hole.start, hole.end, hole.reported ?
		     "lost first, the repair was not captured" :
		     "acknowledged without being captured");
}

/* The same, above all that was seen. */
static void
acknowledge_unseen(struct arrival_half *h, struct arrival_half *peer,
		   struct analysis *an, const struct seg_event *ev,
		   uint64_t una)
{
	uint64_t start = peer->top;

	if (start == 0 || una <= start)
		return;
	peer->top = una;
	/* The SYN or FIN alone is no data. */
	if (una - start <= 1)
		return;
	COUNT(h, an, acks_of_unseen);
	miss(peer, an, ev, start, una, "acknowledged without being captured");
	an->ack_of_unseen = true;
}

/* It tells what became of segments that were sent again. */
static void
take_verdicts(struct arrival_half *peer, struct analysis *an,
	      const struct seg_event *ev, uint64_t una)
{
	uint32_t *kinds = peer->more->counts.kind;
	struct verdicts *v = peer->more->verdicts;

	if (an->has_dsack)
		verdict_dsack(v, kinds, &an->dsack,
			      ev->packet->ts, ev->packet->number,
			      an->rtt->loop[ev->side]);
	if (una > ev->old_snd_una && ev->seg->options & TCP_OPT_TS)
		verdict_eifel(v, kinds, ev->old_snd_una, una,
			      ev->seg->tsecr, ev->packet->number);
}

static void
take_ack(struct arrival_half *h, struct arrival_half *peer,
	 struct analysis *an, const struct seg_event *ev)
{
	const struct half *it = &an->conn->half[!ev->side];
	const struct tcp_seg *seg = ev->seg;
	bool bare = ev->end == ev->seq &&
		    !(seg->flags & (TCP_SYN | TCP_FIN | TCP_RST));

	read_sack(an, ev);
	if (an->has_dsack)
		COUNT(h, an, dsacks);
	if (an->n_sack > 0)
		COUNT(h, an, sacks);
	if (more_of(peer)->verdicts)
		take_verdicts(peer, an, ev, it->snd_una);
	if (more_of(peer)->holes) {
		for (unsigned i = 0; i < an->n_sack; i++)
			holes_report_below(peer->more->holes, an->sack[i].start);
		if (it->snd_una > ev->old_snd_una)
			acknowledge_holes(peer, an, ev, it->snd_una);
	}
	if (it->snd_una > ev->old_snd_una)
		acknowledge_unseen(h, peer, an, ev, it->snd_una);
	if (an->kind == SEG_KEEPALIVE || an->kind == SEG_WINDOW_PROBE ||
	    an->kind == SEG_DUPLICATE)
		return;
	/* RFC 5681 s2 */
	an->dup_ack = bare && ev->ack == ev->old_snd_una &&
		      it->snd_nxt > ev->old_snd_una &&
		      ev->window == ev->old_window;
	an->window_update = bare && ev->ack == ev->old_snd_una &&
			    ev->window != ev->old_window && ev->window != 0 &&
			    an->n_sack == 0 && !an->has_dsack &&
			    h->ack_ts != 0;
}

/* --- the segment ---------------------------------------------------------- */

/* tshark's "initial round trip": from the last SYN to the ACK that ends the
   handshake, as they pass here; where it is not there, its default. */
static nstime
tshark_first_rtt(const struct tcp_log *log)
{
	nstime syn = 0;

	for (unsigned i = 0; i < log->n_entries; i++) {
		const struct tcp_log_entry *e = &log->entry[i];

		if (e->flags & LOG_SYN && !(e->flags & LOG_ACK))
			syn = e->ts;
		else if (e->side == SIDE_CLIENT && e->flags & LOG_ACKS_SYN &&
			 syn != 0)
			return e->ts - syn;
	}
	return TSHARK_OOO_DEFAULT;
}

/* What tshark makes of a segment that takes sequence space below the highest
   one: the rules of its tcp_analyze_sequence_number(), in their order. */
static enum tshark_word
tshark_says(const struct arrival_half *h, const struct arrival_half *peer,
	    const struct analysis *an, const struct seg_event *ev)
{
	nstime ts = ev->packet->ts;

	if (ev->seq >= ev->old_snd_nxt)
		return TSHARK_NOTHING;
	if (ev->seg->len > 0 && peer->ack_ts != 0 &&
	    ev->seq + ev->seg->len <= an->conn->half[ev->side].snd_una)
		return TSHARK_SPURIOUS;
	if (peer->dupacks >= 2 && ev->seq == an->conn->half[ev->side].snd_una &&
	    ts - peer->ack_ts < TSHARK_FAST_MAX)
		return TSHARK_FAST;
	if (ts - h->high_ts < tshark_first_rtt(&an->conn->log) &&
	    ev->end != ev->old_snd_nxt)
		return TSHARK_OUT_OF_ORDER;
	return TSHARK_RETRANSMISSION;
}

void
arrival_segment(struct arrival *a, struct analysis *an,
		const struct seg_event *ev)
{
	struct arrival_half *h = &a->half[ev->side];
	struct arrival_half *peer = &a->half[!ev->side];
	struct sent_packet p = packet_of(ev);

	an->kind = SEG_NEW;
	an->reason = (struct seg_reason){ 0 };
	an->old_bytes = 0;
	an->fills_hole = an->opens_hole = false;
	an->unseen_behind = 0;
	an->dup_ack = an->window_update = false;
	an->has_dsack = false;
	an->n_sack = 0;
	an->unseen_acked = 0;
	an->nothing_lost = false;
	an->other_bytes = false;
	an->ack_of_unseen = false;
	if (ev->stray)
		return;
	judge(a, an, ev, &p);
	if (an->kind == SEG_DUPLICATE) {	/* where one is, more follow */
		keep_copies(h, an);
		keep_copies(peer, an);
	}
	learn_ids(h, ev, &p);
	remember(h, an, ev, &p);
	if (more_of(h)->copies && ev->end == ev->seq &&
	    an->kind != SEG_DUPLICATE &&
	    is_captured_twice(a, an))
		copies_add(h->more->copies, &p);
	if (ev->seg->flags & TCP_ACK)
		take_ack(h, peer, an, ev);
}

static void
put_event(const struct analysis *an, const struct seg_event *ev,
	  const char *kind, uint64_t seq, uint64_t len, const char *detail)
{
	struct event_row row;

	row_init(ROW_EVENT, &row);
	row.conn = an->conn->handle;
	row.side = ev->side;
	row.ts_ns = ev->packet->ts;
	row.frame_number = (int64_t)ev->packet->number;
	row.kind = kind;
	row.seq = (int64_t)(seq - an->conn->half[ev->side].isn);
	row.len = (int64_t)len;
	row.detail = detail;
	row_put(an->sink, ROW_EVENT, &row);
}

static void
put_minor(struct arrival_half *h, struct analysis *an,
	  const struct seg_event *ev, const char *kind, uint64_t seq,
	  uint64_t len, const char *detail)
{
	struct arrival_counts *c = arrival_counts(h, an);

	if (!c || c->minor_events >= MINOR_EVENTS_MAX)
		return;
	c->minor_events++;
	put_event(an, ev, kind, seq, len, detail);
}

/* A retransmission, a copy or a late segment. */
static void
put_old(struct arrival_half *h, struct arrival_half *peer,
	struct analysis *an, const struct seg_event *ev)
{
	struct arrival_counts *c = arrival_counts(h, an);
	struct held e = {
		.ts = ev->packet->ts,
		.frame = ev->packet->number,
		.seq = ev->seq,
		.end = ev->end,
		.len = ev->seg->len,
		.tsval = ev->seg->tsval,
		.has_ts = ev->seg->options & TCP_OPT_TS,
		.kind = an->kind,
		.was = an->kind,
		.reason = an->reason,
	};
	bool resent = seg_is_retransmission(an->kind);
	struct verdicts *v = NULL;

	if (ev->end > ev->seq)
		e.tshark = tshark_says(h, peer, an, ev);
	if (resent && an->kind != SEG_RTX_SYN)
		v = verdicts_of(h, an);
	if (resent && ev->seg->len > 0 && !an->nothing_lost) {
		e.place = an->fills_hole ? LOSS_UPSTREAM : LOSS_DOWNSTREAM;
		e.lost_seq = ev->data;
		e.lost_len = ev->seg->len;
		if (ev->end <= an->conn->half[ev->side].snd_una) {
			e.kind = SEG_RTX_SPURIOUS;
			e.reason.text = "it was acknowledged already";
			e.place = LOSS_NONE;
		}
	}
	if (c) {
		c->kind[e.kind]++;
		if (resent)
			c->retrans_bytes += ev->seg->len;
	}
	if (v)
		verdict_hold(v, an, ev->side, &e);
	else
		verdict_put(an, ev->side, &e);
}

static void
put_hole(struct arrival_half *h, struct analysis *an,
	 const struct seg_event *ev)
{
	COUNT(h, an, previous_missing);
	put_minor(h, an, ev, "previous_missing", ev->old_snd_nxt,
		  ev->seq - ev->old_snd_nxt, NULL);
}

static void
put_dup_ack(struct arrival_half *h, struct analysis *an,
	    const struct seg_event *ev)
{
	char detail[64];

	COUNT(h, an, dup_acks);
	snprintf(detail, sizeof(detail),
		 "{\"ack\":%" PRIu64 ",\"count\":%u}",
		 ev->ack - an->conn->half[!ev->side].isn, h->dupacks);
	put_minor(h, an, ev, "dup_ack", ev->seq, 0, detail);
}

void
arrival_zero_window(struct arrival_half *h, struct analysis *an,
		    const struct seg_event *ev)
{
	COUNT(h, an, zero_windows);
	put_minor(h, an, ev, "zero_window", ev->seq, ev->seg->len, NULL);
}

void
arrival_window_full(struct arrival_half *h, struct analysis *an,
		    const struct seg_event *ev)
{
	COUNT(h, an, window_full);
	put_minor(h, an, ev, "window_full", ev->seq, ev->seg->len, NULL);
}

void
arrival_after(struct arrival *a, struct analysis *an,
	      const struct seg_event *ev)
{
	struct arrival_half *h = &a->half[ev->side];
	struct arrival_half *peer = &a->half[!ev->side];

	if (ev->seg->flags & TCP_RST &&
	    an->conn->half[ev->side].rst_packets <= MINOR_EVENTS_MAX)
		put_event(an, ev, "reset", ev->seq, ev->seg->len, ev->stray ?
			  "{\"why\":\"its number fits nothing\"}" : NULL);
	if (ev->stray)
		return;
	if (an->old_bytes > 0) {
		struct arrival_counts *c = arrival_counts(h, an);

		if (c)
			c->old_bytes += an->old_bytes < ev->seg->len ?
					an->old_bytes : ev->seg->len;
	}
	if (an->opens_hole)
		put_hole(h, an, ev);
	if (an->kind == SEG_KEEPALIVE || an->kind == SEG_WINDOW_PROBE) {
		COUNT(h, an, kind[an->kind]);
		put_minor(h, an, ev, seg_kind_word(an->kind), ev->seq,
			  ev->seg->len, NULL);
	} else if (an->kind != SEG_NEW) {
		put_old(h, peer, an, ev);
	}
	if (ev->seg->flags & TCP_ACK) {
		if (an->dup_ack) {
			h->dupacks += h->dupacks < UINT16_MAX;
			put_dup_ack(h, an, ev);
		} else if (ev->ack != ev->old_snd_una) {
			h->dupacks = 0;
		}
		if (an->ack_of_unseen)
			put_minor(h, an, ev, "ack_of_unseen", ev->seq,
				  ev->seg->len, NULL);
		if (an->window_update)
			put_minor(h, an, ev, "window_update", ev->seq, 0,
				  NULL);
		h->ack_ts = ev->packet->ts;
	}
	if (ev->end > ev->old_snd_nxt)
		h->high_ts = ev->packet->ts;
	for (int side = 0; side < N_SIDES; side++)
		if (more_of(&a->half[side])->verdicts)
			verdict_age(a->half[side].more->verdicts, an,
				    (enum side)side, ev->packet->ts);
}

void
arrival_icmp(struct analysis *an, enum side side, const struct packet *p,
	     const struct dissection *d)
{
	const struct half *me = &an->conn->half[side];
	const struct icmp_message *icmp = &d->icmp;
	const char *what = icmp_meaning(d->ip.version, icmp->type, icmp->code);
	struct event_row row;
	char detail[128];

	if (me->icmp_errors > MINOR_EVENTS_MAX)
		return;
	row_init(ROW_EVENT, &row);
	row.conn = an->conn->handle;
	row.side = side;
	row.ts_ns = p->ts;
	row.frame_number = (int64_t)p->number;
	row.kind = "icmp";
	if (me->seq_known)
		row.seq = (int64_t)(seq_unwrap(icmp->tcp_seq, me->snd_nxt) -
				    me->isn);
	snprintf(detail, sizeof(detail),
		 "{\"type\":%u,\"code\":%u,\"meaning\":\"%s\"}", icmp->type,
		 icmp->code, what ? what : "unknown");
	row.detail = detail;
	row_put(an->sink, ROW_EVENT, &row);
}

/* --- the end -------------------------------------------------------------- */

static void
fill_endpoint(const struct arrival_half *h, struct endpoint_row *row)
{
	const struct arrival_counts *c = &more_of(h)->counts;

	row->unique_bytes = row->bytes - (int64_t)c->old_bytes;
	row->retrans_packets = 0;
	for (int k = SEG_RTX_TIMEOUT; k <= SEG_RTX_OTHER; k++)
		row->retrans_packets += c->kind[k];
	row->retrans_bytes = (int64_t)c->retrans_bytes;
	row->rtx_timeout = c->kind[SEG_RTX_TIMEOUT];
	row->rtx_fast = c->kind[SEG_RTX_FAST];
	row->rtx_recovery = c->kind[SEG_RTX_RECOVERY];
	row->rtx_tlp = c->kind[SEG_RTX_TLP];
	row->rtx_spurious = c->kind[SEG_RTX_SPURIOUS];
	row->rtx_syn = c->kind[SEG_RTX_SYN];
	row->rtx_other = c->kind[SEG_RTX_OTHER];
	row->out_of_order = c->kind[SEG_OUT_OF_ORDER];
	row->duplicate_packets = c->kind[SEG_DUPLICATE];
	row->keepalives = c->kind[SEG_KEEPALIVE];
	row->window_probes = c->kind[SEG_WINDOW_PROBE];
	row->dup_acks = c->dup_acks;
	row->dsacks = c->dsacks;
	row->sacks = c->sacks;
	row->zero_windows = c->zero_windows;
	row->window_full = c->window_full;
	row->missing_bytes = (int64_t)c->missed_bytes;
}

void
arrival_update(const struct arrival *a, struct endpoint_row end[N_SIDES])
{
	for (int side = 0; side < N_SIDES; side++)
		fill_endpoint(&a->half[side], &end[side]);
}

void
arrival_close(struct arrival *a, struct analysis *an,
	      struct endpoint_row end[N_SIDES])
{
	for (int side = 0; side < N_SIDES; side++) {
		struct arrival_half *h = &a->half[side];

		if (more_of(h)->verdicts)
			verdict_put_all(h->more->verdicts, an, (enum side)side);
		fill_endpoint(h, &end[side]);
		free_more(h, an);
	}
}
