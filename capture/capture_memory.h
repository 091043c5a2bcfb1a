/*
 * capture_memory.h - a capture file that is in memory, for tests and fuzzing.
 */
#ifndef CAPTURE_CAPTURE_MEMORY_H
#define CAPTURE_CAPTURE_MEMORY_H

#include "capture/capture.h"

/* As capture_open, with cfg's paths ignored; the bytes outlive the capture. */
int capture_open_memory(struct capture **out, const struct capture_config *cfg,
			const char *name, const uint8_t *bytes, size_t size);

#endif
