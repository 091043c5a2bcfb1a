/*
 * transfer.c - see transfer.h.
 */
#include <stdio.h>

#include "analysis/thresholds.h"
#include "analysis/transfer.h"

#define SLOTS_MIN 3
#define SAME_RATE .8		/* of the best slot: the path is its own */

bool
transfer_counts(const struct transfer *t)
{
	return t->loss->bytes_acked >=
		       threshold_count(t->sink, THRESHOLD_TRANSFER_BYTES) ||
	       (t->limit->busy >=
		       threshold_time(t->sink, THRESHOLD_TRANSFER_TIME) && t->loss->data_segs >= 20);
}

double
transfer_share(const struct transfer *t, enum limit_cause cause)
{
	double part = (double)t->limit->while_busy[cause];

	return part > 0 && t->limit->busy ? part / (double)t->limit->busy : 0;
}

double
transfer_window_share(const struct transfer *t)
{
	return transfer_share(t, LIMIT_CONGESTION_WINDOW) +
	       transfer_share(t, LIMIT_RECOVERY) +
	       transfer_share(t, LIMIT_BOTTLENECK) +
	       transfer_share(t, LIMIT_PACING);
}

nstime
transfer_min_rtt(const struct transfer *t)
{
	return (nstime)loss_min_rtt(t->loss) * NS_PER_US;
}

nstime
transfer_srtt(const struct transfer *t)
{
	return (nstime)loss_srtt(t->loss) * NS_PER_US;
}

double
transfer_rate(const struct transfer *t)
{
	return t->limit->busy ? (double)t->loss->bytes_acked * 1e9 /
				(double)t->limit->busy : 0;
}

double
transfer_full_rate(const struct transfer *t)
{
	const struct full_path *f = &t->limit->full;

	return f->time ? f->bytes * 1e9 / (double)f->time : 0;
}

double
transfer_best_rate(const struct transfer *t)
{
	const struct full_path *f = &t->limit->full;
	double best = transfer_rate(t), full = transfer_full_rate(t);

	/* The peak of a moment is compressed ACKs where a queue stood. */
	if (f->n_slots >= SLOTS_MIN)
		best = f->most > best ? f->most : best;
	else if (t->loss->max_rate > best)
		best = t->loss->max_rate;
	return full > best ? full : best;
}

bool
transfer_knows_best(const struct transfer *t)
{
	return t->limit->full.n_slots >= SLOTS_MIN || t->loss->max_rate > 0;
}

uint32_t
transfer_lost(const struct transfer *t)
{
	const struct loss *l = t->loss;

	return l->lost_total < l->rtx_total ? l->lost_total : l->rtx_total;
}

double
transfer_loss_rate(const struct transfer *t)
{
	uint32_t sent = t->loss->data_segs + t->loss->rtx_total;

	return sent ? (double)transfer_lost(t) / sent : 0;
}

bool
transfer_overflows(const struct transfer *t)
{
	return t->loss->queue_at_loss > loss_min_rtt(t->loss) / 4. + 500;
}

double
transfer_queue_us(const struct transfer *t)
{
	nstime full = t->limit->total[LIMIT_BOTTLENECK];

	return full ? t->limit->queue_us / (double)full : 0;
}

bool
transfer_rate_changes(const struct transfer *t)
{
	const struct full_path *f = &t->limit->full;

	return f->n_slots >= SLOTS_MIN && !transfer_timeouts(t) &&
	       transfer_full_rate(t) < SAME_RATE * f->most;
}

bool
transfer_came_late(const struct transfer *t, const struct analysis *an)
{
	nstime first = an->rtt->handshake, min = transfer_min_rtt(t);

	return first > min + min / 4 + 10 * NS_PER_MS;
}

uint32_t
transfer_timeouts(const struct transfer *t)
{
	return t->loss->n_timeout - t->loss->n_timeout_fin;
}

const char *
rate_text(double bytes_per_s, char buf[TRANSFER_TEXT_SIZE])
{
	double bits = bytes_per_s * 8;

	if (bits >= 1e9)
		snprintf(buf, TRANSFER_TEXT_SIZE, "%.2f Gb/s", bits / 1e9);
	else if (bits >= 1e7)
		snprintf(buf, TRANSFER_TEXT_SIZE, "%.1f Mb/s", bits / 1e6);
	else if (bits >= 1e6)
		snprintf(buf, TRANSFER_TEXT_SIZE, "%.2f Mb/s", bits / 1e6);
	else
		snprintf(buf, TRANSFER_TEXT_SIZE, "%.0f kb/s", bits / 1e3);
	return buf;
}

const char *
size_text(double bytes, char buf[TRANSFER_TEXT_SIZE])
{
	if (bytes >= 1e6)
		snprintf(buf, TRANSFER_TEXT_SIZE, "%.1f MB", bytes / 1e6);
	else if (bytes >= 1e4)
		snprintf(buf, TRANSFER_TEXT_SIZE, "%.0f kB", bytes / 1e3);
	else
		snprintf(buf, TRANSFER_TEXT_SIZE, "%.1f kB", bytes / 1e3);
	return buf;
}

const char *
plural(uint64_t n, const char *one, const char *more)
{
	return n == 1 ? one : more;
}

void
transfer_evidence(struct finding *f, const struct transfer_frames *from,
		  const char *note)
{
	for (uint32_t i = 0; i < from->n && i < TRANSFER_FRAMES; i++)
		finding_evidence(f, from->frame[i], note);
}
