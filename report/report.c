/*
 * report.c - the verdict as text: capture quality, what limited the transfers,
 * findings, the connections that look worst, totals.
 */
#include <stdlib.h>
#include <string.h>

#include "report/group.h"
#include "report/report.h"
#include "report/report_json.h"
#include "report/transfer.h"
#include "report/units.h"

#define INDENT 9		/* behind "warning  " */
#define LABEL 11		/* behind that: "Wireshark: " */
#define ALSO_SHOWN 8		/* further connections of a group */
#define WORST_SHOWN 5
#define TRANSFERS_SHOWN 5

struct report {
	struct store *store;
	struct page page;
	int64_t conn;		/* 0: all */
	bool doubtful;		/* the capture itself has a warning */
	int n_groups, n_bad;	/* of findings; warnings and errors */
};

/* One number out of the database; ROW_NULL for NULL or an error. */
static int64_t
one_int(struct report *r, const char *sql)
{
	struct query *q = query_open(r->store, sql);
	int64_t value = ROW_NULL;

	if (q && query_step(q) && !query_is_null(q, 0))
		value = query_int(q, 0);
	query_close(q);
	return value;
}

static void
heading(struct report *r, const char *text)
{
	page_raw(&r->page, "\n");
	page_styled(&r->page, PAGE_BOLD, text);
	page_raw(&r->page, "\n");
}

static void
good(struct report *r, const char *text)
{
	page_styled(&r->page, PAGE_GOOD, text);
	page_raw(&r->page, "\n");
}

/* --- capture quality ------------------------------------------------------- */

/* Columns of a capture that count what went wrong. */
static const struct {
	const char *column, *words;
} counters[] = {
	{ "packets_dropped", "dropped while capturing" },
	{ "packets_cut", "cut short by the snaplen" },
	{ "packets_malformed", "malformed" },
	{ "packets_ignored", "left out (filter, unknown link type)" },
	{ "fragments_dropped", "fragments without their rest" },
	{ "connections_evicted", "connections given up, memory was short" },
};
#define N_COUNTERS (int)(sizeof(counters) / sizeof(counters[0]))

/* What is wrong by the numbers; false: nothing. */
static bool
write_counters(struct report *r, const struct query *q, int column)
{
	struct text line;
	char buf[UNITS_SIZE];
	bool bad;

	text_init(&line);
	for (int i = 0; i < N_COUNTERS; i++)
		if (query_int(q, column + i) > 0)
			text_printf(&line, "%s%s %s", line.len ? ", " : "",
				    units_count(query_int(q, column + i), buf),
				    counters[i].words);
	if (line.len > 0) {
		page_raw(&r->page, "  Packets: ");
		page_wrap(&r->page, 11, 11, line.s);
	}
	bad = line.len > 0;
	text_release(&line);
	return bad;
}

static void
write_vantage(struct report *r, int64_t capture)
{
	struct query *q = query_open(r->store,
		"SELECT vantage, count(*), (SELECT count(*) FROM connection"
		" WHERE capture_id = ?1) FROM connection"
		" WHERE capture_id = ?1 AND vantage IS NOT NULL"
		" AND vantage <> 'unknown' GROUP BY vantage"
		" ORDER BY count(*) DESC, vantage");
	struct text line;
	int n = 0;

	if (!q)
		return;
	text_init(&line);
	query_bind_int(q, 1, capture);
	for (; query_step(q); n++) {
		const char *where = query_text(q, 0);

		text_add(&line, n ? "; " : "Taken ");
		text_add(&line, strcmp(where, "middle") == 0 ?
			 "between the ends" : strcmp(where, "client") == 0 ?
			 "at the client" : "at the server");
		if (query_int(q, 1) != query_int(q, 2))
			text_printf(&line, " (%s of %s connections)",
				    query_text(q, 1), query_text(q, 2));
	}
	text_add(&line, n ? "." : "Where it was taken cannot be told.");
	page_raw(&r->page, "  ");
	page_wrap(&r->page, 2, 2, line.s);
	text_release(&line);
	query_close(q);
}

/* What the connections tell about the capture; false: nothing bad. */
static bool
write_holes(struct report *r, int64_t capture)
{
	struct query *q = query_open(r->store,
		"SELECT sum(t.missing_bytes), count(*)"
		" FROM endpoint_trouble t"
		" JOIN connection c ON c.conn_id = t.endpoint_id / 2"
		" WHERE t.missing_bytes > 0 AND c.capture_id = ?1");
	char n[UNITS_SIZE], ends[UNITS_SIZE];
	bool holes = false;

	if (!q)
		return false;
	query_bind_int(q, 1, capture);
	if (query_step(q) && query_int(q, 0) > 0) {
		struct text line;

		text_init(&line);
		text_printf(&line, "It has holes: %s of payload (of %s) arrived"
			    " but are not in it.",
			    units_bytes(query_int(q, 0), n),
			    units_plural(query_int(q, 1), "sender", ends));
		page_raw(&r->page, "  ");
		page_wrap(&r->page, 2, 4, line.s);
		text_release(&line);
		holes = true;
	}
	query_close(q);
	return holes;
}

/* The findings about the capture; how many. */
static int
write_quality_findings(struct report *r, int64_t capture)
{
	struct query *q = query_open(r->store,
		"SELECT f.severity, coalesce(f.explanation, f.title),"
		" coalesce(f.advice, '') FROM finding f"
		" WHERE f.capture_id = ?1 AND " FINDING_OF_QUALITY
		" ORDER BY " FINDING_RANK ", f.finding_id");
	int n = 0;

	if (!q)
		return 0;
	query_bind_int(q, 1, capture);
	for (; query_step(q); n++) {
		struct text line;

		text_init(&line);
		text_printf(&line, "%s: %s %s", query_text(q, 0),
			    query_text(q, 1), query_text(q, 2));
		page_raw(&r->page, "  ");
		page_style(&r->page, page_severity(query_text(q, 0)));
		page_wrap(&r->page, 2, 4, line.s);
		page_style(&r->page, PAGE_PLAIN);
		text_release(&line);
		if (strcmp(query_text(q, 0), "note") != 0)
			r->doubtful = true;
	}
	query_close(q);
	return n;
}

/* "slow.pcap: 1,234 packets, 1.2 MB, 14.3 s from 2023-11-14 22:13:20 UTC" */
static void
write_source(struct report *r, const struct query *q)
{
	char packets[UNITS_SIZE], bytes[UNITS_SIZE], span[UNITS_SIZE];
	char start[UNITS_SIZE];
	struct text line;

	text_init(&line);
	text_printf(&line, "%s: %s, %s", query_text(q, 1),
		    units_plural(query_int(q, 2), "packet", packets),
		    units_bytes(query_int(q, 3), bytes));
	if (!query_is_null(q, 4) && query_int(q, 2) > 0)
		text_printf(&line, ", %s from %s",
			    units_duration(query_int(q, 5) - query_int(q, 4),
					   span),
			    units_time(query_int(q, 4), start));
	page_style(&r->page, PAGE_BOLD);
	page_wrap(&r->page, 0, 2, line.s);
	page_style(&r->page, PAGE_PLAIN);
	text_release(&line);
}

/* Is the capture still being written, or was its writer stopped? */
static void
write_status(struct report *r, const char *status)
{
	if (strcmp(status, "running") == 0)
		page_raw(&r->page, "  Still being captured, or tcpsaw was"
				   " killed: what follows is a part.\n");
	else if (strcmp(status, "interrupted") == 0)
		page_raw(&r->page, "  Stopped before its end: what follows is"
				   " a part.\n");
}

static int
write_captures(struct report *r)
{
	struct query *q = query_open(r->store,
		"SELECT capture_id, source, packets, bytes, start_ns, end_ns,"
		" status, packets_dropped, packets_cut, packets_malformed,"
		" packets_ignored, fragments_dropped, connections_evicted"
		" FROM capture ORDER BY capture_id");

	if (!q)
		return -1;
	while (query_step(q)) {
		int64_t id = query_int(q, 0);
		bool bad;

		write_source(r, q);
		write_status(r, query_text(q, 6));
		if (query_int(q, 2) == 0) {
			page_raw(&r->page, "  There are no packets in it.\n");
			write_counters(r, q, 7);
			write_quality_findings(r, id);
			continue;
		}
		write_vantage(r, id);
		bad = write_counters(r, q, 7);
		bad |= write_holes(r, id);
		if (write_quality_findings(r, id) == 0 && !bad)
			good(r, "  The capture is complete: nothing lost, cut"
				" or malformed.");
	}
	return query_close(q);
}

/* --- findings -------------------------------------------------------------- */

static void
labelled(struct report *r, const char *label, const char *text)
{
	struct page *p = &r->page;
	size_t indent = INDENT + LABEL;

	text_add_spaces(&p->out, INDENT);
	page_style(p, PAGE_DIM);
	page_raw(p, label);
	page_style(p, PAGE_PLAIN);
	text_add_spaces(&p->out, LABEL - strlen(label));
	page_wrap(p, indent, indent, text);
}

static void
indented(struct report *r, const char *text)
{
	text_add_spaces(&r->page.out, INDENT);
	page_wrap(&r->page, INDENT, INDENT, text);
}

static void
write_title(struct report *r, const struct finding *f, const struct group *g)
{
	struct page *p = &r->page;
	struct text title;
	size_t n = strlen(f->severity);
	char buf[UNITS_SIZE], servers[UNITS_SIZE];

	text_init(&title);
	text_add(&title, *f->title ? f->title : f->code);
	if (g->connections > 1)
		text_printf(&title, " (%s%s%s)",
			    units_plural(g->connections, "connection", buf),
			    g->subject ? "" : " to ", g->subject ? "" :
			    units_plural(g->subjects, "server", servers));
	if (f->confidence < 0.895)
		text_printf(&title, " [%.0f %% sure]", 100 * f->confidence);
	page_raw(p, "\n");
	page_styled(p, page_severity(f->severity), f->severity);
	text_add_spaces(&p->out, n < INDENT ? INDENT - n : 1);
	page_style(p, PAGE_BOLD);
	page_wrap(p, INDENT, INDENT, title.s);
	page_style(p, PAGE_PLAIN);
	text_release(&title);
}

static void
write_finding(struct report *r, const struct finding *f, const struct group *g)
{
	struct text where;

	write_title(r, f, g);
	text_init(&where);
	if (f->conn_id != ROW_NULL) {
		text_printf(&where, "%sonnection %lld: %s",
			    g->connections > 1 ? "Worst in c" : "C",
			    (long long)f->conn_id, f->ends.s);
		indented(r, where.s);
	}
	if (*f->explanation)
		indented(r, f->explanation);
	if (*f->advice)
		labelled(r, "Do:", f->advice);
	if (f->n_packets > 0)
		labelled(r, f->n_packets > 1 ? "Packets:" : "Packet:",
			 f->packets.s);
	if (f->filter.len > 0)
		labelled(r, "Wireshark:", f->filter.s);
	text_release(&where);
}

/* Which other connections share the finding. */
static int
write_others(struct report *r, const struct finding *f, const struct group *g)
{
	struct query *q = group_others(r->store, g, r->conn, f->conn_id,
				       ALSO_SHOWN);
	struct text also;
	char buf[UNITS_SIZE];
	int n = 0;

	if (!q)
		return -1;
	text_init(&also);
	for (; query_step(q); n++)
		text_printf(&also, "%s%s", n ? ", " : "connection ",
			    query_text(q, 0));
	if (g->connections - 1 > n)
		text_printf(&also, " and %s more",
			    units_count(g->connections - 1 - n, buf));
	labelled(r, "Also in:", also.s);
	text_release(&also);
	return query_close(q);
}

/* The longest finding is the example of its group. */
static int
write_example(struct report *r, const struct group *g)
{
	struct query *q = group_open(r->store, g, r->conn, FINDING_COLUMNS, 1);
	struct finding f;
	int rc = 0;

	if (!q)
		return -1;
	finding_init(&f);
	if (query_step(q)) {
		rc = finding_read(&f, r->store, q);
		write_finding(r, &f, g);
		if (rc == 0 && f.conn_id != ROW_NULL && g->connections > 1)
			rc = write_others(r, &f, g);
	}
	finding_release(&f);
	return query_close(q) < 0 ? -1 : rc;
}

static int
write_group(void *arg, const struct group *g)
{
	struct report *r = arg;
	char buf[UNITS_SIZE];

	if (g->left_out > 0) {
		page_printf(&r->page, "         and %s more such findings\n",
			    units_count(g->left_out, buf));
		return 0;
	}
	if (r->n_groups++ == 0)
		heading(r, "What was found");
	r->n_bad += strcmp(g->severity, "note") != 0;
	return write_example(r, g);
}

/* --- connections ----------------------------------------------------------- */

/* Long addresses have a line of their own. */
static void
write_connection(struct report *r, const struct query *q)
{
	char duration[UNITS_SIZE], bytes[UNITS_SIZE];
	struct text ends;

	text_init(&ends);
	ends_add(&ends, q, 1);
	page_printf(&r->page, "%5s  %-36s%s%*s %8s %8s  %s\n",
		    query_text(q, 0), ends.s, ends.len > 36 ? "\n" : "",
		    ends.len > 36 ? 43 : 0, "",
		    units_duration(query_is_null(q, 6) ? ROW_NULL :
				   query_int(q, 6), duration),
		    units_bytes(query_int(q, 7), bytes), query_text(q, 8));
	text_release(&ends);
}

static int
write_worst(struct report *r)
{
	struct query *q = query_open(r->store,
		"SELECT c.conn_id, c.ip_version, c.client_addr, c.client_port,"
		" c.server_addr, c.server_port, c.duration_ns,"
		" coalesce(c.client_bytes, 0) + coalesce(c.server_bytes, 0),"
		" coalesce(c.outcome, c.conn_state, 'open')"
		" FROM connection c JOIN (SELECT conn_id, sum(CASE severity"
		" WHEN 'error' THEN 100 WHEN 'warning' THEN 10 ELSE 0 END)"
		" AS badness FROM finding WHERE conn_id IS NOT NULL"
		" GROUP BY conn_id) USING (conn_id) WHERE badness > 0"
		" ORDER BY badness DESC, c.duration_ns DESC, c.conn_id"
		" LIMIT ?1");
	int n = 0;

	if (!q)
		return -1;
	query_bind_int(q, 1, WORST_SHOWN);
	while (query_step(q)) {
		if (n++ == 0) {
			heading(r, "Worst connections");
			page_style(&r->page, PAGE_DIM);
			page_printf(&r->page, "%5s  %-36s %8s %8s  %s\n",
				    "", "client -> server", "lasted", "bytes",
				    "outcome");
			page_style(&r->page, PAGE_PLAIN);
		}
		write_connection(r, q);
	}
	return query_close(q);
}

static int
write_outcomes(struct report *r)
{
	struct query *q = query_open(r->store,
		"SELECT coalesce(outcome, conn_state, 'unknown'), count(*)"
		" FROM connection GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8");
	struct text line;
	char buf[UNITS_SIZE];
	int64_t all = one_int(r, "SELECT count(*) FROM connection");

	if (!q)
		return -1;
	text_init(&line);
	text_add(&line, units_plural(all, "TCP connection", buf));
	for (int n = 0; query_step(q); n++)
		text_printf(&line, "%s%s %s", n ? ", " : ": ",
			    units_count(query_int(q, 1), buf),
			    query_text(q, 0));
	page_raw(&r->page, "  ");
	page_wrap(&r->page, 2, 4, line.s);
	text_release(&line);
	return query_close(q);
}

static int
write_traffic(struct report *r)
{
	struct query *q = query_open(r->store,
		"SELECT sum(client_packets + server_packets),"
		" sum(client_bytes + server_bytes),"
		" (SELECT coalesce(sum(retrans_packets), 0)"
		" FROM endpoint_trouble) FROM connection");
	char a[UNITS_SIZE], b[UNITS_SIZE], c[UNITS_SIZE];
	struct text line;

	if (!q)
		return -1;
	text_init(&line);
	if (query_step(q) && query_int(q, 0) > 0) {
		text_printf(&line, "%s of TCP with %s of payload",
			    units_plural(query_int(q, 0), "packet", a),
			    units_bytes(query_int(q, 1), b));
		text_printf(&line, ", %s sent again (%.2f %%)",
			    units_count(query_int(q, 2), c),
			    100.0 * (double)query_int(q, 2) /
			    (double)query_int(q, 0));
		page_raw(&r->page, "  ");
		page_wrap(&r->page, 2, 4, line.s);
	}
	text_release(&line);
	return query_close(q);
}

/* Rows of a table, where there are any. */
static void
write_row_count(struct report *r, const char *sql, const char *noun)
{
	int64_t n = one_int(r, sql);
	char buf[UNITS_SIZE];

	if (n > 0)
		page_printf(&r->page, "  %s\n", units_plural(n, noun, buf));
}

static int
write_totals(struct report *r)
{
	heading(r, "In all");
	if (write_outcomes(r) < 0 || write_traffic(r) < 0)
		return -1;
	write_row_count(r, "SELECT count(*) FROM udp_flow", "UDP flow");
	write_row_count(r, "SELECT count(*) FROM dns_query", "DNS query");
	write_row_count(r, "SELECT count(*) FROM icmp_error", "ICMP error");
	return 0;
}

/* --- the whole ------------------------------------------------------------- */

static int
check_connection(struct report *r)
{
	struct query *q = query_open(r->store,
		"SELECT 1 FROM connection WHERE conn_id = ?1");
	bool found;

	if (!q)
		return -1;
	query_bind_int(q, 1, r->conn);
	found = query_step(q);
	if (query_close(q) < 0)
		return -1;
	return found ? 0 : store_fail(r->store, "no connection %lld",
				      (long long)r->conn);
}

/* One line where there is nothing to act on. */
static void
write_all_clear(struct report *r)
{
	if (r->n_bad > 0)
		return;
	page_raw(&r->page, "\n");
	if (r->n_groups > 0)
		good(r, "No warnings and no errors.");
	else if (r->doubtful)
		good(r, "Nothing wrong was found in what the capture has.");
	else if (r->conn)
		good(r, "Nothing wrong was found with this connection.");
	else
		good(r, "Nothing wrong was found.");
}

static int
write_all(struct report *r)
{
	if (r->conn && check_connection(r) < 0)
		return -1;
	if (write_captures(r) < 0 ||
	    transfers_write(&r->page, r->store, r->conn, TRANSFERS_SHOWN) < 0 ||
	    groups_each(r->store, r->conn, write_group, r) < 0)
		return -1;
	write_all_clear(r);
	if (r->conn)
		return 0;
	if (one_int(r, "SELECT count(*) FROM connection") > 1 &&
	    write_worst(r) < 0)
		return -1;
	return write_totals(r);
}

static int
write_text(struct store *store, const struct report_options *options, FILE *to)
{
	struct report r = { .store = store, .conn = options->conn };
	int rc;

	page_init(&r.page, to, options->color);
	rc = write_all(&r);
	if (rc == 0 && page_write(&r.page, to) < 0)
		rc = store_fail(store, "cannot write the report");
	page_release(&r.page);
	return rc;
}

int
report_write(struct store *store, const struct report_options *options,
	     FILE *to)
{
	return options->json ? report_write_json(store, options, to) :
			       write_text(store, options, to);
}

bool
report_has_findings(struct store *store, const char *severity)
{
	struct query *q = query_open(store, strcmp(severity, "error") == 0 ?
		"SELECT 1 FROM finding WHERE severity = 'error' LIMIT 1" :
		"SELECT 1 FROM finding WHERE severity IN ('warning', 'error')"
		" LIMIT 1");
	bool found = q && query_step(q);

	query_close(q);
	return found;
}
