/*
 * store.c - opening a database, and its errors.
 *
 * A file is replaced only if it is ours: the application id stands at a fixed
 * place in it, so that nothing has to be opened to know.  While the packets of
 * a file are analysed the database has a rollback journal: rows that are
 * only added cost no second copy then.  It becomes a WAL database at the end,
 * and is one from the start when an interface is captured.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "store/schema.h"
#include "store/writer.h"

int
store_fail(struct store *st, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(st->error, sizeof(st->error), format, args);
	va_end(args);
	return -1;
}

int
database_write_failed(struct store *st)
{
	st->failed = true;
	return store_fail(st, "cannot write '%s': %s", st->path,
			     sqlite3_errmsg(st->db));
}

int
database_exec(struct store *st, const char *sql)
{
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return database_write_failed(st);
}

sqlite3_stmt *
database_prepare(struct store *st, const char *sql, bool keep)
{
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v3(st->db, sql, -1,
			       keep ? SQLITE_PREPARE_PERSISTENT : 0, &stmt,
			       NULL) != SQLITE_OK)
		store_fail(st, "%s", sqlite3_errmsg(st->db));
	return stmt;
}

const char *
store_error(const struct store *st)
{
	return st ? st->error : "out of memory";
}

/* "no such file or directory": our messages begin small. */
static const char *
errno_text(void)
{
	static _Thread_local char text[128];

	snprintf(text, sizeof(text), "%s", strerror(errno));
	text[0] = (char)tolower((unsigned char)text[0]);
	return text;
}

/* --- what a file is -------------------------------------------------------- */

static bool
is_memory(const char *path)
{
	return strcmp(path, ":memory:") == 0;
}

enum file_kind { FILE_NONE, FILE_EMPTY, FILE_OURS, FILE_SQLITE, FILE_OTHER,
		 FILE_UNREADABLE };

/* By the first 100 bytes (sqlite.org/fileformat2.html s1.3). */
static enum file_kind
file_kind(const char *path)
{
	static const unsigned char id[4] = {
		SCHEMA_APPLICATION_ID >> 24, SCHEMA_APPLICATION_ID >> 16 & 255,
		SCHEMA_APPLICATION_ID >> 8 & 255, SCHEMA_APPLICATION_ID & 255 };
	unsigned char head[100] = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? FILE_NONE : FILE_UNREADABLE;
	n = read(fd, head, sizeof(head));
	close(fd);
	if (n < 0)
		return FILE_UNREADABLE;
	if (n == 0)
		return FILE_EMPTY;
	if (memcmp(head, "SQLite format 3", 16) != 0)
		return FILE_OTHER;
	return memcmp(head + 68, id, 4) == 0 ? FILE_OURS : FILE_SQLITE;
}

bool
store_is_database(const char *path)
{
	enum file_kind kind = file_kind(path);

	return kind == FILE_OURS || kind == FILE_SQLITE;
}

/* --- opening --------------------------------------------------------------- */

static struct store *
store_alloc(const char *path)
{
	struct store *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->path = strdup(path);
	if (!st->path) {
		free(st);
		return NULL;
	}
	return st;
}

void
store_close(struct store *st)
{
	if (!st)
		return;
	if (st->writer)
		writer_close(st);
	sqlite3_close(st->db);
	free(st->path);
	free(st);
}

/* Threads do not share a store: no mutexes.  The handle is NULL only where
   memory is short. */
static int
connect_to(struct store *st, const char *path, int flags)
{
	int rc = sqlite3_open_v2(path, &st->db,
				 flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(st->db, DATABASE_BUSY_MS);
		return 0;
	}
	return store_fail(st, "cannot open '%s': %s", st->path,
			     st->db ? sqlite3_errmsg(st->db) : "out of memory");
}

static int
query_pragma(struct store *st, const char *sql)
{
	sqlite3_stmt *stmt = database_prepare(st, sql, false);
	int value = -1;

	if (stmt && sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static int
check_version(struct store *st)
{
	int version = query_pragma(st, "PRAGMA user_version");

	if (version < 0)
		return store_fail(st, "cannot open '%s': %s", st->path,
				     sqlite3_errmsg(st->db));
	if (query_pragma(st, "PRAGMA application_id") != SCHEMA_APPLICATION_ID)
		return store_fail(st,
				     "cannot open '%s': not a tcpsaw database",
				     st->path);
	if (version != SCHEMA_VERSION)
		return store_fail(st, "cannot open '%s': its version is %d,"
				     " this tcpsaw knows %d", st->path,
				     version, SCHEMA_VERSION);
	return 0;
}

/* Delete a database of ours, and what SQLite keeps beside it. */
static int
remove_database(struct store *st)
{
	static const char *const suffix[] = { "-wal", "-shm", "-journal", "" };
	char *path = realpath(st->path, NULL);
	struct text name;
	int rc = 0;

	text_init(&name);
	for (size_t i = 0; path && i < 4; i++) {
		text_clear(&name);
		text_printf(&name, "%s%s", path, suffix[i]);
		if (unlink(name.s) < 0 && errno != ENOENT)
			rc = store_fail(st, "cannot replace '%s': %s",
					   st->path, errno_text());
	}
	text_release(&name);
	free(path);
	return rc;
}

/* Make way for a new file, or say why not. */
static int
prepare_path(struct store *st, enum store_mode mode)
{
	enum file_kind kind = file_kind(st->path);

	if (kind == FILE_NONE || (mode == STORE_APPEND && kind != FILE_OTHER))
		return 0;
	if (mode == STORE_NEW)
		return store_fail(st, "cannot create '%s': it exists"
				     " (--force replaces it, --append adds to"
				     " it)", st->path);
	if (kind == FILE_UNREADABLE)
		return store_fail(st, "cannot replace '%s': %s", st->path,
				     errno_text());
	if (kind == FILE_OTHER || kind == FILE_SQLITE)
		return store_fail(st, "cannot %s '%s': it is not a tcpsaw"
				     " database", mode == STORE_APPEND ?
				     "append to" : "replace", st->path);
	return remove_database(st);
}

/* Who else creates the file at the same time is told that it exists. */
static int
create_file(struct store *st, enum store_mode mode)
{
	int fd = open(st->path, O_WRONLY | O_CREAT | O_CLOEXEC |
		      (mode == STORE_APPEND ? 0 : O_EXCL), 0666);

	if (fd < 0)
		return store_fail(st, "cannot create '%s': %s", st->path,
				     errno_text());
	close(fd);
	return 0;
}

static int
create_schema(struct store *st)
{
	struct text sql;
	int rc;

	text_init(&sql);
	text_add(&sql, "PRAGMA page_size = 8192;");
	schema_create(&sql);
	rc = database_exec(st, sql.s);
	text_release(&sql);
	return rc;
}

static bool
is_empty(struct store *st)
{
	return query_pragma(st, "SELECT count(*) FROM sqlite_schema") == 0;
}

static int
create_database(struct store *st, enum store_mode mode)
{
	if (!is_memory(st->path) && (prepare_path(st, mode) < 0 ||
				     create_file(st, mode) < 0))
		return -1;
	if (connect_to(st, st->path, SQLITE_OPEN_READWRITE) < 0)
		return -1;
	if (is_empty(st) && create_schema(st) < 0)
		return -1;
	return check_version(st);
}

static int
create(struct store *st, enum store_mode mode)
{
	return create_database(st, mode) < 0 ? -1 : writer_open(st);
}

/* It exists only where create_file() made it: nobody else's goes. */
void
database_remove_next(struct database_next *next)
{
	if (next->db)
		unlink(next->path);
	sqlite3_close(next->db);
	free(next->path);
}

int
database_prepare_next(struct store *st, const char *path,
		      struct database_next *next)
{
	struct store other = { .path = strdup(path) };
	int rc;

	if (!other.path)
		return store_fail(st, "out of memory");
	rc = create_database(&other, STORE_NEW);
	*next = (struct database_next){ other.db, other.path };
	if (rc == 0)
		return 0;
	store_fail(st, "%s", other.error);
	database_remove_next(next);
	return -1;
}

void
database_take_next(struct store *st, struct database_next *next)
{
	sqlite3_close(st->db);
	free(st->path);
	st->db = next->db;
	st->path = next->path;
}

uint64_t
database_size(const struct store *st)
{
	static const char *const suffix[] = { "", "-wal" };
	struct text name;
	uint64_t size = 0;
	struct stat sb;

	text_init(&name);
	for (size_t i = 0; i < 2; i++) {
		text_clear(&name);
		text_printf(&name, "%s%s", st->path, suffix[i]);
		if (!name.failed && stat(name.s, &sb) == 0)
			size += (uint64_t)sb.st_size;
	}
	text_release(&name);
	return size;
}

int
store_create(struct store **out, const char *path, enum store_mode mode)
{
	struct store *st = *out = store_alloc(path);

	return st ? create(st, mode) : -1;
}

/* A database that cannot be written, or lies where nothing can: as it is. */
static int
connect_read_only(struct store *st)
{
	struct text uri;
	int rc;

	sqlite3_close(st->db);
	st->db = NULL;
	text_init(&uri);
	text_add(&uri, "file:");
	for (const char *p = st->path; *p; p++)
		text_printf(&uri, strchr("%?#", *p) ? "%%%02x" : "%c",
			    (unsigned char)*p);
	text_add(&uri, "?immutable=1");
	rc = connect_to(st, uri.s, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	text_release(&uri);
	return rc;
}

/* What SQL that somebody typed may do. */
static int
authorize(void *ctx, int action, const char *a, const char *b, const char *c,
	  const char *d)
{
	(void)ctx;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return b && strcmp(b, "load_extension") == 0 ? SQLITE_DENY
							     : SQLITE_OK;
	case SQLITE_PRAGMA:	/* those that ask, not those that set */
		return !b || (a && (strncmp(a, "table_", 6) == 0 ||
				    strncmp(a, "index_", 6) == 0)) ?
			SQLITE_OK : SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

/*
 * The schema of a database from elsewhere is not to be trusted either: what
 * its views may do is what the authorizer lets pass.  (trusted_schema = 0
 * would forbid our own views the functions of JSON: SQLite 3.40.)
 */
int
store_read_only(struct store *st)
{
	sqlite3_set_authorizer(st->db, NULL, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (database_exec(st, "PRAGMA query_only = 1") < 0)
		return -1;
	sqlite3_set_authorizer(st->db, authorize, NULL);
	return 0;
}

/* Opened for writing, so that what a killed writer left can be rolled back;
   written it is never. */
static int
open_to_read(struct store *st)
{
	enum file_kind kind = file_kind(st->path);

	if (kind == FILE_NONE || kind == FILE_UNREADABLE)
		return store_fail(st, "cannot open '%s': %s", st->path,
				     kind == FILE_NONE ? "no such file"
						       : errno_text());
	if (kind != FILE_OURS && kind != FILE_SQLITE)
		return store_fail(st,
				     "cannot open '%s': not a tcpsaw database",
				     st->path);
	if (connect_to(st, st->path, SQLITE_OPEN_READWRITE) < 0 ||
	    query_pragma(st, "PRAGMA user_version") < 0)
		if (connect_read_only(st) < 0)
			return -1;
	if (check_version(st) < 0)
		return -1;
	return store_read_only(st);
}

int
store_open(struct store **out, const char *path)
{
	struct store *st = *out = store_alloc(path);

	return st ? open_to_read(st) : -1;
}
