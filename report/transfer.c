/*
 * transfer.c - see transfer.h.
 */
#include <string.h>

#include "report/finding.h"
#include "report/transfer.h"
#include "report/units.h"

#define INDENT 2
#define CAUSE_LEAST 1		/* per cent */

/* What a cause of limit_span is called where people read it. */
static const struct {
	const char *cause, *words;
} causes[] = {
	{ "application", "nothing to send" },
	{ "receive_window", "receiver's window" },
	{ "congestion_window", "sender's own window" },
	{ "bottleneck", "path full" },
	{ "pacing", "pacing" },
	{ "recovery", "repair of losses" },
	{ "handshake", "handshake" },
	{ "nagle_delayed_ack", "delayed ACKs" },
	{ "idle", "pauses" },
};

static const char *
words_of(const char *cause)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strcmp(causes[i].cause, cause) == 0)
			return causes[i].words;
	return cause;
}

/* "97 % receiver's window, 1 % handshake, 1 % path full" */
static int
write_time(struct page *p, struct store *st, int64_t conn, const char *side)
{
	struct query *q = query_open(st,
		"SELECT cause, 100.0 * sum(end_ns - start_ns) /"
		" sum(sum(end_ns - start_ns)) OVER () AS part FROM limit_span"
		" WHERE conn_id = ?1 AND side = ?2 GROUP BY cause"
		" ORDER BY part DESC");
	struct text t;

	if (!q)
		return -1;
	text_init(&t);
	query_bind_int(q, 1, conn);
	query_bind_text(q, 2, side);
	while (query_step(q) && query_real(q, 1) >= CAUSE_LEAST)
		text_printf(&t, "%s%.0f %% %s", t.len ? ", " : "Time: ",
			    query_real(q, 1), words_of(query_text(q, 0)));
	if (t.len > 0) {
		text_add_spaces(&p->out, 2 * INDENT);
		page_style(p, PAGE_DIM);
		page_wrap(p, 2 * INDENT, 2 * INDENT + 6, t.s);
		page_style(p, PAGE_PLAIN);
	}
	text_release(&t);
	return query_close(q);
}

/* "Connection 1, client to server: 7.6 MB in 6.2 s, 9.7 Mb/s" */
static void
write_head(struct page *p, const struct query *q, bool many)
{
	char bytes[UNITS_SIZE], busy[UNITS_SIZE], rate[UNITS_SIZE];
	bool client = strcmp(query_text(q, 1), "client") == 0;
	struct text t;

	text_init(&t);
	if (many)
		text_printf(&t, "Connection %s, ", query_text(q, 0));
	text_printf(&t, "%s to %s: %s in %s, %s", client ? "client" : "server",
		    client ? "server" : "client",
		    units_bytes(query_int(q, 2), bytes),
		    units_duration(query_int(q, 3), busy),
		    units_rate(query_int(q, 4), rate));
	text_add_spaces(&p->out, INDENT);
	page_wrap(p, INDENT, 2 * INDENT, t.s);
	text_release(&t);
}

static void
write_verdict(struct page *p, const char *verdict)
{
	text_add_spaces(&p->out, 2 * INDENT);
	page_style(p, PAGE_BOLD);
	page_wrap(p, 2 * INDENT, 2 * INDENT, verdict);
	page_style(p, PAGE_PLAIN);
}

int
transfers_write(struct page *p, struct store *st, int64_t conn, int limit)
{
	struct query *q = query_open(st, TRANSFERS " LIMIT ?2");
	int rc = 0;

	if (!q)
		return -1;
	query_bind_int(q, 1, conn);
	query_bind_int(q, 2, limit);
	for (int n = 0; rc == 0 && query_step(q); n++) {
		if (n == 0) {
			page_raw(p, "\n");
			page_styled(p, PAGE_BOLD, "What limited the data");
			page_raw(p, "\n");
		}
		write_head(p, q, conn == 0);
		write_verdict(p, query_text(q, 6));
		rc = write_time(p, st, query_int(q, 0), query_text(q, 1));
	}
	return query_close(q) < 0 ? -1 : rc;
}
