/*
 * view.h - a command that shows what a database has, or a capture in its
 * place: `report`, `show`, `sql`, `export`.
 *
 * What they share is here: options, --color, -n and --help, the first word,
 * opening it, closing it, the exit status.
 */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include <getopt.h>

#include "report/page.h"
#include "store/store.h"

/* Values of `longs` that are taken here; a command's own are letters. */
enum { VIEW_COLOR = 256, VIEW_HELP };

#define VIEW_COLOR_OPTION { "color", required_argument, NULL, VIEW_COLOR }
#define VIEW_HELP_OPTION { "help", no_argument, NULL, VIEW_HELP }

struct view {
	const char *name, *help;
	const char *shorts;		/* with "nh" among them */
	const struct option *longs;
	/* An option of its own, or the words behind DB|FILE: STATUS_DONE, or
	   what complain_usage() returned. */
	int (*option)(void *arguments, int opt);
	int (*words)(void *arguments, int n, char **words);
	/* Returns an exit status. */
	int (*show)(void *arguments, struct store *store,
		    enum report_color color);
	void (*more_help)(void);	/* NULL: none */
};

/* The whole command.  arguments go to the functions. */
int view_command(const struct view *v, void *arguments, int argc, char **argv);

/* For those that take no words: STATUS_DONE where there are none. */
int view_no_words(const char *name, int n);

/* What the store says, on stderr.  Returns STATUS_FAILED. */
int view_failed(struct store *store);

#endif
