/*
 * stored.c - reading, waiting, and being told to stop meanwhile.
 */
#include "capture/stored.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 256 << 10, LOOK_AROUND_MS = 200 };

bool
stored_open(struct stored *in, int fd, bool waits)
{
	*in = (struct stored){ .fd = fd, .waits = waits };
	in->buffer = malloc(BUFFER);
	in->pos = in->buffer;
	if (in->buffer)
		return true;
	close(fd);
	return false;
}

void
stored_open_memory(struct stored *in, const uint8_t *bytes, size_t size)
{
	*in = (struct stored){
		.pos = bytes,
		.left = size,
		.n_read = size,
		.ended = true,
		.fd = -1,
	};
}

void
stored_close(struct stored *in)
{
	if (in->fd >= 0)
		close(in->fd);
	free(in->buffer);
}

static bool
is_stopped(const struct stored *in)
{
	return in->stop && *in->stop;
}

static bool
is_readable(const struct stored *in, int timeout_ms)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) > 0;
}

/* Wait for a pipe's writer, but not for longer than until we are stopped. */
static bool
wait_readable(const struct stored *in)
{
	while (in->waits && !is_readable(in, LOOK_AROUND_MS))
		if (is_stopped(in))
			return false;
	return true;
}

size_t
stored_read_into(struct stored *in, uint8_t *to, size_t room)
{
	ssize_t n = -1;

	if (in->ended)
		return 0;
	do {
		if (is_stopped(in) || !wait_readable(in))
			break;
		n = read(in->fd, to, room);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n < 0 && !is_stopped(in))
		in->error = errno;
	in->ended = n <= 0;
	in->n_read += n > 0 ? (size_t)n : 0;
	return n > 0 ? (size_t)n : 0;
}

void
stored_read(struct stored *in)
{
	if (in->ended)
		return;
	memmove(in->buffer, in->pos, in->left);
	in->pos = in->buffer;
	in->left += stored_read_into(in, in->buffer + in->left,
				     BUFFER - in->left);
}

bool
stored_would_wait(const struct stored *in)
{
	return in->waits && !in->ended && in->left == 0 && !is_readable(in, 0);
}
