/*
 * tcp.c - a TCP segment: the header and its options (RFC 9293 s3.1, s3.2).
 *
 * Facts only.  An option of a size that it cannot have is skipped, its bit
 * is missing and TCP_OPT_MALFORMED is set; an option that reaches past the
 * header ends the list.
 */
#include <string.h>

#include "dissect/tcp_option.h"
#include "dissect/walk.h"

enum {
	TCP_HEADER_MIN = 20,
	PORT_DNS = 53,
};

/* Bytes after kind and size that an option may have, and its bit. */
struct option_rule {
	uint8_t min, max;
	uint16_t bit;
};

static const struct option_rule rules[256] = {
	[KIND_MSS] = { 2, 2, TCP_OPT_MSS },
	[KIND_WSCALE] = { 1, 1, TCP_OPT_WSCALE },
	[KIND_SACK_PERM] = { 0, 0, TCP_OPT_SACK_PERM },
	[KIND_SACK] = { 8, 32, TCP_OPT_SACK },
	[KIND_TS] = { 8, 8, TCP_OPT_TS },
	[KIND_MD5] = { 16, 16, TCP_OPT_MD5 },
	[KIND_USER_TIMEOUT] = { 2, 2, TCP_OPT_USER_TIMEOUT },
	[KIND_AO] = { 2, 38, TCP_OPT_AO },
	[KIND_MPTCP] = { 1, 38, TCP_OPT_MPTCP },
	[KIND_FASTOPEN] = { 0, 16, TCP_OPT_FASTOPEN },
	[KIND_ACCECN0] = { 0, 9, TCP_OPT_ACCECN },
	[KIND_ACCECN1] = { 0, 9, TCP_OPT_ACCECN },
	[KIND_EXPERIMENT1] = { 2, 38, TCP_OPT_EXPERIMENT },
	[KIND_EXPERIMENT2] = { 2, 38, TCP_OPT_EXPERIMENT },
};

static void
read_sack(const uint8_t *p, size_t size, struct tcp_seg *seg)
{
	if (size % 8 != 0) {
		seg->options |= TCP_OPT_MALFORMED;
		return;
	}
	for (seg->n_sack = 0; seg->n_sack < size / 8; seg->n_sack++, p += 8) {
		seg->sack[seg->n_sack].start = be32(p);
		seg->sack[seg->n_sack].end = be32(p + 4);
	}
}

/* RFC 6994; Fast Open was kind 254 with this number before it had its own. */
static void
read_experiment(const uint8_t *p, size_t size, struct tcp_seg *seg)
{
	seg->experiment = be16(p);
	if (seg->experiment == EXID_FASTOPEN) {
		seg->options |= TCP_OPT_FASTOPEN;
		seg->fastopen_len = (uint8_t)(size - 2);
	}
}

/* Of a size that its rule allows. */
static void
read_option(uint8_t kind, const uint8_t *p, size_t size, struct tcp_seg *seg)
{
	switch (kind) {
	case KIND_MSS:
		seg->mss = be16(p);
		break;
	case KIND_WSCALE:
		seg->wscale = p[0];
		break;
	case KIND_SACK:
		read_sack(p, size, seg);
		break;
	case KIND_TS:
		seg->tsval = be32(p);
		seg->tsecr = be32(p + 4);
		break;
	case KIND_USER_TIMEOUT:
		seg->user_timeout = be16(p);
		break;
	case KIND_MPTCP:
		seg->mptcp_subtype = p[0] >> 4;
		break;
	case KIND_FASTOPEN:
		seg->fastopen_len = (uint8_t)size;
		break;
	case KIND_EXPERIMENT1:
	case KIND_EXPERIMENT2:
		read_experiment(p, size, seg);
		break;
	}
}

static void
take_option(uint8_t kind, const uint8_t *p, size_t size, struct tcp_seg *seg)
{
	const struct option_rule *rule = &rules[kind];

	if (rule->bit == 0) {
		seg->options |= TCP_OPT_UNKNOWN;
		return;
	}
	if (size < rule->min || size > rule->max) {
		seg->options |= TCP_OPT_MALFORMED;
		return;
	}
	seg->options |= rule->bit;
	read_option(kind, p, size, seg);
}

static enum cursor_status
read_options(struct cursor *c, struct tcp_seg *seg)
{
	while (cursor_wire_left(c) > 0) {
		uint8_t kind = cursor_u8(c);
		uint8_t size;
		const uint8_t *body;

		if (c->status != CURSOR_OK || kind == KIND_EOL)
			break;
		if (kind == KIND_NOP)
			continue;
		size = cursor_u8(c);
		if (c->status == CURSOR_OK && size < 2)
			cursor_fail(c, CURSOR_BAD);	/* 0 would not end */
		body = cursor_bytes(c, (size_t)(size - 2));
		if (!body)
			break;
		take_option(kind, body, (size_t)(size - 2), seg);
	}
	if (c->status == CURSOR_BAD)
		seg->options |= TCP_OPT_MALFORMED;
	return c->status;
}

/* What nearly every segment of a connection has: NOP, NOP, timestamps. */
static bool
only_timestamps(const struct cursor *c, struct tcp_seg *seg)
{
	const uint8_t *p = c->pos;

	if (cursor_left(c) != 12 || be32(p) != 0x0101080a)
		return false;
	seg->options = TCP_OPT_TS;
	seg->tsval = be32(p + 4);
	seg->tsecr = be32(p + 8);
	return true;
}

static void
read_fixed(const uint8_t *p, struct tcp_seg *seg)
{
	memset(seg, 0, sizeof(*seg));
	seg->sport = be16(p);
	seg->dport = be16(p + 2);
	seg->seq = be32(p + 4);
	seg->ack = be32(p + 8);
	seg->hdr_len = (uint8_t)(p[12] >> 4) * 4;
	seg->flags = be16(p + 12) & 0x1ff;
	seg->window = be16(p + 14);
	seg->checksum_field = be16(p + 16);
	seg->urgent = be16(p + 18);
}

enum layer_kind
parse_tcp(struct walk *w)
{
	size_t wire_len = cursor_wire_left(&w->c), hdr_len;
	const uint8_t *p = cursor_bytes(&w->c, TCP_HEADER_MIN);
	struct dissection *d = w->d;
	struct tcp_seg *seg = &d->tcp;
	struct cursor options;

	if (!p)
		return LAYER_NONE;
	hdr_len = (size_t)(p[12] >> 4) * 4;
	if (hdr_len < TCP_HEADER_MIN || hdr_len > wire_len)
		return walk_bad(w);
	read_fixed(p, seg);
	seg->len = (uint32_t)(wire_len - hdr_len);
	options = cursor_sub(&w->c, hdr_len - TCP_HEADER_MIN);
	if (!only_timestamps(&options, seg))
		w->flaw = read_options(&options, seg);
	d->kind = DISSECT_TCP;
	walk_payload(w);
	if (seg->dport == PORT_DNS || seg->sport == PORT_DNS)
		return cursor_left(&w->c) > 0 ? LAYER_DNS : LAYER_DATA;
	return LAYER_DATA;
}
