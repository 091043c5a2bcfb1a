/*
 * bytes.h - bytes in hex and as text, a range of them marked.  Pure.
 */
#ifndef TUI_BYTES_H
#define TUI_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"

/* Bytes in a row of a screen so wide: 16, 8 or 4. */
int bytes_across(int cols);

/* Rows from `top` on; [from, to) is marked. */
void bytes_draw(struct canvas *c, const uint8_t *bytes, size_t len,
		size_t top, size_t from, size_t to);

#endif
