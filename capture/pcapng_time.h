/*
 * pcapng_time.h - from the ticks of an interface to nanoseconds.
 *
 * A tick is 10^-n or 2^-n s (if_tsresol), counted from if_tsoffset.  What
 * comes out is clamped to 2^62 ns either side of 1970, so that nobody who
 * subtracts two times overflows.
 */
#ifndef CAPTURE_PCAPNG_TIME_H
#define CAPTURE_PCAPNG_TIME_H

#include <stdint.h>

#include "base/nstime.h"

struct pcapng_clock {
	uint64_t mul;		/* ns = ticks * mul / div >> shift + offset */
	uint64_t div;
	uint8_t shift;
	uint64_t plain_ticks;	/* up to here ticks * mul + offset will do */
	nstime offset;
};

/* tsresol as in the option, tsoffset in seconds. */
void pcapng_clock_init(struct pcapng_clock *c, uint8_t tsresol,
		       int64_t tsoffset);

nstime pcapng_clock_odd_ns(const struct pcapng_clock *c, uint64_t ticks);

static inline nstime
pcapng_clock_ns(const struct pcapng_clock *c, uint64_t ticks)
{
	if (__builtin_expect(ticks <= c->plain_ticks, 1))
		return (nstime)(ticks * c->mul) + c->offset;
	return pcapng_clock_odd_ns(c, ticks);
}

#endif
