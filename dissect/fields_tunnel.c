/*
 * fields_tunnel.c - the fields of tunnels.
 */
#include "dissect/fields.h"

const struct field gre_fields[] = {
	{ "gre.flags_and_version", "Flags and version", BYTE(0), 16,
	  FIELD_HEX },
	{ "gre.flags.checksum", "Checksum present", BYTE(0), 1, FIELD_BOOL,
	  1 },
	{ "gre.flags.routing", "Routing present", BYTE(0) + 1, 1, FIELD_BOOL,
	  1 },
	{ "gre.flags.key", "Key present", BYTE(0) + 2, 1, FIELD_BOOL, 1 },
	{ "gre.flags.sequence_number", "Sequence number present",
	  BYTE(0) + 3, 1, FIELD_BOOL, 1 },
	{ "gre.flags.version", "Version", BYTE(1) + 5, 3, FIELD_DEC, 1 },
	{ "gre.proto", "Protocol", BYTE(2), 16, FIELD_HEX,
	  .values = ethertype_names },
	{ NULL },
};

static const struct field gre_checksum = { "gre.checksum", "Checksum",
					   .format = FIELD_HEX };
static const struct field gre_offset = { "gre.offset", "Offset" };
static const struct field gre_key = { "gre.key", "Key",
				      .format = FIELD_HEX };
static const struct field gre_length = { "gre.key.payload_length",
					 "Payload length" };
static const struct field gre_call = { "gre.key.call_id", "Call" };
static const struct field gre_seq = { "gre.sequence_number",
				      "Sequence number" };
static const struct field gre_ack = { "gre.ack_number",
				      "Acknowledgment number" };

void
gre_more(struct field_list *l)
{
	unsigned flags = fields_u16(l, 0);
	bool pptp = (flags & 7) == 1;
	size_t at = 4;

	if (flags & 0xc000 && !pptp) {
		field_add(l, &gre_checksum, at, 2);
		field_add(l, &gre_offset, at + 2, 2);
		at += 4;
	}
	if (flags & 0x2000) {
		if (pptp) {
			field_add(l, &gre_length, at, 2);
			field_add(l, &gre_call, at + 2, 2);
		} else {
			field_add(l, &gre_key, at, 4);
		}
		at += 4;
	}
	if (flags & 0x1000) {
		field_add(l, &gre_seq, at, 4);
		at += 4;
	}
	if (flags & 0x0080 && pptp)
		field_add(l, &gre_ack, at, 4);
}

const struct field vxlan_fields[] = {
	{ "vxlan.flags", "Flags", BYTE(0), 16, FIELD_HEX },
	{ "vxlan.gbp", "Group policy", BYTE(2), 16, FIELD_DEC },
	{ "vxlan.vni", "Network", BYTE(4), 24, FIELD_DEC },
	{ "vxlan.reserved8", "Reserved", BYTE(7), 8, FIELD_DEC },
	{ NULL },
};

const struct field geneve_fields[] = {
	{ "geneve.version", "Version", 0, 2, FIELD_DEC },
	{ "geneve.flags", "Flags", BYTE(1), 8, FIELD_HEX },
	{ "geneve.flags.oam", "Control packet", BYTE(1), 1, FIELD_BOOL, 1 },
	{ "geneve.flags.critical", "Critical options", BYTE(1) + 1, 1,
	  FIELD_BOOL, 1 },
	{ "geneve.proto_type", "Protocol", BYTE(2), 16, FIELD_HEX,
	  .values = ethertype_names },
	{ "geneve.vni", "Network", BYTE(4), 24, FIELD_HEX },
	{ NULL },
};

/* RFC 8926 s3.5 */
void
geneve_more(struct field_list *l)
{
	static const struct field class = { "geneve.option.class", "Option",
					    .format = FIELD_HEX };
	static const struct field type = { "geneve.option.type", "Type",
					   .format = FIELD_HEX, .depth = 1 };
	static const struct field length = { "geneve.option.length",
					     "Length", .depth = 1 };
	static const struct field data = { "geneve.option.data", "Bytes",
					   .format = FIELD_BYTES,
					   .depth = 1 };
	size_t at = 8;

	while (fields_left(l, at) >= 4 && !l->stopped) {
		size_t n = (fields_u8(l, at + 3) & 0x1f) * 4u;

		field_add(l, &class, at, 2);
		field_add(l, &type, at + 2, 1);
		field_add_value(l, &length, at + 3, 1, n + 4);
		if (n > fields_left(l, at + 4))
			break;
		if (n > 0)
			field_add(l, &data, at + 4, n);
		at += 4 + n;
	}
}

static const struct value_name gtp_messages[] = {
	{ 1, "echo request" }, { 2, "echo response" },
	{ 26, "error indication" }, { 254, "end marker" },
	{ 255, "T-PDU" }, { 0, NULL },
};

const struct field gtpu_fields[] = {
	{ "gtp.flags", "Flags", BYTE(0), 8, FIELD_HEX },
	{ "gtp.flags.version", "Version", BYTE(0), 3, FIELD_DEC, 1 },
	{ "gtp.flags.payload", "GTP, not GTP'", BYTE(0) + 3, 1, FIELD_BOOL,
	  1 },
	{ "gtp.flags.e", "Extension headers", BYTE(0) + 5, 1, FIELD_BOOL, 1 },
	{ "gtp.flags.s", "Sequence number present", BYTE(0) + 6, 1,
	  FIELD_BOOL, 1 },
	{ "gtp.flags.pn", "N-PDU number present", BYTE(0) + 7, 1, FIELD_BOOL,
	  1 },
	{ "gtp.message", "Message", BYTE(1), 8, FIELD_HEX,
	  .values = gtp_messages },
	{ "gtp.length", "Length", BYTE(2), 16, FIELD_DEC },
	{ "gtp.teid", "Tunnel", BYTE(4), 32, FIELD_HEX },
	{ NULL },
};

void
gtpu_more(struct field_list *l)
{
	static const struct field seq = { "gtp.seq_number",
					  "Sequence number",
					  .format = FIELD_HEX };
	static const struct field npdu = { "gtp.npdu_number", "N-PDU number",
					   .format = FIELD_HEX };
	unsigned flags = fields_u8(l, 0);

	if (flags & 0x02)
		field_add(l, &seq, 8, 2);
	if (flags & 0x01)
		field_add(l, &npdu, 10, 1);
}

/* RFC 4380 s5.1.1 */
void
teredo_more(struct field_list *l)
{
	static const struct field auth[] = {
		{ "teredo.auth.idlen", "Length of the client's name",
		  BYTE(2), 8, FIELD_DEC },
		{ "teredo.auth.aulen", "Length of the authentication",
		  BYTE(3), 8, FIELD_DEC },
		{ NULL },
	};
	static const struct field nonce = { "teredo.auth.nonce", "Nonce",
					    .format = FIELD_BYTES };
	static const struct field conf = { "teredo.auth.conf",
					   "Confirmation",
					   .format = FIELD_BYTES };
	static const struct field port = { "teredo.orig.port",
					   "Origin's port" };
	static const struct field addr = { "teredo.orig.addr_inverted",
					   "Origin, all bits inverted",
					   .format = FIELD_IPV4 };
	size_t at = 0;

	if (fields_left(l, 0) >= 13 && fields_u16(l, 0) == 0x0001) {
		at = 4 + fields_u8(l, 2) + fields_u8(l, 3);
		fields_add(l, auth);
		field_add(l, &nonce, at, 8);
		field_add(l, &conf, at + 8, 1);
		at += 9;
	}
	if (fields_left(l, at) >= 8 && fields_u16(l, at) == 0x0000) {
		field_add_value(l, &port, at + 2, 2,
				fields_u16(l, at + 2) ^ 0xffff);
		field_add(l, &addr, at + 4, 4);
	}
}
