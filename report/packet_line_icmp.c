/*
 * packet_line_icmp.c - ICMP and ICMPv6 in a packet's line.
 *
 * An error names whom it is about: the destination of the packet that it
 * quotes.
 */
#include "report/line.h"

enum {
	PROTO_TCP = 6,
	PROTO_UDP = 17,
};

/* "net", the address, and then this. */
static const char *const unreachable[] = {
	"net ", "host ", "", "", "", "",
	"net ", "host ", "host ", "net ", "host ", "net ", "host ", "host ",
	"host ", "host ",
};

static const char *const unreachable_why[] = {
	"", "", "", "", "need to frag", "source route failed",
	"unknown", "unknown", "source isolated",
	"admin prohibited", "admin prohibited",
	"tos prohibited", "tos prohibited",
	"admin prohibited filter", "host precedence violation",
	"precedence cutoff",
};

static const char *
protocol_name(uint8_t proto)
{
	return proto == PROTO_TCP ? "tcp" : proto == PROTO_UDP ? "udp" : NULL;
}

/* "10.0.0.2 tcp port 80 unreachable" */
static void
add_port_unreachable(struct line *l, const struct icmp_message *m)
{
	const char *name = protocol_name(m->quoted.proto);

	line_add_addr(l->out, &m->quoted.dst);
	if (name && m->has_ports)
		text_printf(l->out, " %s port %u unreachable", name, m->dport);
	else
		text_printf(l->out, " protocol %u port unreachable",
			    m->quoted.proto);
}

static void
add_unreachable(struct line *l, const struct icmp_message *m)
{
	if (m->quoted.version == 0 || m->code > 15) {
		text_printf(l->out, "unreachable - code %u", m->code);
	} else if (m->code == 2) {
		line_add_addr(l->out, &m->quoted.dst);
		text_printf(l->out, " protocol %u unreachable",
			    m->quoted.proto);
	} else if (m->code == 3) {
		add_port_unreachable(l, m);
	} else {
		text_add(l->out, unreachable[m->code]);
		line_add_addr(l->out, &m->quoted.dst);
		ADD(l->out, " unreachable");
		if (unreachable_why[m->code][0])
			text_printf(l->out, " - %s", unreachable_why[m->code]);
		if (m->mtu > 0)
			text_printf(l->out, " (mtu %u)", m->mtu);
	}
}

static void
add_redirect(struct line *l, const struct icmp_message *m)
{
	static const char *const what[] = { "net", "host", "tos net",
					    "tos host" };

	text_printf(l->out, "redirect ");
	line_add_addr(l->out, &m->quoted.dst);
	text_printf(l->out, " to %s ", m->code < 4 ? what[m->code] : "?");
	line_add_addr(l->out, &m->target);
}

static void
add_type4(struct line *l, const struct icmp_message *m)
{
	switch (m->type) {
	case 0:
	case 8:
		text_printf(l->out, "echo %s, id %u, seq %u",
			    m->type == 8 ? "request" : "reply", m->id, m->seq);
		break;
	case 3:
		add_unreachable(l, m);
		break;
	case 4:
		ADD(l->out, "source quench");
		break;
	case 5:
		add_redirect(l, m);
		break;
	case 9:
		ADD(l->out, "router advertisement");
		break;
	case 10:
		ADD(l->out, "router solicitation");
		break;
	case 11:
		text_add(l->out, m->code == 0 ? "time exceeded in-transit"
					      : "ip reassembly time exceeded");
		break;
	case 12:
		ADD(l->out, "parameter problem");
		if (m->code == 0 && line_bytes(l, 5))
			text_printf(l->out, " - octet %u", line_bytes(l, 5)[4]);
		break;
	case 13:
	case 14:
		text_printf(l->out, "time stamp %s id %u seq %u",
			    m->type == 13 ? "query" : "reply", m->id, m->seq);
		break;
	default:
		text_printf(l->out, "type-#%u", m->type);
		break;
	}
}

void
line_icmp(struct line *l)
{
	ADD(l->out, "ICMP ");
	if (!line_bytes(l, 8) || l->d->kind != DISSECT_ICMP)
		return;
	add_type4(l, &l->d->icmp);
	text_printf(l->out, ", length %zu", line_wire_len(l));
}

static void
add_unreachable6(struct line *l, const struct icmp_message *m)
{
	static const char *const why[] = {
		"unreachable route ", " unreachable prohibited ",
		" beyond scope ", " unreachable address ", "unreachable port, ",
		" failed source address policy ", " reject route to ",
	};
	const char *name = protocol_name(m->quoted.proto);

	text_printf(l->out, "destination unreachable, %s",
		    m->code < 7 ? why[m->code] : " code ");
	if (m->quoted.version == 0)
		return;
	line_add_addr(l->out, &m->quoted.dst);
	if (m->code == 4 && name && m->has_ports)
		text_printf(l->out, " %s port %u", name, m->dport);
}

static const char *
info_name6(uint8_t type)
{
	switch (type) {
	case 130:
		return "multicast listener query";
	case 131:
		return "multicast listener report";
	case 132:
		return "multicast listener done";
	case 133:
		return "router solicitation";
	case 134:
		return "router advertisement";
	case 137:
		return "redirect";
	case 143:
		return "multicast listener report v2";
	default:
		return NULL;
	}
}

static void
add_info6(struct line *l, const struct icmp_message *m)
{
	const char *name = info_name6(m->type);
	const uint8_t *p;

	if (!name) {
		text_printf(l->out, "type-#%u", m->type);
		return;
	}
	text_add(l->out, name);
	p = m->type == 143 ? line_bytes(l, 8) : NULL;
	if (p)
		text_printf(l->out, ", %u group record(s)", line_u16(p + 6));
}

static void
add_type6(struct line *l, const struct icmp_message *m)
{
	switch (m->type) {
	case 1:
		add_unreachable6(l, m);
		break;
	case 2:
		text_printf(l->out, "packet too big, mtu %u", m->mtu);
		break;
	case 3:
		text_printf(l->out, "time exceeded %s for ",
			    m->code == 0 ? "in-transit" : "in-reassembly");
		if (m->quoted.version != 0)
			line_add_addr(l->out, &m->quoted.dst);
		break;
	case 4:
		ADD(l->out, "parameter problem");
		break;
	case 128:
	case 129:
		text_printf(l->out, "echo %s, id %u, seq %u",
			    m->type == 128 ? "request" : "reply", m->id,
			    m->seq);
		break;
	case 135:
		ADD(l->out, "neighbor solicitation, who has ");
		line_add_addr(l->out, &m->target);
		break;
	case 136:
		ADD(l->out, "neighbor advertisement, tgt is ");
		line_add_addr(l->out, &m->target);
		break;
	default:
		add_info6(l, m);
		break;
	}
}

void
line_icmp6(struct line *l)
{
	ADD(l->out, "ICMP6, ");
	if (!line_bytes(l, 8) || l->d->kind != DISSECT_ICMP)
		return;
	add_type6(l, &l->d->icmp);
	text_printf(l->out, ", length %zu", line_wire_len(l));
}
