/*
 * decompress_zstd.c - zstd by its library (RFC 8878).
 *
 * The library's own limit stands: a frame whose window is larger than
 * 128 MiB (zstd --long=28 and above) is refused, so that memory is bounded.
 */
#include "config.h"

#ifdef HAVE_ZSTD

#include <stdlib.h>
#include <zstd.h>

#include "capture/decompress.h"

struct zstd {
	ZSTD_DStream *stream;
	bool whole;		/* between two frames */
};

static void *
zstd_open(void)
{
	struct zstd *z = calloc(1, sizeof(*z));

	if (!z)
		return NULL;
	z->stream = ZSTD_createDStream();
	if (!z->stream) {
		free(z);
		return NULL;
	}
	return z;
}

static const char *
zstd_run(void *state, struct decompress_io *io)
{
	struct zstd *z = state;
	ZSTD_inBuffer in = { io->in, io->in_left, 0 };
	ZSTD_outBuffer out = { io->out, io->out_left, 0 };
	size_t rc = ZSTD_decompressStream(z->stream, &out, &in);

	io->in += in.pos;
	io->in_left -= in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	if (ZSTD_isError(rc))
		return ZSTD_getErrorName(rc);
	if (in.pos || out.pos)
		z->whole = rc == 0;
	return NULL;
}

static bool
zstd_is_whole(const void *state)
{
	return ((const struct zstd *)state)->whole;
}

static void
zstd_close(void *state)
{
	struct zstd *z = state;

	ZSTD_freeDStream(z->stream);
	free(z);
}

const struct decompressor zstd_decompressor = {
	.open = zstd_open,
	.run = zstd_run,
	.is_whole = zstd_is_whole,
	.close = zstd_close,
};

#endif
