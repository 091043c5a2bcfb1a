/*
 * expiry.c - see expiry.h.
 */
#include "reassembly/expiry.h"

static int64_t
second_of(nstime t)
{
	int64_t s = t / NS_PER_S;

	return t % NS_PER_S < 0 ? s - 1 : s;
}

static struct flow_links *
links_of(const struct expiry *e, uint32_t number)
{
	return slab_at(e->slab, number);
}

void
expiry_init(struct expiry *e, const struct slab *slab)
{
	e->slab = slab;
	e->started = false;
	e->second = 0;
	for (int i = 0; i < EXPIRY_BUCKETS; i++)
		e->head[i] = SLAB_NONE;
}

/* A deadline further off than the wheel is long is looked at on the way. */
static int64_t
bucket_second(const struct expiry *e, nstime deadline)
{
	int64_t s = second_of(deadline);

	if (s < e->second)
		return e->second;
	if (s >= e->second + EXPIRY_BUCKETS)
		return e->second + EXPIRY_BUCKETS - 1;
	return s;
}

void
expiry_add(struct expiry *e, uint32_t number, nstime now, nstime deadline)
{
	struct flow_links *l = links_of(e, number);

	if (!e->started) {
		e->started = true;
		e->second = second_of(now);
	}
	l->bucket = (uint16_t)((uint64_t)bucket_second(e, deadline) %
			       EXPIRY_BUCKETS);
	l->prev = SLAB_NONE;
	l->next = e->head[l->bucket];
	if (l->next != SLAB_NONE)
		links_of(e, l->next)->prev = number;
	e->head[l->bucket] = number;
}

void
expiry_remove(struct expiry *e, uint32_t number)
{
	struct flow_links *l = links_of(e, number);

	if (l->prev != SLAB_NONE)
		links_of(e, l->prev)->next = l->next;
	else
		e->head[l->bucket] = l->next;
	if (l->next != SLAB_NONE)
		links_of(e, l->next)->prev = l->prev;
	l->next = l->prev = SLAB_NONE;
}

uint32_t
expiry_pop(struct expiry *e, nstime now)
{
	int64_t s = second_of(now);

	if (!e->started)
		return SLAB_NONE;
	/* Once around is enough, however far the clock jumped. */
	if (e->second < s - EXPIRY_BUCKETS)
		e->second = s - EXPIRY_BUCKETS;
	for (; e->second < s; e->second++) {
		uint32_t n = e->head[(uint64_t)e->second % EXPIRY_BUCKETS];

		if (n != SLAB_NONE) {
			expiry_remove(e, n);
			return n;
		}
	}
	return SLAB_NONE;
}

bool
expiry_is_past(nstime deadline, nstime now)
{
	return second_of(deadline) < second_of(now);
}
