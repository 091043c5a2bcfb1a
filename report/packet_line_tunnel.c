/*
 * packet_line_tunnel.c - tunnels in a packet's line: who they belong to, a
 * colon, and then the packet inside.
 */
#include "report/line.h"

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQ = 0x1000,
	GRE_ACK = 0x0080,
};

static void
gre_v0(struct line *l, struct cursor *c, uint16_t flags)
{
	ADD(l->out, "GREv0, ");
	if (flags & (GRE_CHECKSUM | GRE_ROUTING)) {
		cursor_u16(c);
		text_printf(l->out, "off 0x%x, ", cursor_u16(c));
	}
	if (flags & GRE_KEY)
		text_printf(l->out, "key=0x%x, ", cursor_u32(c));
	if (flags & GRE_SEQ)
		text_printf(l->out, "seq %u, ", cursor_u32(c));
}

static void
gre_v1(struct line *l, struct cursor *c, uint16_t flags)
{
	cursor_u16(c);
	text_printf(l->out, "GREv1, call %u, ", cursor_u16(c));
	if (flags & GRE_SEQ)
		text_printf(l->out, "seq %u, ", cursor_u32(c));
	if (flags & GRE_ACK)
		text_printf(l->out, "ack %u, ", cursor_u32(c));
}

void
line_gre(struct line *l)
{
	struct cursor c = line_cursor(l);
	const uint8_t *p = line_bytes(l, 4);
	uint16_t flags;

	if (!p)
		return;
	flags = cursor_u16(&c);
	cursor_u16(&c);
	if ((flags & 7) == 1)
		gre_v1(l, &c, flags);
	else
		gre_v0(l, &c, flags);
	if (l->named) {
		ADD(l->out, "proto ");
		line_add_ethertype(l->out, line_u16(p + 2));
		ADD(l->out, ", ");
	}
	text_printf(l->out, "length %zu", line_wire_len(l));
	if (line_after(l) == LAYER_DATA)
		text_printf(l->out, ": gre-proto-0x%04x", line_u16(p + 2));
	else if (line_after(l) != LAYER_NONE)
		ADD(l->out, ": ");
}

void
line_vxlan(struct line *l)
{
	const uint8_t *p = line_bytes(l, 8);

	if (p)
		text_printf(l->out, "VXLAN, flags [%c] (0x%02x), vni %u: ",
			    p[0] & 8 ? 'I' : '.', p[0], line_u32(p + 4) >> 8);
}

void
line_geneve(struct line *l)
{
	const uint8_t *p = line_bytes(l, 8);

	if (!p)
		return;
	text_printf(l->out, "Geneve, Flags [%s%s%s], vni 0x%x",
		    p[1] & 0x80 ? "O" : "", p[1] & 0x40 ? "C" : "",
		    p[1] & 0xc0 ? "" : "none", line_u32(p + 4) >> 8);
	if (l->named) {
		ADD(l->out, ", proto ");
		line_add_ethertype(l->out, line_u16(p + 2));
	}
	if (p[0] & 0x3f)
		text_printf(l->out, ", options [%d bytes]", (p[0] & 0x3f) * 4);
	ADD(l->out, ": ");
}

void
line_gtpu(struct line *l)
{
	const uint8_t *p = line_bytes(l, 8);

	if (p)
		text_printf(l->out, "GTP-U, type %u, teid 0x%08x: ", p[1],
			    line_u32(p + 4));
}

void
line_teredo(struct line *l)
{
	ADD(l->out, "Teredo: ");
}
