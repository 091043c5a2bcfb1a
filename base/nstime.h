/*
 * nstime.h - time as tcpsaw keeps it: integer nanoseconds.
 *
 * A moment counts from 1970-01-01 UTC, a duration is a difference of two.
 * Both are the capture's clock, never this machine's.
 */
#ifndef BASE_NSTIME_H
#define BASE_NSTIME_H

#include <stdint.h>

typedef int64_t nstime;

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)

/* Not known.  Stored as NULL. */
#define NSTIME_NONE INT64_MIN

/* A duration in microseconds: the nearest that fits. */
static inline uint32_t
nstime_micros(nstime t)
{
	t /= NS_PER_US;
	return t < 0 ? 0 : t < UINT32_MAX ? (uint32_t)t : UINT32_MAX;
}

#endif
