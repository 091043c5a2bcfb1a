/*
 * decompress_lz4.c - lz4's frame format by its library.
 */
#include "config.h"

#ifdef HAVE_LZ4

#include <lz4frame.h>
#include <stdlib.h>

#include "capture/decompress.h"

struct lz4 {
	LZ4F_dctx *context;
	bool whole;		/* between two frames */
};

static void *
lz4_open(void)
{
	struct lz4 *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	if (LZ4F_isError(LZ4F_createDecompressionContext(&l->context,
							 LZ4F_VERSION))) {
		free(l);
		return NULL;
	}
	return l;
}

static const char *
lz4_run(void *state, struct decompress_io *io)
{
	struct lz4 *l = state;
	size_t in = io->in_left, out = io->out_left;
	size_t rc = LZ4F_decompress(l->context, io->out, &out, io->in, &in,
				    NULL);

	if (LZ4F_isError(rc))
		return LZ4F_getErrorName(rc);
	io->in += in;
	io->in_left -= in;
	io->out += out;
	io->out_left -= out;
	if (in || out)
		l->whole = rc == 0;
	return NULL;
}

static bool
lz4_is_whole(const void *state)
{
	return ((const struct lz4 *)state)->whole;
}

static void
lz4_close(void *state)
{
	struct lz4 *l = state;

	LZ4F_freeDecompressionContext(l->context);
	free(l);
}

const struct decompressor lz4_decompressor = {
	.open = lz4_open,
	.run = lz4_run,
	.is_whole = lz4_is_whole,
	.close = lz4_close,
};

#endif
