/*
 * segments.c - calls its parts in their order.
 */
#include "analysis/arrival.h"
#include "analysis/delayed_ack.h"
#include "analysis/rtt.h"
#include "analysis/segments.h"
#include "analysis/vantage.h"
#include "analysis/window.h"

struct segments {
	struct arrival arrival;
	struct rtt rtt;
	struct windows windows;
	struct delayed_ack delayed_ack;
};

/* The vantage point, anew when a loop got shorter. */
static void
find_vantage(struct segments *s, struct analysis *an)
{
	struct vantage_guess g;

	if (!s->rtt.new_loop)
		return;
	s->rtt.new_loop = false;
	g = vantage_of(s->rtt.trips.loop);
	an->vantage[SIDE_CLIENT] = g.at[SIDE_CLIENT];
	an->vantage[SIDE_SERVER] = g.at[SIDE_SERVER];
}

static void
segments_segment(void *state, struct analysis *an, const struct seg_event *ev)
{
	struct segments *s = state;

	an->rtt = &s->rtt.trips;
	find_vantage(s, an);
	arrival_segment(&s->arrival, an, ev);
	rtt_segment(&s->rtt, an, ev);
	window_segment(&s->windows, &s->arrival, an, ev);
	delayed_ack_segment(&s->delayed_ack, an, ev);
	if (an->conn->half[SIDE_CLIENT].fin_acked &&
	    an->conn->half[SIDE_SERVER].fin_acked)
		rtt_ended(&s->rtt, an);
}

static void
segments_after(void *state, struct analysis *an, const struct seg_event *ev)
{
	struct segments *s = state;

	arrival_after(&s->arrival, an, ev);
}

static void
segments_icmp(void *state, struct analysis *an, enum side side,
	      const struct packet *p, const struct dissection *d)
{
	(void)state;
	arrival_icmp(an, side, p, d);
}

static void
fill_vantage(struct segments *s, struct analysis *an,
	     struct connection_row *row)
{
	struct vantage_guess g = vantage_of(s->rtt.trips.loop);
	const struct half *half = an->conn->half;

	an->rtt = &s->rtt.trips;
	if (g.confidence == 0)
		g = vantage_of_hops((const uint8_t[]){
			half[0].seen ? half[0].ttl : 0,
			half[1].seen ? half[1].ttl : 0 });
	row->vantage = vantage_word(&g);
	if (g.confidence > 0)
		row->vantage_confidence = g.confidence;
}

static void
segments_update(void *state, struct analysis *an, struct connection_row *row,
		struct endpoint_row end[N_SIDES])
{
	struct segments *s = state;

	fill_vantage(s, an, row);
	arrival_update(&s->arrival, end);
	rtt_update(&s->rtt, row, end);
	window_update(&s->windows, an, end);
}

static void
segments_close(void *state, struct analysis *an, struct connection_row *row,
	       struct endpoint_row end[N_SIDES])
{
	struct segments *s = state;

	fill_vantage(s, an, row);
	arrival_close(&s->arrival, an, end);
	rtt_close(&s->rtt, an, row, end);
	window_update(&s->windows, an, end);
}

const struct analyzer segments_analyzer = {
	.name = "segments",
	.state_size = sizeof(struct segments),
	.segment = segments_segment,
	.after = segments_after,
	.icmp_error = segments_icmp,
	.update = segments_update,
	.close = segments_close,
};
