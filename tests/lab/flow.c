/*
 * flow.c - one end of TCP connections, which samples what its kernel knows.
 *
 *	flow connect|listen ADDRESS PORT [name=value...]
 *
 * An end that sends takes TCP_INFO every 5 ms and once more when all is
 * acknowledged, before it closes.  A listening end serves `flows` connections,
 * a connecting one makes them, one after the other or (parallel=1) at once.
 * Without `send` an end reads until the peer closes, and closes.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

typedef int64_t nstime;

#define SECOND 1000000000LL
#define MS 1000000LL
#define SAMPLE_EVERY (5 * MS)
#define CHUNK 65536

/* The kernel's struct tcp_info: our headers may be older than the kernel. */
struct info {
	uint8_t state, ca_state, retransmits, probes, backoff, options;
	uint8_t wscales, app_limited;
	uint32_t rto, ato, snd_mss, rcv_mss, unacked, sacked, lost, retrans,
		fackets, last_data_sent, last_ack_sent, last_data_recv,
		last_ack_recv, pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh,
		snd_cwnd, advmss, reordering, rcv_rtt, rcv_space,
		total_retrans;
	uint64_t pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
	uint32_t segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in,
		data_segs_out;
	uint64_t delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
	uint32_t delivered, delivered_ce;
	uint64_t bytes_sent, bytes_retrans;
	uint32_t dsack_dups, reord_seen, rcv_ooopack, snd_wnd, rcv_wnd, rehash;
	uint16_t total_rto, total_rto_recoveries;
	uint32_t total_rto_time;
};

struct bbr_info {
	uint32_t bw_lo, bw_hi, min_rtt, pacing_gain, cwnd_gain;
};

/* What is asked for.  Times in seconds, rates in bytes a second. */
static struct {
	double send;		/* this end sends */
	double dur, bytes;	/* until then, or so much */
	double app_bytes, app_ms;	/* so much, so often; 0 = always */
	double app_count;	/* so many times; 0 = for ever */
	double request, response;	/* ping-pong: sizes, in two writes */
	double first_part;	/* of a request, in a write of its own */
	double chunk;		/* bytes of one write() at most */
	double sndbuf, rcvbuf, nodelay, mss, pace;
	double read_bytes, read_ms;	/* slow reader */
	double stop_at, stop_for;	/* reader that pauses */
	double flows, gap_ms, parallel, start;
} ask = { .flows = 1, .chunk = CHUNK };

static const struct {
	const char *name;
	double *value;
} options[] = {
	{ "send", &ask.send }, { "dur", &ask.dur }, { "bytes", &ask.bytes },
	{ "app_bytes", &ask.app_bytes }, { "app_ms", &ask.app_ms },
	{ "app_count", &ask.app_count }, { "request", &ask.request },
	{ "response", &ask.response }, { "first_part", &ask.first_part },
	{ "chunk", &ask.chunk }, { "sndbuf", &ask.sndbuf }, { "rcvbuf", &ask.rcvbuf },
	{ "nodelay", &ask.nodelay }, { "mss", &ask.mss }, { "pace", &ask.pace },
	{ "read_bytes", &ask.read_bytes }, { "read_ms", &ask.read_ms },
	{ "stop_at", &ask.stop_at }, { "stop_for", &ask.stop_for },
	{ "flows", &ask.flows }, { "gap_ms", &ask.gap_ms },
	{ "parallel", &ask.parallel }, { "start", &ask.start },
};
static const char *cc = "cubic", *samples_path, *final_path;

struct flow {
	int fd;
	struct sockaddr_storage here, there;
	nstime begin, next_sample, next_app, next_read;
	long app_done;		/* portions handed out */
	int64_t pending;	/* bytes that are to be written now; -1 = all */
	int64_t written, read, read_credit;
	bool blocked;		/* the last write did not take all */
	bool peer_done;
	FILE *rows;		/* into memory, written at the end */
	char *text;
	size_t text_len;
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "flow: %s: %s\n", what, strerror(errno));
	exit(1);
}

static nstime
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (nstime)ts.tv_sec * SECOND + ts.tv_nsec;
}

static unsigned
port_of(const struct sockaddr_storage *a)
{
	return ntohs(a->ss_family == AF_INET ?
		     ((const struct sockaddr_in *)a)->sin_port :
		     ((const struct sockaddr_in6 *)a)->sin6_port);
}

static const char *
addr_of(const struct sockaddr_storage *a, char *text)
{
	const void *addr = a->ss_family == AF_INET ?
		(const void *)&((const struct sockaddr_in *)a)->sin_addr :
		(const void *)&((const struct sockaddr_in6 *)a)->sin6_addr;

	return inet_ntop(a->ss_family, addr, text, INET6_ADDRSTRLEN);
}

/* --- what the kernel knows ------------------------------------------------- */

static void
get_info(const struct flow *f, struct info *i)
{
	socklen_t n = sizeof(*i);

	memset(i, 0, sizeof(*i));
	getsockopt(f->fd, IPPROTO_TCP, TCP_INFO, i, &n);
}

static void
put_bbr(struct flow *f)
{
	struct bbr_info b = { 0 };
	socklen_t n = sizeof(b);

	if (strcmp(cc, "bbr") != 0 ||
	    getsockopt(f->fd, IPPROTO_TCP, TCP_CC_INFO, &b, &n) < 0) {
		fputs(",,,,", f->rows);
		return;
	}
	fprintf(f->rows, ",%llu,%u,%.3f,%.3f",
		(unsigned long long)((uint64_t)b.bw_hi << 32 | b.bw_lo),
		b.min_rtt, b.pacing_gain / 256.0, b.cwnd_gain / 256.0);
}

#define LL(x) ((unsigned long long)(x))

/* The columns of truth_tcpinfo.csv, and whether there is more to write. */
static void
put_sample(struct flow *f, char kind)
{
	nstime t = now();
	struct info i;

	get_info(f, &i);
	fprintf(f->rows, "%lld.%06lld,%c,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,"
		"%u,%u,%u,%u,%llu,%u,%llu,%llu,%llu,%llu,%llu,%u,%u,%u,%u,"
		"%llu,%u,%u,%u,%u,%u,%u,%llu",
		(long long)(t / SECOND), (long long)(t % SECOND / 1000), kind,
		port_of(&f->here), i.state, i.ca_state, i.snd_cwnd,
		i.snd_ssthresh, i.unacked, i.sacked, i.lost, i.retrans,
		i.total_retrans, i.rtt, i.rttvar, i.min_rtt, i.rcv_rtt, i.rto,
		i.snd_mss, i.advmss, LL(i.delivery_rate), i.app_limited & 1,
		LL(i.busy_time), LL(i.rwnd_limited), LL(i.sndbuf_limited),
		LL(i.bytes_sent), LL(i.bytes_retrans), i.dsack_dups,
		i.reord_seen, i.reordering, i.notsent_bytes, LL(i.pacing_rate),
		i.snd_wnd, i.rcv_wnd, i.retransmits, i.backoff, i.delivered,
		i.delivered_ce, LL(i.bytes_acked));
	put_bbr(f);
	fprintf(f->rows, ",%d\n", f->pending != 0);
}

static void
append(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		die(path);
	close(fd);
}

static void
put_final(struct flow *f)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN], line[2048];
	nstime end = now();
	struct info i;
	int n;

	get_info(f, &i);
	n = snprintf(line, sizeof(line),
		"{\"src\": \"%s\", \"sport\": %u, \"dst\": \"%s\", "
		"\"dport\": %u, \"cc\": \"%s\", \"start\": %.6f, "
		"\"end\": %.6f, \"app_bytes_written\": %lld, "
		"\"app_bytes_read\": %lld, \"snd_mss\": %u, \"advmss\": %u, "
		"\"pmtu\": %u, \"snd_wscale\": %u, \"rcv_wscale\": %u, "
		"\"options\": %u, \"state\": %u, \"ca_state\": %u, "
		"\"snd_cwnd\": %u, \"snd_ssthresh\": %u, \"rto_us\": %u, "
		"\"rtt_us\": %u, \"rttvar_us\": %u, \"min_rtt_us\": %u, "
		"\"reordering\": %u, \"reord_seen\": %u, "
		"\"total_retrans\": %u, \"dsack_dups\": %u, "
		"\"total_rto\": %u, \"bytes_sent\": %llu, "
		"\"bytes_acked\": %llu, \"bytes_retrans\": %llu, "
		"\"bytes_received\": %llu, \"delivered\": %u, "
		"\"delivered_ce\": %u, \"busy_us\": %llu, "
		"\"rwnd_limited_us\": %llu, \"sndbuf_limited_us\": %llu, "
		"\"snd_wnd\": %u, \"rcv_wnd\": %u}\n",
		addr_of(&f->here, src), port_of(&f->here),
		addr_of(&f->there, dst), port_of(&f->there), cc,
		(double)f->begin / 1e9, (double)end / 1e9,
		(long long)f->written, (long long)f->read, i.snd_mss, i.advmss,
		i.pmtu, i.wscales & 15, i.wscales >> 4, i.options, i.state,
		i.ca_state, i.snd_cwnd, i.snd_ssthresh, i.rto, i.rtt, i.rttvar,
		i.min_rtt, i.reordering, i.reord_seen, i.total_retrans,
		i.dsack_dups, i.total_rto, LL(i.bytes_sent), LL(i.bytes_acked),
		LL(i.bytes_retrans), LL(i.bytes_received), i.delivered,
		i.delivered_ce, LL(i.busy_time), LL(i.rwnd_limited),
		LL(i.sndbuf_limited), i.snd_wnd, i.rcv_wnd);
	append(final_path, line, (size_t)n);
}

/* --- what the application does --------------------------------------------- */

static double
age(const struct flow *f)
{
	return (double)(now() - f->begin) / 1e9;
}

/* No more portions will come. */
static bool
is_written_out(const struct flow *f)
{
	if (!ask.send)
		return true;
	if (ask.bytes > 0 && (double)f->written >= ask.bytes)
		return true;
	if (ask.app_count > 0 && (double)f->app_done >= ask.app_count)
		return f->pending == 0;
	return ask.dur > 0 && age(f) >= ask.dur;
}

/* Hand the next portion to write() when its time has come. */
static void
refill(struct flow *f, nstime t)
{
	if (!ask.send) {
		return;		/* only answers */
	} else if (is_written_out(f)) {
		f->pending = 0;
	} else if (ask.bytes > 0) {
		f->pending = (int64_t)ask.bytes - f->written;
	} else if (ask.app_bytes <= 0) {
		f->pending = CHUNK;
	} else if (t >= f->next_app && (ask.app_count <= 0 ||
					(double)f->app_done < ask.app_count)) {
		f->pending += (int64_t)ask.app_bytes;
		f->next_app = t + (nstime)(ask.app_ms * 1e6);
		f->app_done++;
	}
}

static void
write_some(struct flow *f)
{
	static const char zeros[CHUNK];

	while (f->pending > 0) {
		size_t n = (size_t)(f->pending < (int64_t)ask.chunk ?
				    f->pending : (int64_t)ask.chunk);
		ssize_t done = send(f->fd, zeros, n, MSG_NOSIGNAL);

		if (done < 0)
			break;
		f->written += done;
		f->pending -= done;
		if (ask.send && ask.app_bytes <= 0 && ask.bytes <= 0 &&
		    f->pending == 0)
			f->pending = CHUNK;
	}
}

static bool
may_read(struct flow *f, nstime t)
{
	double a = age(f);

	if (ask.stop_for > 0 && a >= ask.stop_at &&
	    a < ask.stop_at + ask.stop_for)
		return false;
	if (ask.read_bytes <= 0)
		return true;
	if (t >= f->next_read) {
		f->read_credit = (int64_t)ask.read_bytes;
		f->next_read = t + (nstime)(ask.read_ms * 1e6);
	}
	return f->read_credit > 0;
}

static void
read_some(struct flow *f)
{
	static char data[CHUNK];
	size_t want = sizeof(data);
	ssize_t n;

	if (ask.read_bytes > 0 && f->read_credit < (int64_t)want)
		want = (size_t)f->read_credit;
	n = recv(f->fd, data, want, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		f->peer_done = true;
	if (n <= 0)
		return;
	f->read += n;
	f->read_credit -= n;
	/* The other half of a ping-pong: an answer to each request. */
	if (ask.response > 0 && f->read % (int64_t)ask.request == 0)
		f->pending += (int64_t)ask.response;
}

/* Until something can be done; true if that is to write. */
static bool
wait_for(const struct flow *f, bool reading, nstime until)
{
	struct pollfd pfd = { .fd = f->fd };
	nstime left = until - now();
	struct timespec ts = { 0, left > 0 ? left : 0 };

	pfd.events = (short)((f->pending > 0 ? POLLOUT : 0) |
			     (reading ? POLLIN : 0));
	return ppoll(&pfd, 1, &ts, NULL) > 0 && (pfd.revents & POLLOUT);
}

static void
turn(struct flow *f)
{
	nstime t = now();
	bool reading = may_read(f, t) && !f->peer_done;

	bool writing;

	refill(f, t);
	writing = wait_for(f, reading,
			   t + MS < f->next_sample ? t + MS : f->next_sample);
	t = now();
	if (writing)
		write_some(f);
	if (reading)
		read_some(f);
	if (ask.send && t >= f->next_sample) {
		put_sample(f, 's');
		f->next_sample += SAMPLE_EVERY;
	}
}

/* Until the peer has acknowledged all, at most 20 s. */
static void
drain(struct flow *f)
{
	nstime give_up = now() + 20 * SECOND;
	struct info i;

	do {
		turn(f);
		get_info(f, &i);
	} while ((i.unacked || i.notsent_bytes) && i.state == 1 &&
		 now() < give_up);
}

/* Two small writes, then wait for the answer: how to meet Nagle. */
static void
ping_pong(struct flow *f)
{
	char data[CHUNK] = { 0 };
	size_t first = (size_t)ask.first_part;
	size_t rest = (size_t)ask.request - first;

	fcntl(f->fd, F_SETFL, 0);
	while (age(f) < ask.dur) {
		if (send(f->fd, data, first, MSG_NOSIGNAL) < 0 ||
		    send(f->fd, data, rest, MSG_NOSIGNAL) < 0 ||
		    recv(f->fd, data, sizeof(data), 0) <= 0)
			break;
		f->written += (int64_t)ask.request;
		put_sample(f, 's');
	}
	fcntl(f->fd, F_SETFL, O_NONBLOCK);
}

static void
serve(int fd)
{
	struct flow f = { .fd = fd };
	socklen_t n = sizeof(f.here);

	getsockname(fd, (struct sockaddr *)&f.here, &n);
	n = sizeof(f.there);
	getpeername(fd, (struct sockaddr *)&f.there, &n);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	f.rows = open_memstream(&f.text, &f.text_len);
	f.begin = f.next_app = f.next_read = now();
	f.next_sample = f.begin + SAMPLE_EVERY;
	if (ask.first_part > 0)
		ping_pong(&f);
	while (ask.send && ask.first_part == 0 && !is_written_out(&f))
		turn(&f);
	if (ask.send) {
		drain(&f);
		put_sample(&f, 'f');
		put_final(&f);
		shutdown(fd, SHUT_WR);
	}
	while (!f.peer_done)
		turn(&f);
	fclose(f.rows);
	if (ask.send)
		append(samples_path, f.text, f.text_len);
	free(f.text);
	close(fd);
}

/* --- sockets --------------------------------------------------------------- */

static void
set_int(int fd, int level, int name, double value)
{
	int v = (int)value;

	if (value > 0 && setsockopt(fd, level, name, &v, sizeof(v)) < 0)
		die("setsockopt");
}

static int
make_socket(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd < 0)
		die("socket");
	set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(fd, SOL_SOCKET, SO_SNDBUF, ask.sndbuf);
	set_int(fd, SOL_SOCKET, SO_RCVBUF, ask.rcvbuf);
	set_int(fd, SOL_SOCKET, SO_MAX_PACING_RATE, ask.pace);
	set_int(fd, IPPROTO_TCP, TCP_NODELAY, ask.nodelay);
	set_int(fd, IPPROTO_TCP, TCP_MAXSEG, ask.mss);
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, cc,
		       (socklen_t)strlen(cc)) < 0)
		die(cc);
	return fd;
}

static socklen_t
parse_addr(const char *addr, const char *port, struct sockaddr_storage *out)
{
	struct sockaddr_in *in = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, addr, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)atoi(port));
		return sizeof(*in);
	}
	if (inet_pton(AF_INET6, addr, &in6->sin6_addr) != 1)
		die(addr);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)atoi(port));
	return sizeof(*in6);
}

static void
pause_ms(double ms)
{
	struct timespec ts = { (time_t)(ms / 1000),
			       (long)(ms * 1e6) % 1000000000L };

	nanosleep(&ts, NULL);
}

/* In a child of its own when there are several at once. */
static void
serve_maybe_forked(int fd, bool fork_it)
{
	if (!fork_it) {
		serve(fd);
		return;
	}
	if (fork() == 0) {
		serve(fd);
		exit(0);
	}
	close(fd);
}

static void
connect_all(const struct sockaddr_storage *to, socklen_t len)
{
	pause_ms(ask.start * 1000);
	for (int i = 0; i < (int)ask.flows; i++) {
		int fd = make_socket(to->ss_family);

		if (connect(fd, (const struct sockaddr *)to, len) < 0)
			die("connect");
		serve_maybe_forked(fd, ask.parallel > 0);
		pause_ms(ask.gap_ms);
	}
}

static void
listen_all(const struct sockaddr_storage *at, socklen_t len)
{
	int fd = make_socket(at->ss_family);

	if (bind(fd, (const struct sockaddr *)at, len) < 0 ||
	    listen(fd, 64) < 0)
		die("listen");
	puts("ready");
	fflush(stdout);
	for (int i = 0; i < (int)ask.flows; i++) {
		int child = accept(fd, NULL, NULL);

		if (child < 0)
			die("accept");
		serve_maybe_forked(child, true);
	}
	close(fd);
}

static void
set_option(char *text)
{
	char *value = strchr(text, '=');

	if (!value)
		die(text);
	*value++ = '\0';
	if (strcmp(text, "cc") == 0)
		cc = value;
	else if (strcmp(text, "samples") == 0)
		samples_path = value;
	else if (strcmp(text, "final") == 0)
		final_path = value;
	else
		for (size_t i = 0;; i++) {
			if (i == sizeof(options) / sizeof(*options)) {
				fprintf(stderr, "flow: no option '%s'\n", text);
				exit(2);
			}
			if (strcmp(options[i].name, text) == 0) {
				*options[i].value = atof(value);
				break;
			}
		}
}

int
main(int argc, char **argv)
{
	struct sockaddr_storage addr;
	socklen_t len;
	int status, failed = 0;

	if (argc < 4) {
		fputs("usage: flow connect|listen ADDRESS PORT "
		      "[name=value...]\n", stderr);
		return 2;
	}
	for (int i = 4; i < argc; i++)
		set_option(argv[i]);
	len = parse_addr(argv[2], argv[3], &addr);
	if (strcmp(argv[1], "listen") == 0)
		listen_all(&addr, len);
	else
		connect_all(&addr, len);
	while (wait(&status) > 0)
		failed |= status;
	return failed != 0;
}
