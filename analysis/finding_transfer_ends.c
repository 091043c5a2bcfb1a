/*
 * finding_transfer_ends.c - a transfer that one of its two ends held back: the
 * receiver's window, the sending program, the sender's caution.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/transfer.h"

#define SHRUNK .7		/* of the largest window so far: unread data */
#define BY_ACK .8		/* of the waits ended with an ACK */
#define RESTARTS_MIN 3
#define RFC6928_BYTES 14600	/* initial window: 10 segments of 1460 */

/* --- the receiver's window ---------------------------------------------------- */

static bool
lacks_scaling(const struct analysis *an)
{
	const struct half *h = an->conn->half;

	return h[0].isn_known && h[1].isn_known &&
	       !(h[0].wscale_offered && h[1].wscale_offered);
}

static void
scaling_missing(const struct transfer *t, struct analysis *an)
{
	const struct half *h = an->conn->half;
	bool sender_lacks = !h[t->side].wscale_offered;
	bool peer_lacks = !h[!t->side].wscale_offered;
	char rate[TRANSFER_TEXT_SIZE], rtt[TIME_TEXT_SIZE];
	nstime min = transfer_min_rtt(t);
	struct finding f;

	if (!lacks_scaling(an))
		return;
	finding_begin(&f, an, t->side, "warning", "window_scaling_missing",
		      .95);
	finding_title(&f, "no window scaling: at most 65,535 bytes a round "
		      "trip");
	finding_say(&f, "The SYN of %s has no window scale option (RFC 7323), "
		    "so no window can be larger than 65,535 bytes. At a round "
		    "trip of %s that allows %s at most, whatever the path "
		    "could carry.", sender_lacks && peer_lacks ? "both ends" :
		    sender_lacks == (t->side == SIDE_CLIENT) ? "the client" :
		    "the server", finding_time(min, rtt),
		    rate_text(65535e9 / (double)(min + 1), rate));
	transfer_evidence(&f, t->full_windows, "the window is full");
	finding_put(&f, an, "Enable window scaling at both ends (Linux: "
		    "net.ipv4.tcp_window_scaling = 1), and look for a firewall "
		    "or proxy that removes the option from SYN segments.");
}

/* What a buffer has to hold: the bandwidth-delay product. */
static void
say_buffer(const struct transfer *t, struct finding *f)
{
	double best = transfer_best_rate(t), rate = transfer_rate(t);
	double rtt = (double)transfer_min_rtt(t) / 1e9;
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];

	if (best > 1.3 * rate)
		finding_say(f, "The path carried %s at its best; for that a "
			    "window of %s is needed.", rate_text(best, a),
			    size_text(best * rtt, b));
	else
		finding_say(f, "How much more the path could carry was not "
			    "seen, for it was never full. A window holds what "
			    "is sent in one round trip: 100 Mb/s take %s "
			    "here.", size_text(100e6 / 8 * rtt, a));
}

static void
slow_reader(const struct transfer *t, struct analysis *an)
{
	double part = t->limit->window / t->limit->window_most;
	const char *peer = finding_side(!t->side);
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	char c[TRANSFER_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, an, t->side, "warning", "receive_window_limited",
		      .9);
	finding_title(&f, "the %s's program reads too slowly: its full buffer "
		      "held the transfer up %.0f %% of the time", peer,
		      transfer_share(t, LIMIT_RECEIVE_WINDOW) * 100);
	finding_say(&f, "The %s could have sent more, but the %s had no room: "
		    "of the %s that its buffer takes %s were free on average "
		    "while the %s waited, for what had arrived was not read "
		    "by its program. The transfer ran at that program's pace: "
		    "%s.", finding_side(t->side), peer,
		    size_text(t->loss->max_window, a),
		    size_text(part * t->loss->max_window, b),
		    finding_side(t->side), rate_text(transfer_rate(t), c));
	transfer_evidence(&f, t->full_windows, "the window is full");
	finding_put(&f, an, "Look at what the receiving program does between "
		    "its reads (disk, locks, garbage collection, one message "
		    "at a time). A larger buffer (SO_RCVBUF, "
		    "net.ipv4.tcp_rmem) only helps where it reads fast enough "
		    "on average.");
}

static void
small_window(const struct transfer *t, struct analysis *an)
{
	const char *peer = finding_side(!t->side);
	double wnd = t->loss->max_window;
	nstime srtt = transfer_srtt(t);
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	char c[TRANSFER_TEXT_SIZE], rtt[TIME_TEXT_SIZE];
	double part = transfer_share(t, LIMIT_RECEIVE_WINDOW);
	struct finding f;

	finding_begin(&f, an, t->side, part > .5 ? "warning" : "note",
		      "receive_window_limited", .9);
	finding_title(&f, "the %s's receive window (%s) was full %.0f %% of "
		      "the time", peer, size_text(wnd, a), part * 100);
	finding_say(&f, "The %s lets at most %s be on the way to it. One round "
		    "trip takes %s, so no more than %s can pass; the transfer "
		    "reached %s.", peer, a, finding_time(srtt, rtt),
		    rate_text(wnd * 1e9 / (double)(srtt + 1), b),
		    rate_text(transfer_rate(t), c));
	say_buffer(t, &f);
	transfer_evidence(&f, t->full_windows, "the window is full");
	finding_put(&f, an, lacks_scaling(an) ?
		    "A larger buffer does not help as long as window scaling "
		    "is missing: see there." :
		    "Give the receiving socket a larger buffer: let "
		    "the program not set SO_RCVBUF (that ends Linux's own "
		    "adjustment), and raise the third value of "
		    "net.ipv4.tcp_rmem to twice the window that is needed.");
}

/* What came behind a lost segment cannot be read, and fills the buffer. */
static void
blocked_window(const struct transfer *t, struct analysis *an)
{
	struct finding f;

	finding_begin(&f, an, t->side, "note", "receive_window_limited", .8);
	finding_title(&f, "the %s's receive buffer filled up behind losses, "
		      "%.0f %% of the time", finding_side(!t->side),
		      transfer_share(t, LIMIT_RECEIVE_WINDOW) * 100);
	finding_say(&f, "A program can only read what is complete. While a "
		    "lost segment was missing, what came behind it filled the "
		    "%s's buffer, and the %s had to stop.",
		    finding_side(!t->side), finding_side(t->side));
	transfer_evidence(&f, t->full_windows, "the window is full");
	finding_put(&f, an, "Fewer losses cure it, and quicker repair eases "
		    "it: SACK at both ends (net.ipv4.tcp_sack = 1), and a larger "
		    "buffer (net.ipv4.tcp_rmem).");
}

void
finding_receive_window(const struct transfer *t, struct analysis *an)
{
	const struct limit *m = t->limit;
	double waited = (double)m->total[LIMIT_RECEIVE_WINDOW];

	if (m->window_most < .5 * waited * t->loss->max_window &&
	    t->loss->n_recovery && !t->loss->sack_ok)
		blocked_window(t, an);
	else if (m->window < SHRUNK * m->window_most)
		slow_reader(t, an);
	else
		small_window(t, an);
	if (transfer_share(t, LIMIT_RECEIVE_WINDOW) > .5)
		scaling_missing(t, an);
}

/* --- the program --------------------------------------------------------------- */

static bool
is_send_buffer(const struct transfer *t)
{
	const struct limit *m = t->limit;

	/* The rest is the ends of bursts, when only ACKs are waited for. */
	return m->total[LIMIT_IDLE] < m->busy / 4 &&
	       m->app_wait > m->while_busy[LIMIT_APPLICATION] / 2 &&
	       (double)m->app_wait_ack > BY_ACK * (double)m->app_wait;
}

static void
send_buffer(const struct transfer *t, struct finding *f, double part)
{
	const char *me = finding_side(t->side);
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];
	char rtt[TIME_TEXT_SIZE];

	finding_title(f, "the %s's send buffer seems too small: nothing to "
		      "send %.0f %% of the time", me, part * 100);
	finding_say(f, "Both windows would have allowed more, but the %s sent "
		    "only when an ACK had come, and never had more than %s on "
		    "the way: so it looks when the program waits for room in "
		    "its send buffer. In a round trip of %s that is %s.", me,
		    size_text((double)t->limit->app_flight, a),
		    finding_time(transfer_srtt(t), rtt),
		    rate_text(transfer_rate(t), b));
}

static void
slow_program(const struct transfer *t, struct finding *f, double part)
{
	const char *me = finding_side(t->side);
	char a[TRANSFER_TEXT_SIZE], b[TRANSFER_TEXT_SIZE];

	finding_title(f, "the %s's program had nothing to send %.0f %% of the "
		      "time", me, part * 100);
	finding_say(f, "Neither the network nor the %s held the %s back: both "
		    "windows would have allowed more, but its program gave no "
		    "data. While it was sending the transfer reached %s",
		    finding_side(!t->side), me,
		    rate_text(transfer_rate(t), a));
	if (transfer_best_rate(t) > 1.3 * transfer_rate(t))
		finding_say(f, "(the path carried %s at its best).",
			    rate_text(transfer_best_rate(t), b));
	else
		finding_say(f, "(what the path could carry was not seen).");
}

void
finding_application(const struct transfer *t, struct analysis *an)
{
	double part = transfer_share(t, LIMIT_APPLICATION);
	struct finding f;

	finding_begin(&f, an, t->side, "note", "application_limited", .75);
	if (is_send_buffer(t)) {
		send_buffer(t, &f, part);
		finding_put(&f, an, "Do not set SO_SNDBUF (Linux then adjusts "
			    "it by itself), or set it to twice the rate that "
			    "is wanted times the round trip. If the program "
			    "waits for something else after each write, look "
			    "there.");
		return;
	}
	slow_program(t, &f, part);
	finding_put(&f, an, "If that is too slow, look at the sending program: "
		    "what does it wait for (disk, database, CPU, the next "
		    "request)? Tuning the network will not help.");
}

/* --- the sender's caution ------------------------------------------------------- */

void
finding_slow_start(const struct transfer *t, struct analysis *an)
{
	const struct loss *l = t->loss;
	char rtt[TIME_TEXT_SIZE], a[TRANSFER_TEXT_SIZE];
	char b[TRANSFER_TEXT_SIZE], c[TRANSFER_TEXT_SIZE];
	nstime min = transfer_min_rtt(t), busy = t->limit->busy;
	struct finding f;

	finding_begin(&f, an, t->side, "note", "slow_start_only", .8);
	finding_title(&f, "over before it was up to speed: %s in %.0f round "
		      "trips of %s", size_text((double)l->bytes_acked, a),
		      (double)busy / (double)(min + 1),
		      finding_time(min, rtt));
	/* What was sent first, which the window may have exceeded. */
	if (l->first_flight)
		finding_say(&f, "The %s sent %" PRIu32 " segment%s first, and "
			    "doubled that each round trip (slow start), up to "
			    "%s at once;", finding_side(t->side),
			    l->first_flight, l->first_flight == 1 ? "" : "s",
			    size_text((double)t->cc->cwnd * l->sb.mss, b));
	else
		finding_say(&f, "The %s doubled what it sent each round trip "
			    "(slow start), up to %s at once;",
			    finding_side(t->side),
			    size_text((double)t->cc->cwnd * l->sb.mss, b));
	finding_say(&f, "then all was sent. That is %s on average and says "
		    "nothing about the path: such a transfer takes round "
		    "trips, not bandwidth.",
		    rate_text((double)l->bytes_acked * 1e9 /
			      (double)(busy + 1), c));
	finding_put(&f, an, "Keep connections open and use them again, send "
		    "more over one instead of opening many, bring the server "
		    "closer (CDN), or raise the initial window (ip route ... "
		    "initcwnd) where the path is known.");
}

void
finding_restarts(const struct transfer *t, struct analysis *an)
{
	uint32_t n = t->loss->n_restart;
	char rate[TRANSFER_TEXT_SIZE];
	struct finding f;

	if (n < RESTARTS_MIN)
		return;
	finding_begin(&f, an, t->side, "note", "idle_restart", .8);
	finding_title(&f, "slow start again after each of %" PRIu32 " pauses",
		      n);
	finding_say(&f, "After %" PRIu32 " pauses the %s began with a small "
		    "window again and had to double it each round trip (RFC "
		    "2861: a pause longer than the retransmission time-out), "
		    "though the path had carried %s.", n,
		    finding_side(t->side),
		    rate_text(transfer_best_rate(t), rate));
	transfer_evidence(&f, t->restarts, "first data after a pause");
	finding_put(&f, an, "For connections that live long and send in bursts "
		    "set net.ipv4.tcp_slow_start_after_idle = 0 on the "
		    "sender.");
}

/* RFC 6928 s2: ten segments, or 14,600 bytes where these are large. */
void
finding_initial_window(const struct transfer *t, struct analysis *an)
{
	uint32_t n = t->loss->first_flight;
	struct finding f;

	/* Who has little to send shows no window. */
	if (!t->loss->iw_small || transfer_share(t, LIMIT_APPLICATION) > .5 ||
	    (n + 1) * (uint64_t)t->loss->sb.mss > RFC6928_BYTES)
		return;
	finding_begin(&f, an, t->side, "note", "small_initial_window", .8);
	finding_title(&f, "the initial window is %" PRIu32 " segment%s", n,
		      n == 1 ? "" : "s");
	finding_say(&f, "The %s sent %" PRIu32 " segment%s before the first "
		    "acknowledgement; RFC 6928 allows ten, which saves short "
		    "transfers one or two round trips.",
		    finding_side(t->side), n, n == 1 ? "" : "s");
	finding_put(&f, an, "Look for a route with initcwnd, for a proxy, or "
		    "for an old system.");
}
