/*
 * analyzer.h - the interface between the connections and what watches them.
 *
 * An analyzer is a constant table of functions and a size.  The engine gives
 * it state_size zeroed bytes for each connection, in the same allocation as
 * the connection: no lookup, no allocation and no lock for a packet.
 * Analyzers run in the order of the list in analysis/analyzers.c.  They do not
 * change the connection; what one has to say to those after it stands in
 * struct analysis (what each segment was, round trips, ...), which the ones
 * that are its owners fill and everybody reads.
 */
#ifndef ANALYSIS_ANALYZER_H
#define ANALYSIS_ANALYZER_H

#include <stddef.h>

#include "analysis/blocks.h"
#include "analysis/rows.h"
#include "analysis/rtt_estimator.h"
#include "reassembly/conn.h"
#include "reassembly/tracker.h"

/* What a segment was.  One of SEG_RTX_..SEG_OUT_OF_ORDER at most. */
enum seg_kind {
	SEG_NEW,		/* advances snd_nxt, or carries no data */
	SEG_RTX_TIMEOUT,
	SEG_RTX_FAST,
	SEG_RTX_RECOVERY,
	SEG_RTX_TLP,
	SEG_RTX_SPURIOUS,	/* needless as seen when it was sent */
	SEG_RTX_SYN,
	SEG_RTX_OTHER,
	SEG_DUPLICATE,		/* a copy made by the network or the capture */
	SEG_OUT_OF_ORDER,	/* late, sent once */
	SEG_KEEPALIVE,
	SEG_WINDOW_PROBE,
	N_SEG_KINDS
};

static inline bool
seg_is_retransmission(enum seg_kind kind)
{
	return kind >= SEG_RTX_TIMEOUT && kind <= SEG_RTX_OTHER;
}

/* Why a segment has its kind: a static text, and what it was measured by. */
struct seg_reason {
	const char *text;	/* for the event's detail; NULL: nothing to say */
	nstime waited;		/* since what the text names; 0: no matter */
	uint32_t count;		/* n-th time, duplicate ACKs, ...; 0: no matter */
};

/* Sequence numbers [start, end), unwrapped. */
struct seq_range {
	uint64_t start, end;
};

/*
 * Round trips of a connection.  Owner: rtt.c.  0: not known.  loop[side] is
 * the least time from here to that side and back.
 */
struct round_trips {
	nstime loop[N_SIDES];
	nstime min[N_SIDES];	/* of what this side sends */
	struct rtt_estimator est[N_SIDES];	/* and as Linux reckons it */
	nstime syn, synack;	/* the last of them */
	nstime established;	/* the first segment that was neither */
	nstime handshake;	/* round trip of the first SYN and its answer */
};

/* Where the capture was taken, as seen from one side.  Owner: vantage.c. */
enum vantage {
	VANTAGE_UNKNOWN,
	VANTAGE_HERE,		/* at this side's host */
	VANTAGE_MIDDLE,
	VANTAGE_FAR,		/* at its peer's host */
};

/* The analysis of one connection that its analyzers share: facts that more
   than one needs.  Its owners are named; everybody else reads. */
struct analysis {
	struct conn *conn;
	const struct tcp_life *life;	/* of both ends; set for close() */
	/* Of the segment at hand.  Owner: arrival.c, which decides whether it
	   is a retransmission: then kind is SEG_RTX_OTHER (SEG_RTX_SYN), and
	   sender.c names it among the RTX kinds and says why.  The event row
	   is arrival.c's again, after all analyzers saw the segment. */
	enum seg_kind kind;
	struct seg_reason reason;
	uint32_t old_bytes;	/* of its payload, seen before */
	bool fills_hole;	/* bytes never seen here, below old_snd_nxt */
	bool opens_hole;	/* seq beyond old_snd_nxt */
	bool nothing_lost;	/* sent again for another reason */
	uint32_t unseen_behind;	/* bytes behind all that was seen that left
				   before it and were lost */
	bool dup_ack;		/* RFC 5681 s2 */
	bool window_update;
	nstime hole_opened;	/* when the hole that it fills was opened */
	/* It brings other bytes than other_frame did, and looks less like its
	   sender's packets (other_is_forged), or more. */
	bool other_bytes, other_is_forged;
	uint64_t other_frame;
	/* What its ACK says of the peer's data. */
	bool ack_of_unseen;	/* it acknowledges more than was ever seen */
	uint64_t unseen_acked;	/* bytes never seen here that it acknowledges
				   for the first time: the capture missed them */
	bool has_dsack;		/* RFC 2883: the first block was one */
	struct seq_range dsack;
	unsigned n_sack;	/* the other blocks */
	struct seq_range sack[TCP_MAX_SACK];
	/* It left only when a delayed ACK came, that late; what the ACK is for
	   was sent then.  0: it did not.  Owner: delayed_ack.c. */
	nstime delayed_ack, delayed_since;
	/* Of the connection so far; never NULL while the analyzers behind
	   their owners run. */
	const struct round_trips *rtt;
	enum vantage vantage[N_SIDES];
	struct row_sink *sink;
	struct blocks *blocks;	/* of the shard: analysis/blocks.h */
	const struct analysis_options *options;
	const struct capture_quality *quality;
	/* In close(): the losses were a full queue's, and that was told.
	   Owner: sender.c. */
	bool losses_explained[N_SIDES];
	char *close_text;	/* CLOSE_TEXT_SIZE bytes of the shard: for a
				   text of the connection's row, in close() */
};

#define CLOSE_TEXT_SIZE 256

/* Thresholds and switches: --option=value for each (cli). */
struct analysis_options {
	const double *thresholds;	/* --threshold; NULL: the defaults */
	bool all_samples;	/* --samples=all */
	bool segments;		/* --segments */
	bool digests;		/* --digests */
};

/* What is known of the capture as a whole, so far. */
struct capture_quality {
	uint64_t packets_dropped;	/* told by the capture */
};

struct analyzer {
	const char *name;
	size_t state_size;
	/* All optional.  What they are given is valid during the call. */
	void (*open)(void *state, struct analysis *an);
	void (*segment)(void *state, struct analysis *an,
			const struct seg_event *ev);
	/* The same segment again, after all analyzers saw it. */
	void (*after)(void *state, struct analysis *an,
		      const struct seg_event *ev);
	void (*icmp_error)(void *state, struct analysis *an, enum side side,
			   const struct packet *p, const struct dissection *d);
	/* Live: the connection goes on.  Fill rows, change nothing. */
	void (*update)(void *state, struct analysis *an,
		       struct connection_row *row,
		       struct endpoint_row end[N_SIDES]);
	/* The connection ends.  Fill rows; findings go to the sink. */
	void (*close)(void *state, struct analysis *an,
		      struct connection_row *row,
		      struct endpoint_row end[N_SIDES]);
};

/*
 * What watches more than one connection, or packets of none: DNS over UDP,
 * ARP.  One state for each shard; a UDP flow stays in its shard, packets of no
 * flow all go to shard 0.  Rows that do not follow from the packet at hand
 * set sink->first_frame to the frame that they are about.
 */
struct shard_analyzer {
	const char *name;
	size_t state_size;
	void (*datagram)(void *state, struct row_sink *sink,
			 const struct udp_flow *flow, enum side side,
			 const struct packet *p, const struct dissection *d);
	void (*icmp_error)(void *state, struct row_sink *sink,
			   const struct udp_flow *flow, enum side side,
			   const struct packet *p, const struct dissection *d);
	void (*other)(void *state, struct row_sink *sink,
		      const struct packet *p, const struct dissection *d);
	void (*expire)(void *state, struct row_sink *sink, nstime now);
	void (*finish)(void *state, struct row_sink *sink, nstime now);
};

/*
 * What judges the capture as a whole: floods, scans, leaks.  One state for
 * the capture, given every row in the one order of the store, on the
 * writer's side; what it puts is stored after the row at hand.
 */
struct capture_analyzer {
	const char *name;
	size_t state_size;
	/* Before a row is stored: fill what only other flows tell. */
	void (*amend)(void *state, enum row_table table, void *row);
	void (*row)(void *state, struct row_sink *sink, enum row_table table,
		    const void *row);
	void (*finish)(void *state, struct row_sink *sink, nstime now);
	/* The struct tally in its state; the last has no value_size. */
	struct tally_place {
		size_t offset, value_size, max;
	} tallies[4];
};

/* Its state, set up; NULL: no memory. */
void *capture_analyzer_open(const struct capture_analyzer *a);
/* As it was at first. */
void capture_analyzer_clear(const struct capture_analyzer *a, void *state);
void capture_analyzer_close(const struct capture_analyzer *a, void *state);

/* The lists to extend, each ended by NULL (analysis/analyzers.c). */
extern const struct analyzer *const analyzers[];
extern const struct shard_analyzer *const shard_analyzers[];
extern const struct capture_analyzer *const capture_analyzers[];

#endif
