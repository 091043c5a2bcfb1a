/*
 * fields_tcp.c - the fields of TCP and of each of its options.
 *
 * The base of the numbers is not known here: seq_raw and ack_raw are as on
 * the wire, and who knows the connection shows them relative as well.
 */
#include "dissect/fields.h"
#include "dissect/tcp_option.h"

const struct field tcp_fields[] = {
	{ "tcp.srcport", "Source port", BYTE(0), 16, FIELD_DEC },
	{ "tcp.dstport", "Destination port", BYTE(2), 16, FIELD_DEC },
	{ "tcp.seq_raw", "Sequence number", BYTE(4), 32, FIELD_SEQ },
	{ "tcp.ack_raw", "Acknowledgment number", BYTE(8), 32, FIELD_ACK },
	{ "tcp.hdr_len", "Header length", BYTE(12), 4, FIELD_DEC,
	  .scale = 4 },
	{ "tcp.flags", "Flags", BYTE(12) + 4, 12, FIELD_HEX },
	{ "tcp.flags.res", "Reserved", BYTE(12) + 4, 3, FIELD_DEC, 1 },
	{ "tcp.flags.ae", "Accurate ECN", BYTE(12) + 7, 1, FIELD_BOOL, 1 },
	{ "tcp.flags.cwr", "Congestion window reduced", BYTE(13), 1,
	  FIELD_BOOL, 1 },
	{ "tcp.flags.ece", "ECN echo", BYTE(13) + 1, 1, FIELD_BOOL, 1 },
	{ "tcp.flags.urg", "Urgent", BYTE(13) + 2, 1, FIELD_BOOL, 1 },
	{ "tcp.flags.ack", "Acknowledgment", BYTE(13) + 3, 1, FIELD_BOOL,
	  1 },
	{ "tcp.flags.push", "Push", BYTE(13) + 4, 1, FIELD_BOOL, 1 },
	{ "tcp.flags.reset", "Reset", BYTE(13) + 5, 1, FIELD_BOOL, 1 },
	{ "tcp.flags.syn", "Synchronize", BYTE(13) + 6, 1, FIELD_BOOL, 1 },
	{ "tcp.flags.fin", "Finish", BYTE(13) + 7, 1, FIELD_BOOL, 1 },
	{ "tcp.window_size_value", "Window, not scaled", BYTE(14), 16,
	  FIELD_DEC },
	{ "tcp.checksum", "Checksum", BYTE(16), 16, FIELD_HEX },
	{ "tcp.urgent_pointer", "Urgent pointer", BYTE(18), 16, FIELD_DEC },
	{ NULL },
};

static const struct value_name kinds[] = {
	{ KIND_EOL, "end of list" }, { KIND_NOP, "no operation" },
	{ KIND_MSS, "maximum segment size" },
	{ KIND_WSCALE, "window scale" },
	{ KIND_SACK_PERM, "SACK permitted" },
	{ KIND_SACK, "SACK" }, { 6, "echo" }, { 7, "echo reply" },
	{ KIND_TS, "timestamps" }, { KIND_MD5, "MD5 signature" },
	{ KIND_USER_TIMEOUT, "user timeout" },
	{ KIND_AO, "authentication" }, { KIND_MPTCP, "Multipath TCP" },
	{ KIND_FASTOPEN, "Fast Open" }, { KIND_ACCECN0, "Accurate ECN 0" },
	{ KIND_ACCECN1, "Accurate ECN 1" },
	{ KIND_EXPERIMENT1, "experiment 1" },
	{ KIND_EXPERIMENT2, "experiment 2" }, { 0, NULL },
};

static const struct field option_kind = { "tcp.option_kind", "Option",
					  .values = kinds };
static const struct field option_len = { "tcp.option_len", "Length",
					 .depth = 1 };

/* Options whose body is one number or nothing but bytes. */
static const struct {
	uint8_t kind, len;	/* of the body; 0: any, but not none */
	struct field field;
} simple[] = {
	{ KIND_MSS, 2, { "tcp.options.mss_val", "MSS", .depth = 1 } },
	{ 6, 4, { "tcp.options.echo_value", "Value", .depth = 1 } },
	{ 7, 4, { "tcp.options.echo_value", "Value", .depth = 1 } },
	{ KIND_MD5, 16, { "tcp.options.md5.digest", "Digest",
			  .format = FIELD_BYTES, .depth = 1 } },
};

static void
add_wscale(struct field_list *l, size_t at)
{
	static const struct field shift = { "tcp.options.wscale.shift",
					    "Shift count", .depth = 1 };
	static const struct field times = { "tcp.options.wscale.multiplier",
					    "Multiplier", .depth = 1 };
	unsigned count = fields_u8(l, at);

	field_add(l, &shift, at, 1);
	/* RFC 7323 s2.3: more than 14 counts as 14. */
	field_add_value(l, &times, at, 1, 1u << (count < 14 ? count : 14));
}

static void
add_sack(struct field_list *l, size_t at, size_t len)
{
	static const struct field count = { "tcp.options.sack.count",
					    "Blocks", .depth = 1 };
	static const struct field left = { "tcp.options.sack_le_raw",
					   "Left edge", .depth = 1,
					   .format = FIELD_ACK };
	static const struct field right = { "tcp.options.sack_re_raw",
					    "Right edge", .depth = 1,
					    .format = FIELD_ACK };

	for (size_t i = 0; i + 8 <= len; i += 8) {
		field_add(l, &left, at + i, 4);
		field_add(l, &right, at + i + 4, 4);
	}
	field_add_value(l, &count, 0, 0, len / 8);
}

static void
add_timestamps(struct field_list *l, size_t at)
{
	static const struct field val = { "tcp.options.timestamp.tsval",
					  "Value", .depth = 1 };
	static const struct field ecr = { "tcp.options.timestamp.tsecr",
					  "Echo reply", .depth = 1 };

	field_add(l, &val, at, 4);
	field_add(l, &ecr, at + 4, 4);
}

/* RFC 5482 s4 */
static void
add_user_timeout(struct field_list *l, size_t at)
{
	static const struct field unit = {
		"tcp.options.user_to_granularity", "In minutes",
		.format = FIELD_BOOL, .depth = 1,
	};
	static const struct field val = { "tcp.options.user_to_val", "Value",
					  .depth = 1 };
	unsigned word = fields_u16(l, at);

	field_add_value(l, &unit, at, 2, word >> 15);
	field_add_value(l, &val, at, 2, word & 0x7fff);
}

static void
add_ao(struct field_list *l, size_t at, size_t len)
{
	static const struct field key = { "tcp.options.ao.keyid", "Key",
					  .depth = 1 };
	static const struct field next = { "tcp.options.ao.rnextkeyid",
					   "Next key", .depth = 1 };
	static const struct field mac = { "tcp.options.ao.mac", "MAC",
					  .format = FIELD_BYTES,
					  .depth = 1 };

	field_add(l, &key, at, 1);
	field_add(l, &next, at + 1, 1);
	if (len > 2)
		field_add(l, &mac, at + 2, len - 2);
}

static void
add_fastopen(struct field_list *l, size_t at, size_t len)
{
	static const struct field request = { "tcp.options.tfo.request",
					      "Asks for a cookie",
					      .format = FIELD_BOOL,
					      .depth = 1 };
	static const struct field cookie = { "tcp.options.tfo.cookie",
					     "Cookie", .format = FIELD_BYTES,
					     .depth = 1 };

	if (len == 0)
		field_add_value(l, &request, 0, 0, 1);
	else
		field_add(l, &cookie, at, len);
}

/* RFC 9768 s3.2.3: three counters, in one order or the other. */
static void
add_accecn(struct field_list *l, size_t at, size_t len, bool order1)
{
	static const struct field ee0b = { "tcp.options.acc_ecn.ee0b",
					   "ECT(0) bytes", .depth = 1 };
	static const struct field eceb = { "tcp.options.acc_ecn.eceb",
					   "CE bytes", .depth = 1 };
	static const struct field ee1b = { "tcp.options.acc_ecn.ee1b",
					   "ECT(1) bytes", .depth = 1 };

	if (len >= 3)
		field_add(l, order1 ? &ee1b : &ee0b, at, 3);
	if (len >= 6)
		field_add(l, &eceb, at + 3, 3);
	if (len >= 9)
		field_add(l, order1 ? &ee0b : &ee1b, at + 6, 3);
}

static void
add_unknown(struct field_list *l, size_t at, size_t len)
{
	static const struct field data = { "tcp.options.unknown.payload",
					   "Bytes", .format = FIELD_BYTES,
					   .depth = 1 };

	if (len > 0)
		field_add(l, &data, at, len);
}

/* RFC 6994 */
static void
add_experiment(struct field_list *l, size_t at, size_t len)
{
	static const struct field exid = { "tcp.options.experimental.exid",
					   "Experiment", .depth = 1,
					   .format = FIELD_HEX };
	static const struct field data = { "tcp.options.experimental.data",
					   "Bytes", .format = FIELD_BYTES,
					   .depth = 1 };

	field_add(l, &exid, at, 2);
	if (fields_u16(l, at) == EXID_FASTOPEN)
		add_fastopen(l, at + 2, len - 2);
	else if (len > 2)
		field_add(l, &data, at + 2, len - 2);
}

static bool
add_simple(struct field_list *l, unsigned kind, size_t at, size_t len)
{
	for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++)
		if (simple[i].kind == kind && simple[i].len == len) {
			field_add(l, &simple[i].field, at, len);
			return true;
		}
	return false;
}

static void
add_body(struct field_list *l, unsigned kind, size_t at, size_t len)
{
	if (kind == KIND_WSCALE && len == 1)
		add_wscale(l, at);
	else if (kind == KIND_SACK && len % 8 == 0)
		add_sack(l, at, len);
	else if (kind == KIND_TS && len == 8)
		add_timestamps(l, at);
	else if (kind == KIND_USER_TIMEOUT && len == 2)
		add_user_timeout(l, at);
	else if (kind == KIND_AO && len >= 2)
		add_ao(l, at, len);
	else if (kind == KIND_MPTCP && len >= 1)
		fields_add_mptcp(l, at, len);
	else if (kind == KIND_FASTOPEN)
		add_fastopen(l, at, len);
	else if (kind == KIND_ACCECN0 || kind == KIND_ACCECN1)
		add_accecn(l, at, len, kind == KIND_ACCECN1);
	else if (kind >= KIND_EXPERIMENT1 && len >= 2)
		add_experiment(l, at, len);
	else if (!add_simple(l, kind, at, len))
		add_unknown(l, at, len);
}

static void
add_options(struct field_list *l)
{
	size_t at = 20;

	while (fields_left(l, at) > 0 && !l->stopped) {
		unsigned kind = fields_u8(l, at);
		size_t len = fields_u8(l, at + 1);

		field_add(l, &option_kind, at, 1);
		if (kind == KIND_EOL)
			break;
		if (kind == KIND_NOP) {
			at++;
			continue;
		}
		field_add(l, &option_len, at + 1, 1);
		if (len < 2 || len > fields_left(l, at))
			break;
		add_body(l, kind, at + 2, len - 2);
		at += len;
	}
}

void
tcp_more(struct field_list *l)
{
	static const struct field status = { "tcp.checksum.status",
					     "Checksum is",
					     .values = checksum_names };
	static const struct field len = { "tcp.len", "Bytes carried" };

	add_options(l);
	if (l->d->kind != DISSECT_TCP || !fields_innermost(l))
		return;
	field_add_value(l, &len, 0, 0, l->d->tcp.len);
	field_add_checksum(l, &status, l->d->tcp.checksum);
}
