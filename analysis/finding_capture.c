/*
 * finding_capture.c - one finding a defect of the capture.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/finding_capture.h"
#include "analysis/thresholds.h"

static void
put(struct row_sink *sink, const struct capture_facts *facts,
    const char *severity, const char *code, const char *title,
    const char *explanation, const char *advice)
{
	struct finding_row row;

	row_init(ROW_FINDING, &row);
	row.severity = severity;
	row.code = code;
	if (facts->packets > 0) {
		row.start_ns = facts->start;
		row.end_ns = facts->end;
	}
	row.confidence = 1;
	row.title = title;
	row.explanation = explanation;
	row.advice = advice;
	row.n_evidence = 0;
	row_put(sink, ROW_FINDING, &row);
}

static double
percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void
dropped(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "The capturing machine reports %" PRIu64 " packets that it "
		 "did not record (%.2f %% of what passed). They look like "
		 "losses but were not lost on the network.", facts->dropped,
		 percent(facts->dropped, facts->packets + facts->dropped));
	put(sink, facts, "warning", "capture_drops",
	    "the capture is not complete: packets were dropped while recording",
	    text, "Capture again with a larger buffer (tcpdump -B 65536), a "
	    "smaller snapshot length (-s 128) or a narrower filter.");
}

static void
malformed(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "%" PRIu64 " of %" PRIu64 " packets have headers that "
		 "contradict themselves, such as a length beyond the packet's "
		 "end. What could be read of them was used.",
		 facts->malformed, facts->packets);
	put(sink, facts, "note", "malformed_packets", "malformed packets",
	    text, "Look at them with 'tcpsaw dissect -v'. Faulty equipment, a "
	    "fuzzer or an attacker makes such packets.");
}

static void
unknown_link(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "%" PRIu64 " of %" PRIu64 " packets have a link-layer type "
		 "that tcpsaw does not know; they were counted and skipped.",
		 facts->unknown_link_type, facts->packets);
	put(sink, facts, "warning", "unknown_link_type",
	    "packets of a link type that is not known were skipped", text,
	    "Capture on another interface, or with another -y TYPE.");
}

static void
evicted(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[320];

	snprintf(text, sizeof(text),
		 "Memory for connections was used up: %" PRIu64 " connections "
		 "and %" PRIu64 " UDP flows were closed in the database before "
		 "their end. What is said of these covers their first part "
		 "only, and later packets of theirs count as new connections "
		 "that start in the middle.", facts->conns_evicted,
		 facts->udp_evicted);
	put(sink, facts, "warning", "evicted",
	    "memory was too small to follow all connections", text,
	    "Give more memory with --max-memory, or select with a filter.");
}

static void
fragments(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "%" PRIu64 " IP fragments could not be put together: pieces "
		 "were missing, contradicted each other, or were too many at "
		 "once.", facts->fragments_dropped);
	put(sink, facts, "note", "fragments_incomplete",
	    "incomplete IP fragments", text,
	    "A lost fragment loses its whole datagram. Avoid fragmentation: "
	    "check the MTU along the path.");
}

/* Several queues of a card are written a few microseconds out of order. */

static void
clock_step(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "Time goes backwards %" PRIu64 " times, by %.3f s at most (at "
		 "packet %" PRIu64 "): the clock was set, or files were joined "
		 "in the wrong order. Durations across such a step are wrong.",
		 facts->steps_back, (double)facts->step_back_max / 1e9,
		 facts->step_back_frame);
	put(sink, facts, "note", "clock_step",
	    "the capture's clock stepped back", text,
	    "Let NTP slew instead of step while capturing; join files with "
	    "mergecap.");
}

static void
offload(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[320];

	snprintf(text, sizeof(text),
		 "%" PRIu64 " packets are larger than any link carries: the "
		 "capture saw them before the network card cut them (TSO) or "
		 "after it joined them (GRO). Packets on the wire were more "
		 "and smaller; rates and losses in bytes are right.",
		 facts->super_packets);
	put(sink, facts, "note", "offload", "segmentation offload is in use",
	    text, "To see the wire's packets: ethtool -K IFACE tso off gso off "
	    "gro off, or capture elsewhere.");
}

static void
damaged(const struct capture_facts *facts, struct row_sink *sink)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "The input could not be read to its end: %s. All before that "
		 "was analysed.", facts->damage);
	put(sink, facts, "warning", "capture_damaged",
	    "the capture file is damaged", text,
	    "A capture that was still being written, or a copy that broke "
	    "off, ends like this. Get the file anew if its end matters.");
}

void
finding_capture(const struct capture_facts *facts, struct row_sink *sink)
{
	if (facts->damage)
		damaged(facts, sink);
	if (facts->dropped)
		dropped(facts, sink);
	if (facts->conns_evicted || facts->udp_evicted)
		evicted(facts, sink);
	if (facts->unknown_link_type)
		unknown_link(facts, sink);
	if (facts->malformed)
		malformed(facts, sink);
	if (facts->fragments_dropped)
		fragments(facts, sink);
	if (facts->step_back_max > threshold_time(sink, THRESHOLD_CLOCK_STEP))
		clock_step(facts, sink);
	if (facts->super_packets)
		offload(facts, sink);
}
