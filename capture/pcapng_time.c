/*
 * pcapng_time.c - the clocks that are not plain, and the clamp.
 */
#include "capture/pcapng_time.h"

static const __int128 limit = (__int128)1 << 62;

static nstime
clamp(__int128 ns)
{
	return (nstime)(ns > limit ? limit : ns < -limit ? -limit : ns);
}

static uint64_t
power_of_ten(unsigned n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

void
pcapng_clock_init(struct pcapng_clock *c, uint8_t tsresol, int64_t tsoffset)
{
	unsigned n = tsresol & 0x7f;

	*c = (struct pcapng_clock){ .mul = 1, .div = 1 };
	if (tsresol & 0x80) {
		c->mul = NS_PER_S;
		c->shift = (uint8_t)n;
	} else if (n <= 9) {
		c->mul = power_of_ten(9 - n);
	} else {
		/* Beyond 10^-28 s all that 64 bits can count is 0 ns. */
		c->div = n <= 28 ? power_of_ten(n - 9) : 0;
	}
	c->offset = clamp((__int128)tsoffset * NS_PER_S);
	if (c->shift == 0 && c->div == 1 &&
	    c->offset >= -limit / 2 && c->offset <= limit / 2)
		c->plain_ticks = (UINT64_C(1) << 61) / c->mul;
}

nstime
pcapng_clock_odd_ns(const struct pcapng_clock *c, uint64_t ticks)
{
	unsigned __int128 ns = (unsigned __int128)ticks * c->mul;

	ns = c->div ? ns / c->div >> c->shift : 0;
	return clamp((__int128)ns + c->offset);
}
