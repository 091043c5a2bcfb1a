/*
 * schema.c - the tables, and CREATE TABLE and INSERT made from them.
 */
#include <string.h>

#include "store/schema.h"
#include "store/store.h"
#include "store/views.h"

/* --- tables that are not rows of the analysis ------------------------------ */

#define COLUMN(row, kind, field, doc) \
	{ #field, COLUMN_##kind, offsetof(struct row, field), doc, \
	  MERGE_NONE, PLACE_ROW }
#define END { NULL, COLUMN_INT, 0, NULL, MERGE_NONE, PLACE_ROW }

#define C(kind, field, doc) COLUMN(capture_row, kind, field, doc)

static const struct column capture_columns[] = {
	C(ALIEN, source, "name of the file or interface"),
	C(TEXT, kind, "file, live"),
	C(TEXT, link_types, "link types, separated by commas"),
	C(INT, snaplen, "bytes captured of a packet at most"),
	C(ALIEN, filter, "BPF expression"),
	C(INT, start_ns, "time of the first packet"),
	C(INT, end_ns, "time of the last packet"),
	C(INT, packets, "packets analysed"),
	C(INT, bytes, "their bytes on the wire"),
	C(INT, packets_dropped, "packets that the capturing host lost"),
	C(INT, packets_cut, "packets cut by the snaplen before their headers' end"),
	C(INT, packets_malformed, "packets that contradict themselves"),
	C(INT, packets_ignored, "packets filtered out, or of unknown link types"),
	C(INT, fragments_dropped, "IP fragments whose rest never came"),
	C(INT, connections_evicted, "connections dropped early, memory was short"),
	C(INT, udp_flows_evicted, "UDP flows dropped early, memory was short"),
	C(TEXT, status, "complete, damaged, running, interrupted"),
	C(ALIEN, damage, "what is wrong with the file, in words"),
	END
};
#undef C

#define C(kind, field, doc) COLUMN(capture_file_row, kind, field, doc)

static const struct column capture_file_columns[] = {
	C(INT, number, "from 1"),
	C(ALIEN, path, "as given"),
	C(TEXT, format, "pcap, pcapng, ..."),
	C(TEXT, compression, "gzip, zstd, lz4, xz"),
	C(ALIEN, comment, "comment in the file"),
	C(ALIEN, os, "operating system that wrote it"),
	C(ALIEN, application, "program that wrote it"),
	C(INT, packets, "packets in it"),
	C(INT, bytes, "their bytes on the wire"),
	END
};
#undef C

#define C(kind, field, doc) COLUMN(interface_row, kind, field, doc)

static const struct column interface_columns[] = {
	C(INT, number, "from 0, over all files"),
	C(INT, file_number, "its file"),
	C(ALIEN, name, "name: eth0"),
	C(ALIEN, description, "what it is"),
	C(TEXT, link_type, "link type: EN10MB, LINUX_SLL2, ..."),
	C(ALIEN, filter, "filter it was captured with"),
	C(ALIEN, os, "operating system of its host"),
	C(INT, snaplen, "bytes captured of a packet at most"),
	C(INT, packets, "packets that came by"),
	C(INT, packets_dropped, "packets lost there"),
	END
};
#undef C

#define C(kind, field, doc) COLUMN(packet_comment_row, kind, field, doc)

static const struct column packet_comment_columns[] = {
	C(INT, frame_number, "number of the packet"),
	C(ALIEN, comment, "comment in the file"),
	END
};
#undef C

#define LAYOUT(table, doc) \
	{ #table, doc, sizeof(struct table##_row), table##_columns }

static const struct row_layout capture_layout =
	LAYOUT(capture, "One analysis: the files read together, or a listening.");
static const struct row_layout capture_file_layout =
	LAYOUT(capture_file, "A file of a capture.");
static const struct row_layout interface_layout =
	LAYOUT(interface, "An interface of a capture.");
static const struct row_layout packet_comment_layout =
	LAYOUT(packet_comment, "A comment on a packet (pcapng).");

#define ROW(table) .layout = &row_layouts[ROW_##table]

const struct table schema_tables[N_TABLES] = {
	[TABLE_CAPTURE] = { .layout = &capture_layout, .key = "capture_id" },
	[TABLE_CAPTURE_FILE] = { .layout = &capture_file_layout,
		.of_capture = true, .primary = "capture_id, number" },
	[TABLE_INTERFACE] = { .layout = &interface_layout,
		.of_capture = true, .primary = "capture_id, number" },
	[TABLE_PACKET_COMMENT] = { .layout = &packet_comment_layout,
		.of_capture = true },
	/* Of their own making: create_connection(), views.c. */
	[ROW_CONNECTION] = { ROW(CONNECTION) },
	[ROW_ENDPOINT] = { ROW(ENDPOINT) },
	[ROW_EVENT] = { ROW(EVENT), .key = "event_id" },
	[ROW_SAMPLE] = { ROW(SAMPLE), .key = "sample_id" },
	[ROW_LIMIT_SPAN] = { ROW(LIMIT_SPAN), .key = "limit_span_id" },
	[ROW_FINDING] = { ROW(FINDING), .key = "finding_id",
		.of_capture = true },
	[ROW_REQUEST] = { ROW(REQUEST), .key = "request_id" },
	[ROW_DNS_QUERY] = { ROW(DNS_QUERY), .key = "dns_query_id",
		.of_capture = true },
	[ROW_TLS_HANDSHAKE] = { ROW(TLS_HANDSHAKE),
		.key = "tls_handshake_id" },
	[ROW_ICMP_ERROR] = { ROW(ICMP_ERROR), .key = "icmp_error_id",
		.of_capture = true },
	[ROW_ARP] = { ROW(ARP), .key = "arp_id", .of_capture = true },
	[ROW_UDP_FLOW] = { ROW(UDP_FLOW), .key = "udp_flow_id",
		.of_capture = true },
	[ROW_HOST] = { ROW(HOST), .of_capture = true,
		.primary = "capture_id, addr" },
	[ROW_PROTOCOL] = { ROW(PROTOCOL), .of_capture = true,
		.primary = "capture_id, name" },
	[ROW_RATE] = { ROW(RATE), .of_capture = true,
		.primary = "capture_id, second" },
	[ROW_SEGMENT] = { ROW(SEGMENT), .key = "segment_id" },
	[ROW_KERNEL_SAMPLE] = { ROW(KERNEL_SAMPLE),
		.key = "kernel_sample_id" },
	[ROW_VANTAGE_VOTE] = { ROW(VANTAGE_VOTE), .of_capture = true,
		.key = "vantage_vote_id" },
};

/* --- CREATE TABLE ---------------------------------------------------------- */

static const char *
sql_type(enum column_kind kind)
{
	switch (kind) {
	case COLUMN_INT:
	case COLUMN_CONN:
		return "INTEGER";
	case COLUMN_REAL:
		return "REAL";
	default:
		return "TEXT";
	}
}

/* `rate` is a view that sums up its gauges; its table has another name. */
static const char *
table_name(int table)
{
	return table == ROW_RATE ? "rate_part" :
				   schema_tables[table].layout->name;
}

static void
add_column(struct text *sql, const char *prefix, const struct column *c)
{
	text_printf(sql, ",\n  %s%s %s", prefix, c->name, sql_type(c->kind));
	if (c->kind == COLUMN_CONN)
		text_add(sql, " REFERENCES connection");
}

static void
create_table(struct text *sql, int table)
{
	const struct table *t = &schema_tables[table];
	size_t start;

	text_printf(sql, "CREATE TABLE %s (", table_name(table));
	start = sql->len;
	if (t->key)
		text_printf(sql, ",\n  %s INTEGER PRIMARY KEY", t->key);
	if (t->of_capture)
		text_add(sql, ",\n  capture_id INTEGER REFERENCES capture");
	for (const struct column *c = t->layout->columns; c->name; c++)
		if (column_is_stored(c))
			add_column(sql, "", c);
	if (!sql->failed)
		sql->s[start] = ' ';	/* the first comma */
	if (t->primary)
		text_printf(sql, ",\n  PRIMARY KEY (%s)", t->primary);
	text_printf(sql, "\n) STRICT%s;\n", t->primary ? ", WITHOUT ROWID" : "");
}

static bool
is_in_connection(const struct column *c)
{
	return c->place == PLACE_ROW && c->kind != COLUMN_CONN &&
	       c->kind != COLUMN_SIDE;
}

static void
create_connection(struct text *sql)
{
	static const char *const prefix[] = { "client_", "server_" };

	text_add(sql,
		 "CREATE TABLE state_path (\n"
		 "  state_path_id INTEGER PRIMARY KEY,\n"
		 "  steps TEXT\n"
		 ") STRICT;\n"
		 "CREATE TABLE connection (\n"
		 "  conn_id INTEGER PRIMARY KEY,\n"
		 "  capture_id INTEGER REFERENCES capture,\n"
		 "  tcp_stream INTEGER,\n"
		 "  community_id TEXT");
	for (const struct column *c = row_layouts[ROW_CONNECTION].columns;
	     c->name; c++)
		if (column_is_stored(c) && c->kind != COLUMN_CONN)
			add_column(sql, "", c);
	text_add(sql, ",\n  state_path INTEGER REFERENCES state_path"
		      ",\n  state_times TEXT");
	for (int side = 0; side < N_SIDES; side++) {
		for (const struct column *c =
			     row_layouts[ROW_ENDPOINT].columns; c->name; c++)
			if (is_in_connection(c))
				add_column(sql, prefix[side], c);
		text_printf(sql, ",\n  %szeros INTEGER", prefix[side]);
	}
	text_add(sql, "\n) STRICT;\n"
		      "CREATE TABLE endpoint_trouble (\n"
		      "  endpoint_id INTEGER PRIMARY KEY");
	for (const struct column *c = row_layouts[ROW_ENDPOINT].columns;
	     c->name; c++)
		if (c->place != PLACE_ROW)
			add_column(sql, "", c);
	text_add(sql, "\n) STRICT;\n");
}

void
schema_create(struct text *sql)
{
	text_printf(sql, "PRAGMA application_id = %d;\n"
			 "PRAGMA user_version = %d;\n"
			 "BEGIN;\n",
		    SCHEMA_APPLICATION_ID, SCHEMA_VERSION);
	create_table(sql, TABLE_CAPTURE);
	create_connection(sql);
	for (int i = 0; i < N_TABLES; i++)
		if (i != TABLE_CAPTURE && i != ROW_CONNECTION &&
		    i != ROW_ENDPOINT)
			create_table(sql, i);
	text_add(sql, "CREATE TABLE finding_evidence (\n"
		      "  finding_id INTEGER REFERENCES finding,\n"
		      "  frame_number INTEGER,\n"
		      "  note TEXT\n"
		      ") STRICT;\n");
	views_create(sql);
	text_add(sql, "COMMIT;\n");
}

/* What the views, and queries of one connection, look up. */
const char schema_indexes[] =
	"CREATE INDEX IF NOT EXISTS event_conn ON event (conn_id);\n"
	"CREATE INDEX IF NOT EXISTS sample_conn ON sample (conn_id);\n"
	"CREATE INDEX IF NOT EXISTS limit_span_conn ON limit_span (conn_id);\n"
	"CREATE INDEX IF NOT EXISTS finding_conn ON finding (conn_id);\n"
	/* Errors first; whoever orders so must write the same expression. */
	"CREATE INDEX IF NOT EXISTS finding_rank ON finding"
	" (CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END);\n"
	"CREATE INDEX IF NOT EXISTS finding_evidence_finding"
	" ON finding_evidence (finding_id);\n"
	"CREATE INDEX IF NOT EXISTS request_conn ON request (conn_id);\n"
	"CREATE INDEX IF NOT EXISTS tls_handshake_conn"
	" ON tls_handshake (conn_id);\n"
	"CREATE INDEX IF NOT EXISTS icmp_error_conn ON icmp_error (conn_id);\n"
	"CREATE INDEX IF NOT EXISTS segment_conn ON segment (conn_id);\n"
	"CREATE INDEX IF NOT EXISTS kernel_sample_conn"
	" ON kernel_sample (conn_id);\n";

/* --- INSERT ---------------------------------------------------------------- */

/* "(?,?,?)" */
static void
add_parameters(struct text *sql, int n)
{
	text_add(sql, " VALUES (");
	for (int i = 0; i < n; i++)
		text_add(sql, i ? ",?" : "?");
	text_add(sql, ")");
}

/* "INSERT INTO t (capture_id, a, b) VALUES (?,?,?)", without a key: that is
   the next number. */
void
schema_insert(struct text *sql, int table)
{
	const struct table *t = &schema_tables[table];
	int n = 0;

	text_printf(sql, "INSERT INTO %s (", table_name(table));
	if (t->of_capture) {
		text_add(sql, "capture_id");
		n++;
	}
	for (const struct column *c = t->layout->columns; c->name; c++)
		if (column_is_stored(c))
			text_printf(sql, n++ ? ",%s" : "%s", c->name);
	text_add(sql, ")");
	add_parameters(sql, n);
}

/* How an unknown old or new value gives way to the other one. */
static const char *const merge_sql[] = {
	[MERGE_SUM] = "%s=coalesce(%s+excluded.%s,%s,excluded.%s)",
	[MERGE_GAUGE] = "%s=coalesce(%s+excluded.%s,%s,excluded.%s)",
	[MERGE_MIN] = "%s=coalesce(min(%s,excluded.%s),%s,excluded.%s)",
	[MERGE_MAX] = "%s=coalesce(max(%s,excluded.%s),%s,excluded.%s)",
	[MERGE_FIRST] = "%s=coalesce(%s,excluded.%s,%s,excluded.%s)",
};

void
schema_merge(struct text *sql, int table)
{
	const struct column *c = schema_tables[table].layout->columns;
	const char *comma = "";

	schema_insert(sql, table);
	text_add(sql, " ON CONFLICT DO UPDATE SET ");
	for (; c->name; c++) {
		const char *part = merge_sql[c->merge];

		if (!part)
			continue;
		text_add(sql, comma);
		for (; *part; part++) {
			if (part[0] == '%') {
				text_add(sql, c->name);
				part++;
			} else {
				text_add_char(sql, *part);
			}
		}
		comma = ",";
	}
}

void
schema_insert_connection(struct text *sql)
{
	int n = 6 + N_SIDES;

	text_add(sql, "INSERT OR REPLACE INTO connection");
	for (const struct column *c = row_layouts[ROW_CONNECTION].columns;
	     c->name; c++)
		n += column_is_stored(c) && c->kind != COLUMN_CONN;
	for (const struct column *c = row_layouts[ROW_ENDPOINT].columns;
	     c->name; c++)
		n += N_SIDES * is_in_connection(c);
	add_parameters(sql, n);
}

void
schema_insert_trouble(struct text *sql)
{
	int n = 1;

	text_add(sql, "INSERT OR REPLACE INTO endpoint_trouble");
	for (const struct column *c = row_layouts[ROW_ENDPOINT].columns;
	     c->name; c++)
		n += c->place != PLACE_ROW;
	add_parameters(sql, n);
}
