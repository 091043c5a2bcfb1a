/*
 * across_vantage.c - where an interface, or a host behind it, was captured:
 * voted by the connections that can tell.
 *
 * A connection that was refused, was never answered, or never left its host
 * has no two loops to compare (vantage.h).  But what was captured at a host for
 * one of its connections was for all of them; and where no connection of either
 * host can tell, the interface's others do.  The votes are rows; at the end of
 * the capture the store lets follow who is less sure (store/votes.h).
 */
#include <math.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/tally.h"
#include "analysis/vantage.h"

#define HOSTS 32768
#define INTERFACES 1024

/* Who follows a vote is so sure, at most; below what any voter is. */
#define HOST_CONFIDENCE 0.45
#define INTERFACE_CONFIDENCE 0.4

/* What is said of an end, whose host has no vote, needs so many voters. */
#define INTERFACE_VOTERS 3

/* Votes against each other: the winner has so much of them. */
#define MAJORITY 0.75

enum { AT_CLIENT, AT_SERVER, AT_MIDDLE, N_PLACES };

static const char *const place_word[N_PLACES] = {
	"client", "server", "middle"
};

struct host_votes {
	struct addr addr;
	int64_t interface;
	double here, elsewhere;	/* each vote counts as much as it is sure */
	int64_t n;
};

struct interface_votes {
	int64_t interface;
	double at[N_PLACES];
	int64_t n;
};

struct vantage_state {
	bool wanted;		/* there is who does not know */
	struct tally hosts, interfaces;
};

static void
vote_of_host(struct vantage_state *st, const struct connection_row *row,
	     const struct addr *addr, bool here)
{
	unsigned char key[24] = { 0 };
	struct host_votes *v;

	memcpy(key, addr->byte, sizeof(addr->byte));
	memcpy(key + 16, &row->interface, sizeof(row->interface));
	v = tally_at(&st->hosts, key, sizeof(key));
	if (!v)
		return;
	v->addr = *addr;
	v->interface = row->interface;
	v->n++;
	if (here)
		v->here += row->vantage_confidence;
	else
		v->elsewhere += row->vantage_confidence;
}

static void
vote(struct vantage_state *st, const struct connection_row *row, int at)
{
	struct interface_votes *v;

	vote_of_host(st, row, &row->client_addr, at == AT_CLIENT);
	vote_of_host(st, row, &row->server_addr, at == AT_SERVER);
	v = tally_at(&st->interfaces, &row->interface, sizeof(row->interface));
	if (!v)
		return;
	v->interface = row->interface;
	v->at[at] += row->vantage_confidence;
	v->n++;
}

/* -1: nowhere. */
static int
place_of(const struct connection_row *row)
{
	for (int at = 0; row->vantage && at < N_PLACES; at++)
		if (strcmp(row->vantage, place_word[at]) == 0)
			return at;
	return -1;
}

static void
vantage_row(void *state, struct row_sink *sink, enum row_table table,
	    const void *data)
{
	struct vantage_state *st = state;
	const struct connection_row *row = data;
	int at;

	(void)sink;
	if (table != ROW_CONNECTION || row->phase != CONNECTION_FINAL)
		return;
	at = place_of(row);
	if (at < 0 || isnan(row->vantage_confidence) ||
	    row->vantage_confidence < VANTAGE_SURE)
		st->wanted = true;
	else
		vote(st, row, at);
}

static void
put_vote(struct row_sink *sink, int64_t interface, const struct addr *addr,
	 const char *place, double confidence, int64_t n)
{
	struct vantage_vote_row row;

	row_init(ROW_VANTAGE_VOTE, &row);
	row.interface = interface;
	if (addr)
		row.addr = *addr;
	row.place = place;
	row.confidence = confidence;
	row.connections = n;
	row_put(sink, ROW_VANTAGE_VOTE, &row);
}

static void
put_host(struct row_sink *sink, const struct host_votes *v)
{
	double share = v->here / (v->here + v->elsewhere);

	if (share >= MAJORITY)
		put_vote(sink, v->interface, &v->addr, "here",
			 share * HOST_CONFIDENCE, v->n);
	else if (1 - share >= MAJORITY)
		put_vote(sink, v->interface, &v->addr, "elsewhere",
			 (1 - share) * HOST_CONFIDENCE, v->n);
}

static void
put_interface(struct row_sink *sink, const struct interface_votes *v)
{
	double all = v->at[AT_CLIENT] + v->at[AT_SERVER] + v->at[AT_MIDDLE];

	for (int at = 0; at < N_PLACES; at++)
		if (v->at[at] >= MAJORITY * all &&
		    (at == AT_MIDDLE || v->n >= INTERFACE_VOTERS))
			put_vote(sink, v->interface, NULL, place_word[at],
				 v->at[at] / all * INTERFACE_CONFIDENCE, v->n);
}

static void
vantage_finish(void *state, struct row_sink *sink, nstime now)
{
	struct vantage_state *st = state;

	(void)now;
	if (!st->wanted)
		return;
	for (size_t i = 0; i < st->interfaces.n; i++)
		put_interface(sink, tally_entry(&st->interfaces, i));
	for (size_t i = 0; i < st->hosts.n; i++)
		put_host(sink, tally_entry(&st->hosts, i));
}

const struct capture_analyzer vantage_analyzer = {
	.name = "vantage",
	.state_size = sizeof(struct vantage_state),
	.row = vantage_row,
	.finish = vantage_finish,
	.tallies = {
		ACROSS_TALLY(vantage_state, hosts, host_votes, HOSTS),
		ACROSS_TALLY(vantage_state, interfaces, interface_votes, INTERFACES),
	},
};
