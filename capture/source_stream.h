/*
 * source_stream.h - a source that is read in order, decompressed if need be.
 */
#ifndef CAPTURE_SOURCE_STREAM_H
#define CAPTURE_SOURCE_STREAM_H

#include "capture/decompress.h"
#include "capture/source.h"
#include "capture/stored.h"

/*
 * What is stored becomes the source's, also on failure: NULL, out of memory.
 * compression is NULL for plain bytes, else one that is built in.
 */
struct source *source_stream_open(const char *name, struct stored *stored,
				  const struct compression *compression,
				  uint64_t size, size_t step);

#endif
