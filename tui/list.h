/*
 * list.h - a selected row and the rows on the screen.
 *
 * Pure: where the selection and the top row are after a step.  The selection
 * is always on the screen, and there is never an empty screen after the end.
 */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	size_t selected;
	size_t top;
};

void list_move(struct list *l, size_t n, size_t height, long by);
void list_set(struct list *l, size_t n, size_t height, size_t selected);

/* After the number of rows or the height has changed. */
void list_fit(struct list *l, size_t n, size_t height);

/* Up, down, pages, Home, End and their vi names.  False: not such a key. */
bool list_key(struct list *l, size_t n, size_t height, int key);

#endif
