/*
 * test_packet_line.c - packets as people read them: a line, a tree, bytes
 * and JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/packet_hex.h"
#include "report/packet_json.h"
#include "report/packet_line.h"
#include "report/packet_tree.h"
#include "tests/samples.h"

static const struct packet_line_config plain = { .time = PACKET_TIME_NONE };

static void
add_line(struct packet_line *l, const struct sample *s, nstime ts,
	 struct text *out)
{
	uint8_t bytes[SAMPLE_MAX];
	size_t n = sample_bytes(s, bytes);
	struct dissection d;
	struct packet p = {
		.ts = ts, .bytes = bytes, .caplen = (uint32_t)n,
		.wire_len = (uint32_t)n, .link_type = s->link_type,
	};

	dissect_packet(&p, &d);
	packet_line_add(l, &p, &d, out);
}

/* The line of a sample alone, without its newline. */
static void
line_of(const struct sample *s, const struct packet_line_config *config,
	struct text *out)
{
	struct packet_line l;

	text_clear(out);
	assert_int_equal(packet_line_init(&l, config), 0);
	add_line(&l, s, 0, out);
	packet_line_release(&l);
	assert_int_equal(out->s[out->len - 1], '\n');
	out->s[--out->len] = '\0';
}

static const struct sample *
find(const char *name)
{
	for (const struct sample *s = samples; s->name; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	fail_msg("no sample '%s'", name);
	return NULL;
}

static void
lines_are_as_tcpdump_writes_them(void **unused)
{
	struct text out;

	(void)unused;
	text_init(&out);
	for (const struct sample *s = samples; s->name; s++) {
		line_of(s, &plain, &out);
		assert_string_equal(out.s, s->line);
	}
	for (const struct sample *s = bad_samples; s->name; s++) {
		line_of(s, &plain, &out);
		assert_string_equal(out.s, s->line);
	}
	text_release(&out);
}

static void
link_header_is_shown_with_e(void **unused)
{
	struct packet_line_config config = {
		.time = PACKET_TIME_NONE, .link_header = true,
	};
	struct text out;

	(void)unused;
	text_init(&out);
	line_of(find("eth_qinq"), &config, &out);
	assert_string_equal(out.s, "02:00:00:00:00:01 > 02:00:00:00:00:02, "
		"ethertype 802.1Q-QinQ (0x88a8), length 79: vlan 10, p 0, "
		"ethertype 802.1Q (0x8100), vlan 20, p 0, ethertype IPv4 "
		"(0x0800), 10.0.0.1.1234 > 10.0.0.2.80: Flags [P.], seq "
		"1001:1006, ack 2001, win 502, options [nop,nop,TS val 1 ecr "
		"2], length 5");
	line_of(find("eth_arp"), &config, &out);
	assert_string_equal(out.s, "02:00:00:00:00:01 > 02:00:00:00:00:02, "
		"ethertype ARP (0x0806), length 42: Request who-has 10.0.0.2 "
		"tell 10.0.0.1, length 28");
	text_release(&out);
}

/* The text of two packets, 1.5 s apart, in a style of time. */
static void
two_times(enum packet_time time, const char *expected)
{
	struct packet_line_config config = { .time = time };
	struct packet_line l;
	struct text out;
	char *second;

	text_init(&out);
	assert_int_equal(packet_line_init(&l, &config), 0);
	add_line(&l, find("eth_arp"), 1000 * NS_PER_S, &out);
	second = strchr(out.s, '\n');
	assert_non_null(second);
	text_clear(&out);
	add_line(&l, find("eth_arp"), 1001 * NS_PER_S + 500 * NS_PER_MS,
		 &out);
	assert_memory_equal(out.s, expected, strlen(expected));
	packet_line_release(&l);
	text_release(&out);
}

static void
times_have_six_styles(void **unused)
{
	(void)unused;
	setenv("TZ", "UTC", 1);
	two_times(PACKET_TIME_OF_DAY, "00:16:41.500000 ARP");
	two_times(PACKET_TIME_NONE, "ARP");
	two_times(PACKET_TIME_EPOCH, "1001.500000 ARP");
	two_times(PACKET_TIME_DELTA, " 00:00:01.500000 ARP");
	two_times(PACKET_TIME_DATE, "1970-01-01 00:16:41.500000 ARP");
	two_times(PACKET_TIME_SINCE_FIRST, " 00:00:01.500000 ARP");
}

/* A time that steps back is no reason to stop. */
static void
time_may_step_back(void **unused)
{
	struct packet_line_config config = { .time = PACKET_TIME_DELTA };
	struct packet_line l;
	struct text out;

	(void)unused;
	text_init(&out);
	assert_int_equal(packet_line_init(&l, &config), 0);
	add_line(&l, find("eth_arp"), 1000, &out);
	text_clear(&out);
	add_line(&l, find("eth_arp"), -NS_PER_S, &out);
	assert_memory_equal(out.s, "-00:00:01.000001 ARP", 20);
	text_clear(&out);
	add_line(&l, find("eth_arp"), INT64_MAX, &out);
	add_line(&l, find("eth_arp"), INT64_MIN + 1, &out);
	packet_line_release(&l);
	text_release(&out);
}

/* A segment: sport, dport, seq, ack, flags, and 20 bytes of payload. */
static void
add_segment(struct packet_line *l, uint16_t sport, uint16_t dport,
	    uint32_t seq, uint32_t ack, uint16_t flags, struct text *out)
{
	uint8_t b[40 + 20] = {
		0x45, 0, 0, sizeof(b), 0, 1, 0x40, 0, 64, 6, 0, 0,
		10, 0, 0, sport > dport ? 1 : 2, 10, 0, 0,
		sport > dport ? 2 : 1,
		(uint8_t)(sport >> 8), (uint8_t)sport,
		(uint8_t)(dport >> 8), (uint8_t)dport,
		(uint8_t)(seq >> 24), (uint8_t)(seq >> 16),
		(uint8_t)(seq >> 8), (uint8_t)seq,
		(uint8_t)(ack >> 24), (uint8_t)(ack >> 16),
		(uint8_t)(ack >> 8), (uint8_t)ack,
		0x50, (uint8_t)flags, 1, 0,
	};
	struct packet p = {
		.bytes = b, .caplen = sizeof(b), .wire_len = sizeof(b),
		.link_type = 101,
	};
	struct dissection d;

	if (flags & TCP_SYN)
		b[3] = 40;
	text_clear(out);
	dissect_packet(&p, &d);
	packet_line_add(l, &p, &d, out);
}

/* As tcpdump: a SYN's numbers are absolute, those after it relative. */
static void
numbers_are_relative_to_the_first(void **unused)
{
	struct packet_line l;
	struct text out;

	(void)unused;
	text_init(&out);
	assert_int_equal(packet_line_init(&l, &plain), 0);
	add_segment(&l, 40000, 80, 1000, 0, TCP_SYN, &out);
	assert_non_null(strstr(out.s, "seq 1000, win"));
	add_segment(&l, 80, 40000, 5000, 1001, TCP_SYN | TCP_ACK, &out);
	assert_non_null(strstr(out.s, "seq 5000, ack 1001"));
	add_segment(&l, 40000, 80, 1001, 5001, TCP_ACK, &out);
	assert_non_null(strstr(out.s, "seq 1:21, ack 1,"));
	add_segment(&l, 80, 40000, 5001, 1021, TCP_ACK, &out);
	assert_non_null(strstr(out.s, "seq 1:21, ack 21,"));
	/* Another connection of the same two hosts has its own numbers. */
	add_segment(&l, 40001, 80, 7000, 8000, TCP_ACK, &out);
	assert_non_null(strstr(out.s, "seq 7000:7020, ack 8000"));
	add_segment(&l, 40001, 80, 7020, 8000, TCP_ACK, &out);
	assert_non_null(strstr(out.s, "seq 20:40, ack 1,"));
	packet_line_release(&l);
	text_release(&out);
}

static void
numbers_are_absolute_with_S(void **unused)
{
	struct packet_line_config config = {
		.time = PACKET_TIME_NONE, .absolute_seq = true,
	};
	struct packet_line l;
	struct text out;

	(void)unused;
	text_init(&out);
	assert_int_equal(packet_line_init(&l, &config), 0);
	add_segment(&l, 40000, 80, 1001, 5001, TCP_ACK, &out);
	add_segment(&l, 40000, 80, 1021, 5001, TCP_ACK, &out);
	assert_non_null(strstr(out.s, "seq 1021:1041, ack 5001,"));
	packet_line_release(&l);
	text_release(&out);
}

/* The table of bases is bounded: beyond it connections are forgotten. */
static void
connections_without_end_are_forgotten(void **unused)
{
	struct packet_line l;
	struct text out;

	(void)unused;
	text_init(&out);
	assert_int_equal(packet_line_init(&l, &plain), 0);
	for (uint32_t i = 0; i < 400000; i++)
		add_segment(&l, (uint16_t)(1024 + i % 60000),
			    (uint16_t)(i / 60000 + 1), i, i, TCP_ACK, &out);
	assert_true(l.seq.n_evicted > 0);
	packet_line_release(&l);
	text_release(&out);
}

static void
dissect_sample(const struct sample *s, uint8_t bytes[SAMPLE_MAX],
	       struct packet *p, struct dissection *d)
{
	size_t n = sample_bytes(s, bytes);

	*p = (struct packet){
		.bytes = bytes, .caplen = (uint32_t)n,
		.wire_len = (uint32_t)n, .link_type = s->link_type,
		.number = 1,
	};
	dissect_packet(p, d);
	dissect_checksums(p, d);
}

static void
tree_tells_value_bits_and_meaning(void **unused)
{
	uint8_t bytes[SAMPLE_MAX];
	struct packet p;
	struct dissection d;
	struct packet_seq_base base = { 0 };
	struct text out;

	(void)unused;
	text_init(&out);
	dissect_sample(find("eth_tcp_syn"), bytes, &p, &d);
	packet_tree_add(&p, &d, &base, &out);
	assert_non_null(strstr(out.s, "Transmission Control Protocol (tcp), "
			       "bytes 34 to 73\n"));
	assert_non_null(strstr(out.s, "ip.proto"));
	assert_non_null(strstr(out.s, "Protocol: TCP\n"));
	assert_non_null(strstr(out.s, "Don't fragment: yes [.1.. ....]\n"));
	assert_non_null(strstr(out.s, "Sequence number, relative 0\n"));
	assert_non_null(strstr(out.s, "Checksum is: good\n"));
	text_release(&out);
}

/* Whatever a packet says, only its digits reach a terminal. */
static void
nothing_of_a_packet_is_written_raw(void **unused)
{
	uint8_t bytes[SAMPLE_MAX];
	struct packet p;
	struct dissection d;
	struct packet_seq_base base = { 0 };
	struct text out;

	(void)unused;
	text_init(&out);
	dissect_sample(find("eth_udp_padded"), bytes, &p, &d);
	memcpy(bytes + 42, "\033]0;\x9b", 5);
	packet_tree_add(&p, &d, &base, &out);
	packet_json_add(&p, &d, &base, true, &out);
	packet_hex_add(p.bytes, p.caplen, &out);
	for (size_t i = 0; i < out.len; i++)
		assert_true(out.s[i] == '\n' || out.s[i] == '\t' ||
			    (out.s[i] >= ' ' && out.s[i] < 0x7f));
	text_release(&out);
}

static void
bytes_are_shown_with_their_ascii(void **unused)
{
	struct text out;

	(void)unused;
	text_init(&out);
	packet_hex_add((const uint8_t *)"hello, world\n\x01\x80~~", 17, &out);
	assert_string_equal(out.s,
		"\t0x0000:  6865 6c6c 6f2c 2077 6f72 6c64 0a01 807e  "
		"hello,.world...~\n"
		"\t0x0010:  7e                                       ~\n");
	text_release(&out);
}

static void
json_has_wiresharks_names(void **unused)
{
	uint8_t bytes[SAMPLE_MAX];
	struct packet p;
	struct dissection d;
	struct packet_seq_base base = { 0 };
	struct text out;

	(void)unused;
	text_init(&out);
	dissect_sample(find("eth_tcp_syn"), bytes, &p, &d);
	packet_json_add(&p, &d, &base, false, &out);
	assert_memory_equal(out.s, "{\"frame.number\":1,", 18);
	assert_non_null(strstr(out.s, "\"frame.protocols\":\"eth:ip:tcp\""));
	assert_non_null(strstr(out.s, "{\"layer\":\"ip\",\"offset\":14,"
			       "\"length\":20,\"fields\":{"));
	assert_non_null(strstr(out.s, "\"ip.src\":\"10.0.0.1\""));
	assert_non_null(strstr(out.s, "\"tcp.flags.syn\":true"));
	assert_non_null(strstr(out.s, "\"tcp.option_kind\":[2,4,8,1,3]"));
	assert_non_null(strstr(out.s, "\"tcp.seq\":0"));
	text_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_as_tcpdump_writes_them),
		cmocka_unit_test(link_header_is_shown_with_e),
		cmocka_unit_test(times_have_six_styles),
		cmocka_unit_test(time_may_step_back),
		cmocka_unit_test(numbers_are_relative_to_the_first),
		cmocka_unit_test(numbers_are_absolute_with_S),
		cmocka_unit_test(connections_without_end_are_forgotten),
		cmocka_unit_test(tree_tells_value_bits_and_meaning),
		cmocka_unit_test(nothing_of_a_packet_is_written_raw),
		cmocka_unit_test(bytes_are_shown_with_their_ascii),
		cmocka_unit_test(json_has_wiresharks_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
