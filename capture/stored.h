/*
 * stored.h - the bytes of an input as they are stored, read in order.
 *
 * From a descriptor that may be a pipe, or from memory.  What has been read
 * and not yet taken is between pos and pos + left.
 */
#ifndef CAPTURE_STORED_H
#define CAPTURE_STORED_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stored {
	const uint8_t *pos;
	size_t left;
	bool ended;		/* nothing comes after these */
	int error;		/* errno of the read that failed, or 0 */
	uint64_t n_read;	/* bytes so far */
	int fd;			/* -1: memory */
	bool waits;		/* a pipe or a terminal: a read may wait */
	uint8_t *buffer;
	const volatile sig_atomic_t *stop;	/* set: reading ends */
};

/* The descriptor becomes its own, also on failure: false, out of memory. */
bool stored_open(struct stored *in, int fd, bool waits);
void stored_open_memory(struct stored *in, const uint8_t *bytes, size_t size);
void stored_close(struct stored *in);

/* The descriptor becomes the caller's. */
static inline int
stored_take_fd(struct stored *in)
{
	int fd = in->fd;

	in->fd = -1;
	return fd;
}

/* Read more behind what is left, which is less than the buffer. */
void stored_read(struct stored *in);

/* The same straight into somebody's memory.  Nothing must be left. */
size_t stored_read_into(struct stored *in, uint8_t *to, size_t room);

/* Would a read have to wait? */
bool stored_would_wait(const struct stored *in);

#endif
