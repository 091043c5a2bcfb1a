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
	MP_RST,

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
		ADD(out, " hmac 0x");
		line_add_hex(out, c->pos, cursor_left(c));
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

/* Version 0 has the IP version, version 1 the echo in the nibble's place. */
static void
add_address(struct text *out, struct cursor *c, uint8_t first)
{
	unsigned nibble = first & 15, id = cursor_u8(c);
	bool v6 = cursor_left(c) >= 16;
	const uint8_t *p = cursor_bytes(c, v6 ? 16 : 4);
	struct addr a;

	if (!p)
		return;
	a = v6 ? addr_from_ipv6(p) : addr_from_ipv4(p);
	if (nibble >= 4)
		text_printf(out, " add-addr v0-ip%u id %u ", nibble, id);
	else
		text_printf(out, " add-addr v1%s id %u ",
			    nibble & 1 ? "-echo" : "", id);
	line_add_addr(out, &a);
	if (cursor_left(c) % 8 == 2)
		text_printf(out, ":%u", cursor_u16(c));
	if (cursor_left(c) >= 8)
		text_printf(out, " hmac 0x%llx",
			    (unsigned long long)read_u64(c));
}

static void
add_removed(struct text *out, struct cursor *c)
{
	ADD(out, " rem-addr id");
	while (cursor_left(c) > 0)
		text_printf(out, " %u", cursor_u8(c));
}

static void
add_priority(struct text *out, struct cursor *c, uint8_t first)
{
	text_add(out, first & 1 ? " prio backup" : " prio non-backup");
	if (cursor_left(c) > 0)
		text_printf(out, " id %u", cursor_u8(c));
}

static void
add_fail(struct text *out, struct cursor *c)
{
	cursor_u8(c);
	text_printf(out, " fail seq %llu", (unsigned long long)read_u64(c));
}

static void
add_fastclose(struct text *out, struct cursor *c)
{
	cursor_u8(c);
	text_printf(out, " fast-close key 0x%llx",
		    (unsigned long long)read_u64(c));
}

static void
add_reset(struct text *out, struct cursor *c)
{
	text_printf(out, " tcp-rst reason 0x%02x", cursor_u8(c));
}

static void
add_subtype(struct text *out, struct cursor *c, uint8_t first)
{
	switch (first >> 4) {
	case MP_CAPABLE:
		add_capable(out, c, first);
		break;
	case MP_JOIN:
		add_join(out, c, first);
		break;
	case MP_DSS:
		add_dss(out, c);
		break;
	case MP_ADD_ADDR:
		add_address(out, c, first);
		break;
	case MP_REMOVE_ADDR:
		add_removed(out, c);
		break;
	case MP_PRIO:
		add_priority(out, c, first);
		break;
	case MP_FAIL:
		add_fail(out, c);
		break;
	case MP_FASTCLOSE:
		add_fastclose(out, c);
		break;
	case MP_RST:
		add_reset(out, c);
		break;
	default:
		ADD(out, " unknown");
		break;
	}
}

void
line_add_mptcp(struct text *out, const uint8_t *p, size_t n)
{
	struct cursor c = cursor_init(p, n, n);
	uint8_t first = cursor_u8(&c);

	text_printf(out, " %zu", n + 2);
	add_subtype(out, &c, first);
	if (c.status != CURSOR_OK)
		ADD(out, "[bad opt]");
}
