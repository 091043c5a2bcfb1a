/*
 * sender_samples.h - what is told of a sender, moment by moment: samples of
 * its windows, and spans of what it waited for.
 *
 * Time passes from one event to the next and is charged, with the sample that
 * ends it, to what held the sender back by then: so each event settles first
 * what the time up to it went to, is applied, and then puts a sample.
 */
#ifndef ANALYSIS_SENDER_SAMPLES_H
#define ANALYSIS_SENDER_SAMPLES_H

#include "analysis/sender_model.h"

/* An event comes: what does the time go to that ends with it? */
void sender_settle(struct sender *s);

/* A sample after it; where nothing of note changed only its time is charged. */
void sender_put_sample(struct sender *s, struct analysis *an, enum side side,
		       nstime ts);

/* The same in two steps, where the time shows later: the sender as it is now,
   and then its row, at ts. */
void sender_fill_sample(const struct sender *s, const struct analysis *an,
			enum side side, nstime ts, struct sample_row *r);
void sender_emit(struct sender *s, struct analysis *an, struct sample_row *r,
		 nstime ts);

/* So many bytes passed since then and were not captured: what was held for
   measured was not, all that time. */
void sender_tell_hole(struct sender *s, struct analysis *an, enum side side,
		      uint64_t bytes);

/* Data is sent now: the pause that ends with it, if it was one. */
void sender_tell_idle(struct sender *s, struct analysis *an, enum side side,
		      nstime now);

/* Before the first data there was the handshake, and perhaps a pause. */
void sender_tell_handshake(struct sender *s, struct analysis *an,
			   enum side side, nstime now);

#endif
