/*
 * packet_line_dns.c - a DNS message over UDP (RFC 1035 s4.1) in a packet's
 * line: "37771+ A? example.com. (29)", and what it was answered.
 *
 * Of the answers only addresses are written.
 */
#include <string.h>

#include "dissect/dns.h"
#include "report/line.h"

enum {
	DNS_HEADER = 12,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	FLAG_AD = 0x0020,
	FLAG_CD = 0x0010,
};

static const char *const opcodes[16] = {
	[1] = " inv_q", [2] = " stat", [3] = " op3", [4] = " notify",
	[5] = " update",
};

static const char *const rcodes[16] = {
	[1] = " FormErr", [2] = " ServFail", [3] = " NXDomain",
	[4] = " NotImp", [5] = " Refused", [6] = " YXDomain",
	[7] = " YXRRSet", [8] = " NXRRSet", [9] = " NotAuth",
	[10] = " NotZone",
};

static void
add_if(struct text *out, const char *name)
{
	if (name)
		text_add(out, name);
}

/* A count of a query that is mostly 0: " [1au]". */
static void
add_count(struct text *out, unsigned n, const char *what)
{
	if (n > 0)
		text_printf(out, " [%u%s]", n, what);
}

static void
add_query(struct text *out, const uint8_t *p, const struct dns_message *m)
{
	const char *type = dns_type_name(m->qtype);
	uint16_t flags = line_u16(p + 2);

	text_printf(out, "%u", m->id);
	add_if(out, opcodes[m->opcode & 15]);
	text_add(out, flags & FLAG_RD ? "+" : "");
	text_add(out, flags & FLAG_CD ? "%" : "");
	add_count(out, line_u16(p + 6), "a");
	add_count(out, line_u16(p + 8), "n");
	add_count(out, line_u16(p + 10), "au");
	if (type)
		text_printf(out, " %s? ", type);
	else
		text_printf(out, " Type%u? ", m->qtype);
	text_add_safe(out, m->name, strlen(m->name));
	if (strcmp(m->name, ".") != 0)		/* the root's own */
		text_add_char(out, '.');
}

static void
add_addresses(struct text *out, const struct dns_message *m)
{
	for (unsigned i = 0; i < m->n_addrs; i++) {
		text_add(out, i > 0 ? ", " : " ");
		text_add(out, addr_is_ipv4(&m->addr[i]) ? "A " : "AAAA ");
		line_add_addr(out, &m->addr[i]);
	}
}

static void
add_response(struct text *out, const uint8_t *p, const struct dns_message *m)
{
	uint16_t flags = line_u16(p + 2);

	text_printf(out, "%u", m->id);
	add_if(out, opcodes[m->opcode & 15]);
	add_if(out, rcodes[m->rcode & 15]);
	text_add(out, flags & FLAG_AA ? "*" : "");
	text_add(out, flags & FLAG_RA ? "" : "-");
	text_add(out, flags & FLAG_TC ? "|" : "");
	text_add(out, flags & FLAG_AD ? "$" : "");
	text_printf(out, " %u/%u/%u", line_u16(p + 6), line_u16(p + 8),
		    line_u16(p + 10));
	add_addresses(out, m);
}

bool
line_add_dns(struct line *l)
{
	struct cursor payload = l->d->payload, c = payload;
	const uint8_t *p = cursor_bytes(&c, DNS_HEADER);
	struct dns_message m;

	if (!p || dns_read(&payload, &m) != CURSOR_OK)
		return false;
	if (m.response)
		add_response(l->out, p, &m);
	else
		add_query(l->out, p, &m);
	text_printf(l->out, " (%u)", l->d->udp.len);
	return true;
}
