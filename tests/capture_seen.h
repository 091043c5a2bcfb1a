/*
 * capture_seen.h - all that a capture gives, kept for a test to look at.
 */
#ifndef TESTS_CAPTURE_SEEN_H
#define TESTS_CAPTURE_SEEN_H

#include "capture/capture.h"
#include "tests/capture_image.h"

enum { SEEN_PACKETS = 64, SEEN_BYTES = 16 };

struct seen_packet {
	struct packet packet;		/* bytes point to first */
	uint8_t first[SEEN_BYTES];
};

struct seen {
	int opened;			/* enum capture_open_result */
	char error[512];
	char damage[512];		/* "" for none */
	struct capture *capture;	/* read to its end, and still open */
	size_t n;
	struct seen_packet packet[SEEN_PACKETS];	/* of n */
};

/* Open and read to the end.  paths end in NULL and go into cfg. */
void seen_files(struct seen *s, const char *const *paths,
		struct capture_config cfg);
void seen_file(struct seen *s, const char *path);
void seen_memory(struct seen *s, const void *bytes, size_t n);
void seen_image(struct seen *s, const struct image *im);
void seen_release(struct seen *s);

#endif
