/*
 * finding_transfer_kind.c - a sender whose window is that of no known kind.
 */
#include <inttypes.h>
#include <math.h>

#include "analysis/cc_envelope.h"
#include "analysis/transfer.h"

#define MEASURED 4		/* round trips, or losses */
#define STEADIER 1.5

/* How far single values are from their mean, as a share of it. */
static double
variation(const struct envelope_mean *m)
{
	double mean = (double)m->mean;

	return mean > 0 ? sqrt((double)m->spread / m->n) / mean : INFINITY;
}

static void
say_growth(struct finding *f, const struct envelope *e)
{
	double segs = variation(&e->segs), share = variation(&e->share);

	finding_say(f, "Its window grew by %.1f segments a round trip, %.1f %% "
		    "of it (mean of %u in which it was full)%s.",
		    (double)e->segs.mean, (double)e->share.mean * 100,
		    e->segs.n,
		    segs * STEADIER < share ?
		    ": by a number, whatever its size" :
		    share * STEADIER < segs ?
		    ": by a share of its size" : "");
}

static void
say_measured(struct finding *f, const struct envelope *e)
{
	if (e->n_gave * 2 > e->n_odd)
		finding_say(f, "Its window became smaller though nothing was "
			    "lost: it goes by something else, as a rule the "
			    "delay.");
	else if (e->segs.n >= MEASURED)
		say_growth(f, e);
	if (e->left.n)
		finding_say(f, "After losses %.0f %% of it were left (mean of "
			    "%u).", (double)e->left.mean * 100, e->left.n);
}

static void
title(struct finding *f, const struct envelope *e)
{
	if (e->n_gave * 2 > e->n_odd)
		finding_title(f, "the congestion control is none of the known "
			      "ones: it gives way without losses");
	else if (e->left.n)
		finding_title(f, "the congestion control is none of the known "
			      "ones: %.1f segments more a round trip, %.0f %% "
			      "left after losses", (double)e->segs.mean,
			      (double)e->left.mean * 100);
	else
		finding_title(f, "the congestion control is none of the known "
			      "ones: %.1f segments more a round trip",
			      (double)e->segs.mean);
}

void
finding_kind(const struct transfer *t, struct analysis *an)
{
	const struct envelope *e = envelope_of(t->loss);
	struct finding f;

	if (!t->loss->unlike)
		return;
	finding_begin(&f, an, t->side, "note", "unknown_congestion_control",
		      .7);
	title(&f, e);
	finding_say(&f, "What the %s allowed itself contradicted Reno, CUBIC "
		    "and BBR in %u round trips.", finding_side(t->side),
		    e->n_odd);
	say_measured(&f, e);
	finding_say(&f, "So its window is told as it was seen in flight, with "
		    "bounds, and not by a model.");
	transfer_evidence(&f, t->recoveries, "sent again after a loss");
	finding_put(&f, an, "Where the sender is yours, ss -ti tells what it "
		    "runs (Linux: net.ipv4.tcp_congestion_control).");
}
