/*
 * schema_doc.c - the reference of the database, made from its tables.
 */
#include <string.h>

#include "store/query.h"
#include "store/schema.h"
#include "store/views.h"

static const char intro[] =
"# The database\n"
"\n"
"Made by `tcpsaw help schema`; do not edit.\n"
"\n"
"Times (`_ns` that are moments) are nanoseconds since 1970-01-01 UTC,\n"
"durations nanoseconds, sizes bytes. What is not known is NULL, never 0.\n"
"`side` is `client` or `server`; the client sent the first SYN, or is the\n"
"best guess where `role_known` is 0. Frame numbers count the packets of all\n"
"files of a capture from 1, as Wireshark does.\n"
"\n"
"Any SQLite can read it, also while it is written. The database is marked by\n"
"`PRAGMA application_id` 0x74637073 and `PRAGMA user_version`, which changes\n"
"when names do. `tcpsaw sql DB 'SELECT ...'` runs a query read-only.\n"
"\n"
"Some names are views. A connection and its two ends are one row of\n"
"`connection`; `endpoint` shows each end as a row of its own, and `conn` all\n"
"of it side by side. `state_change` unfolds `state_path`, which holds each\n"
"way through the states once, and the times in `connection.state_times`.\n"
"`rate` adds up `rate_part`. `endpoint_trouble` has what is rare at an end.\n";

static const char *
type_word(enum column_kind kind)
{
	switch (kind) {
	case COLUMN_INT:
	case COLUMN_CONN:
		return "integer";
	case COLUMN_REAL:
		return "real";
	default:
		return "text";
	}
}

static void
add_line(struct text *out, const char *name, const char *type,
	 const char *doc)
{
	text_printf(out, "| %s | %s | ", name, type);
	for (; *doc; doc++) {
		if (*doc == '|')
			text_add_char(out, '\\');
		text_add_char(out, *doc);
	}
	text_add(out, " |\n");
}

static void
add_head(struct text *out, const char *name, const char *what,
	 const char *doc)
{
	text_printf(out, "\n## %s\n\n%s%s\n\n| column | type | meaning |\n"
		    "|---|---|---|\n", name, what, doc);
}

static void
add_columns(struct text *out, const struct row_layout *layout)
{
	for (const struct column *c = layout->columns; c->name; c++)
		if (column_is_stored(c))
			add_line(out, c->name, type_word(c->kind), c->doc);
}

static void
add_table(struct text *out, int table)
{
	const struct table *t = &schema_tables[table];

	add_head(out, t->layout->name, table == ROW_ENDPOINT ||
		 table == ROW_RATE ? "View. " : "", t->layout->doc);
	if (t->key)
		add_line(out, t->key, "integer", "its number, from 1");
	if (t->of_capture || table == ROW_CONNECTION)
		add_line(out, "capture_id", "integer", "its capture");
	if (table == ROW_CONNECTION)
		add_line(out, "tcp_stream", "integer",
			 "Wireshark's tcp.stream, from 0 in each capture");
	if (table == ROW_CONNECTION)
		add_line(out, "community_id", "text",
			 "Community ID, version 1, seed 0");
	add_columns(out, t->layout);
	if (table == ROW_CONNECTION) {
		add_line(out, "state_path", "integer", "see state_change");
		add_line(out, "state_times", "text", "see state_change");
		add_line(out, "client_..., server_...", "",
			 "columns of endpoint; conn has all of them");
	}
}

static void
add_state_change(struct text *out)
{
	add_head(out, "state_change", "View. ", views[0].doc);
	add_line(out, "conn_id", "integer", "its connection");
	add_line(out, "side", "text", "whose state it is");
	add_line(out, "ts_ns", "integer", "when, as that end lived it: "
		 "corrected for where the capture was taken");
	add_line(out, "frame_number", "integer",
		 "the packet that caused it; NULL: time did");
	add_line(out, "old_state", "text", "RFC 9293 s3.3.2; NULL: unknown");
	add_line(out, "new_state", "text", "RFC 9293 s3.3.2");
	add_line(out, "cause", "text", "why, in words");
	add_line(out, "rowid", "integer", "the order of equal times");
}

static void
add_evidence(struct text *out)
{
	add_head(out, "finding_evidence", "", "The packets of a finding.");
	add_line(out, "finding_id", "integer", "its finding");
	add_line(out, "frame_number", "integer", "number of the packet");
	add_line(out, "note", "text", "what it shows");
}

static void
add_views(struct text *out)
{
	text_add(out, "\n## Views\n\n| view | what it shows |\n|---|---|\n"
		      "| conn | A connection and both its ends in one row:"
		      " `client_*`, `server_*`. |\n");
	for (const struct view *v = views + 1; v->name; v++)
		text_printf(out, "| %s | %s |\n", v->name, v->doc);
	text_add(out, "\n## Named queries\n\n"
		      "| `tcpsaw sql DB ...` | what it shows |\n|---|---|\n");
	for (const struct named_query *n = named_queries; n->name; n++)
		text_printf(out, "| %s | %s |\n", n->name, n->help);
}

void
schema_describe(struct text *out)
{
	static const int order[] = {
		TABLE_CAPTURE, TABLE_CAPTURE_FILE, TABLE_INTERFACE,
		TABLE_PACKET_COMMENT, ROW_CONNECTION, ROW_ENDPOINT, -1,
		ROW_EVENT, ROW_SAMPLE, ROW_LIMIT_SPAN, ROW_FINDING, -2,
		ROW_REQUEST, ROW_DNS_QUERY, ROW_TLS_HANDSHAKE, ROW_ICMP_ERROR,
		ROW_ARP, ROW_UDP_FLOW, ROW_HOST, ROW_PROTOCOL, ROW_RATE,
		ROW_SEGMENT, ROW_KERNEL_SAMPLE, ROW_VANTAGE_VOTE,
	};

	text_add(out, intro);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (order[i] == -1)
			add_state_change(out);
		else if (order[i] == -2)
			add_evidence(out);
		else
			add_table(out, order[i]);
	}
	add_views(out);
}
