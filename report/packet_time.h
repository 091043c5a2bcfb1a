/*
 * packet_time.h - the time before a packet's line, in tcpdump's six styles.
 */
#ifndef REPORT_PACKET_TIME_H
#define REPORT_PACKET_TIME_H

#include "base/nstime.h"
#include "base/text.h"

enum packet_time {
	PACKET_TIME_OF_DAY,	/* 13:01:02.123456, local time */
	PACKET_TIME_NONE,	/* -t */
	PACKET_TIME_EPOCH,	/* -tt: seconds since 1970 */
	PACKET_TIME_DELTA,	/* -ttt: since the packet before */
	PACKET_TIME_DATE,	/* -tttt: with the date */
	PACKET_TIME_SINCE_FIRST,/* -ttttt: since the first packet */
};

struct packet_clock {
	enum packet_time style;
	nstime first, previous;	/* NSTIME_NONE before the first packet */
	int64_t second;		/* which `text` is of */
	char text[40];
	size_t len;
};

void packet_clock_init(struct packet_clock *c, enum packet_time style);

/* The time and a space, or nothing. */
void packet_time_add(struct packet_clock *c, nstime ts, struct text *out);

#endif
