/*
 * report.h - the verdict: what a capture tells, for people and for programs.
 *
 * Everything comes out of the store.  The text is for someone who knows no
 * TCP: first whether the capture can be trusted, then what was found, each
 * finding with the packets that show it, then the connections that look
 * worst.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "report/page.h"
#include "store/store.h"

struct report_options {
	bool json;
	enum report_color color;
	int64_t conn;		/* only this connection; 0: all */
};

/* -1: store_error() says why. */
int report_write(struct store *store, const struct report_options *options,
		 FILE *to);

/* Is there a finding as severe as that ("warning", "error"), or more? */
bool report_has_findings(struct store *store, const char *severity);

#endif
