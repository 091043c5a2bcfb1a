/*
 * live_screen.h - listening with the terminal's views in front.
 */
#ifndef CLI_LIVE_SCREEN_H
#define CLI_LIVE_SCREEN_H

#include "cli/live.h"
#include "tui/tui.h"

/* As live_run(); it ends when the views are left, or by itself. */
int live_screen(const struct live_config *cfg,
		const struct tui_options *options);

#endif
