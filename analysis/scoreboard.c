/*
 * scoreboard.c - the ring of runs: grow, split, find, count.
 */
#include "analysis/scoreboard.h"

#include <string.h>

/* Segments that left so close to each other are taken as one burst. */
#define SAME_BURST_US 60
#define RUN_MAX 64

/* Rings of 16, 32, ... runs are blocks of a kind each. */
static enum block_kind
ring_kind(uint32_t cap)
{
	int kind = BLOCK_SENDER_RING;

	for (uint32_t n = SCOREBOARD_MIN; n < cap; n *= 2)
		kind++;
	return (enum block_kind)kind;
}

void
scoreboard_reset(struct scoreboard *sb, struct blocks *blocks, uint64_t nxt)
{
	uint32_t mss = sb->mss;

	scoreboard_release(sb, blocks);
	memset(sb, 0, sizeof(*sb));
	sb->start = sb->nxt = nxt;
	sb->mss = mss;
}

void
scoreboard_release(struct scoreboard *sb, struct blocks *blocks)
{
	if (sb->ring)
		block_free(blocks, ring_kind(sb->cap), sb->ring);
	sb->ring = NULL;
	sb->cap = sb->head = sb->n = 0;
}

static bool
ring_grow(struct scoreboard *sb, struct blocks *blocks)
{
	uint32_t cap = sb->cap ? sb->cap * 2 : SCOREBOARD_MIN;
	struct sent *ring;

	if (cap > SCOREBOARD_MAX)
		return false;
	ring = block_alloc(blocks, ring_kind(cap), cap * sizeof(*ring));
	if (!ring)
		return false;
	for (uint32_t i = 0; i < sb->n; i++)
		ring[i] = *scoreboard_at(sb, i);
	if (sb->ring)
		block_free(blocks, ring_kind(sb->cap), sb->ring);
	sb->ring = ring;
	sb->cap = cap;
	sb->head = 0;
	return true;
}

/* Add a segment to the last run. */
static void
run_extend(struct scoreboard *sb, struct sent *last, uint64_t end,
	   const struct sent *like)
{
	last->end = (uint32_t)end;
	last->n = (uint16_t)(last->n + like->n);
	last->marks |= like->marks & (SENT_CLOSED | SENT_APP);
	sb->out += like->n;
	if (last->marks & SENT_SACKED)
		sb->sacked += like->n;
	if (last->marks & SENT_LOST)
		sb->lost += like->n;
	if (last->marks & SENT_RTX)
		sb->retrans += like->n;
	sb->nxt = end;
}

static bool
run_may_grow(const struct sent *last, const struct sent *like)
{
	return last->marks == (like->marks & ~SENT_CLOSED) &&
	       like->t - last->t <= SAME_BURST_US &&
	       last->delivered == like->delivered &&
	       last->n + like->n <= RUN_MAX;
}

bool
scoreboard_append(struct scoreboard *sb, struct blocks *blocks,
		  uint64_t end, const struct sent *like)
{
	struct sent *last = sb->n ? scoreboard_at(sb, sb->n - 1) : NULL;

	if (last && run_may_grow(last, like)) {
		run_extend(sb, last, end, like);
		return true;
	}
	if (sb->n == sb->cap && !ring_grow(sb, blocks)) {
		sb->merged = true;
		if (!last || last->n + like->n > UINT16_MAX)
			return false;
		run_extend(sb, last, end, like);
		return true;
	}
	last = scoreboard_at(sb, sb->n++);
	*last = *like;
	last->end = (uint32_t)end;
	sb->out += like->n;
	if (last->marks & SENT_SACKED)
		sb->sacked += like->n;
	if (last->marks & SENT_LOST)
		sb->lost += like->n;
	if (last->marks & SENT_RTX)
		sb->retrans += like->n;
	sb->nxt = end;
	return true;
}

uint32_t
scoreboard_find(const struct scoreboard *sb, uint64_t seq)
{
	uint32_t lo = 0, hi = sb->n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;

		if (scoreboard_end(sb, mid) <= seq)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Make room for a run before run i. */
static bool
run_insert(struct scoreboard *sb, struct blocks *blocks, uint32_t i)
{
	if (sb->n == sb->cap && !ring_grow(sb, blocks))
		return false;
	sb->n++;
	for (uint32_t j = sb->n - 1; j > i; j--)
		*scoreboard_at(sb, j) = *scoreboard_at(sb, j - 1);
	return true;
}

uint32_t
scoreboard_split(struct scoreboard *sb, struct blocks *blocks, uint32_t i,
		 uint64_t seq, bool up)
{
	uint64_t begin = scoreboard_begin(sb, i);
	struct sent *s = scoreboard_at(sb, i), *t;
	uint64_t k;

	if (seq <= begin)
		return i;
	k = (seq - begin + (up ? sb->mss - 1 : 0)) / sb->mss;
	if (k == 0)
		return i;
	if (k >= s->n)
		return i + 1;
	if (!run_insert(sb, blocks, i))
		return i;
	s = scoreboard_at(sb, i);
	t = scoreboard_at(sb, i + 1);
	s->end = (uint32_t)(begin + k * sb->mss);
	s->n = (uint16_t)k;
	s->marks &= (uint8_t)~SENT_CLOSED;
	t->n = (uint16_t)(t->n - k);
	return i + 1;
}

void
scoreboard_take(struct scoreboard *sb, uint32_t n)
{
	struct sent *s = scoreboard_at(sb, 0);

	if (n >= s->n) {
		scoreboard_mark(sb, s, 0);
		sb->out -= s->n;
		sb->start = scoreboard_end(sb, 0);
		sb->head = (sb->head + 1) & (sb->cap - 1);
		sb->n--;
		return;
	}
	if (s->marks & SENT_SACKED)
		sb->sacked -= n;
	if (s->marks & SENT_LOST)
		sb->lost -= n;
	if (s->marks & SENT_RTX)
		sb->retrans -= n;
	sb->out -= n;
	sb->start += (uint64_t)n * sb->mss;
	s->n = (uint16_t)(s->n - n);
}

void
scoreboard_mark(struct scoreboard *sb, struct sent *s, uint8_t marks)
{
	uint8_t gone = s->marks & (uint8_t)~marks;
	uint8_t come = marks & (uint8_t)~s->marks;

	if (gone & SENT_SACKED)
		sb->sacked -= s->n;
	if (gone & SENT_LOST)
		sb->lost -= s->n;
	if (gone & SENT_RTX)
		sb->retrans -= s->n;
	if (come & SENT_SACKED)
		sb->sacked += s->n;
	if (come & SENT_LOST)
		sb->lost += s->n;
	if (come & SENT_RTX)
		sb->retrans += s->n;
	s->marks = marks;
}
