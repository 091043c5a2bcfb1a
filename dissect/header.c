/*
 * header.c - the table of headers.
 */
#include "dissect/header.h"
#include "dissect/walk.h"

const struct header headers[N_LAYERS] = {
	[LAYER_NONE] = { "", parse_data },
	[LAYER_ETH] = { "eth", parse_eth },
	[LAYER_LLC] = { "llc", parse_llc },
	[LAYER_VLAN] = { "vlan", parse_vlan },
	[LAYER_QINQ] = { "ieee8021ad", parse_vlan },
	[LAYER_SLL] = { "sll", parse_sll },
	[LAYER_SLL2] = { "sll", parse_sll2 },
	[LAYER_NULL] = { "null", parse_null },
	[LAYER_RAW] = { "raw", parse_raw },
	[LAYER_PPP] = { "ppp", parse_ppp },
	[LAYER_PPPOE] = { "pppoes", parse_pppoe },
	[LAYER_PPPOE_DISCOVERY] = { "pppoed", parse_pppoe },
	[LAYER_MPLS] = { "mpls", parse_mpls },
	[LAYER_PW] = { "pwethcw", parse_pw },
	[LAYER_RADIOTAP] = { "radiotap", parse_radiotap },
	[LAYER_WLAN] = { "wlan", parse_wlan },
	[LAYER_ARP] = { "arp", parse_arp },
	[LAYER_IP] = { "ip", parse_ip },
	[LAYER_IP6] = { "ipv6", parse_ip6 },
	[LAYER_IP6_HOP] = { "ipv6.hopopts", parse_ip6_ext },
	[LAYER_IP6_ROUTE] = { "ipv6.routing", parse_ip6_ext },
	[LAYER_IP6_FRAGMENT] = { "ipv6.fraghdr", parse_ip6_ext },
	[LAYER_IP6_DEST] = { "ipv6.dstopts", parse_ip6_ext },
	[LAYER_AH] = { "ah", parse_ah },
	[LAYER_GRE] = { "gre", parse_gre },
	[LAYER_VXLAN] = { "vxlan", parse_vxlan },
	[LAYER_GENEVE] = { "geneve", parse_geneve },
	[LAYER_GTPU] = { "gtp", parse_gtpu },
	[LAYER_TEREDO] = { "teredo", parse_teredo },
	[LAYER_ICMP] = { "icmp", parse_icmp },
	[LAYER_ICMP6] = { "icmpv6", parse_icmp6 },
	[LAYER_IGMP] = { "igmp", parse_igmp },
	[LAYER_UDP] = { "udp", parse_udp },
	[LAYER_TCP] = { "tcp", parse_tcp },
	[LAYER_DNS] = { "dns", parse_data },
	[LAYER_DATA] = { "data", parse_data },
};

const char *
layer_name(enum layer_kind kind)
{
	return kind < N_LAYERS ? headers[kind].name : "";
}
