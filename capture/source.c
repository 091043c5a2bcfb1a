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

static const char *
reason(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "no such file";
	case EACCES:
	case EPERM:
		return "permission denied";
	case EISDIR:
		return "is a directory";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	case ENOMEM:
		return "out of memory";
	}
	return strerror(error);
}

static struct source *
cannot_open(const char *path, int error_number, char error[CAPTURE_TEXT])
{
	snprintf(error, CAPTURE_TEXT, "cannot open '%.400s': %s", path,
		 reason(error_number));
	return NULL;
}

struct source *
source_open(const char *path, char error[CAPTURE_TEXT])
{
	struct source *s;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		return cannot_open(path, errno, error);
	if (S_ISDIR(st.st_mode)) {
		close(fd);
		return cannot_open(path, EISDIR, error);
	}
	s = source_map_open(path, fd, (uint64_t)st.st_size);
	return s ? s : cannot_open(path, ENOMEM, error);
}
