/*
 * across_quality.c - what the connections tell of the capture itself: packets
 * that it has twice, connections whose beginning it missed, one direction
 * only.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/across.h"
#include "analysis/thresholds.h"

struct quality_state {
	uint64_t connections, packets;
	uint64_t copies;
	uint64_t late, late_frame;	/* without SYN */
	uint64_t one_way, one_way_frame;
	uint64_t missed_bytes, bytes;
	/* Of the connection at hand: packets, and those besides SYNs. */
	int64_t all_packets[N_SIDES], other_packets[N_SIDES];
};

static void
take_end(struct quality_state *st, const struct endpoint_row *row)
{
	st->packets += (uint64_t)row->packets;
	st->copies += row->duplicate_packets > 0 ?
		      (uint64_t)row->duplicate_packets : 0;
	st->bytes += (uint64_t)row->bytes;
	st->missed_bytes += row->missing_bytes > 0 ?
			    (uint64_t)row->missing_bytes : 0;
	st->all_packets[row->side] = row->packets;
	st->other_packets[row->side] = row->packets - row->syn_packets;
}

/* An end's rows come before its connection's. */
static void
take_connection(struct quality_state *st, const struct connection_row *row)
{
	if (row->phase != CONNECTION_FINAL)
		return;
	st->connections++;
	if (!row->role_known && st->late++ == 0)
		st->late_frame = (uint64_t)row->first_frame;
	/* A socket connected to itself has one direction. */
	if (row->client_port == row->server_port &&
	    addr_compare(&row->client_addr, &row->server_addr) == 0)
		return;
	/* SYNs alone are an attempt that nobody answered. */
	for (int side = 0; side < N_SIDES; side++)
		if (st->all_packets[side] == 0 &&
		    st->other_packets[!side] > 2 && st->one_way++ == 0)
			st->one_way_frame = (uint64_t)row->first_frame;
}

static void
quality_row(void *state, struct row_sink *sink, enum row_table table,
	    const void *row)
{
	(void)sink;
	if (table == ROW_ENDPOINT)
		take_end(state, row);
	else if (table == ROW_CONNECTION)
		take_connection(state, row);
}

static void
put_copies(const struct quality_state *st, struct row_sink *sink)
{
	struct finding_row row;
	char text[320];

	/* Nearly half of all are not a network's doing in a small one either. */
	bool few = st->copies < threshold_count(sink, THRESHOLD_COPIES);
	double share = threshold(sink, few ? THRESHOLD_CAPTURED_TWICE
					   : THRESHOLD_COPIES_RATE);

	if (st->copies == 0 || (double)st->copies < share * (double)st->packets)
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu64 " of %" PRIu64 " TCP packets are second copies of "
		 "others: the capture saw each packet at two places. They are "
		 "not counted as retransmissions.", st->copies, st->packets);
	across_finding(&row, "note", "captured_twice");
	row.title = "packets were captured twice";
	row.explanation = text;
	row.advice = "A mirror port that copies both directions of both ports, "
		     "or '-i any' on a router. Capture on one interface.";
	row.confidence = 0.9;
	row_put(sink, ROW_FINDING, &row);
}

static void
put_late(const struct quality_state *st, struct row_sink *sink)
{
	struct finding_row row;
	char text[400];

	if (st->late == 0)
		return;
	snprintf(text, sizeof(text),
		 "%" PRIu64 " of %" PRIu64 " connections were there before the "
		 "capture began: without their SYNs the scale of their windows "
		 "is not known, nor surely who is the client, and what the "
		 "sender's window is must be guessed until the first loss.",
		 st->late, st->connections);
	across_finding(&row, "note", "late_start");
	row.title = "connections began before the capture";
	row.explanation = text;
	row.advice = "Begin the capture before the connections where that "
		     "matters.";
	row.confidence = 1;
	across_evidence(&row, st->late_frame, "the first such packet");
	row_put(sink, ROW_FINDING, &row);
}

static void
put_one_way(const struct quality_state *st, struct row_sink *sink)
{
	struct finding_row row;
	char text[320];

	if (st->one_way == 0)
		return;
	snprintf(text, sizeof(text),
		 "Of %" PRIu64 " of %" PRIu64 " connections only one direction "
		 "is in the capture. Round trips, windows and the other end's "
		 "state cannot be told for them.", st->one_way,
		 st->connections);
	across_finding(&row, "note", "one_direction");
	row.title = "one direction only";
	row.explanation = text;
	row.advice = "The way back is another one (asymmetric routing), or the "
		     "mirror port copies one direction. Capture at a host.";
	row.confidence = 0.9;
	across_evidence(&row, st->one_way_frame, "the first such packet");
	row_put(sink, ROW_FINDING, &row);
}

static void
quality_finish(void *state, struct row_sink *sink, nstime now)
{
	(void)now;
	put_copies(state, sink);
	put_late(state, sink);
	put_one_way(state, sink);
}

const struct capture_analyzer quality_analyzer = {
	.name = "quality",
	.state_size = sizeof(struct quality_state),
	.row = quality_row,
	.finish = quality_finish,
};
