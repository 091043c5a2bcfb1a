/*
 * attendant.c - see attendant.h.
 *
 * A socket's owner is whoever has "socket:[inode]" among /proc/PID/fd; one
 * walk through /proc, which is bounded, answers a whole question.
 *
 * SQLite removes a database's -wal and -shm when the last who has it open
 * closes it, and knows that by locks on the file.  It may not remove anything
 * here, so the same is done for it: only where nobody has it open, and only a
 * log that is empty.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/nstime.h"
#include "cli/attendant.h"
#include "cli/sandbox.h"

enum {
	WALK_NS = 200 * 1000 * 1000,	/* a walk takes so long at most */
	REST_NS = 300 * 1000 * 1000,	/* and then there is none */
	END_MS = 2000,
};

/* sqlite.org/fileformat2.html: bytes of a database for locks */
#define LOCK_BYTES 0x40000000
#define N_LOCK_BYTES 512

struct question {
	uint32_t remove;	/* or: whose are these? */
	uint32_t n;
	uint64_t inode[ATTENDANT_MAX];
};

struct answer {
	uint32_t n;
	struct socket_owner owner[ATTENDANT_MAX];
};

struct attendant {
	int fd;
	pid_t pid;
	bool asked;
	struct question question;
	struct answer answer;
};

/* --- in the attendant: whose sockets are ---------------------------------- */

static int64_t
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static bool
is_number(const char *name)
{
	return isdigit((unsigned char)name[0]);
}

static void
read_name(int proc, char name[ATTENDANT_NAME])
{
	int fd = openat(proc, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, name, ATTENDANT_NAME - 1);

	if (fd >= 0)
		close(fd);
	name[n > 0 ? n : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	for (char *c = name; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
}

static struct socket_owner *
wanted(struct answer *a, uint64_t inode)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (a->owner[i].inode == inode && a->owner[i].pid == 0)
			return &a->owner[i];
	return NULL;
}

/* How many of the wanted sockets this process has. */
static uint32_t
look_at_files(struct answer *a, int proc, int pid)
{
	int fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char link[64], name[ATTENDANT_NAME] = "";
	uint32_t found = 0;
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		ssize_t n = readlinkat(fd, e->d_name, link, sizeof(link) - 1);
		struct socket_owner *o;

		if (n < 9 || memcmp(link, "socket:[", 8) != 0)
			continue;
		link[n] = '\0';
		o = wanted(a, strtoull(link + 8, NULL, 10));
		if (!o)
			continue;
		if (!name[0])
			read_name(proc, name);
		o->pid = pid;
		memcpy(o->name, name, sizeof(name));
		found++;
	}
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	return found;
}

static void
find_owners(struct answer *a)
{
	int64_t end = clock_now() + WALK_NS;
	DIR *dir = opendir("/proc");
	uint32_t left = a->n;
	struct dirent *e;

	while (dir && left > 0 && clock_now() < end && (e = readdir(dir))) {
		int proc;

		if (!is_number(e->d_name))
			continue;
		proc = openat(dirfd(dir), e->d_name,
			      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (proc < 0)
			continue;
		left -= look_at_files(a, proc, atoi(e->d_name));
		close(proc);
	}
	if (dir)
		closedir(dir);
}

static bool
answer(int fd, const struct question *q, struct answer *a)
{
	memset(a, 0, sizeof(*a));
	a->n = q->n < ATTENDANT_MAX ? q->n : ATTENDANT_MAX;
	for (uint32_t i = 0; i < a->n; i++)
		a->owner[i].inode = q->inode[i];
	find_owners(a);
	return send(fd, a, sizeof(*a), MSG_NOSIGNAL) == sizeof(*a);
}

/* --- in the attendant: what SQLite leaves ----------------------------------- */

struct journal {
	int folder, file;	/* descriptors; -1: there is nothing to do */
	char wal[280], shm[280];
};

static void
open_journal(struct journal *j, const char *database)
{
	const char *slash = database ? strrchr(database, '/') : NULL;
	const char *name = slash ? slash + 1 : database;
	char folder[4096];

	j->folder = j->file = -1;
	if (!database || strlen(name) > 255)
		return;
	snprintf(folder, sizeof(folder), "%.*s",
		 slash ? (int)(slash - database) + 1 : 1,
		 slash ? database : ".");
	j->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	j->file = open(database, O_RDWR | O_CLOEXEC);
	snprintf(j->wal, sizeof(j->wal), "%.255s-wal", name);
	snprintf(j->shm, sizeof(j->shm), "%.255s-shm", name);
}

static void
remove_journal(const struct journal *j)
{
	struct flock nobody = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
				.l_start = LOCK_BYTES,
				.l_len = N_LOCK_BYTES };
	struct stat st;

	if (j->folder < 0 || j->file < 0 ||
	    fcntl(j->file, F_SETLK, &nobody) < 0)
		return;
	if (fstatat(j->folder, j->wal, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_size == 0) {
		unlinkat(j->folder, j->wal, 0);
		unlinkat(j->folder, j->shm, 0);
	}
}

/* --- in the attendant ------------------------------------------------------------ */

/* Stopping the listener ends it; what the terminal or a service manager sends
   to all is not for it. */
static void
be_deaf(void)
{
	static const int sig[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGQUIT,
				   SIGTSTP };

	for (size_t i = 0; i < sizeof(sig) / sizeof(sig[0]); i++)
		signal(sig[i], SIG_IGN);
}

static void
serve(int fd, const struct journal *j)
{
	static struct question q;
	static struct answer a;
	int64_t last = 0;

	while (recv(fd, &q, sizeof(q), 0) == sizeof(q)) {
		if (q.remove) {
			remove_journal(j);
			return;
		}
		/* Who asks without end does not keep a core busy. */
		if (clock_now() - last < REST_NS)
			usleep(REST_NS / 1000);
		if (!answer(fd, &q, &a))
			return;
		last = clock_now();
	}
}

static _Noreturn void
attend(int fd, const char *database)
{
	struct journal j;

	be_deaf();
	if (dup2(fd, 3) < 0)
		_exit(1);
	syscall(SYS_close_range, 4, ~0U, 0);
	open_journal(&j, database);
	if (sandbox_enter_attendant() == 0)
		serve(3, &j);
	_exit(0);
}

/* --- in the one that asks ---------------------------------------------------------- */

struct attendant *
attendant_start(const char *database)
{
	struct attendant *a = calloc(1, sizeof(*a));
	int ends[2];

	if (!a)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		free(a);
		return NULL;
	}
	fflush(NULL);
	a->pid = fork();
	if (a->pid == 0) {
		close(ends[0]);
		attend(ends[1], database);
	}
	close(ends[1]);
	a->fd = ends[0];
	if (a->pid > 0)
		return a;
	close(a->fd);
	free(a);
	return NULL;
}

bool
attendant_ask(struct attendant *a, const uint64_t *inode, size_t n)
{
	if (a->asked || n == 0 || n > ATTENDANT_MAX)
		return false;
	a->question.remove = false;
	a->question.n = (uint32_t)n;
	memcpy(a->question.inode, inode, n * sizeof(*inode));
	a->asked = send(a->fd, &a->question, sizeof(a->question),
			MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(a->question);
	return a->asked;
}

size_t
attendant_answer(struct attendant *a, struct socket_owner *out, int wait_ms)
{
	struct pollfd p = { .fd = a->fd, .events = POLLIN };

	if (!a->asked || poll(&p, 1, wait_ms) <= 0)
		return 0;
	a->asked = false;
	if (recv(a->fd, &a->answer, sizeof(a->answer), MSG_DONTWAIT) !=
	    sizeof(a->answer) || a->answer.n > ATTENDANT_MAX)
		return 0;
	for (uint32_t i = 0; i < a->answer.n; i++) {
		out[i] = a->answer.owner[i];
		out[i].name[ATTENDANT_NAME - 1] = '\0';
	}
	return a->answer.n;
}

void
attendant_end(struct attendant *a, bool clean)
{
	struct pollfd p;

	if (!a)
		return;
	p = (struct pollfd){ .fd = a->fd, .events = POLLRDHUP };
	a->question.remove = true;
	if (clean && send(a->fd, &a->question, sizeof(a->question),
			  MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		poll(&p, 1, END_MS);
	close(a->fd);
	while (waitpid(a->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(a);
}
