/*
 * cmd_analyze.c - `tcpsaw analyze`: captures into a database, and the verdict.
 */
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/thresholds.h"
#include "cli/analyze.h"
#include "cli/command.h"
#include "report/report.h"

static const char help[] =
"usage: tcpsaw analyze -r FILE [-r FILE...] [-o DB] [options] [filter]\n"
"\n"
"Reads captures, follows every connection, writes what it learns into the\n"
"SQLite database DB (without -o: nowhere) and prints the verdict.\n"
"\n"
"  -r FILE            a capture: pcap or pcapng, also gzip, zstd, lz4, xz;\n"
"                     - is standard input; several are merged by time\n"
"  -o DB              the database; must not exist, but for\n"
"      --force        replace it, or\n"
"      --append       add this capture to it\n"
"  -f FILTER          BPF filter, as the words behind the options\n"
"  -F FILE            read the filter from FILE\n"
"  -c N               stop after N packets\n"
"  -j N               worker threads; default: the cores\n"
"  -Z USER            who to be once all is open, where root started it;\n"
"                     default: root still, but without its other rights\n"
"  -K                 do not verify checksums\n"
"  -q                 no verdict\n"
"  -n                 no names are looked up (the default)\n"
"      --max-memory SIZE   for all connections, such as 256M; default 2G\n"
"      --samples=all       every sample of cwnd, not two a round trip\n"
"      --segments          also a row a segment\n"
"      --digests           also length and SHA-256 of the streams\n"
"      --threshold NAME=VALUE  from where on something is a finding; may be\n"
"                          repeated ('tcpsaw help thresholds' lists them)\n"
"      --json              the verdict as JSON\n"
"      --color=WHEN        auto, always, never\n"
"      --fail-on=SEVERITY  status 4 if there is a warning (or: an error)\n"
"\n"
"exit status: 0 done, 1 could not run, 2 usage or filter, 3 input damaged\n"
"(what was read before that is kept), 4 see --fail-on\n";

enum {
	OPT_FORCE = 256,
	OPT_APPEND,
	OPT_MAX_MEMORY,
	OPT_SAMPLES,
	OPT_SEGMENTS,
	OPT_DIGESTS,
	OPT_THRESHOLD,
	OPT_JSON,
	OPT_COLOR,
	OPT_FAIL_ON,
	OPT_HELP,
};

static const struct option options[] = {
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "append", no_argument, NULL, OPT_APPEND },
	{ "max-memory", required_argument, NULL, OPT_MAX_MEMORY },
	{ "samples", required_argument, NULL, OPT_SAMPLES },
	{ "segments", no_argument, NULL, OPT_SEGMENTS },
	{ "digests", no_argument, NULL, OPT_DIGESTS },
	{ "threshold", required_argument, NULL, OPT_THRESHOLD },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "fail-on", required_argument, NULL, OPT_FAIL_ON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

#define MAX_INPUTS 256

struct arguments {
	const char *paths[MAX_INPUTS];
	const char *database;
	char *filter;			/* ours */
	enum store_mode mode;
	bool quiet, help;
	const char *fail_on;
	double thresholds[N_THRESHOLDS];
	struct analyze_config analyze;
	struct report_options report;
};

static bool
parse_number(const char *text, unsigned long long max,
	     unsigned long long *out)
{
	char *end;

	*out = strtoull(text, &end, 10);
	return end != text && *end == '\0' && *text != '-' && *out > 0 &&
	       *out <= max;
}

static char *
read_filter_file(const char *path)
{
	char buf[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return NULL;
	n = fread(buf, 1, sizeof(buf) - 1, f);
	fclose(f);
	buf[n] = '\0';
	return strdup(buf);
}

static int
bad_value(const char *option, const char *value)
{
	return complain_usage("analyze", "bad value for %s: '%s'", option,
			      value);
}

static int
take_long_option(struct arguments *a, int opt)
{
	switch (opt) {
	case OPT_FORCE:
		a->mode = STORE_FORCE;
		break;
	case OPT_APPEND:
		a->mode = STORE_APPEND;
		break;
	case OPT_MAX_MEMORY:
		if (!parse_size(optarg, &a->analyze.max_memory) ||
		    a->analyze.max_memory < ANALYZE_MIN_MEMORY)
			return bad_value("--max-memory", optarg);
		break;
	case OPT_SAMPLES:
		if (strcmp(optarg, "all") != 0)
			return bad_value("--samples", optarg);
		a->analyze.options.all_samples = true;
		break;
	case OPT_SEGMENTS:
		a->analyze.options.segments = true;
		break;
	case OPT_DIGESTS:
		a->analyze.options.digests = true;
		break;
	case OPT_THRESHOLD:
		if (!thresholds_set(a->thresholds, optarg))
			return bad_value("--threshold", optarg);
		break;
	case OPT_JSON:
		a->report.json = true;
		break;
	case OPT_COLOR:
		if (!report_color_parse(optarg, &a->report.color))
			return bad_value("--color", optarg);
		break;
	case OPT_FAIL_ON:
		if (strcmp(optarg, "warning") != 0 &&
		    strcmp(optarg, "error") != 0)
			return bad_value("--fail-on", optarg);
		a->fail_on = optarg;
		break;
	case OPT_HELP:
		a->help = true;
		break;
	default:	/* getopt has said it */
		fputs("try 'tcpsaw analyze --help'\n", stderr);
		return STATUS_USAGE;
	}
	return STATUS_DONE;
}

static int
take_option(struct arguments *a, int opt)
{
	unsigned long long n;

	switch (opt) {
	case 'r':
		if (a->analyze.n_paths == MAX_INPUTS)
			return complain_usage("analyze", "more than %d inputs",
					      MAX_INPUTS);
		a->paths[a->analyze.n_paths++] = optarg;
		break;
	case 'o':
		a->database = optarg;
		break;
	case 'f':
		free(a->filter);
		a->filter = strdup(optarg);
		break;
	case 'F':
		free(a->filter);
		a->filter = read_filter_file(optarg);
		if (!a->filter) {
			complain("cannot read filter '%s'", optarg);
			return STATUS_USAGE;
		}
		break;
	case 'c':
		if (!parse_number(optarg, UINT64_MAX, &n))
			return bad_value("-c", optarg);
		a->analyze.max_packets = n;
		break;
	case 'j':
		if (!parse_number(optarg, 1024, &n))
			return bad_value("-j", optarg);
		a->analyze.jobs = (unsigned)n;
		break;
	case 'Z':
		a->analyze.user = optarg;
		break;
	case 'K':
		a->analyze.no_checksums = true;
		break;
	case 'q':
		a->quiet = true;
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
	a->analyze.options.thresholds = a->thresholds;
	optind = 1;
	while ((opt = getopt_long(argc, argv, "+r:o:f:F:c:j:Z:Kqn", options,
				  NULL)) != -1) {
		status = take_option(a, opt);
		if (status != STATUS_DONE)
			return status;
	}
	a->analyze.paths = a->paths;
	if (optind < argc) {
		if (a->filter)
			return complain_usage("analyze", "two filters: '%s' "
					      "and '%s'...", a->filter,
					      argv[optind]);
		a->filter = words_join(argv + optind,
				       (size_t)(argc - optind));
	}
	a->analyze.filter = a->filter;
	if (!a->help && a->analyze.n_paths == 0)
		return complain_usage("analyze", "no capture: give -r FILE");
	return STATUS_DONE;
}

/* The verdict, and what it means for the exit status. */
static int
tell(struct store *store, const struct arguments *a, int status)
{
	if (!a->quiet && report_write(store, &a->report, stdout) < 0) {
		complain("%s", store_error(store));
		return STATUS_FAILED;
	}
	if (status == STATUS_DONE && a->fail_on &&
	    report_has_findings(store, a->fail_on))
		return STATUS_FINDINGS;
	return status;
}

static int
run(struct arguments *a)
{
	struct store *store;
	int status = STATUS_FAILED;

	if (store_create(&store, a->database ? a->database : ":memory:",
			 a->database ? a->mode : STORE_NEW) < 0) {
		complain("%s", store ? store_error(store) : "out of memory");
		store_close(store);
		return STATUS_FAILED;
	}
	a->analyze.confine = true;
	a->analyze.database = a->database;
	status = analyze_to_store(store, &a->analyze);
	if (status == STATUS_DONE || status == STATUS_DAMAGED)
		status = tell(store, a, status);
	store_close(store);
	return status;
}

int
cmd_analyze(int argc, char **argv)
{
	struct arguments a = {
		.mode = STORE_NEW,
		.analyze = { .progress = isatty(STDERR_FILENO) },
	};
	int status = parse_arguments(&a, argc, argv);

	if (status == STATUS_DONE && a.help)
		fputs(help, stdout);
	else if (status == STATUS_DONE)
		status = run(&a);
	free(a.filter);
	return status;
}
