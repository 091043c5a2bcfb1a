/*
 * keys.c - names of keys, and the ones that move: keys.h.
 */
#include <limits.h>
#include <stdio.h>

#include "tui/keys.h"

static const struct {
	int key;
	const char *name;
} names[] = {
	{ KEY_TAB, "Tab" },
	{ KEY_RETURN, "Enter" },
	{ KEY_ESCAPE, "Esc" },
	{ ' ', "Space" },
	{ KEY_CTRL_C, "^C" },
	{ KEY_CTRL_D, "^D" },
	{ KEY_CTRL_U, "^U" },
	{ KEY_CTRL_W, "^W" },
	{ KEY_CTRL_L, "^L" },
	{ KEY_ARROW_UP, "Up" },
	{ KEY_ARROW_DOWN, "Down" },
	{ KEY_ARROW_LEFT, "Left" },
	{ KEY_ARROW_RIGHT, "Right" },
	{ KEY_PAGE_UP, "PgUp" },
	{ KEY_PAGE_DOWN, "PgDn" },
	{ KEY_TO_HOME, "Home" },
	{ KEY_TO_END, "End" },
	{ KEY_BACK, "Bksp" },
	{ KEY_DELETE, "Del" },
	{ KEY_BACKTAB, "S-Tab" },
};

static const struct {
	int key;
	long rows, pages;
} steps[] = {
	{ KEY_ARROW_UP, -1, 0 },
	{ 'k', -1, 0 },
	{ KEY_ARROW_DOWN, 1, 0 },
	{ 'j', 1, 0 },
	{ KEY_PAGE_UP, 0, -1 },
	{ KEY_CTRL_U, 0, -1 },
	{ KEY_PAGE_DOWN, 0, 1 },
	{ KEY_CTRL_D, 0, 1 },
	{ KEY_TO_HOME, LONG_MIN / 2, 0 },
	{ 'g', LONG_MIN / 2, 0 },
	{ KEY_TO_END, LONG_MAX / 2, 0 },
	{ 'G', LONG_MAX / 2, 0 },
};

char *
key_label(int key, char buf[8])
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].key == key) {
			snprintf(buf, 8, "%s", names[i].name);
			return buf;
		}
	if (key > KEY_FN && key < KEY_MOUSE_EVENT)
		snprintf(buf, 8, "F%d", (key - KEY_FN) & 15);
	else if (key > ' ' && key < 0x7f)
		snprintf(buf, 8, "%c", key);
	else
		buf[0] = '\0';
	return buf;
}

long
list_step(int key, long page)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i].key == key)
			return steps[i].rows + steps[i].pages * page;
	return 0;
}
