/*
 * finding_silence.c - an end that got no answers any more.
 */
#include <inttypes.h>
#include <string.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"
#include "analysis/thresholds.h"


static enum side
who_waits(const struct life_case *c)
{
	return outcome_is_unanswered(c->conn, SIDE_SERVER) ? SIDE_SERVER
							   : SIDE_CLIENT;
}

static bool
is_unreachable(const struct life_case *c, enum side side)
{
	const struct half *h = &c->conn->half[side];
	bool v4 = addr_is_ipv4(&c->conn->addr[side]);

	return h->icmp_errors && h->icmp_type == (v4 ? 3 : 1) &&
	       !(v4 && h->icmp_code == 4);
}

static void
no_answer(const struct life_case *c)
{
	enum side side = who_waits(c);
	const struct half *me = &c->conn->half[side];
	const struct half *peer = &c->conn->half[!side];
	char t[TIME_TEXT_SIZE];
	struct finding f;

	finding_begin(&f, c->an, side, "error", is_unreachable(c, side) ?
		      "host_unreachable" : "retransmission_timeout",
		      me->unanswered > 3 ? 0.95 : 0.8);
	finding_title(&f, is_unreachable(c, side) ?
		      "the %s can no longer be reached" :
		      "the %s went silent", finding_side(!side));
	finding_say(&f, "The %s sent its data again %" PRIu32 " times within "
		    "%s of the last packet of the %s, and got no answer: %"
		    PRIu64 " bytes are not acknowledged.", finding_side(side),
		    me->unanswered,
		    finding_time(peer->seen && me->asked > peer->last ?
			      me->asked - peer->last : 0, t),
		    finding_side(!side), me->snd_nxt - me->snd_una);
	if (is_unreachable(c, side))
		finding_say(&f, "Routers said so: %u ICMP errors (type %u, "
			    "code %u) quote its segments.", me->icmp_errors,
			    me->icmp_type, me->icmp_code);
	if (c->life->state[side] == TCP_STATE_CLOSED)
		finding_say(&f, "The next repetition did not come when it was "
			    "due: the connection was given up, and its program "
			    "got %s.", c->row->client_error ?
			    c->row->client_error : c->row->server_error ?
			    c->row->server_error : "an error");
	else
		finding_say(&f, "The capture ends before it gave up.");
	finding_evidence(&f, c->conn->last_frame, "the last repetition");
	finding_put(&f, c->an, "Is the host down, a link or route lost, or a "
		    "firewall's state gone? If small packets still pass, look "
		    "at the path's MTU. tcp_retries2 and TCP_USER_TIMEOUT say "
		    "how long an end tries.");
}

static void
probes_failed(const struct life_case *c)
{
	const struct life_rare *r = life_rare(c->facts);
	enum side side = r->side[SIDE_SERVER].keepalives >
			 r->side[SIDE_CLIENT].keepalives ? SIDE_SERVER
							 : SIDE_CLIENT;
	const struct life_rare_side *me = &r->side[side];
	struct finding f;

	finding_begin(&f, c->an, side, "error", "keepalive_timeout", 0.95);
	finding_title(&f, "the %s does not answer keepalives",
		      finding_side(!side));
	finding_say(&f, "The connection was idle, the %s probed it with %"
		    PRIu32 " keepalives, and the %s answered none of the last "
		    "ones. The program gets ETIMEDOUT when the %s gives up.",
		    finding_side(side), me->keepalives, finding_side(!side),
		    finding_side(side));
	finding_evidence(&f, me->keepalive_frame, "the first keepalive");
	finding_evidence(&f, life_frame(c, side, LOG_RST, 0),
			 "RST: it gives up");
	finding_put(&f, c->an, "The other host is gone or cannot be reached, "
		    "or a firewall has forgotten the idle connection: compare "
		    "its idle time-out with tcp_keepalive_time.");
}

static void
probes_answered(const struct life_case *c)
{
	for (int side = 0; side < N_SIDES; side++) {
		const struct life_rare_side *me =
			&life_rare(c->facts)->side[side];
		struct finding f;

		if (me->keepalives < threshold_count(c->an->sink,
						     THRESHOLD_KEEPALIVES))
			continue;
		finding_begin(&f, c->an, side, "note", "idle_keepalive", 0.9);
		finding_title(&f, "an idle connection, kept by keepalives");
		finding_say(&f, "The %s sent %" PRIu32 " keepalives, and they "
			    "were answered.", finding_side((enum side)side),
			    me->keepalives);
		finding_evidence(&f, me->keepalive_frame,
				 "the first keepalive");
		finding_put(&f, c->an, "Nothing to do.");
	}
}

void
finding_silence(const struct life_case *c)
{
	const char *outcome = c->row->outcome;

	if (!outcome)
		return;
	if (strcmp(outcome, "retransmission_timeout") == 0)
		no_answer(c);
	else if (strcmp(outcome, "keepalive_timeout") == 0)
		probes_failed(c);
	else
		probes_answered(c);
}
