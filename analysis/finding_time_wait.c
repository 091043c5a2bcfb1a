/*
 * finding_time_wait.c - old segments that met TIME-WAIT, as it is there for.
 *
 * TIME-WAIT answers them with an ACK, which its peer, closed by then, answers
 * with an RST: Linux ends TIME-WAIT by that (RFC 1337 calls it assassination
 * and would have it ignored: net.ipv4.tcp_rfc1337).
 */
#include "analysis/finding.h"
#include "analysis/life_facts.h"

static const char advice[] =
	"Old duplicates come from a network that delays or repeats packets. "
	"Where ports are used anew quickly, tcp_rfc1337=1 keeps TIME-WAIT.";

static void
ended_early(const struct life_case *c, enum side side,
	    const struct tcp_state_change *end)
{
	const struct tcp_state_change *wait =
		life_change(c, side, TCP_STATE_TIME_WAIT);
	const struct tcp_log_entry *fin =
		life_entry(c, !side, LOG_FIN | LOG_REPEAT, 0);
	bool by_fin = fin && fin->ts > wait->ts;
	struct finding f;

	finding_begin(&f, c->an, side, "note",
		      by_fin ? "time_wait_duplicate_fin"
			     : "time_wait_assassination", 0.85);
	finding_title(&f, by_fin ? "an old FIN met TIME-WAIT, which ended early"
				 : "TIME-WAIT was ended early by an RST");
	finding_say(&f, "The %s was in TIME-WAIT. %s, it answered with an ACK, "
		    "and the %s, which had forgotten the connection, answered "
		    "that with an RST.", finding_side(side),
		    by_fin ? "A FIN came once more" : "An old segment came",
		    finding_side(!side));
	if (by_fin)
		finding_evidence(&f, fin->frame, "FIN, once more");
	finding_evidence(&f, end->frame, "the RST that ends TIME-WAIT");
	finding_put(&f, c->an, advice);
}

/* Told at the end of what the SYN opened, which is nothing. */
static void
old_syn(const struct life_case *c)
{
	struct finding f;

	if (!c->conn->met_ended || c->conn->half[SIDE_SERVER].seen)
		return;
	finding_begin(&f, c->an, SIDE_CLIENT, "note", "time_wait_old_syn",
		      0.8);
	finding_title(&f, "an old SYN met TIME-WAIT");
	finding_say(&f, "A SYN came for a connection in TIME-WAIT. Its number "
		    "(or timestamp) is not above that of the old connection, "
		    "so it is taken for a duplicate (RFC 6191) and answered "
		    "with an ACK.");
	finding_evidence(&f, life_frame(c, SIDE_CLIENT, LOG_SYN, 0), "SYN");
	finding_put(&f, c->an, advice);
}

void
finding_time_wait(const struct life_case *c)
{
	for (int side = 0; side < N_SIDES; side++) {
		const struct tcp_state_change *ch =
			life_closing(c, (enum side)side);

		if (life_by(ch, TCP_GETS_RST) &&
		    ch->old_state == TCP_STATE_TIME_WAIT)
			ended_early(c, (enum side)side, ch);
	}
	old_syn(c);
}
