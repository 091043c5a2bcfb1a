/*
 * line.h - a packet's line while it is written.  Inside report/packet_line*
 * only.
 *
 * Each kind of layer has one writer.  It reads the header's bytes again, for
 * the dissection keeps only the innermost of each kind.
 */
#ifndef REPORT_LINE_H
#define REPORT_LINE_H

#include "report/packet_line.h"

struct line {
	struct packet_line *state;
	const struct packet *p;
	const struct dissection *d;
	struct text *out;
	size_t i;		/* the layer that is being written */
	size_t wire_end;	/* where the innermost IP datagram ends */
	bool named;		/* -e: the link header names what follows */
};

/* Add a text that is written in the source: its length is known. */
#define ADD(out, literal) text_add_bytes(out, "" literal, sizeof(literal) - 1)

/* The bytes from the layer's first on. */
struct cursor line_cursor(const struct line *l);

/* Its first n bytes; NULL where they are not there, and then that is said. */
const uint8_t *line_bytes(const struct line *l, size_t n);

/* What the wire had of the layer and of all that it carries. */
size_t line_wire_len(const struct line *l);

/* The datagram that begins with this layer has len bytes; 0: unknown. */
void line_narrow(struct line *l, size_t len);

/* The layer before, LAYER_NONE where there is none; the one after. */
enum layer_kind line_before(const struct line *l);
enum layer_kind line_after(const struct line *l);

static inline uint16_t
line_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
line_u32(const uint8_t *p)
{
	return (uint32_t)line_u16(p) << 16 | line_u16(p + 2);
}

void line_add_addr(struct text *out, const struct addr *a);
void line_add_mac(struct text *out, const uint8_t *mac);
void line_add_hex(struct text *out, const uint8_t *p, size_t n);

/* "IPv4 (0x0800)" */
void line_add_ethertype(struct text *out, uint16_t type);

/* The body of a Multipath TCP option, n >= 1 bytes. */
void line_add_mptcp(struct text *out, const uint8_t *p, size_t n);

/* The message that UDP carries.  False where it cannot be read whole. */
bool line_add_dns(struct line *l);

/* One writer a layer. */
void line_ah(struct line *l);
void line_arp(struct line *l);
void line_esp(struct line *l);
void line_eth(struct line *l);
void line_geneve(struct line *l);
void line_gre(struct line *l);
void line_gtpu(struct line *l);
void line_icmp(struct line *l);
void line_icmp6(struct line *l);
void line_igmp(struct line *l);
void line_ip(struct line *l);
void line_ip6(struct line *l);
void line_ip6_dest(struct line *l);
void line_ip6_fragment(struct line *l);
void line_ip6_hop(struct line *l);
void line_ip6_route(struct line *l);
void line_llc(struct line *l);
void line_mpls(struct line *l);
void line_null(struct line *l);
void line_ppp(struct line *l);
void line_pppoe(struct line *l);
void line_pw(struct line *l);
void line_raw(struct line *l);
void line_sll(struct line *l);
void line_sll2(struct line *l);
void line_tcp(struct line *l);
void line_teredo(struct line *l);
void line_udp(struct line *l);
void line_vlan(struct line *l);
void line_vxlan(struct line *l);
void line_wlan(struct line *l);

#endif
