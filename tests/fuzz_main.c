/*
 * fuzz_main.c - runs a fuzz target over files instead of under libFuzzer.
 *
 * Each argument is a file, or a folder whose files are taken.  This is how
 * 'make check' replays the corpus, with any compiler, and how a finding is
 * looked at in a debugger.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int n_replayed;

/* The whole file in a block of its exact size, so that ASan sees overruns. */
static uint8_t *
slurp(const char *path, size_t size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(size ? size : 1);

	if (f && data && fread(data, 1, size, f) == size) {
		fclose(f);
		return data;
	}
	if (f)
		fclose(f);
	free(data);
	return NULL;
}

static int
replay_file(const char *path, size_t size)
{
	uint8_t *data = slurp(path, size);

	if (!data) {
		fprintf(stderr, "cannot read '%s': %s\n", path,
			strerror(errno));
		return -1;
	}
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	n_replayed++;
	return 0;
}

static int replay(const char *path);

static int
replay_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort);
	int rc = n < 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		char sub[4096];

		snprintf(sub, sizeof(sub), "%s/%s", path, names[i]->d_name);
		if (names[i]->d_name[0] != '.' && replay(sub) < 0)
			rc = -1;
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return rc;
}

static int
replay(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		fprintf(stderr, "cannot open '%s': %s\n", path,
			strerror(errno));
		return -1;
	}
	if (S_ISDIR(st.st_mode))
		return replay_folder(path);
	return replay_file(path, (size_t)st.st_size);
}

int
main(int argc, char **argv)
{
	int rc = 0;

	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) < 0)
			rc = 1;
	printf("%d inputs replayed\n", n_replayed);
	return rc;
}
