/*
 * filter.h - BPF filters by libpcap's compiler, one program a link type.
 *
 * Inputs may have several link types, and a filter becomes another program
 * for each; they are compiled when their first packet comes.
 */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include "base/packet.h"
#include "capture/source.h"

struct filter;

/* What files call what libpcap calls dlt. */
uint16_t filter_link_type(int dlt);

enum filter_result {
	FILTER_NO,
	FILTER_YES,
	FILTER_NONE,	/* the text means nothing for this link type */
};

/* NULL: out of memory. */
struct filter *filter_open(const char *text);
void filter_close(struct filter *f);

/* Compile for a link type now.  False with pcap's words in error. */
bool filter_compile(struct filter *f, uint16_t link_type,
		    char error[CAPTURE_TEXT]);

enum filter_result filter_match(struct filter *f, const struct packet *p);

#endif
