/*
 * pcap_file.c - the classic format: a header, then packets.
 *
 * draft-ietf-opsawg-pcap.  Both byte orders, micro- and nanoseconds, and the
 * "modified" kind, whose packet headers are longer and tell the direction.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "capture/reader.h"

enum {
	FILE_HEADER = 24,
	PACKET_HEADER = 16,
	MODIFIED_PACKET_HEADER = 24,
};

static const struct kind {
	uint32_t magic;
	uint32_t ns_per_tick;
	uint8_t tsresol;
	uint8_t packet_header;
} kinds[] = {
	{ 0xa1b2c3d4, 1000, 6, PACKET_HEADER },
	{ 0xa1b23c4d, 1, 9, PACKET_HEADER },
	{ 0xa1b2cd34, 1000, 6, MODIFIED_PACKET_HEADER },
};

struct pcap_file {
	bool swapped;
	bool wire_len_first;	/* before version 2.3 */
	uint8_t packet_header;
	uint32_t ns_per_tick;
	uint16_t link_type;
	uint32_t interface;
};

static const struct kind *
find_kind(const uint8_t magic[4], bool *swapped)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (int swap = 0; swap < 2; swap++)
			if (order_u32(magic, swap) == kinds[i].magic) {
				*swapped = swap;
				return &kinds[i];
			}
	return NULL;
}

bool
pcap_recognise(const uint8_t magic[4])
{
	bool swapped;

	return find_kind(magic, &swapped) != NULL;
}

static bool
pcap_start(struct reader *r)
{
	struct source *s = r->source;
	struct capture_interface *ifc;
	const struct kind *kind;
	struct pcap_file *f;
	uint16_t major, minor;

	f = r->format = calloc(1, sizeof(*f));
	if (!f)
		return reader_damaged(r, "cannot be read: out of memory"), false;
	if (!source_need(s, FILE_HEADER))
		return reader_cut(r, "its header", FILE_HEADER), false;
	kind = find_kind(s->pos, &f->swapped);
	major = order_u16(s->pos + 4, f->swapped);
	minor = order_u16(s->pos + 6, f->swapped);
	if (major != 2)
		return reader_damaged(r, "has a pcap version that is not "
				      "known, %u.%u", major, minor), false;
	f->wire_len_first = minor < 3;
	f->packet_header = kind->packet_header;
	f->ns_per_tick = kind->ns_per_tick;
	/* The upper bits tell of the frame check sequence. */
	f->link_type = (uint16_t)order_u32(s->pos + 20, f->swapped);

	ifc = catalog_add_interface(r->catalog, &f->interface);
	if (!ifc)
		return reader_damaged(r, CATALOG_FULL), false;
	ifc->file = r->name;
	ifc->link_type = f->link_type;
	ifc->snaplen = order_u32(s->pos + 16, f->swapped);
	ifc->tsresol = kind->tsresol;
	s->pos += FILE_HEADER;
	return true;
}

/* A header that no file has: the rest cannot be found any more. */
static enum read_result
absurd(struct reader *r, uint32_t caplen)
{
	return reader_damaged(r, "is damaged: packet %" PRIu64 " at byte %"
			      PRIu64 " claims %" PRIu32 " bytes",
			      r->n_packets + 1, source_offset(r->source),
			      caplen);
}

static enum read_result
cut(struct reader *r, const struct pcap_file *f, uint32_t caplen)
{
	uint64_t number = r->n_packets + 1;
	size_t left = source_left(r->source);

	if (left == 0)
		return r->source->damage[0] ? reader_damaged(r, "ends")
					    : READ_END;
	if (left < f->packet_header)
		return reader_damaged(r, "is cut short: the header of packet %"
				      PRIu64 " has %zu of %u bytes", number,
				      left, f->packet_header);
	return reader_damaged(r, "is cut short: packet %" PRIu64
			      " has %zu of %" PRIu32 " bytes", number,
			      left - f->packet_header, caplen);
}

/*
 * The modified header goes on with the interface's index, the protocol, and
 * the kind of packet as in Linux's sockaddr_ll: 4 is "outgoing".
 */
static enum packet_direction
modified_direction(const uint8_t *h)
{
	return h[22] == 4 ? PACKET_OUTBOUND : PACKET_INBOUND;
}

static enum read_result
pcap_next(struct reader *r, struct packet *p)
{
	const struct pcap_file *f = r->format;
	struct source *s = r->source;
	uint32_t caplen, wire_len;
	const uint8_t *h;

	if (!source_need(s, f->packet_header))
		return cut(r, f, 0);
	h = s->pos;
	caplen = order_u32(h + 8, f->swapped);
	wire_len = order_u32(h + 12, f->swapped);
	if (f->wire_len_first) {
		uint32_t first = caplen;

		caplen = wire_len;
		wire_len = first;
	}
	if (caplen > PACKET_MAX)
		return absurd(r, caplen);
	if (!source_need(s, f->packet_header + caplen))
		return cut(r, f, caplen);
	h = s->pos;		/* it may have moved */
	source_prefetch(h);
	p->ts = order_u32(h, f->swapped) * NS_PER_S +
		(nstime)order_u32(h + 4, f->swapped) * f->ns_per_tick;
	p->bytes = h + f->packet_header;
	p->caplen = caplen;
	p->wire_len = wire_len > caplen ? wire_len : caplen;
	p->interface = f->interface;
	p->link_type = f->link_type;
	p->direction = f->packet_header == PACKET_HEADER
		? PACKET_DIRECTION_UNKNOWN : modified_direction(h);
	s->pos = p->bytes + caplen;
	r->n_packets++;
	return READ_PACKET;
}

static void
pcap_release(struct reader *r)
{
	free(r->format);
}

const struct reader_ops pcap_reader_ops = {
	.start = pcap_start,
	.next = pcap_next,
	.release = pcap_release,
};
