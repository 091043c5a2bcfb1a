/*
 * packet_line_arp.c - ARP (RFC 826) in a packet's line.
 */
#include <string.h>

#include "report/line.h"

enum {
	ARP_LEN = 28,		/* with Ethernet's and IPv4's addresses */
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
};

static void
add_ipv4(struct text *out, const uint8_t *p)
{
	struct addr a = addr_from_ipv4(p);

	line_add_addr(out, &a);
}

/* The target's MAC is what is asked for: mostly 0, but not always. */
static void
add_request(struct text *out, const uint8_t *p)
{
	static const uint8_t zero[6];

	ADD(out, "Request who-has ");
	add_ipv4(out, p + 24);
	if (memcmp(p + 18, zero, sizeof(zero)) != 0) {
		ADD(out, " (");
		line_add_mac(out, p + 18);
		ADD(out, ")");
	}
	ADD(out, " tell ");
	add_ipv4(out, p + 14);
}

static void
add_reply(struct text *out, const uint8_t *p)
{
	ADD(out, "Reply ");
	add_ipv4(out, p + 14);
	ADD(out, " is-at ");
	line_add_mac(out, p + 8);
}

static void
add_message(struct text *out, const uint8_t *p)
{
	uint16_t operation = line_u16(p + 6);

	if (line_u16(p + 2) != 0x0800 || p[4] != 6 || p[5] != 4)
		text_printf(out, "hardware %u, protocol 0x%04x", line_u16(p),
			    line_u16(p + 2));
	else if (operation == ARP_REQUEST)
		add_request(out, p);
	else if (operation == ARP_REPLY)
		add_reply(out, p);
	else
		text_printf(out, "operation %u", operation);
}

/* tcpdump's length counts the frame's padding too. */
void
line_arp(struct line *l)
{
	const uint8_t *p;

	if (!l->named)
		ADD(l->out, "ARP, ");
	p = line_bytes(l, ARP_LEN);
	if (!p)
		return;
	add_message(l->out, p);
	text_printf(l->out, ", length %zu", line_wire_len(l));
}
