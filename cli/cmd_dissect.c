/*
 * cmd_dissect.c - tcpsaw dissect: the packets of a capture, for people.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "capture/capture.h"
#include "cli/command.h"
#include "report/packet_hex.h"
#include "report/packet_json.h"
#include "report/packet_line.h"
#include "report/packet_tree.h"

enum {
	MAX_FILES = 64,
	FLUSH_AT = 1 << 16,
};

struct options {
	const char *files[MAX_FILES];
	size_t n_files;
	const char *interface;		/* instead of files */
	char *filter;
	uint64_t max_packets;
	struct packet_line_config line;
	bool tree, bytes, json;
};

static volatile sig_atomic_t stop;

struct output {
	const struct options *options;
	struct packet_line line;
	struct text text;
	bool at_once;		/* somebody is watching */
};

static const char usage[] =
	"usage: tcpsaw dissect -r FILE|-i IFACE [options] [filter]\n"
	"Prints packets, a line each as tcpdump does.\n"
	"  -r FILE   read packets from FILE; - is standard input; repeatable\n"
	"  -i IFACE  listen on an interface until it is interrupted\n"
	"  -c N      stop after N packets\n"
	"  -v        every layer, field by field\n"
	"  -x        the packet's bytes, with their ASCII\n"
	"  --json    one JSON object a packet, fields named as in Wireshark\n"
	"  -e        the link-layer header in the line\n"
	"  -S        absolute sequence numbers\n"
	"  -t        no time; -tt seconds since 1970; -ttt since the packet\n"
	"            before; -tttt with the date; -ttttt since the first\n"
	"  -n        names are never looked up (always so)\n"
	"A filter is a BPF expression as tcpdump takes it: 'tcp port 80'.\n";

static int
read_count(const char *word, uint64_t *n)
{
	char *end;

	errno = 0;
	*n = strtoull(word, &end, 10);
	if (errno || end == word || *end || *word == '-' || *n == 0)
		return complain_usage("dissect", "not a number of packets: "
				      "'%s'", word);
	return STATUS_DONE;
}

enum {
	OPT_HELP = 256,
	OPT_JSON,
};

static int
read_option(struct options *o, int opt)
{
	switch (opt) {
	case 'r':
		if (o->n_files == MAX_FILES)
			return complain_usage("dissect", "more than %d "
					      "captures", MAX_FILES);
		o->files[o->n_files++] = optarg;
		break;
	case 'i':
		o->interface = optarg;
		break;
	case 'c':
		return read_count(optarg, &o->max_packets);
	case 'v':
		o->tree = true;
		break;
	case 'x':
		o->bytes = true;
		break;
	case OPT_JSON:
		o->json = true;
		break;
	case 'e':
		o->line.link_header = true;
		break;
	case 'S':
		o->line.absolute_seq = true;
		break;
	case 't':
		if (o->line.time < PACKET_TIME_SINCE_FIRST)
			o->line.time++;
		break;
	case 'n':
		break;
	default:
		return complain_usage("dissect", "unknown option");
	}
	return STATUS_DONE;
}

/* Returns -1: go on; else the exit status. */
static int
read_options(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, OPT_HELP },
		{ "json", no_argument, NULL, OPT_JSON },
		{ NULL, 0, NULL, 0 },
	};
	int opt, status;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "+c:ei:nr:Stvx", longs, NULL)) !=
	       -1) {
		if (opt == OPT_HELP) {
			fputs(usage, stdout);
			return STATUS_DONE;
		}
		status = read_option(o, opt);
		if (status != STATUS_DONE)
			return status;
	}
	if ((o->n_files > 0) == (o->interface != NULL))
		return complain_usage("dissect", "either -r FILE or -i IFACE");
	o->filter = words_join(argv + optind, (size_t)(argc - optind));
	return -1;
}

static void
add_text(struct output *out, const struct packet *p,
	 const struct dissection *d)
{
	packet_line_add(&out->line, p, d, &out->text);
	if (out->options->tree)
		packet_tree_add(p, d, &out->line.base, &out->text);
	if (out->options->bytes)
		packet_hex_add(p->bytes, p->caplen, &out->text);
}

static void
add_json(struct output *out, const struct packet *p,
	 const struct dissection *d)
{
	struct packet_seq_base base = { 0 };

	if (d->kind == DISSECT_TCP)
		base = packet_seq_learn(&out->line.seq, d);
	packet_json_add(p, d, &base, out->options->bytes, &out->text);
}

static void
add_packet(struct output *out, const struct packet *p)
{
	struct dissection d;

	dissect_packet(p, &d);
	if (out->options->tree || out->options->json)
		dissect_checksums(p, &d);
	if (out->options->json)
		add_json(out, p, &d);
	else
		add_text(out, p, &d);
}

/* Returns -1 where stdout takes no more: its reader may have gone. */
static int
flush(struct output *out)
{
	size_t n = fwrite(out->text.s, 1, out->text.len, stdout);
	bool whole = n == out->text.len && !out->text.failed;

	text_clear(&out->text);
	return whole ? 0 : -1;
}

static int
add_batch(struct output *out, const struct capture_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		add_packet(out, &b->packet[i]);
		if (out->text.len >= FLUSH_AT && flush(out) < 0)
			return -1;
	}
	return 0;
}

static int
add_capture(struct output *out, struct capture *c)
{
	static struct capture_batch batch;
	const char *damage;
	int failed = 0;

	while (!failed && capture_next(c, &batch) > 0) {
		failed = add_batch(out, &batch);
		capture_release(c, &batch);
		if (!failed && out->at_once)
			failed = flush(out) < 0 || fflush(stdout) != 0;
	}
	if (failed || flush(out) < 0 || fflush(stdout) != 0) {
		if (errno != EPIPE)
			complain("cannot write: %s", strerror(errno));
		return STATUS_FAILED;
	}
	damage = capture_damage(c);
	if (!damage)
		return STATUS_DONE;
	complain("%s", damage);
	return STATUS_DAMAGED;
}

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

static int
open_interface(const struct options *o, struct capture **c)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct capture_live_config config = {
		.interface = o->interface, .filter = o->filter,
		.promiscuous = true, .max_packets = o->max_packets,
		.stop = &stop,
	};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	return capture_open_live(c, &config);
}

static int
open_files(const struct options *o, struct capture **c)
{
	struct capture_config config = {
		.paths = o->files, .n_paths = o->n_files,
		.filter = o->filter, .max_packets = o->max_packets,
	};

	return capture_open(c, &config);
}

/* What the kernel dropped is said where an interface was listened to. */
static void
tell_drops(const struct options *o, struct capture *c)
{
	struct capture_live_counts counts;

	if (!o->interface)
		return;
	capture_live_counts(c, &counts);
	if (counts.dropped_kernel > 0)
		complain("%llu packets were dropped by the kernel",
			 (unsigned long long)counts.dropped_kernel);
}

static int
dissect_capture(const struct options *o)
{
	struct output out = {
		.options = o, .at_once = o->interface || isatty(STDOUT_FILENO),
	};
	struct capture *c;
	int opened = o->interface ? open_interface(o, &c) : open_files(o, &c);
	int status = opened == CAPTURE_BAD_FILTER ? STATUS_USAGE
						  : STATUS_FAILED;

	text_init(&out.text);
	if (opened != CAPTURE_OPENED)
		complain("%s", capture_error(c));
	else if (packet_line_init(&out.line, &o->line) < 0)
		complain("no memory");
	else
		status = add_capture(&out, c);
	if (status == STATUS_DONE)
		tell_drops(o, c);
	packet_line_release(&out.line);
	text_release(&out.text);
	capture_close(c);
	return status;
}

int
cmd_dissect(int argc, char **argv)
{
	struct options o = { 0 };
	int status = read_options(&o, argc, argv);

	if (status < 0)
		status = dissect_capture(&o);
	free(o.filter);
	return status;
}
