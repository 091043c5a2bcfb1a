/*
 * seq.h - TCP sequence numbers, unwrapped.
 *
 * On the wire they count modulo 2^32 (RFC 9293 s3.4).  Everything above the
 * dissector keeps them as 64-bit numbers that do not wrap, so that "before",
 * "after" and "how many" are <, > and -, also after the first 4 GiB.
 */
#ifndef BASE_SEQ_H
#define BASE_SEQ_H

#include <stdint.h>

/* The first number of a connection: one lap up, so that ISN - 1 exists. */
static inline uint64_t
seq_first(uint32_t isn)
{
	return (UINT64_C(1) << 32) + isn;
}

/* Of the numbers equal to seq modulo 2^32, the one nearest to near. */
static inline uint64_t
seq_unwrap(uint32_t seq, uint64_t near)
{
	return near + (uint64_t)(int64_t)(int32_t)(seq - (uint32_t)near);
}

#endif
