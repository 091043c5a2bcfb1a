/*
 * packet_line_ip.c - IP, its extension headers and UDP in a packet's line.
 *
 * The ports belong to TCP and UDP, but they are written with the addresses
 * where the header follows directly.
 */
#include "report/line.h"

/* Ports right behind the layer's end, where TCP or UDP is next. */
static const uint8_t *
ports_after(const struct line *l)
{
	enum layer_kind after = line_after(l);
	struct cursor c;

	if (after != LAYER_TCP && after != LAYER_UDP)
		return NULL;
	c = cursor_init(l->p->bytes, l->p->caplen, l->p->wire_len);
	cursor_bytes(&c, l->d->layer[l->i + 1].offset);
	return cursor_bytes(&c, 4);
}

static void
add_end(struct text *out, const struct addr *a, const uint8_t *port)
{
	line_add_addr(out, a);
	if (port) {
		text_add_char(out, '.');
		text_add_int(out, line_u16(port));
	}
}

static void
add_ends(struct line *l, const struct addr *src, const struct addr *dst)
{
	const uint8_t *ports = ports_after(l);

	add_end(l->out, src, ports);
	ADD(l->out, " > ");
	add_end(l->out, dst, ports ? ports + 2 : NULL);
	ADD(l->out, ": ");
}

/* Whatever has no layer of its own. */
static void
add_protocol(struct line *l, uint8_t proto)
{
	text_printf(l->out, "ip-proto-%u", proto);
}

static bool
nothing_follows(const struct line *l)
{
	return line_after(l) == LAYER_NONE || line_after(l) == LAYER_DATA;
}

void
line_ip(struct line *l)
{
	const uint8_t *p;
	struct addr src, dst;

	if (!l->named)
		ADD(l->out, "IP ");
	p = line_bytes(l, 20);
	if (!p)
		return;
	line_narrow(l, line_u16(p + 2));
	src = addr_from_ipv4(p + 12);
	dst = addr_from_ipv4(p + 16);
	add_ends(l, &src, &dst);
	if (nothing_follows(l))
		add_protocol(l, p[9]);
}

void
line_ip6(struct line *l)
{
	const uint8_t *p;
	struct addr src, dst;

	if (!l->named)
		ADD(l->out, "IP6 ");
	p = line_bytes(l, 40);
	if (!p)
		return;
	if (line_u16(p + 4) > 0)
		line_narrow(l, line_u16(p + 4) + 40u);
	src = addr_from_ipv6(p + 8);
	dst = addr_from_ipv6(p + 24);
	add_ends(l, &src, &dst);
	if (!nothing_follows(l))
		return;
	if (p[6] == 59)
		text_printf(l->out, "no next header");
	else
		add_protocol(l, p[6]);
}

/* A chain may end in a protocol that has no layer. */
static void
end_chain(struct line *l)
{
	if (nothing_follows(l))
		add_protocol(l, l->d->ip.proto);
}

void
line_ip6_hop(struct line *l)
{
	ADD(l->out, "HBH ");
	end_chain(l);
}

void
line_ip6_dest(struct line *l)
{
	ADD(l->out, "DSTOPT ");
	end_chain(l);
}

void
line_ip6_route(struct line *l)
{
	const uint8_t *p = line_bytes(l, 4);

	if (!p)
		return;
	text_printf(l->out, "RT6 (len=%u, type=%u, segleft=%u) ", p[1], p[2],
		    p[3]);
	end_chain(l);
}

void
line_ip6_fragment(struct line *l)
{
	const uint8_t *p = line_bytes(l, 8);
	uint16_t word;

	if (!p)
		return;
	word = line_u16(p + 2);
	text_printf(l->out, "frag (%u|%zu)", word & 0xfff8,
		    line_wire_len(l) - 8);
	if (!nothing_follows(l))
		text_add_char(l->out, ' ');
}

void
line_ah(struct line *l)
{
	const uint8_t *p = line_bytes(l, 12);
	size_t len;

	if (!p)
		return;
	len = ((size_t)p[1] + 2) * 4;
	text_printf(l->out, "AH(spi=0x%08x,seq=0x%x,icv=0x", line_u32(p + 4),
		    line_u32(p + 8));
	p = line_bytes(l, len);
	if (!p)
		return;
	line_add_hex(l->out, p + 12, len > 12 ? len - 12 : 0);
	ADD(l->out, "): ");
	end_chain(l);
}

void
line_esp(struct line *l)
{
	const uint8_t *p = line_bytes(l, 8);

	if (p)
		text_printf(l->out, "ESP(spi=0x%08x,seq=0x%x), length %zu",
			    line_u32(p), line_u32(p + 4), line_wire_len(l));
}

void
line_udp(struct line *l)
{
	const uint8_t *p = line_bytes(l, 8);
	enum layer_kind after = line_after(l);

	if (!p)
		return;
	if (line_before(l) != LAYER_IP && line_before(l) != LAYER_IP6)
		text_printf(l->out, "%u > %u: ", line_u16(p), line_u16(p + 2));
	if (after != LAYER_NONE && after != LAYER_DATA && after != LAYER_DNS)
		return;			/* a tunnel: it says the rest */
	if (after == LAYER_DNS && l->d->kind == DISSECT_UDP && line_add_dns(l))
		return;
	ADD(l->out, "UDP, length ");
	text_add_int(l->out, l->d->udp.len);
}

static void
igmp_v3_report(struct line *l, const uint8_t *p)
{
	text_printf(l->out, "igmp v3 report, %u group record(s)",
		    line_u16(p + 6));
}

void
line_igmp(struct line *l)
{
	const uint8_t *p = line_bytes(l, 8);
	struct addr group;
	const char *what;

	if (!p)
		return;
	group = addr_from_ipv4(p + 4);
	switch (p[0]) {
	case 0x11:
		what = p[1] ? "igmp query v2" : "igmp query v1";
		break;
	case 0x12:
		what = "igmp v1 report ";
		break;
	case 0x16:
		what = "igmp v2 report ";
		break;
	case 0x17:
		what = "igmp leave ";
		break;
	case 0x22:
		igmp_v3_report(l, p);
		return;
	default:
		text_printf(l->out, "igmp type 0x%02x", p[0]);
		return;
	}
	text_add(l->out, what);
	if (p[0] != 0x11)
		line_add_addr(l->out, &group);
}
