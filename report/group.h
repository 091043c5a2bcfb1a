/*
 * group.h - findings that are alike, as one: how text and JSON list them.
 *
 * Those of one code and severity that are about the same: a server for those
 * of connections, what they say for those of the capture.  Where there are
 * many such subjects all of a code are one group.
 */
#ifndef REPORT_GROUP_H
#define REPORT_GROUP_H

#include "report/finding.h"

struct group {
	const char *severity, *code;
	const char *subject;		/* NULL: all of them */
	int64_t count, connections, subjects;
	/* Not 0: no group, but how many more subjects, of the capture's
	   findings of that code, are left out. */
	int64_t left_out;
};

/*
 * Each group, the most severe first; conn: only of that connection, 0: of all.
 * What each() returns below 0 ends it and is returned; so does an error of the
 * store, as -1.
 */
int groups_each(struct store *st, int64_t conn,
		int (*each)(void *arg, const struct group *g), void *arg);

/* The findings of a group by `columns`, the longest first. */
struct query *group_open(struct store *st, const struct group *g, int64_t conn,
			 const char *columns, int limit);

/* The connections of a group without that of the example, in their order. */
struct query *group_others(struct store *st, const struct group *g,
			   int64_t conn, int64_t example, int limit);

#endif
