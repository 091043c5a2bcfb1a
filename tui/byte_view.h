/*
 * byte_view.h - the bytes that one end sent, in order, as far as they are
 * there.
 *
 * Pure and bounded: the first BYTE_VIEW_MAX bytes.  A byte that comes twice is
 * kept as it came first.  What is missing is a gap, and said.
 */
#ifndef TUI_BYTE_VIEW_H
#define TUI_BYTE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"

#define BYTE_VIEW_MAX (1u << 20)

struct byte_view {
	uint8_t *byte;
	uint8_t *there;		/* one bit a byte */
	size_t len;		/* one past the last byte that is there */
	bool cut;		/* there was more */
};

/* -1 where there is no memory. */
int byte_view_init(struct byte_view *s);
void byte_view_release(struct byte_view *s);

/* Bytes from an offset on; negative: before the stream, left out. */
void byte_view_add(struct byte_view *s, int64_t at, const uint8_t *bytes,
		size_t len);

/* From at on, bytes that are there (or a gap, if *gap): how many. */
size_t byte_view_run(const struct byte_view *s, size_t at, bool *gap);

/*
 * Lines of a width for a screen.  A line is a part of a run: its first byte
 * and how many.  Text is broken at line feeds, hex is not.
 */
struct byte_line {
	size_t at, len;
	bool gap;
};

bool byte_view_next_line(const struct byte_view *s, size_t at, size_t width,
		      bool hex, struct byte_line *line);

void byte_view_draw_line(const struct byte_view *s,
			 const struct byte_line *line,
		      bool hex, struct canvas *c, int y, enum style style);

#endif
