/*
 * stream.c - see stream.h.
 *
 * Pieces wait in a list, in order and without overlap, all of it above next.
 */
#include <assert.h>
#include <string.h>

#include "base/cursor.h"
#include "reassembly/stream.h"

#define PIECE_BYTES 2000

/* How long a byte may come after its ACK: captures of several queues mix
   packets by less than this. */
#define PATIENCE (10 * NS_PER_MS)

struct piece {
	uint32_t next;
	uint32_t len;
	uint64_t seq;
	uint64_t frame;
	nstime ts;
	bool cut;		/* the bytes were not captured */
	uint8_t bytes[PIECE_BYTES];
};

/* Bytes of a segment, on their way into the stream. */
struct part {
	uint64_t seq;
	uint64_t len;
	const uint8_t *bytes;	/* NULL: not captured */
	uint64_t frame;
	nstime ts;
};

const char *
stream_gap_text(enum stream_gap why)
{
	static const char *const text[N_STREAM_GAPS] = {
		[STREAM_GAP_LOST] = "lost",
		[STREAM_GAP_MISSED] = "missed by the capture",
		[STREAM_GAP_CUT] = "cut by the snaplen",
		[STREAM_GAP_MEMORY] = "given up for lack of memory",
	};

	return why < N_STREAM_GAPS ? text[why] : "unknown";
}

int
stream_pool_init(struct stream_pool *pool, size_t max_bytes)
{
	size_t max = max_bytes / sizeof(struct piece) + 1;

	if (max > SLAB_NONE - 1)
		max = SLAB_NONE - 1;
	pool->max_per_stream = (uint32_t)(max > 4 ? max / 4 * 3 : max);
	return slab_init(&pool->pieces, sizeof(struct piece), (uint32_t)max);
}

void
stream_pool_release(struct stream_pool *pool)
{
	slab_release(&pool->pieces);
}

void
stream_init(struct stream *s, struct stream_pool *pool,
	    const struct stream_sink *sink, void *ctx,
	    struct stream_history *history)
{
	*s = (struct stream){
		.pool = pool,
		.sink = sink,
		.ctx = ctx,
		.history = history,
		.first = SLAB_NONE,
	};
	if (history)
		history->n_frames = 0;
}

static struct piece *
piece_at(const struct stream *s, uint32_t n)
{
	return slab_at(&s->pool->pieces, n);
}

static uint64_t
end_of(const struct part *p)
{
	return p->seq + p->len;
}

static void
advance(struct part *p, uint64_t by)
{
	p->seq += by;
	p->len -= by;
	if (p->bytes)
		p->bytes += by;
}

/* --- what was told already ------------------------------------------------ */

static void
remember(struct stream *s, const struct part *p)
{
	struct stream_history *h = s->history;
	uint64_t n = h->n_frames++ % STREAM_HISTORY_FRAMES;

	h->frame[n].end = end_of(p);
	h->frame[n].frame = p->frame;
	for (uint64_t i = p->len > STREAM_HISTORY ? p->len - STREAM_HISTORY : 0;
	     i < p->len;) {
		uint64_t at = (p->seq + i) % STREAM_HISTORY;
		uint64_t n_bytes = STREAM_HISTORY - at;

		if (n_bytes > p->len - i)
			n_bytes = p->len - i;
		memcpy(h->bytes + at, p->bytes + i, n_bytes);
		i += n_bytes;
	}
	if (end_of(p) - h->start > STREAM_HISTORY)
		h->start = end_of(p) - STREAM_HISTORY;
}

/* Which frame brought the byte; 0: it is too long ago. */
static uint64_t
frame_of(const struct stream_history *h, uint64_t seq)
{
	uint64_t best_end = UINT64_MAX, frame = 0;
	uint32_t n = h->n_frames < STREAM_HISTORY_FRAMES ?
		     h->n_frames : STREAM_HISTORY_FRAMES;

	for (uint32_t i = 0; i < n; i++)
		if (h->frame[i].end > seq && h->frame[i].end < best_end) {
			best_end = h->frame[i].end;
			frame = h->frame[i].frame;
		}
	return frame;
}

static void
tell_conflict(struct stream *s, uint64_t seq, uint64_t len,
	      uint64_t first_frame, uint64_t frame)
{
	s->conflicts++;
	if (s->sink->conflict)
		s->sink->conflict(s->ctx, seq, len, first_frame, frame);
}

static void
compare_with_told(struct stream *s, const struct part *p, uint64_t end)
{
	const struct stream_history *h = s->history;
	uint64_t seq;

	if (!h || !p->bytes)
		return;
	/* A keepalive's byte has no meaning: RFC 9293 s3.8.4. */
	if (p->len == 1 && p->seq + 1 == s->next)
		return;
	for (seq = p->seq > h->start ? p->seq : h->start; seq < end; seq++)
		if (h->bytes[seq % STREAM_HISTORY] != p->bytes[seq - p->seq])
			break;
	if (seq < end)
		tell_conflict(s, seq, end - seq, frame_of(h, seq), p->frame);
}

/* --- telling -------------------------------------------------------------- */

static void
tell_gap(struct stream *s, uint64_t end, enum stream_gap why)
{
	uint64_t len = end - s->next;

	if (end <= s->next)
		return;
	s->gap_bytes[why] += len;
	if (s->sink->gap)
		s->sink->gap(s->ctx, s->next, len, why);
	s->next = end;
	if (s->history)
		s->history->start = end;
}

static void
tell(struct stream *s, const struct part *p)
{
	assert(p->seq == s->next);
	if (!p->bytes) {
		tell_gap(s, end_of(p), STREAM_GAP_CUT);
		return;
	}
	s->bytes += p->len;
	if (s->sink->data)
		s->sink->data(s->ctx, p->bytes, p->len, p->seq, p->frame,
			      p->ts);
	if (s->history)
		remember(s, p);
	s->next = end_of(p);
}

static void
pop(struct stream *s)
{
	uint32_t n = s->first;
	const struct piece *q = piece_at(s, n);

	tell(s, &(struct part){ q->seq, q->len, q->cut ? NULL : q->bytes,
				q->frame, q->ts });
	s->first = q->next;
	slab_free(&s->pool->pieces, n);
	s->n_pieces--;
}

static void
drain(struct stream *s)
{
	while (s->first != SLAB_NONE && piece_at(s, s->first)->seq == s->next)
		pop(s);
}

/* Go on behind a gap: what was acknowledged in it had been received. */
static void
skip_to(struct stream *s, uint64_t seq, enum stream_gap why)
{
	tell_gap(s, seq < s->acked ? seq : s->acked, STREAM_GAP_MISSED);
	tell_gap(s, seq, why);
	drain(s);
}

static void
skip_first_gap(struct stream *s, enum stream_gap why)
{
	skip_to(s, piece_at(s, s->first)->seq, why);
}

/* --- waiting -------------------------------------------------------------- */

/* Into the list at *link; there is room. */
static uint32_t *
store(struct stream *s, uint32_t *link, struct part p)
{
	while (p.len > 0) {
		uint32_t n = slab_alloc(&s->pool->pieces);
		uint64_t len = p.len < PIECE_BYTES ? p.len : PIECE_BYTES;
		struct piece *q;

		if (n == SLAB_NONE)
			return link;	/* no memory: a gap */
		if (!p.bytes)
			len = p.len < UINT32_MAX ? p.len : UINT32_MAX;
		q = piece_at(s, n);
		q->next = *link;
		q->seq = p.seq;
		q->len = (uint32_t)len;
		q->frame = p.frame;
		q->ts = p.ts;
		q->cut = !p.bytes;
		if (p.bytes)
			memcpy(q->bytes, p.bytes, len);
		*link = n;
		link = &q->next;
		s->n_pieces++;
		advance(&p, len);
	}
	return link;
}

/* Room for a part that has to wait, or no need for it to wait. */
static void
make_room(struct stream *s, const struct part *p)
{
	uint64_t need = p->len / PIECE_BYTES + 2;
	const struct slab *slab = &s->pool->pieces;

	while (s->first != SLAB_NONE &&
	       (s->n_pieces + need > s->pool->max_per_stream ||
		slab->n_used + need > slab->max))
		skip_first_gap(s, STREAM_GAP_MEMORY);
	if (s->first == SLAB_NONE && p->seq > s->next &&
	    slab->n_used + need > slab->max)
		skip_to(s, p->seq, STREAM_GAP_MEMORY);
}

static void
compare_with_waiting(struct stream *s, const struct part *p,
		     const struct piece *q, uint64_t len)
{
	if (p->bytes && !q->cut &&
	    memcmp(p->bytes, q->bytes + (p->seq - q->seq), len))
		tell_conflict(s, p->seq, len, q->frame, p->frame);
}

/* The first n bytes of a part, which nothing in the list has. */
static uint32_t *
place(struct stream *s, uint32_t *link, struct part p, uint64_t n)
{
	p.len = n;
	if (p.seq != s->next)
		return store(s, link, p);
	tell(s, &p);
	return link;
}

static void
trim_told(struct stream *s, struct part *p)
{
	uint64_t end = end_of(p) < s->next ? end_of(p) : s->next;

	if (p->seq >= s->next)
		return;
	compare_with_told(s, p, end);
	advance(p, end - p->seq);
}

static void
take(struct stream *s, struct part p)
{
	uint32_t *link;

	trim_told(s, &p);
	if (p.len && p.seq > s->next)
		make_room(s, &p);
	trim_told(s, &p);
	link = &s->first;
	while (p.len > 0) {
		const struct piece *q = *link == SLAB_NONE ? NULL
						: piece_at(s, *link);
		uint64_t n = p.len;

		if (!q || p.seq < q->seq) {
			if (q && end_of(&p) > q->seq)
				n = q->seq - p.seq;
			link = place(s, link, p, n);
			advance(&p, n);
			continue;
		}
		if (p.seq < q->seq + q->len) {
			if (end_of(&p) > q->seq + q->len)
				n = q->seq + q->len - p.seq;
			compare_with_waiting(s, &p, q, n);
			advance(&p, n);
		}
		link = &piece_at(s, *link)->next;
	}
	drain(s);
}

/* --- segments ------------------------------------------------------------- */

static void
start(struct stream *s, const struct seg_event *ev)
{
	s->started = true;
	s->next = ev->data;
	if (s->history)
		s->history->start = s->next;
}

/* A gap whose bytes were acknowledged will not be filled any more. */
static void
look_for_missed(struct stream *s, nstime now)
{
	if (!s->started || s->acked <= s->next || s->first == SLAB_NONE) {
		s->stuck = 0;
		return;
	}
	if (!s->stuck || now < s->stuck)
		s->stuck = now;
	if (now - s->stuck <= PATIENCE)
		return;
	s->stuck = 0;
	while (s->first != SLAB_NONE && piece_at(s, s->first)->seq <= s->acked)
		skip_first_gap(s, STREAM_GAP_MISSED);
}

void
stream_segment(struct stream *s, const struct seg_event *ev)
{
	const struct cursor *c = &ev->d->payload;
	uint64_t len = ev->seg->len, seq = ev->data;
	uint64_t captured = cursor_left(c);

	if (ev->stray || (ev->seg->flags & TCP_RST))
		return;
	if (!s->started)
		start(s, ev);
	if ((ev->seg->flags & TCP_FIN) && !s->end_known) {
		s->end_known = true;
		s->end = seq + len;
	}
	if (s->end_known && seq + len > s->end)
		len = seq < s->end ? s->end - seq : 0;
	if (captured > len)
		captured = len;
	if (captured)
		take(s, (struct part){ seq, captured, c->pos,
				       ev->packet->number, ev->packet->ts });
	if (len > captured)
		take(s, (struct part){ seq + captured, len - captured, NULL,
				       ev->packet->number, ev->packet->ts });
	look_for_missed(s, ev->packet->ts);
}

void
stream_acked(struct stream *s, const struct seg_event *ev)
{
	if (ev->stray || !ev->ack || (ev->seg->flags & TCP_RST))
		return;
	if (ev->ack > s->acked)
		s->acked = ev->ack;
	look_for_missed(s, ev->packet->ts);
}

void
stream_close(struct stream *s)
{
	uint64_t last;

	while (s->first != SLAB_NONE)
		skip_first_gap(s, STREAM_GAP_LOST);
	if (!s->started)
		return;
	/* The FIN counts as a number, but is no byte. */
	last = s->end_known ? s->end : s->acked;
	if (last > s->next)
		skip_to(s, last, STREAM_GAP_LOST);
}
