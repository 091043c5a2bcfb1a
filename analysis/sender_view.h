/*
 * sender_view.h - what a sender saw, in its order, from packets seen elsewhere.
 *
 * Away from the sender's host an ACK passes before the sender gets it, and
 * data after it left.  So ACKs wait here until data shows that the sender had
 * them: data echoes the time stamp of an ACK that it had got (RFC 7323), it
 * comes a loop from here to the sender and back after the ACK that let it go,
 * and a full window lets nothing go before the next ACK.  Nothing is shifted
 * by a guessed delay: only the order counts, and it is FIFO.
 *
 * The sender's clock is then this: an ACK reaches it when it passes here.
 */
#ifndef ANALYSIS_SENDER_VIEW_H
#define ANALYSIS_SENDER_VIEW_H

#include "analysis/loss.h"

#define VIEW_MIN 8
#define VIEW_MAX 1024
#define VIEW_LAGS 8

/* An ACK that waits; sequence numbers as on the wire, time in us. */
struct view_ack {
	uint32_t t, ack, seq, end, window, tsval, tsecr;
	uint8_t n_sack;
	bool has_ts, has_data, ece;
	bool first;		/* of its time stamp */
	struct { uint32_t start, end; } sack[4];
};

struct sender_view {
	struct view_ack *ring;
	uint32_t cap, head, n;
	uint32_t last_tsval;
	bool any;
	uint32_t lag[VIEW_LAGS];	/* from an ACK to the data it let go */
	uint32_t n_lags;
	uint32_t least_lag, most_lag;	/* of these */
	uint32_t shortest_lag;	/* the handshake's: without a queue */
	/* The sender's own clock: our time when it showed clock_tsval first
	   lies between these two. */
	int64_t clock_lo, clock_hi;
	int64_t at_once;	/* the second, by data that an ACK let go */
	bool at_once_known;
	uint64_t relaxed;
	uint64_t last_data;	/* when data passed last */
	uint64_t two_way;	/* and when data of the peer's did */
	uint32_t acked;		/* what its last segment acknowledged */
	uint32_t clock_tsval;
	bool clock_known;
	bool told;		/* by data with these, and no ACK passed since: */
	uint32_t told_tsval, told_tsecr;
	/* The newest time stamp of the ACKs that were applied, and when the
	   first that bore it passed. */
	uint32_t echoed;
	int64_t echoed_at;
	bool echoed_known;
	uint64_t missed;	/* ACKs applied early: no room */
};

void view_release(struct sender_view *v, struct blocks *blocks);

/* An ACK passed.  False: no room; apply the first one and try again. */
bool view_push(struct sender_view *v, struct blocks *blocks,
	       const struct ack_in *a, uint64_t end, uint32_t tsval);

/* The first one that waits, as it is to be applied; it is then gone. */
bool view_pop(struct sender_view *v, const struct loss *l, struct ack_in *a);

/* Why data may leave, by what the model has seen so far. */
enum view_reason {
	VIEW_ROOM,		/* the windows allow it */
	VIEW_NO_ROOM,
	VIEW_NOT_LOST,		/* sent again, and nothing said that it is lost */
};

/* Must the first ACK that waits be applied before this data? */
bool view_due(struct sender_view *v, const struct loss *l,
	      const struct data_out *d, enum view_reason reason);

/*
 * A segment of the sender's passes that has no data, and shows that it had got
 * so much of the peer's: had it got the first ACK that waits?
 */
bool view_told(const struct sender_view *v, uint64_t t, uint32_t got);

/* And it acknowledges so much in a row; data tells that by itself. */
void view_passed(struct sender_view *v, uint32_t acked);

/* Is it the first ACK of the tick that this data echoes? */
bool view_at_tick(const struct sender_view *v, const struct data_out *d);

/* And without any data, because it has reached the sender by t for sure. */
bool view_arrived(const struct sender_view *v, uint64_t t);

/* When it was sent, on our clock of the sender; after all that is due.
   let_go: the last of these made the room for it. */
uint64_t view_sent_at(struct sender_view *v, const struct loss *l,
		      const struct data_out *d, bool let_go);

/* The loop to the sender and back, now; 0: not known. */
uint32_t view_lag(const struct sender_view *v);

/* A loop that was measured: by the handshake, to begin with. */
void view_add_lag(struct sender_view *v, uint32_t us);

/* The loop as it is now, whatever it was before. */
void view_set_lag(struct sender_view *v, uint32_t us);

#endif
