/*
 * prompt.c - editing a line: prompt.h.
 */
#include <string.h>

#include "tui/keys.h"
#include "tui/prompt.h"
#include "tui/show.h"

void
prompt_set(struct prompt *p, const char *text)
{
	show_copy(p->text, sizeof(p->text), text);
	p->len = p->at = strlen(p->text);
}

static enum prompt_result
insert(struct prompt *p, char ch)
{
	if (p->len + 1 >= sizeof(p->text))
		return PROMPT_MOVED;
	memmove(p->text + p->at + 1, p->text + p->at, p->len - p->at + 1);
	p->text[p->at++] = ch;
	p->len++;
	return PROMPT_CHANGED;
}

static enum prompt_result
erase(struct prompt *p, size_t from, size_t to)
{
	if (from >= to)
		return PROMPT_MOVED;
	memmove(p->text + from, p->text + to, p->len - to + 1);
	p->len -= to - from;
	p->at = from;
	return PROMPT_CHANGED;
}

static size_t
word_start(const struct prompt *p)
{
	size_t i = p->at;

	while (i > 0 && p->text[i - 1] == ' ')
		i--;
	while (i > 0 && p->text[i - 1] != ' ')
		i--;
	return i;
}

static void
remember(struct prompt *p)
{
	p->back = 0;
	if (p->len == 0 || (p->n_history > 0 &&
	    strcmp(p->history[p->n_history - 1], p->text) == 0))
		return;
	if (p->n_history == PROMPT_HISTORY)
		memmove(p->history[0], p->history[1],
			sizeof(p->history[0]) * --p->n_history);
	memcpy(p->history[p->n_history++], p->text, sizeof(p->text));
}

static enum prompt_result
recall(struct prompt *p, size_t back)
{
	if (back > p->n_history)
		return PROMPT_MOVED;
	if (p->back == 0)
		memcpy(p->own, p->text, sizeof(p->own));
	p->back = back;
	prompt_set(p, back ? p->history[p->n_history - back] : p->own);
	return PROMPT_CHANGED;
}

static enum prompt_result
move_to(struct prompt *p, size_t at)
{
	p->at = at;
	return PROMPT_MOVED;
}

enum prompt_result
prompt_key(struct prompt *p, int key)
{
	switch (key) {
	case KEY_ESCAPE:
	case KEY_CTRL_C:
		p->back = 0;
		return PROMPT_CANCELLED;
	case KEY_RETURN:
		remember(p);
		return PROMPT_DONE;
	case KEY_BACK:
		return p->at ? erase(p, p->at - 1, p->at) : PROMPT_MOVED;
	case KEY_DELETE:
		return p->at < p->len ? erase(p, p->at, p->at + 1)
				      : PROMPT_MOVED;
	case KEY_CTRL_U:
		return erase(p, 0, p->at);
	case KEY_CTRL_W:
		return erase(p, word_start(p), p->at);
	case KEY_ARROW_LEFT:
		return move_to(p, p->at ? p->at - 1 : 0);
	case KEY_ARROW_RIGHT:
		return move_to(p, p->at < p->len ? p->at + 1 : p->len);
	case KEY_TO_HOME:
		return move_to(p, 0);
	case KEY_TO_END:
		return move_to(p, p->len);
	case KEY_ARROW_UP:
		return recall(p, p->back + 1);
	case KEY_ARROW_DOWN:
		return p->back ? recall(p, p->back - 1) : PROMPT_MOVED;
	}
	if (key >= ' ' && key < 0x7f)
		return insert(p, (char)key);
	return PROMPT_IGNORED;
}

const char *
prompt_shown(const struct prompt *p, int n, int *cursor)
{
	size_t from = 0;

	if (n > 1 && p->at >= (size_t)n)
		from = p->at - (size_t)n + 1;
	*cursor = (int)(p->at - from);
	return p->text + from;
}
