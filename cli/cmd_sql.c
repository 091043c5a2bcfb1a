/*
 * cmd_sql.c - `tcpsaw sql`: a query on a database, or a named one.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/view.h"
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
	VIEW_COLOR_OPTION,
	VIEW_HELP_OPTION,
	{ NULL, 0, NULL, 0 },
};

struct arguments {
	const char *query;
	enum table_format format;
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
take_option(void *arguments, int opt)
{
	struct arguments *a = arguments;

	a->format = opt == 'c' ? TABLE_CSV : TABLE_JSON;
	return STATUS_DONE;
}

static int
take_words(void *arguments, int n, char **words)
{
	struct arguments *a = arguments;

	if (n > 1)
		return complain_usage("sql", "the query is one argument: put"
				      " it in quotes");
	a->query = n ? words[0] : NULL;
	return STATUS_DONE;
}

/* No word of SQL, but a name that does not exist? */
static bool
is_one_word(const char *query)
{
	return strcspn(query, " \t\n;(") == strlen(query);
}

static int
no_such_query(struct store *store, const struct arguments *a)
{
	if (is_one_word(a->query))
		complain("no query is named '%s': 'tcpsaw help sql' lists them",
			 a->query);
	else
		complain("cannot run the query: %s", store_error(store));
	return STATUS_USAGE;
}

static int
show(void *arguments, struct store *store, enum report_color color)
{
	const struct arguments *a = arguments;
	struct query *q;
	int rc;

	if (!a->query) {
		list_named();
		return STATUS_DONE;
	}
	if (store_read_only(store) < 0)
		return view_failed(store);
	q = query_open(store, query_sql(a->query));
	if (!q)
		return no_such_query(store, a);
	rc = table_write(q, a->format, stdout, color);
	if (query_close(q) < 0) {
		complain("cannot run the query: %s", store_error(store));
		return STATUS_FAILED;
	}
	if (rc < 0) {
		complain("cannot write the rows");
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}

static void
more_help(void)
{
	putchar('\n');
	list_named();
}

int
cmd_sql(int argc, char **argv)
{
	static const struct view view = {
		.name = "sql",
		.help = help,
		.shorts = "nh",
		.longs = options,
		.option = take_option,
		.words = take_words,
		.show = show,
		.more_help = more_help,
	};
	struct arguments a = { 0 };

	return view_command(&view, &a, argc, argv);
}
