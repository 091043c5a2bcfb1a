/*
 * standing.c - see standing.h.
 */
#include <string.h>

#include "store/standing.h"
#include "store/writer.h"

/* --- which, and what it says -------------------------------------------------- */

static uint64_t
hash_bytes(uint64_t h, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t
hash_text(uint64_t h, const char *text)
{
	return text ? hash_bytes(h, text, strlen(text) + 1) : h;
}

static uint64_t
which_hash(const struct finding_row *row)
{
	return hash_text(hash_text(UINT64_C(0xcbf29ce484222325), row->code),
			 row->title);
}

static uint64_t
content_hash(const struct finding_row *row)
{
	uint64_t h = hash_text(which_hash(row), row->explanation);

	h = hash_text(h, row->severity);
	h = hash_bytes(h, &row->start_ns, sizeof(row->start_ns));
	h = hash_bytes(h, &row->end_ns, sizeof(row->end_ns));
	for (int64_t i = 0; i < row->n_evidence; i++)
		h = hash_bytes(h, &row->evidence[i].frame_number,
			       sizeof(row->evidence[i].frame_number));
	return h;
}

/* --- in the database ------------------------------------------------------------ */

static int
run(struct store *st, const char *sql, int64_t a, int64_t b)
{
	sqlite3_stmt *stmt = database_prepare(st, sql, false);
	int rc;

	if (!stmt)
		return database_write_failed(st);
	sqlite3_bind_int64(stmt, 1, a);
	if (sqlite3_bind_parameter_count(stmt) > 1)
		sqlite3_bind_int64(stmt, 2, b);
	rc = sqlite3_step(stmt) == SQLITE_DONE ? 0 : database_write_failed(st);
	sqlite3_finalize(stmt);
	return rc;
}

static int
take_away(struct store *st, int64_t finding_id)
{
	return run(st, "DELETE FROM finding_evidence WHERE finding_id = ?",
		   finding_id, 0) < 0 ||
	       run(st, "DELETE FROM finding WHERE finding_id = ?", finding_id,
		   0) < 0 ? -1 : 0;
}

/* After a failure or a turn it is not known any more what is stored. */
static int64_t
look_up(struct store *st, const struct finding_row *row)
{
	sqlite3_stmt *stmt = database_prepare(st,
		"SELECT finding_id FROM finding WHERE conn_id IS NULL"
		" AND capture_id = ? AND code = ? AND title = ?", false);
	int64_t id = 0;

	if (!stmt)
		return 0;
	sqlite3_bind_int64(stmt, 1, writer_capture_id(st));
	sqlite3_bind_text(stmt, 2, row->code, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 3, row->title, -1, SQLITE_STATIC);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		id = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return id;
}

static struct standing_finding *
find(struct store *st, struct standing *s, const struct finding_row *row)
{
	uint64_t which = which_hash(row);
	struct standing_finding *f = s->of;

	while (f < s->of + s->n && f->which != which)
		f++;
	if (f == s->of + STANDING_MAX)
		return NULL;
	if (f == s->of + s->n) {
		s->n++;
		*f = (struct standing_finding){
			.which = which, .finding_id = look_up(st, row),
		};
	}
	return f;
}

/* --- rounds ------------------------------------------------------------------------ */

void
store_begin_standing(struct store *st)
{
	writer_standing(st)->round++;
}

int
store_put_standing(struct store *st, const struct finding_row *row)
{
	struct standing *s = writer_standing(st);
	struct standing_finding *f;
	uint64_t content = content_hash(row);
	int64_t id;

	if (st->failed)
		return -1;
	f = find(st, s, row);
	if (!f)
		return 0;
	f->round = s->round;
	if (f->content == content)
		return 0;
	if ((f->finding_id && take_away(st, f->finding_id) < 0) ||
	    writer_put_finding(st, row, f->finding_id, &id) < 0)
		return -1;
	f->finding_id = id;
	f->content = content;
	return 0;
}

int
store_end_standing(struct store *st)
{
	struct standing *s = writer_standing(st);

	for (size_t i = 0; i < s->n;) {
		struct standing_finding *f = &s->of[i];

		if (f->round == s->round) {
			i++;
			continue;
		}
		if (f->finding_id && take_away(st, f->finding_id) < 0)
			return -1;
		*f = s->of[--s->n];
	}
	return 0;
}
