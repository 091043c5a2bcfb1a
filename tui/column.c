/*
 * column.c - the table of columns, and which of them fit: column.h.
 */
#include <stdio.h>
#include <string.h>

#include "base/nstime.h"
#include "tui/column.h"
#include "tui/show.h"

static void
as_text(char *buf, size_t size, const struct query *q, int i)
{
	show_copy(buf, size, query_is_null(q, i) ? "-" : query_text(q, i));
}

static void
as_number(char *buf, size_t size, const struct query *q, int i)
{
	snprintf(buf, size, "%s", query_is_null(q, i) ? "-"
						      : query_text(q, i));
}

static void
as_size(char *buf, size_t size, const struct query *q, int i)
{
	char figure[SHOW_SIZE];

	show_copy(buf, size, show_size(figure, query_is_null(q, i) ? -1
						: query_int(q, i)));
}

static void
as_duration(char *buf, size_t size, const struct query *q, int i)
{
	char figure[SHOW_SIZE];

	show_copy(buf, size, show_duration(figure, query_is_null(q, i)
				? NSTIME_NONE : query_int(q, i)));
}

static void
as_seconds(char *buf, size_t size, const struct query *q, int i)
{
	char figure[SHOW_SIZE];

	show_copy(buf, size, show_seconds(figure, query_int(q, i), 3));
}

/* Of a million. */
static void
as_percent(char *buf, size_t size, const struct query *q, int i)
{
	double percent = (double)query_int(q, i) / 1e4;

	if (query_is_null(q, i))
		show_copy(buf, size, "-");
	else if (percent == 0)
		show_copy(buf, size, "0");
	else
		snprintf(buf, size, "%.*f%%", percent < 9.95 ? 1 : 0, percent);
}

#define ENDPOINT(side) \
	"CASE WHEN c." side "_addr LIKE '%:%' THEN '[' || c." side "_addr" \
	" || ']' ELSE c." side "_addr END || ':' || c." side "_port"
#define RTX_PER_MILLION \
	"((c.client_retrans_packets + c.server_retrans_packets) * 1000000" \
	" / max(1, c.client_packets + c.server_packets))"
#define FINDING(what) \
	"(SELECT " what " FROM finding f WHERE f.conn_id = c.conn_id" \
	" ORDER BY CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1" \
	" ELSE 2 END, f.finding_id LIMIT 1)"
#define KNOWN(sql) "ifnull(" sql ", -1)"

const struct list_column list_columns[N_COLS] = {
	[COL_ID] = { "conn", "number", .width = 6, .priority = 1,
		.right = true, .show = "c.conn_id", .sort = "c.conn_id",
		.format = as_number },
	[COL_START] = { "start", "seconds since the capture began",
		.width = 10, .priority = 9, .right = true,
		.show = "c.start_ns - (SELECT min(start_ns) FROM capture)",
		.sort = KNOWN("c.start_ns"), .format = as_seconds },
	[COL_LASTED] = { "lasted", "from its first to its last packet",
		.width = 7, .priority = 5, .right = true,
		.show = "c.duration_ns", .sort = KNOWN("c.duration_ns"),
		.largest_first = true, .format = as_duration },
	[COL_CLIENT] = { "client", "address and port", .width = 21,
		.priority = 4, .show = ENDPOINT("client"),
		.sort = "ifnull(c.client_addr, '')", .sort_text = true,
		.format = as_text },
	[COL_SERVER] = { "server", "address and port", .width = 21,
		.priority = 0, .show = ENDPOINT("server"),
		.sort = "ifnull(c.server_addr, '')", .sort_text = true,
		.format = as_text },
	[COL_SERVICE] = { "service", "protocol of the application",
		.width = 8, .priority = 8, .show = "c.service",
		.sort = "ifnull(c.service, '')", .sort_text = true,
		.format = as_text },
	[COL_SENT] = { "sent", "bytes from the client", .width = 5,
		.priority = 6, .right = true, .show = "c.client_bytes",
		.sort = KNOWN("c.client_bytes"), .largest_first = true,
		.format = as_size },
	[COL_RECEIVED] = { "rcvd", "bytes from the server", .width = 5,
		.priority = 5, .right = true, .show = "c.server_bytes",
		.sort = KNOWN("c.server_bytes"), .largest_first = true,
		.format = as_size },
	[COL_PACKETS] = { "pkts", "packets of both ends", .width = 5,
		.priority = 10, .right = true,
		.show = "c.client_packets + c.server_packets",
		.sort = KNOWN("(c.client_packets + c.server_packets)"),
		.largest_first = true, .format = as_size },
	[COL_RTX] = { "rtx", "share of packets that were retransmissions",
		.width = 5, .priority = 2, .right = true,
		.show = RTX_PER_MILLION, .sort = KNOWN(RTX_PER_MILLION),
		.largest_first = true, .format = as_percent },
	[COL_ROUND_TRIP] = { "rtt", "round trip of the handshake",
		.width = 6, .priority = 7, .right = true,
		.show = "c.handshake_rtt_ns",
		.sort = KNOWN("c.handshake_rtt_ns"), .largest_first = true,
		.format = as_duration },
	[COL_CLIENT_STATE] = { "client is", "last state of the client",
		.width = 11, .priority = 3, .show = "c.client_state",
		.sort = "ifnull(c.client_state, '')", .sort_text = true,
		.format = as_text },
	[COL_SERVER_STATE] = { "server is", "last state of the server",
		.width = 11, .priority = 11, .show = "c.server_state",
		.sort = "ifnull(c.server_state, '')", .sort_text = true,
		.format = as_text },
	[COL_OUTCOME] = { "outcome", "how it went", .width = 12,
		.priority = 12, .show = "c.outcome",
		.sort = "ifnull(c.outcome, '')", .sort_text = true,
		.format = as_text },
	[COL_CC] = { "cc", "congestion control of the busier end",
		.width = 6, .priority = 13,
		.show = "CASE WHEN c.client_bytes > c.server_bytes"
			" THEN c.client_congestion_control"
			" ELSE c.server_congestion_control END",
		.sort = "ifnull(CASE WHEN c.client_bytes > c.server_bytes"
			" THEN c.client_congestion_control"
			" ELSE c.server_congestion_control END, '')",
		.sort_text = true, .format = as_text },
	[COL_FINDING] = { "worst finding", "what is wrong with it",
		.width = 22, .priority = 2,
		.show = FINDING("upper(substr(f.severity, 1, 1)) || ' ' ||"
				" f.title"),
		.sort = "ifnull(" FINDING("4 - instr('ewn',"
			" substr(f.severity, 1, 1))") ", 0)",
		.largest_first = true, .format = as_text },
};

static int
width_of(unsigned chosen)
{
	int cols = 0;

	for (int i = 0; i < N_COLS; i++)
		if (chosen >> i & 1)
			cols += list_columns[i].width + 1;
	return cols;
}

/* Columns by priority; the last one gets what is left over. */
void
columns_fit(struct column_layout *l, int cols)
{
	unsigned chosen = 0;
	int x = 0;

	memset(l, 0, sizeof(*l));
	for (int priority = 0; priority < N_COLS; priority++)
		for (int i = 0; i < N_COLS; i++) {
			unsigned with = chosen | 1u << i;

			if (list_columns[i].priority == priority &&
			    width_of(with) <= cols + 1)
				chosen = with;
		}
	for (int i = 0; i < N_COLS; i++) {
		if (!(chosen >> i & 1))
			continue;
		l->id[l->n] = (enum list_column_id)i;
		l->x[l->n] = x;
		l->width[l->n] = list_columns[i].width;
		x += list_columns[i].width + 1;
		l->n++;
	}
	if (l->n > 0 && x < cols + 1 &&
	    l->id[l->n - 1] == COL_FINDING)
		l->width[l->n - 1] += cols + 1 - x;
	l->cols = l->n > 0 ? l->x[l->n - 1] + l->width[l->n - 1] : 0;
}

void
columns_sql(char *sql, size_t size)
{
	size_t len = (size_t)snprintf(sql, size, "SELECT c.conn_id");

	for (int i = 0; i < N_COLS; i++)
		len += (size_t)snprintf(sql + len, size - len, ", %s",
					list_columns[i].show);
	snprintf(sql + len, size - len, " FROM conn c WHERE c.conn_id = ?1");
}

void
columns_head(const struct column_layout *l, struct canvas *c, int y,
	     enum list_column_id sorted, bool descending)
{
	canvas_fill(c, 0, y, c->cols, ' ', STYLE_HEAD);
	for (int i = 0; i < l->n; i++) {
		const struct list_column *col = &list_columns[l->id[i]];
		bool is_sorted = l->id[i] == sorted;
		int n = canvas_columns(col->head) + is_sorted;
		int x = l->x[i] + (col->right ? l->width[i] - n : 0);
		enum style s = is_sorted ? STYLE_HEAD_SORT : STYLE_HEAD;

		canvas_text(c, x, y, s, col->head);
		if (is_sorted)
			canvas_glyph(c, x + n - 1, y, descending ? GLYPH_DOWN
				     : GLYPH_UP, s);
	}
}
