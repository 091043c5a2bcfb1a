/*
 * cmd_tui.c - tcpsaw tui: the views of a database, or of a capture that is
 * analysed into memory first.
 */
#include <getopt.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analyze.h"
#include "cli/command.h"
#include "cli/tui_capture.h"

struct tui_args {
	struct tui_options options;
	const char *path;
	const char *capture;
	bool color;
};

static const char usage[] =
	"usage: tcpsaw tui DB|FILE [options]\n"
	"Shows connections over time, in a terminal.\n"
	"  --conn N        begin with connection N\n"
	"  --capture FILE  where the capture of the database is now\n"
	"  --bell          rings for new warnings and errors\n"
	"  --ascii         no signs beyond ASCII\n"
	"  --no-mouse      leave the mouse to the terminal\n"
	"  --color=WHEN    auto, always, never (NO_COLOR is heeded)\n"
	"In it, ? explains the keys.\n";

enum { OPT_HELP = 256, OPT_ASCII, OPT_COLOR, OPT_NO_MOUSE, OPT_CONN,
       OPT_CAPTURE, OPT_BELL };

static const struct option longs[] = {
	{ "help", no_argument, NULL, OPT_HELP },
	{ "ascii", no_argument, NULL, OPT_ASCII },
	{ "bell", no_argument, NULL, OPT_BELL },
	{ "no-unicode", no_argument, NULL, OPT_ASCII },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "no-color", no_argument, NULL, 'C' },
	{ "no-mouse", no_argument, NULL, OPT_NO_MOUSE },
	{ "conn", required_argument, NULL, OPT_CONN },
	{ "capture", required_argument, NULL, OPT_CAPTURE },
	{ NULL, 0, NULL, 0 },
};

static int
read_color(struct tui_args *a, const char *when)
{
	if (strcmp(when, "always") == 0)
		a->color = true;
	else if (strcmp(when, "never") == 0)
		a->color = false;
	else if (strcmp(when, "auto") != 0)
		return complain_usage("tui", "--color is auto, always or "
				      "never, not '%s'", when);
	return STATUS_DONE;
}

static int
read_option(struct tui_args *a, int opt)
{
	switch (opt) {
	case OPT_BELL:
		a->options.bell = true;
		break;
	case OPT_ASCII:
		a->options.ascii = true;
		break;
	case OPT_COLOR:
		return read_color(a, optarg);
	case 'C':
		a->color = false;
		break;
	case OPT_NO_MOUSE:
		a->options.no_mouse = true;
		break;
	case OPT_CONN:
		a->options.conn_id = atoll(optarg);
		if (a->options.conn_id <= 0)
			return complain_usage("tui", "--conn needs a number, "
					      "not '%s'", optarg);
		break;
	case OPT_CAPTURE:
		a->capture = optarg;
		break;
	case 'n':
		break;
	default:
		return complain_usage("tui", "unknown option");
	}
	return STATUS_DONE;
}

/* Returns -1: go on; else the exit status.  Options may follow the path. */
static int
read_options(struct tui_args *a, int argc, char **argv)
{
	int opt, status;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "Cn", longs, NULL)) != -1) {
		if (opt == OPT_HELP) {
			fputs(usage, stdout);
			return STATUS_DONE;
		}
		status = read_option(a, opt);
		if (status != STATUS_DONE)
			return status;
	}
	if (optind >= argc)
		return complain_usage("tui", "no database and no capture");
	if (optind + 1 < argc)
		return complain_usage("tui", "'%s' is one too many",
				      argv[optind + 1]);
	a->path = argv[optind];
	return -1;
}

static bool
locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int
run(const struct tui_args *a, struct store *st, bool is_database)
{
	struct tui_capture capture = {
		.st = st,
		.database = is_database ? a->path : NULL,
		.file = is_database ? a->capture : a->path,
	};
	struct tui_source source = tui_capture_source(&capture);
	char error[256] = "";

	if (tui_run(st, &a->options, &source, error, sizeof(error)) == 0)
		return STATUS_DONE;
	complain("cannot show '%s': %s", a->path, error);
	return STATUS_FAILED;
}

int
cmd_tui(int argc, char **argv)
{
	const char *no_color = getenv("NO_COLOR");
	struct tui_args a = { .color = !no_color || !*no_color };
	struct analyze_config cfg = { .progress = true };
	struct store *st = NULL;
	bool is_database;
	int status = read_options(&a, argc, argv);

	if (status >= 0)
		return status;
	a.options.title = a.path;
	a.options.mono = !a.color;
	a.options.ascii |= !locale_is_utf8();
	/* Not once it is open: closing a file drops all locks on it. */
	is_database = store_is_database(a.path);
	status = analyze_or_open(&st, a.path, &cfg);
	if (st) {
		int shown = run(&a, st, is_database);

		status = shown != STATUS_DONE ? shown : status;
		store_close(st);
	}
	return status;
}
