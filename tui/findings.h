/*
 * findings.h - what the overview and the panel of findings share.
 */
#ifndef TUI_FINDINGS_H
#define TUI_FINDINGS_H

#include "tui/app.h"

/* Errors first: an expression that the store has an index on. */
#define FINDING_RANK \
	"CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"

/* To the packets that prove it. */
void finding_open(struct tui *t, int64_t finding_id);

/* A line: severity, connection, title. */
void finding_line(struct canvas *c, int y, const char *severity,
		  int64_t conn_id, const char *title);

#endif
