/*
 * window.c - extremes of windows and flights, and the moments that matter.
 */
#include "analysis/window.h"

static bool
scale_known(const struct conn *c, enum side side)
{
	return c->half[side].wscale_known;
}

static void
take_offer(struct windows *w, struct arrival_half *a,
	   struct analysis *an, const struct seg_event *ev)
{
	struct window_half *mine = &w->half[ev->side];

	if (!w->seen[ev->side] || ev->window < mine->min_rwnd)
		mine->min_rwnd = ev->window;
	if (!w->seen[ev->side] || ev->window > mine->max_rwnd)
		mine->max_rwnd = ev->window;
	w->seen[ev->side] = true;
	if (ev->window == 0)
		arrival_zero_window(a, an, ev);
}

/* Its data reaches the edge of what its peer offers. */
static bool
fills_window(const struct analysis *an, const struct seg_event *ev)
{
	const struct half *it = &an->conn->half[!ev->side];

	return ev->seg->len > 0 && scale_known(an->conn, !ev->side) &&
	       it->seen && it->rwnd > 0 &&
	       ev->end == it->rcv_nxt + it->rwnd;
}

void
window_segment(struct windows *w, struct arrival *a, struct analysis *an,
	       const struct seg_event *ev)
{
	const struct half *me = &an->conn->half[ev->side];
	struct window_half *mine = &w->half[ev->side];
	unsigned flags = ev->seg->flags;

	if (an->kind == SEG_DUPLICATE || ev->stray)
		return;
	if (flags & TCP_ACK && !(flags & (TCP_SYN | TCP_RST)))
		take_offer(w, &a->half[ev->side], an, ev);
	if (ev->end == ev->seq)
		return;
	if (me->seq_known && me->snd_nxt - me->snd_una > mine->max_flight &&
	    me->snd_una > me->isn)
		mine->max_flight = (uint32_t)(me->snd_nxt - me->snd_una);
	if (fills_window(an, ev) && an->kind == SEG_NEW)
		arrival_window_full(&a->half[ev->side], an, ev);
}

void
window_update(const struct windows *w, const struct analysis *an,
	      struct endpoint_row end[N_SIDES])
{
	for (int s = 0; s < N_SIDES; s++) {
		const struct window_half *h = &w->half[s];

		end[s].max_flight = h->max_flight;
		if (!w->seen[s] || !scale_known(an->conn, (enum side)s))
			continue;
		end[s].min_rwnd = h->min_rwnd;
		end[s].max_rwnd = h->max_rwnd;
	}
}
