/*
 * rotate.c - see rotate.h.
 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/rotate.h"

bool
rotate_parse(const char *text, struct rotation *r)
{
	size_t len = strlen(text), size;

	if (len > 0 && strchr("smhd", text[len - 1]))
		return parse_time(text, &r->every_ns);
	if (!parse_size(text, &size) || size < 65536)
		return false;
	r->size = size;
	return true;
}

/* Where the name's ending begins: ".db", or the end. */
static size_t
stem_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(path, '.');

	return dot && (!slash || dot > slash + 1) && dot != path
	       ? (size_t)(dot - path) : strlen(path);
}

void
rotate_name(char out[ROTATE_PATH], const char *path, nstime now)
{
	time_t t = (time_t)(now / NS_PER_S);
	size_t stem = stem_length(path);
	char stamp[32];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	snprintf(out, ROTATE_PATH, "%.*s-%s%s", (int)stem, path, stamp,
		 path + stem);
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int
rotate_link(const char *path, const char *newest)
{
	char temporary[ROTATE_PATH];
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISLNK(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	snprintf(temporary, sizeof(temporary), "%.4000s.new", path);
	unlink(temporary);
	if (symlink(last_part(newest), temporary) < 0)
		return -1;
	return rename(temporary, path);
}

static void
remove_file(const char *path)
{
	static const char *const suffix[] = { "", "-wal", "-shm" };
	char name[ROTATE_PATH + 8];

	for (size_t i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, suffix[i]);
		if (unlink(name) < 0 && errno != ENOENT && i == 0)
			complain("cannot remove '%s': %s", name,
				 strerror(errno));
	}
}

/* Signs that mean something to glob() mean themselves. */
static void
add_quoted(char *out, size_t size, const char *text, size_t len)
{
	size_t n = strlen(out);

	for (size_t i = 0; i < len && n + 3 < size; i++) {
		if (strchr("*?[\\", text[i]))
			out[n++] = '\\';
		out[n++] = text[i];
	}
	out[n] = '\0';
}

void
rotate_prune(const char *path, unsigned keep)
{
	size_t stem = stem_length(path);
	char pattern[2 * ROTATE_PATH] = "";
	glob_t found;

	if (keep == 0)
		return;
	add_quoted(pattern, sizeof(pattern), path, stem);
	strncat(pattern, "-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-"
		"[0-9][0-9][0-9][0-9][0-9][0-9]",
		sizeof(pattern) - strlen(pattern) - 1);
	add_quoted(pattern, sizeof(pattern), path + stem,
		   strlen(path + stem));
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i + keep < found.gl_pathc; i++)
			remove_file(found.gl_pathv[i]);
		globfree(&found);
	}
}
