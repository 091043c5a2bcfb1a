/*
 * stream.h - the bytes that one end sent, in order, as far as they are there.
 *
 * Pure and bounded: the first STREAM_MAX bytes.  A byte that comes twice is
 * kept as it came first.  What is missing is a gap, and said.
 */
#ifndef TUI_STREAM_H
#define TUI_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"

#define STREAM_MAX (1u << 20)

struct stream {
	uint8_t *byte;
	uint8_t *there;		/* one bit a byte */
	size_t len;		/* one past the last byte that is there */
	bool cut;		/* there was more */
};

/* -1 where there is no memory. */
int stream_init(struct stream *s);
void stream_release(struct stream *s);

/* Bytes from an offset on; negative: before the stream, left out. */
void stream_add(struct stream *s, int64_t at, const uint8_t *bytes,
		size_t len);

/* From at on, bytes that are there (or a gap, if *gap): how many. */
size_t stream_run(const struct stream *s, size_t at, bool *gap);

/*
 * Lines of a width for a screen.  A line is a part of a run: its first byte
 * and how many.  Text is broken at line feeds, hex is not.
 */
struct stream_line {
	size_t at, len;
	bool gap;
};

bool stream_next_line(const struct stream *s, size_t at, size_t width,
		      bool hex, struct stream_line *line);

void stream_draw_line(const struct stream *s, const struct stream_line *line,
		      bool hex, struct canvas *c, int y, enum style style);

#endif
