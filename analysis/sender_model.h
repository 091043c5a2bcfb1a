/*
 * sender_model.h - the mind of one sender: what drives its replicas.
 *
 * Each direction of a connection that carries data has one (but see quiet.h).
 * It is given what that sender sent and received, as both pass the place of
 * the capture, puts that into the sender's own order (sender_view.h), drives
 * the loss machine with it (loss.h), and tells what comes out as samples.
 */
#ifndef ANALYSIS_SENDER_MODEL_H
#define ANALYSIS_SENDER_MODEL_H

#include "analysis/analyzer.h"
#include "analysis/cc_identify.h"
#include "analysis/limit.h"
#include "analysis/sample_thin.h"
#include "analysis/sender_view.h"
#include "analysis/transfer.h"

/* What a sample would tell, by and large, to be compared. */
struct sample_gist {
	const struct cc *cc;
	uint64_t windows;	/* cwnd and ssthresh */
	uint32_t state;
};

struct sender {
	struct loss loss;
	struct cc_bank bank;
	nstime base;		/* the model's microseconds count from here */
	struct sender_view view;
	struct limit limit;
	uint64_t fin_seq;	/* a FIN without data; 0: none sent */
	uint8_t cause;		/* of the time up to the next event */
	bool busy;
	nstime last_ts;		/* of the samples put */
	struct transfer_frames timeouts, recoveries, full_windows, restarts;
	struct sample_thin thin;
	uint32_t size;		/* divides all that was sent so far, */
	uint8_t n_sizes;	/* so many segments */
	struct sample_gist gist;	/* of the last */
};

/* The shift of the windows is not known: no window is assumed. */
#define SENDER_WINDOW_UNKNOWN (1u << 30)

/* Data that passes, or passed when there was no model. */
struct sent_segment {
	nstime ts;
	uint64_t frame;		/* 0: not known any more */
	uint32_t unseen;	/* bytes behind snd_nxt that left before it */
	struct data_out out;	/* but for its time, and what waited then */
};

/* Of the sender of a side, which sends nxt next.  NULL: no memory. */
struct sender *sender_begin(struct analysis *an, enum side side, uint64_t nxt);
void sender_free(struct sender *s, struct analysis *an);

/* It sent this, which is completed. */
enum sent_kind sender_sends(struct sender *s, struct analysis *an,
			    enum side side, struct sent_segment *p);

/* It sent a segment without data, which shows that it had got the peer's up
   to there, and acknowledges so much in a row. */
void sender_tells(struct sender *s, struct analysis *an, enum side side,
		  nstime ts, uint32_t got, uint32_t acked);

/* An ACK for what it sent passes at ts; its segment ends at end. */
void sender_gets(struct sender *s, struct analysis *an, enum side side,
		 const struct ack_in *a, nstime ts, uint64_t end,
		 uint32_t tsval);

/* No more will come: what still waits to reach it does. */
void sender_drain(struct sender *s, struct analysis *an, enum side side);

/* New data of some size tells how large its segments are. */
void sender_learn_size(struct sender *s, const struct seg_event *ev);

/* The replica that is believed. */
static inline const struct cc *
sender_best(const struct sender *s)
{
	return cc_best(&s->loss);
}

#endif
