/*
 * finding.h - reading findings: which there are, and one with its evidence.
 */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "store/query.h"

/* Findings about the capture, not about the traffic: they tell how far the
   rest can be trusted. */
#define FINDING_OF_QUALITY \
	"(f.conn_id IS NULL AND f.code IN ('capture_damaged'," \
	" 'capture_drops', 'captured_twice', 'clock_step', 'evicted'," \
	" 'fragments_incomplete', 'late_start', 'malformed_packets'," \
	" 'offload', 'one_direction', 'packets_cut', 'unknown_link_type'))"

#define FINDING_RANK "CASE f.severity WHEN 'error' THEN 0" \
		     " WHEN 'warning' THEN 1 ELSE 2 END"

/* The columns that struct finding is read from. */
#define FINDING_COLUMNS \
	"f.finding_id, f.conn_id, f.side, f.severity, f.code, f.confidence," \
	" f.title, f.explanation, f.advice, f.start_ns, f.end_ns," \
	" c.tcp_stream, c.ip_version, c.client_addr, c.client_port," \
	" c.server_addr, c.server_port"
#define FINDING_FROM " FROM finding f LEFT JOIN connection c USING (conn_id) "

/* Texts are the query's, and live until its next step. */
struct finding {
	int64_t finding_id, conn_id;	/* ROW_NULL: of the capture */
	const char *side, *severity, *code, *title, *explanation, *advice;
	double confidence;
	int64_t tcp_stream;
	struct text ends;		/* "10.0.0.1:1 -> 10.0.0.2:80" */
	struct text packets;		/* "3, 7, 9" */
	struct text filter;		/* for Wireshark */
	int n_packets;
};

void finding_init(struct finding *f);
void finding_release(struct finding *f);

/* From a row of FINDING_COLUMNS.  -1: the evidence cannot be read. */
int finding_read(struct finding *f, struct store *st, const struct query *q);

/* "client:port -> server:port" out of four columns from `column` on, behind
   the IP version. */
void ends_add(struct text *out, const struct query *q, int column);

#endif
