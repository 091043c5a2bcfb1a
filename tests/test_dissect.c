/*
 * test_dissect.c - what is read out of the bytes of each kind of packet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dissect/field.h"
#include "tests/samples.h"

static const struct sample *
find(const struct sample *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	fail_msg("no sample '%s'", name);
	return NULL;
}

/*
 * Dissect the first caplen bytes of a sample out of a block that is no
 * longer, so that one byte too far is seen; then look at the fields.
 */
static void
dissect_cut(const struct sample *s, size_t caplen, struct dissection *d)
{
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(s, bytes);
	uint8_t *block = malloc(caplen ? caplen : 1);
	struct field_value fields[FIELDS_MAX];
	struct packet p = {
		.bytes = block, .caplen = (uint32_t)caplen,
		.wire_len = (uint32_t)n, .link_type = s->link_type,
	};

	assert_non_null(block);
	assert_true(caplen <= n);
	memcpy(block, bytes, caplen);
	memset(d, 0xa5, sizeof(*d));	/* nothing is read that was not set */
	dissect_packet(&p, d);
	dissect_checksums(&p, d);
	for (size_t i = 0; i < d->n_layers; i++) {
		n = fields_of_layer(&p, d, i, fields, FIELDS_MAX);
		for (size_t k = 0; k < n; k++)
			assert_true(fields[k].cut ||
				    fields[k].offset + fields[k].len <= caplen);
	}
	free(block);
}

static void
dissect(const char *name, struct dissection *d)
{
	uint8_t bytes[SAMPLE_MAX];
	const struct sample *s = find(samples, name);

	dissect_cut(s, sample_bytes(s, bytes), d);
}

static void
every_header_is_found(void **unused)
{
	struct dissection d;

	(void)unused;
	for (const struct sample *s = samples; s->name; s++) {
		char layers[256] = "";

		dissect(s->name, &d);
		for (size_t i = 0; i < d.n_layers; i++) {
			if (i > 0)
				strcat(layers, " ");
			strcat(layers, layer_name(d.layer[i].kind));
		}
		if (strcmp(layers, s->layers) != 0)
			fail_msg("%s: '%s', not '%s'", s->name, layers,
				 s->layers);
	}
}

/* Wherever the snaplen cuts: CUT, or OK where only payload is missing. */
static void
cut_anywhere_is_not_bad(void **unused)
{
	struct dissection d, whole;
	uint8_t bytes[SAMPLE_MAX];

	(void)unused;
	for (const struct sample *s = samples; s->name; s++) {
		size_t n = sample_bytes(s, bytes);

		dissect_cut(s, n, &whole);
		for (size_t caplen = 0; caplen < n; caplen++) {
			dissect_cut(s, caplen, &d);
			if (d.status != CURSOR_CUT && d.status != whole.status)
				fail_msg("%s cut at %zu: status %d", s->name,
					 caplen, (int)d.status);
			assert_true(d.n_layers <= whole.n_layers);
		}
	}
}

static void
no_captured_byte_is_cut(void **unused)
{
	struct dissection d;

	(void)unused;
	for (const struct sample *s = samples; s->name; s++) {
		if (strcmp(s->name, "unknown_link") == 0)
			continue;
		dissect_cut(s, 0, &d);
		assert_int_equal(d.status, CURSOR_CUT);
		assert_int_equal(d.kind, DISSECT_OTHER);
	}
}

static void
what_contradicts_itself_is_bad(void **unused)
{
	struct dissection d;
	uint8_t bytes[SAMPLE_MAX];

	(void)unused;
	for (const struct sample *s = bad_samples; s->name; s++) {
		size_t n = sample_bytes(s, bytes);

		dissect_cut(s, n, &d);
		if (d.status != CURSOR_BAD)
			fail_msg("%s: status %d", s->name, (int)d.status);
		for (size_t caplen = 0; caplen < n; caplen++)
			dissect_cut(s, caplen, &d);
	}
}

/* The TCP segment is the same, whatever it came in. */
static void
encapsulation_changes_nothing(void **unused)
{
	static const char *const names[] = {
		"eth_tcp_data", "eth_tcp6", "eth_ext6", "eth_vlan", "eth_qinq",
		"eth_snap", "sll", "sll2", "null_le", "null_be6", "loop",
		"raw", "raw6", "ppp", "ppp_short", "pppoe", "mpls", "mpls_pw",
		"gre", "gre_options", "gre_teb", "gre_pptp", "gre_routing",
		"vxlan", "geneve", "geneve_plain", "ipip", "sixinfour",
		"gtpu", "ah", "wlan_qos", "wlan_4addr", "wlan_amsdu",
		"radiotap", "radiotap_tsft", "tso_length_0",
	};
	struct dissection d;

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		dissect(names[i], &d);
		assert_int_equal(d.kind, DISSECT_TCP);
		assert_int_equal(d.status, CURSOR_OK);
		assert_int_equal(d.tcp.sport, 1234);
		assert_int_equal(d.tcp.dport, 80);
		assert_int_equal(d.tcp.seq, 1001);
		assert_int_equal(d.tcp.ack, 2001);
		assert_int_equal(d.tcp.flags, TCP_PSH | TCP_ACK);
		assert_int_equal(d.tcp.window, 502);
		assert_int_equal(d.tcp.len, 5);
		assert_int_equal(d.tcp.options, TCP_OPT_TS);
		assert_int_equal(d.tcp.tsval, 1);
		assert_int_equal(d.tcp.tsecr, 2);
		assert_int_equal(cursor_left(&d.payload), 5);
	}
}

/* RFC 894: Ethernet's padding and check sequence are not payload. */
static void
trailers_are_no_payload(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("eth_udp_padded", &d);
	assert_int_equal(d.udp.len, 5);
	assert_int_equal(cursor_wire_left(&d.payload), 5);
	dissect("eth_fcs", &d);
	assert_int_equal(d.udp.len, 5);
	dissect("radiotap", &d);
	assert_int_equal(d.tcp.len, 5);
	dissect("arp_reply", &d);
	assert_int_equal(cursor_wire_left(&d.payload), 0);
}

/* The length field may be 0 before a network card has cut the segment. */
static void
length_0_is_what_was_captured(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("tso_length_0", &d);
	assert_int_equal(d.ip.total_len, 57);
}

static void
innermost_ip_and_vlan_are_kept(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("sixinfour", &d);
	assert_int_equal(d.ip.version, 6);
	assert_int_equal(d.n_tunnels, 1);
	dissect("eth_qinq", &d);
	assert_int_equal(d.vlan, 20);
	dissect("vlan_priority_tag", &d);
	assert_int_equal(d.vlan, 0);
	dissect("eth_tcp_data", &d);
	assert_int_equal(d.vlan, VLAN_NONE);
	assert_int_equal(d.n_tunnels, 0);
}

static void
tunnels_are_bounded(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("deep", &d);
	assert_true(d.too_deep);
	assert_int_equal(d.n_tunnels, DISSECT_MAX_TUNNELS);
	assert_int_equal(d.kind, DISSECT_IP_OTHER);
	assert_int_equal(d.ip.proto, 4);
}

static void
unknown_link_type_is_told(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("unknown_link", &d);
	assert_true(d.link_type_unknown);
	assert_int_equal(d.kind, DISSECT_OTHER);
	dissect("raw", &d);
	assert_false(d.link_type_unknown);
}

/* A datagram to a tunnel's port that is not one stays UDP. */
static void
ordinary_udp_is_no_tunnel(void **unused)
{
	static const char *const names[] = { "vxlan_not", "teredo_not",
					     "gtp_not" };
	struct dissection d;

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		dissect(names[i], &d);
		assert_int_equal(d.kind, DISSECT_UDP);
		assert_int_equal(d.status, CURSOR_OK);
		assert_int_equal(d.n_tunnels, 0);
	}
}

/* RFC 791 s3.2, RFC 8200 s4.5 */
static void
fragments_tell_their_place(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("eth_frag_first", &d);
	assert_int_equal(d.kind, DISSECT_FRAGMENT);
	assert_int_equal(d.ip.frag_offset, 0);
	assert_true(d.ip.more_fragments);
	assert_int_equal(cursor_left(&d.payload), 24);
	dissect("eth_frag_last", &d);
	assert_int_equal(d.ip.frag_offset, 24);
	assert_false(d.ip.more_fragments);
	dissect("eth_frag6", &d);
	assert_int_equal(d.kind, DISSECT_FRAGMENT);
	assert_int_equal(d.ip.frag_offset, 16);
	assert_int_equal(d.ip.id, 0x01020304);
	assert_int_equal(d.ip.proto, 17);
}

static void
syn_options_are_read(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("eth_tcp_syn", &d);
	assert_int_equal(d.tcp.options, TCP_OPT_MSS | TCP_OPT_SACK_PERM |
			 TCP_OPT_TS | TCP_OPT_WSCALE);
	assert_int_equal(d.tcp.mss, 1460);
	assert_int_equal(d.tcp.wscale, 7);
	assert_int_equal(d.tcp.len, 0);
	assert_int_equal(tcp_seq_len(&d.tcp), 1);
}

static void
every_tcp_option_is_read(void **unused)
{
	static const struct { const char *name; unsigned options; } cases[] = {
		{ "tcp_sack", TCP_OPT_SACK },
		{ "tcp_tfo_ask", TCP_OPT_FASTOPEN },
		{ "tcp_tfo_cookie", TCP_OPT_FASTOPEN },
		{ "tcp_exp_tfo", TCP_OPT_FASTOPEN | TCP_OPT_EXPERIMENT },
		{ "tcp_exp", TCP_OPT_EXPERIMENT },
		{ "tcp_md5", TCP_OPT_MD5 },
		{ "tcp_ao", TCP_OPT_AO },
		{ "tcp_uto", TCP_OPT_USER_TIMEOUT },
		{ "tcp_mptcp_capable", TCP_OPT_MPTCP },
		{ "tcp_accecn", TCP_OPT_ACCECN },
		{ "tcp_accecn1", TCP_OPT_ACCECN },
		{ "tcp_unknown", TCP_OPT_UNKNOWN },
		{ "tcp_bad_mss", TCP_OPT_MALFORMED },
	};
	struct dissection d;

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		dissect(cases[i].name, &d);
		assert_int_equal(d.kind, DISSECT_TCP);
		assert_int_equal(d.tcp.options, cases[i].options);
	}
}

static void
option_values_are_read(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("tcp_dsack2", &d);
	assert_int_equal(d.tcp.n_sack, 2);
	assert_int_equal(d.tcp.sack[0].start, 1000);
	assert_int_equal(d.tcp.sack[1].end, 4000);
	dissect("tcp_tfo_ask", &d);
	assert_int_equal(d.tcp.fastopen_len, 0);
	dissect("tcp_tfo_cookie", &d);
	assert_int_equal(d.tcp.fastopen_len, 8);
	dissect("tcp_exp_tfo", &d);
	assert_int_equal(d.tcp.fastopen_len, 8);
	dissect("tcp_exp", &d);
	assert_int_equal(d.tcp.experiment, 0x1234);
	dissect("tcp_uto", &d);
	assert_int_equal(d.tcp.user_timeout, 0x800a);
	dissect("tcp_mptcp_dss", &d);
	assert_int_equal(d.tcp.mptcp_subtype, 2);
}

/* An option of size 0 must not loop, one past the end is not read. */
static void
option_list_ends(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("tcp_bad_len0", &d);
	assert_int_equal(d.status, CURSOR_BAD);
	assert_int_equal(d.kind, DISSECT_TCP);
	assert_true(d.tcp.options & TCP_OPT_MALFORMED);
	dissect("tcp_past_end", &d);
	assert_int_equal(d.status, CURSOR_BAD);
	assert_int_equal(d.tcp.seq, 1000);
	dissect("tcp_flags_all", &d);
	assert_int_equal(d.tcp.flags, 0x1ff);
	assert_int_equal(d.tcp.urgent, 7);
}

/* RFC 792, RFC 4443 s3: at least the ports of what caused the error. */
static void
errors_quote_their_cause(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("eth_unreach_tcp", &d);
	assert_true(d.icmp.is_error);
	assert_int_equal(d.icmp.quoted.version, 4);
	assert_true(d.icmp.has_ports);
	assert_int_equal(d.icmp.sport, 1234);
	assert_int_equal(d.icmp.dport, 80);
	assert_int_equal(d.icmp.tcp_seq, 77);
	dissect("eth_frag_needed", &d);
	assert_int_equal(d.icmp.mtu, 1400);
	dissect("icmp6_too_big", &d);
	assert_int_equal(d.icmp.mtu, 1280);
	assert_int_equal(d.icmp.tcp_seq, 1001);
	dissect("icmp_redirect", &d);
	assert_int_equal(d.icmp.target.byte[15], 3);
	dissect("icmp_short_quote", &d);
	assert_int_equal(d.icmp.quoted.version, 0);
	assert_false(d.icmp.has_ports);
	dissect("eth_echo", &d);
	assert_false(d.icmp.is_error);
	assert_int_equal(d.icmp.id, 7);
	assert_int_equal(d.icmp.seq, 1);
	dissect("eth_neighbor", &d);
	assert_int_equal(d.icmp.target.byte[15], 2);
}

static void
arp_is_read(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect("arp_reply", &d);
	assert_int_equal(d.kind, DISSECT_ARP);
	assert_int_equal(d.arp.operation, 2);
	assert_int_equal(d.arp.sender.byte[15], 1);
	assert_int_equal(d.arp.target.byte[15], 2);
	assert_int_equal(d.arp.sender_mac[5], 1);
}

/* What the packet claims and the wire had not: malformed, and read on. */
static void
lying_lengths_are_read_on(void **unused)
{
	struct dissection d;
	uint8_t bytes[SAMPLE_MAX];
	const struct sample *s = find(bad_samples, "bad_ip_total_long");

	(void)unused;
	dissect_cut(s, sample_bytes(s, bytes), &d);
	assert_int_equal(d.status, CURSOR_BAD);
	assert_int_equal(d.kind, DISSECT_TCP);
	assert_int_equal(d.tcp.len, 204);
	assert_int_equal(cursor_left(&d.payload), 5);
	assert_int_equal(d.payload.uncaptured, 199);
}

/* A header that is cut leaves the facts of the outer one as they were. */
static void
cut_inner_header_keeps_the_outer(void **unused)
{
	struct dissection d;

	(void)unused;
	/* Ethernet 14, IP 20, UDP 8, VXLAN 8, Ethernet 14, IP 20, TCP ... */
	dissect_cut(find(samples, "vxlan"), 70, &d);
	assert_int_equal(d.kind, DISSECT_UDP);
	assert_int_equal(d.udp.dport, 4789);
	assert_int_equal(d.status, CURSOR_CUT);
	dissect_cut(find(samples, "vxlan"), 95, &d);
	assert_int_equal(d.kind, DISSECT_IP_OTHER);
	assert_int_equal(d.ip.proto, 6);
	assert_int_equal(d.n_tunnels, 1);
}

static void
datagram_is_dissected_alone(void **unused)
{
	struct dissection d;
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(find(samples, "raw"), bytes);

	(void)unused;
	dissect_ip(bytes, (uint32_t)n, (uint32_t)n, &d);
	assert_int_equal(d.kind, DISSECT_TCP);
	assert_int_equal(d.layer[0].kind, LAYER_IP);
	assert_int_equal(d.tcp.len, 5);
}

/* Change one byte of a sample, and verify its checksums. */
static void
checksums_of(const char *name, size_t at, uint8_t value, struct dissection *d)
{
	const struct sample *s = find(samples, name);
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(s, bytes);
	struct packet p = {
		.bytes = bytes, .caplen = (uint32_t)n,
		.wire_len = (uint32_t)n, .link_type = s->link_type,
	};

	if (at < n)
		bytes[at] = value;
	dissect_packet(&p, d);
	dissect_checksums(&p, d);
}

#define UNCHANGED SAMPLE_MAX

static void
good_checksums_are_good(void **unused)
{
	static const char *const names[] = {
		"eth_tcp_data", "eth_tcp6", "eth_udp_padded", "eth_udp6",
		"eth_echo", "eth_echo6", "vxlan", "gre", "sixinfour", "srh6",
	};
	struct dissection d;

	(void)unused;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		checksums_of(names[i], UNCHANGED, 0, &d);
		if (d.ip.version == 4)
			assert_int_equal(d.ip.checksum, CHECKSUM_GOOD);
		if (d.kind == DISSECT_TCP)
			assert_int_equal(d.tcp.checksum, CHECKSUM_GOOD);
		else if (d.kind == DISSECT_UDP)
			assert_int_equal(d.udp.checksum, CHECKSUM_GOOD);
		else
			assert_int_equal(d.icmp.checksum, CHECKSUM_GOOD);
	}
}

static void
one_changed_byte_is_bad(void **unused)
{
	struct dissection d;

	(void)unused;
	checksums_of("eth_tcp_data", 70, 'x', &d);	/* "hellx" */
	assert_int_equal(d.tcp.checksum, CHECKSUM_BAD);
	assert_int_equal(d.ip.checksum, CHECKSUM_GOOD);
	checksums_of("eth_tcp_data", 22, 63, &d);	/* the time to live */
	assert_int_equal(d.ip.checksum, CHECKSUM_BAD);
	assert_int_equal(d.tcp.checksum, CHECKSUM_GOOD);
	checksums_of("eth_echo", 43, 'x', &d);
	assert_int_equal(d.icmp.checksum, CHECKSUM_BAD);
	checksums_of("eth_udp6", 66, 'x', &d);
	assert_int_equal(d.udp.checksum, CHECKSUM_BAD);
}

/* A checksum that was left to the network card is no error. */
static void
offload_is_recognised(void **unused)
{
	const struct sample *s = find(samples, "raw");
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(s, bytes);
	struct packet p = {
		.bytes = bytes, .caplen = (uint32_t)n,
		.wire_len = (uint32_t)n, .link_type = s->link_type,
	};
	struct dissection d;

	(void)unused;
	/* 0a00 + 0001 + 0a00 + 0002 + 0006 + 0025 (37 bytes) = 142e */
	bytes[36] = 0x14;
	bytes[37] = 0x2e;
	dissect_packet(&p, &d);
	dissect_checksums(&p, &d);
	assert_int_equal(d.tcp.checksum, CHECKSUM_PARTIAL);
	bytes[36] = bytes[37] = 0;
	dissect_packet(&p, &d);
	dissect_checksums(&p, &d);
	assert_int_equal(d.tcp.checksum, CHECKSUM_PARTIAL);
}

/* RFC 768: 0 means that the sender made none. */
static void
udp_may_have_none(void **unused)
{
	struct dissection d;

	(void)unused;
	checksums_of("eth_udp_padded", 40, 0, &d);
	assert_int_equal(d.udp.checksum, CHECKSUM_BAD);
	checksums_of("vxlan_not", UNCHANGED, 0, &d);
	assert_int_equal(d.udp.checksum, CHECKSUM_GOOD);
}

static void
cut_or_fragmented_is_not_verified(void **unused)
{
	struct dissection d;

	(void)unused;
	dissect_cut(find(samples, "eth_tcp_data"), 68, &d);
	assert_int_equal(d.kind, DISSECT_TCP);
	assert_int_equal(d.tcp.checksum, CHECKSUM_UNKNOWN);
	assert_int_equal(d.ip.checksum, CHECKSUM_GOOD);
}

static void
first_fragment_names_its_ports(void **unused)
{
	const struct sample *s = find(samples, "eth_frag_first");
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(s, bytes);
	struct packet p = {
		.bytes = bytes, .caplen = (uint32_t)n,
		.wire_len = (uint32_t)n, .link_type = s->link_type,
	};
	struct dissection d;

	(void)unused;
	dissect_packet(&p, &d);
	dissect_first_fragment(&p, &d);
	assert_int_equal(d.kind, DISSECT_UDP);
	assert_int_equal(d.udp.sport, 1);
	assert_int_equal(d.udp.len, 2992);
}

/* The value of a field of a layer; the test fails where it is not there. */
static uint64_t
field_of(const char *sample, const char *name)
{
	const struct sample *s = find(samples, sample);
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(s, bytes);
	struct field_value fields[FIELDS_MAX];
	struct packet p = {
		.bytes = bytes, .caplen = (uint32_t)n,
		.wire_len = (uint32_t)n, .link_type = s->link_type,
	};
	struct dissection d;

	dissect_packet(&p, &d);
	for (size_t i = 0; i < d.n_layers; i++) {
		n = fields_of_layer(&p, &d, i, fields, FIELDS_MAX);
		for (size_t k = 0; k < n; k++)
			if (strcmp(fields[k].field->name, name) == 0)
				return fields[k].value;
	}
	fail_msg("%s has no field '%s'", sample, name);
	return 0;
}

static void
fields_have_their_values(void **unused)
{
	static const struct {
		const char *sample, *name;
		uint64_t value;
	} cases[] = {
		{ "eth_tcp_syn", "ip.hdr_len", 20 },
		{ "eth_tcp_syn", "ip.flags.df", 1 },
		{ "eth_tcp_syn", "tcp.flags.syn", 1 },
		{ "eth_tcp_syn", "tcp.flags", 2 },
		{ "eth_tcp_syn", "tcp.options.mss_val", 1460 },
		{ "eth_tcp_syn", "tcp.options.wscale.multiplier", 128 },
		{ "eth_frag_last", "ip.frag_offset", 3 },
		{ "eth_vlan", "vlan.id", 100 },
		{ "eth_qinq", "ieee8021ad.id", 10 },
		{ "mpls", "mpls.label", 16 },
		{ "pppoe", "pppoe.session_id", 5 },
		{ "vxlan", "vxlan.vni", 42 },
		{ "geneve", "geneve.vni", 42 },
		{ "gre_options", "gre.key", 7 },
		{ "gre_options", "gre.sequence_number", 9 },
		{ "gre_pptp", "gre.ack_number", 2 },
		{ "gtpu", "gtp.teid", 1 },
		{ "eth_frag6", "ipv6.fraghdr.ident", 0x01020304 },
		{ "wlan_qos", "wlan.fc.subtype", 8 },
		{ "radiotap", "radiotap.channel.freq", 2412 },
		{ "tcp_dsack2", "tcp.options.sack.count", 2 },
		{ "eth_frag_needed", "icmp.mtu", 1400 },
		{ "eth_unreach_tcp", "tcp.dstport", 80 },
		{ "dns", "dns.count.queries", 1 },
		{ "dns_tcp", "dns.length", 27 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (field_of(cases[i].sample, cases[i].name) != cases[i].value)
			fail_msg("%s of %s is %llu", cases[i].name,
				 cases[i].sample, (unsigned long long)
				 field_of(cases[i].sample, cases[i].name));
}

/* The last field of a layer that was cut says so, and no other does. */
static void
first_missing_field_ends_the_list(void **unused)
{
	struct field_value fields[FIELDS_MAX];
	const struct sample *s = find(samples, "eth_tcp_data");
	uint8_t bytes[SAMPLE_MAX];
	size_t wire = sample_bytes(s, bytes), n;
	struct dissection d;
	struct packet p = {
		.bytes = bytes, .caplen = 14 + 20 + 6,
		.wire_len = (uint32_t)wire, .link_type = s->link_type,
	};

	(void)unused;
	dissect_packet(&p, &d);
	n = fields_of_layer(&p, &d, 2, fields, FIELDS_MAX);
	assert_int_equal(n, 3);
	assert_false(fields[1].cut);
	assert_true(fields[2].cut);
	assert_string_equal(fields[2].field->name, "tcp.seq_raw");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_header_is_found),
		cmocka_unit_test(cut_anywhere_is_not_bad),
		cmocka_unit_test(no_captured_byte_is_cut),
		cmocka_unit_test(what_contradicts_itself_is_bad),
		cmocka_unit_test(encapsulation_changes_nothing),
		cmocka_unit_test(trailers_are_no_payload),
		cmocka_unit_test(length_0_is_what_was_captured),
		cmocka_unit_test(innermost_ip_and_vlan_are_kept),
		cmocka_unit_test(tunnels_are_bounded),
		cmocka_unit_test(unknown_link_type_is_told),
		cmocka_unit_test(ordinary_udp_is_no_tunnel),
		cmocka_unit_test(fragments_tell_their_place),
		cmocka_unit_test(syn_options_are_read),
		cmocka_unit_test(every_tcp_option_is_read),
		cmocka_unit_test(option_values_are_read),
		cmocka_unit_test(option_list_ends),
		cmocka_unit_test(errors_quote_their_cause),
		cmocka_unit_test(arp_is_read),
		cmocka_unit_test(lying_lengths_are_read_on),
		cmocka_unit_test(cut_inner_header_keeps_the_outer),
		cmocka_unit_test(datagram_is_dissected_alone),
		cmocka_unit_test(good_checksums_are_good),
		cmocka_unit_test(one_changed_byte_is_bad),
		cmocka_unit_test(offload_is_recognised),
		cmocka_unit_test(udp_may_have_none),
		cmocka_unit_test(cut_or_fragmented_is_not_verified),
		cmocka_unit_test(first_fragment_names_its_ports),
		cmocka_unit_test(fields_have_their_values),
		cmocka_unit_test(first_missing_field_ends_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
