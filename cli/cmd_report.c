/*
 * cmd_report.c - `tcpsaw report`: the verdict on a database or a capture.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/view.h"
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
	{ "fail-on", required_argument, NULL, 'f' },
	VIEW_COLOR_OPTION,
	VIEW_HELP_OPTION,
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *fail_on;
	struct report_options report;
};

static int
bad_value(const char *option, const char *value)
{
	return complain_usage("report", "bad value for %s: '%s'", option,
			      value);
}

static int
take_option(void *arguments, int opt)
{
	struct arguments *a = arguments;

	switch (opt) {
	case 'c':
		if (!parse_conn(optarg, &a->report.conn))
			return bad_value("--conn", optarg);
		break;
	case 'j':
		a->report.json = true;
		break;
	case 'f':
		if (!parse_severity(optarg))
			return bad_value("--fail-on", optarg);
		a->fail_on = optarg;
		break;
	}
	return STATUS_DONE;
}

static int
take_words(void *arguments, int n, char **words)
{
	(void)arguments;
	(void)words;
	return view_no_words("report", n);
}

static int
show(void *arguments, struct store *store, enum report_color color)
{
	struct arguments *a = arguments;

	a->report.color = color;
	if (report_write(store, &a->report, stdout) < 0)
		return view_failed(store);
	return a->fail_on && report_has_findings(store, a->fail_on) ?
	       STATUS_FINDINGS : STATUS_DONE;
}

int
cmd_report(int argc, char **argv)
{
	static const struct view view = {
		.name = "report",
		.help = help,
		.shorts = "c:nh",
		.longs = options,
		.option = take_option,
		.words = take_words,
		.show = show,
	};
	struct arguments a = { 0 };

	return view_command(&view, &a, argc, argv);
}
