/*
 * queue.c - a ring, a mutex and two conditions.
 */
#include <assert.h>

#include "cli/queue.h"

void
queue_init(struct queue *q, size_t max, size_t wake)
{
	assert(max > 0 && max <= QUEUE_MAX && wake > 0 && wake <= max);
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->not_empty, NULL);
	pthread_cond_init(&q->not_full, NULL);
	q->head = q->n = 0;
	q->max = max;
	q->wake = wake;
}

void
queue_release(struct queue *q)
{
	pthread_cond_destroy(&q->not_full);
	pthread_cond_destroy(&q->not_empty);
	pthread_mutex_destroy(&q->lock);
}

void
queue_push(struct queue *q, void *item)
{
	pthread_mutex_lock(&q->lock);
	while (q->n == q->max)
		pthread_cond_wait(&q->not_full, &q->lock);
	q->item[(q->head + q->n++) % QUEUE_MAX] = item;
	if (q->n >= q->wake)
		pthread_cond_signal(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
}

static void *
take(struct queue *q)
{
	void *item = q->item[q->head];

	q->head = (q->head + 1) % QUEUE_MAX;
	q->n--;
	pthread_cond_signal(&q->not_full);
	return item;
}

void *
queue_pop(struct queue *q)
{
	void *item;

	pthread_mutex_lock(&q->lock);
	while (q->n == 0)
		pthread_cond_wait(&q->not_empty, &q->lock);
	item = take(q);
	pthread_mutex_unlock(&q->lock);
	return item;
}

void *
queue_try_pop(struct queue *q)
{
	void *item = NULL;

	pthread_mutex_lock(&q->lock);
	if (q->n > 0)
		item = take(q);
	pthread_mutex_unlock(&q->lock);
	return item;
}
