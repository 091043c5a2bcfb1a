/*
 * icmp.c - ICMP (RFC 792), ICMPv6 (RFC 4443) and the packet that an error
 * quotes.
 *
 * A quote ends where the router cut it (RFC 1812 s4.3.2.3): that it is
 * shorter than it says is no flaw of the message.
 */
#include <string.h>

#include "dissect/walk.h"

enum {
	ICMP_HEADER = 8,

	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_ECHO = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER = 12,
	ICMP_TIMESTAMP = 13,
	ICMP_TIMESTAMP_REPLY = 14,
	ICMP_CODE_FRAG_NEEDED = 4,

	ICMP6_TOO_BIG = 2,
	ICMP6_FIRST_INFO = 128,		/* below: errors */
	ICMP6_ECHO = 128,
	ICMP6_ECHO_REPLY = 129,
	ICMP6_NEIGHBOR_SOLICIT = 135,
	ICMP6_NEIGHBOR_ADVERT = 136,
	ICMP6_REDIRECT = 137,
};

static void
read_quoted_ports(struct cursor *c, struct icmp_message *m)
{
	bool tcp = m->quoted.proto == IP_PROTO_TCP;
	size_t need = tcp ? 8 : 4;
	const uint8_t *p;

	if ((!tcp && m->quoted.proto != IP_PROTO_UDP) ||
	    m->quoted.frag_offset > 0 || cursor_wire_left(c) < need)
		return;
	p = cursor_bytes(c, need);
	if (!p)
		return;
	m->has_ports = true;
	m->sport = be16(p);
	m->dport = be16(p + 2);
	if (tcp)
		m->tcp_seq = be32(p + 4);
}

static void
read_quote(struct walk *w, struct icmp_message *m)
{
	struct cursor c = w->c;

	m->is_error = true;
	if (cursor_left(&c) == 0) {
		w->flaw = c.uncaptured > 0 ? CURSOR_CUT : CURSOR_OK;
		return;
	}
	if (!ip_read_quoted(&c, &m->quoted)) {
		m->quoted.version = 0;
		cursor_fail(&c, CURSOR_BAD);
	}
	if (c.status == CURSOR_OK)
		read_quoted_ports(&c, m);
	w->flaw = c.status;
}

static void
read_type4(struct walk *w, const uint8_t *p, struct icmp_message *m)
{
	switch (m->type) {
	case ICMP_ECHO:
	case ICMP_ECHO_REPLY:
	case ICMP_TIMESTAMP:
	case ICMP_TIMESTAMP_REPLY:
		m->id = be16(p + 4);
		m->seq = be16(p + 6);
		return;
	case ICMP_REDIRECT:
		m->target = addr_from_ipv4(p + 4);
		break;
	case ICMP_UNREACHABLE:
		if (m->code == ICMP_CODE_FRAG_NEEDED)
			m->mtu = be16(p + 6);	/* RFC 1191 s4 */
		break;
	case ICMP_QUENCH:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETER:
		break;
	default:
		return;
	}
	read_quote(w, m);
}

static void
read_target6(struct walk *w, struct icmp_message *m)
{
	struct cursor c = w->c;
	const uint8_t *p = cursor_bytes(&c, 16);

	if (p)
		m->target = addr_from_ipv6(p);
	w->flaw = c.status;
}

static void
read_type6(struct walk *w, const uint8_t *p, struct icmp_message *m)
{
	switch (m->type) {
	case ICMP6_ECHO:
	case ICMP6_ECHO_REPLY:
		m->id = be16(p + 4);
		m->seq = be16(p + 6);
		return;
	case ICMP6_NEIGHBOR_SOLICIT:
	case ICMP6_NEIGHBOR_ADVERT:
	case ICMP6_REDIRECT:
		read_target6(w, m);
		return;
	case ICMP6_TOO_BIG:
		m->mtu = be32(p + 4);
		break;
	}
	if (m->type < ICMP6_FIRST_INFO)
		read_quote(w, m);
}

static enum layer_kind
parse(struct walk *w, void (*read_type)(struct walk *, const uint8_t *,
					struct icmp_message *))
{
	const uint8_t *p = cursor_bytes(&w->c, ICMP_HEADER);
	struct icmp_message *m = &w->d->icmp;

	if (!p)
		return LAYER_NONE;
	memset(m, 0, sizeof(*m));
	m->type = p[0];
	m->code = p[1];
	w->d->kind = DISSECT_ICMP;
	walk_payload(w);
	read_type(w, p, m);
	w->c.pos = w->c.end;		/* the layer is the whole message */
	return LAYER_NONE;
}

enum layer_kind
parse_icmp(struct walk *w)
{
	return parse(w, read_type4);
}

enum layer_kind
parse_icmp6(struct walk *w)
{
	return parse(w, read_type6);
}
