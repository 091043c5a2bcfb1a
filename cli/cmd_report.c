/*
 * cmd_report.c - `tcpsaw report`: the verdict on a database or a capture.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/analyze.h"
#include "cli/command.h"
#include "report/report.h"

static const char help[] =
"usage: tcpsaw report DB|FILE [--conn N] [--json] [--color=WHEN]\n"
"\n"
"Prints the verdict: whether the capture can be trusted, what was found, and\n"
"the connections that look worst. A capture is analysed into memory first.\n"
"\n"
"  -c, --conn N       only this connection\n"
"      --json         as one JSON object\n"
"      --color=WHEN   auto, always, never\n"
"      --fail-on=SEVERITY  status 4 if there is a warning (or: an error)\n"
"\n"
"exit status: 0 done, 1 could not run, 2 usage, 3 input damaged (what was\n"
"read before that is told), 4 see --fail-on\n";

static const struct option options[] = {
	{ "conn", required_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ "color", required_argument, NULL, 'C' },
	{ "fail-on", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *path, *fail_on;
	struct report_options report;
	bool help;
};

static int
bad_value(const char *option, const char *value)
{
	return complain_usage("report", "bad value for %s: '%s'", option,
			      value);
}

static int
parse_arguments(struct arguments *a, int argc, char **argv)
{
	int opt;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "c:nh", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			if (!parse_conn(optarg, &a->report.conn))
				return bad_value("--conn", optarg);
			break;
		case 'j':
			a->report.json = true;
			break;
		case 'C':
			if (!report_color_parse(optarg, &a->report.color))
				return bad_value("--color", optarg);
			break;
		case 'f':
			if (!parse_severity(optarg))
				return bad_value("--fail-on", optarg);
			a->fail_on = optarg;
			break;
		case 'n':
			break;
		case 'h':
			a->help = true;
			break;
		default:	/* getopt has said it */
			fputs("try 'tcpsaw report --help'\n", stderr);
			return STATUS_USAGE;
		}
	}
	if (a->help)
		return STATUS_DONE;
	if (optind + 1 != argc)
		return complain_usage("report", optind == argc ?
				      "no database or capture given" :
				      "more than one database or capture");
	a->path = argv[optind];
	return STATUS_DONE;
}

static int
run(const struct arguments *a)
{
	struct analyze_config cfg = { .progress = isatty(STDERR_FILENO) };
	struct store *store;
	int status = analyze_or_open(&store, a->path, &cfg);

	if (!store)
		return status;
	if (report_write(store, &a->report, stdout) < 0) {
		complain("%s", store_error(store));
		status = STATUS_FAILED;
	} else if (status == STATUS_DONE && a->fail_on &&
		   report_has_findings(store, a->fail_on)) {
		status = STATUS_FINDINGS;
	}
	store_close(store);
	return status;
}

int
cmd_report(int argc, char **argv)
{
	struct arguments a = { 0 };
	int status = parse_arguments(&a, argc, argv);

	if (status == STATUS_DONE && a.help)
		fputs(help, stdout);
	else if (status == STATUS_DONE)
		status = run(&a);
	return status;
}
