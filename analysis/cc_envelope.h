/*
 * cc_envelope.h - what a sender of any kind allows itself, from what is seen.
 *
 * A round trip is full where each ACK let go what filled the flight up again,
 * and neither the receiver's window nor a pacer was met: then the most that
 * was in flight was the window.  Full round trips tell how the window grows
 * and what a loss leaves of it, and whether a replica says the same.
 */
#ifndef ANALYSIS_CC_ENVELOPE_H
#define ANALYSIS_CC_ENVELOPE_H

#include "analysis/loss.h"

#define ENVELOPE_MOST 2		/* a balance that says "most" */

struct envelope_mean {
	float mean, spread;	/* the sum of squares about it */
	uint16_t n;
};

struct envelope {
	uint64_t end;		/* of this round trip */
	uint32_t most, dip;	/* in flight in it; and at times less by */
	uint32_t before;	/* most of the one before; 0: that was not full */
	uint32_t fallen;	/* by, in full ones in a row, without a loss */
	uint32_t at_loss;	/* the window that was reduced; 0: not known */
	uint32_t since;		/* round trips since a full one */
	int32_t corrected;	/* the best replica, when this began */
	bool blocked;		/* by the receiver's window, in this one */

	/* Of full ones in which a replica was confirmed or contradicted: */
	uint16_t n_odd;		/* contradicted; of these: */
	uint16_t n_gave;	/* less in flight than before, and no loss */
	int16_t balance;	/* contradicted less confirmed, since the last
				   reduction */
	uint16_t n_epochs;	/* between two, with most contradicted */
	float doubt;		/* share of the contradicted ones, lately */

	/* Of growth, n each: segments a round trip; share of the window. */
	struct envelope_mean segs, share;
	struct envelope_mean left;	/* of the window after losses, share */
};

/* Something was sent; and: what the last ACK let go left, the next one came. */
void cc_envelope_raise(struct loss *l);
void cc_envelope_watch(struct loss *l);

const struct envelope *envelope_of(const struct loss *l);

#endif
