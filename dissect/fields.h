/*
 * fields.h - the list of fields while it is made.  Inside dissect/ only.
 */
#ifndef DISSECT_FIELDS_H
#define DISSECT_FIELDS_H

#include "dissect/field.h"
#include "dissect/walk.h"

/* The tables name what is not 0, and no more. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* The bit offset of a byte. */
#define BYTE(n) ((n) * 8)

struct field_list {
	const struct packet *p;
	const struct dissection *d;
	const struct layer *layer;
	struct field_value *out;
	size_t n, max;
	size_t base;		/* where the header begins that tables are of */
	size_t end;		/* no field reaches past it */
	uint8_t depth;
	bool stopped;		/* the first cut field is the last one */
};

/* All fields of a table, of the header at l->base. */
void fields_add(struct field_list *l, const struct field *table);

/* One field, of len bytes at an offset from l->base. */
void field_add(struct field_list *l, const struct field *f, size_t offset,
	       size_t len);

/* The same with a value that is worked out, not read. */
void field_add_value(struct field_list *l, const struct field *f,
		     size_t offset, size_t len, uint64_t value);

/* A number of the header, for deciding what follows; 0 past the end. */
unsigned fields_u8(const struct field_list *l, size_t offset);
unsigned fields_u16(const struct field_list *l, size_t offset);
uint32_t fields_u32(const struct field_list *l, size_t offset);

/* Bytes from `offset` to the end of the header. */
size_t fields_left(const struct field_list *l, size_t offset);

/* Is this the layer that d->ip, d->tcp, ... are of? */
bool fields_innermost(const struct field_list *l);

/* "ip.checksum.status" and the like: an enum checksum_status for people. */
void field_add_checksum(struct field_list *l, const struct field *f,
			uint8_t status);

/* The body of a Multipath TCP option, len bytes at an offset. */
void fields_add_mptcp(struct field_list *l, size_t at, size_t len);

extern const struct value_name checksum_names[];
extern const struct value_name ethertype_names[];
extern const struct value_name ip_proto_names[];
extern const struct value_name dscp_names[];
extern const struct value_name ecn_names[];

/* One table a header, and where it varies, a function for the rest. */
extern const struct field ah_fields[], arp_fields[], data_fields[],
	esp_fields[], eth_fields[], geneve_fields[], gre_fields[],
	gtpu_fields[],
	icmp_fields[], icmp6_fields[], igmp_fields[], ip_fields[],
	ip6_dest_fields[], ip6_fields[], ip6_fragment_fields[],
	ip6_hop_fields[], ip6_route_fields[], llc_fields[], mpls_fields[],
	pppoe_fields[], pw_fields[], qinq_fields[], radiotap_fields[],
	sll2_fields[], sll_fields[], tcp_fields[], udp_fields[],
	vlan_fields[], vxlan_fields[], wlan_fields[];

void ah_more(struct field_list *l);
void arp_more(struct field_list *l);
void data_more(struct field_list *l);
void dns_more(struct field_list *l);
void eth_more(struct field_list *l);
void geneve_more(struct field_list *l);
void gre_more(struct field_list *l);
void gtpu_more(struct field_list *l);
void icmp6_more(struct field_list *l);
void icmp_more(struct field_list *l);
void igmp_more(struct field_list *l);
void ip6_options_more(struct field_list *l);
void ip6_route_more(struct field_list *l);
void ip_more(struct field_list *l);
void llc_more(struct field_list *l);
void null_more(struct field_list *l);
void ppp_more(struct field_list *l);
void radiotap_more(struct field_list *l);
void sll2_more(struct field_list *l);
void sll_more(struct field_list *l);
void tcp_more(struct field_list *l);
void teredo_more(struct field_list *l);
void udp_more(struct field_list *l);
void wlan_more(struct field_list *l);

#endif
