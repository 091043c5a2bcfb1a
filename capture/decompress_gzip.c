/*
 * decompress_gzip.c - gzip by zlib (RFC 1952).
 */
#include "config.h"

#ifdef HAVE_ZLIB

#include <stdlib.h>
#include <zlib.h>

#include "capture/decompress.h"

enum { GZIP_ONLY = 16 };	/* added to windowBits: no zlib header */

struct gzip {
	z_stream z;
	bool whole;		/* between two members */
};

static void *
gzip_open(void)
{
	struct gzip *g = calloc(1, sizeof(*g));

	if (g && inflateInit2(&g->z, MAX_WBITS + GZIP_ONLY) != Z_OK) {
		free(g);
		return NULL;
	}
	return g;
}

/* A member may follow at once, or after zeros to the end of a block. */
static void
begin_member(struct gzip *g, struct decompress_io *io)
{
	while (io->in_left > 0 && *io->in == 0) {
		io->in++;
		io->in_left--;
	}
	if (io->in_left > 0) {
		inflateReset(&g->z);
		g->whole = false;
	}
}

static unsigned
at_most(size_t n)
{
	return n > 1 << 30 ? 1 << 30 : (unsigned)n;
}

static const char *
gzip_run(void *state, struct decompress_io *io)
{
	struct gzip *g = state;
	z_stream *z = &g->z;
	int rc;

	if (g->whole)
		begin_member(g, io);
	if (g->whole)
		return NULL;
	z->next_in = (Bytef *)io->in;
	z->avail_in = at_most(io->in_left);
	z->next_out = io->out;
	z->avail_out = at_most(io->out_left);
	rc = inflate(z, Z_NO_FLUSH);
	io->in_left -= (size_t)(z->next_in - io->in);
	io->in = z->next_in;
	io->out_left -= (size_t)(z->next_out - io->out);
	io->out = z->next_out;
	g->whole = rc == Z_STREAM_END;
	if (rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR)
		return NULL;
	return z->msg ? z->msg : rc == Z_MEM_ERROR ? "out of memory"
						   : "bad data";
}

static bool
gzip_is_whole(const void *state)
{
	return ((const struct gzip *)state)->whole;
}

static void
gzip_close(void *state)
{
	struct gzip *g = state;

	inflateEnd(&g->z);
	free(g);
}

const struct decompressor gzip_decompressor = {
	.open = gzip_open,
	.run = gzip_run,
	.is_whole = gzip_is_whole,
	.close = gzip_close,
};

#endif
