/*
 * packet_line_mptcp.c - the Multipath TCP option (RFC 8684 s3) in a packet's
 * line.
 *
 * Its first nibble is a subtype, and what follows depends on that and on
 * the option's length.
 */
#include "report/line.h"

enum {
	MP_CAPABLE,
	MP_JOIN,
	MP_DSS,
	MP_ADD_ADDR,
	MP_REMOVE_ADDR,
	MP_PRIO,
	MP_FAIL,
	MP_FASTCLOSE,

	DSS_FIN = 0x10,
	DSS_SEQ8 = 0x08,
	DSS_SEQ = 0x04,
	DSS_ACK8 = 0x02,
	DSS_ACK = 0x01,
};

static uint64_t
read_u64(struct cursor *c)
{
	uint64_t high = cursor_u32(c);

	return high << 32 | cursor_u32(c);
}

static void
add_number(struct text *out, struct cursor *c, bool eight)
{
	text_printf(out, " %llu", eight ? (unsigned long long)read_u64(c)
					: cursor_u32(c));
}

/* Keys: none, the sender's, both; then the length of data. */
static void
add_capable(struct text *out, struct cursor *c, uint8_t first)
{
	text_printf(out, " capable v%u", first & 15);
	cursor_u8(c);
	if (cursor_left(c) < 8)
		return;
	text_printf(out, " {0x%llx", (unsigned long long)read_u64(c));
	if (cursor_left(c) >= 8)
		text_printf(out, ",0x%llx", (unsigned long long)read_u64(c));
	ADD(out, "}");
}

static void
add_rest(struct text *out, const char *name, struct cursor *c, size_t n)
{
	const uint8_t *p = cursor_bytes(c, n);

	if (!p)
		return;
	text_add(out, name);
	line_add_hex(out, p, n);
}

/* Its three forms, one a step of the handshake, differ in length. */
static void
add_join(struct text *out, struct cursor *c, uint8_t first)
{
	size_t n = cursor_left(c);
	uint8_t id = cursor_u8(c);

	ADD(out, " join");
	if (first & 1)
		ADD(out, " backup");
	if (n != 21)
		text_printf(out, " id %u", id);
	if (n == 9) {
		text_printf(out, " token 0x%x", cursor_u32(c));
		text_printf(out, " nonce 0x%x", cursor_u32(c));
	} else if (n == 13) {
		text_printf(out, " hmac 0x%llx",
			    (unsigned long long)read_u64(c));
		text_printf(out, " nonce 0x%x", cursor_u32(c));
	} else {
		add_rest(out, id || n ? " hmac 0x" : "", c, cursor_left(c));
	}
}

static void
add_dss(struct text *out, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);

	ADD(out, " dss");
	if (flags & DSS_FIN)
		ADD(out, " fin");
	if (flags & DSS_ACK) {
		ADD(out, " ack");
		add_number(out, c, flags & DSS_ACK8);
	}
	if (flags & DSS_SEQ) {
		ADD(out, " seq");
		add_number(out, c, flags & DSS_SEQ8);
		text_printf(out, " subseq %u", cursor_u32(c));
		text_printf(out, " len %u", cursor_u16(c));
		if (cursor_left(c) >= 2)
			text_printf(out, " csum 0x%x", cursor_u16(c));
	}
}

void
line_add_mptcp(struct text *out, const uint8_t *p, size_t n)
{
	struct cursor c = cursor_init(p, n, n);
	uint8_t first = cursor_u8(&c);
	static const char *const names[] = {
		[MP_ADD_ADDR] = " add-addr", [MP_REMOVE_ADDR] = " rem-addr",
		[MP_PRIO] = " prio", [MP_FAIL] = " fail",
		[MP_FASTCLOSE] = " fast-close",
	};

	text_printf(out, " %zu", n + 2);
	switch (first >> 4) {
	case MP_CAPABLE:
		add_capable(out, &c, first);
		break;
	case MP_JOIN:
		add_join(out, &c, first);
		break;
	case MP_DSS:
		add_dss(out, &c);
		break;
	default:
		if (first >> 4 <= MP_FASTCLOSE)
			text_add(out, names[first >> 4]);
		else
			text_printf(out, " subtype-%u", first >> 4);
		add_rest(out, " 0x", &c, cursor_left(&c));
		break;
	}
	if (c.status != CURSOR_OK)
		ADD(out, "[bad opt]");
}
