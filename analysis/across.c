/*
 * across.c - what the analyzers of the whole capture have in common.
 */
#include "analysis/across.h"

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
