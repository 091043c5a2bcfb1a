/*
 * packet_line.c - a packet's line: its time, then layer after layer.
 */
#include <string.h>

#include "report/line.h"

static void (*const writers[N_LAYERS])(struct line *) = {
	[LAYER_ETH] = line_eth,
	[LAYER_LLC] = line_llc,
	[LAYER_VLAN] = line_vlan,
	[LAYER_QINQ] = line_vlan,
	[LAYER_SLL] = line_sll,
	[LAYER_SLL2] = line_sll2,
	[LAYER_NULL] = line_null,
	[LAYER_RAW] = line_raw,
	[LAYER_PPP] = line_ppp,
	[LAYER_PPPOE] = line_pppoe,
	[LAYER_PPPOE_DISCOVERY] = line_pppoe,
	[LAYER_MPLS] = line_mpls,
	[LAYER_PW] = line_pw,
	[LAYER_WLAN] = line_wlan,
	[LAYER_ARP] = line_arp,
	[LAYER_IP] = line_ip,
	[LAYER_IP6] = line_ip6,
	[LAYER_IP6_HOP] = line_ip6_hop,
	[LAYER_IP6_ROUTE] = line_ip6_route,
	[LAYER_IP6_FRAGMENT] = line_ip6_fragment,
	[LAYER_IP6_DEST] = line_ip6_dest,
	[LAYER_AH] = line_ah,
	[LAYER_ESP] = line_esp,
	[LAYER_GRE] = line_gre,
	[LAYER_VXLAN] = line_vxlan,
	[LAYER_GENEVE] = line_geneve,
	[LAYER_GTPU] = line_gtpu,
	[LAYER_TEREDO] = line_teredo,
	[LAYER_ICMP] = line_icmp,
	[LAYER_ICMP6] = line_icmp6,
	[LAYER_IGMP] = line_igmp,
	[LAYER_UDP] = line_udp,
	[LAYER_TCP] = line_tcp,
};

int
packet_line_init(struct packet_line *l,
		 const struct packet_line_config *config)
{
	l->config = *config;
	packet_clock_init(&l->clock, config->time);
	return packet_seq_init(&l->seq);
}

void
packet_line_release(struct packet_line *l)
{
	packet_seq_release(&l->seq);
}

struct cursor
line_cursor(const struct line *l)
{
	struct cursor c = cursor_init(l->p->bytes, l->p->caplen,
				      l->p->wire_len);

	cursor_bytes(&c, l->d->layer[l->i].offset);
	return c;
}

const uint8_t *
line_bytes(const struct line *l, size_t n)
{
	struct cursor c = line_cursor(l);
	const uint8_t *p = cursor_bytes(&c, n);

	if (!p) {
		ADD(l->out, " [|");
		text_add(l->out, layer_name(l->d->layer[l->i].kind));
		text_add_char(l->out, ']');
	}
	return p;
}

size_t
line_wire_len(const struct line *l)
{
	size_t offset = l->d->layer[l->i].offset;

	return l->wire_end > offset ? l->wire_end - offset : 0;
}

void
line_narrow(struct line *l, size_t len)
{
	if (len > 0 && len < line_wire_len(l))
		l->wire_end = l->d->layer[l->i].offset + len;
}

enum layer_kind
line_before(const struct line *l)
{
	return l->i > 0 ? (enum layer_kind)l->d->layer[l->i - 1].kind
			: LAYER_NONE;
}

enum layer_kind
line_after(const struct line *l)
{
	return l->i + 1 < l->d->n_layers
		       ? (enum layer_kind)l->d->layer[l->i + 1].kind
		       : LAYER_NONE;
}

void
line_add_addr(struct text *out, const struct addr *a)
{
	char buf[ADDR_TEXT_SIZE];

	text_add_bytes(out, buf, addr_format(a, buf));
}

void
line_add_hex(struct text *out, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text_add_char(out, "0123456789abcdef"[p[i] >> 4]);
		text_add_char(out, "0123456789abcdef"[p[i] & 15]);
	}
}

void
line_add_mac(struct text *out, const uint8_t *mac)
{
	for (int i = 0; i < 6; i++) {
		if (i > 0)
			text_add_char(out, ':');
		line_add_hex(out, mac + i, 1);
	}
}

/* Link types that have no layer: their number is all that can be said. */
static void
add_unknown_link(struct line *l)
{
	text_printf(l->out, "link type %u, length %u", l->p->link_type,
		    l->p->wire_len);
}

static void
add_flaws(const struct line *l)
{
	if (l->d->status == CURSOR_BAD)
		ADD(l->out, " [malformed]");
	if (l->d->too_deep)
		ADD(l->out, " [too deep]");
}

/* The transport header of a first fragment, as far as it is there. */
static const struct dissection *
first_fragment(const struct packet *p, const struct dissection *d,
	       struct dissection *room)
{
	if (d->kind != DISSECT_FRAGMENT || d->ip.frag_offset > 0)
		return d;
	memcpy(room, d, sizeof(*room));
	dissect_first_fragment(p, room);
	room->status = d->status;	/* longer than the fragment: not BAD */
	return room;
}

void
packet_line_add(struct packet_line *state, const struct packet *p,
		const struct dissection *d, struct text *out)
{
	struct dissection room;
	struct line l = {
		.state = state, .p = p, .out = out, .wire_end = p->wire_len,
	};

	state->base = (struct packet_seq_base){ 0 };
	l.d = first_fragment(p, d, &room);
	packet_time_add(&state->clock, p->ts, out);
	for (l.i = 0; l.i < l.d->n_layers; l.i++)
		if (writers[l.d->layer[l.i].kind])
			writers[l.d->layer[l.i].kind](&l);
	if (d->link_type_unknown)
		add_unknown_link(&l);
	add_flaws(&l);
	text_add_char(out, '\n');
}
