/*
 * sandbox.h - giving up every right that packets do not need.
 *
 * Whoever reads packets of an enemy may be taken over by one.  So, when all is
 * open: no root, no capabilities, none to be had again, no new files or
 * sockets.  Each step is taken where the system has it, and told.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum { SANDBOX_TEXT = 256 };

struct sandbox_config {
	const char *user;	/* for root to become; NULL: who called sudo,
				   else nobody */
	bool same_user;		/* NULL: nobody else.  Of root's rights that
				   to files, where Landlock allows them */
	/* Paths that are that user's from now on, with SQLite's companions;
	   ended by NULL.  Their folders stay reachable. */
	const char *files[4];
	bool new_files;		/* others will be opened beside them */
	bool temporary_files;	/* and where those are that soon go */
	bool screen;		/* no more than user and capabilities: it
				   reads no packets, and needs its terminal */
};

struct sandbox {
	bool user_changed, no_capabilities, no_new_privs, landlock, seccomp;
	char user[64];
	char error[SANDBOX_TEXT];
};

/* For the whole process, before it has threads.  -1 with an error: rights
   that were to be given up are still there. */
int sandbox_enter(struct sandbox *s, const struct sandbox_config *cfg);

/*
 * For the one process that keeps a few rights (attendant.h): to read /proc and
 * to remove, nothing else; no new privileges, and no system calls but those.
 */
int sandbox_enter_attendant(void);

/* "user nobody, no capabilities, no new privileges, seccomp; no Landlock in
   this kernel" */
void sandbox_describe(const struct sandbox *s, char text[SANDBOX_TEXT]);

/* What this program was built with, and this kernel has. */
void sandbox_describe_support(char text[SANDBOX_TEXT]);

/* For a test: are a file and a socket refused now? */
bool sandbox_holds(void);

#endif
