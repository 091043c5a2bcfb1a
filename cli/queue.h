/*
 * queue.h - a bounded queue of pointers from one thread to another.
 *
 * A push waits while the queue is full, a pop while it is empty.  What goes
 * through are batches, never packets, so a mutex is cheap enough.
 */
#ifndef CLI_QUEUE_H
#define CLI_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define QUEUE_MAX 64

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	size_t head, n, max;
	size_t wake;		/* a pop that waits is woken by so many items */
	void *item[QUEUE_MAX];
};

/*
 * max: at most QUEUE_MAX.  wake: 1, or more where that many are sure to come,
 * so that a thread does not wake up for each.
 */
void queue_init(struct queue *q, size_t max, size_t wake);
void queue_release(struct queue *q);

void queue_push(struct queue *q, void *item);
void *queue_pop(struct queue *q);

/* NULL where the queue is empty. */
void *queue_try_pop(struct queue *q);

#endif
