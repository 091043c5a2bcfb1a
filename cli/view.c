/*
 * view.c - see view.h.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/analyze.h"
#include "cli/command.h"
#include "cli/view.h"

struct opening {
	const struct view *view;
	void *arguments;
	const char *path;
	enum report_color color;
	bool help;
};

static int
take_option(struct opening *o, int opt)
{
	const char *name = o->view->name;

	switch (opt) {
	case VIEW_COLOR:
		if (report_color_parse(optarg, &o->color))
			return STATUS_DONE;
		return complain_usage(name, "bad value for --color: '%s'",
				      optarg);
	case 'n':
		return STATUS_DONE;
	case 'h':
	case VIEW_HELP:
		o->help = true;
		return STATUS_DONE;
	case '?':	/* getopt has said it */
		fprintf(stderr, "try 'tcpsaw %s --help'\n", name);
		return STATUS_USAGE;
	default:
		return o->view->option(o->arguments, opt);
	}
}

static int
take_arguments(struct opening *o, int argc, char **argv)
{
	const struct view *v = o->view;
	int opt, status;

	optind = 1;
	while ((opt = getopt_long(argc, argv, v->shorts, v->longs,
				  NULL)) != -1) {
		status = take_option(o, opt);
		if (status != STATUS_DONE)
			return status;
	}
	if (o->help)
		return STATUS_DONE;
	if (optind == argc)
		return complain_usage(v->name, "no database or capture given");
	o->path = argv[optind];
	return v->words(o->arguments, argc - optind - 1, argv + optind + 1);
}

static int
show_help(const struct view *v)
{
	fputs(v->help, stdout);
	if (v->more_help)
		v->more_help();
	return STATUS_DONE;
}

int
view_command(const struct view *v, void *arguments, int argc, char **argv)
{
	struct analyze_config cfg = { .progress = isatty(STDERR_FILENO) };
	struct opening o = { .view = v, .arguments = arguments };
	struct store *store;
	int status = take_arguments(&o, argc, argv), shown;

	if (status != STATUS_DONE)
		return status;
	if (o.help)
		return show_help(v);
	status = analyze_or_open(&store, o.path, &cfg);
	if (!store)
		return status;
	shown = v->show(arguments, store, o.color);
	store_close(store);
	/* That the input was damaged comes before what was found in it. */
	return shown == STATUS_DONE ||
	       (shown == STATUS_FINDINGS && status != STATUS_DONE) ? status
								   : shown;
}

int
view_no_words(const char *name, int n)
{
	return n == 0 ? STATUS_DONE :
	       complain_usage(name, "more than one database or capture");
}

int
view_failed(struct store *store)
{
	complain("%s", store_error(store));
	return STATUS_FAILED;
}
