/*
 * finding_bound.c - counters by code; there are some hundred codes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/finding_bound.h"

#define FINDING_CODES 256
#define FINDING_TIME (60 * NS_PER_S)

struct bound {
	char code[40];
	nstime since;			/* live: this minute's beginning */
	uint64_t n;			/* since then */
	/* Of those left out. */
	int64_t start_ns, end_ns;
	int64_t frame;			/* that proves the first; or ROW_NULL */
};

struct finding_bounds {
	bool live;
	struct bound of[FINDING_CODES];
};

struct finding_bounds *
finding_bounds_alloc(bool live)
{
	struct finding_bounds *bounds = calloc(1, sizeof(*bounds));

	if (bounds)
		bounds->live = live;
	return bounds;
}

void
finding_bounds_free(struct finding_bounds *bounds)
{
	free(bounds);
}

/* NULL: more codes than there are. */
static struct bound *
bound_of(struct finding_bounds *bounds, const char *code)
{
	struct bound *b = bounds->of, *end = b + FINDING_CODES;

	while (b < end && b->code[0] && strcmp(b->code, code) != 0)
		b++;
	if (b == end)
		return NULL;
	if (!b->code[0])
		snprintf(b->code, sizeof(b->code), "%s", code);
	return b;
}

static void
leave_out(struct finding_bounds *bounds, struct bound *b,
	  const struct finding_row *row)
{
	bool first = b->n == FINDING_MAX + 1;

	if (first && bounds->live)
		complain("more than %d findings '%s' in a minute: the others "
			 "are not stored", FINDING_MAX, row->code);
	if (first || row->start_ns < b->start_ns)
		b->start_ns = row->start_ns;
	if (first || row->end_ns > b->end_ns)
		b->end_ns = row->end_ns;
	if (first)
		b->frame = row->n_evidence > 0 ?
			row->evidence[0].frame_number : ROW_NULL;
}

bool
finding_bounds_allow(struct finding_bounds *bounds,
		     const struct finding_row *row, nstime now)
{
	struct bound *b = bound_of(bounds, row->code);

	if (!b)
		return true;
	if (bounds->live && (b->n == 0 || now - b->since >= FINDING_TIME)) {
		b->since = now;
		b->n = 0;
	}
	if (++b->n <= FINDING_MAX)
		return true;
	leave_out(bounds, b, row);
	return false;
}

static void
put_note(const struct bound *b, struct row_sink *sink)
{
	uint64_t more = b->n - FINDING_MAX;
	struct finding_row row;
	char title[120], text[400];

	snprintf(title, sizeof(title), "%" PRIu64 " more findings '%s'", more,
		 b->code);
	snprintf(text, sizeof(text),
		 "Of each kind of finding the first %d are stored. %" PRIu64
		 " more of '%s' followed, and were counted only; the "
		 "connections that they are about are stored as all others.",
		 FINDING_MAX, more, b->code);
	row_init(ROW_FINDING, &row);
	row.conn = CONN_NONE;
	row.severity = "note";
	row.code = "findings_left_out";
	row.start_ns = b->start_ns;
	row.end_ns = b->end_ns;
	row.confidence = 1;
	row.title = title;
	row.explanation = text;
	row.advice = "What they have in common is more telling than each one: "
		     "group the connections by server, or by outcome.";
	row.n_evidence = b->frame != ROW_NULL;
	row.evidence[0].frame_number = b->frame;
	row.evidence[0].note = "the first that is left out";
	row_put(sink, ROW_FINDING, &row);
}

void
finding_bounds_tell(const struct finding_bounds *bounds, struct row_sink *sink)
{
	if (bounds->live)
		return;
	for (size_t i = 0; i < FINDING_CODES && bounds->of[i].code[0]; i++)
		if (bounds->of[i].n > FINDING_MAX)
			put_note(&bounds->of[i], sink);
}
