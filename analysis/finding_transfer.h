/*
 * finding_transfer.h - why a transfer was as slow as it was, and what helps.
 */
#ifndef ANALYSIS_FINDING_TRANSFER_H
#define ANALYSIS_FINDING_TRANSFER_H

#include "analysis/analyzer.h"
#include "analysis/limit.h"
#include "analysis/loss.h"

#define TRANSFER_FRAMES 4

/* Packets that show something: the first few. */
struct transfer_frames {
	uint64_t frame[TRANSFER_FRAMES];
	uint32_t n;
};

struct transfer {
	enum side side;
	const struct loss *loss;
	const struct cc *cc;		/* the replica that explains it best */
	const struct limit *limit;
	const struct transfer_frames *timeouts, *recoveries, *full_windows,
				     *restarts;
};

static inline void
transfer_note(struct transfer_frames *f, uint64_t frame)
{
	if (f->n < TRANSFER_FRAMES)
		f->frame[f->n] = frame;
	f->n++;
}

/* Put the findings of one direction. */
void finding_transfer(const struct transfer *t, struct analysis *an);

#endif
