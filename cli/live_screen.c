/*
 * live_screen.c - see live_screen.h.
 *
 * Two processes, so that neither is in the other's way: one that listens,
 * without rights and without a terminal, and one that shows, which reads the
 * database as any other reader would, and sees no packet.  Stopping the
 * picture stops nothing else.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/live_screen.h"
#include "cli/sandbox.h"
#include "cli/tui_capture.h"

struct listener {
	pid_t pid;
	int ready;		/* the database's path comes from here */
	FILE *messages;		/* what it says, for when the screen is gone */
	char database[4096];
};

/* --- in the process that listens ------------------------------------------------ */

static void
tell_ready(void *ctx, const char *database)
{
	const struct listener *l = ctx;
	ssize_t n = write(l->ready, database, strlen(database));

	(void)n;
	close(l->ready);
}

static int
listen_only(struct listener *l, const struct live_config *cfg)
{
	struct live_config own = *cfg;

	setpgid(0, 0);		/* the terminal's ^C is not for us */
	dup2(fileno(l->messages), STDERR_FILENO);
	own.ready = tell_ready;
	own.ready_ctx = l;
	own.parent = getppid();
	own.quiet = true;
	return live_run(&own);
}

/* --- in the one that shows --------------------------------------------------------- */

static bool
start(struct listener *l, const struct live_config *cfg)
{
	int ends[2];

	l->messages = tmpfile();
	if (!l->messages || pipe(ends) < 0)
		return false;
	fflush(NULL);
	l->pid = fork();
	if (l->pid < 0)
		return false;
	if (l->pid == 0) {
		close(ends[0]);
		l->ready = ends[1];
		exit(listen_only(l, cfg));
	}
	close(ends[1]);
	l->ready = ends[0];
	return true;
}

/* False: it ended before it was ready. */
static bool
wait_until_ready(struct listener *l)
{
	size_t n = 0;
	ssize_t got;

	while (n + 1 < sizeof(l->database) &&
	       ((got = read(l->ready, l->database + n,
			    sizeof(l->database) - 1 - n)) > 0 ||
		(got < 0 && errno == EINTR)))
		n += got > 0 ? (size_t)got : 0;
	l->database[n] = '\0';
	close(l->ready);
	return n > 0;
}

static int
show(const struct listener *l, const struct live_config *cfg,
     const struct tui_options *options)
{
	struct sandbox_config sc = { .user = cfg->user, .screen = true };
	struct sandbox sandbox;
	struct tui_capture capture = { .database = l->database,
				       .file = cfg->write };
	struct tui_source source = tui_capture_source(&capture);
	struct store *st = NULL;
	char error[256] = "";
	int status = STATUS_FAILED;

	if (sandbox_enter(&sandbox, &sc) < 0)
		complain("%s", sandbox.error);
	else if (store_open(&st, l->database) < 0)
		complain("%s", store_error(st));
	else if ((capture.st = st, tui_run(st, options, &source, error,
					   sizeof(error))) < 0)
		complain("cannot show '%s': %s", cfg->interface, error);
	else
		status = STATUS_DONE;
	store_close(st);
	return status;
}

static int
end(struct listener *l)
{
	int status = 0;

	kill(l->pid, SIGTERM);
	while (waitpid(l->pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILED;
}

static void
pass_messages_on(struct listener *l)
{
	int c;

	rewind(l->messages);
	while ((c = getc(l->messages)) != EOF)
		putc(c, stderr);
	fclose(l->messages);
}

static void
remove_temporary(const struct listener *l)
{
	static const char *const suffix[] = { "", "-wal", "-shm" };
	char path[4200];

	for (size_t i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", l->database, suffix[i]);
		unlink(path);
	}
}

int
live_screen(const struct live_config *cfg, const struct tui_options *options)
{
	struct listener l = { 0 };
	int shown = STATUS_DONE, status;

	if (!start(&l, cfg)) {
		complain("cannot start: %s", strerror(errno));
		return STATUS_FAILED;
	}
	if (wait_until_ready(&l))
		shown = show(&l, cfg, options);
	status = end(&l);
	if (!cfg->database && l.database[0])
		remove_temporary(&l);
	pass_messages_on(&l);
	return shown != STATUS_DONE ? shown : status;
}
