/*
 * cmd_live.c - `tcpsaw live`: its options.
 */
#include <getopt.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/thresholds.h"
#include "base/nstime.h"
#include "base/packet.h"
#include "cli/analyze.h"
#include "cli/command.h"
#include "cli/live.h"
#include "cli/live_screen.h"

static const char help[] =
"usage: tcpsaw live -i IFACE [-o DB] [-w FILE] [options] [filter]\n"
"\n"
"Listens on an interface and does all that analyze does.  The database DB is\n"
"alive: tui, report, sql and other programs may read it meanwhile.\n"
"\n"
"  -i IFACE           an interface, or any; 'tcpsaw interfaces' lists them\n"
"  -o DB              the database; must not exist, but for\n"
"      --force        replace it, or\n"
"      --append       add this capture to it\n"
"  -w FILE            also write the packets, as pcapng\n"
"  -f FILTER          BPF filter, as the words behind the options\n"
"  -s LEN             bytes of each packet; 0: all; default: 192, headers\n"
"  -B KIB             the kernel's buffer; default 32768\n"
"  -p                 not in promiscuous mode\n"
"  -Q in|out|inout    which direction\n"
"  -c N               stop after N packets\n"
"      --for TIME     stop after a time, such as 60s, 10m, 2h\n"
"  -Z USER            who to be once all is open, where root started it;\n"
"                     default: who called sudo, else nobody\n"
"  -j N               worker threads; default: the cores\n"
"  -K                 do not verify checksums\n"
"  -q                 no line a minute, no verdict\n"
"  -n                 no names are looked up (the default)\n"
"      --headless     no screen, also on a terminal\n"
"      --bell         the screen rings for new warnings and errors\n"
"      --rotate TIME|SIZE  another database (and capture file) each 1h, 1G;\n"
"                     DB is a link to the newest\n"
"      --keep N       of these only the newest N\n"
"      --max-memory SIZE   for all connections, such as 256M; default 2G\n"
"      --samples=all       every sample of cwnd, not two a round trip\n"
"      --segments          also a row a segment\n"
"      --threshold NAME=VALUE  from where on something is a finding\n"
"                          ('tcpsaw help thresholds' lists them)\n"
"\n"
"signals: INT, TERM end it, USR1 prints counts, HUP rotates now\n"
"exit status: 0 done, 1 could not run, 2 usage or filter, 3 the interface\n"
"went away (what was seen before that is kept)\n";

enum {
	OPT_FORCE = 256,
	OPT_APPEND,
	OPT_BELL,
	OPT_FOR,
	OPT_HEADLESS,
	OPT_KEEP,
	OPT_MAX_MEMORY,
	OPT_ROTATE,
	OPT_SAMPLES,
	OPT_SEGMENTS,
	OPT_THRESHOLD,
	OPT_HELP,
};

static const struct option options[] = {
	{ "interface", required_argument, NULL, 'i' },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "append", no_argument, NULL, OPT_APPEND },
	{ "bell", no_argument, NULL, OPT_BELL },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "headless", no_argument, NULL, OPT_HEADLESS },
	{ "keep", required_argument, NULL, OPT_KEEP },
	{ "rotate", required_argument, NULL, OPT_ROTATE },
	{ "max-memory", required_argument, NULL, OPT_MAX_MEMORY },
	{ "samples", required_argument, NULL, OPT_SAMPLES },
	{ "segments", no_argument, NULL, OPT_SEGMENTS },
	{ "threshold", required_argument, NULL, OPT_THRESHOLD },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	char *filter;			/* ours */
	bool headless, bell, help;
	double thresholds[N_THRESHOLDS];
	struct live_config live;
};

static int
bad_value(const char *option, const char *value)
{
	return complain_usage("live", "bad value for %s: '%s'", option, value);
}

static bool
parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;

	*out = strtoull(text, &end, 10);
	return end != text && *end == '\0' && *text != '-' && *out >= min &&
	       *out <= max;
}

static bool
parse_direction(const char *text, uint8_t *out)
{
	if (strcmp(text, "in") == 0)
		*out = PACKET_INBOUND;
	else if (strcmp(text, "out") == 0)
		*out = PACKET_OUTBOUND;
	else if (strcmp(text, "inout") == 0)
		*out = PACKET_DIRECTION_UNKNOWN;
	else
		return false;
	return true;
}

static int
take_long_option(struct arguments *a, int opt)
{
	struct live_config *l = &a->live;
	uint64_t n;

	switch (opt) {
	case OPT_KEEP:
		if (!parse_number(optarg, 1, 1000000, &n))
			return bad_value("--keep", optarg);
		l->rotation.keep = (unsigned)n;
		break;
	case OPT_ROTATE:
		if (!rotate_parse(optarg, &l->rotation))
			return bad_value("--rotate", optarg);
		l->rotate = true;
		break;
	case OPT_FORCE:
		l->mode = STORE_FORCE;
		l->overwrite = true;
		break;
	case OPT_APPEND:
		l->mode = STORE_APPEND;
		break;
	case OPT_FOR:
		if (!parse_time(optarg, &l->duration_ns))
			return bad_value("--for", optarg);
		break;
	case OPT_BELL:
		a->bell = true;
		break;
	case OPT_HEADLESS:
		a->headless = true;
		break;
	case OPT_MAX_MEMORY:
		if (!parse_size(optarg, &l->max_memory) ||
		    l->max_memory < ANALYZE_MIN_MEMORY)
			return bad_value("--max-memory", optarg);
		break;
	case OPT_SAMPLES:
		if (strcmp(optarg, "all") != 0)
			return bad_value("--samples", optarg);
		l->options.all_samples = true;
		break;
	case OPT_SEGMENTS:
		l->options.segments = true;
		break;
	case OPT_THRESHOLD:
		if (!thresholds_set(a->thresholds, optarg))
			return bad_value("--threshold", optarg);
		break;
	case OPT_HELP:
		a->help = true;
		break;
	default:
		return complain_usage("live", "unknown option");
	}
	return STATUS_DONE;
}

static int
take_option(struct arguments *a, int opt)
{
	struct live_config *l = &a->live;
	uint64_t n;

	switch (opt) {
	case 'i':
		l->interface = optarg;
		break;
	case 'o':
		l->database = optarg;
		break;
	case 'w':
		l->write = optarg;
		break;
	case 'f':
		free(a->filter);
		a->filter = strdup(optarg);
		break;
	case 's':
		if (!parse_number(optarg, 0, 262144, &n))
			return bad_value("-s", optarg);
		l->snaplen = (uint32_t)n;
		break;
	case 'B':
		if (!parse_number(optarg, 1, 2 << 20, &n))
			return bad_value("-B", optarg);
		l->buffer = (size_t)n << 10;
		break;
	case 'p':
		l->promiscuous = false;
		break;
	case 'Q':
		if (!parse_direction(optarg, &l->direction))
			return bad_value("-Q", optarg);
		break;
	case 'c':
		if (!parse_number(optarg, 1, UINT64_MAX, &l->max_packets))
			return bad_value("-c", optarg);
		break;
	case 'j':
		if (!parse_number(optarg, 1, 1024, &n))
			return bad_value("-j", optarg);
		l->jobs = (unsigned)n;
		break;
	case 'Z':
		l->user = optarg;
		break;
	case 'K':
		l->verify_checksums = false;
		break;
	case 'q':
		l->quiet = true;
		break;
	case 'n':
		break;
	default:
		return take_long_option(a, opt);
	}
	return STATUS_DONE;
}

static int
parse_arguments(struct arguments *a, int argc, char **argv)
{
	int opt, status;

	thresholds_init(a->thresholds);
	a->live.options.thresholds = a->thresholds;
	optind = 1;
	while ((opt = getopt_long(argc, argv, "+i:o:w:f:s:B:pQ:Z:c:j:Kqn",
				  options, NULL)) != -1) {
		status = take_option(a, opt);
		if (status != STATUS_DONE)
			return status;
	}
	if (optind < argc) {
		if (a->filter)
			return complain_usage("live", "two filters: '%s' and "
					      "'%s'...", a->filter,
					      argv[optind]);
		a->filter = words_join(argv + optind,
				       (size_t)(argc - optind));
	}
	a->live.filter = a->filter;
	if (a->live.rotate && !a->live.database && !a->live.write)
		return complain_usage("live", "--rotate needs -o or -w");
	if (!a->help && !a->live.interface)
		return complain_usage("live", "no interface: give -i IFACE");
	return STATUS_DONE;
}

static bool
has_screen(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

static int
run_on_screen(const struct arguments *a)
{
	const char *no_color = getenv("NO_COLOR");
	struct tui_options to = {
		.title = a->live.interface,
		.quit_question = "stop listening and leave?",
		.bell = a->bell,
		.mono = no_color && *no_color,
		.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
	};

	return live_screen(&a->live, &to);
}

int
cmd_live(int argc, char **argv)
{
	struct arguments a = {
		.live = {
			.mode = STORE_NEW,
			.snaplen = LIVE_SNAPLEN,
			.promiscuous = true,
			.verify_checksums = true,
		},
	};
	int status = parse_arguments(&a, argc, argv);

	if (status == STATUS_DONE && a.help)
		fputs(help, stdout);
	else if (status == STATUS_DONE)
		status = a.headless || !has_screen() ? live_run(&a.live)
						     : run_on_screen(&a);
	free(a.filter);
	return status;
}
