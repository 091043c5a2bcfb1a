/*
 * cmd_show.c - `tcpsaw show`: one connection, and its segments.
 *
 * The database has no packets: where it was made without --segments the
 * capture is read again, for the packets between the connection's first and
 * last one that have its addresses and ports.
 */
#include <stdio.h>
#include <string.h>

#include "capture/capture.h"
#include "cli/command.h"
#include "cli/view.h"
#include "report/packet_line.h"
#include "report/show.h"

#define SEGMENTS_SHOWN 1000
#define MAX_FILES 256
#define FLUSH_BYTES 65536

static const char help[] =
"usage: tcpsaw show DB|FILE N [-r FILE...] [--all] [--color=WHEN]\n"
"\n"
"Shows connection N: its facts, both ends side by side, what was found, the\n"
"states that both went through, events, and its segments in tcpdump's words\n"
"with packet numbers and times since it began.\n"
"\n"
"  -r FILE            the capture, where it is not where it was analysed\n"
"      --all          all segments, not the first 1000\n"
"      --no-segments  none\n"
"      --color=WHEN   auto, always, never\n"
"\n"
"exit status: 0 done, 1 could not run or no such connection, 2 usage,\n"
"3 input damaged\n";

static const struct option options[] = {
	{ "all", no_argument, NULL, 'a' },
	{ "no-segments", no_argument, NULL, 's' },
	VIEW_COLOR_OPTION,
	VIEW_HELP_OPTION,
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *files[MAX_FILES];
	size_t n_files;
	int64_t conn;
	bool all, no_segments;
};

static int
take_option(void *arguments, int opt)
{
	struct arguments *a = arguments;

	if (opt == 'a')
		a->all = true;
	else if (opt == 's')
		a->no_segments = true;
	else if (a->n_files < MAX_FILES)
		a->files[a->n_files++] = optarg;
	else
		return complain_usage("show", "too many captures");
	return STATUS_DONE;
}

static int
take_words(void *arguments, int n, char **words)
{
	struct arguments *a = arguments;

	if (n != 1)
		return complain_usage("show", "a database or capture and the"
				      " number of a connection are needed");
	if (!parse_conn(words[0], &a->conn))
		return complain_usage("show", "not the number of a connection:"
				      " '%s'", words[0]);
	return STATUS_DONE;
}

/* --- segments out of the capture ------------------------------------------- */

/* The connection, as its packets are known by. */
struct wanted {
	int64_t conn_id, start_ns;
	uint64_t first_frame, last_frame;	/* last: 0 while it is open */
	char addr[2][ADDR_TEXT_SIZE];
	uint16_t port[2];
	int vlan;				/* -1: none */
	int64_t capture_id;
	int64_t limit;
};

static int
find_wanted(struct wanted *w, struct store *st, int64_t conn)
{
	struct query *q = query_open(st,
		"SELECT start_ns, first_frame, coalesce(last_frame, 0),"
		" client_addr, client_port, server_addr, server_port,"
		" coalesce(vlan, -1), capture_id FROM connection"
		" WHERE conn_id = ?1");

	if (!q)
		return -1;
	query_bind_int(q, 1, conn);
	if (query_step(q)) {
		w->conn_id = conn;
		w->start_ns = query_int(q, 0);
		w->first_frame = (uint64_t)query_int(q, 1);
		w->last_frame = (uint64_t)query_int(q, 2);
		for (int side = 0; side < 2; side++) {
			snprintf(w->addr[side], sizeof(w->addr[side]), "%s",
				 query_text(q, 3 + 2 * side));
			w->port[side] = (uint16_t)query_int(q, 4 + 2 * side);
		}
		w->vlan = (int)query_int(q, 7);
		w->capture_id = query_int(q, 8);
	}
	return query_close(q);
}

static bool
is_end(const struct wanted *w, int side, const struct addr *a, uint16_t port)
{
	char text[ADDR_TEXT_SIZE];

	if (port != w->port[side])
		return false;
	addr_format(a, text);
	return strcmp(text, w->addr[side]) == 0;
}

/* 1: sent by the client, 0: by the server, -1: of another connection. */
static int
direction(const struct wanted *w, const struct dissection *d)
{
	if (d->kind != DISSECT_TCP)
		return -1;
	for (int from = 0; from < 2; from++)
		if (is_end(w, from, &d->ip.src, d->tcp.sport) &&
		    is_end(w, !from, &d->ip.dst, d->tcp.dport))
			return from == 0;
	return -1;
}

/* tcpdump's line from its flags on. */
static const char *
from_flags(struct text *t)
{
	char *flags = strstr(t->s, "Flags [");

	while (t->len > 0 && t->s[t->len - 1] == '\n')
		t->s[--t->len] = '\0';
	return flags ? flags : t->s;
}

struct reading {
	const struct wanted *wanted;
	struct segment_lines *lines;
	struct packet_line line;
	struct text text;
	int64_t n;
};

static void
take_packet(struct reading *r, const struct packet *p)
{
	struct dissection d;
	int from_client;

	dissect_packet(p, &d);
	from_client = direction(r->wanted, &d);
	if (from_client < 0 || r->n++ >= r->wanted->limit)
		return;
	text_clear(&r->text);
	packet_line_add(&r->line, p, &d, &r->text);
	segment_lines_add(r->lines, (int64_t)p->number, p->ts, from_client,
			  from_flags(&r->text));
}

static int
flush_page(struct page *p, size_t limit)
{
	if (p->out.len < limit)
		return 0;
	if (page_write(p, stdout) < 0)
		return -1;
	text_clear(&p->out);
	return 0;
}

/* -1: stdout takes no more. */
static int
read_packets(struct reading *r, struct capture *c)
{
	static struct capture_batch batch;
	const struct wanted *w = r->wanted;
	bool done = false;
	int rc = 0;

	while (!done && rc == 0 && capture_next(c, &batch) > 0) {
		for (size_t i = 0; i < batch.n && !done; i++) {
			const struct packet *p = &batch.packet[i];

			if (p->number >= w->first_frame &&
			    (!w->last_frame || p->number <= w->last_frame))
				take_packet(r, p);
			done = (w->last_frame && p->number >= w->last_frame) ||
			       r->n > w->limit;
		}
		capture_release(c, &batch);
		rc = flush_page(r->lines->page, FLUSH_BYTES);
	}
	return rc;
}

static int
read_capture(const struct wanted *w, struct segment_lines *lines,
	     const struct capture_config *cfg, int64_t *n)
{
	struct packet_line_config config = { .time = PACKET_TIME_NONE };
	struct reading r = { .wanted = w, .lines = lines };
	struct capture *c;
	int rc = 0;

	if (capture_open(&c, cfg) != CAPTURE_OPENED) {
		page_printf(lines->page, "  The segments cannot be shown:"
			    " %s.\n", capture_error(c));
		capture_close(c);
		return 0;
	}
	text_init(&r.text);
	if (packet_line_init(&r.line, &config) == 0)
		rc = read_packets(&r, c);
	*n = r.n;
	packet_line_release(&r.line);
	text_release(&r.text);
	capture_close(c);
	return rc;
}

/* The files of the connection's capture, as they were named. */
static struct query *
open_files(struct store *st, const struct wanted *w)
{
	struct query *q = query_open(st,
		"SELECT f.path, coalesce(c.filter, '') FROM capture_file f"
		" JOIN capture c USING (capture_id) WHERE capture_id = ?1"
		" ORDER BY number LIMIT 1 OFFSET ?2");

	if (q)
		query_bind_int(q, 1, w->capture_id);
	return q;
}

static int
show_read(struct store *st, const struct arguments *a,
	  struct segment_lines *lines, const struct wanted *w, int64_t *n)
{
	struct query *q[MAX_FILES];
	const char *paths[MAX_FILES];
	struct capture_config cfg = { .paths = paths };
	size_t opened = 0;
	int rc;

	/* One query a file, since a text lives as long as its query. */
	for (; opened < MAX_FILES; opened++) {
		q[opened] = open_files(st, w);
		if (!q[opened])
			break;
		query_bind_int(q[opened], 2, (int64_t)opened);
		if (!query_step(q[opened]))
			break;
		paths[opened] = query_text(q[opened], 0);
		cfg.filter = query_text(q[opened], 1);
	}
	cfg.n_paths = opened;
	if (a->n_files > 0) {
		cfg.paths = a->files;
		cfg.n_paths = a->n_files;
	}
	if (cfg.n_paths == 0 || strcmp(cfg.paths[0], "-") == 0) {
		page_raw(lines->page, "  The packets are not in the database,"
				      " and the capture was no file.\n");
		rc = 0;
	} else {
		rc = read_capture(w, lines, &cfg, n);
	}
	for (size_t i = 0; i < MAX_FILES && i <= opened; i++)
		query_close(q[i]);
	return rc;
}

static int
show_segments(struct store *st, const struct arguments *a, struct page *p)
{
	struct wanted w = { .limit = a->all ? INT64_MAX - 1 : SEGMENTS_SHOWN };
	struct segment_lines lines;
	int64_t n;
	int rc = 0;

	if (find_wanted(&w, st, a->conn) < 0 ||
	    segment_lines_init(&lines, p, st, a->conn, w.start_ns) < 0)
		return -1;
	page_raw(p, "\n");
	page_styled(p, PAGE_BOLD, "Segments");
	page_raw(p, "\n");
	n = show_stored_segments(&lines, st, a->conn, w.limit + 1);
	if (n == 0)
		rc = show_read(st, a, &lines, &w, &n);
	if (n > w.limit)
		page_raw(p, "  and more: --all shows them\n");
	segment_lines_release(&lines);
	return n < 0 ? -1 : rc;
}

static int
show(void *arguments, struct store *store, enum report_color color)
{
	const struct arguments *a = arguments;
	int status = STATUS_DONE;
	struct page page;

	page_init(&page, stdout, color);
	if (show_connection(&page, store, a->conn) < 0 ||
	    (!a->no_segments && show_segments(store, a, &page) < 0))
		status = view_failed(store);
	else if (page_write(&page, stdout) < 0)
		status = STATUS_FAILED;
	page_release(&page);
	return status;
}

int
cmd_show(int argc, char **argv)
{
	static const struct view view = {
		.name = "show",
		.help = help,
		.shorts = "r:nh",
		.longs = options,
		.option = take_option,
		.words = take_words,
		.show = show,
	};
	struct arguments a = { 0 };

	return view_command(&view, &a, argc, argv);
}
