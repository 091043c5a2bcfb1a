/*
 * conn.c - a connection out of the database: conn.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/conn.h"
#include "tui/sane.h"
#include "tui/show.h"

const char *
side_name(int side)
{
	return side == SIDE_SERVER ? "server" : "client";
}

static uint8_t
side_of(const char *name)
{
	return name[0] == 's' ? SIDE_SERVER : SIDE_CLIENT;
}

static int64_t
int_or_unknown(const struct query *q, int column)
{
	return query_is_null(q, column) ? CONN_UNKNOWN
					: query_amount(q, column);
}

/* --- the row ----------------------------------------------------------- */

static const char row_sql[] =
	"SELECT client_addr, server_addr, client_port, server_port,"
	" ifnull(vlan, -1), start_ns, ifnull(end_ns, start_ns), first_frame,"
	" last_frame, tcp_stream, ifnull(service, ''), ifnull(outcome, ''),"
	" client_state, server_state,"
	" ifnull(server_bytes > client_bytes, 0), client_isn, server_isn,"
	" client_wscale, server_wscale"
	" FROM conn WHERE conn_id = ?1";

static void
endpoint_text(char *to, size_t size, const char *addr, unsigned port)
{
	bool six = strchr(addr, ':') != NULL;

	snprintf(to, size, "%s%s%s:%u", six ? "[" : "", addr, six ? "]" : "",
		 port);
}

static void
read_row(struct conn *c, const struct query *q)
{
	struct tui_conn *k = &c->key;

	show_copy(k->client_addr, sizeof(k->client_addr), query_text(q, 0));
	show_copy(k->server_addr, sizeof(k->server_addr), query_text(q, 1));
	k->client_port = (uint16_t)query_int(q, 2);
	k->server_port = (uint16_t)query_int(q, 3);
	k->vlan = query_int(q, 4);
	k->start_ns = query_time(q, 5);
	k->end_ns = query_time(q, 6);
	k->first_frame = (uint64_t)query_int(q, 7);
	k->last_frame = (uint64_t)query_int(q, 8);
	c->tcp_stream = query_int(q, 9);
	show_copy(c->service, sizeof(c->service), query_text(q, 10));
	show_copy(c->outcome, sizeof(c->outcome), query_text(q, 11));
	c->state[SIDE_CLIENT] = state_look(query_text(q, 12));
	c->state[SIDE_SERVER] = state_look(query_text(q, 13));
	c->busier = (uint8_t)(query_int(q, 14) != 0);
	c->isn[SIDE_CLIENT] = int_or_unknown(q, 15);
	c->isn[SIDE_SERVER] = int_or_unknown(q, 16);
	c->wscale[SIDE_CLIENT] = int_or_unknown(q, 17);
	c->wscale[SIDE_SERVER] = int_or_unknown(q, 18);
	c->life = span_of(k->start_ns, k->end_ns + 1);
	endpoint_text(c->end[SIDE_CLIENT], sizeof(c->end[0]), k->client_addr,
		      k->client_port);
	endpoint_text(c->end[SIDE_SERVER], sizeof(c->end[0]), k->server_addr,
		      k->server_port);
}

static struct query *
query_of(struct store *st, const char *sql, int64_t conn_id)
{
	struct query *q = query_open(st, sql);

	if (q)
		query_bind_int(q, 1, conn_id);
	return q;
}

static int
load_row(struct conn *c, struct store *st)
{
	struct query *q = query_of(st, row_sql, c->key.conn_id);
	bool found = q && query_step(q);

	if (found)
		read_row(c, q);
	if (q)
		query_close(q);
	return found ? 0 : -1;
}

/* --- changes of state -------------------------------------------------- */

static void
load_changes(struct conn *c, struct store *st)
{
	struct query *q = query_of(st, "SELECT ts_ns, frame_number, side,"
		" old_state, new_state, cause FROM state_change"
		" WHERE conn_id = ?1 ORDER BY ts_ns LIMIT 64",
		c->key.conn_id);

	while (q && c->n_changes < CONN_CHANGES && query_step(q)) {
		struct conn_change *ch = &c->change[c->n_changes++];

		ch->ts = query_time(q, 0);
		ch->frame = query_int(q, 1);
		ch->side = side_of(query_text(q, 2));
		ch->from = state_look(query_text(q, 3));
		ch->to = state_look(query_text(q, 4));
		show_copy(ch->cause, sizeof(ch->cause), query_text(q, 5));
	}
	if (q)
		query_close(q);
}

/* --- samples ----------------------------------------------------------- */

static const char sample_sql[] =
	"SELECT ts_ns, snd_una, snd_nxt, flight, rwnd, cwnd, cwnd_low,"
	" cwnd_high, ssthresh, srtt_ns, phase FROM sample"
	" WHERE conn_id = ?1 AND side = ?2 AND sample_id % ?3 = 0"
	" LIMIT ?4";

static void
read_sample(struct conn_sample *s, const struct query *q)
{
	int64_t *const field[] = { &s->ts, &s->snd_una, &s->snd_nxt,
				   &s->flight, &s->rwnd, &s->cwnd,
				   &s->cwnd_low, &s->cwnd_high, &s->ssthresh,
				   &s->srtt };

	for (int i = 0; i < 10; i++)
		*field[i] = int_or_unknown(q, i);
	show_copy(s->phase, sizeof(s->phase), query_text(q, 10));
}

static int64_t
count_samples(const struct conn *c, struct store *st)
{
	struct query *q = query_of(st, "SELECT count(*) FROM sample"
				   " WHERE conn_id = ?1", c->key.conn_id);
	int64_t n = q && query_step(q) ? query_int(q, 0) : 0;

	if (q)
		query_close(q);
	return n;
}

static void
load_samples(struct conn *c, struct store *st, int side, int64_t every)
{
	struct query *q = query_of(st, sample_sql, c->key.conn_id);
	size_t size = 0;

	if (!q)
		return;
	query_bind_text(q, 2, side_name(side));
	query_bind_int(q, 3, every);
	query_bind_int(q, 4, CONN_SAMPLES);
	while (query_step(q)) {
		if (c->n_samples[side] == size) {
			size_t more = size ? size * 2 : 256;
			struct conn_sample *s = realloc(c->sample[side],
							more * sizeof(*s));

			if (!s)
				break;
			c->sample[side] = s;
			size = more;
		}
		read_sample(&c->sample[side][c->n_samples[side]++], q);
	}
	query_close(q);
}

/* --- events ------------------------------------------------------------ */

static uint32_t
keep_detail(struct conn *c, const char *text)
{
	size_t len = strlen(text) + 1;
	uint32_t at = (uint32_t)c->details_len;

	if (c->details_len + len > c->details_size) {
		size_t size = c->details_size * 2 + len + 4096;
		char *details = realloc(c->details, size);

		if (!details)
			return 0;
		c->details = details;
		c->details_size = size;
	}
	memcpy(c->details + c->details_len, text, len);
	c->details_len += len;
	return at;
}

static void
read_event(struct conn *c, const struct query *q)
{
	struct conn_event *e = &c->event[c->n_events++];

	e->ts = query_time(q, 0);
	e->frame = query_int(q, 1);
	e->side = side_of(query_text(q, 2));
	show_copy(e->kind, sizeof(e->kind), query_text(q, 3));
	e->seq = int_or_unknown(q, 4);
	e->len = query_is_null(q, 5) ? 0 : query_int(q, 5);
	e->detail = query_is_null(q, 6) ? 0 : keep_detail(c,
							  query_text(q, 6));
}

static void
load_events(struct conn *c, struct store *st)
{
	struct query *q = query_of(st, "SELECT ts_ns, frame_number, side,"
		" kind, seq, len, detail FROM event WHERE conn_id = ?1"
		" LIMIT 20001", c->key.conn_id);
	size_t size = 0;

	keep_detail(c, "");	/* at 0: none */
	while (q && query_step(q)) {
		if (c->n_events == CONN_EVENTS) {
			c->events_cut = true;
			break;
		}
		if (c->n_events == size) {
			size_t more = size ? size * 2 : 256;
			struct conn_event *e = realloc(c->event,
						       more * sizeof(*e));

			if (!e)
				break;
			c->event = e;
			size = more;
		}
		read_event(c, q);
	}
	if (q)
		query_close(q);
}

/* --- limits ------------------------------------------------------------ */

static void
load_spans(struct conn *c, struct store *st)
{
	struct query *q = query_of(st, "SELECT start_ns, end_ns, side, cause"
		" FROM limit_span WHERE conn_id = ?1 LIMIT 4000",
		c->key.conn_id);

	c->span = calloc(CONN_SPANS, sizeof(*c->span));
	while (q && c->span && c->n_spans < CONN_SPANS && query_step(q)) {
		struct conn_span *s = &c->span[c->n_spans++];

		s->from = query_time(q, 0);
		s->to = query_time(q, 1);
		s->side = side_of(query_text(q, 2));
		s->cause = cause_look(query_text(q, 3));
	}
	if (q)
		query_close(q);
}

/* --- stops ------------------------------------------------------------- */

static int
by_time(const void *a, const void *b)
{
	const struct conn_stop *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return (int)y->is_change - (int)x->is_change;
}

int
conn_make_stops(struct conn *c)
{
	free(c->stop);
	c->n_stops = 0;
	c->stop = calloc(c->n_events + c->n_changes + 1, sizeof(*c->stop));
	if (!c->stop)
		return -1;
	for (size_t i = 0; i < c->n_changes; i++)
		c->stop[c->n_stops++] = (struct conn_stop){
			.ts = c->change[i].ts, .frame = c->change[i].frame,
			.side = c->change[i].side, .is_change = true,
			.index = (uint32_t)i };
	for (size_t i = 0; i < c->n_events; i++)
		c->stop[c->n_stops++] = (struct conn_stop){
			.ts = c->event[i].ts, .frame = c->event[i].frame,
			.side = c->event[i].side, .index = (uint32_t)i };
	qsort(c->stop, c->n_stops, sizeof(*c->stop), by_time);
	return 0;
}

size_t
conn_stop_at(const struct conn *c, nstime ts, int64_t frame)
{
	size_t best = 0;
	nstime least = INT64_MAX;

	for (size_t i = 0; i < c->n_stops; i++) {
		nstime far = c->stop[i].ts > ts ? c->stop[i].ts - ts
						: ts - c->stop[i].ts;

		if (frame > 0 && c->stop[i].frame == frame)
			far = far > 0 ? -1 : -2;	/* before all others */
		if (far < least) {
			least = far;
			best = i;
		}
	}
	return best;
}

static void
change_words(const struct conn_change *ch, char *buf, size_t size)
{
	snprintf(buf, size, "%s goes from %s to %s%s%s%s",
		 side_name(ch->side), ch->from->name, ch->to->name,
		 ch->cause[0] ? ": " : "", ch->cause,
		 ch->frame > 0 ? "" : " (no packet)");
	if (ch->frame > 0) {
		size_t len = strlen(buf);

		snprintf(buf + len, size - len, "; packet %" PRId64,
			 ch->frame);
	}
}

void
conn_stop_words(const struct conn *c, size_t i, char *buf, size_t size)
{
	const struct conn_stop *s = &c->stop[i];
	const struct conn_event *e;
	int n;

	if (s->is_change) {
		change_words(&c->change[s->index], buf, size);
		return;
	}
	e = &c->event[s->index];
	n = snprintf(buf, size, "%s: ", side_name(e->side));
	event_words(buf + n, size - (size_t)n, e->kind, e->seq, e->len,
		    e->frame, c->details + e->detail);
}

const struct conn_sample *
conn_sample_at(const struct conn *c, int side, nstime ts)
{
	size_t low = 0, high = c->n_samples[side];

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c->sample[side][mid].ts <= ts)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 ? &c->sample[side][low - 1] : NULL;
}

/* --- together ---------------------------------------------------------- */

int
conn_load(struct conn *c, struct store *st, int64_t conn_id)
{
	int64_t n, every;

	memset(c, 0, sizeof(*c));
	c->key.conn_id = conn_id;
	if (load_row(c, st) < 0)
		return -1;
	load_changes(c, st);
	n = count_samples(c, st);
	every = n / CONN_SAMPLES + 1;
	c->samples_thinned = every > 1;
	for (int side = 0; side < N_SIDES; side++)
		load_samples(c, st, side, every);
	load_events(c, st);
	load_spans(c, st);
	return conn_make_stops(c);
}

void
conn_release(struct conn *c)
{
	for (int side = 0; side < N_SIDES; side++)
		free(c->sample[side]);
	free(c->event);
	free(c->details);
	free(c->span);
	free(c->stop);
	memset(c, 0, sizeof(*c));
}
