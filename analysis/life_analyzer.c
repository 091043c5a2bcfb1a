/*
 * life_analyzer.c - the analyzer of a connection's life as a whole: its
 * outcome, and the findings about how it was opened, used and ended.
 *
 * Last in the list: it reads what the others filled in.
 */
#include <string.h>

#include "analysis/life_facts.h"

static void (*const rules[])(const struct life_case *) = {
	finding_attempt,
	finding_handshake,
	finding_opening,
	finding_closing,
	finding_reset,
	finding_forged,
	finding_silence,
	finding_tuple,
	finding_time_wait,
	finding_unanswered,
	finding_fragments,
	finding_old_copies,
};

static void
on_segment(void *state, struct analysis *an, const struct seg_event *ev)
{
	struct life_facts *f = state;

	outcome_segment(&f->outcome, an->conn, ev);
	life_facts_segment(f, an, ev);
}

static void
on_update(void *state, struct analysis *an, struct connection_row *row,
	  struct endpoint_row end[N_SIDES])
{
	struct life_facts *f = state;

	(void)end;
	outcome_fill(an->conn, an->life, &f->outcome, row);
}

static void
on_close(void *state, struct analysis *an, struct connection_row *row,
	 struct endpoint_row end[N_SIDES])
{
	struct life_facts *f = state;
	const struct life_case c = {
		.an = an,
		.conn = an->conn,
		.life = an->life,
		.facts = f,
		.row = row,
		.end = end,
	};

	outcome_fill(an->conn, an->life, &f->outcome, row);
	row->synack_clock = f->synack_clock;
	row->rst_ttl = ROW_NULL;
	if (an->conn->half[SIDE_SERVER].rst_seen &&
	    !an->conn->half[SIDE_SERVER].isn_known) {
		row->rst_ttl = f->side[SIDE_SERVER].rst_ttl;
		row->rst_mac = (int64_t)life_rare(f)->refuser_mac;
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		rules[i](&c);
	block_free(an->blocks, BLOCK_LIFE, f->rare);
}

const struct analyzer life_analyzer = {
	.name = "life",
	.state_size = sizeof(struct life_facts),
	.segment = on_segment,
	.update = on_update,
	.close = on_close,
};
