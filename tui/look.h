/*
 * look.h - letters, colours and words of states, causes and events.
 *
 * Tables from the names in the database; a name that is not listed gets a
 * look too, so that a newer database is shown rather than refused.
 */
#ifndef TUI_LOOK_H
#define TUI_LOOK_H

#include <stddef.h>
#include <stdint.h>

#include "tui/style.h"

struct look {
	const char *name;	/* in the database */
	char letter;
	enum style style;
	const char *words;
};

/* Never NULL. */
const struct look *state_look(const char *name);
const struct look *cause_look(const char *name);

/* The i-th, for legends; NULL after the last. */
const struct look *state_look_at(size_t i);
const struct look *cause_look_at(size_t i);

/* Events that are marks on a lane: the sign, 0 for the others; the one with
   the highest rank is shown where several meet. */
struct mark_look {
	char sign;
	uint8_t rank;
	enum style style;
};
struct mark_look event_mark(const char *kind);

/*
 * An event in words: "fast retransmission of 1448 bytes after 3 duplicate
 * ACKs; packet 4711".  detail is its JSON, or "".
 */
void event_words(char *buf, size_t size, const char *kind, int64_t seq,
		 int64_t len, int64_t frame, const char *detail);

enum style severity_style(const char *severity);

#endif
