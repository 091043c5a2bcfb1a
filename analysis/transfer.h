/*
 * transfer.h - one direction of a connection, as the findings about it see it:
 * measures, and how they are put into words.
 *
 * Shares are of the time in which data was on its way or waited for the
 * receiver's window (the kernel's `busy`).  Rates are of payload.
 */
#ifndef ANALYSIS_TRANSFER_H
#define ANALYSIS_TRANSFER_H

#include "analysis/finding.h"
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
	const struct row_sink *sink;	/* for its thresholds */
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

/* Worth a verdict: enough bytes, or long enough. */
bool transfer_counts(const struct transfer *t);

double transfer_share(const struct transfer *t, enum limit_cause cause);
/* Of all that its congestion window, losses and the path did. */
double transfer_window_share(const struct transfer *t);

nstime transfer_min_rtt(const struct transfer *t);
nstime transfer_srtt(const struct transfer *t);

/* Bytes a second: while busy; and what the path carried at its best, as far
   as that was seen. */
double transfer_rate(const struct transfer *t);
double transfer_best_rate(const struct transfer *t);
/* Was that seen at all?  Else the best is what it got. */
bool transfer_knows_best(const struct transfer *t);
/* Where the path was full for long enough to tell, what it carried then. */
double transfer_full_rate(const struct transfer *t);

/* Segments held for lost and sent again; as a share of all that were sent. */
uint32_t transfer_lost(const struct transfer *t);
double transfer_loss_rate(const struct transfer *t);
/* A queue stood in the path before the losses: it ran over. */
bool transfer_overflows(const struct transfer *t);
/* Time-outs for data. */
uint32_t transfer_timeouts(const struct transfer *t);
/* While the path was full its rate for this transfer changed; a queue stood
   there before it began. */
bool transfer_rate_changes(const struct transfer *t);
bool transfer_came_late(const struct transfer *t, const struct analysis *an);
/* Mean time in the queue while the path was full, us. */
double transfer_queue_us(const struct transfer *t);

#define TRANSFER_TEXT_SIZE 24

const char *rate_text(double bytes_per_s, char buf[TRANSFER_TEXT_SIZE]);
const char *size_text(double bytes, char buf[TRANSFER_TEXT_SIZE]);

/* "time-out", "time-outs" */
const char *plural(uint64_t n, const char *one, const char *more);

void transfer_evidence(struct finding *f, const struct transfer_frames *from,
		       const char *note);

/* Each puts its findings, or none: finding_transfer_*.c. */
void finding_receive_window(const struct transfer *t, struct analysis *an);
void finding_application(const struct transfer *t, struct analysis *an);
void finding_slow_start(const struct transfer *t, struct analysis *an);
void finding_restarts(const struct transfer *t, struct analysis *an);
void finding_initial_window(const struct transfer *t, struct analysis *an);
void finding_path(const struct transfer *t, struct analysis *an);
void finding_paced(const struct transfer *t, struct analysis *an);
void finding_losses(const struct transfer *t, struct analysis *an);
void finding_policer(const struct transfer *t, struct analysis *an);
void finding_timeouts(const struct transfer *t, struct analysis *an);
void finding_kind(const struct transfer *t, struct analysis *an);
void finding_spurious(const struct transfer *t, struct analysis *an);

#endif
