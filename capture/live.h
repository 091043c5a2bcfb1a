/*
 * live.h - packets off an interface, by libpcap.
 *
 * The kernel gathers packets in a ring that it shares with us; they are
 * copied out of it into spans, so that the ring is free again at once and a
 * batch may be kept for as long as its readers need.  Nothing waits longer
 * than LIVE_LATENCY, whether packets come or not.
 *
 * What the kernel or the interface had to drop is counted there, and asked
 * for: a capture that knows what it missed.
 */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include "capture/capture.h"
#include "capture/catalog.h"
#include "capture/message.h"

#define LIVE_LATENCY_MS 50	/* before the kernel hands on what it has */

struct live;

/*
 * Open and activate an interface, which is added to the catalog.  Returns an
 * enum capture_open_result, with a text in error; close it either way.
 */
int live_open(struct live **out, const struct capture_live_config *cfg,
	      struct catalog *catalog, char error[CAPTURE_TEXT]);
void live_close(struct live *l);

/*
 * Up to max packets into an empty batch, all but their numbers; none if none
 * came within LIVE_LATENCY.  False: no more will come (live_damage).
 */
bool live_fill(struct live *l, struct capture_batch *b, size_t max);

/* Why the interface ended, or NULL. */
const char *live_damage(const struct live *l);

/* Ask the kernel for its counters. */
void live_counts(struct live *l, struct capture_live_counts *out);

#endif
