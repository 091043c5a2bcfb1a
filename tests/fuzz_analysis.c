/*
 * fuzz_analysis.c - random segments of one connection through an engine with
 * all analyzers: nothing asserts, and the rows make sense.
 *
 * Each 16 bytes of input are a segment: flags, direction, small steps of
 * numbers, options.  Payload is taken from the input too, so that the readers
 * of HTTP and TLS have something to read.
 */
#include <assert.h>
#include <stdlib.h>

#include "analysis/engine.h"
#include "tests/segments.h"

enum { ROW = 16 };

static void
check(void *ctx, enum row_table table, const void *row)
{

	(void)ctx;
	if (table == ROW_EVENT) {
		const struct event_row *e = row;

		assert(e->kind && e->frame_number > 0);
		assert(!e->detail || e->detail[0] == '{');
	} else if (table == ROW_ENDPOINT) {
		const struct endpoint_row *e = row;

		assert(e->unique_bytes <= e->bytes && e->unique_bytes >= 0);
		assert(e->missing_bytes >= 0);
		assert(e->retrans_packets <= e->packets);
		assert(e->min_rtt_ns == ROW_NULL ||
		       (e->min_rtt_ns > 0 && e->min_rtt_ns <= e->max_rtt_ns));
	}
}

/* Small numbers meet each other often. */
static void
segment_of(const uint8_t *b, double *now, struct segment *s, char flags[8])
{
	static const char letters[] = "SFRP.UEW";
	size_t n = 0;

	for (int i = 0; i < 7; i++)
		if (b[0] >> i & 1)
			flags[n++] = letters[i];
	flags[n] = '\0';
	*now += b[1] * b[1] / 10000.0;
	*s = (struct segment){
		.at = *now,
		.from = b[2] & 1 ? '>' : '<',
		.flags = flags,
		.seq = 1000 + (uint32_t)b[3] * (b[4] > 250 ? 0x1010101 : 4),
		.ack = 1000 + (uint32_t)b[5] * (b[6] > 250 ? 0x1010101 : 4),
		.len = b[7] & 15,
		.win = (uint16_t)(b[8] + 1),
		.zero_window = b[8] == 0,
		.id = b[9],
		.tsval = b[10] & 1 ? b[11] + 1 : 0,
		.tsecr = b[12],
		.sack = { 1000 + (uint32_t)b[13] * 4,
			  b[10] & 2 ? 1000 + (uint32_t)b[14] * 4 : 0 },
		.options = b[10] & 4 ? TCP_OPT_MSS : 0,
		.ttl = b[10] & 8 ? 60 : 64,
	};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct flow_secret secret = { 1, 2 };
	static const uint8_t frame[54 + 15];
	struct row_sink sink = { .put = check };
	struct engine_config cfg = { .max_block_bytes = 1 << 20 };
	struct engine *e;
	double now = 1;
	struct conn *c;

	tracker_config_init(&cfg.tracker, engine_conn_extra(false), 1 << 22);
	e = engine_open(&cfg, &sink);
	assert(e);
	for (uint64_t n = 1; size >= ROW; n++) {
		struct dissection d;
		struct segment s;
		struct flow_key key;
		struct packet p = {
			.number = n,
			.link_type = 1,
			.bytes = frame,
		};
		char flags[8];
		bool swapped;

		segment_of(data, &now, &s, flags);
		segment_dissection(&s, &d);
		d.tcp.mss = 12;
		d.tcp.checksum = data[15] & 1 ? CHECKSUM_GOOD : CHECKSUM_BAD;
		d.tcp.checksum_field = data[15];
		data += ROW;
		size -= ROW;
		d.payload = cursor_init(data, size < s.len ? size : s.len,
					s.len);
		p.ts = (nstime)(s.at * 1e9);
		p.caplen = p.wire_len = 54 + s.len;
		if (flow_key_of(&d, &key, &swapped))
			engine_packet(e, &p, &d, &key,
				      flow_key_hash(&key, &secret), swapped);
	}
	engine_begin_finish(e, UINT64_MAX - 1, (nstime)(now * 1e9));
	while ((c = tracker_next(engine_tracker(e))))
		tracker_close_conn(engine_tracker(e), c);
	engine_finish(e, (nstime)(now * 1e9));
	engine_close(e);
	return 0;
}
