/*
 * prompt.h - a line of text being edited, and the lines before it.
 *
 * Pure: keys in, text out.  The text is ASCII: other characters are not
 * taken, filters and SQL need none.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#define PROMPT_SIZE    512
#define PROMPT_HISTORY 64

struct prompt {
	char text[PROMPT_SIZE];
	size_t len;
	size_t at;		/* the cursor, in bytes */
	char history[PROMPT_HISTORY][PROMPT_SIZE];
	size_t n_history;
	size_t back;		/* how far back in history; 0: the own line */
	char own[PROMPT_SIZE];	/* that line, while history is shown */
};

enum prompt_result {
	PROMPT_IGNORED,		/* not a key for a prompt */
	PROMPT_MOVED,
	PROMPT_CHANGED,
	PROMPT_DONE,		/* Enter: the text is in history */
	PROMPT_CANCELLED,
};

void prompt_set(struct prompt *p, const char *text);
enum prompt_result prompt_key(struct prompt *p, int key);

/* The part of the text to be shown in n columns, and the cursor in it. */
const char *prompt_shown(const struct prompt *p, int n, int *cursor);

#endif
