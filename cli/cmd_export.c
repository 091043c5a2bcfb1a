/*
 * cmd_export.c - `tcpsaw export`: a database for other programs.
 */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/analyze.h"
#include "cli/command.h"
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
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *path, *dir;
	bool json, force, help;
};

static int
parse_arguments(struct arguments *a, int argc, char **argv)
{
	int opt;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "nh", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			a->dir = optarg;
			break;
		case 'f':
			a->force = true;
			break;
		case 'j':
			a->json = true;
			break;
		case 'n':
			break;
		case 'h':
			a->help = true;
			break;
		default:	/* getopt has said it */
			fputs("try 'tcpsaw export --help'\n", stderr);
			return STATUS_USAGE;
		}
	}
	if (a->help)
		return STATUS_DONE;
	if (optind + 1 != argc)
		return complain_usage("export", optind == argc ?
				      "no database or capture given" :
				      "more than one database or capture");
	if (a->json == (a->dir != NULL))
		return complain_usage("export", "either --csv DIR or --json");
	a->path = argv[optind];
	return STATUS_DONE;
}

static int
run(const struct arguments *a)
{
	struct analyze_config cfg = { .progress = isatty(STDERR_FILENO) };
	struct store *store;
	int status = analyze_or_open(&store, a->path, &cfg);
	int rc;

	if (!store)
		return status;
	rc = a->json ? export_json(store, stdout) :
		       export_csv(store, a->dir, a->force);
	if (rc < 0) {
		complain("%s", store_error(store));
		status = STATUS_FAILED;
	}
	store_close(store);
	return status;
}

int
cmd_export(int argc, char **argv)
{
	struct arguments a = { 0 };
	int status = parse_arguments(&a, argc, argv);

	if (status == STATUS_DONE && a.help)
		fputs(help, stdout);
	else if (status == STATUS_DONE)
		status = run(&a);
	return status;
}
