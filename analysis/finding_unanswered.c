/*
 * finding_unanswered.c - requests that a server answers late, or never
 * although its kernel acknowledged them.
 *
 * Only where client and server took turns before, or the server never said
 * anything: many protocols have messages that need no answer.
 */
#include <inttypes.h>

#include "analysis/finding.h"
#include "analysis/life_facts.h"
#include "analysis/thresholds.h"

#define SLOW NS_PER_S

/* When the wait ended: the client closed, or the capture did. */
static nstime
wait_end(const struct life_case *c, uint64_t *frame)
{
	const struct tcp_log_entry *fin =
		life_entry(c, SIDE_CLIENT, LOG_FIN, 0);
	const struct tcp_log_entry *rst = life_entry(c, SIDE_CLIENT, LOG_RST,
						     0);

	if (!fin)
		fin = rst;
	*frame = fin ? fin->frame : 0;
	return fin ? fin->ts : c->conn->until;
}

static void
never_answered(const struct life_case *c)
{
	const struct life_side *client = &c->facts->side[SIDE_CLIENT];
	const struct life_side *server = &c->facts->side[SIDE_SERVER];
	const struct half *h = &c->conn->half[SIDE_CLIENT];
	bool turns = server->last_data > 0;
	char t[TIME_TEXT_SIZE];
	struct finding f;
	uint64_t frame;
	nstime end;

	if (!client->last_data || client->last_data < server->last_data ||
	    !h->isn_known || !c->conn->half[SIDE_SERVER].isn_known)
		return;
	/* All of it was received, and there was room for more. */
	if (h->snd_una < h->snd_nxt - h->fin_seen ||
	    c->conn->half[SIDE_SERVER].rwnd == 0)
		return;
	end = wait_end(c, &frame);
	if (end - client->last_data <
	    threshold_time(c->an->sink, THRESHOLD_SERVER_PATIENCE) ||
	    c->conn->half[SIDE_SERVER].fin_seen)
		return;
	finding_begin(&f, c->an, SIDE_SERVER, turns ? "warning" : "note",
		      "server_application_hangs", turns ? 0.6 : 0.5);
	finding_title(&f, "the server did not answer for %s",
		      finding_time(end - client->last_data, t));
	finding_say(&f, "The client's last message was acknowledged, so it is "
		    "in the server's socket, and for %s nothing came back. "
		    "The network is not at fault: the program is busy, stuck, "
		    "or has nothing to say to such a message.", t);
	finding_evidence(&f, frame, "the client gives up");
	finding_put(&f, c->an, "Look at what the server's program did at this "
		    "time (its log, a stack trace, its own back ends); ss -tn "
		    "shows unread bytes in Recv-Q.");
}

/* HTTP's responses are timed one by one elsewhere. */
static void
late_answer(const struct life_case *c)
{
	int64_t rtt = c->row->handshake_rtt_ns;
	nstime took = (nstime)c->facts->slowest_us * 1000;
	char t[TIME_TEXT_SIZE];
	struct finding f;

	if (c->row->service || took < SLOW +
	    (rtt == ROW_NULL ? 0 : 2 * rtt) ||
	    c->end[SIDE_CLIENT].retrans_packets > 0 ||
	    c->end[SIDE_SERVER].retrans_packets > 0 ||
	    c->end[SIDE_CLIENT].zero_windows > 0)
		return;
	finding_begin(&f, c->an, SIDE_SERVER, "note", "slow_server", 0.6);
	finding_title(&f, "the server took %s to answer",
		      finding_time(took, t));
	finding_say(&f, "Between the client's last byte and the first of the "
		    "answer %s went by, while nothing was lost and windows "
		    "were open: the time was spent in the server's program, "
		    "if the client's message was a question at all.", t);
	finding_evidence(&f, c->facts->slowest_frame,
			 "the answer begins");
	finding_put(&f, c->an, "Look at the server's log for this moment: a "
		    "slow query, a lock, a back end of its own.");
}

void
finding_unanswered(const struct life_case *c)
{
	never_answered(c);
	late_answer(c);
}
