/*
 * udp.c - UDP (RFC 768), and the tunnels and names that a port stands for.
 *
 * A tunnel is recognised by the destination port alone, and only where its
 * own header is plausible: other programs may use the port as well.
 */
#include "dissect/walk.h"

enum {
	UDP_HEADER = 8,
	PORT_DNS = 53,
	PORT_GTPU = 2152,
	PORT_TEREDO = 3544,
	PORT_VXLAN = 4789,
	PORT_GENEVE = 6081,
	PORT_VXLAN_LINUX = 8472,	/* Linux's default before the RFC */
};

enum layer_kind
layer_of_udp(const struct udp_header *udp, const struct cursor *body)
{
	switch (udp->dport) {
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		return vxlan_is_plausible(body) ? LAYER_VXLAN : LAYER_DATA;
	case PORT_GENEVE:
		return geneve_is_plausible(body) ? LAYER_GENEVE : LAYER_DATA;
	case PORT_GTPU:
		return gtpu_is_plausible(body) ? LAYER_GTPU : LAYER_DATA;
	}
	if (udp->dport == PORT_TEREDO || udp->sport == PORT_TEREDO)
		return teredo_is_plausible(body) ? LAYER_TEREDO : LAYER_DATA;
	if (udp->dport == PORT_DNS || udp->sport == PORT_DNS)
		return cursor_left(body) > 0 ? LAYER_DNS : LAYER_DATA;
	return LAYER_DATA;
}

/* RFC 2675 s4: a length of 0 is a jumbogram, so all that there is. */
static void
narrow_to_length(struct walk *w, uint16_t len)
{
	if (len >= UDP_HEADER)
		walk_narrow(w, len - UDP_HEADER);
	else if (len != 0)
		w->flaw = CURSOR_BAD;
}

enum layer_kind
parse_udp(struct walk *w)
{
	const uint8_t *p = cursor_bytes(&w->c, UDP_HEADER);
	struct dissection *d = w->d;

	if (!p)
		return LAYER_NONE;
	d->udp.sport = be16(p);
	d->udp.dport = be16(p + 2);
	d->udp.checksum = CHECKSUM_UNKNOWN;
	narrow_to_length(w, be16(p + 4));
	d->udp.len = (uint32_t)cursor_wire_left(&w->c);
	d->kind = DISSECT_UDP;
	walk_payload(w);
	return layer_of_udp(&d->udp, &w->c);
}
