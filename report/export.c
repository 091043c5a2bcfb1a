/*
 * export.c - table after table.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/export.h"
#include "report/table.h"

static struct query *
open_relation(struct store *st, const char *name)
{
	struct text sql;
	struct query *q;

	text_init(&sql);
	text_printf(&sql, "SELECT * FROM %s", name);
	q = query_open(st, sql.s);
	text_release(&sql);
	return q;
}

static FILE *
create_file(const char *path, bool force)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC |
		      (force ? O_TRUNC : O_EXCL), 0666);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

static int
export_relation(struct store *st, const char *name, const char *path,
		bool force)
{
	FILE *f = create_file(path, force);
	struct query *q;
	int rc;

	if (!f)
		return store_fail(st, errno == EEXIST ?
				  "cannot create '%s': it exists (--force"
				  " replaces it)%.0s" : "cannot create '%s':"
				  " %s", path, strerror(errno));
	q = open_relation(st, name);
	rc = q ? table_write(q, TABLE_CSV, f, REPORT_COLOR_NEVER) : -1;
	if (fclose(f) != 0 || (rc < 0 && q))
		rc = store_fail(st, "cannot write '%s'", path);
	if (query_close(q) < 0)
		rc = -1;
	return rc;
}

int
export_csv(struct store *st, const char *dir, bool force)
{
	struct text path;
	int rc = 0;

	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		return store_fail(st, "cannot create '%s': %s", dir,
				  strerror(errno));
	text_init(&path);
	for (const char *const *r = store_relations; *r && rc == 0; r++) {
		text_clear(&path);
		text_printf(&path, "%s/%s.csv", dir, *r);
		rc = export_relation(st, *r, path.s, force);
	}
	text_release(&path);
	return rc;
}

static int
write_lines(struct query *q, const char *name, FILE *to)
{
	struct text row;
	int rc = 0;

	text_init(&row);
	while (rc == 0 && query_step(q)) {
		text_clear(&row);
		json_add_row(&row, q);
		text_add_char(&row, '\n');
		/* The row's own brace gives way to the table's name. */
		if (row.failed ||
		    fprintf(to, "{\"table\":\"%s\",", name) < 0 ||
		    fwrite(row.s + 1, 1, row.len - 1, to) != row.len - 1)
			rc = -1;
	}
	text_release(&row);
	return rc;
}

int
export_json(struct store *st, FILE *to)
{
	int rc = 0;

	for (const char *const *r = store_relations; *r && rc == 0; r++) {
		struct query *q = open_relation(st, *r);

		if (!q)
			return -1;
		if (write_lines(q, *r, to) < 0)
			rc = store_fail(st, "cannot write the rows");
		if (query_close(q) < 0)
			rc = -1;
	}
	if (rc == 0 && fflush(to) != 0)
		rc = store_fail(st, "cannot write the rows");
	return rc;
}
