/*
 * transfer.h - what limited each transfer, in a sentence.
 *
 * A transfer is one direction of a connection; its verdict is the title of its
 * first finding that says what limited it (analysis/finding_transfer.h).
 */
#ifndef REPORT_TRANSFER_H
#define REPORT_TRANSFER_H

#include "report/page.h"
#include "store/query.h"

#define TRANSFER_CODES \
	"('application_limited', 'bufferbloat', 'congestion_window_limited'," \
	" 'idle_restart', 'loss_limited', 'nagle_delayed_ack', 'paced'," \
	" 'path_limited', 'path_shared', 'policer'," \
	" 'receive_window_limited', 'retransmission_timeouts'," \
	" 'slow_start_only')"

/* Their findings; ?1: of that connection, 0: of all. */
#define TRANSFER_VERDICTS \
	"(SELECT min(finding_id) FROM finding" \
	" WHERE code IN " TRANSFER_CODES " AND conn_id IS NOT NULL" \
	" AND (?1 = 0 OR conn_id = ?1) GROUP BY conn_id, side)"

/* Those with a verdict, the busiest first; ?1: of that connection, 0: all. */
#define TRANSFERS \
	"SELECT f.conn_id AS conn_id, f.side AS side," \
	" e.unique_bytes AS bytes, e.busy_ns AS busy_ns," \
	" CAST(e.unique_bytes * 8e9 / nullif(e.busy_ns, 0) AS INTEGER)" \
	" AS bits_per_s, f.code AS code, f.title AS verdict FROM finding f" \
	" JOIN endpoint e ON e.conn_id = f.conn_id AND e.side = f.side" \
	" WHERE f.finding_id IN " TRANSFER_VERDICTS \
	" ORDER BY e.busy_ns DESC, f.finding_id"

/* The verdicts, `limit` at most, with what the time went to; nothing where
   there are none.  -1: an error of the store. */
int transfers_write(struct page *p, struct store *st, int64_t conn,
		    int limit);

#endif
