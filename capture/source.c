/*
 * source.c - which kind of source an input needs.
 */
#include "capture/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/source_stream.h"

bool
source_skip(struct source *s, uint64_t n)
{
	while (n > source_left(s)) {
		n -= source_left(s);
		s->pos = s->end;
		if (!source_need(s, 1))
			return false;
	}
	s->pos += n;
	return true;
}

uint64_t
source_stored_position(const struct source *s)
{
	return s->ops->stored_position ? s->ops->stored_position(s) : 0;
}

void
source_close(struct source *s)
{
	s->ops->close(s);
}

enum { MEMORY_STEP = 64 << 10 };	/* of source_open_memory */

static struct source *
cannot_open(const char *path, int error_number, char error[CAPTURE_TEXT])
{
	snprintf(error, CAPTURE_TEXT, "cannot open '%.400s': %s", path,
		 message_errno(error_number));
	return NULL;
}

static struct source *
not_built_in(const char *path, const struct compression *compression,
	     char error[CAPTURE_TEXT])
{
	snprintf(error, CAPTURE_TEXT, "cannot read '%.400s': built without %s",
		 path, compression->name);
	return NULL;
}

static int
open_path(const char *path, struct stat *st)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
					: open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (fstat(fd, st) == 0) {
		if (!S_ISDIR(st->st_mode))
			return fd;
		errno = EISDIR;
	}
	close(fd);
	return -1;
}

/* The first bytes, by which a compression is recognised. */
static const struct compression *
find_compression(struct stored *in)
{
	while (in->left < COMPRESSION_MAGIC && !in->ended)
		stored_read(in);
	return compression_find(in->pos, in->left);
}

/* Map it if that can be done: then what was read from it is not needed. */
static struct source *
map_instead(const char *name, struct stored *in, uint64_t size, size_t step)
{
	struct source *s = source_map_open(name, in->fd, size, step);

	if (s) {
		stored_take_fd(in);
		stored_close(in);
	}
	return s;
}

/* What is stored becomes the source's, also on failure. */
static struct source *
open_stored(const char *name, struct stored *in, uint64_t size, bool may_map,
	    const struct source_options *o, char error[CAPTURE_TEXT])
{
	const struct compression *compression = find_compression(in);
	struct source *s = NULL;
	int failed = in->error;

	if (failed || (compression && !compression->decompressor)) {
		stored_close(in);
		return failed ? cannot_open(name, failed, error)
			      : not_built_in(name, compression, error);
	}
	if (may_map && !compression)
		s = map_instead(name, in, size, o->step);
	if (!s)
		s = source_stream_open(name, in, compression, size, o->step);
	return s ? s : cannot_open(name, ENOMEM, error);
}

struct source *
source_open(const char *path, const struct source_options *o,
	    char error[CAPTURE_TEXT])
{
	bool is_stdin = strcmp(path, "-") == 0, is_file;
	const char *name = is_stdin ? "standard input" : path;
	struct stored stored;
	struct stat st;
	uint64_t size;
	int fd = open_path(path, &st);

	if (fd < 0)
		return cannot_open(name, errno, error);
	is_file = S_ISREG(st.st_mode);
	size = is_file ? (uint64_t)st.st_size : 0;
	if (!stored_open(&stored, fd, !is_file))
		return cannot_open(name, ENOMEM, error);
	stored.stop = o->stop;
	return open_stored(name, &stored, size, size > 0 && !is_stdin, o,
			   error);
}

struct source *
source_open_memory(const char *name, const uint8_t *bytes, size_t size,
		   char error[CAPTURE_TEXT])
{
	const struct compression *compression = compression_find(bytes, size);
	struct stored stored;
	struct source *s;

	if (compression && !compression->decompressor)
		return not_built_in(name, compression, error);
	stored_open_memory(&stored, bytes, size);
	s = compression ? source_stream_open(name, &stored, compression, size,
					     MEMORY_STEP)
			: source_memory_open(name, bytes, size);
	return s ? s : cannot_open(name, ENOMEM, error);
}
