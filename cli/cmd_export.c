/*
 * cmd_export.c - `tcpsaw export`: a database for other programs.
 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/view.h"
#include "report/export.h"

static const char help[] =
"usage: tcpsaw export DB|FILE --csv DIR [--force]\n"
"       tcpsaw export DB|FILE --json\n"
"\n"
"Writes all tables: as CSV, a file each in the directory DIR, which is made;\n"
"or as JSON on standard output, an object a line, {\"table\": NAME, ...}.\n"
"A capture is analysed into memory first.\n"
"\n"
"      --csv DIR      a file a table\n"
"      --force        replace files that exist\n"
"      --json         JSON lines\n"
"\n"
"exit status: 0 done, 1 could not run, 2 usage, 3 input damaged\n";

static const struct option options[] = {
	{ "csv", required_argument, NULL, 'c' },
	{ "force", no_argument, NULL, 'f' },
	{ "json", no_argument, NULL, 'j' },
	VIEW_HELP_OPTION,
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *dir;
	bool json, force;
};

static int
take_option(void *arguments, int opt)
{
	struct arguments *a = arguments;

	if (opt == 'c')
		a->dir = optarg;
	else if (opt == 'f')
		a->force = true;
	else
		a->json = true;
	return STATUS_DONE;
}

static int
take_words(void *arguments, int n, char **words)
{
	const struct arguments *a = arguments;

	(void)words;
	if (n == 0 && a->json == (a->dir != NULL))
		return complain_usage("export", "either --csv DIR or --json");
	return view_no_words("export", n);
}

static int
show(void *arguments, struct store *store, enum report_color color)
{
	const struct arguments *a = arguments;
	int rc = a->json ? export_json(store, stdout) :
			   export_csv(store, a->dir, a->force);

	(void)color;
	return rc < 0 ? view_failed(store) : STATUS_DONE;
}

int
cmd_export(int argc, char **argv)
{
	static const struct view view = {
		.name = "export",
		.help = help,
		.shorts = "nh",
		.longs = options,
		.option = take_option,
		.words = take_words,
		.show = show,
	};
	struct arguments a = { 0 };

	return view_command(&view, &a, argc, argv);
}
