/*
 * views.c - what the database shows besides its tables.
 *
 * First the views that unfold what is stored compactly (endpoint, conn,
 * state_change, rate), then Zeek's, then one for each named query: whatever
 * has no LIMIT here can be filtered and sorted further.
 */
#include "store/schema.h"
#include "store/store.h"
#include "store/views.h"

#define ENDS \
	"CASE ip_version WHEN 6 THEN '[' || client_addr || ']'" \
	" ELSE client_addr END || ':' || client_port AS client," \
	" CASE ip_version WHEN 6 THEN '[' || server_addr || ']'" \
	" ELSE server_addr END || ':' || server_port AS server"

#define MS(column) "round(" column " / 1e6, 3)"

const struct view views[] = {
	{ "state_change",
	  "Each change of state of both ends, with time, packet and cause.",
	  "SELECT c.conn_id * 256 + s.key AS rowid, c.conn_id,"
	  " s.value ->> 0 AS side,"
	  " c.start_ns + (c.state_times ->> (2 * s.key)) AS ts_ns,"
	  " nullif(c.state_times ->> (2 * s.key + 1), 0) AS frame_number,"
	  " s.value ->> 1 AS old_state, s.value ->> 2 AS new_state,"
	  " s.value ->> 3 AS cause"
	  " FROM connection c JOIN state_path p"
	  " ON p.state_path_id = c.state_path, json_each(p.steps) s" },
	{ "zeek_conn",
	  "Connections and UDP flows under the names of Zeek's conn.log.",
	  "SELECT start_ns / 1e9 AS ts, 'C' || conn_id AS uid,"
	  " client_addr AS \"id.orig_h\", client_port AS \"id.orig_p\","
	  " server_addr AS \"id.resp_h\", server_port AS \"id.resp_p\","
	  " 'tcp' AS proto, service, duration_ns / 1e9 AS duration,"
	  " client_unique_bytes AS orig_bytes,"
	  " server_unique_bytes AS resp_bytes, conn_state,"
	  " client_missing_bytes + server_missing_bytes AS missed_bytes,"
	  " history, client_packets AS orig_pkts,"
	  " client_ip_bytes AS orig_ip_bytes, server_packets AS resp_pkts,"
	  " server_ip_bytes AS resp_ip_bytes, community_id, vlan"
	  " FROM conn UNION ALL "
	  "SELECT start_ns / 1e9, 'U' || udp_flow_id, client_addr, client_port,"
	  " server_addr, server_port, 'udp', service,"
	  " (end_ns - start_ns) / 1e9, client_bytes, server_bytes,"
	  " CASE WHEN server_packets > 0 THEN 'SF' ELSE 'S0' END, NULL,"
	  " CASE WHEN server_packets > 0 THEN 'Dd' ELSE 'D' END,"
	  " client_packets, NULL, server_packets, NULL, NULL, vlan"
	  " FROM udp_flow" },
	{ "slowest", "Connections that lasted longest.",
	  "SELECT conn_id, " ENDS ", service, "
	  MS("duration_ns") " AS duration_ms, "
	  MS("connect_ns") " AS connect_ms,"
	  " client_bytes + server_bytes AS bytes, outcome"
	  " FROM connection ORDER BY duration_ns DESC, conn_id" },
	{ "largest", "Connections that carried most bytes.",
	  "SELECT conn_id, " ENDS ", service,"
	  " client_bytes + server_bytes AS bytes, "
	  MS("duration_ns") " AS duration_ms,"
	  " CASE WHEN duration_ns > 0 THEN round((client_bytes + server_bytes)"
	  " * 8e3 / duration_ns, 3) END AS mbit_per_s"
	  " FROM connection ORDER BY bytes DESC, conn_id" },
	{ "retransmitting", "Connections with retransmissions, worst first.",
	  "SELECT conn_id, " ENDS ", client_retrans_packets AS client_retrans,"
	  " server_retrans_packets AS server_retrans,"
	  " round(100.0 * (client_retrans_packets + server_retrans_packets)"
	  " / max(1, client_packets + server_packets), 1) AS percent,"
	  " client_rtx_timeout + server_rtx_timeout AS timeouts,"
	  " client_rtx_fast + server_rtx_fast AS fast"
	  " FROM conn WHERE client_retrans_packets + server_retrans_packets > 0"
	  " ORDER BY client_retrans_packets + server_retrans_packets DESC,"
	  " conn_id" },
	{ "refused", "Attempts to connect that were refused.",
	  "SELECT conn_id, " ENDS ", outcome, client_error,"
	  " last_frame FROM connection"
	  " WHERE conn_state = 'REJ' OR client_error IN ('ECONNREFUSED',"
	  " 'EHOSTUNREACH', 'ENETUNREACH') ORDER BY conn_id" },
	{ "resets", "Connections that ended by a reset.",
	  "SELECT conn_id, " ENDS ","
	  " CASE WHEN client_rst_packets > 0 AND server_rst_packets > 0"
	  " THEN 'both' WHEN client_rst_packets > 0 THEN 'client'"
	  " ELSE 'server' END AS reset_by, outcome, last_frame"
	  " FROM conn"
	  " WHERE client_rst_packets + server_rst_packets > 0"
	  " AND conn_state IS NOT 'REJ' ORDER BY conn_id" },
	{ "zero_window", "Ends that closed their receive window.",
	  "SELECT conn_id, " ENDS ", side AS closed_by, zero_windows,"
	  " min_rwnd, max_rwnd FROM endpoint JOIN connection USING (conn_id)"
	  " WHERE zero_windows > 0 ORDER BY zero_windows DESC, conn_id" },
	{ "syn_retries", "Attempts that needed more than one SYN.",
	  "SELECT conn_id, " ENDS ", client_syn_packets AS syns,"
	  " server_synack_packets AS synacks, "
	  MS("connect_ns") " AS connect_ms, outcome, client_error"
	  " FROM connection WHERE client_syn_packets > 1"
	  " OR server_synack_packets > 1"
	  " ORDER BY client_syn_packets DESC, conn_id" },
	{ "top_talkers", "Hosts by bytes sent and received.",
	  "SELECT addr, name, bytes_sent + bytes_received AS bytes,"
	  " bytes_sent, bytes_received, packets_sent + packets_received"
	  " AS packets, connections_client, connections_server"
	  " FROM host ORDER BY bytes DESC, addr" },
	{ "rates", "What happened in each second.",
	  "SELECT strftime('%m-%d %H:%M:%S', second, 'unixepoch') AS time,"
	  " packets, round(bytes * 8 / 1e6, 3) AS mbit,"
	  " connections_opened AS opened, connections_failed AS failed,"
	  " rst, retransmissions AS resent, half_open, established"
	  " FROM rate ORDER BY capture_id, second" },
	{ "ports", "Server ports: what runs there, and how well.",
	  "SELECT server_port, max(service) AS service,"
	  " count(*) AS connections, count(DISTINCT server_addr) AS servers,"
	  " count(DISTINCT client_addr) AS clients,"
	  " sum(client_error IS NOT NULL) AS with_error,"
	  " sum(client_bytes + server_bytes) AS bytes,"
	  " " MS("avg(connect_ns)") " AS connect_ms"
	  " FROM connection GROUP BY server_port"
	  " ORDER BY connections DESC, server_port" },
	{ "states", "How many connections are in which states.",
	  "SELECT client_state, server_state, count(*) AS connections"
	  " FROM connection GROUP BY client_state, server_state"
	  " ORDER BY connections DESC, client_state, server_state" },
	{ "kernel_beside",
	  "Each kernel_sample beside what was inferred at that moment.",
	  "SELECT k.kernel_sample_id, k.conn_id, k.side, k.ts_ns,"
	  " k.pid, k.process, k.state,"
	  " k.congestion_control AS kernel_congestion_control,"
	  " e.congestion_control, k.cwnd AS kernel_cwnd, s.cwnd,"
	  " s.cwnd_low, s.cwnd_high, k.ssthresh AS kernel_ssthresh,"
	  " s.ssthresh, k.srtt_ns AS kernel_srtt_ns, s.srtt_ns,"
	  " k.mss, s.phase, s.limit_cause, k.unsent_bytes, k.send_queue,"
	  " k.send_buffer"
	  " FROM kernel_sample k"
	  " JOIN endpoint e ON e.conn_id = k.conn_id AND e.side = k.side"
	  " LEFT JOIN sample s ON s.sample_id = (SELECT t.sample_id"
	  " FROM sample t WHERE t.conn_id = k.conn_id AND t.side = k.side"
	  " AND t.ts_ns <= k.ts_ns ORDER BY t.ts_ns DESC, t.sample_id DESC"
	  " LIMIT 1)" },
	{ "kernel", "Of each own socket the newest row of kernel_beside.",
	  "SELECT conn_id, side, process, pid, state,"
	  " kernel_congestion_control, congestion_control, kernel_cwnd, cwnd,"
	  " " MS("kernel_srtt_ns") " AS kernel_srtt_ms,"
	  " " MS("srtt_ns") " AS srtt_ms, unsent_bytes, send_buffer"
	  " FROM kernel_beside WHERE kernel_sample_id IN"
	  " (SELECT max(kernel_sample_id) FROM kernel_sample"
	  " GROUP BY conn_id, side) ORDER BY conn_id, side" },
	{ 0 },
};

/* --- views made from the columns ------------------------------------------- */

static const char *const side_prefix[] = { "client_", "server_" };
static const char *const side_word[] = { "client", "server" };

/* The value of an endpoint's column, out of `connection` c and
   `endpoint_trouble` t; bit is its own in c.zeros. */
static void
add_endpoint_value(struct text *sql, const char *prefix, const char *trouble,
		   const struct column *c, unsigned bit)
{
	if (c->place == PLACE_ROW)
		text_printf(sql, "c.%s%s", prefix, c->name);
	else if (c->place == PLACE_NULL)
		text_printf(sql, "%s.%s", trouble, c->name);
	else
		text_printf(sql,
			    "CASE WHEN %s.endpoint_id IS NOT NULL THEN %s.%s"
			    " WHEN c.%szeros & %u THEN 0 END",
			    trouble, trouble, c->name, prefix, 1u << bit);
}

/* All columns of an endpoint but conn_id and side, under prefix + name. */
static void
add_endpoint_values(struct text *sql, int side, const char *trouble,
		    const char *prefix)
{
	const struct column *c = row_layouts[ROW_ENDPOINT].columns;
	unsigned bit = 0;

	for (; c->name; c++) {
		if (c->kind == COLUMN_CONN || c->kind == COLUMN_SIDE)
			continue;
		text_add(sql, ",\n  ");
		add_endpoint_value(sql, side_prefix[side], trouble, c, bit);
		text_printf(sql, " AS %s%s", prefix, c->name);
		bit += c->place == PLACE_ZERO;
	}
}

static void
create_endpoint(struct text *sql)
{
	text_add(sql, "CREATE VIEW endpoint AS");
	for (int side = 0; side < N_SIDES; side++) {
		text_printf(sql, "%s SELECT c.conn_id, '%s' AS side",
			    side ? " UNION ALL" : "", side_word[side]);
		add_endpoint_values(sql, side, "t", "");
		text_printf(sql, "\n FROM connection c LEFT JOIN"
			    " endpoint_trouble t"
			    " ON t.endpoint_id = 2 * c.conn_id + %d\n", side);
	}
	text_add(sql, ";\n");
}

static void
create_conn(struct text *sql)
{
	text_add(sql, "CREATE VIEW conn AS SELECT c.conn_id, c.capture_id,"
		      " c.tcp_stream, c.community_id");
	for (const struct column *c = row_layouts[ROW_CONNECTION].columns;
	     c->name; c++)
		if (column_is_stored(c) && c->kind != COLUMN_CONN)
			text_printf(sql, ",\n  c.%s", c->name);
	for (int side = 0; side < N_SIDES; side++)
		add_endpoint_values(sql, side, side ? "ts" : "tc",
				    side_prefix[side]);
	text_add(sql, "\n FROM connection c"
		      " LEFT JOIN endpoint_trouble tc"
		      " ON tc.endpoint_id = 2 * c.conn_id"
		      " LEFT JOIN endpoint_trouble ts"
		      " ON ts.endpoint_id = 2 * c.conn_id + 1;\n");
}

/* The gauges are kept as what each second added to them. */
static void
create_rate(struct text *sql)
{
	const struct column *c = row_layouts[ROW_RATE].columns;

	text_add(sql, "CREATE VIEW rate AS SELECT capture_id");
	for (; c->name; c++)
		text_printf(sql, c->merge == MERGE_GAUGE ?
			    ",\n  sum(%s) OVER w AS %s" : ",\n  %s AS %s",
			    c->name, c->name);
	text_add(sql, "\n FROM rate_part WINDOW w AS"
		      " (PARTITION BY capture_id ORDER BY second);\n");
}

void
views_create(struct text *sql)
{
	create_endpoint(sql);
	create_conn(sql);
	create_rate(sql);
	for (const struct view *v = views; v->name; v++)
		text_printf(sql, "CREATE VIEW %s AS %s;\n", v->name, v->sql);
}
