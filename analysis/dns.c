/*
 * dns.c - the table of open questions, oldest first; and DNS over UDP.
 */
#include <stdio.h>
#include <string.h>

#include "analysis/dns.h"
#include "dissect/dns.h"

#define PENDING 512
#define ANSWER_TIME (10 * NS_PER_S)

struct dns_state {
	struct dns_table table;
	struct dns_question pending[PENDING];
};

static struct dns_question *
question_at(struct dns_table *t, uint32_t i)
{
	return &t->pending[i % t->size];
}

static bool
is_empty(const struct dns_table *t)
{
	return t->tail == t->head;
}

static void
put_question(struct row_sink *sink, const struct dns_question *q,
	     const struct dns_message *answer, const struct dns_packet *p)
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
	row.transport = q->transport;
	if (answer) {
		row.response_frame = (int64_t)p->frame;
		row.rtt_ns = p->ts - q->ts;
		row.rcode_name = dns_rcode_name(answer->rcode);
		if (answer->answers[0])
			row.answers = answer->answers;
		row.n_addrs = answer->n_addrs < DNS_QUERY_ADDRS ?
			      answer->n_addrs : DNS_QUERY_ADDRS;
		memcpy(row.addr, answer->addr,
		       row.n_addrs * sizeof(row.addr[0]));
	}
	row_put(sink, ROW_DNS_QUERY, &row);
}

/* The oldest is over: it has its row already, or gets one now. */
static void
drop_oldest(struct dns_table *t, struct row_sink *sink)
{
	struct dns_question *q = question_at(t, t->tail++);

	if (!q->done)
		put_question(sink, q, NULL, NULL);
}

static struct dns_question *
find(struct dns_table *t, const struct dns_packet *p, enum side asker,
     uint16_t id)
{
	for (uint32_t i = t->head; i != t->tail;) {
		struct dns_question *q = question_at(t, --i);

		if (!q->done && q->id == id &&
		    q->client_port == p->port[asker] &&
		    q->server_port == p->port[!asker] &&
		    addr_compare(&q->client, &p->addr[asker]) == 0 &&
		    addr_compare(&q->server, &p->addr[!asker]) == 0)
			return q;
	}
	return NULL;
}

static void
ask(struct dns_table *t, struct row_sink *sink, const struct dns_packet *p,
    const struct dns_message *m)
{
	struct dns_question *q = find(t, p, p->side, m->id);

	if (q && strncmp(q->name, m->name, sizeof(q->name) - 1) == 0) {
		q->times++;
		return;
	}
	if (t->head - t->tail == t->size)
		drop_oldest(t, sink);
	q = question_at(t, t->head++);
	*q = (struct dns_question){
		.ts = p->ts,
		.frame = p->frame,
		.client = p->addr[p->side],
		.server = p->addr[!p->side],
		.client_port = p->port[p->side],
		.server_port = p->port[!p->side],
		.transport = p->transport,
		.id = m->id,
		.qtype = m->qtype,
		.times = 1,
	};
	snprintf(q->name, sizeof(q->name), "%.*s", (int)sizeof(q->name) - 1,
		 m->name);
}

void
dns_take(struct dns_table *t, struct row_sink *sink,
	 const struct dns_packet *p, const struct cursor *message)
{
	struct dns_question *q;
	struct dns_message m;

	dns_read(message, &m);
	if (m.n_questions != 1 || m.name[0] == '\0')
		return;
	if (!m.response) {
		ask(t, sink, p, &m);
		return;
	}
	q = find(t, p, !p->side, m.id);
	if (!q)
		return;
	put_question(sink, q, &m, p);
	q->done = true;
	while (!is_empty(t) && question_at(t, t->tail)->done)
		t->tail++;
}

void
dns_drop_all(struct dns_table *t, struct row_sink *sink)
{
	while (!is_empty(t))
		drop_oldest(t, sink);
}

/* --- over UDP -------------------------------------------------------------- */

static struct dns_table *
table_of(struct dns_state *st)
{
	st->table.pending = st->pending;
	st->table.size = PENDING;
	return &st->table;
}

static void
dns_datagram(void *state, struct row_sink *sink, const struct udp_flow *flow,
	     enum side side, const struct packet *p,
	     const struct dissection *d)
{
	if (flow->port[side] != DNS_PORT && flow->port[!side] != DNS_PORT)
		return;
	dns_take(table_of(state), sink, &(struct dns_packet){
		.addr = flow->addr,
		.port = flow->port,
		.side = side,
		.transport = "udp",
		.ts = p->ts,
		.frame = p->number,
	}, &d->payload);
}

/* Its row is about the frame that asked. */
static void
give_up_oldest(struct dns_table *t, struct row_sink *sink)
{
	sink->first_frame = question_at(t, t->tail)->frame;
	drop_oldest(t, sink);
	sink->first_frame = 0;
}

static void
dns_expire(void *state, struct row_sink *sink, nstime now)
{
	struct dns_table *t = table_of(state);

	while (!is_empty(t) && (question_at(t, t->tail)->done ||
				question_at(t, t->tail)->ts + ANSWER_TIME <
					now))
		give_up_oldest(t, sink);
}

static void
dns_finish(void *state, struct row_sink *sink, nstime now)
{
	struct dns_table *t = table_of(state);

	(void)now;
	while (!is_empty(t))
		give_up_oldest(t, sink);
}

const struct shard_analyzer dns_analyzer = {
	.name = "dns",
	.state_size = sizeof(struct dns_state),
	.datagram = dns_datagram,
	.expire = dns_expire,
	.finish = dns_finish,
};
