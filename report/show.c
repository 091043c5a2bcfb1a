/*
 * show.c - one connection, both ends side by side.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/finding.h"
#include "report/show.h"
#include "report/transfer.h"
#include "report/units.h"

#define EVENTS_SHOWN 100
#define N_SIDES 2

enum fact_unit { FACT_COUNT, FACT_BYTES, FACT_DURATION, FACT_TEXT, FACT_BOOL,
		 FACT_NUMBER };

/* What is told of both ends: their columns in `conn`. */
static const struct fact {
	const char *column, *words;
	enum fact_unit unit;
	bool rare;		/* told only where it is not 0 */
} facts[] = {
	{ "state", "state at the end", FACT_TEXT, false },
	{ "error", "error of its program", FACT_TEXT, true },
	{ "packets", "packets sent", FACT_COUNT, false },
	{ "bytes", "payload sent", FACT_BYTES, false },
	{ "unique_bytes", "  each byte once", FACT_BYTES, false },
	{ "missing_bytes", "  not in the capture", FACT_BYTES, true },
	{ "retrans_packets", "retransmissions", FACT_COUNT, false },
	{ "rtx_timeout", "  after a time-out", FACT_COUNT, true },
	{ "rtx_fast", "  fast", FACT_COUNT, true },
	{ "rtx_recovery", "  in recovery", FACT_COUNT, true },
	{ "rtx_tlp", "  tail loss probes", FACT_COUNT, true },
	{ "rtx_syn", "  of SYN or SYN-ACK", FACT_COUNT, true },
	{ "rtx_spurious", "  needless", FACT_COUNT, true },
	{ "out_of_order", "out of order", FACT_COUNT, true },
	{ "duplicate_packets", "duplicates", FACT_COUNT, true },
	{ "dup_acks", "duplicate ACKs sent", FACT_COUNT, true },
	{ "zero_windows", "zero windows", FACT_COUNT, true },
	{ "window_probes", "window probes sent", FACT_COUNT, true },
	{ "window_full", "filled peer's window", FACT_COUNT, true },
	{ "keepalives", "keepalives sent", FACT_COUNT, true },
	{ "rst_packets", "resets sent", FACT_COUNT, true },
	{ "checksum_errors", "wrong checksums", FACT_COUNT, true },
	{ "mss", "MSS announced", FACT_BYTES, false },
	{ "wscale", "window scale", FACT_NUMBER, false },
	{ "sack_permitted", "SACK", FACT_BOOL, false },
	{ "timestamps", "timestamps", FACT_BOOL, false },
	{ "ecn", "ECN", FACT_BOOL, false },
	{ "ttl", "TTL", FACT_NUMBER, false },
	{ "min_rwnd", "window offered, least", FACT_BYTES, false },
	{ "max_rwnd", "  most", FACT_BYTES, false },
	{ "max_flight", "most in flight", FACT_BYTES, false },
	{ "initial_cwnd", "first flight", FACT_BYTES, true },
	{ "congestion_control", "congestion control", FACT_TEXT, true },
	{ "min_rtt_ns", "round trip, least", FACT_DURATION, false },
	{ "srtt_ns", "  smoothed", FACT_DURATION, false },
	{ "max_rtt_ns", "  most", FACT_DURATION, false },
	{ "busy_ns", "busy sending", FACT_DURATION, true },
	{ "rwnd_limited_ns", "  held by peer's window", FACT_DURATION, true },
	{ "cwnd_limited_ns", "  held by congestion", FACT_DURATION, true },
	{ "app_limited_ns", "  nothing to send", FACT_DURATION, true },
};
#define N_FACTS (sizeof(facts) / sizeof(facts[0]))

/* --- the head -------------------------------------------------------------- */

static void
line(struct page *p, const char *text)
{
	page_raw(p, "  ");
	page_wrap(p, 2, 4, text);
}

static void
heading(struct page *p, const char *text)
{
	page_raw(p, "\n");
	page_styled(p, PAGE_BOLD, text);
	page_raw(p, "\n");
}

/* "normal_close, closed by client; http, www.example.com" */
static void
head_story(struct page *p, const struct query *q)
{
	struct text t;

	text_init(&t);
	text_add(&t, query_is_null(q, 9) ? "outcome unknown" :
					   query_text(q, 9));
	if (!query_is_null(q, 10))
		text_printf(&t, " (%s)", query_text(q, 10));
	if (!query_is_null(q, 11))
		text_printf(&t, ", closed by %s", query_text(q, 11));
	if (!query_is_null(q, 12))
		text_printf(&t, "; %s", query_text(q, 12));
	if (!query_is_null(q, 13))
		text_printf(&t, ", %s", query_text(q, 13));
	line(p, t.s);
	text_release(&t);
}

static void
head_times(struct page *p, const struct query *q)
{
	char duration[UNITS_SIZE], start[UNITS_SIZE], connect[UNITS_SIZE];
	struct text t;

	text_init(&t);
	if (query_is_null(q, 7))
		text_add(&t, "still open, began ");
	else
		text_printf(&t, "lasted %s from ",
			    units_duration(query_int(q, 7), duration));
	text_add(&t, units_time(query_int(q, 6), start));
	if (!query_is_null(q, 14))
		text_printf(&t, "; connected in %s",
			    units_duration(query_int(q, 14), connect));
	line(p, t.s);
	text_clear(&t);
	text_printf(&t, "packets %s to %s", query_text(q, 15),
		    query_is_null(q, 16) ? "?" : query_text(q, 16));
	if (!query_is_null(q, 17) && strcmp(query_text(q, 17), "unknown") != 0)
		text_printf(&t, "; captured at the %s", query_text(q, 17));
	text_printf(&t, "; Wireshark: tcp.stream eq %s", query_text(q, 8));
	line(p, t.s);
	text_release(&t);
}

static int
write_head(struct page *p, struct store *st, int64_t conn_id)
{
	struct query *q = query_open(st,
		"SELECT conn_id, ip_version, client_addr, client_port,"
		" server_addr, server_port, start_ns, duration_ns, tcp_stream,"
		" outcome, conn_state, closed_by, service, server_name,"
		" connect_ns, first_frame, last_frame, vantage, role_known"
		" FROM connection WHERE conn_id = ?1");
	struct text t;

	if (!q)
		return -1;
	query_bind_int(q, 1, conn_id);
	if (!query_step(q)) {
		query_close(q);
		return store_fail(st, "no connection %lld",
				  (long long)conn_id);
	}
	text_init(&t);
	text_printf(&t, "Connection %lld: ", (long long)conn_id);
	ends_add(&t, q, 1);
	page_style(p, PAGE_BOLD);
	page_wrap(p, 0, 2, t.s);
	page_style(p, PAGE_PLAIN);
	head_story(p, q);
	head_times(p, q);
	if (!query_is_null(q, 18) && query_int(q, 18) == 0)
		line(p, "no SYN was seen: which end is the client is a guess");
	text_release(&t);
	return query_close(q);
}

/* --- both ends ------------------------------------------------------------- */

static const char *
fact_value(const struct query *q, int column, enum fact_unit unit,
	   char buf[UNITS_SIZE])
{
	if (query_is_null(q, column))
		return "-";
	switch (unit) {
	case FACT_COUNT:
		return units_count(query_int(q, column), buf);
	case FACT_BYTES:
		return units_bytes(query_int(q, column), buf);
	case FACT_DURATION:
		return units_duration(query_int(q, column), buf);
	case FACT_BOOL:
		return query_int(q, column) ? "yes" : "no";
	default:
		return query_text(q, column);
	}
}

/* Is a value worth a line? */
static bool
says_something(const struct query *q, int column, bool rare)
{
	return !query_is_null(q, column) &&
	       !(rare && query_type(q, column) == QUERY_INTEGER &&
		 query_int(q, column) == 0);
}

static int
write_ends(struct page *p, struct store *st, int64_t conn_id)
{
	struct text sql;
	struct query *q;

	text_init(&sql);
	text_add(&sql, "SELECT 0");
	for (size_t i = 0; i < N_FACTS; i++)
		text_printf(&sql, ", client_%s, server_%s", facts[i].column,
			    facts[i].column);
	text_add(&sql, " FROM conn WHERE conn_id = ?1");
	q = query_open(st, sql.s);
	text_release(&sql);
	if (!q)
		return -1;
	query_bind_int(q, 1, conn_id);
	page_raw(p, "\n");
	page_style(p, PAGE_BOLD);
	page_printf(p, "  %-24s %16s %16s\n", "", "client", "server");
	page_style(p, PAGE_PLAIN);
	while (query_step(q))
		for (size_t i = 0; i < N_FACTS; i++) {
			int c = 1 + 2 * (int)i;
			char a[UNITS_SIZE], b[UNITS_SIZE];

			if (!says_something(q, c, facts[i].rare) &&
			    !says_something(q, c + 1, facts[i].rare))
				continue;
			page_printf(p, "  %-24s %16s %16s\n", facts[i].words,
				    fact_value(q, c, facts[i].unit, a),
				    fact_value(q, c + 1, facts[i].unit, b));
		}
	return query_close(q);
}

/* --- states, findings, requests, events ------------------------------------ */

/* "   0.104233" seconds since the connection began */
static void
add_since(struct page *p, int64_t ns)
{
	page_printf(p, "%12.6f", (double)ns / 1e9);
}

static int
write_states(struct page *p, struct store *st, int64_t conn_id)
{
	struct query *q = query_open(st,
		"SELECT s.ts_ns - c.start_ns, s.frame_number, s.side,"
		" s.old_state, s.new_state, s.cause FROM state_change s"
		" JOIN connection c USING (conn_id) WHERE s.conn_id = ?1"
		" ORDER BY s.ts_ns, s.rowid");
	struct text t;
	bool any = false;

	if (!q)
		return -1;
	text_init(&t);
	query_bind_int(q, 1, conn_id);
	for (; query_step(q); any = true) {
		if (!any)
			heading(p, "States");
		text_clear(&t);
		text_printf(&t, "%s  %s%s%s", query_text(q, 2),
			    query_text(q, 3),
			    query_is_null(q, 3) ? "" : " -> ",
			    query_text(q, 4));
		if (!query_is_null(q, 5))
			text_printf(&t, ": %s", query_text(q, 5));
		add_since(p, query_int(q, 0));
		page_printf(p, " %8s  ",
			    query_is_null(q, 1) ? "-" : query_text(q, 1));
		page_wrap(p, 23, 31, t.s);
	}
	text_release(&t);
	return query_close(q);
}

/* A line of a finding behind its severity. */
static void
below(struct page *p, const char *label, const char *text)
{
	size_t indent = 11 + strlen(label);

	text_add_spaces(&p->out, 11);
	page_raw(p, label);
	page_wrap(p, indent, indent, text);
}

static void
write_finding(struct page *p, const struct finding *f)
{
	page_raw(p, "  ");
	page_styled(p, page_severity(f->severity), f->severity);
	text_add_spaces(&p->out, 9 - strlen(f->severity) % 9);
	page_style(p, PAGE_BOLD);
	page_wrap(p, 11, 11, f->title);
	page_style(p, PAGE_PLAIN);
	if (*f->explanation)
		below(p, "", f->explanation);
	if (*f->advice)
		below(p, "Do: ", f->advice);
	if (f->n_packets > 0)
		below(p, "Packets: ", f->packets.s);
}

static int
write_findings(struct page *p, struct store *st, int64_t conn_id)
{
	struct query *q = query_open(st,
		"SELECT " FINDING_COLUMNS FINDING_FROM "WHERE f.conn_id = ?1"
		" ORDER BY f.finding_id IN " TRANSFER_VERDICTS " DESC, "
		FINDING_RANK ", f.finding_id");
	struct finding f;
	bool any = false;

	if (!q)
		return -1;
	finding_init(&f);
	query_bind_int(q, 1, conn_id);
	for (; query_step(q) && finding_read(&f, st, q) == 0; any = true) {
		if (!any)
			heading(p, "Findings");
		write_finding(p, &f);
	}
	finding_release(&f);
	return query_close(q);
}

static int
write_requests(struct page *p, struct store *st, int64_t conn_id)
{
	struct query *q = query_open(st,
		"SELECT number, protocol, method, host, uri, status,"
		" first_byte_ns, transfer_ns, response_bytes FROM request"
		" WHERE conn_id = ?1 ORDER BY number LIMIT 20");
	bool any = false;

	if (!q)
		return -1;
	query_bind_int(q, 1, conn_id);
	for (; query_step(q); any = true) {
		char first[UNITS_SIZE], rest[UNITS_SIZE], size[UNITS_SIZE];
		struct text t;

		if (!any)
			heading(p, "Requests");
		text_init(&t);
		text_printf(&t, "%s %s %s%s", query_text(q, 1),
			    query_text(q, 2), query_text(q, 3),
			    query_text(q, 4));
		if (!query_is_null(q, 5))
			text_printf(&t, " -> %s", query_text(q, 5));
		if (!query_is_null(q, 6))
			text_printf(&t, ", first byte after %s",
				    units_duration(query_int(q, 6), first));
		if (!query_is_null(q, 7))
			text_printf(&t, ", then %s in %s",
				    units_bytes(query_int(q, 8), size),
				    units_duration(query_int(q, 7), rest));
		line(p, t.s);
		text_release(&t);
	}
	return query_close(q);
}

/* What stands in quotes at *at, without them. */
static void
add_quoted(struct text *out, const char **at, bool is_key)
{
	const char *p = *at + 1;

	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		text_add_char(out, is_key && *p == '_' ? ' ' : *p);
	}
	*at = *p ? p + 1 : p;
}

/* A number; of nanoseconds where its name, which ends out, says so. */
static void
add_number(struct text *out, const char **at, bool is_ns)
{
	size_t len = strcspn(*at, ",}");
	char buf[UNITS_SIZE];

	if (is_ns) {
		out->s[out->len -= 4] = '\0';	/* " ns " */
		text_printf(out, " %s", units_duration(strtoll(*at, NULL, 10),
						       buf));
	} else {
		text_printf(out, "%.*s", (int)len, *at);
	}
	*at += len;
}

/* {"lost":"downstream","waited_ns":3000}: "lost downstream, waited 3.00 us" */
static void
add_detail(struct text *out, const char *json)
{
	for (bool any = false; (json = strchr(json, '"')); any = true) {
		text_add(out, any ? ", " : "");
		add_quoted(out, &json, true);
		json += *json == ':';
		text_add_char(out, ' ');
		if (*json == '"')
			add_quoted(out, &json, false);
		else
			add_number(out, &json, out->len > 4 &&
				   strcmp(out->s + out->len - 4, " ns ") == 0);
	}
}

static void
write_event(struct page *p, const struct query *q)
{
	struct text t;

	text_init(&t);
	text_printf(&t, "%s  %s", query_text(q, 2), query_text(q, 3));
	if (!query_is_null(q, 4) && !query_is_null(q, 5))
		text_printf(&t, " %s(%s)", query_text(q, 4), query_text(q, 5));
	if (!query_is_null(q, 6) && strcmp(query_text(q, 6), "{}") != 0) {
		text_add(&t, ": ");
		add_detail(&t, query_text(q, 6));
	}
	add_since(p, query_int(q, 0));
	page_printf(p, " %8s  ", query_is_null(q, 1) ? "-" : query_text(q, 1));
	page_wrap(p, 23, 25, t.s);
	text_release(&t);
}

/* One after the other they come by the dozen, and the first tells it. */
static bool
repeats(const struct query *q, char last[], size_t size)
{
	char now[64];
	bool same;

	snprintf(now, sizeof(now), "%s %s", query_text(q, 2),
		 query_text(q, 3));
	same = strcmp(now, last) == 0 &&
	       strcmp(query_text(q, 3), "dup_ack") == 0;
	snprintf(last, size, "%s", now);
	return same;
}

static void
write_repeated(struct page *p, int64_t *n)
{
	if (*n > 0)
		page_printf(p, "%23s%lld more like it\n", "", (long long)*n);
	*n = 0;
}

static int
write_events(struct page *p, struct store *st, int64_t conn_id)
{
	struct query *q = query_open(st,
		"SELECT e.ts_ns - c.start_ns, e.frame_number, e.side, e.kind,"
		" e.seq, e.len, e.detail FROM event e"
		" JOIN connection c USING (conn_id) WHERE e.conn_id = ?1"
		" ORDER BY e.ts_ns, e.event_id");
	int64_t n = 0, more = 0, repeated = 0;
	char last[64] = "";

	if (!q)
		return -1;
	query_bind_int(q, 1, conn_id);
	while (query_step(q)) {
		bool again = repeats(q, last, sizeof(last));

		if (n == EVENTS_SHOWN) {
			more++;
			continue;
		}
		if (again) {
			repeated++;
			continue;
		}
		write_repeated(p, &repeated);
		if (n++ == 0)
			heading(p, "Events");
		write_event(p, q);
	}
	write_repeated(p, &repeated);
	if (more > 0)
		page_printf(p, "  and %lld more\n", (long long)more);
	return query_close(q);
}

int
show_connection(struct page *p, struct store *st, int64_t conn_id)
{
	if (write_head(p, st, conn_id) < 0 ||
	    transfers_write(p, st, conn_id, N_SIDES) < 0 ||
	    write_findings(p, st, conn_id) < 0 ||
	    write_ends(p, st, conn_id) < 0 ||
	    write_requests(p, st, conn_id) < 0 ||
	    write_states(p, st, conn_id) < 0)
		return -1;
	return write_events(p, st, conn_id);
}

/* --- segments -------------------------------------------------------------- */

int
segment_lines_init(struct segment_lines *l, struct page *p, struct store *st,
		   int64_t conn_id, int64_t start_ns)
{
	l->page = p;
	l->start_ns = start_ns;
	l->events = query_open(st,
		"SELECT frame_number, kind FROM event WHERE conn_id = ?1"
		" AND frame_number IS NOT NULL ORDER BY frame_number,"
		" event_id");
	if (!l->events)
		return -1;
	query_bind_int(l->events, 1, conn_id);
	l->event_at_hand = query_step(l->events);
	return 0;
}

void
segment_lines_release(struct segment_lines *l)
{
	query_close(l->events);
}

/* " [rtx_fast, dup_ack]" */
static void
add_events(struct segment_lines *l, struct text *out, int64_t frame)
{
	int n = 0;

	while (l->event_at_hand && query_int(l->events, 0) <= frame) {
		if (query_int(l->events, 0) == frame)
			text_printf(out, "%s%s", n++ ? ", " : " [",
				    query_text(l->events, 1));
		l->event_at_hand = query_step(l->events);
	}
	if (n > 0)
		text_add_char(out, ']');
}

void
segment_lines_add(struct segment_lines *l, int64_t frame, int64_t ts_ns,
		  bool from_client, const char *text)
{
	struct page *p = l->page;
	struct text t;

	text_init(&t);
	text_add(&t, text);
	add_events(l, &t, frame);
	page_printf(p, "%8lld", (long long)frame);
	add_since(p, ts_ns - l->start_ns);
	page_style(p, from_client ? PAGE_NOTE : PAGE_GOOD);
	page_raw(p, from_client ? "  --> " : "  <-- ");
	page_style(p, PAGE_PLAIN);
	page_wrap(p, 26, 26, t.s);
	text_release(&t);
}

int64_t
show_stored_segments(struct segment_lines *l, struct store *st,
		     int64_t conn_id, int64_t limit)
{
	struct query *q = query_open(st,
		"SELECT frame_number, ts_ns, side, flags, seq, ack, len,"
		" window, options FROM segment WHERE conn_id = ?1"
		" ORDER BY frame_number, segment_id LIMIT ?2");
	int64_t n = 0;

	if (!q)
		return -1;
	query_bind_int(q, 1, conn_id);
	query_bind_int(q, 2, limit);
	for (; query_step(q); n++) {
		struct text t;

		text_init(&t);
		text_printf(&t, "Flags [%s], seq %s", query_text(q, 3),
			    query_text(q, 4));
		if (query_int(q, 6) > 0)
			text_printf(&t, ":%lld", (long long)(query_int(q, 4) +
							     query_int(q, 6)));
		if (!query_is_null(q, 5))
			text_printf(&t, ", ack %s", query_text(q, 5));
		text_printf(&t, ", win %s", query_text(q, 7));
		if (*query_text(q, 8))
			text_printf(&t, ", options [%s]", query_text(q, 8));
		text_printf(&t, ", length %s", query_text(q, 6));
		segment_lines_add(l, query_int(q, 0), query_int(q, 1),
				  strcmp(query_text(q, 2), "client") == 0,
				  t.s);
		text_release(&t);
	}
	return query_close(q) < 0 ? -1 : n;
}
