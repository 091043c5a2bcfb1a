/*
 * rotate.h - files that take turns: names, the link to the newest, and how
 * many are kept.
 *
 * `x.db` becomes `x-20261120-130000.db` (UTC) and so on; `x.db` itself is a
 * link to the newest.
 */
#ifndef CLI_ROTATE_H
#define CLI_ROTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/nstime.h"

struct rotation {
	int64_t every_ns;	/* 0: not by time */
	uint64_t size;		/* 0: not by size */
	unsigned keep;		/* 0: all */
};

enum { ROTATE_PATH = 4096 };

/* "1h", "30m": a time; "1G", "500M": a size.  False: neither. */
bool rotate_parse(const char *text, struct rotation *r);

/* The name of the file that begins at `now` (since the epoch). */
void rotate_name(char out[ROTATE_PATH], const char *path, nstime now);

/* Let path be a link to its newest file.  -1 and errno: it is in the way. */
int rotate_link(const char *path, const char *newest);

/* Remove the oldest but `keep`. */
void rotate_prune(const char *path, unsigned keep);

#endif
