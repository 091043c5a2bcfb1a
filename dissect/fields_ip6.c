/*
 * fields_ip6.c - the fields of IPv6, its extension headers, and AH.
 */
#include "dissect/fields.h"

const struct field ip6_fields[] = {
	{ "ipv6.version", "Version", 0, 4, FIELD_DEC },
	{ "ipv6.tclass", "Traffic class", 4, 8, FIELD_HEX },
	{ "ipv6.tclass.dscp", "Code point", 4, 6, FIELD_DEC, 1,
	  .values = dscp_names },
	{ "ipv6.tclass.ecn", "Congestion notification", 10, 2, FIELD_DEC, 1,
	  .values = ecn_names },
	{ "ipv6.flow", "Flow label", 12, 20, FIELD_HEX },
	{ "ipv6.plen", "Payload length", BYTE(4), 16, FIELD_DEC },
	{ "ipv6.nxt", "Next header", BYTE(6), 8, FIELD_DEC,
	  .values = ip_proto_names },
	{ "ipv6.hlim", "Hop limit", BYTE(7), 8, FIELD_DEC },
	{ "ipv6.src", "Source", BYTE(8), 128, FIELD_IPV6 },
	{ "ipv6.dst", "Destination", BYTE(24), 128, FIELD_IPV6 },
	{ NULL },
};

const struct field ip6_hop_fields[] = {
	{ "ipv6.hopopts.nxt", "Next header", BYTE(0), 8, FIELD_DEC,
	  .values = ip_proto_names },
	{ "ipv6.hopopts.len", "Length in 8 bytes, but the first", BYTE(1), 8,
	  FIELD_DEC },
	{ NULL },
};

const struct field ip6_dest_fields[] = {
	{ "ipv6.dstopts.nxt", "Next header", BYTE(0), 8, FIELD_DEC,
	  .values = ip_proto_names },
	{ "ipv6.dstopts.len", "Length in 8 bytes, but the first", BYTE(1), 8,
	  FIELD_DEC },
	{ NULL },
};

enum {
	OPTION_PAD1 = 0x00,
	OPTION_PADN = 0x01,
	OPTION_ROUTER_ALERT = 0x05,
	OPTION_JUMBO = 0xc2,
};

static const struct value_name option_types[] = {
	{ OPTION_PAD1, "Pad1" }, { OPTION_PADN, "PadN" },
	{ 0x04, "tunnel encapsulation limit" },
	{ OPTION_ROUTER_ALERT, "router alert" }, { 0x30, "path MTU" },
	{ 0x63, "RPL" }, { OPTION_JUMBO, "jumbo payload" },
	{ 0xc9, "home address" }, { 0, NULL },
};

static const struct field option_type = { "ipv6.opt.type", "Option",
					  .values = option_types };
static const struct field option_len = { "ipv6.opt.length", "Length",
					 .depth = 1 };

static void
add_option_body(struct field_list *l, unsigned type, size_t at, size_t len)
{
	static const struct field padn = { "ipv6.opt.padn", "Padding",
					   .format = FIELD_BYTES,
					   .depth = 1 };
	static const struct field alert = { "ipv6.opt.router_alert", "Value",
					    .depth = 1 };
	static const struct field jumbo = { "ipv6.opt.jumbo",
					    "Payload length", .depth = 1 };
	static const struct field unknown = { "ipv6.opt.unknown", "Bytes",
					      .format = FIELD_BYTES,
					      .depth = 1 };

	if (len == 0)
		return;
	if (type == OPTION_ROUTER_ALERT && len == 2)
		field_add(l, &alert, at, len);
	else if (type == OPTION_JUMBO && len == 4)
		field_add(l, &jumbo, at, len);
	else
		field_add(l, type == OPTION_PADN ? &padn : &unknown, at, len);
}

void
ip6_options_more(struct field_list *l)
{
	size_t at = 2;

	while (fields_left(l, at) > 0 && !l->stopped) {
		unsigned type = fields_u8(l, at);
		size_t len = fields_u8(l, at + 1);

		field_add(l, &option_type, at, 1);
		at++;
		if (type == OPTION_PAD1)
			continue;
		field_add(l, &option_len, at, 1);
		at++;
		if (len > fields_left(l, at))
			break;
		add_option_body(l, type, at, len);
		at += len;
	}
}

static const struct value_name route_types[] = {
	{ 0, "source route, deprecated" }, { 2, "mobile IPv6" },
	{ 3, "RPL source route" }, { 4, "segment routing" }, { 0, NULL },
};

const struct field ip6_route_fields[] = {
	{ "ipv6.routing.nxt", "Next header", BYTE(0), 8, FIELD_DEC,
	  .values = ip_proto_names },
	{ "ipv6.routing.len", "Length in 8 bytes, but the first", BYTE(1), 8,
	  FIELD_DEC },
	{ "ipv6.routing.type", "Type", BYTE(2), 8, FIELD_DEC,
	  .values = route_types },
	{ "ipv6.routing.segleft", "Segments left", BYTE(3), 8, FIELD_DEC },
	{ NULL },
};

void
ip6_route_more(struct field_list *l)
{
	static const struct field srh[] = {
		{ "ipv6.routing.srh.last_entry", "Last entry", BYTE(4), 8,
		  FIELD_DEC },
		{ "ipv6.routing.srh.flags", "Flags", BYTE(5), 8, FIELD_HEX },
		{ "ipv6.routing.srh.tag", "Tag", BYTE(6), 16, FIELD_BYTES },
		{ NULL },
	};
	static const struct field srh_addr = { "ipv6.routing.srh.addr",
					       "Address",
					       .format = FIELD_IPV6 };
	static const struct field addr = { "ipv6.routing.src.addr", "Address",
					   .format = FIELD_IPV6 };
	unsigned type = fields_u8(l, 2);

	if (type == 4)
		fields_add(l, srh);
	else if (type != 0 && type != 2)
		return;
	for (size_t at = 8; fields_left(l, at) >= 16; at += 16)
		field_add(l, type == 4 ? &srh_addr : &addr, at, 16);
}

const struct field ip6_fragment_fields[] = {
	{ "ipv6.fraghdr.nxt", "Next header", BYTE(0), 8, FIELD_DEC,
	  .values = ip_proto_names },
	{ "ipv6.fraghdr.offset", "Offset in 8 bytes", BYTE(2), 13,
	  FIELD_DEC },
	{ "ipv6.fraghdr.more", "More fragments", BYTE(3) + 7, 1,
	  FIELD_BOOL },
	{ "ipv6.fraghdr.ident", "Identification", BYTE(4), 32, FIELD_HEX },
	{ NULL },
};

const struct field ah_fields[] = {
	{ "ah.next_header", "Next header", BYTE(0), 8, FIELD_DEC,
	  .values = ip_proto_names },
	{ "ah.length", "Length in 4 bytes, but two", BYTE(1), 8, FIELD_DEC },
	{ "ah.spi", "Security parameters", BYTE(4), 32, FIELD_HEX },
	{ "ah.sequence", "Sequence number", BYTE(8), 32, FIELD_DEC },
	{ NULL },
};

void
ah_more(struct field_list *l)
{
	static const struct field icv = { "ah.icv", "Integrity check",
					  .format = FIELD_BYTES };

	if (fields_left(l, 12) > 0)
		field_add(l, &icv, 12, fields_left(l, 12));
}
