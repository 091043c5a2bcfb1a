/*
 * blast.c - sends made-up TCP at a given rate, for the tests of live.
 *
 *	blast IFACE short|bulk|syn RATE SECONDS|COUNTn
 *
 * RATE is packets a second.  Each kind is both ways of connections between
 * hosts that are not there, to an Ethernet address that is nobody's:
 *	short	connections of ten packets, 64 at a time: 200 bytes up, 1 kB down
 *	bulk	sixteen connections, an ACK for two segments of 1448 bytes
 *	syn	SYNs of forged hosts to 10.77.0.2:80, a /8 of them
 * At the end: packets sent, seconds, packets a second.  Only for namespaces of
 * a test's own.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BURST = 64, FRAME = 1600, ETH = 14, IP = 20, TCP = 20, PAYLOAD = 1448 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

struct segment {
	uint32_t src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack;
	unsigned flags, len;
};

static uint8_t frame[BURST][FRAME];
static struct iovec part[BURST];
static struct mmsghdr message[BURST];
static unsigned n_queued;
static uint32_t payload_sum[PAYLOAD + 1];
static int fd;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "blast: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* --- segments --- */

static void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint32_t
sum16(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	return sum + (n & 1 ? (uint32_t)p[n - 1] << 8 : 0);
}

static uint16_t
fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* SYNs have what Linux puts there, the others time stamps. */
static size_t
put_options(uint8_t *p, const struct segment *s)
{
	static const uint8_t of_syn[] = { 2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1,
					  0, 0, 0, 0, 1, 3, 3, 7 };
	static const uint8_t of_others[] = { 1, 1, 8, 10, 0, 0, 0, 1,
					     0, 0, 0, 1 };
	const uint8_t *o = s->flags & SYN ? of_syn : of_others;
	size_t n = s->flags & SYN ? sizeof(of_syn) : sizeof(of_others);

	memcpy(p, o, n);
	return n;
}

static void
put_tcp(uint8_t *p, const struct segment *s, size_t header)
{
	uint32_t sum;

	put16(p, s->sport);
	put16(p + 2, s->dport);
	put32(p + 4, s->seq);
	put32(p + 8, s->flags & ACK ? s->ack : 0);
	p[12] = (uint8_t)(header / 4 << 4);
	p[13] = (uint8_t)s->flags;
	put16(p + 14, 64240);
	put32(p + 16, 0);
	sum = sum16(p, header) + payload_sum[s->len] + 6 +
	      (uint32_t)header + s->len + (s->src >> 16) + (s->src & 0xffff) +
	      (s->dst >> 16) + (s->dst & 0xffff);
	put16(p + 16, fold(sum));
}

static void
flush(void)
{
	for (unsigned done = 0; done < n_queued;) {
		int n = sendmmsg(fd, message + done, n_queued - done, 0);

		if (n < 0 && errno != ENOBUFS && errno != EAGAIN)
			die("cannot send");
		done += n > 0 ? (unsigned)n : 0;
	}
	n_queued = 0;
}

/* The payload stays as it was: all frames of a burst have the same. */
static void
send_segment(const struct segment *s)
{
	uint8_t *p = frame[n_queued];
	uint8_t *ip = p + ETH, *tcp = ip + IP;
	size_t header = TCP + put_options(tcp + TCP, s);

	put_tcp(tcp, s, header);
	memset(tcp + header, 'x', s->len);
	memset(ip, 0, IP);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(IP + header + s->len));
	ip[6] = 0x40;
	ip[8] = 64;
	ip[9] = IPPROTO_TCP;
	put32(ip + 12, s->src);
	put32(ip + 16, s->dst);
	put16(ip + 10, fold(sum16(ip, IP)));
	part[n_queued].iov_len = ETH + IP + header + s->len;
	if (++n_queued == BURST)
		flush();
}

/* --- kinds: each gives the i-th packet --- */

static uint32_t
scramble(uint32_t x)
{
	x = (x ^ x >> 16) * 0x7feb352dU;
	x = (x ^ x >> 15) * 0x846ca68bU;
	return x ^ x >> 16;
}

static void
turn(struct segment *s)
{
	struct segment t = *s;

	s->src = t.dst;
	s->dst = t.src;
	s->sport = t.dport;
	s->dport = t.sport;
	s->seq = t.ack;
	s->ack = t.seq;
}

static void
short_packet(uint64_t i)
{
	static const struct {
		unsigned down, flags, len, seq, ack;
	} step[10] = {
		{ 0, SYN, 0, 0, 0 }, { 1, SYN | ACK, 0, 0, 1 },
		{ 0, ACK, 0, 1, 1 }, { 0, PSH | ACK, 200, 1, 1 },
		{ 1, ACK, 0, 1, 201 }, { 1, PSH | ACK, 1000, 1, 201 },
		{ 0, ACK, 0, 201, 1001 }, { 1, FIN | ACK, 0, 1001, 201 },
		{ 0, FIN | ACK, 0, 201, 1002 }, { 1, ACK, 0, 1002, 202 },
	};
	uint32_t group = (uint32_t)(i / 640), conn = group * 64 + i % 64;
	unsigned k = (unsigned)(i / 64 % 10);
	uint32_t up = scramble(conn), down = scramble(~conn);
	struct segment s = {
		.src = 0x0a4e0000 + conn / 60000 % 65536,
		.dst = 0x0a4d0002,
		.sport = (uint16_t)(1024 + conn % 60000), .dport = 80,
		.flags = step[k].flags, .len = step[k].len,
	};

	if (step[k].down)
		turn(&s);
	s.seq = (step[k].down ? down : up) + step[k].seq;
	s.ack = (step[k].down ? up : down) + step[k].ack;
	send_segment(&s);
}

static void
bulk_packet(uint64_t i)
{
	uint32_t flow = (uint32_t)(i % 16), k = (uint32_t)(i / 16);
	uint32_t data = k < 3 ? 0 : (k - 3) / 3 * 2 + (k - 3) % 3;
	struct segment s = {
		.src = 0x0a4e0001, .dst = 0x0a4d0002,
		.sport = (uint16_t)(40000 + flow), .dport = 5001,
		.seq = 1000 + (k > 0), .ack = k > 0 ? 5001 : 0,
		.flags = k == 0 ? SYN : ACK,
	};

	if (k >= 3)
		s.seq += data * PAYLOAD;
	if (k == 1 || (k >= 3 && (k - 3) % 3 == 2)) {
		turn(&s);
		s.flags = k == 1 ? SYN | ACK : ACK;
		s.seq = 5000 + (k > 1);
		s.ack = 1001 + (k > 1 ? data * PAYLOAD : 0);
	} else if (k >= 3) {
		s.len = PAYLOAD;
	}
	send_segment(&s);
}

static void
syn_packet(uint64_t i)
{
	uint32_t r = scramble((uint32_t)i * 2 + 1);
	struct segment s = {
		.src = 0x0b000000 | (r & 0xffffff), .dst = 0x0a4d0002,
		.sport = (uint16_t)(1024 + (scramble(r) & 0x7fff)),
		.dport = 80, .seq = scramble(r + 7), .flags = SYN,
	};

	send_segment(&s);
}

/* --- the whole --- */

static void
open_interface(const char *name)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex(name), .sll_halen = 6,
	};
	static const uint8_t head[ETH] = { 2, 0, 0, 0x77, 0, 2,
					   2, 0, 0, 0x77, 0, 1, 8, 0 };
	int yes = 1;

	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || to.sll_ifindex == 0 ||
	    bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		die(name);
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes));
	for (unsigned i = 0; i < BURST; i++) {
		memcpy(frame[i], head, ETH);
		part[i].iov_base = frame[i];
		message[i].msg_hdr.msg_iov = &part[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	for (unsigned i = 1; i <= PAYLOAD; i++)
		payload_sum[i] = payload_sum[i - 1] +
				 ('x' << (i & 1 ? 8 : 0));
}

static void
pause_until(int64_t when)
{
	int64_t left = when - now();
	struct timespec ts = { 0, left > 0 ? (long)left : 0 };

	/* Short pauses by looking at the clock: sleeping takes longer. */
	if (left > 200000)
		nanosleep(&ts, NULL);
	while (now() < when)
		;
}

int
main(int argc, char **argv)
{
	void (*put)(uint64_t) = NULL;
	uint64_t count = UINT64_MAX, i = 0;
	int64_t start, end;
	double rate;

	if (argc == 5)
		put = strcmp(argv[2], "short") == 0 ? short_packet :
		      strcmp(argv[2], "bulk") == 0 ? bulk_packet :
		      strcmp(argv[2], "syn") == 0 ? syn_packet : NULL;
	if (!put || (rate = atof(argv[3])) < 1) {
		fprintf(stderr, "usage: blast IFACE short|bulk|syn RATE "
			"SECONDS|COUNTn\n");
		return 2;
	}
	open_interface(argv[1]);
	start = now();
	end = start + (int64_t)(atof(argv[4]) * 1e9);
	if (strchr(argv[4], 'n')) {
		count = strtoull(argv[4], NULL, 10);
		end = INT64_MAX;
	}
	for (; i < count; i++) {
		if (i % BURST == 0) {
			pause_until(start + (int64_t)((double)i / rate * 1e9));
			if (now() >= end)
				break;
		}
		put(i);
	}
	flush();
	end = now() - start;
	printf("%llu packets %.3f s %.0f a second\n", (unsigned long long)i,
	       (double)end / 1e9, (double)i / ((double)end / 1e9));
	return 0;
}
