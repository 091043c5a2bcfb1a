/*
 * help.h - the overlay that explains the keys, made from the key tables.
 */
#ifndef TUI_HELP_H
#define TUI_HELP_H

#include "tui/app.h"

extern const struct binding common_bindings[];

void help_draw(struct tui *t, struct canvas *screen);
void help_key(struct tui *t, int key);

#endif
