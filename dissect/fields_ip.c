/*
 * fields_ip.c - the fields of IPv4, its options, and IGMP.
 */
#include "dissect/fields.h"

const struct field ip_fields[] = {
	{ "ip.version", "Version", 0, 4, FIELD_DEC },
	{ "ip.hdr_len", "Header length", 4, 4, FIELD_DEC, .scale = 4 },
	{ "ip.dsfield", "Differentiated services", BYTE(1), 8, FIELD_HEX },
	{ "ip.dsfield.dscp", "Code point", BYTE(1), 6, FIELD_DEC, 1,
	  .values = dscp_names },
	{ "ip.dsfield.ecn", "Congestion notification", BYTE(1) + 6, 2,
	  FIELD_DEC, 1, .values = ecn_names },
	{ "ip.len", "Total length", BYTE(2), 16, FIELD_DEC },
	{ "ip.id", "Identification", BYTE(4), 16, FIELD_HEX },
	{ "ip.flags", "Flags", BYTE(6), 3, FIELD_HEX },
	{ "ip.flags.rb", "Reserved", BYTE(6), 1, FIELD_BOOL, 1 },
	{ "ip.flags.df", "Don't fragment", BYTE(6) + 1, 1, FIELD_BOOL, 1 },
	{ "ip.flags.mf", "More fragments", BYTE(6) + 2, 1, FIELD_BOOL, 1 },
	{ "ip.frag_offset", "Fragment offset in 8 bytes", BYTE(6) + 3, 13,
	  FIELD_DEC },
	{ "ip.ttl", "Time to live", BYTE(8), 8, FIELD_DEC },
	{ "ip.proto", "Protocol", BYTE(9), 8, FIELD_DEC,
	  .values = ip_proto_names },
	{ "ip.checksum", "Header checksum", BYTE(10), 16, FIELD_HEX },
	{ "ip.src", "Source", BYTE(12), 32, FIELD_IPV4 },
	{ "ip.dst", "Destination", BYTE(16), 32, FIELD_IPV4 },
	{ NULL },
};

enum {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_RECORD_ROUTE = 7,
	OPTION_LOOSE_ROUTE = 131,
	OPTION_STRICT_ROUTE = 137,
	OPTION_ROUTER_ALERT = 148,
};

static const struct value_name option_types[] = {
	{ OPTION_END, "end of list" }, { OPTION_NOP, "no operation" },
	{ OPTION_RECORD_ROUTE, "record route" }, { 68, "time stamp" },
	{ 130, "security" }, { OPTION_LOOSE_ROUTE, "loose source route" },
	{ 136, "stream id" }, { OPTION_STRICT_ROUTE, "strict source route" },
	{ OPTION_ROUTER_ALERT, "router alert" }, { 0, NULL },
};

static const struct field option_type = { "ip.opt.type", "Option",
					  .values = option_types };
static const struct field option_len = { "ip.opt.len", "Length", .depth = 1 };
static const struct field option_ptr = { "ip.opt.ptr", "Pointer",
					 .depth = 1 };
static const struct field option_route = { "ip.rec_rt", "Address",
					   .format = FIELD_IPV4, .depth = 1 };
static const struct field option_hop = { "ip.src_rt", "Address",
					 .format = FIELD_IPV4, .depth = 1 };
static const struct field option_empty = { "ip.empty_rt", "Free place",
					   .format = FIELD_IPV4, .depth = 1 };
static const struct field option_ra = { "ip.opt.ra", "Value", .depth = 1 };
static const struct field option_data = { "ip.opt.data", "Bytes",
					  .format = FIELD_BYTES, .depth = 1 };

/* The pointer counts from 1 and tells the first place that is free. */
static void
add_route(struct field_list *l, size_t at, size_t len, bool recorded)
{
	unsigned pointer = fields_u8(l, at + 2);

	field_add(l, &option_ptr, at + 2, 1);
	for (size_t i = 3; i + 4 <= len; i += 4) {
		bool free_place = recorded && i + 1 >= pointer;

		field_add(l, free_place ? &option_empty :
			  recorded ? &option_route : &option_hop, at + i, 4);
	}
}

static void
add_option_body(struct field_list *l, size_t at, size_t len)
{
	switch (fields_u8(l, at)) {
	case OPTION_RECORD_ROUTE:
		add_route(l, at, len, true);
		break;
	case OPTION_LOOSE_ROUTE:
	case OPTION_STRICT_ROUTE:
		add_route(l, at, len, false);
		break;
	case OPTION_ROUTER_ALERT:
		field_add(l, &option_ra, at + 2, len - 2);
		break;
	default:
		if (len > 2)
			field_add(l, &option_data, at + 2, len - 2);
		break;
	}
}

static void
add_options(struct field_list *l)
{
	size_t at = 20;

	while (fields_left(l, at) > 0 && !l->stopped) {
		unsigned type = fields_u8(l, at);
		size_t len = fields_u8(l, at + 1);

		field_add(l, &option_type, at, 1);
		if (type == OPTION_END)
			break;
		if (type == OPTION_NOP) {
			at++;
			continue;
		}
		field_add(l, &option_len, at + 1, 1);
		if (len < 2 || len > fields_left(l, at))
			break;
		add_option_body(l, at, len);
		at += len;
	}
}

void
ip_more(struct field_list *l)
{
	static const struct field status = { "ip.checksum.status",
					     "Checksum is",
					     .values = checksum_names };

	add_options(l);
	if (l->depth == 0)
		field_add_checksum(l, &status, l->d->ip.checksum);
}

static const struct value_name igmp_types[] = {
	{ 0x11, "membership query" }, { 0x12, "version 1 report" },
	{ 0x16, "version 2 report" }, { 0x17, "leave group" },
	{ 0x22, "version 3 report" }, { 0, NULL },
};

const struct field igmp_fields[] = {
	{ "igmp.type", "Type", BYTE(0), 8, FIELD_HEX, .values = igmp_types },
	{ NULL },
};

void
igmp_more(struct field_list *l)
{
	static const struct field common[] = {
		{ "igmp.max_resp", "Time to respond, 0.1 s", BYTE(1), 8,
		  FIELD_DEC },
		{ "igmp.checksum", "Checksum", BYTE(2), 16, FIELD_HEX },
		{ "igmp.maddr", "Group", BYTE(4), 32, FIELD_IPV4 },
		{ NULL },
	};
	static const struct field v3_report[] = {
		{ "igmp.checksum", "Checksum", BYTE(2), 16, FIELD_HEX },
		{ "igmp.num_grp_recs", "Group records", BYTE(6), 16,
		  FIELD_DEC },
		{ NULL },
	};

	fields_add(l, fields_u8(l, 0) == 0x22 ? v3_report : common);
}
