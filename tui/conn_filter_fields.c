/*
 * conn_filter_fields.c - what a filter can ask for: to add a word is to add a
 * line.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "tui/conn_filter.h"
#include "tui/conn_filter_fields.h"

#define SUM(col) "(c.client_" col " + c.server_" col ")"
#define SHARE(col, of) \
	"(" SUM(col) " * 1000000 / max(1, " SUM(of) "))"
#define WORST "(SELECT max(CASE f.severity WHEN 'error' THEN 3" \
	" WHEN 'warning' THEN 2 ELSE 1 END) FROM finding f" \
	" WHERE f.conn_id = c.conn_id)"
#define ANY_OF(column, table) "(SELECT group_concat(x." column ", ' ')" \
	" FROM " table " x WHERE x.conn_id = c.conn_id)"

static const struct filter_field fields[] = {
	{ "port", NULL, V_NUMBER, { "c.client_port", "c.server_port" },
	  NULL, "of either end" },
	{ "client_port", "sport", V_NUMBER, { "c.client_port" }, NULL,
	  NULL },
	{ "server_port", "dport", V_NUMBER, { "c.server_port" }, NULL,
	  NULL },
	{ "host", "addr", V_ADDR, { "c.client_addr", "c.server_addr" },
	  NULL, "10.0.0.1, 10.0.0.* or 10.0.0.0/24" },
	{ "client", "src", V_ADDR, { "c.client_addr" }, NULL, NULL },
	{ "server", "dst", V_ADDR, { "c.server_addr" }, NULL, NULL },
	{ "state", NULL, V_STATE, { "c.client_state", "c.server_state" },
	  NULL, "TIME-WAIT, of either end" },
	{ "client_state", NULL, V_STATE, { "c.client_state" }, NULL, NULL },
	{ "server_state", NULL, V_STATE, { "c.server_state" }, NULL, NULL },
	{ "outcome", NULL, V_TEXT, { "c.outcome" }, NULL, NULL },
	{ "conn_state", NULL, V_TEXT, { "c.conn_state" }, NULL, "Zeek's" },
	{ "service", NULL, V_TEXT, { "c.service" }, NULL, "http, tls" },
	{ "name", "server_name", V_TEXT, { "c.server_name" }, NULL,
	  "server name; ~ is a part of it" },
	{ "errno", NULL, V_TEXT, { "c.client_error", "c.server_error" },
	  NULL, "ECONNREFUSED" },
	{ "conn", "id", V_NUMBER, { "c.conn_id" }, NULL, NULL },
	{ "stream", "tcp.stream", V_NUMBER, { "c.tcp_stream" }, NULL,
	  "Wireshark's number" },
	{ "frame", NULL, V_NUMBER, { "c.first_frame" }, NULL,
	  "of its first packet" },
	{ "duration", NULL, V_DURATION, { "c.duration_ns" }, NULL, "2s" },
	{ "rtt", NULL, V_DURATION, { "c.handshake_rtt_ns" }, NULL,
	  "of the handshake" },
	{ "min_rtt", NULL, V_DURATION,
	  { "c.client_min_rtt_ns", "c.server_min_rtt_ns" }, NULL, NULL },
	{ "max_rtt", NULL, V_DURATION,
	  { "c.client_max_rtt_ns", "c.server_max_rtt_ns" }, NULL, NULL },
	{ "packets", NULL, V_SIZE, { SUM("packets") }, NULL, NULL },
	{ "bytes", NULL, V_SIZE, { SUM("bytes") }, NULL,
	  "payload of both, 10M" },
	{ "client_bytes", NULL, V_SIZE, { "c.client_bytes" }, NULL,
	  NULL },
	{ "server_bytes", NULL, V_SIZE, { "c.server_bytes" }, NULL,
	  NULL },
	{ "retrans", "retransmissions", V_SIZE,
	  { SUM("retrans_packets") }, SHARE("retrans_packets", "packets"),
	  "packets, or 1% of them" },
	{ "timeouts", "rto", V_SIZE, { SUM("rtx_timeout") }, NULL,
	  "retransmissions by time-out" },
	{ "missing", NULL, V_SIZE, { SUM("missing_bytes") }, NULL,
	  "bytes that were not captured" },
	{ "zero_windows", NULL, V_SIZE, { SUM("zero_windows") }, NULL,
	  NULL },
	{ "resets", "rst", V_SIZE, { SUM("rst_packets") }, NULL, NULL },
	{ "cc", "congestion_control", V_TEXT,
	  { "c.client_congestion_control", "c.server_congestion_control" },
	  NULL, "cubic, reno, bbr" },
	{ "limit", "cause", V_TEXT, { ANY_OF("cause", "limit_span") },
	  NULL, "~receive_window, in some span" },
	{ "finding", NULL, V_TEXT, { ANY_OF("code", "finding") }, NULL,
	  "its code; ~ is a part of it" },
	{ "severity", NULL, V_SEVERITY, { WORST }, NULL, ">= warning" },
};
#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct filter_flag flags[] = {
	{ "refused", "c.client_error = 'ECONNREFUSED'", NULL },
	{ "reset", SUM("rst_packets") " > 0", "a RST was seen" },
	{ "retransmitted", SUM("retrans_packets") " > 0", NULL },
	{ "findings", WORST " > 0", "has findings" },
	{ "warnings", WORST " >= 2", "warnings or errors" },
	{ "errors", WORST " >= 3", NULL },
	{ "ipv4", "c.ip_version = 4", NULL },
	{ "ipv6", "c.ip_version = 6", NULL },
};
#define N_FLAGS (sizeof(flags) / sizeof(flags[0]))

const struct filter_field *
filter_field_named(const char *word)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		if (strcasecmp(word, fields[i].name) == 0 ||
		    (fields[i].other_name &&
		     strcasecmp(word, fields[i].other_name) == 0))
			return &fields[i];
	return NULL;
}

const struct filter_flag *
filter_flag_named(const char *word)
{
	for (size_t i = 0; i < N_FLAGS; i++)
		if (strcasecmp(word, flags[i].name) == 0)
			return &flags[i];
	return NULL;
}

/* Typing errors between two words, at most 3: Levenshtein. */
static int
distance(const char *a, const char *b)
{
	int row[40];
	int n = (int)strlen(b);

	if (n >= 40)
		return 3;
	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; *a; a++, i++) {
		int corner = row[0];

		row[0] = i;
		for (int j = 1; j <= n; j++) {
			int change = corner + (tolower((unsigned char)*a) !=
					       b[j - 1]);

			corner = row[j];
			if (row[j] + 1 < change)
				change = row[j] + 1;
			if (row[j - 1] + 1 < change)
				change = row[j - 1] + 1;
			row[j] = change;
		}
	}
	return row[n] > 3 ? 3 : row[n];
}

const char *
filter_word_like(const char *word)
{
	const char *best = NULL;
	int least = 3;

	for (size_t i = 0; i < N_FIELDS; i++)
		if (distance(word, fields[i].name) < least) {
			least = distance(word, fields[i].name);
			best = fields[i].name;
		}
	for (size_t i = 0; i < N_FLAGS; i++)
		if (distance(word, flags[i].name) < least) {
			least = distance(word, flags[i].name);
			best = flags[i].name;
		}
	return best;
}

bool
conn_filter_word(size_t i, struct conn_filter_word *word)
{
	if (i < N_FIELDS)
		*word = (struct conn_filter_word){ fields[i].name,
						   fields[i].help };
	else if (i < N_FIELDS + N_FLAGS)
		*word = (struct conn_filter_word){ flags[i - N_FIELDS].name,
					      flags[i - N_FIELDS].help };
	else
		return false;
	return true;
}
