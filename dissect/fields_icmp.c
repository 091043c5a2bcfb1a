/*
 * fields_icmp.c - the fields of ICMP and ICMPv6, and of what they quote.
 */
#include "dissect/fields.h"

enum {
	ICMP_HEADER = 8,
	QUOTED_PORTS = 8,	/* of the transport header, at least */
};

static const struct value_name types[] = {
	{ 0, "echo reply" }, { 3, "destination unreachable" },
	{ 4, "source quench" }, { 5, "redirect" }, { 8, "echo request" },
	{ 9, "router advertisement" }, { 10, "router solicitation" },
	{ 11, "time exceeded" }, { 12, "parameter problem" },
	{ 13, "timestamp request" }, { 14, "timestamp reply" }, { 0, NULL },
};

static const struct value_name unreachable_codes[] = {
	{ 0, "network" }, { 1, "host" }, { 2, "protocol" }, { 3, "port" },
	{ 4, "fragmentation needed" }, { 5, "source route failed" },
	{ 6, "network unknown" }, { 7, "host unknown" },
	{ 9, "network prohibited" }, { 10, "host prohibited" },
	{ 11, "network, type of service" }, { 12, "host, type of service" },
	{ 13, "communication prohibited" }, { 0, NULL },
};

const struct field icmp_fields[] = {
	{ "icmp.type", "Type", BYTE(0), 8, FIELD_DEC, .values = types },
	{ NULL },
};

static const struct field plain_code[] = {
	{ "icmp.code", "Code", BYTE(1), 8, FIELD_DEC },
	{ "icmp.checksum", "Checksum", BYTE(2), 16, FIELD_HEX },
	{ NULL },
};

static const struct field unreachable_code[] = {
	{ "icmp.code", "Code", BYTE(1), 8, FIELD_DEC,
	  .values = unreachable_codes },
	{ "icmp.checksum", "Checksum", BYTE(2), 16, FIELD_HEX },
	{ NULL },
};

static const struct field echo[] = {
	{ "icmp.ident", "Identifier", BYTE(4), 16, FIELD_DEC },
	{ "icmp.seq", "Sequence number", BYTE(6), 16, FIELD_DEC },
	{ NULL },
};

/* The transport header that a quoted IP header is before. */
static void
add_quoted_transport(struct field_list *l, unsigned proto)
{
	const struct field *table = proto == IP_PROTO_TCP ? tcp_fields :
				    proto == IP_PROTO_UDP ? udp_fields :
				    proto == IP_PROTO_ICMP ? icmp_fields :
				    proto == IP_PROTO_ICMP6 ? icmp6_fields :
							     NULL;

	if (table)
		fields_add(l, table);
}

/* A part of the list that is of another header, one level deeper. */
static void
add_quoted_ip(struct field_list *l, size_t at)
{
	struct field_list outer = *l;
	unsigned hdr_len;

	l->depth++;
	l->base += at;
	l->end = (size_t)l->layer->offset + l->layer->len;
	if (fields_u8(l, 0) >> 4 == 4) {
		hdr_len = (fields_u8(l, 0) & 15) * 4;
		fields_add(l, ip_fields);
		l->base += hdr_len < 20 ? 20 : hdr_len;
		if ((fields_u16(&outer, at + 6) & 0x1fff) == 0)
			add_quoted_transport(l, fields_u8(&outer, at + 9));
	} else if (fields_u8(l, 0) >> 4 == 6) {
		fields_add(l, ip6_fields);
		l->base += IP6_HEADER;
		add_quoted_transport(l, fields_u8(&outer, at + 6));
	}
	l->base = outer.base;
	l->end = outer.end;
	l->depth = outer.depth;
}

static void
add_quote(struct field_list *l)
{
	static const struct field heading = { "icmp.quote", "Quoted packet",
					      .format = FIELD_HEADING };

	if (fields_left(l, ICMP_HEADER) == 0)
		return;
	field_add_value(l, &heading, ICMP_HEADER, 0, 0);
	add_quoted_ip(l, ICMP_HEADER);
}

static void
add_data(struct field_list *l)
{
	static const struct field data = { "data.data", "Bytes",
					   .format = FIELD_BYTES };
	static const struct field len = { "data.len", "Length" };
	size_t n = fields_left(l, ICMP_HEADER);

	if (n == 0)
		return;
	field_add(l, &data, ICMP_HEADER, n);
	field_add_value(l, &len, 0, 0, n);
}

void
icmp_more(struct field_list *l)
{
	static const struct field mtu = { "icmp.mtu", "MTU of the next hop" };
	static const struct field gateway = { "icmp.redir_gw", "Gateway",
					      .format = FIELD_IPV4 };
	static const struct field status = { "icmp.checksum.status",
					     "Checksum is",
					     .values = checksum_names };
	unsigned type = fields_u8(l, 0);

	fields_add(l, type == 3 ? unreachable_code : plain_code);
	if (l->d->kind == DISSECT_ICMP)
		field_add_checksum(l, &status, l->d->icmp.checksum);
	if (type == 0 || type == 8 || type == 13 || type == 14) {
		fields_add(l, echo);
		add_data(l);
		return;
	}
	if (type == 3 && fields_u8(l, 1) == 4)
		field_add(l, &mtu, 6, 2);
	else if (type == 5)
		field_add(l, &gateway, 4, 4);
	if (type == 3 || type == 4 || type == 5 || type == 11 || type == 12)
		add_quote(l);
}

static const struct value_name types6[] = {
	{ 1, "destination unreachable" }, { 2, "packet too big" },
	{ 3, "time exceeded" }, { 4, "parameter problem" },
	{ 128, "echo request" }, { 129, "echo reply" },
	{ 130, "multicast listener query" },
	{ 131, "multicast listener report" },
	{ 132, "multicast listener done" }, { 133, "router solicitation" },
	{ 134, "router advertisement" }, { 135, "neighbor solicitation" },
	{ 136, "neighbor advertisement" }, { 137, "redirect" },
	{ 143, "multicast listener report version 2" }, { 0, NULL },
};

const struct field icmp6_fields[] = {
	{ "icmpv6.type", "Type", BYTE(0), 8, FIELD_DEC, .values = types6 },
	{ "icmpv6.code", "Code", BYTE(1), 8, FIELD_DEC },
	{ "icmpv6.checksum", "Checksum", BYTE(2), 16, FIELD_HEX },
	{ NULL },
};

static const struct field echo6[] = {
	{ "icmpv6.echo.identifier", "Identifier", BYTE(4), 16, FIELD_DEC },
	{ "icmpv6.echo.sequence_number", "Sequence number", BYTE(6), 16,
	  FIELD_DEC },
	{ NULL },
};

static const struct field router_advert[] = {
	{ "icmpv6.nd.ra.cur_hop_limit", "Hop limit", BYTE(4), 8, FIELD_DEC },
	{ "icmpv6.nd.ra.flag.m", "Addresses are managed", BYTE(5), 1,
	  FIELD_BOOL },
	{ "icmpv6.nd.ra.flag.o", "Other configuration", BYTE(5) + 1, 1,
	  FIELD_BOOL },
	{ "icmpv6.nd.ra.router_lifetime", "Router lifetime, s", BYTE(6), 16,
	  FIELD_DEC },
	{ "icmpv6.nd.ra.reachable_time", "Reachable time, ms", BYTE(8), 32,
	  FIELD_DEC },
	{ "icmpv6.nd.ra.retrans_timer", "Retransmission timer, ms", BYTE(12),
	  32, FIELD_DEC },
	{ NULL },
};

static const struct field neighbor_solicit[] = {
	{ "icmpv6.nd.ns.target_address", "Target", BYTE(8), 128,
	  FIELD_IPV6 },
	{ NULL },
};

static const struct field neighbor_advert[] = {
	{ "icmpv6.nd.na.flag.r", "From a router", BYTE(4), 1, FIELD_BOOL },
	{ "icmpv6.nd.na.flag.s", "Solicited", BYTE(4) + 1, 1, FIELD_BOOL },
	{ "icmpv6.nd.na.flag.o", "Override", BYTE(4) + 2, 1, FIELD_BOOL },
	{ "icmpv6.nd.na.target_address", "Target", BYTE(8), 128,
	  FIELD_IPV6 },
	{ NULL },
};

static const struct field redirect6[] = {
	{ "icmpv6.rd.target_address", "Target", BYTE(8), 128, FIELD_IPV6 },
	{ "icmpv6.rd.na.destination_address", "Destination", BYTE(24), 128,
	  FIELD_IPV6 },
	{ NULL },
};

static const struct field mld_group[] = {
	{ "icmpv6.mld.maximum_response_delay", "Time to respond, ms",
	  BYTE(4), 16, FIELD_DEC },
	{ "icmpv6.mld.multicast_address", "Group", BYTE(8), 128, FIELD_IPV6 },
	{ NULL },
};

static const struct field mld_report2[] = {
	{ "icmpv6.mldr.nb_mcast_records", "Group records", BYTE(6), 16,
	  FIELD_DEC },
	{ NULL },
};

static const struct field mtu6[] = {
	{ "icmpv6.mtu", "MTU", BYTE(4), 32, FIELD_DEC },
	{ NULL },
};

static const struct field pointer6[] = {
	{ "icmpv6.pointer", "Pointer", BYTE(4), 32, FIELD_DEC },
	{ NULL },
};

/* RFC 4861 s4.6: type, length in eight bytes. */
static void
add_neighbor_options(struct field_list *l, size_t at)
{
	static const struct value_name names[] = {
		{ 1, "source link-layer address" },
		{ 2, "target link-layer address" }, { 3, "prefix" },
		{ 4, "redirected packet" }, { 5, "MTU" }, { 14, "nonce" },
		{ 25, "DNS servers" }, { 0, NULL },
	};
	static const struct field type = { "icmpv6.opt.type", "Option",
					   .values = names };
	static const struct field length = { "icmpv6.opt.length",
					     "Length in 8 bytes",
					     .depth = 1 };
	static const struct field address = { "icmpv6.opt.linkaddr",
					      "Address", .depth = 1,
					      .format = FIELD_MAC };

	while (fields_left(l, at) >= 8 && !l->stopped) {
		size_t len = fields_u8(l, at + 1) * 8u;

		field_add(l, &type, at, 1);
		field_add(l, &length, at + 1, 1);
		if (fields_u8(l, at) <= 2 && len == 8)
			field_add(l, &address, at + 2, 6);
		if (len == 0)
			break;
		at += len;
	}
}

/* The body of each type: its table, and where its options begin. */
static const struct {
	uint8_t type, options;
	const struct field *table;
} bodies6[] = {
	{ 2, 0, mtu6 }, { 4, 0, pointer6 }, { 128, 0, echo6 },
	{ 129, 0, echo6 }, { 130, 0, mld_group }, { 131, 0, mld_group },
	{ 132, 0, mld_group }, { 134, 16, router_advert },
	{ 135, 24, neighbor_solicit }, { 136, 24, neighbor_advert },
	{ 137, 40, redirect6 }, { 143, 0, mld_report2 },
};

void
icmp6_more(struct field_list *l)
{
	static const struct field status = { "icmpv6.checksum.status",
					     "Checksum is",
					     .values = checksum_names };
	unsigned type = fields_u8(l, 0);

	if (l->d->kind == DISSECT_ICMP)
		field_add_checksum(l, &status, l->d->icmp.checksum);
	for (size_t i = 0; i < sizeof(bodies6) / sizeof(bodies6[0]); i++) {
		if (bodies6[i].type != type)
			continue;
		fields_add(l, bodies6[i].table);
		if (bodies6[i].options)
			add_neighbor_options(l, bodies6[i].options);
	}
	if (type == 133)
		add_neighbor_options(l, 8);
	if (type >= 1 && type <= 4)
		add_quote(l);
	else if (type == 128 || type == 129)
		add_data(l);
}
