/*
 * fields_udp.c - the fields of UDP, and the header of DNS: its twelve bytes
 * and no more, for that is read by those who follow queries.
 */
#include "dissect/fields.h"

const struct field udp_fields[] = {
	{ "udp.srcport", "Source port", BYTE(0), 16, FIELD_DEC },
	{ "udp.dstport", "Destination port", BYTE(2), 16, FIELD_DEC },
	{ "udp.length", "Length", BYTE(4), 16, FIELD_DEC },
	{ "udp.checksum", "Checksum", BYTE(6), 16, FIELD_HEX },
	{ NULL },
};

void
udp_more(struct field_list *l)
{
	static const struct field status = { "udp.checksum.status",
					     "Checksum is",
					     .values = checksum_names };

	if (l->d->kind == DISSECT_UDP)
		field_add_checksum(l, &status, l->d->udp.checksum);
}

static const struct value_name opcodes[] = {
	{ 0, "query" }, { 4, "notify" }, { 5, "update" }, { 0, NULL },
};

static const struct value_name rcodes[] = {
	{ 0, "no error" }, { 1, "format error" }, { 2, "server failure" },
	{ 3, "no such name" }, { 4, "not implemented" }, { 5, "refused" },
	{ 0, NULL },
};

void
dns_more(struct field_list *l)
{
	static const struct field length = { "dns.length", "Length" };
	static const struct field header[] = {
		{ "dns.id", "Transaction", BYTE(0), 16, FIELD_HEX },
		{ "dns.flags", "Flags", BYTE(2), 16, FIELD_HEX },
		{ "dns.flags.response", "Response", BYTE(2), 1, FIELD_BOOL,
		  1 },
		{ "dns.flags.opcode", "Operation", BYTE(2) + 1, 4, FIELD_DEC,
		  1, .values = opcodes },
		{ "dns.flags.authoritative", "Authoritative", BYTE(2) + 5, 1,
		  FIELD_BOOL, 1 },
		{ "dns.flags.truncated", "Truncated", BYTE(2) + 6, 1,
		  FIELD_BOOL, 1 },
		{ "dns.flags.recdesired", "Recursion desired", BYTE(2) + 7,
		  1, FIELD_BOOL, 1 },
		{ "dns.flags.recavail", "Recursion available", BYTE(3), 1,
		  FIELD_BOOL, 1 },
		{ "dns.flags.rcode", "Reply code", BYTE(3) + 4, 4, FIELD_DEC,
		  1, .values = rcodes },
		{ "dns.count.queries", "Questions", BYTE(4), 16, FIELD_DEC },
		{ "dns.count.answers", "Answers", BYTE(6), 16, FIELD_DEC },
		{ "dns.count.auth_rr", "Authorities", BYTE(8), 16,
		  FIELD_DEC },
		{ "dns.count.add_rr", "Additional", BYTE(10), 16, FIELD_DEC },
		{ NULL },
	};

	if (l->d->kind == DISSECT_TCP) {	/* RFC 1035 s4.2.2 */
		field_add(l, &length, 0, 2);
		l->base += 2;
	}
	fields_add(l, header);
}
