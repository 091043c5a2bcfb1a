/*
 * overview.c - how far the capture can be trusted, what happened when, and
 * the gravest findings.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/findings.h"
#include "tui/look.h"
#include "tui/pager.h"
#include "tui/show.h"

#define MAX_SHOWN   200		/* findings */
#define MAX_BUCKETS 512

/* What is drawn of the seconds, the most telling first. */
static const struct rate_line {
	const char *label;
	int column;		/* of the query below */
	bool is_level;		/* not a sum: as it was */
	double factor;
	enum style style;
} rate_lines[] = {
	{ "packets/s", 1, false, 1, STYLE_DATA },
	{ "bit/s", 2, false, 8, STYLE_DATA },
	{ "opened/s", 3, false, 1, STYLE_OK },
	{ "retrans/s", 4, false, 1, STYLE_RTX },
	{ "failed/s", 5, false, 1, STYLE_ERROR },
	{ "open", 6, true, 1, STYLE_NOTE },
};
#define N_RATE_LINES ((int)(sizeof(rate_lines) / sizeof(rate_lines[0])))

static const char rate_sql[] =
	"SELECT (second - ?1) * ?2 / ?3 AS x, sum(packets), sum(bytes),"
	" sum(connections_opened), sum(retransmissions),"
	" sum(connections_failed), max(open_connections), count(*)"
	" FROM rate WHERE second >= ?1 GROUP BY x";

struct overview {
	int64_t counts[3];	/* errors, warnings, notes */
	char vantage[16];	/* where most of the first connections say */
	int64_t n_vantage, n_asked;
	struct list list;
	size_t n;
	struct shown {
		int64_t id, conn_id;
		char severity[12], title[160];
	} shown[MAX_SHOWN];
	/* Of a running capture: connections by state, hosts by bytes. */
	int64_t established, half_open, time_wait, open;
	char talkers[200];
	int buckets;		/* of the rates read; 0: none */
	double rate[8][MAX_BUCKETS];
	int64_t first_second, n_seconds;
	struct canvas body;
};

static void
read_counts(struct tui *t, struct overview *o)
{
	struct query *q = tui_query(t, "SELECT " FINDING_RANK " AS rank,"
				    " count(*) FROM finding GROUP BY rank");

	memset(o->counts, 0, sizeof(o->counts));
	while (q && query_step(q))
		o->counts[query_int(q, 0) % 3] = query_int(q, 1);
	if (q)
		query_close(q);
}

static void
read_findings(struct tui *t, struct overview *o)
{
	struct query *q = tui_query(t, "SELECT finding_id, severity, conn_id,"
		" title FROM finding ORDER BY " FINDING_RANK ", finding_id"
		" LIMIT 200");

	o->n = 0;
	while (q && o->n < MAX_SHOWN && query_step(q)) {
		struct shown *s = &o->shown[o->n++];

		s->id = query_int(q, 0);
		show_copy(s->severity, sizeof(s->severity), query_text(q, 1));
		s->conn_id = query_is_null(q, 2) ? 0 : query_int(q, 2);
		show_copy(s->title, sizeof(s->title), query_text(q, 3));
	}
	if (q)
		query_close(q);
}

/* Of the first thousand connections: all of them would take too long. */
static void
read_vantage(struct tui *t, struct overview *o)
{
	struct query *q = tui_query(t, "SELECT vantage, count(*) AS n,"
		" (SELECT min(1000, max(conn_id)) FROM connection) FROM"
		" (SELECT ifnull(vantage, 'unknown') AS vantage FROM"
		" connection LIMIT 1000) GROUP BY vantage ORDER BY"
		" vantage = 'unknown', n DESC LIMIT 1");

	o->vantage[0] = '\0';
	if (q && query_step(q)) {
		show_copy(o->vantage, sizeof(o->vantage), query_text(q, 0));
		o->n_vantage = query_int(q, 1);
		o->n_asked = query_int(q, 2);
	}
	if (q)
		query_close(q);
}

static void
read_states(struct tui *t, struct overview *o)
{
	struct query *q = tui_query(t, "SELECT established, half_open,"
		" time_wait, open_connections FROM rate"
		" ORDER BY capture_id DESC, second DESC LIMIT 1");

	if (q && query_step(q)) {
		o->established = query_int(q, 0);
		o->half_open = query_int(q, 1);
		o->time_wait = query_int(q, 2);
		o->open = query_int(q, 3);
	}
	if (q)
		query_close(q);
}

/* Of so many hosts that it does not take long. */
static void
read_talkers(struct tui *t, struct overview *o)
{
	struct query *q = tui_query(t, "SELECT addr, bytes_sent +"
		" bytes_received AS bytes FROM host WHERE"
		" (SELECT count(*) FROM (SELECT 1 FROM host LIMIT 20001))"
		" <= 20000 ORDER BY bytes DESC LIMIT 4");
	size_t n = 0;

	o->talkers[0] = '\0';
	while (q && query_step(q) && n < sizeof(o->talkers)) {
		char size[SHOW_SIZE];

		n += (size_t)snprintf(o->talkers + n, sizeof(o->talkers) - n,
				      "%s%.45s %sB", n ? ", " : "",
				      query_text(q, 0),
				      show_size(size, query_int(q, 1)));
	}
	if (q)
		query_close(q);
}

static bool
is_running(const struct tui *t)
{
	return strcmp(t->capture.status, "running") == 0;
}

static void
overview_refresh(struct tui *t, void *state)
{
	struct overview *o = state;

	if (is_running(t)) {
		read_states(t, o);
		read_talkers(t, o);
	}
	read_vantage(t, o);
	read_counts(t, o);
	read_findings(t, o);
	o->buckets = 0;
}

static int
overview_open(struct tui *t, void *state)
{
	overview_refresh(t, state);
	return 0;
}

/* The seconds as buckets of the screen's columns. */
static void
read_rates(struct tui *t, struct overview *o, int buckets)
{
	struct query *q;
	nstime start = t->capture.start_ns, end = t->capture.end_ns;

	o->first_second = start / NS_PER_S;
	o->n_seconds = end / NS_PER_S - o->first_second + 1;
	if (buckets > MAX_BUCKETS)
		buckets = MAX_BUCKETS;
	if (buckets > o->n_seconds)
		buckets = (int)o->n_seconds;
	if (buckets < 1 || o->buckets == buckets)
		return;
	o->buckets = buckets;
	memset(o->rate, 0, sizeof(o->rate));
	q = tui_query(t, rate_sql);
	if (!q)
		return;
	query_bind_int(q, 1, o->first_second);
	query_bind_int(q, 2, buckets);
	query_bind_int(q, 3, o->n_seconds);
	while (query_step(q)) {
		int64_t x = query_int(q, 0);

		for (int i = 1; x >= 0 && x < buckets && i < 8; i++)
			o->rate[i][x] = (double)query_int(q, i);
	}
	query_close(q);
}

static double
value_of(const struct overview *o, const struct rate_line *line, int x)
{
	double seconds = (double)o->n_seconds / o->buckets;

	return line->is_level ? o->rate[line->column][x]
			      : o->rate[line->column][x] * line->factor /
				(seconds > 1 ? seconds : 1);
}

static void
draw_rate(const struct overview *o, struct canvas *c, int y, int from,
	  int cols, const struct rate_line *line)
{
	char figure[SHOW_SIZE];
	double most = 0;

	for (int x = 0; x < o->buckets; x++)
		if (value_of(o, line, x) > most)
			most = value_of(o, line, x);
	canvas_printf(c, 1, y, STYLE_TEXT, "%-10s", line->label);
	for (int x = 0; x < cols && most > 0; x++) {
		double v = value_of(o, line, x * o->buckets / cols);
		int level = (int)(v / most * 8 + 0.5);

		canvas_level(c, from + x, y, v > 0 && level == 0 ? 1 : level,
			     line->style);
	}
	canvas_printf(c, from + cols + 1, y, STYLE_DIM, "max %s",
		      show_size(figure, (int64_t)(most + 0.5)));
}

static int
draw_rates(struct tui *t, struct overview *o, struct canvas *c, int y)
{
	int from = 12, cols = c->cols - from - 10;
	int lines = c->rows >= 20 ? N_RATE_LINES : c->rows >= 14 ? 4 : 2;
	char text[SHOW_SIZE];

	if (cols < 1)
		return y;
	read_rates(t, o, cols);
	if (o->buckets < 1)
		return y;
	for (int i = 0; i < lines; i++)
		draw_rate(o, c, y + i, from, cols, &rate_lines[i]);
	canvas_printf(c, from, y + lines, STYLE_AXIS, "0s");
	snprintf(text, sizeof(text), "%" PRId64 "s", o->n_seconds);
	canvas_text(c, from + cols - (int)strlen(text), y + lines,
		    STYLE_AXIS, text);
	return y + lines + 1;
}

/* --- trust ------------------------------------------------------------- */

struct fault {
	int64_t n;
	const char *words;
};

static void
draw_vantage(const struct overview *o, struct canvas *c, int x, int y)
{
	if (strcmp(o->vantage, "unknown") == 0)
		canvas_text(c, x, y, STYLE_DIM, "; taken who knows where");
	else if (o->vantage[0])
		canvas_printf(c, x, y, STYLE_TEXT, "; taken %s the %s (%"
			      PRId64 " of %" PRId64 ")",
			      o->vantage[0] == 'm' ? "in" : "at", o->vantage,
			      o->n_vantage, o->n_asked);
}

static int
draw_quality(const struct overview *o, const struct capture_facts *f,
	     struct canvas *c, int y)
{
	const struct fault faults[] = {
		{ f->dropped, "lost by the capturing host" },
		{ f->cut, "cut by the snaplen" },
		{ f->malformed, "malformed" },
		{ f->fragments_dropped, "fragments without their rest" },
		{ f->ignored, "left out" },
		{ f->evicted, "connections dropped for memory" },
	};
	char figure[SHOW_SIZE];
	int x = 12, n = 0;

	canvas_text(c, 1, y, STYLE_STRONG, "quality");
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (faults[i].n == 0)
			continue;
		if (n > 0 && x + 30 > c->cols) {
			y++;
			x = 12;
			n = 0;
		}
		x += canvas_printf(c, x, y, STYLE_WARNING, "%s%s %s",
				   n++ ? ", " : "",
				   show_count(figure, faults[i].n),
				   faults[i].words);
	}
	if (x == 12)
		x += canvas_text(c, x, y, STYLE_OK,
				 "no packet lost, cut or malformed");
	draw_vantage(o, c, x, y);
	if (f->damage[0])
		canvas_text_cut(c, 12, ++y, c->cols - 12, STYLE_ERROR,
				f->damage);
	return y + 1;
}

static int
draw_capture(const struct tui *t, const struct overview *o, struct canvas *c,
	     int y)
{
	const struct capture_facts *f = &t->capture;
	char a[SHOW_SIZE], b[SHOW_SIZE], d[SHOW_SIZE];
	bool live = strcmp(f->status, "running") == 0;

	canvas_text(c, 1, y, STYLE_STRONG, "capture");
	canvas_printf(c, 12, y++, STYLE_TEXT, "%s (%s)%s", f->source, f->kind,
		      f->n > 1 ? " and others" : "");
	canvas_text(c, 1, y, STYLE_STRONG, "status");
	canvas_text(c, 12, y++, live ? STYLE_NOTE :
		    strcmp(f->status, "complete") == 0 ? STYLE_OK
						       : STYLE_WARNING,
		    f->status);
	canvas_text(c, 1, y, STYLE_STRONG, "packets");
	canvas_printf(c, 12, y++, STYLE_TEXT, "%s, %sB in %s",
		      show_count(a, f->packets), show_size(b, f->bytes),
		      show_duration(d, f->end_ns - f->start_ns));
	show_date(a, f->start_ns);
	canvas_text(c, 1, y, STYLE_STRONG, "began");
	canvas_text(c, 12, y++, STYLE_TEXT, a);
	return draw_quality(o, f, c, y);
}

/* --- what is open, who talks --------------------------------------------- */

/* As `ss -s` counts. */
static int
draw_now(const struct overview *o, struct canvas *c, int y)
{
	canvas_text(c, 1, y, STYLE_STRONG, "now");
	canvas_printf(c, 12, y++, STYLE_TEXT, "%" PRId64 " connections: %"
		      PRId64 " established, %" PRId64 " half-open, %" PRId64
		      " in TIME-WAIT", o->open, o->established, o->half_open,
		      o->time_wait);
	if (!o->talkers[0])
		return y;
	canvas_text(c, 1, y, STYLE_STRONG, "talkers");
	canvas_text_cut(c, 12, y, c->cols - 12, STYLE_TEXT, o->talkers);
	return y + 1;
}

/* --- findings ---------------------------------------------------------- */

static void
draw_counts(const struct overview *o, struct canvas *c, int y)
{
	static const char *const words[3] = { "error", "warning", "note" };
	static const enum style styles[3] = { STYLE_ERROR, STYLE_WARNING,
					      STYLE_NOTE };
	int x = canvas_text(c, 1, y, STYLE_STRONG, "findings") + 4;

	canvas_text(c, 1, y, STYLE_STRONG, "findings");
	for (int i = 0; i < 3; i++)
		x += canvas_printf(c, x, y, o->counts[i] ? styles[i]
				   : STYLE_DIM, "%" PRId64 " %s%s  ",
				   o->counts[i], words[i],
				   o->counts[i] == 1 ? "" : "s");
}

static void
draw_findings(struct overview *o, struct canvas *c)
{
	o->body = *c;
	list_fit(&o->list, o->n, c->rows > 0 ? (size_t)c->rows : 1);
	for (int y = 0; y < c->rows; y++) {
		size_t i = o->list.top + (size_t)y;

		if (i >= o->n)
			break;
		finding_line(c, y, o->shown[i].severity, o->shown[i].conn_id,
			     o->shown[i].title);
		if (i == o->list.selected)
			canvas_select(c, 0, y, c->cols);
	}
}

static void
overview_draw(struct tui *t, void *state, struct canvas *c)
{
	struct overview *o = state;
	struct canvas rest;
	int y;

	if (t->capture.n == 0) {
		canvas_text(c, 1, 1, STYLE_WARNING,
			    "no capture in this database yet");
		return;
	}
	y = draw_capture(t, o, c, 0);
	if (is_running(t) && c->rows >= 16)
		y = draw_now(o, c, y);
	if (c->rows >= 10)
		y = draw_rates(t, o, c, y);
	draw_counts(o, c, y++);
	rest = canvas_sub(c, 0, y, c->cols, c->rows - y);
	draw_findings(o, &rest);
}

static bool
overview_key(struct tui *t, void *state, int key)
{
	struct overview *o = state;
	size_t rows = o->body.rows > 0 ? (size_t)o->body.rows : 1;
	int x, y;

	if (key != KEY_MOUSE_EVENT)
		return list_key(&o->list, o->n, rows, key);
	if (!tui_mouse_in(t, &o->body, &x, &y))
		return false;
	if (t->mouse.what == MOUSE_WHEEL_UP ||
	    t->mouse.what == MOUSE_WHEEL_DOWN)
		list_move(&o->list, o->n, rows,
			  t->mouse.what == MOUSE_WHEEL_UP ? -3 : 3);
	else
		list_set(&o->list, o->n, rows, o->list.top + (size_t)y);
	return true;
}

static void
open_selected(struct tui *t, void *state, int key)
{
	struct overview *o = state;

	(void)key;
	if (o->n > 0)
		finding_open(t, o->shown[o->list.selected].id);
	else
		tui_show(t, PANEL_CONNECTIONS);
}

static const struct binding bindings[] = {
	{ { KEY_RETURN }, "Open", "the packets that prove the finding",
	  open_selected },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel overview_panel = {
	.name = "Overview",
	.help = "trust first, then what happened, then what is wrong",
	.state_size = sizeof(struct overview),
	.open = overview_open,
	.draw = overview_draw,
	.key = overview_key,
	.refresh = overview_refresh,
	.bindings = bindings,
};
