/*
 * stream.h - the bytes that one end sent, in order.
 *
 * The first arrival of a byte wins; a later one with other content is
 * reported.  What is missing is told as a gap, and why.  Segments that come
 * early wait in pieces of bounded memory, shared by the streams of a thread.
 *
 * A stream begins behind the SYN, or at the first byte that is seen, and ends
 * with the FIN.
 */
#ifndef REASSEMBLY_STREAM_H
#define REASSEMBLY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slab.h"
#include "reassembly/conn.h"

enum stream_gap {
	STREAM_GAP_LOST,	/* never acknowledged either: in the network,
				   or the capture ended */
	STREAM_GAP_MISSED,	/* acknowledged, never seen: by the capture */
	STREAM_GAP_CUT,		/* seen, but cut by the snaplen */
	STREAM_GAP_MEMORY,	/* given up: too much was waiting behind it */
	N_STREAM_GAPS
};

/* "lost", "missed by the capture", ... */
const char *stream_gap_text(enum stream_gap why);

/* What a stream tells, in the order of sequence numbers (conflicts: when they
   come).  All optional. */
struct stream_sink {
	void (*data)(void *ctx, const uint8_t *bytes, size_t len, uint64_t seq,
		     uint64_t frame, nstime ts);
	void (*gap)(void *ctx, uint64_t seq, uint64_t len,
		    enum stream_gap why);
	/* Frame brought other bytes than first_frame did (0: not known). */
	void (*conflict)(void *ctx, uint64_t seq, size_t len,
			 uint64_t first_frame, uint64_t frame);
};

struct stream_pool {
	struct slab pieces;
	uint32_t max_per_stream;	/* pieces */
};

/* Returns -1: no memory. */
int stream_pool_init(struct stream_pool *pool, size_t max_bytes);
void stream_pool_release(struct stream_pool *pool);

/* The last bytes that were told, to compare repetitions with. */
#define STREAM_HISTORY (64 << 10)
#define STREAM_HISTORY_FRAMES 128

struct stream_history {
	uint64_t start;		/* valid from here to the stream's next */
	uint32_t n_frames;
	struct { uint64_t end, frame; } frame[STREAM_HISTORY_FRAMES];
	uint8_t bytes[STREAM_HISTORY];
};

struct stream {
	struct stream_pool *pool;
	const struct stream_sink *sink;
	void *ctx;
	struct stream_history *history;	/* the caller's; NULL: none is kept */
	bool started, end_known;
	uint64_t next;		/* the byte to be told next */
	uint64_t end;		/* of all, where known */
	uint64_t acked;		/* by the receiver */
	nstime stuck;		/* since when a gap is acknowledged; 0: none */
	uint32_t first;		/* the first piece that waits */
	uint32_t n_pieces;
	/* Totals. */
	uint64_t bytes;
	uint64_t gap_bytes[N_STREAM_GAPS];
	uint64_t conflicts;
};

/* history may be NULL. */
void stream_init(struct stream *s, struct stream_pool *pool,
		 const struct stream_sink *sink, void *ctx,
		 struct stream_history *history);

/* A segment of the end whose stream it is, after conn_segment(). */
void stream_segment(struct stream *s, const struct seg_event *ev);

/* A segment of its peer: what it acknowledges has been received. */
void stream_acked(struct stream *s, const struct seg_event *ev);

/* Nothing more comes: tell what waits, with its gaps. */
void stream_close(struct stream *s);

#endif
