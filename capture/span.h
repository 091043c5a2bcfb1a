/*
 * span.h - a piece of memory that packets point into.
 *
 * The reader that fills it and every batch with a packet in it hold it; who
 * drops it last destroys it, in whichever thread that is.  One count a span
 * and a batch, not a packet, hence no lock and nearly no atomics.
 */
#ifndef CAPTURE_SPAN_H
#define CAPTURE_SPAN_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct source;

struct span {
	atomic_uint holders;
	uint64_t batch;		/* the last that took hold: the reader's */
	const uint8_t *base;
	size_t size;
	uint64_t offset;	/* of base in its input, uncompressed */
	const struct source *source;
	void (*destroy)(struct span *s);
};

/* A new span is held once. */
static inline void
span_init(struct span *s, const struct source *source, const uint8_t *base,
	  size_t size, uint64_t offset, void (*destroy)(struct span *s))
{
	atomic_init(&s->holders, 1);
	s->batch = 0;
	s->base = base;
	s->size = size;
	s->offset = offset;
	s->source = source;
	s->destroy = destroy;
}

static inline void
span_hold(struct span *s)
{
	atomic_fetch_add_explicit(&s->holders, 1, memory_order_relaxed);
}

static inline void
span_drop(struct span *s)
{
	if (s && atomic_fetch_sub_explicit(&s->holders, 1,
					   memory_order_acq_rel) == 1)
		s->destroy(s);
}

#endif
