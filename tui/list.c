/*
 * list.c - scrolling: list.h.
 */
#include <limits.h>

#include "tui/keys.h"
#include "tui/list.h"

void
list_fit(struct list *l, size_t n, size_t height)
{
	if (height < 1)
		height = 1;
	if (l->selected >= n)
		l->selected = n > 0 ? n - 1 : 0;
	if (l->top + height > n)
		l->top = n > height ? n - height : 0;
	if (l->top > l->selected)
		l->top = l->selected;
	if (l->selected - l->top >= height)
		l->top = l->selected - height + 1;
}

void
list_set(struct list *l, size_t n, size_t height, size_t selected)
{
	l->selected = selected;
	list_fit(l, n, height);
}

void
list_move(struct list *l, size_t n, size_t height, long by)
{
	size_t back = by < 0 ? (size_t)-(by + 1) + 1 : 0;

	if (by >= 0)
		list_set(l, n, height, (size_t)by > n - l->selected
			 ? n : l->selected + (size_t)by);
	else
		list_set(l, n, height, back > l->selected
			 ? 0 : l->selected - back);
}

bool
list_key(struct list *l, size_t n, size_t height, int key)
{
	long page = height > 1 ? (long)height - 1 : 1;
	long by = list_step(key, page);

	if (by == 0)
		return false;
	list_move(l, n, height, by);
	return true;
}
