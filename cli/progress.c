/*
 * progress.c - "42 %  1.2 M packets/s  0:07 left", redrawn in place.
 */
#include <stdio.h>
#include <time.h>

#include "cli/progress.h"

#define CALLS_PER_LOOK 16
#define FIRST_AFTER (NS_PER_S / 2)
#define REDRAW (NS_PER_S / 5)
#define BAR_WIDTH 30

static nstime
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

void
progress_init(struct progress *p)
{
	*p = (struct progress){ .started = clock_now() };
}

static void
draw_bar(double done)
{
	int full = (int)(done * BAR_WIDTH);

	fputc('[', stderr);
	for (int i = 0; i < BAR_WIDTH; i++)
		fputc(i < full ? '=' : i == full ? '>' : ' ', stderr);
	fprintf(stderr, "] %3d %%", (int)(done * 100));
}

static void
draw(const struct capture *c, double seconds)
{
	struct capture_position at = capture_progress(c);
	struct capture_stats stats;
	double done = at.total ? (double)at.done / (double)at.total : 0;

	capture_stats(c, &stats);
	fputc('\r', stderr);
	if (at.total)
		draw_bar(done < 1 ? done : 1);
	fprintf(stderr, "  %.0f packets/s", (double)stats.packets / seconds);
	if (at.total && done > 0.01) {
		int left = (int)(seconds / done * (1 - done) + 0.5);

		fprintf(stderr, "  %d:%02d left", left / 60, left % 60);
	}
	fputs("\033[K", stderr);
	fflush(stderr);
}

void
progress_draw(struct progress *p, const struct capture *c)
{
	nstime now;

	if (++p->calls % CALLS_PER_LOOK != 0)
		return;
	now = clock_now();
	if (now - p->started < FIRST_AFTER || now - p->drawn < REDRAW)
		return;
	p->drawn = now;
	p->shown = true;
	draw(c, (double)(now - p->started) / NS_PER_S);
}

void
progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
