/*
 * tui_capture.c - one connection out of its capture: tui_capture.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/pcapng_write.h"
#include "cli/tui_capture.h"
#include "config.h"
#include "dissect/dissect.h"
#include "tui/look.h"

struct inputs {
	size_t n;
	char path[TUI_CAPTURE_FILES][4096];
	const char *name[TUI_CAPTURE_FILES];
};

/* A path that was given elsewhere: as it is, or beside the database. */
static bool
find_file(const struct tui_capture *c, const char *path, char *to,
	  size_t size)
{
	const char *slash = c->database ? strrchr(c->database, '/') : NULL;
	const char *base = strrchr(path, '/');

	snprintf(to, size, "%s", path);
	if (access(to, R_OK) == 0)
		return true;
	base = base ? base + 1 : path;
	if (slash)
		snprintf(to, size, "%.*s/%s", (int)(slash - c->database),
			 c->database, base);
	else
		snprintf(to, size, "%s", base);
	return access(to, R_OK) == 0;
}

static int
find_inputs(const struct tui_capture *c, int64_t conn_id, struct inputs *in,
	    char *error, size_t size)
{
	struct query *q;

	in->n = 0;
	if (c->file) {
		in->name[in->n++] = c->file;
		return 0;
	}
	q = query_open(c->st, "SELECT path FROM capture_file WHERE capture_id"
		       " = (SELECT capture_id FROM connection WHERE conn_id ="
		       " ?1) ORDER BY number");
	if (q)
		query_bind_int(q, 1, conn_id);
	while (q && in->n < TUI_CAPTURE_FILES && query_step(q)) {
		char *to = in->path[in->n];

		if (!find_file(c, query_text(q, 0), to,
			       sizeof(in->path[0]))) {
			snprintf(error, size, "cannot open '%s': %s (tcpsaw "
				 "tui --capture FILE says where it is)",
				 query_text(q, 0), strerror(errno));
			query_close(q);
			return -1;
		}
		in->name[in->n++] = to;
	}
	if (q)
		query_close(q);
	if (in->n == 0)
		snprintf(error, size, "the database does not say which file "
			 "it is of");
	return in->n > 0 ? 0 : -1;
}

/* --- packets ----------------------------------------------------------- */

typedef bool each_fn(void *arg, struct capture *c, const struct packet *p);

struct wanted {
	const struct tui_conn *conn;
	each_fn *fn;
	void *arg;
};

static bool
is_end(const struct addr *a, uint16_t port, const char *addr, uint16_t of)
{
	char text[ADDR_TEXT_SIZE];

	if (port != of)
		return false;
	addr_format(a, text);
	return strcmp(text, addr) == 0;
}

static bool
is_of_conn(const struct tui_conn *k, const struct packet *p)
{
	struct dissection d;

	dissect_packet(p, &d);
	if (d.kind != DISSECT_TCP ||
	    (k->vlan >= 0 && d.vlan != VLAN_NONE && d.vlan != k->vlan))
		return false;
	return (is_end(&d.ip.src, d.tcp.sport, k->client_addr,
		       k->client_port) &&
		is_end(&d.ip.dst, d.tcp.dport, k->server_addr,
		       k->server_port)) ||
	       (is_end(&d.ip.src, d.tcp.sport, k->server_addr,
		       k->server_port) &&
		is_end(&d.ip.dst, d.tcp.dport, k->client_addr,
		       k->client_port));
}

/* False: no more packets are wanted. */
static bool
take_batch(const struct wanted *w, struct capture *c,
	   const struct capture_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct packet *p = &b->packet[i];

		if (p->number < w->conn->first_frame)
			continue;
		if (p->number > w->conn->last_frame)
			return false;
		if (is_of_conn(w->conn, p) && !w->fn(w->arg, c, p))
			return false;
	}
	return true;
}

static int
each_packet(const struct tui_capture *tc, const struct wanted *w, char *error,
	    size_t size)
{
	struct inputs *in = calloc(1, sizeof(*in));
	struct capture_batch *b = calloc(1, sizeof(*b));
	struct capture *c = NULL;
	int status = -1;

	if (in && b && find_inputs(tc, w->conn->conn_id, in, error,
				   size) == 0) {
		struct capture_config cfg = { .paths = in->name,
					      .n_paths = in->n };
		bool more = true;

		status = capture_open(&c, &cfg) == CAPTURE_OPENED ? 0 : -1;
		if (status < 0)
			snprintf(error, size, "%s", capture_error(c));
		while (status == 0 && more && capture_next(c, b) > 0) {
			more = take_batch(w, c, b);
			capture_release(c, b);
		}
		capture_close(c);
	}
	free(b);
	free(in);
	return status;
}

struct for_views {
	tui_packet_fn *fn;
	void *arg;
};

static bool
give_packet(void *arg, struct capture *c, const struct packet *p)
{
	const struct for_views *f = arg;

	(void)c;
	return f->fn(f->arg, p);
}

static int
source_packets(void *ctx, const struct tui_conn *conn, tui_packet_fn *fn,
	       void *arg, char *error, size_t error_size)
{
	struct for_views f = { fn, arg };
	struct wanted w = { conn, give_packet, &f };

	return each_packet(ctx, &w, error, error_size);
}

/* --- writing ----------------------------------------------------------- */

/* What is said about packets, in their order: a query whose next row waits. */
struct remarks {
	struct query *q;
	bool waiting;
};

struct save {
	struct pcapng_writer *writer;
	struct remarks findings, events;
	int64_t n;
	bool failed;
};

static void
remarks_open(struct remarks *r, struct store *st, const char *sql,
	     int64_t conn_id)
{
	r->q = query_open(st, sql);
	if (r->q)
		query_bind_int(r->q, 1, conn_id);
	r->waiting = r->q && query_step(r->q);
}

static void
remarks_close(struct remarks *r)
{
	if (r->q)
		query_close(r->q);
}

/* A finding: (frame, what, note); an event: (frame, kind, detail, len). */
static void
add_remark(const struct remarks *r, char *to, size_t size)
{
	char words[512];

	if (query_columns(r->q) == 3)
		snprintf(words, sizeof(words), "%s: %s",
			 query_text(r->q, 1), query_text(r->q, 2));
	else
		event_words(words, sizeof(words), query_text(r->q, 1), 0,
			    query_int(r->q, 3), 0, query_text(r->q, 2));
	snprintf(to, size, "%s", words);
}

/* Add to the comment what is said about a packet. */
static void
remarks_of(struct remarks *r, int64_t frame, char *to, size_t size)
{
	for (; r->waiting && query_int(r->q, 0) <= frame;
	     r->waiting = query_step(r->q)) {
		size_t len = strlen(to);

		if (query_int(r->q, 0) < frame)
			continue;
		if (len > 0 && len + 2 < size)
			strcpy(to + len++, "\n");
		add_remark(r, to + len, size - len);
	}
}

static bool
save_packet(void *arg, struct capture *c, const struct packet *p)
{
	struct save *s = arg;
	char comment[4096] = "";

	remarks_of(&s->findings, (int64_t)p->number, comment,
		   sizeof(comment));
	remarks_of(&s->events, (int64_t)p->number, comment, sizeof(comment));
	if (pcapng_write_interfaces(s->writer, c) < 0 ||
	    pcapng_write_packet(s->writer, p, comment[0] ? comment
						: NULL) < 0)
		s->failed = true;
	else
		s->n++;
	return !s->failed;
}

static const char findings_sql[] =
	"SELECT e.frame_number, f.severity || ': ' || f.title,"
	" ifnull(e.note, '') FROM finding f JOIN finding_evidence e"
	" ON e.finding_id = f.finding_id WHERE f.conn_id = ?1"
	" ORDER BY e.frame_number";

static const char events_sql[] =
	"SELECT frame_number, kind, detail, ifnull(len, 0) FROM event"
	" WHERE conn_id = ?1 ORDER BY frame_number";

static int64_t
source_save(void *ctx, const struct tui_conn *conn, const char *path,
	    bool overwrite, char *error, size_t error_size)
{
	struct tui_capture *tc = ctx;
	struct save s = { 0 };
	struct wanted w = { conn, save_packet, &s };
	int status;

	if (!overwrite && access(path, F_OK) == 0)
		return -2;
	if (pcapng_write_open(&s.writer, path, overwrite, PACKAGE_STRING) < 0) {
		snprintf(error, error_size, "%s",
			 pcapng_write_error(s.writer));
		pcapng_write_close(s.writer);
		return -1;
	}
	remarks_open(&s.findings, tc->st, findings_sql, conn->conn_id);
	remarks_open(&s.events, tc->st, events_sql, conn->conn_id);
	status = each_packet(tc, &w, error, error_size);
	if (status == 0 && (s.failed || pcapng_write_flush(s.writer) < 0)) {
		snprintf(error, error_size, "%s",
			 pcapng_write_error(s.writer));
		status = -1;
	}
	remarks_close(&s.findings);
	remarks_close(&s.events);
	pcapng_write_close(s.writer);
	return status < 0 ? -1 : s.n;
}

struct tui_source
tui_capture_source(struct tui_capture *c)
{
	return (struct tui_source){ .ctx = c, .packets = source_packets,
				    .save = source_save };
}
