/*
 * finding_transfer.c - the verdict on a transfer, then what else there is.
 *
 * The time goes to four: the program, the receiver's window, waits for delayed
 * ACKs (their finding is in symptom_findings.c), and the sender's own window
 * with all that reduces it.  Who has most of it is the verdict; within the
 * last the first cause that holds in the order of a table.  Every transfer
 * that counts gets exactly one.
 */
#include "analysis/finding_transfer.h"

#define TIMEOUTS_MAIN .15	/* of the busy time, waiting for the timer */
#define FULL_MAIN .4		/* of the busy time with a queue */
#define FULL_NOTABLE .3
#define FULL_RATE .8		/* of the best: the path was used */
#define RESTARTS_MAIN 3
#define SHORT_ROUNDS 8		/* round trips */
#define GROWING_ROUNDS 25	/* the most that doubling goes on */
#define SHORT_SEGMENTS 15	/* worth a word when short */
#define PROGRAM_BYTES 100000
#define PROGRAM_SENDS 3		/* that were waited for */
#define RECEIVER_NOTABLE .2

static bool
never_left_slow_start(const struct transfer *t)
{
	nstime rounds = t->cc->ssthresh >= CC_INFINITE ? GROWING_ROUNDS
						       : SHORT_ROUNDS;

	return !(t->loss->n_recovery + transfer_timeouts(t)) &&
	       t->limit->busy < rounds * transfer_min_rtt(t);
}

static bool
restarts_rule(const struct transfer *t)
{
	return t->loss->n_restart >= RESTARTS_MAIN &&
	       transfer_rate(t) < FULL_RATE * transfer_best_rate(t);
}

/* What exceeds a rate is dropped, though nothing queues, and bursts pass. */
static bool
is_policed(const struct transfer *t)
{
	const struct loss *l = t->loss;

	return l->n_recovery >= 3 && transfer_loss_rate(t) > .01 &&
	       transfer_lost(t) >= 6 * l->n_recovery &&
	       !transfer_overflows(t) &&
	       l->max_rate > 1.3 * transfer_rate(t);
}

/* A model of the path (BBR) keeps the sender at its rate without a queue; so
   does a pace that was asked for, and then there is none at all. */
static bool
is_paced(const struct transfer *t)
{
	return t->cc->ops->model_based &&
	       transfer_share(t, LIMIT_BOTTLENECK) +
	       transfer_share(t, LIMIT_PACING) >= FULL_MAIN &&
	       !t->loss->lost_total &&
	       transfer_queue_us(t) < loss_min_rtt(t->loss) / 25. + 500;
}

static bool
path_is_full(const struct transfer *t)
{
	double good = FULL_RATE * transfer_best_rate(t);

	if (transfer_knows_best(t) && transfer_rate(t) >= good)
		return true;
	return transfer_share(t, LIMIT_BOTTLENECK) >= FULL_MAIN &&
	       t->limit->full.n_slots > 0 &&
	       (!t->cc->ops->model_based || transfer_full_rate(t) >= good);
}

static bool
path_is_shared(const struct transfer *t)
{
	return transfer_share(t, LIMIT_BOTTLENECK) >= FULL_NOTABLE &&
	       transfer_rate_changes(t);
}

static bool
losses_rule(const struct transfer *t)
{
	/* Of one that mostly pauses each burst begins anew. */
	return t->loss->n_recovery + transfer_timeouts(t) >= 3 &&
	       transfer_loss_rate(t) >= .0003 &&
	       t->limit->total[LIMIT_IDLE] <= t->limit->busy;
}

/* An outage, or losses that nothing but the timer could tell. */
static bool
timeouts_rule(const struct transfer *t)
{
	if (!path_is_full(t) && losses_rule(t))
		return false;
	return (double)t->loss->timeout_us * NS_PER_US >
	       TIMEOUTS_MAIN * (double)t->limit->busy;
}

static bool
always(const struct transfer *t)
{
	(void)t;
	return true;
}

typedef void put_fn(const struct transfer *t, struct analysis *an);

/* Why the sender's own window was the limit. */
static put_fn *
window_verdict(const struct transfer *t)
{
	static const struct {
		bool (*holds)(const struct transfer *t);
		put_fn *put;
	} cause[] = {
		{ timeouts_rule, finding_timeouts },
		{ restarts_rule, finding_restarts },
		{ never_left_slow_start, finding_slow_start },
		{ is_paced, finding_paced },
		{ is_policed, finding_policer },
		{ path_is_full, finding_path },
		{ path_is_shared, finding_path },
		{ losses_rule, finding_losses },
		{ always, finding_path },
	};
	int i = 0;

	while (!cause[i].holds(t))
		i++;
	return cause[i].put;
}

/* At the end of each burst its last ACKs are waited for, and within a round
   trip a sender may space what it sends. */
static bool
program_was_late(const struct transfer *t)
{
	const struct limit *m = t->limit;

	if (m->app_sends < PROGRAM_SENDS)
		return false;
	return m->busy > SHORT_ROUNDS * transfer_min_rtt(t) || m->app_pauses ||
	       m->app_wait_most > transfer_min_rtt(t) / 2;
}

/* NULL: the finding about delayed ACKs is the verdict. */
static put_fn *
verdict(const struct transfer *t)
{
	double program = transfer_share(t, LIMIT_APPLICATION);
	double receiver = transfer_share(t, LIMIT_RECEIVE_WINDOW);
	double acks = transfer_share(t, LIMIT_NAGLE);
	double window = transfer_window_share(t);

	if (!program_was_late(t))
		program = 0;
	if (window >= program && window >= receiver && window >= acks)
		return window_verdict(t);
	if (receiver >= program && receiver >= acks)
		return finding_receive_window;
	if (acks > program || t->loss->bytes_acked < PROGRAM_BYTES)
		return NULL;
	return finding_application;
}

void
finding_transfer(const struct transfer *t, struct analysis *an)
{
	put_fn *first = NULL;

	if (transfer_counts(t))
		first = verdict(t);
	else if (t->loss->data_segs >= SHORT_SEGMENTS &&
		 verdict(t) == finding_slow_start)
		first = finding_slow_start;
	if (first)
		first(t, an);
	an->losses_explained[t->side] = first && path_is_full(t) &&
					transfer_overflows(t);
	if (first == finding_timeouts && path_is_full(t))
		finding_path(t, an);
	if (first && first != finding_receive_window &&
	    transfer_share(t, LIMIT_RECEIVE_WINDOW) >= RECEIVER_NOTABLE)
		finding_receive_window(t, an);
	if (first != finding_timeouts)
		finding_timeouts(t, an);
	if (first && first != finding_restarts)
		finding_restarts(t, an);
	finding_spurious(t, an);
	finding_kind(t, an);
	finding_initial_window(t, an);
}
