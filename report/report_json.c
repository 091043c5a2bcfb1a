/*
 * report_json.c - the verdict as one JSON object:
 *
 *   {"captures": [...],		rows of `capture`
 *    "quality": [FINDING...],		about the capture
 *    "transfers": [{"conn_id", "side", "bytes", "busy_ns", "bits_per_s",
 *                   "code", "verdict"}...],	what limited them, longest first
 *    "findings": [{"severity", "code", "server", "count", "connections",
 *                  "examples": [FINDING...]}...],	as the text has them
 *    "worst_connections": [...],	rows of `connection`, the worst first
 *    "totals": {...}}
 *
 * FINDING is a row of `finding` with its ends, packets and display filter.
 */
#include <string.h>

#include "report/group.h"
#include "report/report_json.h"
#include "report/table.h"
#include "report/transfer.h"

#define EXAMPLES 10

static void
add_string(struct text *out, const char *name, const char *value)
{
	text_printf(out, ",\"%s\":", name);
	text_add_json(out, value, strlen(value));
}

static void
add_finding(struct text *out, const struct finding *f)
{
	text_printf(out, "{\"finding_id\":%lld", (long long)f->finding_id);
	if (f->conn_id != ROW_NULL) {
		text_printf(out, ",\"conn_id\":%lld,\"tcp_stream\":%lld",
			    (long long)f->conn_id, (long long)f->tcp_stream);
		add_string(out, "ends", f->ends.s);
	}
	if (*f->side)
		add_string(out, "side", f->side);
	add_string(out, "severity", f->severity);
	add_string(out, "code", f->code);
	text_printf(out, ",\"confidence\":%g", f->confidence);
	add_string(out, "title", f->title);
	add_string(out, "explanation", f->explanation);
	add_string(out, "advice", f->advice);
	text_printf(out, ",\"packets\":[%s]", f->packets.s);
	add_string(out, "filter", f->filter.s);
	text_add_char(out, '}');
}

/* [FINDING,...] of a query whose parameters are bound; closes it. */
static int
add_findings(struct text *out, struct store *st, struct query *q)
{
	struct finding f;
	int rc = 0;

	finding_init(&f);
	text_add_char(out, '[');
	for (int n = 0; rc == 0 && query_step(q); n++) {
		rc = finding_read(&f, st, q);
		text_add(out, n ? "," : "");
		add_finding(out, &f);
	}
	text_add_char(out, ']');
	finding_release(&f);
	return query_close(q) < 0 ? -1 : rc;
}

static int
add_quality(struct text *out, struct store *st)
{
	struct query *q = query_open(st,
		"SELECT " FINDING_COLUMNS FINDING_FROM "WHERE "
		FINDING_OF_QUALITY " ORDER BY " FINDING_RANK ", f.finding_id");

	text_add(out, ",\"quality\":");
	return q ? add_findings(out, st, q) : -1;
}

struct listing {
	struct text *out;
	struct store *store;
	int64_t conn;
	int n;
};

static int
add_group(void *arg, const struct group *g)
{
	struct listing *l = arg;
	struct text *out = l->out;
	struct query *q;
	int rc;

	text_add(out, l->n++ ? ",{" : "{");
	text_printf(out, "\"severity\":\"%s\"", g->severity);
	add_string(out, "code", g->code);
	if (g->left_out > 0) {
		text_printf(out, ",\"left_out\":%lld}",
			    (long long)g->left_out);
		return 0;
	}
	if (g->subject && g->connections > 0)
		add_string(out, "server", g->subject);
	text_printf(out, ",\"count\":%lld,\"connections\":%lld",
		    (long long)g->count, (long long)g->connections);
	q = group_open(l->store, g, l->conn, FINDING_COLUMNS, EXAMPLES);
	text_add(out, ",\"examples\":");
	rc = q ? add_findings(out, l->store, q) : -1;
	text_add_char(out, '}');
	return rc;
}

static int
add_groups(struct text *out, struct store *st, int64_t conn)
{
	struct listing l = { out, st, conn, 0 };
	int rc;

	text_add(out, ",\"findings\":[");
	rc = groups_each(st, conn, add_group, &l);
	text_add_char(out, ']');
	return rc;
}

/* "name":[row,...] */
static int
add_rows(struct text *out, struct store *st, const char *name, const char *sql,
	 int64_t conn)
{
	struct query *q = query_open(st, sql);

	if (!q)
		return -1;
	query_bind_int(q, 1, conn);
	text_printf(out, "\"%s\":[", name);
	for (int n = 0; query_step(q); n++) {
		text_add(out, n ? "," : "");
		json_add_row(out, q);
	}
	text_add_char(out, ']');
	return query_close(q);
}

static int
add_totals(struct text *out, struct store *st)
{
	struct query *q = query_open(st,
		"SELECT (SELECT count(*) FROM connection) AS connections,"
		" sum(packets) AS tcp_packets, sum(bytes) AS payload_bytes,"
		" sum(retrans_packets) AS retrans_packets,"
		" (SELECT count(*) FROM udp_flow) AS udp_flows,"
		" (SELECT count(*) FROM dns_query) AS dns_queries,"
		" (SELECT count(*) FROM icmp_error) AS icmp_errors"
		" FROM endpoint");

	if (!q)
		return -1;
	text_add(out, ",\"totals\":");
	if (query_step(q))
		json_add_row(out, q);
	return query_close(q);
}

static int
add_all(struct text *out, struct store *st, int64_t conn)
{
	text_add_char(out, '{');
	if (add_rows(out, st, "captures", "SELECT * FROM capture"
		     " WHERE ?1 IS NOT NULL ORDER BY capture_id", conn) < 0 ||
	    add_quality(out, st) < 0)
		return -1;
	text_add_char(out, ',');
	if (add_rows(out, st, "transfers", TRANSFERS " LIMIT 100", conn) < 0 ||
	    add_groups(out, st, conn) < 0)
		return -1;
	text_add_char(out, ',');
	if (add_rows(out, st, "worst_connections",
		     "SELECT c.* FROM conn c JOIN (SELECT conn_id, sum(CASE"
		     " severity WHEN 'error' THEN 100 WHEN 'warning' THEN 10"
		     " ELSE 0 END) AS badness FROM finding"
		     " WHERE conn_id IS NOT NULL GROUP BY conn_id) USING"
		     " (conn_id) WHERE badness > 0 AND (?1 = 0 OR conn_id = ?1)"
		     " ORDER BY badness DESC, duration_ns DESC, conn_id"
		     " LIMIT 20", conn) < 0 || add_totals(out, st) < 0)
		return -1;
	text_add(out, "}\n");
	return 0;
}

int
report_write_json(struct store *store, const struct report_options *options,
		  FILE *to)
{
	struct text out;
	int rc;

	text_init(&out);
	rc = add_all(&out, store, options->conn);
	if (rc == 0 && (out.failed ||
			fwrite(out.s, 1, out.len, to) != out.len ||
			fflush(to) != 0))
		rc = store_fail(store, "cannot write the report");
	text_release(&out);
	return rc;
}
