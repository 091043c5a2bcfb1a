/*
 * packet_line.h - a packet as one line, in the notation of tcpdump -nn.
 *
 * Payloads are not decoded: that is tcpdump's ": HTTP" and the like.  A
 * tunnel's inner packet follows in the same line.
 */
#ifndef REPORT_PACKET_LINE_H
#define REPORT_PACKET_LINE_H

#include <stdbool.h>

#include "base/packet.h"
#include "base/text.h"
#include "dissect/dissect.h"
#include "report/packet_seq.h"
#include "report/packet_time.h"

struct packet_line_config {
	enum packet_time time;
	bool link_header;	/* -e */
	bool absolute_seq;	/* -S */
};

/* What has to be remembered from one line to the next.  The caller's. */
struct packet_line {
	struct packet_line_config config;
	struct packet_clock clock;
	struct packet_seq seq;
	struct packet_seq_base base;	/* of the packet last added */
};

/* Returns -1 where memory is short. */
int packet_line_init(struct packet_line *l,
		     const struct packet_line_config *config);
void packet_line_release(struct packet_line *l);

/* Add the line of packet p, of which d is the dissection, and a newline. */
void packet_line_add(struct packet_line *l, const struct packet *p,
		     const struct dissection *d, struct text *out);

#endif
