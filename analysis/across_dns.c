/*
 * across_dns.c - names that do not exist, and name servers that are silent.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/across.h"
#include "analysis/dns.h"
#include "analysis/tally.h"
#include "analysis/thresholds.h"

#define NAMES 1024
#define SERVERS 1024
#define LOOKUPS 65536
#define NAME_FINDINGS 20	/* names that get one of their own */

/* Who connects that soon after the answer looked the name up for it. */
#define USED_WITHIN (5 * NS_PER_S)

struct name_count {
	char name[200];
	uint64_t n, frame, answer;
	nstime first, last;
};

struct server_count {
	struct addr addr;
	uint64_t asked, silent, answered, frame;
	nstime first, last;
};

/* That client was told that address. */
struct lookup {
	nstime asked, answered;
};

struct dns_across {
	struct tally names, servers, lookups;
};

/* A key of bounded size for a name: its end, and its length. */
static size_t
name_key(const char *name, char key[TALLY_KEY])
{
	size_t len = strlen(name), part = TALLY_KEY - 1;

	memset(key, 0, TALLY_KEY);
	key[0] = (char)len;
	if (len < part)
		part = len;
	memcpy(key + 1, name + len - part, part);
	return TALLY_KEY;
}

static void
take_missing(struct dns_across *st, const struct dns_query_row *row)
{
	char key[TALLY_KEY];
	struct name_count *x = tally_at(&st->names, key,
					name_key(row->query, key));

	if (!x)
		return;
	if (x->n++ == 0) {
		snprintf(x->name, sizeof(x->name), "%s", row->query);
		x->frame = (uint64_t)row->frame_number;
		x->answer = (uint64_t)row->response_frame;
		x->first = row->ts_ns;
	}
	x->last = row->ts_ns;
}

static void
take_server(struct dns_across *st, const struct dns_query_row *row)
{
	struct server_count *x = tally_at(&st->servers, &row->server_addr,
					  sizeof(row->server_addr));

	if (!x)
		return;
	if (x->asked == 0) {
		x->addr = row->server_addr;
		x->first = row->ts_ns;
	}
	x->asked += (uint64_t)row->queries;
	x->last = row->ts_ns;
	if (row->rtt_ns != ROW_NULL) {
		x->answered++;
		return;
	}
	if (x->silent == 0)
		x->frame = (uint64_t)row->frame_number;
	x->silent += (uint64_t)row->queries;
}

static void
take_lookup(struct dns_across *st, const struct dns_query_row *row)
{
	for (unsigned i = 0; i < row->n_addrs; i++) {
		struct addr key[2] = { row->client_addr, row->addr[i] };
		struct lookup *x = tally_at(&st->lookups, key, sizeof(key));

		if (x)
			*x = (struct lookup){ row->ts_ns,
					      row->ts_ns + row->rtt_ns };
	}
}

/* The first request of a connection had its server's name looked up. */
static void
dns_amend(void *state, enum row_table table, void *row)
{
	struct dns_across *st = state;
	struct request_row *q = row;
	struct addr key[2];
	struct lookup *x;

	if (table != ROW_REQUEST || q->connect_start == 0)
		return;
	key[0] = q->client_addr;
	key[1] = q->server_addr;
	x = tally_at(&st->lookups, key, sizeof(key));
	if (x && x->answered != 0 && x->answered <= q->connect_start &&
	    q->connect_start - x->answered < USED_WITHIN)
		q->dns_ns = x->answered - x->asked;
}

static void
dns_row(void *state, struct row_sink *sink, enum row_table table,
	const void *row)
{
	const struct dns_query_row *q = row;
	struct dns_across *st = state;

	(void)sink;
	if (table != ROW_DNS_QUERY)
		return;
	take_server(st, q);
	take_lookup(st, q);
	if (q->rcode_name && strcmp(q->rcode_name, "NXDOMAIN") == 0)
		take_missing(st, q);
}

static void
put_missing(const struct name_count *x, struct row_sink *sink)
{
	char title[300], text[500];
	struct finding_row row;

	across_finding(&row, "warning", "dns_nxdomain");
	snprintf(title, sizeof(title), "the name '%s' does not exist", x->name);
	snprintf(text, sizeof(text),
		 "'%s' was asked for %" PRIu64 " times and the name server "
		 "answered NXDOMAIN: there is no such name. A program that "
		 "asked reports 'unknown host' and makes no connection.",
		 x->name, x->n);
	row.title = title;
	row.explanation = text;
	row.advice = "A misspelt name, a zone that is missing here (split DNS, "
		     "VPN), or a search list that tries other suffixes first "
		     "(resolv.conf: search, ndots).";
	row.start_ns = x->first;
	row.end_ns = x->last;
	row.confidence = 1;
	across_evidence(&row, x->frame, "the question");
	across_evidence(&row, x->answer, "NXDOMAIN");
	row_put(sink, ROW_FINDING, &row);
}

static void
put_silent(const struct server_count *x, struct row_sink *sink)
{
	char who[ADDR_TEXT_SIZE], title[160], text[400];
	struct finding_row row;

	across_finding(&row, "warning", "dns_timeout");
	addr_format(&x->addr, who);
	snprintf(title, sizeof(title), "the name server %s does not answer",
		 who);
	snprintf(text, sizeof(text),
		 "%" PRIu64 " of %" PRIu64 " questions to %s stayed without an "
		 "answer. A resolver waits 5 s and asks again before it gives "
		 "up.", x->silent, x->asked, who);
	row.title = title;
	row.explanation = text;
	row.advice = "Is the server up, and is UDP port 53 open both ways? "
		     "Look at /etc/resolv.conf: a dead first server delays "
		     "every look-up.";
	row.start_ns = x->first;
	row.end_ns = x->last;
	row.confidence = x->answered > 0 ? 0.7 : 0.9;
	across_evidence(&row, x->frame, "not answered");
	row_put(sink, ROW_FINDING, &row);
}

static void
dns_across_finish(void *state, struct row_sink *sink, nstime now)
{
	struct dns_across *st = state;

	(void)now;
	for (size_t i = 0; i < st->names.n && i < NAME_FINDINGS; i++)
		put_missing(tally_entry(&st->names, i), sink);
	for (size_t i = 0; i < st->servers.n; i++) {
		const struct server_count *x = tally_entry(&st->servers, i);

		if (x->silent >=
		    threshold_count(sink, THRESHOLD_DNS_UNANSWERED))
			put_silent(x, sink);
	}
}

const struct capture_analyzer dns_across_analyzer = {
	.name = "dns",
	.state_size = sizeof(struct dns_across),
	.amend = dns_amend,
	.row = dns_row,
	.finish = dns_across_finish,
	.tallies = {
		ACROSS_TALLY(dns_across, names, name_count, NAMES),
		ACROSS_TALLY(dns_across, servers, server_count, SERVERS),
		ACROSS_TALLY(dns_across, lookups, lookup, LOOKUPS),
	},
};
