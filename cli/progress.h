/*
 * progress.h - how far the reading of a capture has come, on a terminal.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

#include "base/nstime.h"
#include "capture/capture.h"

struct progress {
	bool shown;		/* a bar stands on the screen */
	nstime started, drawn;	/* of this machine's clock */
	unsigned calls;
};

void progress_init(struct progress *p);

/* To be called often; looks at the clock now and then, draws even less. */
void progress_draw(struct progress *p, const struct capture *c);

/* Take the bar away. */
void progress_clear(struct progress *p);

#endif
