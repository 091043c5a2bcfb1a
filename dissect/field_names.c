/*
 * field_names.c - names of numbers that several headers share.
 */
#include "dissect/fields.h"

const struct value_name checksum_names[] = {
	{ 0, "bad" }, { 1, "good" }, { 2, "not verified" },
	{ 3, "not present" }, { 5, "left to the network card" }, { 0, NULL },
};

const struct value_name ethertype_names[] = {
	{ 0x0800, "IPv4" }, { 0x0806, "ARP" }, { 0x6558, "Ethernet" },
	{ 0x8100, "802.1Q" }, { 0x86dd, "IPv6" }, { 0x880b, "PPP" },
	{ 0x8847, "MPLS" }, { 0x8848, "MPLS upstream" },
	{ 0x8863, "PPPoE discovery" }, { 0x8864, "PPPoE session" },
	{ 0x888e, "802.1X" }, { 0x88a8, "802.1ad" }, { 0x88cc, "LLDP" },
	{ 0x88f7, "PTP" }, { 0x9100, "802.1Q" }, { 0, NULL },
};

const struct value_name ip_proto_names[] = {
	{ 0, "hop-by-hop options" }, { 1, "ICMP" }, { 2, "IGMP" },
	{ 4, "IPv4" }, { 6, "TCP" }, { 17, "UDP" }, { 41, "IPv6" },
	{ 43, "routing header" }, { 44, "fragment header" }, { 47, "GRE" },
	{ 50, "ESP" }, { 51, "AH" }, { 58, "ICMPv6" },
	{ 59, "no next header" }, { 60, "destination options" },
	{ 89, "OSPF" }, { 103, "PIM" }, { 112, "VRRP" }, { 132, "SCTP" },
	{ 136, "UDP-Lite" }, { 137, "MPLS" }, { 0, NULL },
};

/* RFC 2474, RFC 2597, RFC 3246 */
const struct value_name dscp_names[] = {
	{ 0, "default" }, { 8, "CS1" }, { 10, "AF11" }, { 12, "AF12" },
	{ 14, "AF13" }, { 16, "CS2" }, { 18, "AF21" }, { 20, "AF22" },
	{ 22, "AF23" }, { 24, "CS3" }, { 26, "AF31" }, { 28, "AF32" },
	{ 30, "AF33" }, { 32, "CS4" }, { 34, "AF41" }, { 36, "AF42" },
	{ 38, "AF43" }, { 40, "CS5" }, { 46, "EF" }, { 48, "CS6" },
	{ 56, "CS7" }, { 0, NULL },
};

/* RFC 3168 s5 */
const struct value_name ecn_names[] = {
	{ 0, "not ECN-capable" }, { 1, "ECT(1)" }, { 2, "ECT(0)" },
	{ 3, "congestion experienced" }, { 0, NULL },
};
