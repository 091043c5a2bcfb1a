/*
 * cmd_sql.c - `tcpsaw sql`: a query on a database, or a named one.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/analyze.h"
#include "cli/command.h"
#include "report/table.h"

static const char help[] =
"usage: tcpsaw sql DB|FILE [QUERY] [--csv|--json] [--color=WHEN]\n"
"\n"
"Runs a query, which may only read, and prints its rows as a table. QUERY is\n"
"SQL, or the name of a query; without it those are listed. The tables are\n"
"told by 'tcpsaw help schema'. A capture is analysed into memory first.\n"
"\n"
"      --csv          as CSV, with a line of names\n"
"      --json         as JSON, an object a line\n"
"      --color=WHEN   auto, always, never\n"
"\n"
"exit status: 0 done, 1 could not run, 2 usage or a mistake in the query\n";

static const struct option options[] = {
	{ "csv", no_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ "color", required_argument, NULL, 'C' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *path, *query;
	enum table_format format;
	enum report_color color;
	bool help;
};

static void
list_named(void)
{
	puts("named queries:");
	for (const struct named_query *n = named_queries; n->name; n++)
		printf("  %-15s %s\n", n->name, n->help);
}

/* '_' is as good as '-': the views have it. */
static bool
same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !(*a == '-' && *b == '_'))
			return false;
	return *a == *b;
}

static const char *
query_sql(const char *query)
{
	for (const struct named_query *n = named_queries; n->name; n++)
		if (same_name(n->name, query))
			return n->sql;
	return query;
}

static int
parse_arguments(struct arguments *a, int argc, char **argv)
{
	int opt;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "nh", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			a->format = TABLE_CSV;
			break;
		case 'j':
			a->format = TABLE_JSON;
			break;
		case 'C':
			if (!report_color_parse(optarg, &a->color))
				return complain_usage("sql", "bad value for"
						      " --color: '%s'",
						      optarg);
			break;
		case 'n':
			break;
		case 'h':
			a->help = true;
			break;
		default:	/* getopt has said it */
			fputs("try 'tcpsaw sql --help'\n", stderr);
			return STATUS_USAGE;
		}
	}
	if (a->help)
		return STATUS_DONE;
	if (optind == argc)
		return complain_usage("sql", "no database given");
	if (optind + 2 < argc)
		return complain_usage("sql", "the query is one argument: put"
				      " it in quotes");
	a->path = argv[optind];
	a->query = optind + 1 < argc ? argv[optind + 1] : NULL;
	return STATUS_DONE;
}

/* No word of SQL, but a name that does not exist? */
static bool
is_one_word(const char *query)
{
	return strcspn(query, " \t\n;(") == strlen(query);
}

static int
run_query(struct store *store, const struct arguments *a, int status)
{
	struct query *q = query_open(store, query_sql(a->query));

	if (!q) {
		if (is_one_word(a->query))
			complain("no query is named '%s': 'tcpsaw sql %s'"
				 " lists them", a->query, a->path);
		else
			complain("cannot run the query: %s",
				 store_error(store));
		return STATUS_USAGE;
	}
	if (table_write(q, a->format, stdout, a->color) < 0)
		status = STATUS_FAILED;
	if (query_close(q) < 0) {
		complain("cannot run the query: %s", store_error(store));
		return STATUS_FAILED;
	}
	if (status == STATUS_FAILED)
		complain("cannot write the rows");
	return status;
}

static int
run(const struct arguments *a)
{
	struct analyze_config cfg = { .progress = isatty(STDERR_FILENO) };
	struct store *store;
	int status = analyze_or_open(&store, a->path, &cfg);

	if (!store)
		return status;
	if (!a->query) {
		list_named();
	} else if (store_read_only(store) < 0) {
		complain("%s", store_error(store));
		status = STATUS_FAILED;
	} else {
		status = run_query(store, a, status);
	}
	store_close(store);
	return status;
}

int
cmd_sql(int argc, char **argv)
{
	struct arguments a = { 0 };
	int status = parse_arguments(&a, argc, argv);

	if (status == STATUS_DONE && a.help) {
		fputs(help, stdout);
		putchar('\n');
		list_named();
	} else if (status == STATUS_DONE) {
		status = run(&a);
	}
	return status;
}
