/*
 * rtt_estimator.h - srtt, rttvar and RTO as Linux reckons them.
 *
 * RFC 6298 with its own floor: the variance that enters the RTO is the
 * largest mean deviation of a round trip, never below the least RTO (200 ms),
 * so that RTO = srtt + rttvar >= srtt + 200 ms.  A deviation that falls is
 * taken in with 1/32 only.  Times in nanoseconds; 0 before the first sample.
 */
#ifndef ANALYSIS_RTT_ESTIMATOR_H
#define ANALYSIS_RTT_ESTIMATOR_H

#include <stdint.h>

#include "base/nstime.h"

#define RTO_MIN (200 * NS_PER_MS)
#define RTO_MAX (120 * NS_PER_S)
#define RTO_INITIAL NS_PER_S

struct rtt_estimator {
	int64_t srtt8;		/* 8 srtt */
	int64_t mdev4;		/* 4 mean deviations */
	int64_t mdev_max4;	/* the largest of this round trip */
	int64_t rttvar4;	/* 4 rttvar */
	uint64_t round_end;	/* snd_nxt when this round trip began */
};

/* A sample r > 0; snd_una and snd_nxt as they are with its ACK. */
void rtt_estimator_sample(struct rtt_estimator *e, nstime r,
			  uint64_t snd_una, uint64_t snd_nxt);

static inline nstime
rtt_estimator_srtt(const struct rtt_estimator *e)
{
	return e->srtt8 / 8;
}

nstime rtt_estimator_rto(const struct rtt_estimator *e);

#endif
