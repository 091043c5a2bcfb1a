/*
 * command.h - what the subcommands share: how one is listed, exit statuses,
 * and how a message is told.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses: design and manual page. */
enum {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,		/* could not run */
	STATUS_USAGE = 2,		/* usage, or a bad filter */
	STATUS_DAMAGED = 3,		/* the input was; results are kept */
	STATUS_FINDINGS = 4,		/* --fail-on, and there were such */
};

struct command {
	const char *name;
	const char *arguments;		/* for the usage line */
	const char *help;		/* one line */
	/* argv[0] is the command's name.  Returns an exit status. */
	int (*run)(int argc, char **argv);
};

/* All commands; the last has no name (cli/main.c). */
extern const struct command commands[];

int cmd_analyze(int argc, char **argv);
int cmd_dissect(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_follow(int argc, char **argv);
int cmd_interfaces(int argc, char **argv);
int cmd_live(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_sql(int argc, char **argv);
int cmd_tui(int argc, char **argv);

/* "tcpsaw: ..." on standard error, in lower case, without a full stop. */
void complain(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The same, followed by where help is to be had.  Returns STATUS_USAGE. */
int complain_usage(const char *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The words behind the options as one filter, to be freed; NULL: none. */
char *words_join(char *const *words, size_t n);

/* The number of a connection, from 1. */
bool parse_conn(const char *text, int64_t *out);

/* "warning", "error"? */
bool parse_severity(const char *text);

/* "60", "60s", "10m", "2h", "1d": nanoseconds. */
bool parse_time(const char *text, int64_t *out);

/* "256M", "2G", "4096": bytes.  False where it is no size. */
bool parse_size(const char *text, size_t *out);

#endif
