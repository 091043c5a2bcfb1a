/*
 * packet_line_tcp.c - a TCP segment in a packet's line.
 *
 * Options are written in the order of the header, so they are read again
 * here; the segment only says which there were.
 */
#include "report/line.h"

enum {
	KIND_EOL = 0,
	KIND_NOP = 1,
	KIND_MSS = 2,
	KIND_WSCALE = 3,
	KIND_SACK = 5,
	KIND_ECHO = 6,
	KIND_ECHO_REPLY = 7,
	KIND_TS = 8,
	KIND_CC = 11,
	KIND_CC_NEW = 12,
	KIND_CC_ECHO = 13,
	KIND_MD5 = 19,
	KIND_USER_TIMEOUT = 28,
	KIND_AO = 29,
	KIND_MPTCP = 30,
	KIND_FASTOPEN = 34,
	KIND_EXPERIMENT = 254,
	EXID_FASTOPEN = 0xf989,
};

static const char *const option_names[256] = {
	[KIND_EOL] = "eol",
	[KIND_NOP] = "nop",
	[KIND_MSS] = "mss",
	[KIND_WSCALE] = "wscale",
	[4] = "sackOK",
	[KIND_SACK] = "sack",
	[KIND_ECHO] = "echo",
	[KIND_ECHO_REPLY] = "echoreply",
	[KIND_TS] = "TS",
	[KIND_CC] = "cc",
	[KIND_CC_NEW] = "ccnew",
	[KIND_CC_ECHO] = "ccecho",
	[KIND_MD5] = "md5",
	[20] = "scps",
	[KIND_USER_TIMEOUT] = "uto",
	[KIND_AO] = "tcp-ao",
	[KIND_MPTCP] = "mptcp",
	[KIND_FASTOPEN] = "tfo",
	[KIND_EXPERIMENT] = "exp",
};

/* One option's body, and what of the segment its meaning depends on. */
struct option {
	struct text *out;
	const uint8_t *p;
	size_t n;
	uint8_t kind;
	uint16_t flags;
	uint32_t sack_base;
};

static void
add_sack(const struct option *o)
{
	if (o->n % 8 != 0 || !(o->flags & TCP_ACK)) {
		text_printf(o->out, "malformed sack [len %zu] ", o->n);
		return;
	}
	text_printf(o->out, " %zu ", o->n / 8);
	for (size_t i = 0; i + 8 <= o->n; i += 8) {
		text_add_char(o->out, '{');
		text_add_int(o->out, line_u32(o->p + i) - o->sack_base);
		text_add_char(o->out, ':');
		text_add_int(o->out, line_u32(o->p + i + 4) - o->sack_base);
		text_add_char(o->out, '}');
	}
}

static void
add_timestamps(const struct option *o)
{
	ADD(o->out, " val ");
	text_add_int(o->out, line_u32(o->p));
	ADD(o->out, " ecr ");
	text_add_int(o->out, line_u32(o->p + 4));
}

static void
add_fastopen(const struct option *o, size_t skip)
{
	text_add(o->out, o->n == skip ? " cookiereq" : " cookie ");
	line_add_hex(o->out, o->p + skip, o->n - skip);
}

/* RFC 5482 s4: a bit tells minutes from seconds. */
static void
add_user_timeout(const struct option *o)
{
	unsigned value = line_u16(o->p);

	text_printf(o->out, " 0x%x", value);
	value = value & 1 ? (value >> 1) * 60 : value >> 1;
	text_printf(o->out, " %u", value);
}

static void
add_ao(const struct option *o)
{
	text_printf(o->out, " keyid %u rnextkeyid %u mac 0x", o->p[0],
		    o->p[1]);
	line_add_hex(o->out, o->p + 2, o->n - 2);
}

static void
add_experiment(const struct option *o)
{
	if (line_u16(o->p) == EXID_FASTOPEN) {
		ADD(o->out, "-tfo");
		add_fastopen(o, 2);
		return;
	}
	text_printf(o->out, "-0x%04x", line_u16(o->p));
	if (o->n > 2) {
		ADD(o->out, " 0x");
		line_add_hex(o->out, o->p + 2, o->n - 2);
	}
}

static void
add_raw(const struct option *o)
{
	if (o->n == 0)
		return;
	ADD(o->out, " 0x");
	line_add_hex(o->out, o->p, o->n);
}

static void
add_u32(const struct option *o)
{
	text_printf(o->out, " %u", line_u32(o->p));
}

/* Of a body whose length is known to be what the kind has. */
static void
add_body(const struct option *o)
{
	switch (o->kind) {
	case KIND_MSS:
		text_add_char(o->out, ' ');
		text_add_int(o->out, line_u16(o->p));
		break;
	case KIND_WSCALE:
		text_add_char(o->out, ' ');
		text_add_int(o->out, o->p[0]);
		break;
	case KIND_SACK:
		add_sack(o);
		break;
	case KIND_TS:
		add_timestamps(o);
		break;
	case KIND_ECHO:
	case KIND_ECHO_REPLY:
	case KIND_CC:
	case KIND_CC_NEW:
	case KIND_CC_ECHO:
		add_u32(o);
		break;
	case KIND_MD5:
		text_add_char(o->out, ' ');
		line_add_hex(o->out, o->p, o->n);
		break;
	case KIND_USER_TIMEOUT:
		add_user_timeout(o);
		break;
	case KIND_AO:
		add_ao(o);
		break;
	case KIND_MPTCP:
		line_add_mptcp(o->out, o->p, o->n);
		break;
	case KIND_FASTOPEN:
		text_add_char(o->out, ' ');
		add_fastopen(o, 0);
		break;
	case KIND_EXPERIMENT:
		add_experiment(o);
		break;
	case KIND_EOL:
	case KIND_NOP:
	case 4:
		break;
	default:
		add_raw(o);
		break;
	}
}

/* The bytes that a kind's body must have; 255: any number. */
static unsigned
body_len(uint8_t kind)
{
	switch (kind) {
	case 4:
		return 0;
	case KIND_WSCALE:
		return 1;
	case KIND_MSS:
	case KIND_USER_TIMEOUT:
		return 2;
	case KIND_ECHO:
	case KIND_ECHO_REPLY:
	case KIND_CC:
	case KIND_CC_NEW:
	case KIND_CC_ECHO:
		return 4;
	case KIND_TS:
		return 8;
	case KIND_MD5:
		return 16;
	default:
		return 255;
	}
}

static bool
body_fits(const struct option *o)
{
	unsigned must = body_len(o->kind);

	if (o->kind == KIND_AO || o->kind == KIND_EXPERIMENT)
		return o->n >= 2;
	if (o->kind == KIND_MPTCP)
		return o->n >= 1;
	return must == 255 || o->n == must;
}

/* Returns false at the end of the list. */
static bool
add_option(struct cursor *c, struct option *o)
{
	size_t size;

	o->kind = cursor_u8(c);
	o->n = 0;
	if (o->kind > KIND_NOP) {
		size = cursor_u8(c);
		if (size < 2 || cursor_left(c) < size - 2) {
			ADD(o->out, "[bad opt]");
			return false;
		}
		o->n = size - 2;
	}
	o->p = cursor_bytes(c, o->n);
	if (option_names[o->kind])
		text_add(o->out, option_names[o->kind]);
	else
		text_printf(o->out, "unknown-%u", o->kind);
	if (o->kind > KIND_NOP && !body_fits(o))
		text_printf(o->out, "[len %zu]", o->n + 2);
	else
		add_body(o);
	return o->kind != KIND_EOL;
}

static void
add_options(struct line *l, struct packet_seq_base base)
{
	struct cursor c = line_cursor(l), list;
	struct option o = {
		.out = l->out, .flags = l->d->tcp.flags, .sack_base = base.sack,
	};

	cursor_bytes(&c, 20);
	list = cursor_sub(&c, l->d->tcp.hdr_len - 20u);
	ADD(l->out, ", options [");
	while (cursor_left(&list) > 0 && add_option(&list, &o))
		if (cursor_left(&list) > 0)
			text_add_char(l->out, ',');
	text_add(l->out, list.uncaptured > 0 ? "|]" : "]");
}

static void
add_flags(struct text *out, uint16_t flags)
{
	static const char letters[] = "FSRP.UEWe";

	ADD(out, "Flags [");
	if (flags == 0)
		ADD(out, "none");
	for (int i = 0; i < 9; i++)
		if (flags & 1 << i)
			text_add_char(out, letters[i]);
	text_add_char(out, ']');
}

static void
add_number(struct text *out, const char *name, size_t n, uint32_t value)
{
	text_add_bytes(out, name, n);
	text_add_int(out, value);
}
#define ADD_NUMBER(out, name, value) \
	add_number(out, name, sizeof(name) - 1, value)

static void
add_segment(struct line *l, const struct tcp_seg *seg)
{
	struct packet_seq_base base = { 0 };

	l->state->base = packet_seq_learn(&l->state->seq, l->d);
	if (!l->state->config.absolute_seq)
		base = l->state->base;
	add_flags(l->out, seg->flags);
	if (seg->len > 0 || seg->flags & (TCP_SYN | TCP_FIN | TCP_RST)) {
		ADD_NUMBER(l->out, ", seq ", seg->seq - base.seq);
		if (seg->len > 0)
			ADD_NUMBER(l->out, ":",
				   seg->seq - base.seq + seg->len);
	}
	if (seg->flags & TCP_ACK)
		ADD_NUMBER(l->out, ", ack ", seg->ack - base.ack);
	ADD_NUMBER(l->out, ", win ", seg->window);
	if (seg->flags & TCP_URG)
		ADD_NUMBER(l->out, ", urg ", seg->urgent);
	if (seg->hdr_len > 20)
		add_options(l, base);
	ADD_NUMBER(l->out, ", length ", seg->len);
}

void
line_tcp(struct line *l)
{
	const uint8_t *p;

	if (l->d->kind != DISSECT_TCP) {
		p = line_bytes(l, 20);
		if (p)
			text_printf(l->out, "tcp [bad hdr length %u]",
				    (p[12] >> 4) * 4);
		return;
	}
	if (line_before(l) != LAYER_IP && line_before(l) != LAYER_IP6)
		text_printf(l->out, "%u > %u: ", l->d->tcp.sport,
			    l->d->tcp.dport);
	add_segment(l, &l->d->tcp);
}
