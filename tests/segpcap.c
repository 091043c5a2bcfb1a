/*
 * segpcap.c - turns a script of segments into a capture file.
 *
 *	segpcap [-f pcap|pcapng] [-e little|big] [-t us|ns] SCRIPT CAPTURE
 *
 * The notation is packetdrill's and tcpdump's with relative numbers, so that
 * a script reads as the description of a mechanism: see SEGMENTS.md.  Here is
 * the grammar; a function for each thing a line can say.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/segpcap.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64,
       CWR = 128, AE = 256 };

struct conn {
	char name[16];
	struct host end[2];	/* client, server */
};

#define MAX_CONNS 4096
#define START_NS UINT64_C(1700000000000000000)

static struct conn conns[MAX_CONNS];
static int n_conns = 1;			/* the first has no name */
static enum link link_type;
static size_t snaplen = 262144;
static struct file_format format;
static const char *out_path;
static bool opened;
static uint64_t now;			/* since the start of the script */
static struct how always = { .ttl = -1, .ip_id = -1 };
static unsigned default_window = 502;

/* What was captured, for 'dup' and for what ICMP errors quote. */
struct frame {
	size_t ip_offset, len;
	struct how how;
	uint8_t at[];
};
static struct frame *frames[100000];
static int n_frames;

static const struct how *emit_how;

/* --- output ---------------------------------------------------------------- */

static void
open_output(void)
{
	if (opened)
		return;
	if (file_open(out_path, &format, link_type, snaplen) < 0)
		bad("cannot open '%s': %s", out_path, strerror(errno));
	opened = true;
}

static void
remember(const struct bytes *frame, size_t ip_offset)
{
	struct frame *f = malloc(sizeof(*f) + frame->len);

	if (!f || n_frames == sizeof(frames) / sizeof(*frames))
		bad("too many frames");
	f->ip_offset = ip_offset;
	f->len = frame->len;
	f->how = *emit_how;
	memcpy(f->at, frame->at, frame->len);
	frames[n_frames++] = f;
}

static void
emit(const struct bytes *frame, size_t ip_offset)
{
	size_t cut = emit_how->cut;

	if (emit_how->unseen)
		return;
	open_output();
	remember(frame, ip_offset);
	file_packet(START_NS + now, frame->at,
		    cut && cut < frame->len ? cut : frame->len, frame->len);
}

/* Frame n, counted from 1; 0 means the last one. */
static const struct frame *
frame_number(int64_t n)
{
	if (n == 0)
		n = n_frames;
	if (n < 1 || n > n_frames)
		bad("there is no frame %lld yet", (long long)n);
	return frames[n - 1];
}

/* --- words ----------------------------------------------------------------- */

static void
read_addr(struct host *h, const char *text)
{
	h->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(h->family, text, h->addr) != 1)
		bad("'%s' is no address", text);
}

/* 10.0.0.1, 10.0.0.1:80, 2001:db8::1 or [2001:db8::1]:80 */
static void
read_host(struct host *h)
{
	const char *token = scan_token();
	char text[256];
	char *port;

	if (!token)
		bad("an address is missing");
	snprintf(text, sizeof(text), "%s", token);
	port = strrchr(text, ':');
	if (text[0] == '[' && port && port[-1] == ']') {
		port[-1] = '\0';
		read_addr(h, text + 1);
	} else if (port && port == strchr(text, ':')) {
		*port = '\0';
		read_addr(h, text);
	} else {
		port = NULL;
		read_addr(h, text);
	}
	h->port = port ? (uint16_t)atoi(port + 1) : 0;
}

/* One end; what was known about it is forgotten. */
static void
read_end(struct host *h, uint32_t isn)
{
	*h = (struct host){ .isn = isn };
	read_host(h);
	if (scan_is("isn"))
		h->isn = (uint32_t)scan_number();
}

static struct conn *
find_conn(const char *name)
{
	for (int i = 0; i < n_conns; i++)
		if (strcmp(conns[i].name, name) == 0)
			return &conns[i];
	return NULL;
}

/* --- modifiers: { ... } ---------------------------------------------------- */

static unsigned
read_tos(void)
{
	if (scan_is("ect0"))
		return 2;
	if (scan_is("ect1"))
		return 1;
	if (scan_is("ce"))
		return 3;
	return (unsigned)scan_number();
}

static void
read_frag(struct how *how)
{
	how->frag = (size_t)scan_number();
	if (how->frag < 8)
		bad("fragments of less than 8 bytes");
	how->frag_reversed = scan_is("reversed");
	if (scan_is("without"))
		how->frag_skip = (size_t)scan_number();
}

static void
read_vlan(struct how *how)
{
	how->vlan[0] = (uint16_t)scan_number();
	how->vlan[1] = 0;
	if (scan_peek() >= '0' && scan_peek() <= '9')
		how->vlan[1] = (uint16_t)scan_number();
}

/* How often a segment is sent, each after the one before. */
struct times {
	int64_t n;
	uint64_t every;
};

static void
read_modifier(struct how *how, struct times *times)
{
	if (scan_is("ttl"))
		how->ttl = (int)scan_number();
	else if (scan_is("id"))
		how->ip_id = (int)scan_number();
	else if (scan_is("tos"))
		how->tos = read_tos();
	else if (scan_is("nodf"))
		how->may_fragment = true;
	else if (scan_is("frag"))
		read_frag(how);
	else if (scan_is("badsum"))
		how->bad_checksum = true;
	else if (scan_is("badipsum"))
		how->bad_ip_checksum = true;
	else if (scan_is("offload"))
		how->offload = true;
	else if (scan_is("unseen"))
		how->unseen = true;
	else if (scan_is("cut"))
		how->cut = (size_t)scan_number();
	else if (scan_is("vlan"))
		read_vlan(how);
	else if (times && scan_is("times"))
		times->n = scan_number();
	else if (times && scan_is("every"))
		times->every = scan_seconds();
	else
		bad("unknown modifier '%s'", scan_token());
}

static void
read_modifiers(struct how *how, struct times *times)
{
	while (!scan_char('}')) {
		if (scan_end())
			bad("'}' is missing");
		read_modifier(how, times);
		scan_char(',');
	}
}

/* --- TCP options: < ... > -------------------------------------------------- */

static void
put_sack(struct bytes *o, const struct host *peer)
{
	size_t at = o->len;

	put8(o, 5);
	put8(o, 2);
	while (scan_peek() != ',' && scan_peek() != '>') {
		put32(o, peer->isn + (uint32_t)scan_number());
		if (!scan_char(':'))
			bad("':' is missing in a SACK block");
		put32(o, peer->isn + (uint32_t)scan_number());
	}
	o->at[at + 1] = (uint8_t)(o->len - at);
}

/* TS val N ecr N; or just TS: milliseconds now, and the peer's last one. */
static void
put_timestamps(struct bytes *o, struct host *me, const struct host *peer)
{
	uint32_t base = me->isn;
	uint32_t ecr = peer->tsval;

	me->tsval = base + (uint32_t)(now / 1000000);
	if (scan_is("val"))
		me->tsval = (uint32_t)scan_number();
	if (scan_is("ecr"))
		ecr = (uint32_t)scan_number();
	put8(o, 8);
	put8(o, 10);
	put32(o, me->tsval);
	put32(o, ecr);
}

/* An option whose body is given as bytes: tfo, md5, opt KIND */
static void
put_blob(struct bytes *o, unsigned kind)
{
	size_t at = o->len;

	put8(o, kind);
	put8(o, 2);
	scan_hex(o);
	o->at[at + 1] = (uint8_t)(o->len - at);
}

static void
put_option(struct bytes *o, struct host *me, const struct host *peer)
{
	if (scan_is("mss")) {
		put16(o, 0x0204);
		put16(o, (unsigned)scan_number());
	} else if (scan_is("wscale")) {
		put16(o, 0x0303);
		put8(o, (unsigned)scan_number());
	} else if (scan_is("sackOK")) {
		put16(o, 0x0402);
	} else if (scan_is("sack")) {
		put_sack(o, peer);
	} else if (scan_is("TS")) {
		put_timestamps(o, me, peer);
	} else if (scan_is("nop")) {
		put8(o, 1);
	} else if (scan_is("eol")) {
		put8(o, 0);
	} else if (scan_is("tfo")) {
		put_blob(o, 34);
	} else if (scan_is("md5")) {
		put_blob(o, 19);
	} else if (scan_is("opt")) {
		put_blob(o, (unsigned)scan_number());
	} else {
		bad("unknown option '%s'", scan_token());
	}
}

static void
read_options(struct bytes *o, struct host *me, const struct host *peer)
{
	while (!scan_char('>')) {
		if (scan_end())
			bad("'>' is missing");
		put_option(o, me, peer);
		scan_char(',');
	}
	if (o->len > 40)
		bad("%zu bytes of options", o->len);
}

/* --- segments -------------------------------------------------------------- */

static unsigned
read_flags(void)
{
	static const char letters[] = "FSRP.UEWe";
	const char *text = scan_token();
	unsigned flags = 0;

	if (!text)
		bad("flags are missing");
	for (; *text; text++) {
		const char *found = strchr(letters, *text);

		if (found)
			flags |= 1u << (found - letters);
		else if (*text != '-')
			bad("'%c' is no flag, they are %s", *text, letters);
	}
	return flags;
}

/* Bytes of the stream that only depend on their place in it. */
static void
fill_payload(struct bytes *payload, uint32_t seq, size_t len)
{
	while (payload->len < len) {
		uint32_t p = seq + (uint32_t)payload->len - 1;

		put8(payload, "abcdefghijklmnopqrstuvwxyz"[(p + p / 26) % 26]);
	}
}

/* SEQ:END(LEN), or SEQ, or nothing: what comes next.  Returns LEN. */
static size_t
read_seq(const struct host *me, uint32_t *seq)
{
	char c = scan_peek();
	int64_t end, len;

	*seq = me->nxt;
	if (!(c >= '0' && c <= '9') && c != '-')
		return 0;
	*seq = (uint32_t)scan_number();
	if (!scan_char(':'))
		return 0;
	end = scan_number();
	if (!scan_char('('))
		bad("write SEQ:END(LENGTH)");
	len = scan_number();
	if (!scan_char(')') || (uint32_t)end != *seq + (uint32_t)len)
		bad("END is not SEQ + LENGTH");
	return (size_t)len;
}

static void
send_segment(struct host *me, const struct host *peer, bool from_client,
	     const struct tcp_spec *tcp, const struct how *how)
{
	static struct bytes body;

	emit_how = how;
	make_tcp(&body, me, peer, tcp, how);
	send_ip(&body, IPPROTO_TCP, me, peer, from_client, how, link_type, emit);
}

/* Where a sender is after a segment; only forward. */
static void
advance(struct host *me, uint32_t seq, const struct tcp_spec *tcp)
{
	uint32_t end = seq + (uint32_t)tcp->payload.len +
		       !!(tcp->flags & SYN) + !!(tcp->flags & FIN);

	if (tcp->flags & SYN)
		me->nxt = end;
	else if (!(tcp->flags & RST) && (int32_t)(end - me->nxt) > 0)
		me->nxt = end;
}

static void
read_segment(struct conn *c, bool from_client)
{
	static struct tcp_spec tcp;
	struct host *me = &c->end[!from_client], *peer = &c->end[from_client];
	struct how how = always;
	struct times times = { 1, 0 };
	uint32_t seq, ack = peer->nxt;
	size_t len;

	if (me->family == 0 || peer->family == 0)
		bad("client and server have no addresses yet");
	tcp = (struct tcp_spec){ .window = default_window };
	tcp.flags = read_flags();
	len = read_seq(me, &seq);
	while (!scan_end()) {
		if (scan_is("ack"))
			ack = (uint32_t)scan_number();
		else if (scan_is("win"))
			tcp.window = (unsigned)scan_number();
		else if (scan_is("len"))
			len = (size_t)scan_number();
		else if (scan_is("urg"))
			tcp.urgent = (unsigned)scan_number();
		else if (scan_is("hex"))
			scan_hex(&tcp.payload);
		else if (scan_peek() == '"')
			scan_string(&tcp.payload);
		else if (scan_char('<'))
			read_options(&tcp.options, me, peer);
		else if (scan_char('{'))
			read_modifiers(&how, &times);
		else
			bad("not understood: '%s'", scan_token());
	}
	if (len && tcp.payload.len > len)
		bad("a payload of %zu bytes", tcp.payload.len);
	fill_payload(&tcp.payload, seq, len);
	tcp.ack = tcp.flags & ACK ? peer->isn + ack : 0;
	for (int64_t i = 0; i < times.n; i++) {
		if (i > 0) {
			now += times.every;
			seq += (uint32_t)len;
			tcp.payload.len = 0;
			fill_payload(&tcp.payload, seq, len);
		}
		tcp.seq = me->isn + seq;
		send_segment(me, peer, from_client, &tcp, &how);
		advance(me, seq, &tcp);
	}
}

/* --- what is not TCP ------------------------------------------------------- */

/* A > B */
static void
read_pair(struct host *src, struct host *dst)
{
	read_host(src);
	if (!scan_char('>'))
		bad("'>' is missing between two addresses");
	read_host(dst);
	if (src->family != dst->family)
		bad("addresses of two families");
}

static void
read_payload(struct bytes *payload, struct how *how)
{
	while (!scan_end()) {
		if (scan_is("len"))
			fill_payload(payload, 1, (size_t)scan_number());
		else if (scan_is("hex"))
			scan_hex(payload);
		else if (scan_peek() == '"')
			scan_string(payload);
		else if (scan_char('{'))
			read_modifiers(how, NULL);
		else
			bad("not understood: '%s'", scan_token());
	}
}

static void
read_udp(void)
{
	static struct bytes payload, body;
	struct host src = { 0 }, dst = { 0 };
	struct how how = always;

	read_pair(&src, &dst);
	payload.len = 0;
	read_payload(&payload, &how);
	emit_how = &how;
	make_udp(&body, &src, &dst, &payload, &how);
	send_ip(&body, IPPROTO_UDP, &src, &dst, true, &how, link_type, emit);
}

static void
read_arp(void)
{
	static struct bytes frame;
	struct host a = { 0 }, b = { 0 };
	bool reply = !scan_is("who-has");

	read_host(&a);
	if (!scan_is(reply ? "to" : "tell"))
		bad("write 'arp who-has A tell B' or 'arp A to B'");
	read_host(&b);
	emit_how = &always;
	make_arp(&frame, link_type, reply, reply ? &a : &b, reply ? &b : &a);
	emit(&frame, 0);
}

/* Messages by name: type and code in ICMP and in ICMPv6. */
static const struct {
	const char *name;
	uint8_t v4[2], v6[2];
	bool quotes;
} icmp_names[] = {
	{ "net-unreachable", { 3, 0 }, { 1, 0 }, true },
	{ "host-unreachable", { 3, 1 }, { 1, 3 }, true },
	{ "port-unreachable", { 3, 3 }, { 1, 4 }, true },
	{ "too-big", { 3, 4 }, { 2, 0 }, true },
	{ "admin-prohibited", { 3, 13 }, { 1, 1 }, true },
	{ "time-exceeded", { 11, 0 }, { 3, 0 }, true },
	{ "echo", { 8, 0 }, { 128, 0 }, false },
	{ "echo-reply", { 0, 0 }, { 129, 0 }, false },
};

/* The IP packet of a frame, as far as routers quote it. */
static void
quote(struct bytes *body, const struct frame *f, size_t max)
{
	size_t n = f->len - f->ip_offset;

	if (f->ip_offset == 0 && link_type != LINK_RAW)
		bad("that frame has no IP packet");
	put(body, f->at + f->ip_offset, n < max ? n : max);
}

/* icmp A > B NAME [mtu N] [quote FRAME] [bytes N] [{...}] */
static void
read_icmp(void)
{
	static struct bytes body, data;
	struct host src = { 0 }, dst = { 0 };
	struct how how = always;
	uint32_t rest = 0;
	int64_t quoted = 0;
	size_t kind = 0, max = 548, n = sizeof(icmp_names) / sizeof(*icmp_names);
	const char *name;
	bool v6;

	read_pair(&src, &dst);
	v6 = src.family == AF_INET6;
	name = scan_word();
	while (kind < n && name && strcmp(icmp_names[kind].name, name) != 0)
		kind++;
	if (kind == n)
		bad("unknown ICMP message");
	for (data.len = 0; !scan_end();) {
		if (scan_is("mtu"))
			rest = (uint32_t)scan_number();
		else if (scan_is("quote"))
			quoted = scan_number();
		else if (scan_is("bytes"))
			max = (size_t)scan_number();
		else
			read_payload(&data, &how);
	}
	body.len = 0;
	put8(&body, v6 ? icmp_names[kind].v6[0] : icmp_names[kind].v4[0]);
	put8(&body, v6 ? icmp_names[kind].v6[1] : icmp_names[kind].v4[1]);
	put16(&body, 0);
	put32(&body, rest);
	if (icmp_names[kind].quotes)
		quote(&body, frame_number(quoted), max);
	put(&body, data.at, data.len);
	make_icmp_checksum(&body, &src, &dst);
	emit_how = &how;
	send_ip(&body, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, &src, &dst, false,
		&how, link_type, emit);
}

/* dup [FRAME] [{ttl N}]: the same frame once more */
static void
read_dup(void)
{
	static struct bytes frame;
	int64_t n = scan_end() || scan_peek() == '{' ? 0 : scan_number();
	const struct frame *f = frame_number(n);
	struct how how = f->how;

	how.ttl = -1;
	if (scan_char('{'))
		read_modifiers(&how, NULL);
	frame.len = 0;
	put(&frame, f->at, f->len);
	if (how.ttl >= 0)
		change_ttl(&frame, f->ip_offset, (unsigned)how.ttl);
	emit_how = &how;
	emit(&frame, f->ip_offset);
}

/* ip A > B PROTOCOL hex ...; for what has no notation of its own */
static void
read_ip(void)
{
	static struct bytes body;
	struct host src = { 0 }, dst = { 0 };
	struct how how = always;
	unsigned protocol;

	read_pair(&src, &dst);
	protocol = (unsigned)scan_number();
	body.len = 0;
	read_payload(&body, &how);
	emit_how = &how;
	send_ip(&body, protocol, &src, &dst, true, &how, link_type, emit);
}

static void
read_raw(void)
{
	static struct bytes frame;

	frame.len = 0;
	emit_how = &always;
	scan_hex(&frame);
	emit(&frame, 0);
}

/* --- lines ----------------------------------------------------------------- */

static void
read_link(void)
{
	static const char *const names[] = {
		[LINK_ETHERNET] = "ethernet", [LINK_SLL] = "sll",
		[LINK_SLL2] = "sll2", [LINK_RAW] = "raw", [LINK_NULL] = "null",
	};
	const char *name = scan_word();

	for (size_t i = 0; name && i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		link_type = (enum link)i;
		if (opened && file_set_link(link_type) < 0)
			bad("a second link type needs -f pcapng");
		return;
	}
	bad("unknown link type");
}

/* conn NAME HOST [isn N] > HOST [isn N] */
static void
read_conn(void)
{
	const char *name = scan_word();
	struct conn *c = name ? find_conn(name) : NULL;

	if (!name || strlen(name) >= sizeof(c->name))
		bad("a connection needs a short name");
	if (!c) {
		if (n_conns == MAX_CONNS)
			bad("more than %d connections", MAX_CONNS);
		c = &conns[n_conns++];
		snprintf(c->name, sizeof(c->name), "%s", name);
	}
	read_end(&c->end[0], 1000);
	if (!scan_char('>'))
		bad("'>' is missing between the ends");
	read_end(&c->end[1], 5000);
}

/* What starts with a word sets something up; false = it is a packet. */
static bool
read_setting(void)
{
	if (scan_is("link"))
		read_link();
	else if (scan_is("snaplen"))
		snaplen = (size_t)scan_number();
	else if (scan_is("win"))
		default_window = (unsigned)scan_number();
	else if (scan_is("client"))
		read_end(&conns[0].end[0], 1000);
	else if (scan_is("server"))
		read_end(&conns[0].end[1], 5000);
	else if (scan_is("conn"))
		read_conn();
	else if (scan_is("always")) {
		always = (struct how){ .ttl = -1, .ip_id = -1 };
		if (scan_char('{'))
			read_modifiers(&always, NULL);
	} else
		return false;
	return true;
}

static void
read_packet(void)
{
	const char *name;
	struct conn *c;

	if (scan_is("udp"))
		read_udp();
	else if (scan_is("arp"))
		read_arp();
	else if (scan_is("icmp"))
		read_icmp();
	else if (scan_is("ip"))
		read_ip();
	else if (scan_is("dup"))
		read_dup();
	else if (scan_is("raw"))
		read_raw();
	else {
		name = scan_word();
		c = find_conn(name ? name : "");
		if (!c)
			bad("unknown connection or packet '%s'", name);
		if (scan_char('>'))
			read_segment(c, true);
		else if (scan_char('<'))
			read_segment(c, false);
		else
			bad("'>' or '<' is missing");
	}
}

static void
read_line(void)
{
	if (scan_end() || read_setting()) {
		if (!scan_end())
			bad("too much: '%s'", scan_token());
		return;
	}
	if (scan_char('+'))
		now += scan_seconds();
	else
		now = scan_seconds();
	read_packet();
	if (!scan_end())
		bad("too much: '%s'", scan_token());
}

static void
read_script(const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char *line = NULL;
	size_t size = 0;

	scan_line(path, 0, "");
	if (!f)
		bad("cannot open: %s", strerror(errno));
	for (int n = 1; getline(&line, &size, f) >= 0; n++) {
		scan_line(path, n, line);
		read_line();
	}
	free(line);
	fclose(f);
	open_output();
	for (int i = 0; i < n_frames; i++)
		free(frames[i]);
	if (file_close() < 0)
		bad("cannot write '%s'", out_path);
}

static void
usage(void)
{
	fputs("usage: segpcap [-f pcap|pcapng] [-e little|big] [-t us|ns] "
	      "SCRIPT CAPTURE\n", stderr);
	exit(2);
}

int
main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "f:e:t:")) != -1) {
		if (c == 'f')
			format.pcapng = strcmp(optarg, "pcapng") == 0;
		else if (c == 'e')
			format.big_endian = strcmp(optarg, "big") == 0;
		else if (c == 't')
			format.nanoseconds = strcmp(optarg, "ns") == 0;
		else
			usage();
	}
	if (argc - optind != 2)
		usage();
	out_path = argv[optind + 1];
	read_script(argv[optind]);
	return 0;
}
