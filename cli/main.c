/*
 * main.c - finds the subcommand and runs it.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/thresholds.h"
#include "cli/command.h"
#include "cli/version.h"
#include "store/schema.h"

static int cmd_help(int argc, char **argv);
static int cmd_version(int argc, char **argv);

const struct command commands[] = {
	{ "analyze", "-r FILE [-r FILE...] [-o DB] [filter]",
	  "captures into a database, and the verdict", cmd_analyze },
	{ "dissect", "-r FILE|-i IFACE [-v] [-x] [--json] [filter]",
	  "packets: a line each, or every field", cmd_dissect },
	{ "export", "DB|FILE --csv DIR | --json",
	  "everything as CSV or JSON", cmd_export },
	{ "follow", "FILE N [--client|--server]",
	  "the bytes of a connection, in order", cmd_follow },
	{ "help", "[COMMAND|schema|thresholds]",
	  "this list, a command's options, the tables", cmd_help },
	{ "interfaces", "", "where one can listen", cmd_interfaces },
	{ "live", "-i IFACE [-o DB] [-w FILE] [filter]",
	  "the same on an interface, as it happens", cmd_live },
	{ "report", "DB|FILE [--conn N]", "the verdict", cmd_report },
	{ "show", "DB|FILE N", "one connection and its segments", cmd_show },
	{ "sql", "DB|FILE [QUERY]", "a query, or one that has a name", cmd_sql },
	{ "tui", "DB|FILE", "connections over time, in a terminal", cmd_tui },
	{ "version", "", "versions of tcpsaw and its libraries", cmd_version },
	{ NULL, NULL, NULL, NULL },
};

static const struct command *
find_command(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void
print_usage(FILE *to)
{
	fputs("usage: tcpsaw COMMAND [options]\n"
	      "       tcpsaw FILE              short for analyze -r FILE\n\n"
	      "commands:\n", to);
	for (const struct command *c = commands; c->name; c++)
		fprintf(to, "  %-11s %s\n", c->name, c->help);
	fputs("\n'tcpsaw COMMAND --help' tells a command's options; "
	      "man tcpsaw tells all.\n", to);
}

/* The reference of the database: doc/SCHEMA.md. */
static int
print_schema(void)
{
	struct text text;

	text_init(&text);
	schema_describe(&text);
	fputs(text.s, stdout);
	text_release(&text);
	return STATUS_DONE;
}

/* What --threshold can set. */
static int
print_thresholds(void)
{
	printf("%-23s %9s %-9s %s\n", "threshold", "default", "unit",
	       "meaning");
	for (const struct threshold_info *t = thresholds; t->name; t++)
		printf("%-23s %9g %-9s %s\n", t->name, t->value, t->unit,
		       t->meaning);
	return STATUS_DONE;
}

static int
cmd_help(int argc, char **argv)
{
	const struct command *c;
	char *args[] = { NULL, (char *)"--help", NULL };

	if (argc < 2 || argv[1][0] == '-') {
		print_usage(stdout);
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "schema") == 0)
		return print_schema();
	if (strcmp(argv[1], "thresholds") == 0)
		return print_thresholds();
	c = find_command(argv[1]);
	if (!c || c->run == cmd_help)
		return complain_usage("", "no command '%s'", argv[1]);
	args[0] = argv[1];
	return c->run(2, args);
}

static int
cmd_version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	version_print();
	return STATUS_DONE;
}

/* `tcpsaw FILE`: analyze -r FILE, without a database. */
static int
analyze_file(int argc, char **argv)
{
	char **args = calloc((size_t)argc + 2, sizeof(*args));
	int status;

	if (!args)
		return STATUS_FAILED;
	args[0] = (char *)"analyze";
	args[1] = (char *)"-r";
	memcpy(args + 2, argv + 1, (size_t)argc * sizeof(*args));
	status = cmd_analyze(argc + 1, args);
	free(args);
	return status;
}

int
main(int argc, char **argv)
{
	const struct command *c;
	struct stat st;

	setlocale(LC_CTYPE, "");
	if (argc < 2) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_usage(stdout);
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "--version") == 0)
		return cmd_version(argc, argv);
	c = find_command(argv[1]);
	if (c)
		return c->run(argc - 1, argv + 1);
	if (argv[1][0] != '-' && stat(argv[1], &st) == 0)
		return analyze_file(argc, argv);
	return complain_usage("", "no command or file '%s'", argv[1]);
}
