/*
 * kernel_view.c - see kernel_view.h.
 *
 * Two dumps a second (IPv4, IPv6) over one netlink socket, each socket a row
 * in a hash table by its two ends; then the store's open connections are
 * looked up in it, from either end: over loopback both are ours.
 */
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli/kernel_view.h"
#include "reassembly/tcp_state.h"

enum {
	MAX_SOCKETS = 16384,	/* asked about; more are left out */
	N_SLOTS = 2 * MAX_SOCKETS,
	ANSWER_MAX = 65536,
	WAIT_MS = 50,
	NAME_SIZE = 16,
	N_OWNERS = 8192,	/* remembered; a power of two */
};

#define SSTHRESH_INFINITE 0x7fffffff

struct socket_view {
	struct addr local, remote;
	uint16_t local_port, remote_port;
	char congestion_control[NAME_SIZE];
	uint64_t inode;			/* 0: no process has it */
	struct kernel_sample_row row;
};

struct kernel_view {
	int fd;
	struct attendant *attendant;	/* or NULL */
	uint64_t unknown[ATTENDANT_MAX];
	size_t n_unknown;
	/* By inode; what comes later takes the place. */
	struct socket_owner owner[N_OWNERS];
	uint32_t sequence;
	int64_t now;			/* when it was asked */
	size_t n;
	uint16_t slot[N_SLOTS];		/* number + 1; 0: free */
	struct socket_view socket[MAX_SOCKETS];
	_Alignas(8) uint8_t answer[ANSWER_MAX];
};

/* --- the table -------------------------------------------------------------------- */

static size_t
hash_of(const struct addr *local, uint16_t lport, const struct addr *remote,
	uint16_t rport)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	const unsigned char *a = (const unsigned char *)local;
	const unsigned char *b = (const unsigned char *)remote;

	for (size_t i = 0; i < sizeof(*local); i++)
		h = (h ^ a[i] ^ ((uint64_t)b[i] << 8)) *
		    UINT64_C(0x100000001b3);
	h = (h ^ lport ^ ((uint64_t)rport << 16)) *
	    UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(h >> 40) % N_SLOTS;
}

static bool
is_socket(const struct socket_view *s, const struct addr *local,
	  uint16_t lport, const struct addr *remote, uint16_t rport)
{
	return s->local_port == lport && s->remote_port == rport &&
	       addr_compare(&s->local, local) == 0 &&
	       addr_compare(&s->remote, remote) == 0;
}

static struct socket_view *
find_socket(struct kernel_view *k, const struct addr *local, uint16_t lport,
	    const struct addr *remote, uint16_t rport)
{
	size_t at = hash_of(local, lport, remote, rport);

	for (; k->slot[at]; at = (at + 1) % N_SLOTS) {
		struct socket_view *s = &k->socket[k->slot[at] - 1];

		if (is_socket(s, local, lport, remote, rport))
			return s;
	}
	return NULL;
}

static void
add_socket(struct kernel_view *k)
{
	const struct socket_view *s = &k->socket[k->n];
	size_t at = hash_of(&s->local, s->local_port, &s->remote,
			    s->remote_port);

	while (k->slot[at])
		at = (at + 1) % N_SLOTS;
	k->slot[at] = (uint16_t)++k->n;
}

/* --- asking ------------------------------------------------------------------------- */

static bool
ask(struct kernel_view *k, int family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 diag;
	} request = {
		.head = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = ++k->sequence,
		},
		.diag = {
			.sdiag_family = (uint8_t)family,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_ext = 1 << (INET_DIAG_INFO - 1) |
				     1 << (INET_DIAG_CONG - 1) |
				     1 << (INET_DIAG_SKMEMINFO - 1),
			/* all but TIME-WAIT (6), LISTEN (10), NEW-SYN (12) */
			.idiag_states = 0xfff & ~(1 << 6 | 1 << 10 | 1),
		},
	};

	return send(k->fd, &request, sizeof(request), 0) ==
	       (ssize_t)sizeof(request);
}

/* The kernel's numbers of states. */
static const char *
state_name(unsigned state)
{
	static const char *const name[] = {
		[1] = "ESTABLISHED", [2] = "SYN-SENT", [3] = "SYN-RECEIVED",
		[4] = "FIN-WAIT-1", [5] = "FIN-WAIT-2", [7] = "CLOSED",
		[8] = "CLOSE-WAIT", [9] = "LAST-ACK", [11] = "CLOSING",
	};

	return state < sizeof(name) / sizeof(name[0]) ? name[state] : NULL;
}

static const char *
ca_state_name(unsigned state)
{
	static const char *const name[] = {
		"Open", "Disorder", "CWR", "Recovery", "Loss",
	};

	return state < sizeof(name) / sizeof(name[0]) ? name[state] : NULL;
}

static void
take_info(struct kernel_sample_row *row, const void *data, size_t len)
{
	struct tcp_info i;

	memset(&i, 0, sizeof(i));	/* an older kernel tells less */
	memcpy(&i, data, len < sizeof(i) ? len : sizeof(i));
	row->ca_state = ca_state_name(i.tcpi_ca_state);
	row->mss = i.tcpi_snd_mss;
	row->pmtu = i.tcpi_pmtu;
	row->cwnd = (int64_t)i.tcpi_snd_cwnd * i.tcpi_snd_mss;
	if (i.tcpi_snd_ssthresh < SSTHRESH_INFINITE)
		row->ssthresh = (int64_t)i.tcpi_snd_ssthresh * i.tcpi_snd_mss;
	row->srtt_ns = (int64_t)i.tcpi_rtt * 1000;
	row->rttvar_ns = (int64_t)i.tcpi_rttvar * 1000;
	if (i.tcpi_min_rtt && i.tcpi_min_rtt != UINT32_MAX)
		row->min_rtt_ns = (int64_t)i.tcpi_min_rtt * 1000;
	row->rto_ns = (int64_t)i.tcpi_rto * 1000;
	row->unacked_packets = i.tcpi_unacked;
	row->lost_packets = i.tcpi_lost;
	row->retrans_packets = i.tcpi_total_retrans;
	if (i.tcpi_pacing_rate < INT64_MAX)
		row->pacing_rate = (int64_t)i.tcpi_pacing_rate;
	row->delivery_rate = (int64_t)i.tcpi_delivery_rate;
	row->bytes_acked = (int64_t)i.tcpi_bytes_acked;
	row->bytes_received = (int64_t)i.tcpi_bytes_received;
	row->unsent_bytes = i.tcpi_notsent_bytes;
	row->busy_ns = (int64_t)i.tcpi_busy_time * 1000;
	row->rwnd_limited_ns = (int64_t)i.tcpi_rwnd_limited * 1000;
	row->sndbuf_limited_ns = (int64_t)i.tcpi_sndbuf_limited * 1000;
}

static void
take_attribute(struct socket_view *s, unsigned type, const void *data,
	       size_t len)
{
	uint32_t mem[SK_MEMINFO_VARS] = { 0 };

	switch (type) {
	case INET_DIAG_INFO:
		take_info(&s->row, data, len);
		break;
	case INET_DIAG_CONG:
		memcpy(s->congestion_control, data,
		       len < NAME_SIZE ? len : NAME_SIZE - 1);
		break;
	case INET_DIAG_SKMEMINFO:
		memcpy(mem, data, len < sizeof(mem) ? len : sizeof(mem));
		s->row.send_buffer = mem[SK_MEMINFO_SNDBUF];
		s->row.receive_buffer = mem[SK_MEMINFO_RCVBUF];
		break;
	}
}

static struct addr
address_of(int family, const uint32_t words[4])
{
	const uint8_t *bytes = (const uint8_t *)words;
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (family == AF_INET)
		return addr_from_ipv4(bytes);
	if (memcmp(bytes, mapped, sizeof(mapped)) == 0)
		return addr_from_ipv4(bytes + sizeof(mapped));
	return addr_from_ipv6(bytes);
}

static void
take_socket(struct kernel_view *k, const struct nlmsghdr *head)
{
	const struct inet_diag_msg *m = (const void *)(head + 1);
	size_t at = sizeof(*head) + sizeof(*m);
	struct socket_view *s = &k->socket[k->n];

	if (k->n == MAX_SOCKETS || head->nlmsg_len < at)
		return;
	memset(s->congestion_control, 0, NAME_SIZE);
	row_init(ROW_KERNEL_SAMPLE, &s->row);
	s->local = address_of(m->idiag_family, m->id.idiag_src);
	s->remote = address_of(m->idiag_family, m->id.idiag_dst);
	s->local_port = ntohs(m->id.idiag_sport);
	s->remote_port = ntohs(m->id.idiag_dport);
	s->row.state = state_name(m->idiag_state);
	s->row.receive_queue = m->idiag_rqueue;
	s->row.send_queue = m->idiag_wqueue;
	s->row.uid = m->idiag_uid;
	s->row.ts_ns = k->now;
	s->inode = m->idiag_inode;
	while (at + sizeof(struct nlattr) <= head->nlmsg_len) {
		const struct nlattr *a =
			(const void *)((const uint8_t *)head + at);

		if (a->nla_len < sizeof(*a) ||
		    at + a->nla_len > head->nlmsg_len)
			break;
		take_attribute(s, a->nla_type, a + 1,
			       a->nla_len - sizeof(*a));
		at += NLMSG_ALIGN(a->nla_len);
	}
	add_socket(k);
}

/* True: there is more to come. */
static bool
take_answer(struct kernel_view *k, size_t n)
{
	size_t at = 0;

	while (at + sizeof(struct nlmsghdr) <= n) {
		const struct nlmsghdr *head = (const void *)(k->answer + at);

		if (head->nlmsg_len < sizeof(*head) ||
		    at + head->nlmsg_len > n)
			return false;
		if (head->nlmsg_type == NLMSG_ERROR ||
		    (head->nlmsg_type == NLMSG_DONE &&
		     head->nlmsg_seq == k->sequence))
			return false;
		if (head->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
		    head->nlmsg_seq == k->sequence)
			take_socket(k, head);
		at += NLMSG_ALIGN(head->nlmsg_len);
	}
	return true;
}

static int64_t
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* The kernel looks at its sockets while it is asked for the next part. */
static void
dump(struct kernel_view *k, int family)
{
	struct pollfd p = { .fd = k->fd, .events = POLLIN };
	ssize_t n;

	k->now = clock_now();
	if (!ask(k, family))
		return;
	while (poll(&p, 1, WAIT_MS) > 0) {
		n = recv(k->fd, k->answer, sizeof(k->answer), MSG_DONTWAIT);
		if (n <= 0 || !take_answer(k, (size_t)n))
			return;
		k->now = clock_now();
	}
}

/* --- the whole ------------------------------------------------------------------------ */

struct kernel_view *
kernel_view_open(void)
{
	struct kernel_view *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
		       NETLINK_SOCK_DIAG);
	if (k->fd >= 0)
		return k;
	free(k);
	return NULL;
}

void
kernel_view_close(struct kernel_view *k)
{
	if (!k)
		return;
	close(k->fd);
	free(k);
}

void
kernel_view_ask_owners(struct kernel_view *k, struct attendant *a)
{
	if (k)
		k->attendant = a;
}

/* --- owners ---------------------------------------------------------------------- */

static struct socket_owner *
owner_of(struct kernel_view *k, uint64_t inode)
{
	return &k->owner[inode & (N_OWNERS - 1)];
}

static void
take_owners(struct kernel_view *k, int wait_ms)
{
	struct socket_owner found[ATTENDANT_MAX];
	size_t n = attendant_answer(k->attendant, found, wait_ms);

	for (size_t i = 0; i < n; i++)
		*owner_of(k, found[i].inode) = found[i];
}

static void
want_owner(struct kernel_view *k, const struct socket_view *s)
{
	if (s && s->inode && owner_of(k, s->inode)->inode != s->inode &&
	    k->n_unknown < ATTENDANT_MAX)
		k->unknown[k->n_unknown++] = s->inode;
}

static void
set_owner(struct kernel_view *k, struct socket_view *s)
{
	const struct socket_owner *o = owner_of(k, s->inode);

	if (s->inode == 0 || o->inode != s->inode || o->pid == 0)
		return;
	s->row.pid = o->pid;
	s->row.process = o->name;
}

/* --- rows ------------------------------------------------------------------------- */

static struct socket_view *
socket_of(struct kernel_view *k, const struct store_open_conn *c,
	  enum side side)
{
	return find_socket(k, &c->addr[side], c->port[side],
			   &c->addr[!side], c->port[!side]);
}

/* Most are answered at once; who is late is in the next second's rows. */
static void
learn_owners(struct kernel_view *k, const struct store *store)
{
	struct store_open_conn c = { 0 };

	if (!k->attendant)
		return;
	take_owners(k, 0);
	k->n_unknown = 0;
	for (; store_next_open(store, &c); c.handle++)
		for (int side = 0; side < N_SIDES; side++)
			want_owner(k, socket_of(k, &c, side));
	if (k->n_unknown > 0 &&
	    attendant_ask(k->attendant, k->unknown, k->n_unknown))
		take_owners(k, WAIT_MS);
}

static int
put_side(struct kernel_view *k, struct store *store,
	 const struct store_open_conn *c, enum side side)
{
	struct socket_view *s = socket_of(k, c, side);

	if (!s)
		return 0;
	s->row.conn = c->handle;
	s->row.side = side;
	if (s->congestion_control[0])
		s->row.congestion_control = s->congestion_control;
	set_owner(k, s);
	return store_put(store, ROW_KERNEL_SAMPLE, &s->row);
}

int
kernel_view_put(struct kernel_view *k, struct store *store)
{
	struct store_open_conn c = { 0 };

	k->n = 0;
	memset(k->slot, 0, sizeof(k->slot));
	dump(k, AF_INET);
	dump(k, AF_INET6);
	if (k->n == 0)
		return 0;
	learn_owners(k, store);
	for (; store_next_open(store, &c); c.handle++)
		for (int side = 0; side < N_SIDES; side++)
			if (put_side(k, store, &c, side) < 0)
				return -1;
	return 0;
}
