/*
 * packet_time.c - times as tcpdump writes them.
 *
 * What localtime_r() makes of a second is kept: the next packets are mostly
 * of the same one.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/packet_time.h"

void
packet_clock_init(struct packet_clock *c, enum packet_time style)
{
	*c = (struct packet_clock){
		.style = style,
		.first = NSTIME_NONE,
		.previous = NSTIME_NONE,
		.second = INT64_MIN,
	};
}

static void
render_second(struct packet_clock *c, int64_t second)
{
	time_t t = (time_t)second;
	struct tm tm;

	c->second = second;
	c->len = 0;
	if (c->style == PACKET_TIME_EPOCH)
		c->len = (size_t)snprintf(c->text, sizeof(c->text), "%lld",
					  (long long)second);
	else if (!localtime_r(&t, &tm))
		return;			/* a year that has no name */
	else if (c->style == PACKET_TIME_DATE)
		c->len = strftime(c->text, sizeof(c->text), "%F %T", &tm);
	else
		c->len = strftime(c->text, sizeof(c->text), "%T", &tm);
}

static void
add_fraction(int64_t ns, struct text *out)
{
	char buf[8] = ".000000 ";
	unsigned us = (unsigned)(ns / NS_PER_US);

	for (int i = 6; i > 0; i--, us /= 10)
		buf[i] = (char)('0' + us % 10);
	text_add_bytes(out, buf, sizeof(buf));
}

static void
add_moment(struct packet_clock *c, nstime ts, struct text *out)
{
	int64_t second = ts / NS_PER_S;
	int64_t ns = ts % NS_PER_S;

	if (ns < 0) {
		second--;
		ns += NS_PER_S;
	}
	if (second != c->second)
		render_second(c, second);
	text_add_bytes(out, c->text, c->len);
	add_fraction(ns, out);
}

static void
add_difference(nstime from, nstime to, struct text *out)
{
	uint64_t ns = to >= from ? (uint64_t)to - (uint64_t)from
				 : (uint64_t)from - (uint64_t)to;
	uint64_t s = ns / NS_PER_S;

	text_printf(out, "%c%02llu:%02llu:%02llu", to >= from ? ' ' : '-',
		    (unsigned long long)(s / 3600),
		    (unsigned long long)(s / 60 % 60),
		    (unsigned long long)(s % 60));
	add_fraction((int64_t)(ns % NS_PER_S), out);
}

void
packet_time_add(struct packet_clock *c, nstime ts, struct text *out)
{
	if (c->first == NSTIME_NONE)
		c->first = c->previous = ts;
	switch (c->style) {
	case PACKET_TIME_NONE:
		break;
	case PACKET_TIME_DELTA:
		add_difference(c->previous, ts, out);
		break;
	case PACKET_TIME_SINCE_FIRST:
		add_difference(c->first, ts, out);
		break;
	default:
		add_moment(c, ts, out);
		break;
	}
	c->previous = ts;
}
