/*
 * blocks.h - larger state, for the connections that earn it.
 *
 * Most connections are short or idle and need little.  An analyzer that wants
 * more for the others (a scoreboard, a record of holes) takes a block when a
 * side has sent some twenty data segments or something went wrong, and gives
 * it back when the connection closes.  Blocks of one kind have one size and
 * are never moved; memory grows in chunks, up to a bound.  Beyond that there
 * is none: the analyzer goes on without, and what it missed is counted.
 *
 * One pool a shard; no locks.
 */
#ifndef ANALYSIS_BLOCKS_H
#define ANALYSIS_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

enum block_kind {
	BLOCK_ARRIVAL,
	BLOCK_TROUBLE,
	BLOCK_HOLES,
	BLOCK_MANY_HOLES,
	BLOCK_COPIES,
	BLOCK_RTT,
	BLOCK_ECHO,
	BLOCK_SENDER,
	BLOCK_SENDER_RING,	/* of 16 runs; then of 32, ... 2048 */
	BLOCK_SENDER_RING_LAST = BLOCK_SENDER_RING + 7,
	BLOCK_SENDER_ACKS,	/* 8 that wait; then 16, ... 1024 */
	BLOCK_SENDER_ACKS_LAST = BLOCK_SENDER_ACKS + 7,
	BLOCK_APPLICATION,
	BLOCK_NAME,
	BLOCK_SYMPTOMS,
	BLOCK_LIFE,
	N_BLOCK_KINDS
};

struct blocks;

struct blocks *blocks_open(size_t max_bytes);	/* NULL: no memory */
void blocks_close(struct blocks *b);

/* A zeroed block, or NULL.  A kind has one size, that of its first block. */
void *block_alloc(struct blocks *b, enum block_kind kind, size_t size);
void block_free(struct blocks *b, enum block_kind kind, void *block);

/* How often there was none, and what is held. */
uint64_t blocks_refused(const struct blocks *b);
size_t blocks_bytes(const struct blocks *b);

#endif
