/*
 * cc_reno.c - Reno as Linux has it (RFC 5681), in segments.
 *
 * Halves the window, not the flight size; one segment more a window's worth
 * of ACKs, counted in whole segments.
 */
#include "analysis/cc.h"

static uint32_t
reno_ssthresh(struct cc *cc, const struct loss *l)
{
	(void)l;
	return cc->cwnd / 2 > 2 ? cc->cwnd / 2 : 2;
}

static void
reno_cong_avoid(struct cc *cc, const struct loss *l, uint32_t acked)
{
	(void)l;
	if (cc->cwnd < cc->ssthresh) {
		acked = cc_slow_start(cc, acked);
		if (!acked)
			return;
	}
	cc_additive(cc, cc->cwnd, acked);
}

const struct cc_ops cc_reno = {
	.name = "reno",
	.spread_segs = .3,
	.ssthresh = reno_ssthresh,
	.cong_avoid = reno_cong_avoid,
};
