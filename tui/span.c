/*
 * span.c - zoom, pan and columns of time: span.h.
 */
#include "tui/span.h"

static struct span
within(struct span s, struct span limits)
{
	nstime width = s.to - s.from;

	if (width >= limits.to - limits.from)
		return limits;
	if (s.from < limits.from)
		return (struct span){ limits.from, limits.from + width };
	if (s.to > limits.to)
		return (struct span){ limits.to - width, limits.to };
	return s;
}

struct span
span_of(nstime from, nstime to)
{
	if (to - from < SPAN_MIN)
		to = from + SPAN_MIN;
	return (struct span){ from, to };
}

void
span_zoom(struct span *s, struct span limits, nstime about, int steps)
{
	for (; steps > 0 && s->to - s->from >= 2 * SPAN_MIN; steps--) {
		s->from = about - (about - s->from) / 2;
		s->to = about + (s->to - about) / 2;
	}
	for (; steps < 0 && s->to - s->from < limits.to - limits.from;
	     steps++) {
		nstime width = s->to - s->from;

		s->from -= width / 2;
		s->to += width / 2;
	}
	*s = within(*s, limits);
	*s = within(span_of(s->from, s->to), limits);
}

void
span_pan(struct span *s, struct span limits, int eighths)
{
	nstime by = (s->to - s->from) / 8 * eighths;

	s->from += by;
	s->to += by;
	*s = within(*s, limits);
}

void
span_show(struct span *s, struct span limits, nstime ts)
{
	nstime width = s->to - s->from;

	if (ts < s->from)
		*s = (struct span){ ts - width / 8, ts - width / 8 + width };
	else if (ts >= s->to)
		*s = (struct span){ ts + width / 8 - width, ts + width / 8 };
	*s = within(*s, limits);
}

int
span_column(const struct span *s, int cols, nstime ts)
{
	double at = (double)(ts - s->from) / (double)(s->to - s->from);

	if (at < -1)
		at = -1;
	if (at > 2)
		at = 2;
	at *= cols;
	return at < 0 ? -1 - (int)-at : (int)at;
}

nstime
span_time(const struct span *s, int cols, int column)
{
	return s->from + (nstime)((double)(s->to - s->from) * column /
				  (cols > 0 ? cols : 1));
}

int64_t
round_step(int64_t width, int n)
{
	int64_t unit = 1;

	if (n < 1)
		n = 1;
	if (width > INT64_MAX / 20)
		width = INT64_MAX / 20;
	for (;; unit *= 10) {
		if (unit * n >= width)
			return unit;
		if (unit * 2 * n >= width)
			return unit * 2;
		if (unit * 5 * n >= width)
			return unit * 5;
	}
}
