/*
 * cc_envelope.c - the replica without a model.
 *
 * It is raised by what is in flight, renewed by each full round trip, and in
 * recovery is what is out.  A full round trip contradicts the replica that
 * explains the sender best where that had to be raised in it, or where less
 * was in flight again, though nothing was lost: windows of known kinds do not
 * give way.  It may have been a chance: what counts is that it goes on.
 */
#include "analysis/cc_envelope.h"

#include <math.h>

#define SMALL 6			/* windows of so few segments tell nothing */
#define PACED_HERE .1
#define PACED_ELSEWHERE .25
#define LEFT .7			/* until it was seen */
#define MEMORY 8		/* round trips */
#define MANY 1000

static struct envelope *
state_of(struct cc *cc)
{
	return cc->state;
}

const struct envelope *
envelope_of(const struct loss *l)
{
	return l->cc[CC_ENVELOPE].state;
}

static void
begin_round(struct envelope *e, const struct loss *l, uint32_t pipe)
{
	e->end = l->sb.nxt;
	e->most = pipe;
	e->dip = 0;
	e->blocked = false;
	e->corrected = l->window->corrected;
}

static bool
is_full(const struct cc *cc, const struct loss *l)
{
	const struct envelope *e = cc->state;
	double paced = l->causal ? PACED_ELSEWHERE : PACED_HERE;
	uint32_t slack = 1 + e->most / 32;

	if (e->blocked || e->most < SMALL || l->paced >= paced ||
	    loss_two_way(l))
		return false;
	/* What a burst may hold back is dear to reckon. */
	return e->dip <= slack || e->dip <= slack + cc_tso_segs(cc, l);
}

static void
add_to_mean(struct envelope_mean *m, double x)
{
	double off = x - (double)m->mean;

	if (m->n == MANY)
		return;
	m->n++;
	m->mean += (float)(off / m->n);
	m->spread += (float)(off * (x - (double)m->mean));
}

/* What this round trip and the full one before say of the replicas. */
static void
compare(struct envelope *e, const struct loss *l, uint32_t before)
{
	/* By ACKs that were missed, perhaps. */
	int32_t raised = loss_has_holes(l) ? 0 :
			 l->window->corrected - e->corrected;
	uint32_t near = 2 + e->most / 32;
	bool odd, gave;

	if (e->most < before)
		e->fallen += before - e->most;
	else if (e->most > before)
		e->fallen = 0;
	gave = e->most < before && e->fallen > near;
	if (gave || raised > 1 + (int32_t)(e->most / 128))
		odd = true;
	else if (l->window->cwnd <= e->most + near || e->most > before + near)
		odd = false;
	else
		return;		/* a program or a buffer may be the limit */
	if (odd ? e->balance < MANY : e->balance > -MANY)
		e->balance += odd ? 1 : -1;
	if (odd && e->n_odd < MANY) {
		e->n_odd++;
		e->n_gave += gave;
	}
	e->doubt += ((float)odd - e->doubt) / MEMORY;
}

/* It doubles, or at least does not add. */
static bool
is_slow_start(const struct envelope *e, uint32_t before)
{
	return e->most >= before + before / 4;
}

static void
measure(struct cc *cc, uint32_t before)
{
	struct envelope *e = state_of(cc);
	double more = (double)e->most - (double)before;

	/* The first one since losses: in it the window has grown already. */
	if (e->at_loss)
		add_to_mean(&e->left,
			    ((double)e->most - (double)e->segs.mean) /
			    e->at_loss);
	e->at_loss = 0;
	if (!before || is_slow_start(e, before))
		return;
	cc->surprise += (fabs(more - (double)e->segs.mean) - cc->surprise) /
			MEMORY;
	add_to_mean(&e->segs, more);
	add_to_mean(&e->share, more / before);
}

static void
end_round(struct cc *cc, const struct loss *l)
{
	struct envelope *e = state_of(cc);
	uint32_t before = e->before;

	e->before = 0;
	if (!is_full(cc, l)) {
		e->since++;
		return;
	}
	e->since = 0;
	e->before = e->most;
	cc->cwnd = e->most;
	if (before && cc->ssthresh > cc->cwnd && !is_slow_start(e, before))
		cc->ssthresh = cc->cwnd;
	if (!loss_has_holes(l))
		measure(cc, before);
	if (before)
		compare(e, l, before);
}

void
cc_envelope_raise(struct loss *l)
{
	struct cc *cc = &l->cc[CC_ENVELOPE];
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (pipe > cc->cwnd)
		cc->cwnd = pipe;
}

void
cc_envelope_watch(struct loss *l)
{
	struct cc *cc = &l->cc[CC_ENVELOPE];
	struct envelope *e = state_of(cc);
	uint32_t pipe = scoreboard_pipe(&l->sb);

	if (pipe > cc->cwnd)
		cc->cwnd = pipe;
	if (l->ca_state > CA_DISORDER) {
		e->before = 0;
		begin_round(e, l, pipe);
		return;
	}
	if (pipe > e->most)
		e->most = pipe;
	else if (e->most - pipe > e->dip)
		e->dip = e->most - pipe;
	if (l->sb.nxt + l->sb.mss > l->wnd_end)
		e->blocked = true;
	if (l->una < e->end)
		return;
	end_round(cc, l);
	begin_round(e, l, pipe);
}

static uint32_t
envelope_ssthresh(struct cc *cc, const struct loss *l)
{
	struct envelope *e = state_of(cc);
	double left = e->left.n ? (double)e->left.mean : LEFT;
	uint32_t w = (uint32_t)(cc->cwnd * left);

	e->at_loss = e->before && l->ca_state < CA_LOSS ? cc->cwnd : 0;
	e->before = e->fallen = 0;
	if (e->balance >= ENVELOPE_MOST && e->n_epochs < MANY)
		e->n_epochs++;
	e->balance = 0;
	return w > 2 ? w : 2;
}

static void
envelope_undo(struct cc *cc, const struct loss *l)
{
	(void)l;
	state_of(cc)->at_loss = 0;
	if (cc->prior_cwnd > cc->cwnd)
		cc->cwnd = cc->prior_cwnd;
}

const struct cc_ops cc_envelope = {
	.name = "envelope",
	.state_size = sizeof(struct envelope),
	.model_free = true,
	.spread_segs = 1,
	.spread_share = .02,
	.ssthresh = envelope_ssthresh,
	.undo = envelope_undo,
};
