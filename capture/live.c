/*
 * live.c - see live.h.
 *
 * libpcap waits in the kernel's ring for as long as nothing comes; so it is
 * told not to wait, and poll() waits here, with an end.  On Linux a block of
 * the ring is handed on when it is full or after LIVE_LATENCY.
 */
#include "capture/live.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/filter.h"

enum {
	SNAPLEN_MAX = 262144,
	CHUNK_MIN = 64 << 10,
	BUFFER_DEFAULT = 32 << 20,
};

/* Where the system counts what the card itself had to drop. */
static const char *const card_counters[] = {
	"rx_missed_errors", "rx_fifo_errors",
};
enum { N_CARD_COUNTERS = sizeof(card_counters) / sizeof(card_counters[0]) };

/* A piece of memory for packets, filled once from its start. */
struct live_chunk {
	struct span span;
	size_t used, size;
	_Alignas(8) uint8_t bytes[];
};

struct live {
	pcap_t *pcap;
	int fd;
	uint32_t snaplen, interface;
	uint16_t link_type;
	bool nanoseconds;
	struct capture_interface *told;		/* the catalog's */
	struct live_chunk *chunk;	/* being filled */
	size_t chunk_size;
	uint64_t batches;
	struct capture_batch *batch;	/* during a dispatch */
	bool no_memory;
	/* The kernel's counters have 32 bits: the last value, and the sum. */
	uint32_t last_received, last_dropped;
	struct capture_live_counts counts;
	int card[N_CARD_COUNTERS];	/* descriptors; -1: none */
	uint64_t card_before;
	char damage[CAPTURE_TEXT];
};

/* --- counters --- */

static uint64_t
read_card_counter(int fd)
{
	char text[32];
	ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return strtoull(text, NULL, 10);
}

static uint64_t
card_drops(const struct live *l)
{
	uint64_t sum = 0;

	for (int i = 0; i < N_CARD_COUNTERS; i++)
		sum += read_card_counter(l->card[i]);
	return sum;
}

/* Kept open: later there may be no right to open them. */
static void
open_card_counters(struct live *l, const char *name)
{
	char path[256];

	for (int i = 0; i < N_CARD_COUNTERS; i++) {
		l->card[i] = -1;
		if (strchr(name, '/'))
			continue;
		snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/%s",
			 name, card_counters[i]);
		l->card[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
	l->card_before = card_drops(l);
}

void
live_counts(struct live *l, struct capture_live_counts *out)
{
	struct pcap_stat s;
	uint64_t card = card_drops(l);

	if (!l->damage[0] && pcap_stats(l->pcap, &s) == 0) {
		l->counts.received += (uint32_t)(s.ps_recv - l->last_received);
		l->counts.dropped_kernel +=
			(uint32_t)(s.ps_drop - l->last_dropped);
		l->last_received = s.ps_recv;
		l->last_dropped = s.ps_drop;
	}
	if (card > l->card_before)
		l->counts.dropped_interface = card - l->card_before;
	*out = l->counts;
	if (l->told) {
		l->told->drops_known = true;
		l->told->received = l->counts.received;
		l->told->drops = l->counts.dropped_kernel +
				 l->counts.dropped_interface;
	}
}

/* --- opening --- */

static int
refuse(char error[CAPTURE_TEXT], const char *interface, const char *why)
{
	snprintf(error, CAPTURE_TEXT, "cannot listen on '%.100s': %.300s",
		 interface, why);
	return CAPTURE_CANNOT_OPEN;
}

/* pcap's words where it has some, else those for its number. */
static const char *
reason(pcap_t *pcap, int status)
{
	const char *text = pcap_geterr(pcap);

	if (status == PCAP_ERROR_PERM_DENIED)
		return "not permitted: run as root, or give the program the "
		       "right with 'setcap cap_net_raw+ep'";
	if (status == PCAP_ERROR_NO_SUCH_DEVICE)
		return "no such interface ('tcpsaw interfaces' lists them)";
	return *text ? text : pcap_statustostr(status);
}

static int
activate(struct live *l, const struct capture_live_config *cfg,
	 char error[CAPTURE_TEXT])
{
	size_t buffer = cfg->buffer ? cfg->buffer : BUFFER_DEFAULT;
	int status;

	pcap_set_snaplen(l->pcap, (int)l->snaplen);
	pcap_set_promisc(l->pcap, cfg->promiscuous);
	pcap_set_timeout(l->pcap, LIVE_LATENCY_MS);
	pcap_set_buffer_size(l->pcap, buffer > INT32_MAX ? INT32_MAX
							 : (int)buffer);
	l->nanoseconds = pcap_set_tstamp_precision(
		l->pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
	status = pcap_activate(l->pcap);
	if (status < 0)
		return refuse(error, cfg->interface, reason(l->pcap, status));
	/* On `any` the second form of cooked headers names the interface. */
	if (pcap_datalink(l->pcap) == DLT_LINUX_SLL)
		pcap_set_datalink(l->pcap, DLT_LINUX_SLL2);
	return CAPTURE_OPENED;
}

static int
choose(struct live *l, const struct capture_live_config *cfg,
       char error[CAPTURE_TEXT])
{
	static const pcap_direction_t direction[] = {
		[PACKET_DIRECTION_UNKNOWN] = PCAP_D_INOUT,
		[PACKET_INBOUND] = PCAP_D_IN,
		[PACKET_OUTBOUND] = PCAP_D_OUT,
	};
	struct bpf_program program;

	if (cfg->direction != PACKET_DIRECTION_UNKNOWN &&
	    pcap_setdirection(l->pcap, direction[cfg->direction]) != 0)
		return refuse(error, cfg->interface, pcap_geterr(l->pcap));
	if (!cfg->filter || !cfg->filter[0])
		return CAPTURE_OPENED;
	if (pcap_compile(l->pcap, &program, cfg->filter, 1,
			 PCAP_NETMASK_UNKNOWN) != 0) {
		snprintf(error, CAPTURE_TEXT, "filter '%.200s': %.200s",
			 cfg->filter, pcap_geterr(l->pcap));
		return CAPTURE_BAD_FILTER;
	}
	if (pcap_setfilter(l->pcap, &program) != 0) {
		pcap_freecode(&program);
		return refuse(error, cfg->interface, pcap_geterr(l->pcap));
	}
	pcap_freecode(&program);
	return CAPTURE_OPENED;
}

static bool
add_to_catalog(struct live *l, const struct capture_live_config *cfg,
	       struct catalog *catalog)
{
	struct capture_interface *i = catalog_add_interface(catalog,
							    &l->interface);

	if (!i)
		return false;
	l->told = i;
	i->file = cfg->interface;
	i->link_type = l->link_type;
	i->snaplen = l->snaplen;
	i->tsresol = l->nanoseconds ? 9 : 6;
	i->drops_known = true;
	catalog_keep_text(catalog, &i->name, (const uint8_t *)cfg->interface,
			  strlen(cfg->interface));
	if (cfg->filter && cfg->filter[0])
		catalog_keep_text(catalog, &i->filter,
				  (const uint8_t *)cfg->filter,
				  strlen(cfg->filter));
	return true;
}

/* At least one packet of the largest size, and many small ones. */
static size_t
chunk_size_of(uint32_t snaplen)
{
	return snaplen > CHUNK_MIN ? snaplen : CHUNK_MIN;
}

int
live_open(struct live **out, const struct capture_live_config *cfg,
	  struct catalog *catalog, char error[CAPTURE_TEXT])
{
	char pcap_error[PCAP_ERRBUF_SIZE] = "";
	struct live *l = *out = calloc(1, sizeof(*l));
	int status;

	if (!l)
		return refuse(error, cfg->interface, "out of memory");
	memset(l->card, -1, sizeof(l->card));
	l->snaplen = cfg->snaplen && cfg->snaplen < SNAPLEN_MAX
		   ? cfg->snaplen : SNAPLEN_MAX;
	l->chunk_size = chunk_size_of(l->snaplen);
	l->pcap = pcap_create(cfg->interface, pcap_error);
	if (!l->pcap)
		return refuse(error, cfg->interface, pcap_error);
	status = activate(l, cfg, error);
	if (status == CAPTURE_OPENED)
		status = choose(l, cfg, error);
	if (status != CAPTURE_OPENED)
		return status;
	if (pcap_setnonblock(l->pcap, 1, pcap_error) != 0)
		return refuse(error, cfg->interface, pcap_error);
	l->fd = pcap_get_selectable_fd(l->pcap);
	l->link_type = filter_link_type(pcap_datalink(l->pcap));
	open_card_counters(l, cfg->interface);
	if (!add_to_catalog(l, cfg, catalog))
		return refuse(error, cfg->interface, "out of memory");
	return CAPTURE_OPENED;
}

void
live_close(struct live *l)
{
	if (!l)
		return;
	if (l->chunk)
		span_drop(&l->chunk->span);
	for (int i = 0; i < N_CARD_COUNTERS; i++)
		if (l->card[i] >= 0)
			close(l->card[i]);
	if (l->pcap)
		pcap_close(l->pcap);
	free(l);
}

/* --- reading --- */

static void
chunk_destroy(struct span *s)
{
	free(s);
}

static bool
next_chunk(struct live *l)
{
	struct live_chunk *c = malloc(sizeof(*c) + l->chunk_size);

	if (!c)
		return false;
	c->used = 0;
	c->size = l->chunk_size;
	span_init(&c->span, NULL, c->bytes, c->size, 0, chunk_destroy);
	if (l->chunk)
		span_drop(&l->chunk->span);
	l->chunk = c;
	return true;
}

/* Room for n bytes in a chunk that the batch holds; NULL: no memory. */
static uint8_t *
reserve(struct live *l, size_t n)
{
	struct capture_batch *b = l->batch;
	uint8_t *at;

	if ((!l->chunk || l->chunk->size - l->chunk->used < n) &&
	    !next_chunk(l))
		return NULL;
	if (l->chunk->span.batch != l->batches) {
		l->chunk->span.batch = l->batches;
		span_hold(&l->chunk->span);
		b->span[b->n_spans++] = &l->chunk->span;
	}
	at = l->chunk->bytes + l->chunk->used;
	l->chunk->used += n;
	return at;
}

static void
on_packet(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	struct live *l = (struct live *)user;
	struct capture_batch *b = l->batch;
	uint32_t caplen = h->caplen < l->snaplen ? h->caplen : l->snaplen;
	uint8_t *copy = reserve(l, caplen);

	if (!copy) {
		l->no_memory = true;
		return;
	}
	memcpy(copy, bytes, caplen);
	b->packet[b->n++] = (struct packet){
		.ts = h->ts.tv_sec * NS_PER_S +
		      h->ts.tv_usec * (l->nanoseconds ? 1 : 1000),
		.bytes = copy,
		.caplen = caplen,
		.wire_len = h->len > caplen ? h->len : caplen,
		.interface = l->interface,
		.link_type = l->link_type,
	};
}

/* So many that the batch has a place for each chunk that they may need. */
static size_t
room(const struct live *l, const struct capture_batch *b, size_t max)
{
	size_t per_chunk = l->chunk_size / l->snaplen;
	size_t chunks = CAPTURE_BATCH_SPANS - b->n_spans - 1;
	size_t n = max - b->n;

	return n < chunks * per_chunk ? n : chunks * per_chunk;
}

static bool
end(struct live *l, const char *why)
{
	snprintf(l->damage, sizeof(l->damage), "'%.100s' ended: %.300s",
		 l->told->name, why);
	return false;
}

static bool
dispatch(struct live *l, size_t max)
{
	size_t n = room(l, l->batch, max);

	if (n == 0)
		return true;
	if (pcap_dispatch(l->pcap, (int)n, on_packet, (u_char *)l) < 0)
		return end(l, pcap_geterr(l->pcap));
	return l->no_memory ? end(l, "out of memory") : true;
}

static void
wait_for_packets(const struct live *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };

	if (poll(&p, 1, LIVE_LATENCY_MS) < 0 && errno != EINTR)
		usleep(LIVE_LATENCY_MS * 1000);
}

bool
live_fill(struct live *l, struct capture_batch *b, size_t max)
{
	if (l->damage[0])
		return false;
	l->batch = b;
	l->batches++;
	if (!dispatch(l, max))
		return b->n > 0;
	if (b->n > 0)
		return true;
	wait_for_packets(l);
	return dispatch(l, max) || b->n > 0;
}

const char *
live_damage(const struct live *l)
{
	return l->damage[0] ? l->damage : NULL;
}
