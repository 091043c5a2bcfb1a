/*
 * packet_line_link.c - link layers in a packet's line: nothing but what has
 * no IP after it, or with -e addresses and types.
 */
#include "report/line.h"

static const struct {
	uint16_t type;
	const char *name;
} ethertypes[] = {
	{ 0x0800, "IPv4" }, { 0x0806, "ARP" }, { 0x8035, "Reverse ARP" },
	{ 0x6558, "TEB" }, { 0x8100, "802.1Q" }, { 0x86dd, "IPv6" },
	{ 0x8808, "MPCP" }, { 0x8809, "Slow Protocols" }, { 0x880b, "PPP" },
	{ 0x8847, "MPLS unicast" }, { 0x8848, "MPLS multicast" },
	{ 0x8863, "PPPoE D" }, { 0x8864, "PPPoE S" }, { 0x888e, "EAPOL" },
	{ 0x88a8, "802.1Q-QinQ" }, { 0x88cc, "LLDP" }, { 0x88e5, "MACsec" },
	{ 0x88f7, "PTP" }, { 0x9100, "802.1Q-9100" },
};

void
line_add_ethertype(struct text *out, uint16_t type)
{
	const char *name = "Unknown";

	for (size_t i = 0; i < sizeof(ethertypes) / sizeof(ethertypes[0]); i++)
		if (ethertypes[i].type == type)
			name = ethertypes[i].name;
	text_printf(out, "%s (0x%04x)", name, type);
}

/* Nothing more will be written of it: say what it is. */
static bool
ends_here(const struct line *l)
{
	enum layer_kind after = line_after(l);

	return after == LAYER_NONE || after == LAYER_DATA;
}

static void
add_type_or_length(struct line *l, uint16_t type)
{
	if (type <= 1500) {
		ADD(l->out, "802.3");
	} else {
		ADD(l->out, "ethertype ");
		line_add_ethertype(l->out, type);
	}
}

void
line_eth(struct line *l)
{
	const uint8_t *p = line_bytes(l, 14);
	uint16_t type;

	if (!p)
		return;
	l->named = l->state->config.link_header;
	type = line_u16(p + 12);
	if (!l->named && !(ends_here(l) && type > 1500))
		return;
	line_add_mac(l->out, p + 6);
	ADD(l->out, " > ");
	line_add_mac(l->out, p);
	ADD(l->out, ", ");
	add_type_or_length(l, type);
	text_printf(l->out, ", length %zu: ",
		    type <= 1500 ? (size_t)type : line_wire_len(l));
}

void
line_vlan(struct line *l)
{
	const uint8_t *p = line_bytes(l, 4);
	uint16_t tci;

	if (!p || (!l->state->config.link_header && !ends_here(l)))
		return;
	tci = line_u16(p);
	text_printf(l->out, "vlan %u, p %u%s, ", tci & 0xfff, tci >> 13,
		    tci & 0x1000 ? ", DEI" : "");
	add_type_or_length(l, line_u16(p + 2));
	ADD(l->out, ", ");
}

void
line_llc(struct line *l)
{
	const uint8_t *p = line_bytes(l, 3);

	if (!p || (!l->state->config.link_header && !ends_here(l)))
		return;
	text_printf(l->out, "LLC, dsap 0x%02x, ssap 0x%02x, ctrl 0x%02x", p[0],
		    p[1], p[2]);
	if (ends_here(l))
		text_printf(l->out, ", length %zu", line_wire_len(l));
	else
		ADD(l->out, ": ");
}

static const char *
packet_type(unsigned type)
{
	static const char *const names[] = { "In", "B", "M", "P", "Out" };

	return type < 5 ? names[type] : "?";
}

/* The address has up to 8 bytes; only Ethernet's six are worth showing. */
static void
add_sll(struct line *l, unsigned address_len, const uint8_t *address,
	uint16_t type)
{
	if (address_len == 6) {
		line_add_mac(l->out, address);
		text_add_char(l->out, ' ');
	}
	ADD(l->out, "ethertype ");
	line_add_ethertype(l->out, type);
	text_printf(l->out, ", length %u: ", l->p->wire_len);
}

void
line_sll(struct line *l)
{
	const uint8_t *p = line_bytes(l, 16);

	if (!p)
		return;
	l->named = l->state->config.link_header;
	if (!l->named && !ends_here(l))
		return;
	text_printf(l->out, "%3s ", packet_type(line_u16(p)));
	add_sll(l, line_u16(p + 4), p + 6, line_u16(p + 14));
}

/* tcpdump names the interface that has the number on its own machine. */
void
line_sll2(struct line *l)
{
	const uint8_t *p = line_bytes(l, 20);

	if (!p)
		return;
	l->named = l->state->config.link_header;
	text_printf(l->out, "if%u %-3s ", line_u32(p + 4), packet_type(p[10]));
	if (l->named || ends_here(l))
		add_sll(l, p[11], p + 12, line_u16(p));
}

void
line_null(struct line *l)
{
	const uint8_t *p = line_bytes(l, 4);
	bool v4 = line_after(l) == LAYER_IP;

	if (!p)
		return;
	l->named = l->state->config.link_header && !ends_here(l);
	if (l->named)
		text_printf(l->out, "AF %s (%u), length %u: ",
			    v4 ? "IPv4" : "IPv6", p[0] ? p[0] : p[3],
			    l->p->wire_len);
	else if (ends_here(l))
		text_printf(l->out, "AF 0x%08x, length %u", line_u32(p),
			    l->p->wire_len);
}

void
line_raw(struct line *l)
{
	if (l->p->wire_len == 0 || ends_here(l))
		text_printf(l->out, "ip: not IP, length %u", l->p->wire_len);
	else if (l->state->config.link_header)
		ADD(l->out, "ip: ");
	l->named = l->state->config.link_header;
}

void
line_ppp(struct line *l)
{
	struct cursor c = line_cursor(l);
	unsigned protocol;

	if (cursor_left(&c) > 0 && c.pos[0] == 0xff)
		cursor_u16(&c);
	protocol = cursor_u8(&c);
	if (!(protocol & 1))
		protocol = protocol << 8 | cursor_u8(&c);
	if (c.status != CURSOR_OK) {
		ADD(l->out, "[|ppp]");
		return;
	}
	if (ends_here(l))
		text_printf(l->out, "PPP protocol 0x%04x, length %zu",
			    protocol, line_wire_len(l));
	else if (l->state->config.link_header)
		text_printf(l->out, "%s (0x%04x), length %zu: ",
			    line_after(l) == LAYER_IP ? "IP" :
			    line_after(l) == LAYER_IP6 ? "IP6" : "MPLS",
			    protocol, line_wire_len(l));
	l->named = l->state->config.link_header;
}

static const char *
discovery_name(uint8_t code)
{
	switch (code) {
	case 0x09:
		return "PADI";
	case 0x07:
		return "PADO";
	case 0x19:
		return "PADR";
	case 0x65:
		return "PADS";
	case 0xa7:
		return "PADT";
	default:
		return "code";
	}
}

void
line_pppoe(struct line *l)
{
	const uint8_t *p = line_bytes(l, 6);

	if (!p)
		return;
	ADD(l->out, "PPPoE ");
	if (p[1] != 0)
		text_add(l->out, discovery_name(p[1]));
	if (p[1] == 0 || line_u16(p + 2) != 0)
		text_printf(l->out, " [ses 0x%x] ", line_u16(p + 2));
}

void
line_mpls(struct line *l)
{
	const uint8_t *p = line_bytes(l, 4);
	uint32_t label;

	if (!p)
		return;
	if (line_before(l) != LAYER_MPLS)
		ADD(l->out, "MPLS ");
	label = line_u32(p);
	text_printf(l->out, "(label %u, tc %u%s, ttl %u) ", label >> 12,
		    label >> 9 & 7, label & 0x100 ? ", [S]" : "",
		    label & 0xff);
}

void
line_pw(struct line *l)
{
	const uint8_t *p = line_bytes(l, 4);

	if (p)
		text_printf(l->out, "PW, seq %u: ", line_u16(p + 2));
}

static void
add_wlan_kind(struct line *l, uint8_t fc)
{
	static const char *const names[] = { "Management", "Control", "Data",
					     "Extension" };

	text_printf(l->out, "802.11 %s, subtype %u, length %zu",
		    names[fc >> 2 & 3], fc >> 4, line_wire_len(l));
}

void
line_wlan(struct line *l)
{
	const uint8_t *p = line_bytes(l, 2);

	if (!p)
		return;
	if (ends_here(l)) {
		add_wlan_kind(l, p[0]);
		return;
	}
	if (!l->state->config.link_header || !(p = line_bytes(l, 22)))
		return;
	ADD(l->out, "802.11 ");
	line_add_mac(l->out, p + 10);
	ADD(l->out, " > ");
	line_add_mac(l->out, p + 4);
	ADD(l->out, ", ");
}
