/*
 * finding_transfer_path.c - a transfer that the path held back: its rate, the
 * queue in front of it, what it loses, and the timers that losses wait for.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/thresholds.h"
#include "analysis/transfer.h"

#define THRESHOLD_US(which) (threshold(t->sink, THRESHOLD_##which) * 1e6)

#define FULL_NOTABLE .3		/* of the busy time with a queue */

/* --- the path is full ----------------------------------------------------------- */

static bool
is_bloated(const struct transfer *t)
{
	double queue = transfer_queue_us(t);

	return queue > THRESHOLD_US(QUEUE_BAD) ||
	       (queue > THRESHOLD_US(QUEUE) &&
		queue > 3. * loss_min_rtt(t->loss));
}

static void
say_losses_are_signals(const struct transfer *t, struct finding *f)
{
	if (transfer_lost(t) && transfer_overflows(t))
		finding_say(f, "The %" PRIu32 " %s part of that: the queue ran "
			    "over.", transfer_lost(t),
			    plural(transfer_lost(t), "loss is",
				   "losses are"));
}

/* The rate that is left for it is what changes; or it came to a full path. */
static void
shared(const struct transfer *t, struct analysis *an)
{
	const struct full_path *full = &t->limit->full;
	bool changes = transfer_rate_changes(t);
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	char c[TRANSFER_TEXT_SIZE], q[TIME_TEXT_SIZE];
	struct finding f;

	rate_text(transfer_rate(t), a);
	finding_begin(&f, an, t->side, "note", "path_shared", .65);
	if (changes)
		finding_title(&f, "the path was full, and what it had left "
			      "changed: %s to %s, %s on average",
			      rate_text(full->least, b),
			      rate_text(full->most, c), a);
	else
		finding_title(&f, "others filled the path before this transfer "
			      "began: %s were left", a);
	finding_say(&f, "A queue of %s stood in front of the slowest link,",
		    finding_time((nstime)transfer_queue_us(t) * NS_PER_US,
				 q));
	if (changes)
		finding_say(&f, "but the rate at which it let this transfer "
			    "through was not the same all the time: other "
			    "traffic came and went, or the link's own rate "
			    "changed (radio, shaping).");
	else
		finding_say(&f, "and it stood there already when the two ends "
			    "first met: the handshake took longer than packets "
			    "did later.");
	say_losses_are_signals(t, &f);
	finding_put(&f, an, "Find who else uses the link ('tcpsaw report' on a "
		    "capture of all of it, or the router's counters), and give "
		    "it more capacity, or each its share (fq_codel, cake).");
}

static void
queue(const struct transfer *t, struct analysis *an)
{
	double us = transfer_queue_us(t), rate = transfer_best_rate(t);
	char q[TIME_TEXT_SIZE], m[TIME_TEXT_SIZE], s[TRANSFER_TEXT_SIZE];
	char r[TRANSFER_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, is_bloated(t) ? "warning" : "note",
		      "bufferbloat", .8);
	finding_title(&f, "the path was full at %s, and a queue of %s stands "
		      "in it", rate_text(rate, r),
		      finding_time((nstime)us * NS_PER_US, q));
	finding_say(&f, "This transfer gets all that the slowest link can "
		    "give, %s, and fills the buffer in front of it: %s wait "
		    "there on average. Each packet is %s later than the %s "
		    "that the way takes when it is empty, and so is everything "
		    "else on that link (calls, games, other pages).", r,
		    size_text(us * rate / 1e6, s), q,
		    finding_time(transfer_min_rtt(t), m));
	say_losses_are_signals(t, &f);
	finding_put(&f, an, "The transfer itself cannot be faster on that "
		    "link. To keep its delay low use fair queueing with active queue "
		    "management there (fq_codel, cake), or a smaller buffer; "
		    "or limit the sender (BBR, SO_MAX_PACING_RATE).");
}

static void
full(const struct transfer *t, struct analysis *an)
{
	char r[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, "note", "path_limited", .75);
	finding_title(&f, "the path was the limit: %s of the %s that it "
		      "carries", rate_text(transfer_rate(t), r),
		      rate_text(transfer_best_rate(t), b));
	finding_say(&f, "The slowest link on the way was the limit. Neither "
		    "the programs nor the windows of the two ends held the "
		    "transfer back.");
	say_losses_are_signals(t, &f);
	finding_put(&f, an, "Nothing is wrong with the connection. It gets "
		    "faster with a faster link, or with fewer bytes "
		    "(compression, caching).");
}

void
finding_paced(const struct transfer *t, struct analysis *an)
{
	char r[TRANSFER_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, "note", "paced", .6);
	finding_title(&f, "the %s paced itself to %s", finding_side(t->side),
		      rate_text(transfer_rate(t), r));
	finding_say(&f, "It sent evenly, at a rate that did not change, though "
		    "nothing was lost and no queue grew: the path was not "
		    "full. Somebody at the %s asked for that rate.",
		    finding_side(t->side));
	finding_put(&f, an, "Look for SO_MAX_PACING_RATE in the program, for "
		    "rate limits in its configuration, and for 'tc qdisc' on "
		    "that host (fq maxrate, tbf).");
}

/* Neither full nor losing: the window grew, or had not come back. */
static void
growing(const struct transfer *t, struct analysis *an)
{
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, "note", "congestion_window_limited",
		      .6);
	finding_title(&f, "the sender's own caution was the limit %.0f %% of "
		      "the time: %s", transfer_window_share(t) * 100,
		      rate_text(transfer_rate(t), a));
	finding_say(&f, "The %s sends only as much at once as its congestion "
		    "window lets it, which was growing, or had not grown "
		    "again after a loss. The path carried %s at its best.",
		    finding_side(t->side),
		    rate_text(transfer_best_rate(t), b));
	if (transfer_lost(t))
		finding_say(&f, "It lost %" PRIu32 " %s on the way and had to "
			    "send %s again.", transfer_lost(t),
			    plural(transfer_lost(t), "segment", "segments"),
			    plural(transfer_lost(t), "it", "them"));
	finding_put(&f, an, "It evens out in longer transfers: keep "
		    "connections open and use them again.");
}

void
finding_path(const struct transfer *t, struct analysis *an)
{
	double part = transfer_share(t, LIMIT_BOTTLENECK);

	if (t->cc->ops->model_based &&
	    transfer_full_rate(t) < .6 * transfer_best_rate(t))
		part = 0;
	if (part >= FULL_NOTABLE && (transfer_rate_changes(t) ||
				     transfer_came_late(t, an)))
		shared(t, an);
	else if (part >= FULL_NOTABLE &&
		 transfer_queue_us(t) > THRESHOLD_US(QUEUE))
		queue(t, an);
	else if (part >= FULL_NOTABLE ||
		 transfer_rate(t) >= .8 * transfer_best_rate(t))
		full(t, an);
	else
		growing(t, an);
}

/* --- losses --------------------------------------------------------------------- */

void
finding_policer(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, "warning", "policer", .6);
	finding_title(&f, "something on the path drops what exceeds a rate (a "
		      "policer): %s got through",
		      rate_text(transfer_rate(t), a));
	finding_say(&f, "%" PRIu32 " times segments were lost, %.0f at once, "
		    "while the round trip did not grow before: nothing queues, "
		    "what is too much is dropped. Short bursts passed at %s, "
		    "the transfer got %s on average.", l->n_recovery,
		    (double)transfer_lost(t) / l->n_recovery,
		    rate_text(l->max_rate, b), a);
	transfer_evidence(&f, t->recoveries, "sent again after a loss");
	finding_put(&f, an, "Ask who runs the network for the rate that is "
		    "paid for, and for shaping (a queue) instead of policing; "
		    "or pace the sender below that rate (tc fq maxrate, "
		    "SO_MAX_PACING_RATE, BBR).");
}

static void
say_where(const struct transfer *t, const struct analysis *an,
	  struct finding *f)
{
	switch (an->vantage[t->side]) {
	case VANTAGE_HERE:
		finding_say(f, "They were lost behind this capture point, for "
			    "they were seen leaving.");
		break;
	case VANTAGE_FAR:
		finding_say(f, "They were lost before this capture point.");
		break;
	case VANTAGE_MIDDLE:
		finding_say(f, "On which side of this capture point is told by "
			    "the 'loss' events.");
		break;
	default:
		break;
	}
}

/* Did a queue stand before them?  Then they are its end. */
static void
say_why(const struct transfer *t, struct finding *f)
{
	double us = t->loss->queue_at_loss;
	char q[TIME_TEXT_SIZE], s[TRANSFER_TEXT_SIZE];

	if (transfer_overflows(t))
		finding_say(f, "Before them the round trip had grown by %s: a "
			    "queue of only about %s ran over.",
			    finding_time((nstime)us * NS_PER_US, q),
			    size_text(us * transfer_best_rate(t) / 1e6, s));
	else
		finding_say(f, "The round trip had not grown before them: it "
			    "was no queue of this transfer that ran over.");
}

void
finding_losses(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	double percent = transfer_loss_rate(t) * 100;
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, "warning", "loss_limited", .75);
	finding_title(&f, "losses (%.*f %% of the segments) keep the transfer "
		      "at %s", percent < 1 ? 2 : 1, percent,
		      rate_text(transfer_rate(t), a));
	finding_say(&f, "%" PRIu32 " of %" PRIu32 " segments were lost, on %"
		    PRIu32 " occasions. After each the %s sends less%s",
		    transfer_lost(t), l->data_segs + l->rtx_total,
		    l->n_recovery + transfer_timeouts(t),
		    finding_side(t->side), t->cc->ops->model_based ? "." :
		    " (its congestion window shrinks).");
	if (transfer_best_rate(t) > 1.1 * transfer_rate(t))
		finding_say(&f, "It had not come back to the %s that the path "
			    "carried at its best when the next was lost.",
			    rate_text(transfer_best_rate(t), b));
	say_why(t, &f);
	say_where(t, an, &f);
	transfer_evidence(&f, t->recoveries, "sent again after a loss");
	if (!l->sack_ok)
		finding_say(&f, "The two ends did not agree on SACK, so each "
			    "round trip repaired one loss only.");
	finding_put(&f, an, transfer_overflows(t) ?
		    "The buffer in front of the slowest link is small. A "
		    "larger one there, or pacing at the sender (tc fq, BBR), "
		    "makes the losses fewer; SACK at both ends "
		    "(net.ipv4.tcp_sack = 1) repairs them sooner." :
		    "Find the lossy link: interface error counters "
		    "(ip -s link, ethtool -S), duplex, cables, Wi-Fi, shallow "
		    "switch buffers. On a path that loses at random BBR "
		    "suffers much less than CUBIC or Reno.");
}

/* Why fast recovery could not do it. */
static void
say_causes(const struct loss *l, struct finding *f)
{
	if (l->n_timeout_tail)
		finding_say(f, "%" PRIu32 " %s too few segments followed the "
			    "lost one: with less than three of them the "
			    "receiver cannot report enough for a faster "
			    "repair.", l->n_timeout_tail,
			    plural(l->n_timeout_tail, "time", "times"));
	if (l->n_timeout_again)
		finding_say(f, "%" PRIu32 " %s what was sent again was lost "
			    "as well: that, too, only a timer tells.",
			    l->n_timeout_again,
			    plural(l->n_timeout_again, "time", "times"));
	if (l->n_timeout_all)
		finding_say(f, "%" PRIu32 " %s nothing at all came back: the "
			    "path was interrupted, or very slow for a "
			    "moment.", l->n_timeout_all,
			    plural(l->n_timeout_all, "time", "times"));
}

void
finding_timeouts(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	uint32_t n = transfer_timeouts(t);
	nstime waited = (nstime)l->timeout_us * NS_PER_US;
	char wait[TIME_TEXT_SIZE];
	struct finding f;

	if (!n)
		return;
	finding_begin(&f, an, t->side, n > 2 || waited > NS_PER_S ? "warning"
								  : "note",
		      "retransmission_timeouts", .9);
	finding_title(&f, "%" PRIu32 " %s: %s spent waiting for a timer", n,
		      plural(n, "time-out", "time-outs"),
		      finding_time(waited, wait));
	finding_say(&f, "Something was lost, and the %s learned of it only "
		    "because no answer came for 200 ms or (each time in a row) "
		    "twice as long; then it started again slowly.",
		    finding_side(t->side));
	say_causes(l, &f);
	transfer_evidence(&f, t->timeouts, "sent again after a time-out");
	finding_put(&f, an, "Look at what loses the packets first. SACK, RACK "
		    "and tail loss probes (Linux: net.ipv4.tcp_sack, "
		    "tcp_recovery, tcp_early_retrans at their defaults) avoid "
		    "most time-outs; many small messages on one connection "
		    "invite them.");
}

/* More duplicates than were sent again are the network's own copies. */
void
finding_spurious(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	struct finding f;

	if (!l->n_undo && (l->dsack_dups < 3 || l->dsack_dups > l->rtx_total))
		return;
	finding_begin(&f, an, t->side, "note", "spurious_retransmissions",
		      .85);
	finding_title(&f, "segments were sent again without need");
	finding_say(&f, "They were late or overtaken, not lost: the receiver "
		    "reported %" PRIu32 " %s that it had already (D-SACK), and "
		    "the %s took back %" PRIu32 " %s of its window.",
		    l->dsack_dups, plural(l->dsack_dups, "segment",
					  "segments"),
		    finding_side(t->side), l->n_undo,
		    plural(l->n_undo, "reduction", "reductions"));
	transfer_evidence(&f, l->n_undo && t->timeouts->n ? t->timeouts :
			  t->recoveries, "sent again");
	finding_put(&f, an, "Something on the path reorders packets or delays "
		    "them by leaps: parallel links without flow hashing, "
		    "Wi-Fi, a busy virtual host.");
}
