/*
 * fields_link.c - the fields of link layers.
 */
#include "dissect/fields.h"

const struct field eth_fields[] = {
	{ "eth.dst", "Destination", BYTE(0), 48, FIELD_MAC },
	{ "eth.src", "Source", BYTE(6), 48, FIELD_MAC },
	{ NULL },
};

void
eth_more(struct field_list *l)
{
	static const struct field type = {
		"eth.type", "Type", .format = FIELD_HEX,
		.values = ethertype_names,
	};
	static const struct field len = { "eth.len", "Length" };
	bool is_len = fields_u16(l, 12) <= ETHERTYPE_MAX_LENGTH;

	field_add(l, is_len ? &len : &type, 12, 2);
}

static const struct value_name priority_names[] = {
	{ 0, "best effort" }, { 1, "background" }, { 2, "excellent effort" },
	{ 3, "critical applications" }, { 4, "video" }, { 5, "voice" },
	{ 6, "internetwork control" }, { 7, "network control" }, { 0, NULL },
};

const struct field vlan_fields[] = {
	{ "vlan.priority", "Priority", BYTE(0), 3, FIELD_DEC,
	  .values = priority_names },
	{ "vlan.dei", "Drop eligible", 3, 1, FIELD_BOOL },
	{ "vlan.id", "VLAN", 4, 12, FIELD_DEC },
	{ "vlan.etype", "Type", BYTE(2), 16, FIELD_HEX,
	  .values = ethertype_names },
	{ NULL },
};

const struct field qinq_fields[] = {
	{ "ieee8021ad.priority", "Priority", BYTE(0), 3, FIELD_DEC,
	  .values = priority_names },
	{ "ieee8021ad.dei", "Drop eligible", 3, 1, FIELD_BOOL },
	{ "ieee8021ad.id", "Service VLAN", 4, 12, FIELD_DEC },
	{ "ieee8021ad.etype", "Type", BYTE(2), 16, FIELD_HEX,
	  .values = ethertype_names },
	{ NULL },
};

static const struct value_name sap_names[] = {
	{ 0x00, "null" }, { 0x06, "IP" }, { 0x42, "spanning tree" },
	{ 0xaa, "SNAP" }, { 0xe0, "NetWare" }, { 0xf0, "NetBIOS" },
	{ 0xfe, "ISO" }, { 0xff, "global" }, { 0, NULL },
};

const struct field llc_fields[] = {
	{ "llc.dsap", "Destination service", BYTE(0), 8, FIELD_HEX,
	  .values = sap_names },
	{ "llc.ssap", "Source service", BYTE(1), 8, FIELD_HEX,
	  .values = sap_names },
	{ NULL },
};

void
llc_more(struct field_list *l)
{
	static const struct field control = { "llc.control", "Control",
					      .format = FIELD_HEX };
	static const struct field oui = { "llc.oui", "Organisation",
					  .format = FIELD_DEC };
	static const struct field type = { "llc.type", "Type",
					   .format = FIELD_HEX,
					   .values = ethertype_names };
	static const struct field pid = { "llc.pid", "Protocol",
					  .format = FIELD_HEX };
	bool unnumbered = (fields_u8(l, 2) & 3) == 3;

	field_add(l, &control, 2, unnumbered ? 1 : 2);
	if (fields_u16(l, 0) != 0xaaaa || fields_u8(l, 2) != 0x03)
		return;
	field_add(l, &oui, 3, 3);
	field_add(l, fields_u16(l, 3) == 0 ? &type : &pid, 6, 2);
}

static const struct value_name packet_type_names[] = {
	{ 0, "to us" }, { 1, "broadcast" }, { 2, "multicast" },
	{ 3, "to another host" }, { 4, "from us" }, { 0, NULL },
};

static const struct value_name arphrd_names[] = {
	{ 1, "Ethernet" }, { 512, "PPP" }, { 768, "IP in IP" },
	{ 769, "IPv6 tunnel" }, { 772, "loopback" }, { 776, "6in4" },
	{ 778, "GRE" }, { 801, "802.11" }, { 803, "802.11 with radiotap" },
	{ 824, "netlink" }, { 65534, "none" }, { 0, NULL },
};

static const struct field sll_address = { "sll.src.eth", "Source",
					  .format = FIELD_MAC };
static const struct field sll_other = { "sll.src.other", "Source",
					.format = FIELD_BYTES };
static const struct field sll_type = { "sll.etype", "Protocol",
				       .format = FIELD_HEX,
				       .values = ethertype_names };

static void
add_sll_address(struct field_list *l, size_t offset, unsigned len)
{
	if (len == 6)
		field_add(l, &sll_address, offset, 6);
	else if (len > 0)
		field_add(l, &sll_other, offset, len < 8 ? len : 8);
}

const struct field sll_fields[] = {
	{ "sll.pkttype", "Packet type", BYTE(0), 16, FIELD_DEC,
	  .values = packet_type_names },
	{ "sll.hatype", "Kind of interface", BYTE(2), 16, FIELD_DEC,
	  .values = arphrd_names },
	{ "sll.halen", "Length of the address", BYTE(4), 16, FIELD_DEC },
	{ NULL },
};

void
sll_more(struct field_list *l)
{
	add_sll_address(l, 6, fields_u16(l, 4));
	field_add(l, &sll_type, 14, 2);
}

const struct field sll2_fields[] = {
	{ "sll.etype", "Protocol", BYTE(0), 16, FIELD_HEX,
	  .values = ethertype_names },
	{ "sll.ifindex", "Interface", BYTE(4), 32, FIELD_DEC },
	{ "sll.hatype", "Kind of interface", BYTE(8), 16, FIELD_DEC,
	  .values = arphrd_names },
	{ "sll.pkttype", "Packet type", BYTE(10), 8, FIELD_DEC,
	  .values = packet_type_names },
	{ "sll.halen", "Length of the address", BYTE(11), 8, FIELD_DEC },
	{ NULL },
};

void
sll2_more(struct field_list *l)
{
	add_sll_address(l, 12, fields_u8(l, 11));
}

void
null_more(struct field_list *l)
{
	static const struct value_name names[] = {
		{ 2, "IPv4" }, { 10, "IPv6 (Linux)" },
		{ 24, "IPv6 (NetBSD, OpenBSD)" }, { 28, "IPv6 (FreeBSD)" },
		{ 30, "IPv6 (Darwin)" }, { 0, NULL },
	};
	static const struct field family = { "null.family", "Address family",
					     .values = names };
	uint32_t value = fields_u32(l, 0);

	field_add_value(l, &family, 0, 4,
			value > UINT16_MAX ? __builtin_bswap32(value) : value);
}

void
ppp_more(struct field_list *l)
{
	static const struct value_name names[] = {
		{ 0x0021, "IPv4" }, { 0x0057, "IPv6" },
		{ 0x0281, "MPLS" }, { 0x8021, "IPCP" }, { 0x8057, "IPv6CP" },
		{ 0xc021, "LCP" }, { 0xc023, "PAP" }, { 0xc223, "CHAP" },
		{ 0, NULL },
	};
	static const struct field address = { "ppp.address", "Address",
					      .format = FIELD_HEX };
	static const struct field control = { "ppp.control", "Control",
					      .format = FIELD_HEX };
	static const struct field protocol = { "ppp.protocol", "Protocol",
					       .format = FIELD_HEX,
					       .values = names };
	size_t at = 0;

	if (fields_u8(l, 0) == 0xff) {
		field_add(l, &address, 0, 1);
		field_add(l, &control, 1, 1);
		at = 2;
	}
	field_add(l, &protocol, at, fields_u8(l, at) & 1 ? 1 : 2);
}

static const struct value_name pppoe_codes[] = {
	{ 0x00, "session data" }, { 0x07, "PADO" }, { 0x09, "PADI" },
	{ 0x19, "PADR" }, { 0x65, "PADS" }, { 0xa7, "PADT" }, { 0, NULL },
};

const struct field pppoe_fields[] = {
	{ "pppoe.version", "Version", BYTE(0), 4, FIELD_DEC },
	{ "pppoe.type", "Type", 4, 4, FIELD_DEC },
	{ "pppoe.code", "Code", BYTE(1), 8, FIELD_HEX,
	  .values = pppoe_codes },
	{ "pppoe.session_id", "Session", BYTE(2), 16, FIELD_HEX },
	{ "pppoe.payload_length", "Payload length", BYTE(4), 16, FIELD_DEC },
	{ NULL },
};

const struct field mpls_fields[] = {
	{ "mpls.label", "Label", BYTE(0), 20, FIELD_DEC },
	{ "mpls.exp", "Traffic class", 20, 3, FIELD_DEC },
	{ "mpls.bottom", "Bottom of the stack", 23, 1, FIELD_BOOL },
	{ "mpls.ttl", "Time to live", BYTE(3), 8, FIELD_DEC },
	{ NULL },
};

const struct field pw_fields[] = {
	{ "pweth.cw", "Control word", BYTE(0), 32, FIELD_HEX },
	{ "pweth.cw.sequence_number", "Sequence number", BYTE(2), 16,
	  FIELD_DEC, .depth = 1 },
	{ NULL },
};

static const struct value_name arp_operations[] = {
	{ 1, "request" }, { 2, "reply" }, { 3, "reverse request" },
	{ 4, "reverse reply" }, { 8, "inverse request" },
	{ 9, "inverse reply" }, { 0, NULL },
};

const struct field arp_fields[] = {
	{ "arp.hw.type", "Hardware type", BYTE(0), 16, FIELD_DEC,
	  .values = arphrd_names },
	{ "arp.proto.type", "Protocol type", BYTE(2), 16, FIELD_HEX,
	  .values = ethertype_names },
	{ "arp.hw.size", "Size of hardware addresses", BYTE(4), 8,
	  FIELD_DEC },
	{ "arp.proto.size", "Size of protocol addresses", BYTE(5), 8,
	  FIELD_DEC },
	{ "arp.opcode", "Operation", BYTE(6), 16, FIELD_DEC,
	  .values = arp_operations },
	{ NULL },
};

void
arp_more(struct field_list *l)
{
	static const struct field addresses[] = {
		{ "arp.src.hw_mac", "Sender's MAC", BYTE(8), 48, FIELD_MAC },
		{ "arp.src.proto_ipv4", "Sender", BYTE(14), 32, FIELD_IPV4 },
		{ "arp.dst.hw_mac", "Target's MAC", BYTE(18), 48, FIELD_MAC },
		{ "arp.dst.proto_ipv4", "Target", BYTE(24), 32, FIELD_IPV4 },
		{ NULL },
	};

	if (fields_u16(l, 2) == ETHERTYPE_IP && fields_u16(l, 4) == 0x0604)
		fields_add(l, addresses);
}

void
data_more(struct field_list *l)
{
	static const struct field bytes = { "data.data", "Bytes",
					    .format = FIELD_BYTES };
	static const struct field len = { "data.len", "Length" };
	size_t n = l->layer->len;

	field_add(l, &bytes, 0, n);
	field_add_value(l, &len, 0, 0, n);
}
