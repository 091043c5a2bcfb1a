/*
 * finding_transfer.c - one function a cause, most important first.
 *
 * Each needs enough of a transfer to be worth a word, gives this transfer's
 * numbers, and what to change.  What is as it should be is a note at most.
 */
#include "analysis/finding_transfer.h"

#include <inttypes.h>
#include <stdio.h>

#include "analysis/finding.h"

/* A transfer worth a word: so many bytes, or so long busy. */
#define BYTES_MIN 100000
#define BUSY_MIN (500 * NS_PER_MS)
#define SHARE_MAIN .5		/* of the busy time: the main cause */
#define QUEUE_BLOAT_US 100000
#define QUEUE_NOTE_US 30000
#define POLICER_BURST 6		/* segments lost at once */
#define RATE_TEXT_SIZE 24

static const char *
rate_text(double bytes_per_s, char buf[RATE_TEXT_SIZE])
{
	double bits = bytes_per_s * 8;

	if (bits >= 1e9)
		snprintf(buf, RATE_TEXT_SIZE, "%.2f Gb/s", bits / 1e9);
	else if (bits >= 1e6)
		snprintf(buf, RATE_TEXT_SIZE, "%.2f Mb/s", bits / 1e6);
	else
		snprintf(buf, RATE_TEXT_SIZE, "%.0f kb/s", bits / 1e3);
	return buf;
}

static const char *
size_text(double bytes, char buf[RATE_TEXT_SIZE])
{
	if (bytes >= 1e6)
		snprintf(buf, RATE_TEXT_SIZE, "%.1f MB", bytes / 1e6);
	else
		snprintf(buf, RATE_TEXT_SIZE, "%.0f kB", bytes / 1e3);
	return buf;
}

static double
share(const struct transfer *t, enum limit_cause cause)
{
	return t->limit->busy ? (double)t->limit->while_busy[cause] /
				(double)t->limit->busy : 0;
}

static double
window_share(const struct transfer *t)
{
	return share(t, LIMIT_CONGESTION_WINDOW) + share(t, LIMIT_RECOVERY) +
	       share(t, LIMIT_BOTTLENECK) + share(t, LIMIT_PACING);
}

static nstime
min_rtt(const struct transfer *t)
{
	return (nstime)loss_min_rtt(t->loss) * NS_PER_US;
}

/* Bytes a second at best: the largest rate of delivery. */
static double
path_rate(const struct transfer *t)
{
	return t->loss->max_rate;
}

static double
path_bytes(const struct transfer *t)
{
	return path_rate(t) * (double)min_rtt(t) / 1e9;
}

static double
mean_rate(const struct transfer *t)
{
	return t->limit->busy ? (double)t->loss->bytes_acked * 1e9 /
				(double)t->limit->busy : 0;
}

static double
loss_rate(const struct transfer *t)
{
	return t->loss->data_segs ? (double)t->loss->lost_total /
				    t->loss->data_segs : 0;
}

static void
add_frames(struct finding *f, const struct transfer_frames *from,
	   const char *note)
{
	for (uint32_t i = 0; i < from->n && i < TRANSFER_FRAMES; i++)
		finding_evidence(f, from->frame[i], note);
}

/* --- the receiver's window ---------------------------------------------------- */

static void
scaling_missing(const struct transfer *t, struct analysis *an)
{
	const struct half *h = an->conn->half;
	bool sender_lacks = !h[t->side].wscale_offered;
	bool peer_lacks = !h[!t->side].wscale_offered;
	char rate[RATE_TEXT_SIZE], rtt[TIME_TEXT_SIZE];
	struct finding f;

	if (!h[0].isn_known || !h[1].isn_known ||
	    (!sender_lacks && !peer_lacks))
		return;
	finding_begin(&f, an, t->side, "warning", "window_scaling_missing",
		      .95);
	finding_title(&f, "no window scaling: at most 64 kB a round trip");
	finding_say(&f, "The %s did not offer the window scale option (RFC "
		    "7323), so the window cannot be larger than 65,535 bytes. "
		    "At a round trip of %s that allows %s at most.",
		    sender_lacks && peer_lacks ? "two ends" :
		    finding_side(sender_lacks ? t->side : !t->side),
		    finding_time(min_rtt(t), rtt),
		    rate_text(65535e9 / (double)(min_rtt(t) + 1), rate));
	add_frames(&f, t->full_windows, "the window is full");
	finding_put(&f, an, "Enable window scaling at both ends (Linux: "
		    "net.ipv4.tcp_window_scaling = 1), and look for a firewall "
		    "or proxy that removes the option from SYN segments.");
}

static void
receive_window(const struct transfer *t, struct analysis *an)
{
	double part = share(t, LIMIT_RECEIVE_WINDOW);
	double wnd = t->loss->max_window, need = path_bytes(t);
	char a[RATE_TEXT_SIZE], b[RATE_TEXT_SIZE], c[RATE_TEXT_SIZE];
	char d[RATE_TEXT_SIZE], rtt[TIME_TEXT_SIZE];
	struct finding f;

	if (part < .2)
		return;
	if (part > SHARE_MAIN)
		scaling_missing(t, an);
	finding_begin(&f, an, t->side, part > SHARE_MAIN ? "warning" : "note",
		      "receive_window_limited", .9);
	finding_title(&f, "limited by the %s's receive window %.0f %% of the "
		      "time", finding_side(!t->side), part * 100);
	finding_say(&f, "The %s could have sent more, but the %s's window "
		    "(%s at most) was full. At a round trip of %s such a "
		    "window allows %s; the transfer reached %s, and the path "
		    "carried %s at its best.", finding_side(t->side),
		    finding_side(!t->side), size_text(wnd, a),
		    finding_time((nstime)loss_srtt(t->loss) * NS_PER_US, rtt),
		    rate_text(wnd * 1e6 / (loss_srtt(t->loss) + 1), b),
		    rate_text(mean_rate(t), c), rate_text(path_rate(t), d));
	add_frames(&f, t->full_windows, "the window is full");
	if (need < 2 * wnd)
		need = 2 * wnd;
	finding_say(&f, "To fill the path at twice that rate the receiver "
		    "needs a buffer of about %s.", size_text(2 * need, a));
	finding_put(&f, an, "If the receiving program reads slowly, that is "
		    "the cause: look there first. Otherwise give its socket a "
		    "larger buffer: do not set SO_RCVBUF small, and raise the "
		    "third value of net.ipv4.tcp_rmem to the bandwidth-delay "
		    "product times two.");
}

/* --- queues and losses --------------------------------------------------------- */

static void
bufferbloat(const struct transfer *t, struct analysis *an)
{
	nstime total = t->limit->total[LIMIT_BOTTLENECK];
	double queue = total ? t->limit->queue_us / (double)total : 0;
	bool bad = queue > QUEUE_BLOAT_US &&
		   queue > 3. * loss_min_rtt(t->loss);
	char q[TIME_TEXT_SIZE], m[TIME_TEXT_SIZE], s[RATE_TEXT_SIZE];
	char r[RATE_TEXT_SIZE];
	struct finding f;

	if (share(t, LIMIT_BOTTLENECK) < .3 || queue < QUEUE_NOTE_US)
		return;
	finding_begin(&f, an, t->side, bad ? "warning" : "note",
		      "bufferbloat", .8);
	finding_title(&f, "a queue of %s stands in the path",
		      finding_time((nstime)queue * NS_PER_US, q));
	finding_say(&f, "This transfer fills the path (%s) and then a queue "
		    "in front of its slowest link: about %s wait there, which "
		    "makes the round trip %s longer than the %s it takes "
		    "without. All that shares the link waits as long.",
		    rate_text(path_rate(t), r),
		    size_text(queue * path_rate(t) / 1e6, s), q,
		    finding_time(min_rtt(t), m));
	finding_put(&f, an, "The rate is what the link can give. To keep its "
		    "delay low use fair queueing with active queue management "
		    "there (fq_codel, cake), or a smaller buffer; on the "
		    "sender, BBR or a rate limit (SO_MAX_PACING_RATE).");
}

static bool
is_policed(const struct transfer *t)
{
	const struct loss *l = t->loss;

	return l->n_recovery >= 3 && loss_rate(t) > .01 &&
	       l->lost_total >= POLICER_BURST * l->n_recovery &&
	       l->queue_at_loss < loss_min_rtt(l) / 4. + 5000;
}

static void
policer(const struct transfer *t, struct analysis *an)
{
	char a[RATE_TEXT_SIZE], b[RATE_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, "warning", "policer", .6);
	finding_title(&f, "a policer seems to drop what exceeds %s",
		      rate_text(mean_rate(t), a));
	finding_say(&f, "%" PRIu32 " times segments were lost, %.0f at once, "
		    "while the round trip did not grow before: nothing queues, "
		    "what is too much is dropped. The transfer reached %s in "
		    "the mean, %s at its best.", t->loss->n_recovery,
		    (double)t->loss->lost_total / t->loss->n_recovery, a,
		    rate_text(path_rate(t), b));
	add_frames(&f, t->recoveries, "sent again after a loss");
	finding_put(&f, an, "Ask who runs the network for the rate that is "
		    "paid for, and for shaping instead of policing; or pace "
		    "the sender below that rate (tc fq maxrate, "
		    "SO_MAX_PACING_RATE, BBR).");
}

static void
loss_limited(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	char a[RATE_TEXT_SIZE], b[RATE_TEXT_SIZE], rtt[TIME_TEXT_SIZE];
	double limited = window_share(t) - share(t, LIMIT_BOTTLENECK);
	struct finding f;

	if (l->n_recovery + l->n_timeout < 3 || window_share(t) < SHARE_MAIN)
		return;
	if (is_policed(t)) {
		policer(t, an);
		return;
	}
	if (limited < SHARE_MAIN || mean_rate(t) > .8 * path_rate(t) ||
	    loss_rate(t) < .0005)
		return;
	finding_begin(&f, an, t->side, "warning", "loss_limited", .75);
	finding_title(&f, "losses (%.2f %%) keep the transfer at %s",
		      loss_rate(t) * 100, rate_text(mean_rate(t), a));
	finding_say(&f, "%" PRIu32 " of %" PRIu32 " segments were lost, in %"
		    PRIu32 " episodes. After each the %s sends less%s, and "
		    "before the next it had not come back to what the path "
		    "carried at its best, %s. The round trip is %s.",
		    l->lost_total, l->data_segs, l->n_recovery + l->n_timeout,
		    finding_side(t->side), t->cc->ops->model_based ? "" :
		    " (its congestion window shrinks)",
		    rate_text(path_rate(t), b),
		    finding_time(min_rtt(t), rtt));
	add_frames(&f, t->recoveries, "sent again after a loss");
	finding_put(&f, an, "Find the lossy link: the loss events say on which "
		    "side of this capture point; look at interface error "
		    "counters, duplex, Wi-Fi, shallow switch buffers. On a "
		    "link that loses at random BBR suffers much less than "
		    "CUBIC or Reno.");
}

static void
timeouts(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	char wait[TIME_TEXT_SIZE];
	struct finding f;

	if (!l->n_timeout)
		return;
	finding_begin(&f, an, t->side, l->n_timeout > 2 ||
		      l->timeout_us > 1000000 ? "warning" : "note",
		      "retransmission_timeouts", .9);
	finding_title(&f, "%" PRIu32 " time-outs, %s of waiting", l->n_timeout,
		      finding_time((nstime)l->timeout_us * NS_PER_US, wait));
	finding_say(&f, "The %s had to wait for its retransmission timer, "
		    "which costs 200 ms and more each time.",
		    finding_side(t->side));
	if (l->n_timeout_tail)
		finding_say(&f, " %" PRIu32 " times too few segments followed "
			    "the lost one: with less than three of them the "
			    "receiver cannot report enough for fast recovery.",
			    l->n_timeout_tail);
	if (l->n_timeout_again)
		finding_say(&f, " %" PRIu32 " times a retransmission was lost "
			    "as well.", l->n_timeout_again);
	if (l->n_timeout_all)
		finding_say(&f, " %" PRIu32 " times nothing at all came back: "
			    "the path was interrupted.", l->n_timeout_all);
	add_frames(&f, t->timeouts, "sent again after a time-out");
	finding_put(&f, an, "Look at what loses the packets first. SACK, RACK "
		    "and tail loss probes (Linux: net.ipv4.tcp_sack, "
		    "tcp_recovery, tcp_early_retrans at their defaults) avoid "
		    "most time-outs; many small messages on one connection "
		    "invite them.");
}

static void
spurious(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	struct finding f;

	if (!l->n_undo && l->dsack_dups < 3)
		return;
	finding_begin(&f, an, t->side, "note", "spurious_retransmissions",
		      .85);
	finding_title(&f, "segments were sent again without need");
	finding_say(&f, "The receiver reported %" PRIu32 " segments that it "
		    "had already (D-SACK), and the %s took back %" PRIu32
		    " reductions of its window: segments were late or "
		    "overtaken, not lost.", l->dsack_dups,
		    finding_side(t->side), l->n_undo);
	add_frames(&f, t->recoveries, "sent again");
	finding_put(&f, an, "Something on the path reorders packets or delays "
		    "them by leaps: parallel links without flow hashing, "
		    "Wi-Fi, a busy virtual host.");
}

/* --- the sender itself ---------------------------------------------------------- */

static void
slow_start_only(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	char rtt[TIME_TEXT_SIZE], s[RATE_TEXT_SIZE], first[64];
	struct finding f;

	if (t->cc->ssthresh < CC_INFINITE || l->data_segs < 15 ||
	    l->n_recovery + l->n_timeout || window_share(t) < SHARE_MAIN)
		return;
	finding_begin(&f, an, t->side, "note", "slow_start_only", .8);
	finding_title(&f, "over before slow start had found the path's rate");
	/* What was sent first, which the window may have exceeded. */
	if (l->first_flight)
		snprintf(first, sizeof(first), " sent %" PRIu32 " segment%s at "
			 "first, and", l->first_flight,
			 l->first_flight == 1 ? "" : "s");
	else
		snprintf(first, sizeof(first), " was short:");
	finding_say(&f, "The transfer of %s%s its window doubled each round "
		    "trip (%s), up to %" PRIu32 " segments: its time was round "
		    "trips, not bandwidth.",
		    size_text((double)l->bytes_acked, s), first,
		    finding_time(min_rtt(t), rtt), t->cc->cwnd);
	finding_put(&f, an, "Keep connections open and use them again, send "
		    "more over one instead of opening many, bring the server "
		    "closer (CDN), or raise the initial window (ip route ... "
		    "initcwnd) where the path is known.");
}

static void
idle_restart(const struct transfer *t, struct analysis *an)
{
	struct finding f;

	if (t->loss->n_restart < 2)
		return;
	finding_begin(&f, an, t->side, "note", "idle_restart", .8);
	finding_title(&f, "slow start again after each pause");
	finding_say(&f, "%" PRIu32 " times the %s had been idle for longer "
		    "than its retransmission time-out and began with a small "
		    "window again (RFC 2861), though the path had carried "
		    "more.", t->loss->n_restart, finding_side(t->side));
	add_frames(&f, t->restarts, "first data after a pause");
	finding_put(&f, an, "For long-lived connections with bursts set "
		    "net.ipv4.tcp_slow_start_after_idle = 0 on the sender.");
}

static void
small_initial_window(const struct transfer *t, struct analysis *an)
{
	uint32_t n = t->loss->first_flight;
	struct finding f;

	if (!t->loss->iw_small)
		return;
	finding_begin(&f, an, t->side, "note", "small_initial_window", .8);
	finding_title(&f, "the initial window is %" PRIu32 " segments", n);
	finding_say(&f, "The %s sent %" PRIu32 " segments before the first "
		    "acknowledgement; RFC 6928 allows ten, which saves short "
		    "transfers one or two round trips.",
		    finding_side(t->side), n);
	finding_put(&f, an, "Look for a route with initcwnd, for a proxy, or "
		    "for an old system.");
}

static void
application(const struct transfer *t, struct analysis *an)
{
	double part = share(t, LIMIT_APPLICATION);
	char a[RATE_TEXT_SIZE], b[RATE_TEXT_SIZE];
	struct finding f;

	if (part < .6 || t->limit->busy < 2 * BUSY_MIN)
		return;
	finding_begin(&f, an, t->side, "note", "application_limited", .75);
	finding_title(&f, "the %s's program gave the data slowly",
		      finding_side(t->side));
	finding_say(&f, "For %.0f %% of the time in which data was on its way "
		    "both windows would have allowed more, and nothing was "
		    "sent: the program (or its send buffer: from packets these "
		    "look alike) was the limit. The transfer reached %s, the "
		    "path carried %s at its best.", part * 100,
		    rate_text(mean_rate(t), a), rate_text(path_rate(t), b));
	finding_put(&f, an, "If that is too slow: look at the sending program "
		    "(disk, database, CPU, one request at a time), and at "
		    "SO_SNDBUF, which should not be set below the "
		    "bandwidth-delay product.");
}

void
finding_transfer(const struct transfer *t, struct analysis *an)
{
	if (t->loss->n_timeout)
		timeouts(t, an);
	spurious(t, an);
	small_initial_window(t, an);
	slow_start_only(t, an);
	if (t->loss->bytes_acked < BYTES_MIN || t->limit->busy < BUSY_MIN)
		return;
	receive_window(t, an);
	bufferbloat(t, an);
	loss_limited(t, an);
	application(t, an);
	idle_restart(t, an);
}
