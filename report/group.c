/*
 * group.c - see group.h.
 */
#include "report/group.h"

#define SUBJECTS_APART 3	/* of a code: more are one group */

#define SUBJECT \
	"CASE WHEN f.conn_id IS NULL THEN coalesce(f.title, '')" \
	" ELSE coalesce(c.server_addr || ' ' || c.server_port, '') END"

/* ?1 to ?4 of the queries of a group; ?4 is 0 for all connections. */
#define OF_GROUP \
	"WHERE f.severity IS ?1 AND f.code IS ?2 AND (?3 IS NULL OR " \
	SUBJECT " = ?3) AND (?4 = 0 OR f.conn_id = ?4) AND NOT " \
	FINDING_OF_QUALITY

static struct query *
open_of_group(struct store *st, const struct group *g, int64_t conn,
	      const char *select, const char *rest)
{
	struct query *q;
	struct text sql;

	text_init(&sql);
	text_printf(&sql, "SELECT %s" FINDING_FROM OF_GROUP "%s", select,
		    rest);
	q = query_open(st, sql.s);
	text_release(&sql);
	if (!q)
		return NULL;
	query_bind_text(q, 1, g->severity);
	query_bind_text(q, 2, g->code);
	if (g->subject)
		query_bind_text(q, 3, g->subject);
	query_bind_int(q, 4, conn);
	return q;
}

struct query *
group_open(struct store *st, const struct group *g, int64_t conn,
	   const char *columns, int limit)
{
	struct query *q = open_of_group(st, g, conn, columns,
		" ORDER BY f.end_ns - f.start_ns DESC, f.finding_id LIMIT ?5");

	if (q)
		query_bind_int(q, 5, limit);
	return q;
}

struct query *
group_others(struct store *st, const struct group *g, int64_t conn,
	     int64_t example, int limit)
{
	struct query *q = open_of_group(st, g, conn, "DISTINCT f.conn_id",
		" AND f.conn_id <> ?5 ORDER BY f.conn_id LIMIT ?6");

	if (q) {
		query_bind_int(q, 5, example);
		query_bind_int(q, 6, limit);
	}
	return q;
}

/* The subjects of a code one by one, those with most findings first. */
static int
each_subject(struct store *st, int64_t conn, const struct group *all,
	     int (*each)(void *arg, const struct group *g), void *arg)
{
	struct query *q = open_of_group(st, all, conn, SUBJECT " AS subject,"
		" count(*), count(DISTINCT f.conn_id)",
		" GROUP BY subject ORDER BY count(*) DESC,"
		" min(f.finding_id)");
	int64_t n = 0;
	int rc = 0;

	if (!q)
		return -1;
	for (; rc == 0 && n < SUBJECTS_APART && query_step(q); n++) {
		struct group g = *all;

		g.subject = query_text(q, 0);
		g.count = query_int(q, 1);
		g.connections = query_int(q, 2);
		g.subjects = 1;
		rc = each(arg, &g);
	}
	if (rc == 0 && n < all->subjects) {
		struct group g = *all;

		g.left_out = all->subjects - n;
		rc = each(arg, &g);
	}
	return query_close(q) < 0 ? -1 : rc;
}

int
groups_each(struct store *st, int64_t conn,
	    int (*each)(void *arg, const struct group *g), void *arg)
{
	struct query *q = query_open(st,
		"SELECT f.severity, f.code, count(*), count(DISTINCT f.conn_id),"
		" count(DISTINCT " SUBJECT ")" FINDING_FROM
		"WHERE NOT " FINDING_OF_QUALITY
		" AND (?1 = 0 OR f.conn_id = ?1) GROUP BY f.severity, f.code"
		" ORDER BY " FINDING_RANK ", count(*) DESC, f.code");
	int rc = 0;

	if (!q)
		return -1;
	query_bind_int(q, 1, conn);
	while (rc == 0 && query_step(q)) {
		struct group g = {
			.severity = query_text(q, 0),
			.code = query_text(q, 1),
			.count = query_int(q, 2),
			.connections = query_int(q, 3),
			.subjects = query_int(q, 4),
		};

		rc = g.connections > 0 && g.subjects > SUBJECTS_APART ?
		     each(arg, &g) : each_subject(st, conn, &g, each, arg);
	}
	return query_close(q) < 0 ? -1 : rc;
}
