/*
 * decompress.h - the compressions that captures are kept in.
 *
 * Each is a constant table of functions over its library, which may be
 * missing; what a file needs is told by its first bytes, not by its name.
 * Files put behind one another (members, frames) are read as one.
 */
#ifndef CAPTURE_DECOMPRESS_H
#define CAPTURE_DECOMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is to be read and written; run moves all four. */
struct decompress_io {
	const uint8_t *in;
	size_t in_left;
	bool in_ended;		/* nothing comes after these */
	uint8_t *out;
	size_t out_left;
};

struct decompressor {
	/* NULL: out of memory. */
	void *(*open)(void);
	/*
	 * Go on until the input is used up or the output is full.  Returns
	 * NULL, or what is wrong.  May hold output back: the input is done
	 * when it is empty and nothing was written.
	 */
	const char *(*run)(void *state, struct decompress_io *io);
	/* May the input end here? */
	bool (*is_whole)(const void *state);
	void (*close)(void *state);
};

struct compression {
	const char *name;
	const uint8_t *magic;
	const uint8_t *mask;	/* NULL: all bits */
	size_t magic_len;
	const struct decompressor *decompressor;	/* NULL: not built in */
};

enum { COMPRESSION_MAGIC = 6 };		/* bytes, at most */

/* NULL: not compressed. */
const struct compression *compression_find(const uint8_t *bytes, size_t n);

extern const struct decompressor gzip_decompressor;
extern const struct decompressor zstd_decompressor;
extern const struct decompressor lz4_decompressor;
extern const struct decompressor xz_decompressor;

#endif
