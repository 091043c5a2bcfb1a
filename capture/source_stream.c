/*
 * source_stream.c - inputs that cannot be mapped: pipes, compressed files.
 *
 * Bytes are read or decompressed into chunks.  A chunk is filled once, from
 * its start; what begins in it and has no room in it any more is moved to
 * the next one.  Chunks live as long as packets point into them, so memory
 * is bounded by the batches in flight, whatever the input's length.
 */
#include "capture/source_stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_MAX = 1 << 20 };

struct stream {
	struct source source;
	struct stored stored;
	const struct compression *compression;	/* NULL: plain */
	void *state;				/* of its decompressor */
	const uint8_t *chunk_end;
	size_t chunk_size;	/* at least */
};

struct chunk {
	struct span span;
	uint8_t bytes[];
};

static void
chunk_destroy(struct span *s)
{
	free(s);
}

/* A new chunk with room for n bytes from pos on. */
static bool
next_chunk(struct stream *st, size_t n)
{
	struct source *s = &st->source;
	size_t left = source_left(s), size = n > st->chunk_size ? n : st->chunk_size;
	struct chunk *c = malloc(sizeof(*c) + size);

	if (!c)
		return false;
	if (left)
		memcpy(c->bytes, s->pos, left);
	span_init(&c->span, s, c->bytes, size, source_offset(s),
		  chunk_destroy);
	span_drop(s->span);
	s->span = &c->span;
	s->pos = c->bytes;
	s->end = c->bytes + left;
	st->chunk_end = c->bytes + size;
	return true;
}

/* The bytes that were read to look for a magic number, then the rest. */
static size_t
copy(struct stored *in, uint8_t *to, size_t room)
{
	size_t n = in->left < room ? in->left : room;

	if (n == 0)
		return stored_read_into(in, to, room);
	memcpy(to, in->pos, n);
	in->pos += n;
	in->left -= n;
	return n;
}

static void
data_damaged(struct stream *st, const char *why)
{
	struct source *s = &st->source;

	snprintf(s->damage, sizeof(s->damage), "'%.200s' is damaged: %s says"
		 " '%s' near byte %" PRIu64, s->name, st->compression->name,
		 why, st->stored.n_read - st->stored.left);
}

/* Nothing came out and nothing comes in: is that how it should end? */
static void
check_end(struct stream *st)
{
	struct source *s = &st->source;

	if (!s->damage[0] && !st->stored.error &&
	    !st->compression->decompressor->is_whole(st->state))
		snprintf(s->damage, sizeof(s->damage), "'%.200s' is cut short:"
			 " its %s data ends after %" PRIu64 " bytes", s->name,
			 st->compression->name, st->stored.n_read);
}

/* Bytes written; 0 at the end, good or bad. */
static size_t
decompress(struct stream *st, uint8_t *to, size_t room)
{
	struct stored *in = &st->stored;
	const char *why = NULL;

	while (!why && !st->source.damage[0]) {
		struct decompress_io io = { .out = to, .out_left = room };
		bool was_ended;

		if (in->left == 0)
			stored_read(in);
		was_ended = io.in_ended = in->ended;
		io.in = in->pos;
		io.in_left = in->left;
		why = st->compression->decompressor->run(st->state, &io);
		if (!why && io.out_left == room && in->left > 0 &&
		    io.in_left == in->left)
			why = "bytes behind the end";
		in->pos = io.in;
		in->left = io.in_left;
		if (why)
			data_damaged(st, why);
		if (io.out_left < room)
			return room - io.out_left;
		if (was_ended && in->left == 0) {
			check_end(st);
			break;
		}
	}
	return 0;
}

static bool
stream_fill(struct source *s, size_t n)
{
	struct stream *st = (struct stream *)s;

	if (n > (size_t)(st->chunk_end - s->pos) && !next_chunk(st, n)) {
		snprintf(s->damage, sizeof(s->damage),
			 "'%.200s' cannot be read on: out of memory", s->name);
		return false;
	}
	while (source_left(s) < n) {
		uint8_t *to = (uint8_t *)s->end;
		size_t room = (size_t)(st->chunk_end - s->end);
		size_t got = st->compression ? decompress(st, to, room)
					     : copy(&st->stored, to, room);

		s->end += got;
		s->end_offset += got;
		if (got == 0)
			break;
	}
	if (st->stored.error && !s->damage[0])
		snprintf(s->damage, sizeof(s->damage), "'%.200s' cannot be "
			 "read on: %s", s->name, message_errno(st->stored.error));
	return source_left(s) >= n;
}

static uint64_t
stream_stored_position(const struct source *s)
{
	const struct stored *in = &((const struct stream *)s)->stored;

	return in->n_read - in->left;
}

static bool
stream_would_wait(const struct source *s)
{
	return stored_would_wait(&((const struct stream *)s)->stored);
}

static void
stream_close(struct source *s)
{
	struct stream *st = (struct stream *)s;

	if (st->compression)
		st->compression->decompressor->close(st->state);
	span_drop(s->span);
	stored_close(&st->stored);
	free(st);
}

static const struct source_ops stream_ops = {
	.fill = stream_fill,
	.stored_position = stream_stored_position,
	.would_wait = stream_would_wait,
	.close = stream_close,
};

struct source *
source_stream_open(const char *name, struct stored *stored,
		   const struct compression *compression, uint64_t size,
		   size_t step)
{
	struct stream *st = calloc(1, sizeof(*st));

	if (st && compression) {
		st->state = compression->decompressor->open();
		if (!st->state) {
			free(st);
			st = NULL;
		}
	}
	if (!st) {
		stored_close(stored);
		return NULL;
	}
	st->source.ops = &stream_ops;
	st->source.name = name;
	st->source.stored_size = size;
	st->stored = *stored;
	st->compression = compression;
	st->chunk_size = step < CHUNK_MAX ? step : CHUNK_MAX;
	return &st->source;
}
