/*
 * dns.c - the table of open questions, oldest first.
 */
#include <stdio.h>
#include <string.h>

#include "analysis/dns.h"
#include "dissect/dns.h"

#define PENDING 512		/* a power of 2 */
#define ANSWER_TIME (10 * NS_PER_S)

struct question {
	nstime ts;
	uint64_t frame;
	struct addr client, server;
	uint16_t client_port, server_port;
	uint16_t id, qtype;
	uint32_t times;
	bool done;
	char name[DNS_NAME_SIZE / 2];
};

struct dns_state {
	uint32_t tail, head;	/* [tail, head), modulo PENDING */
	struct question pending[PENDING];
};

static struct question *
question_at(struct dns_state *st, uint32_t i)
{
	return &st->pending[i % PENDING];
}

static void
put_question(struct row_sink *sink, const struct question *q,
	     const struct dns_message *answer, const struct packet *p)
{
	struct dns_query_row row;

	row_init(ROW_DNS_QUERY, &row);
	row.ts_ns = q->ts;
	row.frame_number = (int64_t)q->frame;
	row.client_addr = q->client;
	row.server_addr = q->server;
	row.client_port = q->client_port;
	row.server_port = q->server_port;
	row.trans_id = q->id;
	row.query = q->name;
	row.qtype_name = dns_type_name(q->qtype);
	row.queries = q->times;
	if (answer) {
		row.response_frame = (int64_t)p->number;
		row.rtt_ns = p->ts - q->ts;
		row.rcode_name = dns_rcode_name(answer->rcode);
		if (answer->answers[0])
			row.answers = answer->answers;
		row.n_addrs = answer->n_addrs < DNS_QUERY_ADDRS ?
			      answer->n_addrs : DNS_QUERY_ADDRS;
		memcpy(row.addr, answer->addr,
		       row.n_addrs * sizeof(row.addr[0]));
	} else {
		sink->first_frame = q->frame;
	}
	row_put(sink, ROW_DNS_QUERY, &row);
	sink->first_frame = 0;
}

/* The oldest is over: it has its row already, or gets one now. */
static void
drop_oldest(struct dns_state *st, struct row_sink *sink)
{
	struct question *q = question_at(st, st->tail++);

	if (!q->done)
		put_question(sink, q, NULL, NULL);
}

static struct question *
find(struct dns_state *st, const struct udp_flow *flow, enum side asker,
     uint16_t id)
{
	for (uint32_t i = st->head; i != st->tail;) {
		struct question *q = question_at(st, --i);

		if (!q->done && q->id == id &&
		    q->client_port == flow->port[asker] &&
		    q->server_port == flow->port[!asker] &&
		    addr_compare(&q->client, &flow->addr[asker]) == 0 &&
		    addr_compare(&q->server, &flow->addr[!asker]) == 0)
			return q;
	}
	return NULL;
}

static void
ask(struct dns_state *st, struct row_sink *sink, const struct udp_flow *flow,
    enum side side, const struct packet *p, const struct dns_message *m)
{
	struct question *q = find(st, flow, side, m->id);

	if (q && strncmp(q->name, m->name, sizeof(q->name) - 1) == 0) {
		q->times++;
		return;
	}
	if (st->head - st->tail == PENDING)
		drop_oldest(st, sink);
	q = question_at(st, st->head++);
	*q = (struct question){
		.ts = p->ts,
		.frame = p->number,
		.client = flow->addr[side],
		.server = flow->addr[!side],
		.client_port = flow->port[side],
		.server_port = flow->port[!side],
		.id = m->id,
		.qtype = m->qtype,
		.times = 1,
	};
	snprintf(q->name, sizeof(q->name), "%.*s", (int)sizeof(q->name) - 1,
		 m->name);
}

static void
dns_datagram(void *state, struct row_sink *sink, const struct udp_flow *flow,
	     enum side side, const struct packet *p,
	     const struct dissection *d)
{
	struct dns_state *st = state;
	struct dns_message m;
	struct question *q;

	if (flow->port[side] != DNS_PORT && flow->port[!side] != DNS_PORT)
		return;
	dns_read(&d->payload, &m);
	if (m.n_questions != 1 || m.name[0] == '\0')
		return;
	if (!m.response) {
		ask(st, sink, flow, side, p, &m);
		return;
	}
	q = find(st, flow, !side, m.id);
	if (!q)
		return;
	put_question(sink, q, &m, p);
	q->done = true;
	while (st->tail != st->head && question_at(st, st->tail)->done)
		st->tail++;
}

static void
dns_expire(void *state, struct row_sink *sink, nstime now)
{
	struct dns_state *st = state;

	while (st->tail != st->head &&
	       (question_at(st, st->tail)->done ||
		question_at(st, st->tail)->ts + ANSWER_TIME < now))
		drop_oldest(st, sink);
}

static void
dns_finish(void *state, struct row_sink *sink, nstime now)
{
	struct dns_state *st = state;

	(void)now;
	while (st->tail != st->head)
		drop_oldest(st, sink);
}

const struct shard_analyzer dns_analyzer = {
	.name = "dns",
	.state_size = sizeof(struct dns_state),
	.datagram = dns_datagram,
	.expire = dns_expire,
	.finish = dns_finish,
};
