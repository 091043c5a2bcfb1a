/*
 * fuzz_sender.c - senders whose packets make no sense.
 *
 * Twelve bytes are one event: data or an ACK, with time, numbers and SACK
 * blocks near to, or far from, what would fit.  Whatever comes, the counters
 * of the scoreboard agree with its runs, and no window is nothing.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "analysis/blocks.h"
#include "analysis/cc_identify.h"
#include "analysis/estimate.h"
#include "analysis/limit.h"
#include "analysis/loss.h"

#define EVENT 12
#define EVENTS_MAX 4096
#define FIRST ((UINT64_C(1) << 32) + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t
u16(const uint8_t *p)
{
	return (uint32_t)(p[0] | p[1] << 8);
}

/* Near the edge of what is known, or by far off it. */
static uint64_t
number(uint64_t edge, const uint8_t *p, uint8_t wild)
{
	int64_t off = (int64_t)u16(p) - 8192;

	return edge + (uint64_t)(wild ? off * 65536 : off);
}

static void
send(struct loss *l, const uint8_t *p, uint64_t t)
{
	struct data_out d = {
		.t = t,
		.seq = p[0] & 2 ? l->sb.nxt : number(l->sb.nxt, p + 4,
						     p[0] & 4),
		.tsval = (uint32_t)(t / 1000),
		.has_ts = p[0] & 8,
		.unseen = p[0] & 16,
		.waiting = p[0] & 32,
	};

	if (d.seq < FIRST)
		d.seq = FIRST;
	d.end = d.seq + 1 + u16(p + 6);
	if (d.seq > l->sb.nxt)
		d.seq = l->sb.nxt;
	if (d.end - l->sb.nxt < UINT64_C(1) << 30 || d.end <= l->sb.nxt)
		loss_data(l, &d);
}

static void
acknowledge(struct loss *l, const uint8_t *p, uint64_t t)
{
	struct ack_in a = {
		.t = t,
		.ack = p[0] & 2 ? l->sb.nxt : number(l->una, p + 4, 0),
		.window = u16(p + 6) << (p[0] & 7),
		.tsecr = u16(p + 8),
		.n_sack = p[1] & 3,
		.has_ts = p[0] & 8,
		.has_data = p[0] & 16,
		.ece = p[0] & 32,
	};

	for (int i = 0; i < a.n_sack; i++) {
		a.sack[i].start = number(l->una, p + 5 + i, p[0] & 64);
		a.sack[i].end = a.sack[i].start + u16(p + 8);
	}
	if (a.ack > l->sb.nxt)
		a.ack = l->sb.nxt;
	loss_ack(l, &a);
}

static void
check(const struct loss *l)
{
	const struct scoreboard *sb = &l->sb;
	uint32_t out = 0, lost = 0, sacked = 0, retrans = 0;

	for (uint32_t i = 0; i < sb->n; i++) {
		const struct sent *s = scoreboard_at(sb, i);

		assert(s->n > 0);
		out += s->n;
		lost += s->marks & SENT_LOST ? s->n : 0;
		sacked += s->marks & SENT_SACKED ? s->n : 0;
		retrans += s->marks & SENT_RTX ? s->n : 0;
	}
	assert(out == sb->out && lost == sb->lost && retrans == sb->retrans);
	assert(!l->sack_ok || sacked == sb->sacked);
	assert(l->una <= sb->nxt);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blocks *blocks = blocks_open(1 << 22);
	struct cc_bank bank;
	struct loss l;
	uint64_t t = 1000;

	if (!blocks || size < EVENT) {
		blocks_close(blocks);
		return 0;
	}
	memset(&l, 0, sizeof(l));
	l.snd_wnd = l.max_window = 65535;
	l.sack_ok = data[0] & 128;
	l.causal = data[1] & 128;
	l.ecn_ok = true;
	loss_init(&l, blocks, &bank, 1 + u16(data + 2) % 9000, FIRST);
	loss_handshake(&l, u16(data + 4), t);
	for (size_t i = 0; i + EVENT <= size && i < EVENT * EVENTS_MAX;
	     i += EVENT) {
		const uint8_t *p = data + i;

		t += (uint64_t)u16(p + 2) << (p[1] >> 4);
		if (p[0] & 1)
			send(&l, p, t);
		else
			acknowledge(&l, p, t);
		check(&l);
		limit_now(&l, cc_best(&l));
		estimate_cwnd(&l, cc_best(&l));
	}
	loss_release(&l);
	blocks_close(blocks);
	return 0;
}
