/*
 * across_silence.c - addresses that nobody answers for: ARP (RFC 826), IPv6
 * neighbour discovery (RFC 4861).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/tally.h"
#include "analysis/thresholds.h"

#define TARGETS 16384

struct target {
	struct addr addr, asker;
	uint64_t requests, answers;
	uint64_t first_frame, last_frame;
	nstime first, last;
};

struct silence_state {
	struct tally targets;
};

static bool
is_unset(const struct addr *a)
{
	static const struct addr none;
	static const struct addr none4 = { { [10] = 0xff, [11] = 0xff } };

	return addr_compare(a, &none) == 0 || addr_compare(a, &none4) == 0;
}

static void
silence_row(void *state, struct row_sink *sink, enum row_table table,
	    const void *data)
{
	struct silence_state *st = state;
	const struct arp_row *row = data;
	struct target *t;

	(void)sink;
	/* Who has no address yet asks whether it is free: silence is right. */
	if (table != ROW_ARP || is_unset(&row->sender_addr))
		return;
	t = tally_at(&st->targets, &row->target_addr,
		     sizeof(row->target_addr));
	if (!t)
		return;
	if (t->requests++ == 0) {
		t->addr = row->target_addr;
		t->asker = row->sender_addr;
		t->first = row->ts_ns;
		t->first_frame = (uint64_t)row->frame_number;
	}
	t->last = row->ts_ns;
	t->last_frame = (uint64_t)row->frame_number;
	t->answers += row->answered_ns != ROW_NULL;
}

static void
put_silence(const struct target *t, struct row_sink *sink)
{
	bool v4 = addr_is_ipv4(&t->addr);
	char who[ADDR_TEXT_SIZE], asker[ADDR_TEXT_SIZE];
	char title[160], text[512];
	struct finding_row row;

	across_finding(&row, "error", "arp_failure");
	addr_format(&t->addr, who);
	addr_format(&t->asker, asker);
	snprintf(title, sizeof(title), "no host answers for %s", who);
	snprintf(text, sizeof(text),
		 "%s asked %" PRIu64 " times who has %s (%s) and got no "
		 "answer, so nothing could be sent there. Programs see \"no "
		 "route to host\" (EHOSTUNREACH) after about 3 s.", asker,
		 t->requests, who, v4 ? "ARP" : "neighbour discovery");
	row.title = title;
	row.explanation = text;
	row.advice = "Is the host up and in this network (address, netmask, "
		     "VLAN, cable)? If it is the gateway, check the route.";
	row.start_ns = t->first;
	row.end_ns = t->last;
	row.confidence = 0.9;
	across_evidence(&row, t->first_frame, "first request");
	across_evidence(&row, t->last_frame, "last request");
	row_put(sink, ROW_FINDING, &row);
}

static void
silence_finish(void *state, struct row_sink *sink, nstime now)
{
	struct silence_state *st = state;

	(void)now;
	for (size_t i = 0; i < st->targets.n; i++) {
		const struct target *t = tally_entry(&st->targets, i);

		if (t->answers == 0 && t->requests >=
			threshold_count(sink, THRESHOLD_ARP_UNANSWERED))
			put_silence(t, sink);
	}
}

const struct capture_analyzer silence_analyzer = {
	.name = "silence",
	.state_size = sizeof(struct silence_state),
	.row = silence_row,
	.finish = silence_finish,
	.tallies = {
		ACROSS_TALLY(silence_state, targets, target, TARGETS),
	},
};
