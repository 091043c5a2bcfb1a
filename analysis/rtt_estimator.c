/*
 * rtt_estimator.c - RFC 6298 s2 with Linux's constants.
 */
#include <assert.h>

#include "analysis/rtt_estimator.h"

/* (2.2) */
static void
first_sample(struct rtt_estimator *e, nstime r, uint64_t snd_nxt)
{
	e->srtt8 = 8 * r;
	e->mdev4 = 2 * r;
	e->rttvar4 = e->mdev4 > RTO_MIN ? e->mdev4 : RTO_MIN;
	e->mdev_max4 = e->rttvar4;
	e->round_end = snd_nxt;
}

/* A round trip went by: the variance follows downwards slowly. */
static void
end_round(struct rtt_estimator *e, uint64_t snd_nxt)
{
	if (e->mdev_max4 < e->rttvar4)
		e->rttvar4 -= (e->rttvar4 - e->mdev_max4) / 4;
	e->round_end = snd_nxt;
	e->mdev_max4 = RTO_MIN;
}

void
rtt_estimator_sample(struct rtt_estimator *e, nstime r, uint64_t snd_una,
		     uint64_t snd_nxt)
{
	int64_t err = r - e->srtt8 / 8;

	assert(r > 0);
	if (e->srtt8 == 0) {
		first_sample(e, r, snd_nxt);
		return;
	}
	e->srtt8 += err;			/* (2.3), alpha 1/8 */
	if (err < 0) {
		err = -err - e->mdev4 / 4;
		if (err > 0)
			err /= 8;
	} else {
		err -= e->mdev4 / 4;
	}
	e->mdev4 += err;			/* (2.3), beta 1/4 */
	if (e->mdev4 > e->mdev_max4) {
		e->mdev_max4 = e->mdev4;
		if (e->mdev_max4 > e->rttvar4)
			e->rttvar4 = e->mdev_max4;
	}
	if (snd_una > e->round_end)
		end_round(e, snd_nxt);
}

/* In Linux's units 4 rttvar is what is added to srtt. */
nstime
rtt_estimator_rto(const struct rtt_estimator *e)
{
	nstime rto = e->srtt8 / 8 + e->rttvar4;

	if (e->srtt8 == 0)
		return RTO_INITIAL;
	return rto < RTO_MAX ? rto : RTO_MAX;
}
