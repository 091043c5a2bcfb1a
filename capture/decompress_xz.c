/*
 * decompress_xz.c - xz by liblzma.
 */
#include "config.h"

#ifdef HAVE_LZMA

#include <lzma.h>
#include <stdlib.h>

#include "capture/decompress.h"

/* xz -9 needs 65 MiB to be read. */
enum { MEMORY_LIMIT = 128 << 20 };

struct xz {
	lzma_stream stream;
	bool whole;		/* the last stream has ended */
};

static void *
xz_open(void)
{
	struct xz *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	x->stream = (lzma_stream)LZMA_STREAM_INIT;
	if (lzma_stream_decoder(&x->stream, MEMORY_LIMIT,
				LZMA_CONCATENATED) != LZMA_OK) {
		free(x);
		return NULL;
	}
	return x;
}

static const char *
words(lzma_ret rc)
{
	switch (rc) {
	case LZMA_OK:
	case LZMA_STREAM_END:
	case LZMA_BUF_ERROR:	/* no progress: the caller sees that */
		return NULL;
	case LZMA_FORMAT_ERROR:
		return "not xz data";
	case LZMA_OPTIONS_ERROR:
		return "options that are not known";
	case LZMA_MEM_ERROR:
		return "out of memory";
	case LZMA_MEMLIMIT_ERROR:
		return "needs more than 128 MiB";
	default:
		return "bad data";
	}
}

static const char *
xz_run(void *state, struct decompress_io *io)
{
	struct xz *x = state;
	lzma_stream *s = &x->stream;
	lzma_ret rc;

	if (x->whole)
		return NULL;
	s->next_in = io->in;
	s->avail_in = io->in_left;
	s->next_out = io->out;
	s->avail_out = io->out_left;
	rc = lzma_code(s, io->in_ended ? LZMA_FINISH : LZMA_RUN);
	io->in = s->next_in;
	io->in_left = s->avail_in;
	io->out = s->next_out;
	io->out_left = s->avail_out;
	x->whole = rc == LZMA_STREAM_END;
	return words(rc);
}

static bool
xz_is_whole(const void *state)
{
	return ((const struct xz *)state)->whole;
}

static void
xz_close(void *state)
{
	struct xz *x = state;

	lzma_end(&x->stream);
	free(x);
}

const struct decompressor xz_decompressor = {
	.open = xz_open,
	.run = xz_run,
	.is_whole = xz_is_whole,
	.close = xz_close,
};

#endif
