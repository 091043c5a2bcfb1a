/*
 * fuzz_reassembly.c - raw IP packets through everything up to the streams.
 *
 * The input is a series of packets: two bytes of length, one of time and cut,
 * then an IP packet.  Fragments, flows, connections, streams of both ends.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reassembly/fragment.h"
#include "reassembly/stream.h"
#include "reassembly/tracker.h"

#define LINKTYPE_RAW 101

struct streams {
	struct stream stream[N_SIDES];
	uint64_t told[N_SIDES];		/* where each is */
};

static struct stream_pool pool;

/* What is told follows what was told before, without a hole. */
static void
on_data(void *ctx, const uint8_t *bytes, size_t len, uint64_t seq,
	uint64_t frame, nstime ts)
{
	uint64_t *told = ctx;
	volatile uint8_t sum = 0;

	(void)frame;
	(void)ts;
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	assert(*told == 0 || seq == *told);
	*told = seq + len;
}

static void
on_gap(void *ctx, uint64_t seq, uint64_t len, enum stream_gap why)
{
	uint64_t *told = ctx;

	assert(why < N_STREAM_GAPS && len > 0);
	assert(*told == 0 || seq == *told);
	*told = seq + len;
}

static const struct stream_sink sink = { .data = on_data, .gap = on_gap };

static void
on_open(void *ctx, struct conn *c)
{
	struct streams *s = (struct streams *)c->extra;

	(void)ctx;
	for (int i = 0; i < N_SIDES; i++)
		stream_init(&s->stream[i], &pool, &sink, &s->told[i], NULL);
}

static void
on_segment(void *ctx, struct conn *c, const struct seg_event *ev)
{
	struct streams *s = (struct streams *)c->extra;

	(void)ctx;
	stream_segment(&s->stream[ev->side], ev);
	stream_acked(&s->stream[!ev->side], ev);
}

static void
on_close(void *ctx, struct conn *c)
{
	struct streams *s = (struct streams *)c->extra;
	struct tcp_life life;

	(void)ctx;
	conn_life(c, &life);
	for (int i = 0; i < N_SIDES; i++)
		stream_close(&s->stream[i]);
}

static void
track(struct tracker *t, struct fragments *f, struct packet *p)
{
	static const struct flow_secret secret = { 7, 8 };
	static struct dissection d;
	uint32_t caplen, wire_len;
	uint8_t *whole = NULL;
	struct flow_key key;
	bool swapped;

	dissect_packet(p, &d);
	if (d.kind == DISSECT_FRAGMENT) {
		whole = fragments_take(f, p, &d, &caplen, &wire_len);
		if (whole)
			dissect_ip(whole, caplen, wire_len, &d);
	}
	if (flow_key_of(&d, &key, &swapped))
		tracker_packet(t, p, &d, &key, flow_key_hash(&key, &secret),
			       swapped);
	free(whole);
}

static void
read_all(struct tracker *t, struct fragments *f, const uint8_t *data,
	 size_t size)
{
	struct packet p = { .link_type = LINKTYPE_RAW };
	struct conn *c;

	while (size > 3) {
		uint32_t len = (uint32_t)(data[0] % 8) << 8 | data[1];
		uint32_t cut = data[2] & 15, left = (uint32_t)(size - 3);

		p.ts += (nstime)(data[2] >> 4) * 300 * NS_PER_MS;
		p.number++;
		p.caplen = len < left ? len : left;
		p.wire_len = p.caplen;
		p.caplen -= cut < p.caplen ? cut : 0;
		p.bytes = data + 3;
		data += 3 + p.wire_len;
		size -= 3 + p.wire_len;
		track(t, f, &p);
		tracker_expire(t, p.number, p.ts);
		while ((c = tracker_next(t)))
			tracker_close_conn(t, c);
	}
	tracker_finish(t, p.ts);
	while ((c = tracker_next(t)))
		tracker_close_conn(t, c);
	tracker_finish_udp(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tracker_observer observer = {
		.conn_open = on_open,
		.segment = on_segment,
		.conn_close = on_close,
	};
	static const struct flow_secret secret = { 7, 8 };
	struct fragments *f = fragments_open(&secret, 1 << 18);
	struct tracker_config cfg;
	struct tracker *t;

	tracker_config_init(&cfg, sizeof(struct streams), 1 << 18);
	t = tracker_open(&cfg, &observer, NULL);
	if (t && f && stream_pool_init(&pool, 1 << 16) == 0) {
		read_all(t, f, data, size);
		assert(pool.pieces.n_used == 0);
		stream_pool_release(&pool);
	}
	tracker_close(t);
	fragments_close(f);
	return 0;
}
