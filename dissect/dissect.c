/*
 * dissect.c - the walk through a packet, from the link layer inwards.
 *
 * Each step enters one header: it notes where the header begins, runs its
 * parser (see walk.h), and notes where it ended and how.  The walk is over
 * when a parser knows nothing that could follow, when it failed, or at one
 * of the bounds.  The struct dissection is large: only what is read later
 * is written here.
 */
#include "dissect/header.h"
#include "dissect/walk.h"

enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_HDLC = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW = 101,
	LINK_IEEE802_11 = 105,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_RADIOTAP = 127,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_LINUX_SLL2 = 276,
};

static enum layer_kind
layer_of_link_type(uint16_t link_type)
{
	switch (link_type) {
	case LINK_ETHERNET:
		return LAYER_ETH;
	case LINK_NULL:
	case LINK_LOOP:
		return LAYER_NULL;
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
		return LAYER_RAW;
	case LINK_IPV4:
		return LAYER_IP;
	case LINK_IPV6:
		return LAYER_IP6;
	case LINK_LINUX_SLL:
		return LAYER_SLL;
	case LINK_LINUX_SLL2:
		return LAYER_SLL2;
	case LINK_PPP:
	case LINK_PPP_HDLC:
		return LAYER_PPP;
	case LINK_PPP_ETHER:
		return LAYER_PPPOE;
	case LINK_IEEE802_11:
		return LAYER_WLAN;
	case LINK_RADIOTAP:
		return LAYER_RADIOTAP;
	default:
		return LAYER_NONE;
	}
}

/* An IP header inside another is a tunnel, and their number is bounded. */
static bool
may_enter(struct dissection *d, enum layer_kind next)
{
	if (d->n_layers == DISSECT_MAX_LAYERS)
		return false;
	if ((next != LAYER_IP && next != LAYER_IP6) || d->ip.version == 0)
		return true;
	if (d->n_tunnels == DISSECT_MAX_TUNNELS)
		return false;
	d->n_tunnels++;
	return true;
}

/* Nothing here reads what follows: it is there, and that is all. */
enum layer_kind
parse_data(struct walk *w)
{
	if (w->d->kind == DISSECT_OTHER)
		walk_payload(w);
	w->c.pos = w->c.end;
	return LAYER_NONE;
}

static void
layer_end(struct walk *w, struct layer *l)
{
	size_t len = (size_t)(w->c.pos - w->start) - l->offset;

	l->len = (uint16_t)(len < UINT16_MAX ? len : UINT16_MAX);
	l->status = w->c.status ? w->c.status : w->flaw;
	if (w->d->status == CURSOR_OK)
		w->d->status = (enum cursor_status)l->status;
	w->flaw = CURSOR_OK;
}

static void
walk_layers(struct walk *w, enum layer_kind next)
{
	struct dissection *d = w->d;

	while (next != LAYER_NONE) {
		struct layer *l = &d->layer[d->n_layers];

		if (next == LAYER_DATA && cursor_left(&w->c) == 0)
			break;
		if (!may_enter(d, next)) {
			d->too_deep = true;
			break;
		}
		d->n_layers++;
		l->offset = (uint32_t)(w->c.pos - w->start);
		l->kind = (uint8_t)next;
		next = headers[next].parse(w);
		layer_end(w, l);
	}
}

static void
walk_start(struct walk *w, struct cursor c, struct dissection *d)
{
	w->c = c;
	w->start = c.pos;
	w->d = d;
	w->flaw = CURSOR_OK;

	d->status = CURSOR_OK;
	d->kind = DISSECT_OTHER;
	d->n_layers = 0;
	d->n_tunnels = 0;
	d->link_type_unknown = false;
	d->too_deep = false;
	d->vlan = VLAN_NONE;
	d->ip.version = 0;
	d->payload = c;
}

void
dissect_packet(const struct packet *p, struct dissection *d)
{
	enum layer_kind first = layer_of_link_type(p->link_type);
	struct walk w;

	walk_start(&w, cursor_init(p->bytes, p->caplen, p->wire_len), d);
	d->link_type_unknown = first == LAYER_NONE;
	walk_layers(&w, first != LAYER_NONE ? first : LAYER_DATA);
}

void
dissect_ip(const uint8_t *bytes, uint32_t caplen, uint32_t wire_len,
	   struct dissection *d)
{
	struct walk w;

	walk_start(&w, cursor_init(bytes, caplen, wire_len), d);
	walk_layers(&w, layer_of_nibble(&w.c));
}

void
dissect_first_fragment(const struct packet *p, struct dissection *d)
{
	struct walk w;

	if (d->kind != DISSECT_FRAGMENT || d->ip.frag_offset > 0)
		return;
	w = (struct walk){ .c = d->payload, .start = p->bytes, .d = d };
	if (d->layer[d->n_layers - 1].kind == LAYER_DATA)
		d->n_layers--;
	walk_layers(&w, layer_of_ip_proto(d->ip.proto));
}
