/*
 * pager.c - keyset windows, walked or merged: pager.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tui/pager.h"
#include "tui/show.h"

#define NEAR	   96		/* rows from an end of the window */
#define SLICE_NS   (4 * NS_PER_MS)
#define FIRST_SLICE 1024

/* What is being fetched. */
enum job {
	JOB_NONE,
	JOB_REPLACE,		/* the window, shown as it fills */
	JOB_RELOAD,		/* the window, shown when it is complete */
	JOB_APPEND,
	JOB_PREPEND,
};

/* Where a walk is: rows with an equal key come before those past it. */
enum phase { PHASE_EQUAL, PHASE_PAST };

struct pager {
	struct store *st;
	char table[64], from[1024], id[64], key[512], where[FILTER_SQL];
	struct conn_filter_value value[FILTER_VALUES];
	size_t n_values;
	bool key_is_text, indexed, descending;
	char error[256];

	struct pager_row win[PAGER_WINDOW + PAGER_FETCH];
	size_t n;
	bool top_known, end_known;
	long shift;

	enum job job;
	bool backward;		/* against the order of the list */
	bool edge;		/* it began at the list's first (last) row */
	bool from_edge;		/* and is still there */
	bool inclusive;
	struct pager_row at;	/* the last row passed */
	enum phase phase;
	int64_t slice, slice_rows;	/* merging: ids from here on */
	int64_t id_min, id_max;
	struct pager_row got[PAGER_FETCH];	/* in the order of the job */
	size_t n_got;

	int64_t count, counted_to, count_rows, all;
	bool counting;
};

int64_t
clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

struct pager *
pager_open(struct store *st)
{
	struct pager *p = calloc(1, sizeof(*p));

	if (p) {
		p->st = st;
		p->slice_rows = p->count_rows = FIRST_SLICE;
	}
	return p;
}

void
pager_close(struct pager *p)
{
	free(p);
}

const char *
pager_error(const struct pager *p)
{
	return p->error;
}

/* --- SQL --------------------------------------------------------------- */

struct sql {
	char text[8192];
	size_t len;
};

static void sql_add(struct sql *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void
sql_add(struct sql *s, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(s->text + s->len, sizeof(s->text) - s->len, fmt, ap);
	va_end(ap);
	if (n > 0 && s->len + (size_t)n < sizeof(s->text))
		s->len += (size_t)n;
}

static bool
by_id(const struct pager *p)
{
	return strcmp(p->key, p->id) == 0;
}

static struct query *
prepare(struct pager *p, const struct sql *s)
{
	struct query *q = query_open(p->st, s->text);

	if (!q) {
		show_copy(p->error, sizeof(p->error), store_error(p->st));
		return NULL;
	}
	for (size_t i = 0; p->where[0] && i < p->n_values; i++) {
		int parameter = FILTER_FIRST_PARAMETER + (int)i;

		if (p->value[i].is_text)
			query_bind_text(q, parameter, p->value[i].text);
		else
			query_bind_int(q, parameter, p->value[i].number);
	}
	return q;
}

static void
bind_at(const struct pager *p, struct query *q)
{
	if (p->from_edge)
		return;
	if (p->key_is_text)
		query_bind_text(q, 1, p->at.text);
	else if (!by_id(p))
		query_bind_int(q, 1, p->at.key);
	query_bind_int(q, 2, p->at.id);
}

static void
read_row(const struct pager *p, struct query *q, struct pager_row *row)
{
	*row = (struct pager_row){ .id = query_int(q, 0) };
	if (p->key_is_text)
		show_copy(row->text, sizeof(row->text), query_text(q, 1));
	else
		row->key = query_int(q, 1);
}

/* "<" or ">" for the way that the job goes. */
static char
way(const struct pager *p)
{
	return p->descending != p->backward ? '<' : '>';
}

static const char *
order(const struct pager *p)
{
	return way(p) == '<' ? "DESC" : "ASC";
}

static void
select_columns(const struct pager *p, struct sql *s)
{
	sql_add(s, "SELECT %s, %s", p->id, p->key);
}

/* --- walking in order -------------------------------------------------- */

static void
walk_sql(const struct pager *p, struct sql *s)
{
	const char *eq = p->inclusive ? "=" : "";

	select_columns(p, s);
	sql_add(s, ", %s FROM %s", p->where[0] ? p->where : "1", p->from);
	if (p->from_edge)
		sql_add(s, " ORDER BY %s %s", p->key, order(p));
	else if (by_id(p))
		sql_add(s, " WHERE %s %c%s ?2 ORDER BY %s %s", p->id, way(p),
			eq, p->id, order(p));
	else if (p->phase == PHASE_EQUAL)
		sql_add(s, " WHERE %s = ?1 AND %s %c%s ?2 ORDER BY %s %s",
			p->key, p->id, way(p), eq, p->id, order(p));
	else
		sql_add(s, " WHERE %s %c ?1 ORDER BY %s %s", p->key, way(p),
			p->key, order(p));
	if (!by_id(p) && (p->from_edge || p->phase == PHASE_PAST))
		sql_add(s, ", %s %s", p->id, order(p));
}

/* True if the walk has reached the end of the list, or of its phase. */
static bool
walk_rows(struct pager *p, struct query *q, int64_t deadline)
{
	int steps = 0;

	while (query_step(q)) {
		struct pager_row row;

		read_row(p, q, &row);
		if (query_int(q, 2))
			p->got[p->n_got++] = row;
		p->at = row;
		p->from_edge = p->inclusive = false;
		p->phase = PHASE_EQUAL;
		if (p->n_got == PAGER_FETCH)
			return false;
		if (++steps % 64 == 0 && clock_ns() > deadline)
			return false;
	}
	return true;
}

/* A piece of a walk.  True: the job is done. */
static bool
walk(struct pager *p, int64_t deadline, bool *list_ended)
{
	struct sql s = { .len = 0 };
	bool two_phases = !p->from_edge && !by_id(p);
	enum phase phase = p->phase;
	struct query *q;
	bool ended;

	walk_sql(p, &s);
	q = prepare(p, &s);
	if (!q)
		return true;
	bind_at(p, q);
	ended = walk_rows(p, q, deadline);
	if (query_close(q) < 0)
		show_copy(p->error, sizeof(p->error), store_error(p->st));
	if (ended && two_phases && phase == PHASE_EQUAL) {
		p->phase = PHASE_PAST;
		return false;
	}
	*list_ended = ended;
	return ended || p->n_got == PAGER_FETCH;
}

/* --- merging slices ---------------------------------------------------- */

static int
compare(const struct pager *p, const struct pager_row *a,
	const struct pager_row *b)
{
	int sign = way(p) == '<' ? -1 : 1;
	int by_text = p->key_is_text ? strcmp(a->text, b->text) : 0;

	if (by_text != 0)
		return by_text < 0 ? -sign : sign;
	if (a->key != b->key)
		return a->key < b->key ? -sign : sign;
	return a->id < b->id ? -sign : a->id > b->id ? sign : 0;
}

/* Put a row into the best so far.  False if it is worse than all of them. */
static bool
merge_row(struct pager *p, const struct pager_row *row)
{
	size_t low = 0, high = p->n_got;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (compare(p, &p->got[mid], row) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == PAGER_FETCH)
		return false;
	if (p->n_got < PAGER_FETCH)
		p->n_got++;
	memmove(&p->got[low + 1], &p->got[low],
		sizeof(p->got[0]) * (p->n_got - low - 1));
	p->got[low] = *row;
	return true;
}

static void
slice_sql(const struct pager *p, struct sql *s)
{
	select_columns(p, s);
	sql_add(s, " FROM %s WHERE %s >= ?3 AND %s < ?4", p->from, p->id,
		p->id);
	if (p->where[0])
		sql_add(s, " AND %s", p->where);
	if (!p->from_edge)
		sql_add(s, " AND (%s, %s) %c%s (?1, ?2)", p->key, p->id,
			way(p), p->inclusive ? "=" : "");
	sql_add(s, " ORDER BY %s %s, %s %s LIMIT %d", p->key, order(p), p->id,
		order(p), PAGER_FETCH);
}

/* Slices that take about SLICE_NS each. */
static int64_t
next_slice_rows(int64_t rows, int64_t took)
{
	if (took < SLICE_NS / 2 && rows < INT64_C(1) << 20)
		return rows * 2;
	if (took > SLICE_NS * 2 && rows > 256)
		return rows / 2;
	return rows;
}

/* One slice.  True: the job is done. */
static bool
merge(struct pager *p)
{
	struct sql s = { .len = 0 };
	int64_t began = clock_ns();
	struct query *q;

	if (p->slice > p->id_max)
		return true;
	slice_sql(p, &s);
	q = prepare(p, &s);
	if (!q)
		return true;
	bind_at(p, q);
	query_bind_int(q, 3, p->slice);
	query_bind_int(q, 4, p->slice + p->slice_rows);
	while (query_step(q)) {
		struct pager_row row;

		read_row(p, q, &row);
		if (!merge_row(p, &row))
			break;
	}
	if (query_close(q) < 0)
		show_copy(p->error, sizeof(p->error), store_error(p->st));
	p->slice += p->slice_rows;
	p->slice_rows = next_slice_rows(p->slice_rows, clock_ns() - began);
	return p->slice > p->id_max;
}

/* --- jobs -------------------------------------------------------------- */

static void
read_id_range(struct pager *p)
{
	struct sql s = { .len = 0 };
	struct query *q;

	/* Two subqueries: min() and max() together would read all rows. */
	sql_add(&s, "SELECT (SELECT min(rowid) FROM %s),"
		" (SELECT max(rowid) FROM %s)", p->table, p->table);
	q = query_open(p->st, s.text);
	p->id_min = 0;
	p->id_max = -1;
	if (q && query_step(q) && !query_is_null(q, 0)) {
		p->id_min = query_int(q, 0);
		p->id_max = query_int(q, 1);
	}
	if (q)
		query_close(q);
}

static void
start(struct pager *p, enum job job, bool backward,
      const struct pager_row *from, bool inclusive)
{
	p->job = job;
	p->backward = backward;
	p->edge = p->from_edge = !from;
	p->inclusive = inclusive;
	if (from)
		p->at = *from;
	p->phase = PHASE_EQUAL;
	p->n_got = 0;
	read_id_range(p);
	p->slice = p->id_min;
}

/* The rows got replace the window, which is in the order of the list. */
static void
replace_window(struct pager *p)
{
	for (size_t i = 0; i < p->n_got; i++)
		p->win[i] = p->got[p->backward ? p->n_got - 1 - i : i];
	p->n = p->n_got;
}

static void
append(struct pager *p)
{
	memcpy(p->win + p->n, p->got, sizeof(p->got[0]) * p->n_got);
	p->n += p->n_got;
	if (p->n <= PAGER_WINDOW)
		return;
	memmove(p->win, p->win + PAGER_FETCH,
		sizeof(p->win[0]) * (p->n - PAGER_FETCH));
	p->n -= PAGER_FETCH;
	p->shift -= PAGER_FETCH;
	p->top_known = false;
}

static void
prepend(struct pager *p)
{
	memmove(p->win + p->n_got, p->win, sizeof(p->win[0]) * p->n);
	for (size_t i = 0; i < p->n_got; i++)
		p->win[i] = p->got[p->n_got - 1 - i];
	p->n += p->n_got;
	p->shift += (long)p->n_got;
	if (p->n > PAGER_WINDOW) {
		p->n = PAGER_WINDOW;
		p->end_known = false;
	}
}

static void
finish(struct pager *p, bool list_ended)
{
	switch (p->job) {
	case JOB_REPLACE:
	case JOB_RELOAD:
		replace_window(p);
		p->top_known = p->backward ? list_ended : p->edge;
		p->end_known = p->backward ? p->edge : list_ended;
		break;
	case JOB_APPEND:
		append(p);
		p->end_known = list_ended;
		break;
	case JOB_PREPEND:
		prepend(p);
		p->top_known = list_ended;
		break;
	case JOB_NONE:
		break;
	}
	p->job = JOB_NONE;
}

static bool
count_slice(struct pager *p)
{
	struct sql s = { .len = 0 };
	int64_t began = clock_ns(), end = p->counted_to + p->count_rows;
	struct query *q;

	if (p->counted_to > p->id_max) {
		p->counting = false;
		return false;
	}
	if (end > p->id_max + 1)
		end = p->id_max + 1;
	sql_add(&s, "SELECT count(*), ifnull(sum(%s), 0) FROM %s"
		" WHERE %s >= ?3 AND %s < ?4",
		p->where[0] ? p->where : "1", p->from, p->id, p->id);
	q = prepare(p, &s);
	if (!q) {
		p->counting = false;
		return false;
	}
	query_bind_int(q, 3, p->counted_to);
	query_bind_int(q, 4, end);
	if (query_step(q)) {
		p->all += query_int(q, 0);
		p->count += query_int(q, 1);
	}
	query_close(q);
	p->counted_to = end;
	p->count_rows = next_slice_rows(p->count_rows, clock_ns() - began);
	return true;
}

static void
start_count(struct pager *p)
{
	p->count = p->all = 0;
	p->counted_to = p->id_min;
	p->counting = true;
}

/* A piece of the job.  True: it is done. */
static bool
job_step(struct pager *p, int64_t deadline)
{
	bool ended = false, done;

	if (p->indexed || by_id(p)) {
		done = walk(p, deadline, &ended);
	} else {
		done = merge(p);
		ended = p->n_got < PAGER_FETCH;
	}
	if (p->error[0])
		done = ended = true;
	if (done)
		finish(p, ended);
	else if (p->job == JOB_REPLACE)
		replace_window(p);
	return done;
}

bool
pager_work(struct pager *p, int64_t max_ns)
{
	int64_t deadline = clock_ns() + max_ns;

	while (p->job != JOB_NONE) {
		job_step(p, deadline);
		if (clock_ns() > deadline)
			return pager_busy(p);
	}
	while (p->counting && count_slice(p))
		if (clock_ns() > deadline)
			return true;
	return false;
}

bool
pager_searching(const struct pager *p)
{
	return p->job != JOB_NONE;
}

bool
pager_busy(const struct pager *p)
{
	return p->job != JOB_NONE || p->counting;
}

/* --- the caller's side ------------------------------------------------- */

/* Whether the SQL is valid at all, before the old list is given up. */
static bool
is_valid(struct pager *p, const struct pager_spec *spec)
{
	struct sql s = { .len = 0 };
	struct query *q;

	sql_add(&s, "SELECT %s, %s, %s FROM %s LIMIT 0", spec->id, spec->key,
		spec->where[0] ? spec->where : "1", spec->from);
	p->error[0] = '\0';
	q = query_open(p->st, s.text);
	if (!q) {
		show_copy(p->error, sizeof(p->error), store_error(p->st));
		return false;
	}
	query_close(q);
	return true;
}

int
pager_list(struct pager *p, const struct pager_spec *spec)
{
	if (!is_valid(p, spec))
		return -1;
	show_copy(p->table, sizeof(p->table), spec->table);
	show_copy(p->from, sizeof(p->from), spec->from);
	show_copy(p->id, sizeof(p->id), spec->id);
	show_copy(p->key, sizeof(p->key), spec->key);
	show_copy(p->where, sizeof(p->where), spec->where);
	p->n_values = spec->n_values < FILTER_VALUES ? spec->n_values
						     : FILTER_VALUES;
	if (p->n_values > 0)
		memcpy(p->value, spec->value,
		       sizeof(p->value[0]) * p->n_values);
	p->key_is_text = spec->key_is_text;
	p->indexed = spec->indexed;
	p->descending = spec->descending;
	p->job = JOB_NONE;
	p->n = 0;
	pager_to_top(p);
	start_count(p);
	return 0;
}

size_t
pager_n(const struct pager *p)
{
	return p->n;
}

const struct pager_row *
pager_row(const struct pager *p, size_t i)
{
	return i < p->n ? &p->win[i] : NULL;
}

bool
pager_at_top(const struct pager *p)
{
	return p->top_known;
}

bool
pager_at_end(const struct pager *p)
{
	return p->end_known;
}

void
pager_look(struct pager *p, size_t first, size_t last)
{
	if (p->job != JOB_NONE || p->n == 0)
		return;
	if (last + NEAR >= p->n && !p->end_known)
		start(p, JOB_APPEND, false, &p->win[p->n - 1], false);
	else if (first < NEAR && !p->top_known)
		start(p, JOB_PREPEND, true, &p->win[0], false);
}

long
pager_shift(struct pager *p)
{
	long shift = p->shift;

	p->shift = 0;
	return shift;
}

void
pager_to_top(struct pager *p)
{
	if (p->job == JOB_NONE && p->top_known && p->n > 0)
		return;
	p->n = 0;
	start(p, JOB_REPLACE, false, NULL, false);
}

void
pager_to_end(struct pager *p)
{
	if (p->job == JOB_NONE && p->end_known && p->n > 0)
		return;
	p->n = 0;
	start(p, JOB_REPLACE, true, NULL, false);
}

void
pager_reload(struct pager *p, size_t first)
{
	struct pager_row row;

	if (p->job == JOB_REPLACE || p->job == JOB_RELOAD)
		return;
	if (first >= p->n)
		first = 0;
	row = p->win[first];
	if (p->n == 0 || (first < NEAR && p->top_known))
		start(p, JOB_RELOAD, false, NULL, false);
	else
		start(p, JOB_RELOAD, false, &row, true);
	/* Rows are added behind the others; a filter may find old ones, too,
	   but a count that is under way is to come to its end. */
	if (p->where[0] && !p->counting)
		start_count(p);
	p->counting = true;
}

bool
pager_count(const struct pager *p, int64_t *matching, int64_t *all)
{
	*matching = p->count;
	*all = p->all;
	return !p->counting;
}

int
pager_progress(const struct pager *p)
{
	int64_t at = p->job == JOB_NONE ? p->counted_to :
		     by_id(p) ? p->at.id : p->slice;
	int64_t width = p->id_max - p->id_min + 1;

	if (width <= 0 || at < p->id_min)
		return 0;
	return at > p->id_max ? 100 : (int)((at - p->id_min) * 100 / width);
}
