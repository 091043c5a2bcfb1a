/*
 * dns.c - RFC 1035 s4.  A name may point back into the message: each pointer
 * must lead further back than the one before, so that there is an end.
 */
#include <stdio.h>
#include <string.h>

#include "dissect/dns.h"

#define TYPE_A     1
#define TYPE_CNAME 5
#define TYPE_AAAA  28
#define CLASS_IN   1

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{ 1, "A" }, { 2, "NS" }, { 5, "CNAME" }, { 6, "SOA" }, { 12, "PTR" },
	{ 15, "MX" }, { 16, "TXT" }, { 28, "AAAA" }, { 33, "SRV" },
	{ 35, "NAPTR" }, { 41, "OPT" }, { 43, "DS" }, { 46, "RRSIG" },
	{ 48, "DNSKEY" }, { 52, "TLSA" }, { 64, "SVCB" }, { 65, "HTTPS" },
	{ 252, "AXFR" }, { 255, "ANY" }, { 257, "CAA" },
};

static const char *const rcodes[] = {
	"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
	"YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
};

const char *
dns_type_name(unsigned qtype)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].type == qtype)
			return types[i].name;
	return NULL;
}

const char *
dns_rcode_name(unsigned rcode)
{
	return rcode < sizeof(rcodes) / sizeof(rcodes[0]) ? rcodes[rcode]
							   : NULL;
}

/* Text of a bounded size; what does not fit is left out. */
struct out {
	char *text;
	size_t size, len;
};

static void
out_char(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->text[o->len++] = c;
	o->text[o->len] = '\0';
}

static void
out_text(struct out *o, const char *text)
{
	for (; *text; text++)
		out_char(o, *text);
}

/* RFC 1035 s5.1: what is not plain is \DDD. */
static void
out_label(struct out *o, const uint8_t *bytes, size_t n)
{
	char code[8];

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != '.' &&
		    bytes[i] != '\\') {
			out_char(o, (char)bytes[i]);
			continue;
		}
		snprintf(code, sizeof(code), "\\%03u", (unsigned)bytes[i]);
		out_text(o, code);
	}
}

/* A name at c, which then stands behind it. */
static void
read_name(struct cursor *c, const struct cursor *message, struct out *o)
{
	struct cursor at = *c;
	size_t limit = (size_t)(c->pos - message->pos);
	bool jumped = false, any = false;

	for (;;) {
		unsigned len = cursor_u8(&at);

		if (at.status != CURSOR_OK)
			break;
		if (len >= 0xc0) {
			size_t target = (len & 0x3f) << 8 | cursor_u8(&at);

			if (!jumped)
				*c = at;
			jumped = true;
			if (at.status != CURSOR_OK)
				break;
			if (target >= limit) {
				cursor_fail(&at, CURSOR_BAD);
				break;
			}
			limit = target;
			at = *message;
			cursor_bytes(&at, target);
			continue;
		}
		if (len > 63) {
			cursor_fail(&at, CURSOR_BAD);
			break;
		}
		if (len == 0)
			break;
		if (any)
			out_char(o, '.');
		any = true;
		const uint8_t *label = cursor_bytes(&at, len);

		if (label)
			out_label(o, label, len);
	}
	if (!any)
		out_char(o, '.');
	if (at.status != CURSOR_OK)
		cursor_fail(c, at.status);
	else if (!jumped)
		*c = at;
}

static void
add_addr(struct dns_message *m, struct out *o, const struct addr *a)
{
	char text[ADDR_TEXT_SIZE];

	addr_format(a, text);
	out_text(o, text);
	if (m->n_addrs < DNS_MAX_ANSWERS)
		m->addr[m->n_addrs++] = *a;
}

/* RFC 1035 s4.1.3 */
static void
read_answer(struct cursor *c, const struct cursor *message,
	    struct dns_message *m, struct out *o)
{
	char owner[DNS_NAME_SIZE] = "";
	struct out ignored = { owner, sizeof(owner), 0 };
	unsigned type, class;
	struct cursor data;
	struct addr a;

	read_name(c, message, &ignored);
	type = cursor_u16(c);
	class = cursor_u16(c);
	cursor_u32(c);
	data = cursor_sub(c, cursor_u16(c));
	if (data.uncaptured > 0)
		cursor_fail(c, CURSOR_CUT);
	if (c->status != CURSOR_OK || class != CLASS_IN)
		return;
	if (o->len > 0)
		out_char(o, ',');
	if (type == TYPE_A && cursor_left(&data) == 4) {
		a = addr_from_ipv4(data.pos);
		add_addr(m, o, &a);
	} else if (type == TYPE_AAAA && cursor_left(&data) == 16) {
		a = addr_from_ipv6(data.pos);
		add_addr(m, o, &a);
	} else if (type == TYPE_CNAME) {
		read_name(&data, message, o);
	} else {
		const char *name = dns_type_name(type);

		out_text(o, name ? name : "?");
	}
}

enum cursor_status
dns_read(const struct cursor *payload, struct dns_message *m)
{
	struct cursor c = *payload;
	struct out name = { m->name, sizeof(m->name), 0 };
	struct out answers = { m->answers, sizeof(m->answers), 0 };
	unsigned flags;

	memset(m, 0, sizeof(*m));
	m->id = cursor_u16(&c);
	flags = cursor_u16(&c);
	m->response = flags & 0x8000;
	m->opcode = flags >> 11 & 15;
	m->truncated = flags & 0x0200;
	m->rcode = flags & 15;
	m->n_questions = cursor_u16(&c);
	m->n_answers = cursor_u16(&c);
	cursor_u32(&c);		/* authority, additional */
	for (unsigned i = 0; i < m->n_questions; i++) {
		if (i == 1)	/* nobody asks two (RFC 9619) */
			return CURSOR_BAD;
		read_name(&c, payload, &name);
		m->qtype = cursor_u16(&c);
		cursor_u16(&c);
	}
	if (c.status != CURSOR_OK) {
		m->name[0] = '\0';
		return c.status;
	}
	for (unsigned i = 0; i < m->n_answers && i < DNS_MAX_ANSWERS &&
	     c.status == CURSOR_OK; i++)
		read_answer(&c, payload, m, &answers);
	return c.status;
}
