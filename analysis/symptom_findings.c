/*
 * symptom_findings.c - from symptoms to findings: one function a finding.
 *
 * Each says when it holds, in plain words with this connection's numbers, what
 * to look at, and which packets show it.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/symptoms.h"
#include "analysis/thresholds.h"

struct patient {
	const struct symptoms *s;
	struct analysis *an;
	const struct connection_row *row;
	const struct endpoint_row *end;	/* [N_SIDES] */
};

#define THRESHOLD(which) threshold(p->an->sink, THRESHOLD_##which)
#define THRESHOLD_N(which) \
	(int64_t)threshold_count(p->an->sink, THRESHOLD_##which)

/* Of a scale that only one end knows of. */
#define UNSCALED_MIN 10
#define OVERRUN_MIN 3

static const char *const side_word[N_SIDES] = { "client", "server" };

/* --- putting one ---------------------------------------------------------- */

static void
add_evidence(struct finding_row *f, const struct symptom *x, const char *what)
{
	for (uint32_t i = 0; i < x->n && i < SYMPTOM_FRAMES; i++) {
		if (f->n_evidence == FINDING_EVIDENCE)
			return;
		f->evidence[f->n_evidence].frame_number =
			(int64_t)x->frame[i];
		f->evidence[f->n_evidence++].note = what;
	}
}

/* What the capture did not see makes everything less certain. */
static double
quality(const struct patient *p)
{
	double q = p->an->quality->packets_dropped > 0 ? 0.8 : 1;

	for (int side = 0; side < N_SIDES; side++)
		if (p->s->of[side][SYMPTOM_MISSED].n > 0)
			q = 0.8;
	return q;
}

static void
begin(struct finding_row *f, const struct patient *p, enum side side,
      const char *severity, const char *code, double confidence)
{
	row_init(ROW_FINDING, f);
	f->conn = p->an->conn->handle;
	f->side = side;
	f->severity = severity;
	f->code = code;
	f->start_ns = p->an->conn->first;
	f->end_ns = p->an->conn->last;
	f->confidence = confidence * quality(p);
	f->n_evidence = 0;
}

static void
finish(struct finding_row *f, const struct patient *p, const char *title,
       const char *explanation, const char *advice)
{
	f->title = title;
	f->explanation = explanation;
	f->advice = advice;
	row_put(p->an->sink, ROW_FINDING, f);
}

/* Nearly half of all packets, and of both ends, are copies: no network does
   that, but a mirror port, or '-i any' where packets pass. */
static bool
is_captured_twice(const struct patient *p)
{
	const struct endpoint_row *end = p->end;

	for (int side = 0; side < N_SIDES; side++)
		if (end[side].packets > 0 && end[side].duplicate_packets == 0)
			return false;
	return (double)(end[0].duplicate_packets + end[1].duplicate_packets) >
	       THRESHOLD(CAPTURED_TWICE) * (double)(end[0].packets + end[1].packets);
}

/* Data packets, each once. */
static int64_t
data_packets(const struct patient *p, enum side side)
{
	int64_t n = p->end[side].data_packets;

	return is_captured_twice(p) ? (n + 1) / 2 : n;
}

/* Of a few packets a rate means little, and what is too big for the path has a
   finding of its own. */
static const char *
loss_severity(const struct patient *p, enum side side, double rate, int64_t n)
{
	const struct symptom *of = p->s->of[side];

	if (n < THRESHOLD_N(RETRANSMISSIONS) ||
	    rate < THRESHOLD(RETRANSMISSION_RATE) ||
	    of[SYMPTOM_TOO_BIG].n > 0 || of[SYMPTOM_STUCK].n > 0 ||
	    p->an->losses_explained[side])
		return "note";
	return rate < THRESHOLD(RETRANSMISSION_RATE_BAD) ||
	       data_packets(p, side) < THRESHOLD_N(RETRANSMISSION_RATE_OF) ?
	       "warning" : "error";
}

static double
rate_of(int64_t n, int64_t of)
{
	return of > 0 ? (double)n / (double)of : 0;
}

/* --- losses --------------------------------------------------------------- */

static const char *
lost_where(const struct patient *p, enum side side)
{
	switch (p->an->vantage[side]) {
	case VANTAGE_HERE:
		return "They were seen leaving this host, so they were lost "
		       "behind it.";
	case VANTAGE_FAR:
		return "They did not reach this host: they were lost before.";
	case VANTAGE_MIDDLE:
		return "The 'loss' events tell for each of them on which side "
		       "of the capture point it was lost.";
	default:
		return "";
	}
}

/* A closer cause is told elsewhere: the peer went silent, or had never
   accepted the connection. */
static bool
has_closer_cause(const struct patient *p, enum side side, int64_t again)
{
	const struct conn *c = p->an->conn;
	const struct tcp_life *life = p->an->life;

	if ((int64_t)c->half[side].unanswered >= again)
		return true;
	for (int i = 0; i < life->n_changes; i++)
		if (life->change[i].side != side &&
		    life->change[i].new_state == TCP_STATE_ESTABLISHED)
			return false;
	return c->half[!side].isn_known;
}

static void
segments_lost(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_LOST];
	const struct endpoint_row *e = &p->end[side];
	int64_t n = e->retrans_packets - e->rtx_spurious - e->rtx_syn;
	double rate = rate_of(n, data_packets(p, side));
	struct finding_row f;
	char title[128], text[512], late[48] = "";

	if (x->n == 0 || n <= 0 || has_closer_cause(p, side, n))
		return;
	if (e->rtx_timeout > 0)
		snprintf(late, sizeof(late), ", %" PRId64 " of them after a "
			 "time-out", e->rtx_timeout);
	snprintf(title, sizeof(title),
		 "%.1f %% of the %s's data packets were lost", 100 * rate,
		 side_word[side]);
	snprintf(text, sizeof(text),
		 "%" PRId64 " of %" PRId64 " data packets of the %s were "
		 "sent again because they had been lost%s. %s", n,
		 data_packets(p, side), side_word[side], late,
		 lost_where(p, side));
	begin(&f, p, side, loss_severity(p, side, rate, n),
	      "segments_lost", 0.95);
	add_evidence(&f, x, "sent again");
	finish(&f, p, title, text, p->an->losses_explained[side] ?
	       "A transfer that fills its path loses some: that is how it "
	       "finds out. A larger buffer there, or active queue management "
	       "(fq_codel, cake), makes them fewer." :
	       "Look at drop counters on the way (ip -s link, ethtool -S, tc "
	       "-s qdisc, switch ports): full queues, a duplex mismatch, bad "
	       "cables or radio. Losses near 0.01 % are normal for a "
	       "transfer that fills its path.");
}

static void
tail_loss(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_TAIL_LOST];
	struct finding_row f;
	char text[320];

	if (x->n == 0 || has_closer_cause(p, side, x->n))
		return;
	snprintf(text, sizeof(text),
		 "The last segments of a flight of the %s were lost, %" PRIu32
		 " times. No later data tells a receiver that something is "
		 "missing, so only a timer repaired it.",
		 side_word[side], x->n);
	begin(&f, p, side, "note", "tail_loss", 0.8);
	add_evidence(&f, x, "sent again by a timer");
	finish(&f, p, "the end of a flight was lost", text,
	       "Each costs at least two round trips or 200 ms. SACK and tail "
	       "loss probes (RFC 8985) shorten it; fewer losses cure it.");
}

static void
needless(const struct patient *p, enum side side)
{
	const struct endpoint_row *e = &p->end[side];
	double rate = rate_of(e->rtx_spurious, data_packets(p, side));
	struct finding_row f;
	char text[400];

	if (e->rtx_spurious < THRESHOLD_N(RETRANSMISSIONS) ||
	    rate < THRESHOLD(RETRANSMISSION_RATE))
		return;
	snprintf(text, sizeof(text),
		 "%" PRId64 " of %" PRId64 " data packets of the %s were sent "
		 "again although the receiver had them: ACKs were lost or "
		 "late, or the path reordered.", e->rtx_spurious,
		 e->data_packets, side_word[side]);
	begin(&f, p, side, "note", "spurious_retransmissions", 0.9);
	finish(&f, p, "retransmissions that were not needed", text,
	       "Look for delay that jumps (wireless, a busy host), for "
	       "reordering, and for losses on the way back.");
}

static void
reordering(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_LATE];
	const struct endpoint_row *e = &p->end[side];
	double rate = rate_of(x->n, data_packets(p, side));
	struct finding_row f;
	char text[320];

	if (x->n == 0)
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu32 " of %" PRId64 " data packets of the %s came after "
		 "later ones (%.1f %%), sooner than anybody could have sent "
		 "them again, or with older time stamps.",
		 x->n, e->data_packets, side_word[side], 100 * rate);
	begin(&f, p, side,
	      x->n >= THRESHOLD_N(RETRANSMISSIONS) &&
	      rate >= THRESHOLD(REORDERING_RATE) ? "warning" : "note",
	      "reordering", 0.95);
	add_evidence(&f, x, "came late");
	finish(&f, p, "packets were reordered on the path", text,
	       "Packets of one flow take several ways: per-packet load "
	       "balancing, bonding in round-robin mode, a change of route. "
	       "Hash flows, not packets.");
}

static void
captured_twice(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_COPY];
	struct finding_row f;
	char text[320];

	/* Once for both. */
	if (side != SIDE_CLIENT || !is_captured_twice(p))
		return;
	if (x->n == 0)
		x = &p->s->of[!side][SYMPTOM_COPY];
	snprintf(text, sizeof(text),
		 "The capture has the packets of this connection twice: %"
		 PRId64 " of %" PRId64 " are copies, with the same IP-ID and "
		 "bytes. They are not counted as retransmissions.",
		 p->end[0].duplicate_packets + p->end[1].duplicate_packets,
		 p->end[0].packets + p->end[1].packets);
	begin(&f, p, side, "note", "captured_twice", 0.9);
	f.side = ROW_NULL;
	add_evidence(&f, x, "a copy");
	finish(&f, p, "packets were captured twice", text,
	       "A mirror port that copies both directions of both ports, or "
	       "'-i any' on a router. Capture on one interface.");
}

static void
duplication(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_COPY];
	struct finding_row f;
	char text[320];

	if (x->n == 0 || is_captured_twice(p))
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu32 " packets of the %s are copies of others, with the "
		 "same IP-ID and time stamp: made by the network, or by a "
		 "capture that sees each packet twice.", x->n,
		 side_word[side]);
	begin(&f, p, side, "note", "duplication", 0.9);
	add_evidence(&f, x, "a copy");
	finish(&f, p, "packets were duplicated", text,
	       "A mirror port that copies both directions, a capture on 'any' "
	       "interface, or a loop in the network.");
}

static void
missed(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_MISSED];
	struct finding_row f;
	char text[320];

	if (x->n == 0 || p->end[side].missing_bytes <= 0)
		return;
	snprintf(text, sizeof(text),
		 "%" PRId64 " bytes of the %s were acknowledged, but are not "
		 "in the capture, and nobody asked for them again: the capture "
		 "missed them.", p->end[side].missing_bytes, side_word[side]);
	begin(&f, p, side, "note", "capture_missed_data", 1);
	add_evidence(&f, x, "acknowledges bytes that were never seen");
	finish(&f, p, "the capture is not complete", text,
	       "Capture again with a larger buffer (tcpdump -B), a smaller "
	       "snapshot length, or where all packets pass.");
}

static void
bad_checksum(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_CHECKSUM];
	const struct symptom *lost = &p->s->of[side][SYMPTOM_LOST];
	struct finding_row f;
	char text[320];

	/* At its own host a card fills it in later: RFC 9293 s3.1. */
	if (x->n == 0 || p->an->vantage[side] == VANTAGE_HERE ||
	    x->n * 2 > (uint64_t)p->end[side].packets)
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu32 " packets of the %s have a bad TCP checksum; the "
		 "receiver drops such a packet without a word.", x->n,
		 side_word[side]);
	begin(&f, p, side, "warning", lost->n > 0 ?
	      "checksum_error_retransmission" : "checksum_errors", 0.9);
	add_evidence(&f, x, "bad checksum");
	add_evidence(&f, lost, "sent again");
	finish(&f, p, "packets arrived damaged", text,
	       "Something on the way changes packets: faulty memory or cards, "
	       "or a middlebox that rewrites and does not correct the sum.");
}

/* --- the handshake's and the end's ---------------------------------------- */

static void
syn_copies(const struct patient *p, enum side side)
{
	static const struct {
		enum symptom_kind kind;
		const char *code, *title, *text;
	} rule[] = {
		{ SYMPTOM_SYN_COPY, "syn_duplicated", "a SYN arrived twice",
		  "The connection request arrived more than once although it "
		  "was sent once: the answer came twice, too soon for a "
		  "timer." },
		{ SYMPTOM_SYNACK_COPY, "synack_duplicated",
		  "a SYN-ACK arrived twice",
		  "The answer to the connection request arrived more than "
		  "once, the same packet." },
	};

	for (size_t i = 0; i < sizeof(rule) / sizeof(rule[0]); i++) {
		const struct symptom *x = &p->s->of[side][rule[i].kind];
		struct finding_row f;

		if (x->n == 0 || is_captured_twice(p))
			continue;
		begin(&f, p, side, "note", rule[i].code, 0.85);
		add_evidence(&f, x, "again");
		finish(&f, p, rule[i].title, rule[i].text,
		       "Harmless for the connection. Look for a loop or a "
		       "mirror that feeds packets back.");
	}
}

static void
early_fin(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_FIN_EARLY];
	struct finding_row f;

	if (x->n == 0)
		return;
	begin(&f, p, side, "note", "fin_before_data", 0.85);
	add_evidence(&f, x, "has the FIN, misses data before it");
	finish(&f, p, "the FIN overtook data",
	       "The receiver had the FIN while data before it was missing. It "
	       "waited for the gap to be filled and only then told its "
	       "program of the end.",
	       "Reordering or a loss right before the end. Nothing is lost "
	       "for the program.");
}

static void
fin_lost(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_FIN_AGAIN];
	struct finding_row f;
	char text[200];

	if (x->n == 0 || !p->an->conn->half[side].fin_acked)
		return;
	snprintf(text, sizeof(text),
		 "The %s sent its FIN %" PRIu32 " times before it was "
		 "acknowledged: the FIN or its ACK was lost.",
		 side_word[side], x->n + 1);
	begin(&f, p, side, "note", "fin_lost", 0.85);
	add_evidence(&f, x, "FIN again");
	finish(&f, p, "a FIN was lost", text,
	       "It delays the close only. See the losses of the path.");
}

/* --- windows -------------------------------------------------------------- */

static void
shut_window(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_SHUT];
	const struct endpoint_row *e = &p->end[side];
	double shut_s = (double)p->s->shut_time[side] / 1e9;
	double all_s = (double)(p->an->conn->last - p->an->conn->first) / 1e9;
	bool slow = p->s->shut_times[side] >=
			    THRESHOLD_N(SLOW_READ) ||
		    (e->max_rwnd != ROW_NULL && e->max_rwnd < 4096 &&
		     p->s->shut_times[side] > 1);
	struct finding_row f;
	char title[128], text[512];

	if (x->n == 0)
		return;
	snprintf(title, sizeof(title), slow ?
		 "the %s reads too slowly" : "the %s's receive window was shut",
		 side_word[side]);
	snprintf(text, sizeof(text),
		 "The %s had no room for more data %" PRIu32 " time%s, for "
		 "%.3f s of %.3f s in all: its program did not read what had "
		 "arrived. The %s had to wait, and sent %" PRId64
		 " window probes.", side_word[side], p->s->shut_times[side],
		 p->s->shut_times[side] == 1 ? "" : "s",
		 shut_s, all_s, side_word[!side],
		 p->end[!side].window_probes);
	begin(&f, p, side, "warning", slow ? "slow_read" : "zero_window",
	      0.95);
	add_evidence(&f, x, "window 0");
	finish(&f, p, title, text,
	       "The receiving program is the bottleneck: look what it does "
	       "between its reads (disk, locks, garbage collection). A "
	       "larger buffer (SO_RCVBUF, tcp_rmem) only helps with bursts.");
	if (slow) {
		begin(&f, p, side, "note", "zero_window", 0.95);
		add_evidence(&f, x, "window 0");
		finish(&f, p, "the receive window was shut", text,
		       "See 'slow_read'.");
	}
}

static void
shrunk_window(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_SHRUNK];
	struct finding_row f;
	char text[320];

	if (x->n == 0)
		return;
	snprintf(text, sizeof(text),
		 "The %s took back room that it had offered, in %" PRIu32
		 " packets. Data that was sent into it may have to be sent "
		 "again (RFC 9293 discourages that strongly).",
		 side_word[side], x->n);
	begin(&f, p, side, "note", "window_shrunk", 0.9);
	add_evidence(&f, x, "offers less than before");
	finish(&f, p, "the receive window was taken back", text,
	       "Memory pressure at the receiver, a middlebox that rewrites "
	       "windows, or net.ipv4.tcp_shrink_window.");
}

/* --- what else is in the segments ----------------------------------------- */

static void
marked(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_CE];
	const struct symptom *cwr = &p->s->of[side][SYMPTOM_CWR];
	struct finding_row f;
	char text[320];

	if (x->n == 0)
		return;
	snprintf(text, sizeof(text),
		 "A router marked packets of the %s instead of dropping them "
		 "(CE, or its echo ECE, in %" PRIu32 " packets), and the %s "
		 "reduced its window %" PRIu32 " times (CWR).",
		 side_word[side], x->n, side_word[side], cwr->n);
	begin(&f, p, side, "note", "ecn_ce", 0.95);
	add_evidence(&f, x, "CE or ECE");
	add_evidence(&f, cwr, "CWR");
	finish(&f, p, "the path signalled congestion (ECN)", text,
	       "That is how it should work: a queue on the way is full, and no "
	       "packet had to be lost for it.");
}

/* Where its data was sent it may just not have marked it. */
static void
unmarked(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_NO_ECT];
	struct finding_row f;
	char text[320];

	if (x->n == 0 || p->an->vantage[side] == VANTAGE_HERE ||
	    p->an->vantage[side] == VANTAGE_UNKNOWN)
		return;
	snprintf(text, sizeof(text),
		 "Both ends agreed on ECN in the handshake, and yet no data of "
		 "the %s came here with its mark (ECT, RFC 3168): a device on "
		 "the way here clears these bits, so that routers drop packets "
		 "where they could mark them.", side_word[side]);
	begin(&f, p, side, "note", "ecn_broken", 0.75);
	add_evidence(&f, x, "data without ECT, and none before with it");
	finish(&f, p, "the path clears the marks of ECN", text,
	       "Look for a router or firewall that rewrites the DSCP field and "
	       "with it the two bits of ECN.");
}

static void
reflected(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_ECN_REFLECTED];
	struct finding_row f;

	if (x->n == 0)
		return;
	begin(&f, p, side, "note", "ecn_broken", 0.8);
	add_evidence(&f, x, "SYN-ACK with ECE and CWR");
	finish(&f, p, "ECN's bits came back as they were sent",
	       "The SYN asked for ECN with ECE and CWR, and the SYN-ACK has "
	       "both as well. It must have ECE alone (RFC 3168 s6.1.1): "
	       "somebody copies bits that it does not know.",
	       "An old stack or a middlebox that answers in place of the "
	       "server. ECN is not used then.");
}

/* Raw windows, segment by segment, each at once when the ACK allowed it. */
static bool
stops_unscaled(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_UNSCALED];
	const struct half *peer = &p->an->conn->half[!side];
	const struct endpoint_row *e = &p->end[side];
	nstime whole = p->an->conn->last - p->an->conn->first;

	return x->n >= UNSCALED_MIN && e->srtt_ns != ROW_NULL &&
	       p->end[!side].max_rwnd != ROW_NULL &&
	       e->max_flight <= p->end[!side].max_rwnd >> peer->wscale &&
	       p->end[!side].data_packets * 4 < (int64_t)x->n &&
	       whole / x->n < 4 * e->srtt_ns;
}

static void
broken_scaling(const struct patient *p, enum side side)
{
	const struct symptom *few = &p->s->of[side][SYMPTOM_UNSCALED];
	const struct symptom *many = &p->s->of[side][SYMPTOM_OVERRUN];
	bool unscaled = stops_unscaled(p, side);
	struct finding_row f;
	char text[512];

	if (!unscaled && (many->n < OVERRUN_MIN ||
			  p->s->of[!side][SYMPTOM_MISSED].n > 0))
		return;
	if (unscaled)
		snprintf(text, sizeof(text),
			 "Both SYNs offer window scaling where they were "
			 "captured, but the %s has never more than %" PRId64
			 " bytes under way and stops just where the window "
			 "ends if it is not scaled, %" PRIu32 " times: it does "
			 "not know of the scale.", side_word[side],
			 p->end[side].max_flight, few->n);
	else
		snprintf(text, sizeof(text),
			 "In the handshake, as it was captured, window scaling "
			 "was not agreed on, but the %s sends beyond the "
			 "window that the other end offers, in %" PRIu32
			 " packets: for the ends it is a scaled one.",
			 side_word[side], many->n);
	begin(&f, p, side, "warning", "window_scaling_broken", 0.75);
	add_evidence(&f, unscaled ? few : many, unscaled ?
		     "stops where the unscaled window ends" :
		     "beyond the unscaled window");
	finish(&f, p, "window scaling is broken on the way", text,
	       "A firewall or router removes the window scale option from "
	       "SYN or SYN-ACK, and passes all else on. Compare the SYNs at "
	       "both ends; mend the box, or set net.ipv4.tcp_window_scaling=0 "
	       "until that is done.");
}

static void
urgent(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_URGENT];
	struct finding_row f;

	if (x->n == 0)
		return;
	begin(&f, p, side, "note", "urgent_data", 1);
	add_evidence(&f, x, "URG");
	finish(&f, p, "urgent data is used",
	       "Segments carry the urgent pointer. Stacks disagree on which "
	       "byte it names, and middleboxes clear it (RFC 6093).",
	       "Do not use urgent data in new programs.");
}

static void
delayed_acks(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_DELAYED_ACK];
	struct finding_row f;
	char title[96], text[400];

	if (x->n < THRESHOLD_N(DELAYED_ACKS))
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu32 " times the %s's next small segment left only when "
		 "the ACK for the one before came, %.0f ms late on average: "
		 "Nagle's algorithm waits for that ACK, and the %s delays it "
		 "in the hope of data to send it with. %.3f s were lost.",
		 x->n, side_word[side],
		 (double)p->s->delayed[side] / 1e6 / x->n, side_word[!side],
		 (double)p->s->delayed[side] / 1e9);
	begin(&f, p, side, "warning", "nagle_delayed_ack", 0.85);
	add_evidence(&f, x, "sent when the delayed ACK had come");
	snprintf(title, sizeof(title), "small writes wait for delayed ACKs: %"
		 PRIu32 " times, %.2f s in all", x->n,
		 (double)p->s->delayed[side] / 1e9);
	finish(&f, p, title, text,
	       "Write a message in one call (writev, a buffer, TCP_CORK), or "
	       "set TCP_NODELAY on the sender's socket.");
}

static void
forged_data(const struct patient *p, enum side side)
{
	const struct symptom *x = &p->s->of[side][SYMPTOM_OTHER_BYTES];
	bool late = p->s->forged_late[side];
	struct finding_row f;

	if (x->n == 0)
		return;
	begin(&f, p, side, "error",
	      late ? "data_injection_ignored" : "data_injection", 0.85);
	add_evidence(&f, x, "other bytes for the same sequence numbers");
	finish(&f, p, late ? "forged data came too late" : "forged data",
	       late ? "Packets bring different bytes for the same sequence "
		      "numbers. The second one does not look like its "
		      "sender's other packets (TTL, IP-ID) and came too late "
		      "to be taken."
		    : "Packets bring different bytes for the same sequence "
		      "numbers. A receiver takes the first: what came first "
		      "does not look like its sender's other packets (TTL, "
		      "IP-ID).",
	       "Somebody on the way injects data: a censor, a proxy, an "
	       "attacker. Use TLS; compare TTL and IP-ID of the packets.");
}

static void
too_big(const struct patient *p, enum side side)
{
	const struct symptom *icmp = &p->s->of[side][SYMPTOM_TOO_BIG];
	const struct symptom *stuck = &p->s->of[side][SYMPTOM_STUCK];
	bool passed = p->s->stuck_passed[side];
	struct finding_row f;
	char text[400];

	if (icmp->n > 0) {
		snprintf(text, sizeof(text),
			 "A router could not forward full-sized packets of the "
			 "%s and said so: the next hop takes %" PRIu32
			 " bytes. The %s then sent smaller segments "
			 "(RFC 1191).", side_word[side], p->s->mtu,
			 side_word[side]);
		begin(&f, p, side, "note", "pmtu_discovery", 0.95);
		add_evidence(&f, icmp, "ICMP: too big");
		finish(&f, p, "the path takes smaller packets only", text,
		       "It works. A lower MTU or MSS at the source, or MSS "
		       "clamping at the tunnel, saves the first packets.");
		return;
	}
	if (stuck->n < (passed ? THRESHOLD_N(BLACK_HOLE_PASSED)
			       : THRESHOLD_N(BLACK_HOLE)))
		return;
	snprintf(text, sizeof(text),
		 "The first full-sized segment of the %s was sent %" PRIu32
		 " times and never arrived, while smaller packets passed both "
		 "ways, and no ICMP message said why%s.", side_word[side],
		 stuck->n + 1,
		 passed ? "; smaller segments then got through" : "");
	begin(&f, p, side, "error", passed ? "pmtu_black_hole_recovered"
					   : "pmtu_black_hole", 0.8);
	add_evidence(&f, stuck, "a full-sized segment, again");
	finish(&f, p, "full-sized packets vanish (PMTU black hole)", text,
	       "A link with a smaller MTU drops them, and a firewall drops "
	       "ICMP 'fragmentation needed' or 'packet too big'. Let it "
	       "through, clamp the MSS (iptables TCPMSS --clamp-mss-to-pmtu), "
	       "or set net.ipv4.tcp_mtu_probing=1.");
}

void
symptoms_put(const struct symptoms *s, struct analysis *an,
	     const struct connection_row *row,
	     const struct endpoint_row end[N_SIDES])
{
	static void (*const rule[])(const struct patient *, enum side) = {
		forged_data, too_big, segments_lost, tail_loss, needless,
		reordering, captured_twice, duplication, bad_checksum, shut_window,
		shrunk_window,
		delayed_acks, syn_copies, early_fin, fin_lost, marked, unmarked,
		reflected, broken_scaling, urgent,
		missed,
	};
	struct patient p = { s, an, row, end };

	for (size_t i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
		for (int side = 0; side < N_SIDES; side++)
			rule[i](&p, (enum side)side);
}
