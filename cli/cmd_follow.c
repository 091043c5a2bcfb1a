/*
 * cmd_follow.c - `tcpsaw follow`: the bytes of a connection, in order.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/replay.h"
#include "reassembly/stream.h"

static const char help[] =
"usage: tcpsaw follow FILE N [--client|--server] [--raw|--text|--hex]\n"
"\n"
"Writes the bytes that connection N of a capture carried, in order: what a\n"
"byte was first seen as, each once. N counts connections from 1 in the order\n"
"of their first packets (Wireshark's tcp.stream + 1).\n"
"\n"
"  --client   only what the client sent\n"
"  --server   only what the server sent\n"
"  --raw      the bytes as they are (the default, but for a terminal)\n"
"  --text     readable: control characters are escaped, gaps are told\n"
"  --hex      with times, offsets and packet numbers, 16 bytes a line\n"
"\n"
"exit status: 0 done, 1 could not run, 2 usage, 3 input damaged\n";

enum format { FORMAT_RAW, FORMAT_TEXT, FORMAT_HEX };

static const struct option options[] = {
	{ "client", no_argument, NULL, 'C' },
	{ "server", no_argument, NULL, 'S' },
	{ "raw", no_argument, NULL, 'R' },
	{ "text", no_argument, NULL, 'T' },
	{ "hex", no_argument, NULL, 'X' },
	{ "help", no_argument, NULL, 'H' },
	{ NULL, 0, NULL, 0 },
};

#define STREAM_MEMORY ((size_t)64 << 20)
#define HEX_LINE 16

struct follow;

/* One direction. */
struct direction {
	struct follow *follow;
	enum side side;
	bool wanted;
	struct stream stream;
	uint64_t start;			/* of its first byte */
};

struct follow {
	enum format format;
	struct direction direction[N_SIDES];
	struct stream_pool pool;
	struct text out;
	int last_side;			/* whose bytes came last; -1: none's */
	nstime start;
	bool started, write_failed;
};

/* --- output ------------------------------------------------------------------ */

static void
flush_out(struct follow *f)
{
	if (f->out.len > 0 &&
	    fwrite(f->out.s, 1, f->out.len, stdout) != f->out.len)
		f->write_failed = true;
	text_clear(&f->out);
}

static const char *
side_name(enum side side)
{
	return side == SIDE_CLIENT ? "client" : "server";
}

/* In text, a line of its own tells whose bytes follow. */
static void
tell_side(struct follow *f, const struct direction *dir)
{
	if (f->last_side == (int)dir->side)
		return;
	if (f->last_side >= 0)
		text_add(&f->out, "\n");
	text_printf(&f->out, "--- %s ---\n", side_name(dir->side));
	f->last_side = (int)dir->side;
}

static void
add_text(struct text *out, const uint8_t *bytes, size_t len)
{
	const char *at = (const char *)bytes, *end = at + len;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t n = newline ? (size_t)(newline - at) : (size_t)(end - at);
		size_t shown = n > 0 && newline && at[n - 1] == '\r' ? n - 1
								     : n;

		text_add_safe(out, at, shown);
		if (newline)
			text_add_char(out, '\n');
		at += n + (newline != NULL);
	}
}

static void
add_hex_line(struct text *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < HEX_LINE; i++)
		if (i < len)
			text_printf(out, " %02x", bytes[i]);
		else
			text_add(out, "   ");
	text_add(out, "  ");
	for (size_t i = 0; i < len; i++)
		text_add_char(out, bytes[i] >= 32 && bytes[i] < 127
					   ? (char)bytes[i] : '.');
	text_add_char(out, '\n');
}

static void
add_hex(struct follow *f, const struct direction *dir, const uint8_t *bytes,
	size_t len, uint64_t offset, uint64_t frame, nstime ts)
{
	text_printf(&f->out, "%s, %.6f s, packet %" PRIu64 ", %zu bytes\n",
		    side_name(dir->side), (double)(ts - f->start) / NS_PER_S,
		    frame, len);
	for (size_t at = 0; at < len; at += HEX_LINE) {
		size_t n = len - at < HEX_LINE ? len - at : HEX_LINE;

		text_printf(&f->out, "  %08" PRIx64 " ", offset + at);
		add_hex_line(&f->out, bytes + at, n);
	}
}

/* --- streams ------------------------------------------------------------------ */

static uint64_t
offset_of(struct direction *dir, uint64_t seq)
{
	if (!dir->start)
		dir->start = seq;
	return seq - dir->start;
}

static void
on_data(void *ctx, const uint8_t *bytes, size_t len, uint64_t seq,
	uint64_t frame, nstime ts)
{
	struct direction *dir = ctx;
	struct follow *f = dir->follow;
	uint64_t offset = offset_of(dir, seq);

	switch (f->format) {
	case FORMAT_RAW:
		if (fwrite(bytes, 1, len, stdout) != len)
			f->write_failed = true;
		return;
	case FORMAT_TEXT:
		tell_side(f, dir);
		add_text(&f->out, bytes, len);
		break;
	case FORMAT_HEX:
		add_hex(f, dir, bytes, len, offset, frame, ts);
		break;
	}
	flush_out(f);
}

static void
on_gap(void *ctx, uint64_t seq, uint64_t len, enum stream_gap why)
{
	struct direction *dir = ctx;
	struct follow *f = dir->follow;

	offset_of(dir, seq);
	if (f->format == FORMAT_RAW) {
		complain("%" PRIu64 " bytes of the %s are missing: %s", len,
			 side_name(dir->side), stream_gap_text(why));
		return;
	}
	if (f->format == FORMAT_TEXT)
		tell_side(f, dir);
	text_printf(&f->out, "[%" PRIu64 " bytes of the %s missing: %s]\n",
		    len, side_name(dir->side), stream_gap_text(why));
	flush_out(f);
}

static void
on_conflict(void *ctx, uint64_t seq, size_t len, uint64_t first_frame,
	    uint64_t frame)
{
	struct direction *dir = ctx;

	(void)seq;
	complain("packets %" PRIu64 " and %" PRIu64 " of the %s differ in %zu "
		 "bytes of the same place; those of the first are shown",
		 first_frame, frame, side_name(dir->side), len);
}

static const struct stream_sink sink = {
	.data = on_data,
	.gap = on_gap,
	.conflict = on_conflict,
};

static void
on_segment(void *ctx, const struct conn *conn, const struct seg_event *ev)
{
	struct follow *f = ctx;
	struct direction *mine = &f->direction[ev->side];
	struct direction *peers = &f->direction[!ev->side];

	(void)conn;
	if (!f->started)
		f->start = ev->packet->ts;
	f->started = true;
	if (mine->wanted)
		stream_segment(&mine->stream, ev);
	if (peers->wanted)
		stream_acked(&peers->stream, ev);
}

static void
on_close(void *ctx, const struct conn *conn)
{
	struct follow *f = ctx;

	(void)conn;
	for (int side = 0; side < N_SIDES; side++)
		if (f->direction[side].wanted)
			stream_close(&f->direction[side].stream);
}

/* --- the command ---------------------------------------------------------------- */

static int
follow(struct follow *f, const char *path, uint64_t number)
{
	struct capture_config cfg = { .paths = &path, .n_paths = 1 };
	struct replay_watch watch = { on_segment, on_close, f };
	int status;

	if (stream_pool_init(&f->pool, STREAM_MEMORY) < 0) {
		complain("out of memory");
		return STATUS_FAILED;
	}
	text_init(&f->out);
	for (int side = 0; side < N_SIDES; side++) {
		struct direction *dir = &f->direction[side];

		dir->follow = f;
		dir->side = side;
		stream_init(&dir->stream, &f->pool, &sink, dir,
			    calloc(1, sizeof(struct stream_history)));
	}
	status = replay_connection(&cfg, number, &watch);
	if (f->format == FORMAT_TEXT && f->last_side >= 0)
		putchar('\n');
	if (f->write_failed || fflush(stdout) != 0) {
		complain("cannot write the bytes");
		status = STATUS_FAILED;
	}
	for (int side = 0; side < N_SIDES; side++)
		free(f->direction[side].stream.history);
	text_release(&f->out);
	stream_pool_release(&f->pool);
	return status;
}

int
cmd_follow(int argc, char **argv)
{
	struct follow f = {
		.format = isatty(STDOUT_FILENO) ? FORMAT_TEXT : FORMAT_RAW,
		.direction = { { .wanted = true }, { .wanted = true } },
		.last_side = -1,
	};
	unsigned long long number;
	char *end;
	int opt;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'C':
			f.direction[SIDE_SERVER].wanted = false;
			break;
		case 'S':
			f.direction[SIDE_CLIENT].wanted = false;
			break;
		case 'R':
			f.format = FORMAT_RAW;
			break;
		case 'T':
			f.format = FORMAT_TEXT;
			break;
		case 'X':
			f.format = FORMAT_HEX;
			break;
		case 'H':
			fputs(help, stdout);
			return STATUS_DONE;
		default:
			fputs("try 'tcpsaw follow --help'\n", stderr);
			return STATUS_USAGE;
		}
	}
	if (argc - optind != 2)
		return complain_usage("follow", "give a capture and the "
				      "number of a connection");
	number = strtoull(argv[optind + 1], &end, 10);
	if (*end || end == argv[optind + 1] || number == 0)
		return complain_usage("follow", "no number of a connection: "
				      "'%s'", argv[optind + 1]);
	return follow(&f, argv[optind], number);
}
