/*
 * link.c - joins two network namespaces by an emulated path, and records it.
 *
 *	link NS_SENDER NS_RECEIVER FOLDER [name=value...]
 *
 * A TAP device is made in each namespace (s0, r0), and frames are carried
 * from one to the other through two paths (path.h; f_* is away from the
 * sender, r_* back).  FOLDER gets snd.pcap, mid.pcap, rcv.pcap, net.csv (what
 * happened to single frames) and queue.csv.  "ready" is said when the devices
 * exist; SIGTERM or SIGINT ends it and prints the counters as JSON.
 *
 * The two outer captures are taken by the kernel on the devices, as tcpdump
 * would, with its time stamps.  Nothing outside the two namespaces is touched.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/lab/path.h"

#define FRAME_MAX 65600

struct event {
	nstime when;
	uint64_t order;		/* events of one moment stay in order */
	enum stage stage;
	struct path *path;
	struct frame *frame;
};

static struct path fwd, rev;
static int tap[2];			/* sender's, receiver's */
static struct event *heap;
static size_t n_events, heap_size;
static uint64_t n_scheduled;
static nstime real_offset;		/* wall clock less monotonic clock */
static FILE *net_csv, *queue_csv, *middle_pcap;
static size_t snaplen = 128;
static volatile sig_atomic_t stopped;
static long late_us_max, n_late, n_handled;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
	exit(1);
}

static nstime
clock_now(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (nstime)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* --- events in order of time: a binary heap -------------------------------- */

static bool
before(const struct event *a, const struct event *b)
{
	return a->when != b->when ? a->when < b->when : a->order < b->order;
}

static void
swap(size_t a, size_t b)
{
	struct event e = heap[a];

	heap[a] = heap[b];
	heap[b] = e;
}

static void
schedule(struct path *p, nstime when, enum stage stage, struct frame *f)
{
	size_t i = n_events++;

	if (n_events > heap_size) {
		heap_size = heap_size ? heap_size * 2 : 1024;
		heap = realloc(heap, heap_size * sizeof(*heap));
		if (!heap)
			die("memory");
	}
	heap[i] = (struct event){ when, n_scheduled++, stage, p, f };
	for (; i > 0 && before(&heap[i], &heap[(i - 1) / 2]); i = (i - 1) / 2)
		swap(i, (i - 1) / 2);
}

static struct event
next_event(void)
{
	struct event first = heap[0];
	size_t i = 0, child;

	heap[0] = heap[--n_events];
	while ((child = 2 * i + 1) < n_events) {
		if (child + 1 < n_events &&
		    before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &heap[i]))
			break;
		swap(i, child);
		i = child;
	}
	return first;
}

/* --- captures -------------------------------------------------------------- */

static FILE *
pcap_create(const char *folder, const char *name)
{
	/* nanoseconds, Ethernet */
	const uint32_t header[6] = {
		0xa1b23c4d, 2 | 4 << 16, 0, 0, (uint32_t)snaplen, 1
	};
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "wb");
	if (!f || fwrite(header, sizeof(header), 1, f) != 1)
		die(path);
	return f;
}

static void
pcap_write(FILE *f, nstime ts, const uint8_t *data, size_t len)
{
	size_t caplen = len < snaplen ? len : snaplen;
	const uint32_t header[4] = {
		(uint32_t)(ts / 1000000000), (uint32_t)(ts % 1000000000),
		(uint32_t)caplen, (uint32_t)len
	};

	fwrite(header, sizeof(header), 1, f);
	fwrite(data, 1, caplen, f);
}

struct tapped {
	int fd;
	FILE *out;
	pthread_t thread;
};

/* A packet socket on the device of the present namespace. */
static void
tap_open(struct tapped *t, const char *device, const char *folder,
	 const char *name)
{
	struct sockaddr_ll sll = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(device),
	};
	int on = 1, buffer = 64 << 20;

	t->fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (t->fd < 0)
		die("packet socket");
	setsockopt(t->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	setsockopt(t->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	if (bind(t->fd, (struct sockaddr *)&sll, sizeof(sll)) < 0)
		die("bind packet socket");
	t->out = pcap_create(folder, name);
}

static nstime
packet_time(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	struct timespec ts;

	for (; c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET ||
		    c->cmsg_type != SCM_TIMESTAMPNS)
			continue;
		memcpy(&ts, CMSG_DATA(c), sizeof(ts));
		return (nstime)ts.tv_sec * 1000000000 + ts.tv_nsec;
	}
	return clock_now(CLOCK_REALTIME);
}

static void *
tap_run(void *arg)
{
	struct tapped *t = arg;
	struct pollfd pfd = { .fd = t->fd, .events = POLLIN };
	uint8_t *data = malloc(FRAME_MAX);
	char control[256];

	for (;;) {
		struct iovec iov = { data, FRAME_MAX };
		struct msghdr msg = {
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control),
		};
		ssize_t n = recvmsg(t->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);

		if (n > 0)
			pcap_write(t->out, packet_time(&msg), data, (size_t)n);
		else if (stopped)
			break;
		else
			poll(&pfd, 1, 50);
	}
	free(data);
	return NULL;
}

static unsigned
tap_drops(const struct tapped *t)
{
	struct tpacket_stats stats = { 0 };
	socklen_t n = sizeof(stats);

	getsockopt(t->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &n);
	return stats.tp_drops;
}

/* --- what the paths ask for ------------------------------------------------ */

static void
middle(struct path *p, nstime when, const struct frame *f)
{
	(void)p;
	pcap_write(middle_pcap, when + real_offset, f->at, f->len);
}

static void
deliver(struct path *p, const struct frame *f)
{
	if (write(tap[p == &fwd], f->at, f->len) < 0 && errno != EIO)
		die("write to the device");
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* addresses, ports, seq, ack, payload, flags: empty where it is not TCP */
static void
tell_tcp(const struct frame *f)
{
	const uint8_t *ip = f->at + 14, *tcp;
	bool v4 = ip[0] >> 4 == 4;
	size_t hlen = v4 ? (size_t)(ip[0] & 15) * 4 : 40;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	if (f->len < 14 + hlen + 20 || ip[v4 ? 9 : 6] != IPPROTO_TCP) {
		fputs(",,,,,,,,", net_csv);
		return;
	}
	tcp = ip + hlen;
	inet_ntop(v4 ? AF_INET : AF_INET6, ip + (v4 ? 12 : 8), src, sizeof(src));
	inet_ntop(v4 ? AF_INET : AF_INET6, ip + (v4 ? 16 : 24), dst,
		  sizeof(dst));
	fprintf(net_csv, "%s,%u,%s,%u,%u,%u,%zu,0x%02x,", src,
		(unsigned)(tcp[0] << 8 | tcp[1]), dst,
		(unsigned)(tcp[2] << 8 | tcp[3]), be32(tcp + 4), be32(tcp + 8),
		f->len - 14 - hlen - (size_t)(tcp[12] >> 4) * 4, tcp[13]);
}

static void
tell(struct path *p, nstime when, const char *kind, const struct frame *f,
     long extra)
{
	nstime t = when + real_offset;

	fprintf(net_csv, "%lld.%06lld,%s,%s,%zu,", (long long)(t / 1000000000),
		(long long)(t % 1000000000 / 1000), p->name, kind, f->len);
	tell_tcp(f);
	fprintf(net_csv, "%ld\n", extra);
}

static const struct path_owner owner = { schedule, middle, deliver, tell };

static void
tell_queues(nstime now)
{
	static nstime next;
	static long last[2] = { -1, -1 };
	nstime t = now + real_offset;

	if (now < next)
		return;
	next = now + 10000000;
	if (fwd.backlog == last[0] && rev.backlog == last[1])
		return;
	last[0] = fwd.backlog;
	last[1] = rev.backlog;
	fprintf(queue_csv, "%lld.%06lld,%ld,%ld\n", (long long)(t / 1000000000),
		(long long)(t % 1000000000 / 1000), last[0], last[1]);
}

/* --- devices --------------------------------------------------------------- */

static void
enter(const char *namespace)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", namespace);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die(path);
	close(fd);
}

static int
tap_create(const char *name)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr) < 0)
		die("TAP device");
	return fd;
}

/* Read what the hosts have sent. */
static void
take_frames(int fd, struct path *p)
{
	static uint8_t data[FRAME_MAX];
	ssize_t n;

	while ((n = read(fd, data, sizeof(data))) > 0) {
		struct frame *f = malloc(sizeof(*f) + (size_t)n);
		nstime now = clock_now(CLOCK_MONOTONIC);

		if (!f)
			die("memory");
		if (fwd.start == 0)
			fwd.start = rev.start = now;
		f->len = (size_t)n;
		memcpy(f->at, data, f->len);
		path_arrive(p, now, f);
	}
}

static void
do_events(void)
{
	nstime now = clock_now(CLOCK_MONOTONIC);

	while (n_events && heap[0].when <= now) {
		struct event e = next_event();
		long late = (long)((now - e.when) / 1000);

		n_handled++;
		n_late += late > 1000;
		if (late > late_us_max)
			late_us_max = late;
		path_stage(e.path, e.stage, e.frame, e.when);
		now = clock_now(CLOCK_MONOTONIC);
	}
	tell_queues(now);
}

static void
run(void)
{
	struct pollfd pfd[2] = {
		{ .fd = tap[0], .events = POLLIN },
		{ .fd = tap[1], .events = POLLIN },
	};

	while (!stopped) {
		nstime wait = 20000000;
		struct timespec ts;

		if (n_events)
			wait = heap[0].when - clock_now(CLOCK_MONOTONIC);
		if (wait > 20000000)
			wait = 20000000;
		ts = (struct timespec){ 0, wait > 0 ? wait : 0 };
		if (ppoll(pfd, 2, &ts, NULL) > 0) {
			take_frames(tap[0], &fwd);
			take_frames(tap[1], &rev);
		}
		do_events();
	}
}

/* --- start and end --------------------------------------------------------- */

static void
on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static FILE *
csv_create(const char *folder, const char *name, const char *header)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	if (!f)
		die(path);
	fprintf(f, "%s\n", header);
	return f;
}

static void
set_option(const char *text)
{
	char name[64];
	double value;

	if (sscanf(text, "%63[^=]=%lf", name, &value) != 2) {
		fprintf(stderr, "link: write name=value: '%s'\n", text);
		exit(2);
	}
	if (strcmp(name, "snaplen") == 0)
		snaplen = (size_t)value;
	else if (strcmp(name, "seed") == 0)
		fwd.random ^= (uint64_t)value, rev.random ^= (uint64_t)value << 32;
	else if (!(name[0] == 'f' && path_set(&fwd, name + 2, value)) &&
		 !(name[0] == 'r' && path_set(&rev, name + 2, value))) {
		fprintf(stderr, "link: no option '%s'\n", name);
		exit(2);
	}
}

static void
print_counters(const struct path *p)
{
	const struct path_counters *n = &p->n;

	printf("\"%s\": {\"frames_in\": %ld, \"frames_exit\": %ld, "
	       "\"bytes_exit\": %ld, \"max_queue\": %ld, \"drop_queue\": %ld, "
	       "\"drop_random\": %ld, \"drop_burst\": %ld, "
	       "\"drop_blackout\": %ld, \"drop_police\": %ld, "
	       "\"drop_listed\": %ld, \"dup\": %ld, \"corrupt\": %ld, "
	       "\"reorder\": %ld, \"ce\": %ld}", p->name, n->frames_in,
	       n->frames_exit, n->bytes_exit, n->max_queue, n->drop_queue,
	       n->drop_random, n->drop_burst, n->drop_blackout, n->drop_police,
	       n->drop_listed, n->dup, n->corrupt, n->reorder, n->ce);
}

/* Be on time: no timer slack, and before what is not in such a hurry. */
static void
hurry(void)
{
	struct sched_param param = { .sched_priority = 20 };

	prctl(PR_SET_TIMERSLACK, 1UL);
	sched_setscheduler(0, SCHED_FIFO, &param);
}

int
main(int argc, char **argv)
{
	static struct tapped at[2];
	struct sigaction action = { .sa_handler = on_signal };

	if (argc < 4) {
		fputs("usage: link NS_SENDER NS_RECEIVER FOLDER "
		      "[name=value...]\n", stderr);
		return 2;
	}
	path_init(&fwd, "fwd", &owner, 0x5eed);
	path_init(&rev, "rev", &owner, 0xacce);
	for (int i = 4; i < argc; i++)
		set_option(argv[i]);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGHUP, SIG_IGN);
	net_csv = csv_create(argv[3], "net.csv",
			     "t,dir,kind,frame_len,src,sport,dst,dport,seq,ack,"
			     "payload_len,tcp_flags,extra");
	queue_csv = csv_create(argv[3], "queue.csv",
			       "t,fwd_queue_bytes,rev_queue_bytes");
	middle_pcap = pcap_create(argv[3], "mid.pcap");
	enter(argv[1]);
	tap[0] = tap_create("s0");
	tap_open(&at[0], "s0", argv[3], "snd.pcap");
	enter(argv[2]);
	tap[1] = tap_create("r0");
	tap_open(&at[1], "r0", argv[3], "rcv.pcap");
	real_offset = clock_now(CLOCK_REALTIME) - clock_now(CLOCK_MONOTONIC);
	for (int i = 0; i < 2; i++)
		if (pthread_create(&at[i].thread, NULL, tap_run, &at[i]) != 0)
			die("thread");
	hurry();
	puts("ready");
	fflush(stdout);
	run();
	printf("{");
	print_counters(&fwd);
	printf(", ");
	print_counters(&rev);
	for (int i = 0; i < 2; i++) {
		pthread_join(at[i].thread, NULL);
		fclose(at[i].out);
	}
	printf(", \"capture_drops\": [%u, %u], \"late_us_max\": %ld, "
	       "\"late_over_1ms\": %ld, \"events\": %ld}\n", tap_drops(&at[0]),
	       tap_drops(&at[1]), late_us_max, n_late, n_handled);
	fclose(middle_pcap);
	fclose(net_csv);
	fclose(queue_csv);
	return 0;
}
