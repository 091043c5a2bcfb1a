/*
 * across.c - what the analyzers of the whole capture have in common.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/tally.h"

static struct tally *
tally_of(void *state, const struct tally_place *place)
{
	return (struct tally *)(void *)((char *)state + place->offset);
}

static void
set_up(const struct capture_analyzer *a, void *state)
{
	for (const struct tally_place *p = a->tallies; p->value_size; p++)
		tally_init(tally_of(state, p), p->value_size, p->max);
}

static void
release(const struct capture_analyzer *a, void *state)
{
	for (const struct tally_place *p = a->tallies; p->value_size; p++)
		tally_release(tally_of(state, p));
}

void *
capture_analyzer_open(const struct capture_analyzer *a)
{
	void *state = calloc(1, a->state_size);

	if (state)
		set_up(a, state);
	return state;
}

void
capture_analyzer_clear(const struct capture_analyzer *a, void *state)
{
	release(a, state);
	memset(state, 0, a->state_size);
	set_up(a, state);
}

void
capture_analyzer_close(const struct capture_analyzer *a, void *state)
{
	if (state)
		release(a, state);
	free(state);
}

bool
across_was_established(const struct connection_row *row, enum side side)
{
	for (int64_t i = 0; i < row->n_changes; i++)
		if (row->changes[i].side == side &&
		    row->changes[i].new_state == TCP_STATE_ESTABLISHED)
			return true;
	return false;
}

void
across_finding(struct finding_row *row, const char *severity,
	       const char *code)
{
	row_init(ROW_FINDING, row);
	row->severity = severity;
	row->code = code;
	row->n_evidence = 0;
}

void
across_evidence(struct finding_row *row, uint64_t frame, const char *note)
{
	if (frame == 0 || row->n_evidence == FINDING_EVIDENCE)
		return;
	row->evidence[row->n_evidence].frame_number = (int64_t)frame;
	row->evidence[row->n_evidence].note = note;
	row->n_evidence++;
}
