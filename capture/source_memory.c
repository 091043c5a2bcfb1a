/*
 * source_memory.c - bytes that are in memory already.
 */
#include <stdlib.h>

#include "capture/source.h"

struct memory {
	struct source source;
	struct span span;
};

static bool
memory_fill(struct source *s, size_t n)
{
	(void)s;
	(void)n;
	return false;		/* all is shown from the start */
}

static void
memory_close(struct source *s)
{
	free(s);
}

/* The bytes are the caller's. */
static void
keep_bytes(struct span *s)
{
	(void)s;
}

static const struct source_ops memory_ops = {
	.fill = memory_fill,
	.close = memory_close,
};

struct source *
source_memory_open(const char *name, const uint8_t *bytes, size_t size)
{
	struct memory *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	span_init(&m->span, &m->source, bytes, size, 0, keep_bytes);
	m->source = (struct source){
		.pos = bytes,
		.end = bytes + size,
		.end_offset = size,
		.span = &m->span,
		.ops = &memory_ops,
		.name = name,
	};
	return &m->source;
}
