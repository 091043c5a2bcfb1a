/*
 * path.h - one direction of the emulated path, without any system call.
 *
 *	arrive -> pre delay -> policer, queue, rate -> [middle] ->
 *	loss, damage, copies, reordering -> post delay -> deliver
 *
 * Everything happens at a time that the caller gives, so the same seed and
 * the same arrivals give the same result.  Frames carry their own bytes.
 */
#ifndef TESTS_LAB_PATH_H
#define TESTS_LAB_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t nstime;

/* What is asked for; the names are those of the command line. */
struct path_config {
	double rate;		/* bit/s of whole frames; 0 = not limited */
	double queue;		/* bytes; 0 = not limited */
	double pre_us, post_us;	/* delay before and behind the middle */
	double loss;		/* probability of single losses */
	double burst_enter, burst_leave, burst_loss;	/* Gilbert-Elliott */
	double minlen;		/* shorter frames are never lost at random */
	double dup, corrupt;	/* probabilities */
	double reorder, reorder_us;	/* probability, how long held back */
	double jitter_us;	/* uniform, in order */
	double ecn;		/* queue in bytes from which on CE is set */
	double police, police_burst;	/* bit/s, bytes */
	double codel_us;	/* target delay of CoDel; 0 = drop at the tail */
	double batch_us;	/* frames leave together, this often */
	double step_at, step_us;	/* from second .. on, more delay */
	double stall_at, stall_s;	/* nothing leaves, nothing is lost */
	double slow_at, slow_rate;	/* from second .. on, another rate */
	double fast_at;		/* and from this second on the old one again */
	double black_at, black_s;	/* everything is lost */
	double drop_first, drop_count, drop_every;	/* full-size frames */
	double drop_again;	/* also so many copies of a dropped one */
};

enum stage { STAGE_QUEUE, STAGE_DEPART, STAGE_MIDDLE, STAGE_DELIVER };

struct frame {
	size_t len;
	struct frame *next;	/* in the queue */
	nstime queued_at;
	uint8_t at[];
};

struct path_counters {
	long frames_in, frames_exit, bytes_exit, max_queue;
	long drop_queue, drop_random, drop_burst, drop_blackout, drop_police;
	long drop_listed, dup, corrupt, reorder, ce;
};

struct path;

/* What the path asks of its owner. */
struct path_owner {
	/* Call path_stage(path, stage, frame, when) at that time. */
	void (*schedule)(struct path *, nstime when, enum stage,
			 struct frame *);
	void (*middle)(struct path *, nstime when, const struct frame *);
	void (*deliver)(struct path *, const struct frame *);
	/* What the path did to a frame, for the record. */
	void (*tell)(struct path *, nstime when, const char *kind,
		     const struct frame *, long extra);
};

struct path {
	const char *name;	/* "fwd" or "rev" */
	struct path_config config;
	const struct path_owner *owner;
	struct path_counters n;
	nstime start;		/* when the first frame came */
	uint64_t random;
	struct frame *head, *tail;	/* the queue */
	long backlog;		/* bytes in it */
	bool busy;		/* its first frame is being sent */
	bool in_burst;
	double tokens;		/* of the policer, bytes */
	nstime tokens_at;
	nstime above_since;	/* CoDel: above its target since; 0 = below */
	nstime next_drop;
	int codel_count;
	nstime last_delivery;
	long n_full;		/* full-size new data frames seen */
	struct dropped {
		uint32_t seq;
		int left;
	} dropped[64];		/* their copies are dropped as well */
	int n_dropped;
};

void path_init(struct path *, const char *name, const struct path_owner *,
	       uint64_t seed);
/* Sets config by name ("rate", "pre_us"): false if there is no such name. */
bool path_set(struct path *, const char *name, double value);
void path_arrive(struct path *, nstime now, struct frame *);
void path_stage(struct path *, enum stage, struct frame *, nstime when);

#endif
