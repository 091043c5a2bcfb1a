/*
 * history.h - a connection as a word of letters, as Zeek writes it.
 *
 * Each letter stands where it first happened, upper case for the client:
 *
 *	s SYN		h SYN-ACK	a ACK alone	d data
 *	f FIN		r RST		c bad checksum	t retransmission
 *	w zero window	q several of SYN, FIN, RST in one
 *
 * Copied from Zeek's documentation of conn.log, not from its code: the order
 * of letters of one packet may differ.
 */
#ifndef ANALYSIS_HISTORY_H
#define ANALYSIS_HISTORY_H

#include "analysis/analyzer.h"

#define HISTORY_SIZE 24

struct history {
	char text[HISTORY_SIZE];
	uint8_t len;
	uint16_t seen[N_SIDES];
};

void history_segment(struct history *h, const struct seg_event *ev);

#endif
