/*
 * fields_mptcp.c - the fields of the Multipath TCP option (RFC 8684 s3).
 *
 * The subtype, and where one has several forms the option's length, tell
 * what there is.  Tables are of the option's body: what follows kind and
 * length.
 */
#include "dissect/fields.h"

enum mptcp_subtype {
	CAPABLE,
	JOIN,
	DSS,
	ADD_ADDR,
	REMOVE_ADDR,
	PRIO,
	FAIL,
	FASTCLOSE,
	RESET,
};

static const struct value_name subtypes[] = {
	{ CAPABLE, "capable" }, { JOIN, "join" },
	{ DSS, "data sequence signal" }, { ADD_ADDR, "add address" },
	{ REMOVE_ADDR, "remove address" }, { PRIO, "priority" },
	{ FAIL, "fail" }, { FASTCLOSE, "fast close" }, { RESET, "reset" },
	{ 0, NULL },
};

static const struct field subtype[] = {
	{ "tcp.options.mptcp.subtype", "Subtype", 0, 4, FIELD_DEC, 1,
	  .values = subtypes },
	{ NULL },
};

static const struct field capable[] = {
	{ "tcp.options.mptcp.version", "Version", 4, 4, FIELD_DEC, 1 },
	{ "tcp.options.mptcp.flags", "Flags", BYTE(1), 8, FIELD_HEX, 1 },
	{ "tcp.options.mptcp.checksumreq.flags", "Checksums required",
	  BYTE(1), 1, FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.extensibility.flag", "Extended", BYTE(1) + 1, 1,
	  FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.nomoresubflows.flag", "No more subflows",
	  BYTE(1) + 2, 1, FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.sha256.flag", "HMAC-SHA256", BYTE(1) + 7, 1,
	  FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.sendkey", "Sender's key", BYTE(2), 64,
	  FIELD_DEC, 1 },
	{ "tcp.options.mptcp.recvkey", "Receiver's key", BYTE(10), 64,
	  FIELD_DEC, 1 },
	{ "tcp.options.mptcp.datalvllen", "Bytes of data", BYTE(18), 16,
	  FIELD_DEC, 1 },
	{ "tcp.options.mptcp.checksum", "Checksum", BYTE(20), 16, FIELD_HEX,
	  1 },
	{ NULL },
};

/* SYN: 12 bytes with kind and length. */
static const struct field join_syn[] = {
	{ "tcp.options.mptcp.backup.flag", "Backup path", 7, 1, FIELD_BOOL,
	  1 },
	{ "tcp.options.mptcp.addrid", "Address", BYTE(1), 8, FIELD_DEC, 1 },
	{ "tcp.options.mptcp.recvtok", "Receiver's token", BYTE(2), 32,
	  FIELD_DEC, 1 },
	{ "tcp.options.mptcp.sendrand", "Sender's number", BYTE(6), 32,
	  FIELD_DEC, 1 },
	{ NULL },
};

/* SYN-ACK: 16 bytes. */
static const struct field join_synack[] = {
	{ "tcp.options.mptcp.backup.flag", "Backup path", 7, 1, FIELD_BOOL,
	  1 },
	{ "tcp.options.mptcp.addrid", "Address", BYTE(1), 8, FIELD_DEC, 1 },
	{ "tcp.options.mptcp.sendtrunchmac", "Sender's HMAC, cut", BYTE(2),
	  64, FIELD_DEC, 1 },
	{ "tcp.options.mptcp.sendrand", "Sender's number", BYTE(10), 32,
	  FIELD_DEC, 1 },
	{ NULL },
};

/* ACK: 24 bytes. */
static const struct field join_ack[] = {
	{ "tcp.options.mptcp.sendhmac", "Sender's HMAC", BYTE(2), 160,
	  FIELD_BYTES, 1 },
	{ NULL },
};

static const struct field dss[] = {
	{ "tcp.options.mptcp.flags", "Flags", BYTE(1), 8, FIELD_HEX, 1 },
	{ "tcp.options.mptcp.datafin.flag", "End of data", BYTE(1) + 3, 1,
	  FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.dseqn8.flag", "Sequence number of 8 bytes",
	  BYTE(1) + 4, 1, FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.dseqnpresent.flag", "Sequence number present",
	  BYTE(1) + 5, 1, FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.dataack8.flag", "Acknowledgment of 8 bytes",
	  BYTE(1) + 6, 1, FIELD_BOOL, 2 },
	{ "tcp.options.mptcp.dataackpresent.flag", "Acknowledgment present",
	  BYTE(1) + 7, 1, FIELD_BOOL, 2 },
	{ NULL },
};

enum {
	DSS_SEQ8 = 0x08,
	DSS_SEQ = 0x04,
	DSS_ACK8 = 0x02,
	DSS_ACK = 0x01,
};

static void
add_mapping(struct field_list *l)
{
	static const struct field ack = { "tcp.options.mptcp.rawdataack",
					  "Data acknowledgment", .depth = 1 };
	static const struct field seq = { "tcp.options.mptcp.rawdataseqno",
					  "Data sequence number",
					  .depth = 1 };
	static const struct field sub = { "tcp.options.mptcp.subflowseqno",
					  "Relative in the subflow",
					  .depth = 1 };
	static const struct field len = { "tcp.options.mptcp.datalvllen",
					  "Bytes of data", .depth = 1 };
	static const struct field sum = { "tcp.options.mptcp.checksum",
					  "Checksum", .format = FIELD_HEX,
					  .depth = 1 };
	unsigned flags = fields_u8(l, 1);
	size_t at = 2;

	if (flags & DSS_ACK) {
		field_add(l, &ack, at, flags & DSS_ACK8 ? 8 : 4);
		at += flags & DSS_ACK8 ? 8 : 4;
	}
	if (!(flags & DSS_SEQ))
		return;
	field_add(l, &seq, at, flags & DSS_SEQ8 ? 8 : 4);
	at += flags & DSS_SEQ8 ? 8 : 4;
	field_add(l, &sub, at, 4);
	field_add(l, &len, at + 4, 2);
	field_add(l, &sum, at + 6, 2);
}

static const struct field add_addr[] = {
	{ "tcp.options.mptcp.echo", "Echo", 7, 1, FIELD_BOOL, 1 },
	{ "tcp.options.mptcp.addrid", "Address", BYTE(1), 8, FIELD_DEC, 1 },
	{ NULL },
};

/* 4 or 16 bytes of address, then perhaps a port, then an HMAC. */
static void
add_address(struct field_list *l, size_t len)
{
	static const struct field ipv4 = { "tcp.options.mptcp.ipv4", "IPv4",
					   .format = FIELD_IPV4,
					   .depth = 1 };
	static const struct field ipv6 = { "tcp.options.mptcp.ipv6", "IPv6",
					   .format = FIELD_IPV6,
					   .depth = 1 };
	static const struct field port = { "tcp.options.mptcp.port", "Port",
					   .depth = 1 };
	static const struct field hmac = {
		"tcp.options.mptcp.addaddrtrunchmac", "HMAC, cut",
		.depth = 1,
	};
	size_t at = len >= 18 ? 18 : 6;

	fields_add(l, add_addr);
	field_add(l, len >= 18 ? &ipv6 : &ipv4, 2, at - 2);
	if ((len - at) % 8 == 2)
		field_add(l, &port, at, 2);
	if (len - at >= 8)
		field_add(l, &hmac, len - 8, 8);
}

static const struct field fail[] = {
	{ "tcp.options.mptcp.rawdataseqno", "Data sequence number", BYTE(2),
	  64, FIELD_DEC, 1 },
	{ NULL },
};

static const struct field fastclose[] = {
	{ "tcp.options.mptcp.recvkey", "Receiver's key", BYTE(2), 64,
	  FIELD_DEC, 1 },
	{ NULL },
};

static const struct field reset[] = {
	{ "tcp.options.mptcp.rst_reason", "Reason", BYTE(1), 8, FIELD_HEX,
	  1 },
	{ NULL },
};

static void
add_join(struct field_list *l, size_t len)
{
	fields_add(l, len == 10 ? join_syn : len == 14 ? join_synack
						      : join_ack);
}

static void
add_subtype(struct field_list *l, size_t len)
{
	switch (fields_u8(l, 0) >> 4) {
	case CAPABLE:
		fields_add(l, capable);
		break;
	case JOIN:
		add_join(l, len);
		break;
	case DSS:
		fields_add(l, dss);
		add_mapping(l);
		break;
	case ADD_ADDR:
		if (len >= 6)
			add_address(l, len);
		break;
	case FAIL:
		fields_add(l, fail);
		break;
	case FASTCLOSE:
		fields_add(l, fastclose);
		break;
	case RESET:
		fields_add(l, reset);
		break;
	}
}

void
fields_add_mptcp(struct field_list *l, size_t at, size_t len)
{
	size_t base = l->base, end = l->end;

	l->base += at;
	if (l->base + len < l->end)
		l->end = l->base + len;
	fields_add(l, subtype);
	add_subtype(l, len);
	l->base = base;
	l->end = end;
}
