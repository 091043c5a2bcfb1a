/*
 * pcapng_file.c - the format of blocks.
 *
 * draft-ietf-opsawg-pcapng.  A file is a row of sections, each in the byte
 * order of its writer and with its own interfaces; all else is a block of a
 * known kind or one that is skipped by its length.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "capture/pcapng_format.h"
#include "capture/pcapng_options.h"
#include "capture/pcapng_time.h"

enum { BLOCK_MAX = 16 << 20 };		/* of those that are read */

static const struct pcapng_text section_texts[] = {
	{ OPT_COMMENT, offsetof(struct capture_section, comment) },
	{ SHB_HARDWARE, offsetof(struct capture_section, hardware) },
	{ SHB_OS, offsetof(struct capture_section, os) },
	{ SHB_USERAPPL, offsetof(struct capture_section, application) },
	{ 0, 0 },
};

static const struct pcapng_text interface_texts[] = {
	{ OPT_COMMENT, offsetof(struct capture_interface, comment) },
	{ IF_NAME, offsetof(struct capture_interface, name) },
	{ IF_DESCRIPTION, offsetof(struct capture_interface, description) },
	{ IF_FILTER, offsetof(struct capture_interface, filter) },
	{ IF_OS, offsetof(struct capture_interface, os) },
	{ IF_HARDWARE, offsetof(struct capture_interface, hardware) },
	{ 0, 0 },
};

/* What reading a packet needs of its interface. */
struct local_interface {
	struct pcapng_clock clock;
	uint32_t index;			/* in the catalog */
	uint32_t snaplen;
	uint16_t link_type;
};

struct pcapng_file {
	bool swapped;
	struct local_interface *interface;	/* of this section */
	size_t n_interfaces, room;
	/* Of the packet that was read last: */
	const uint8_t *options, *options_end;
};

/* A block of which all bytes are there. */
struct block {
	uint32_t type;
	const uint8_t *body, *end;
};

bool
pcapng_recognise(const uint8_t magic[4])
{
	return order_u32(magic, false) == BLOCK_SECTION;
}

/* --- blocks --- */

/* The byte order of the section that begins here. */
static bool
find_byte_order(struct reader *r)
{
	struct pcapng_file *f = r->format;
	struct source *s = r->source;
	uint32_t magic;

	if (!source_need(s, BLOCK_HEADER + 4))
		return reader_cut(r, "a section header", 28), false;
	magic = order_u32(s->pos + BLOCK_HEADER, false);
	f->swapped = magic == __builtin_bswap32(BYTE_ORDER_MAGIC);
	if (f->swapped || magic == BYTE_ORDER_MAGIC)
		return true;
	reader_damaged(r, "is damaged: the section at byte %" PRIu64
		       " has no byte order", source_offset(s));
	return false;
}

static bool
absurd(struct reader *r, const char *what, uint32_t size)
{
	reader_damaged(r, "is damaged: the block at byte %" PRIu64 ", after "
		       "packet %" PRIu64 ", %s %" PRIu32 " bytes",
		       source_offset(r->source), r->n_packets, what, size);
	return false;
}

static bool
is_read(uint32_t type)
{
	switch (type) {
	case BLOCK_SECTION:
	case BLOCK_INTERFACE:
	case BLOCK_PACKET_OBSOLETE:
	case BLOCK_PACKET_SIMPLE:
	case BLOCK_STATISTICS:
	case BLOCK_PACKET_ENHANCED:
		return true;
	}
	return false;
}

/* Type and length of the block at pos.  False at the end, good or bad. */
static bool
block_header(struct reader *r, uint32_t *type, uint32_t *size)
{
	struct pcapng_file *f = r->format;
	struct source *s = r->source;

	if (!source_need(s, BLOCK_HEADER)) {
		if (source_left(s) > 0 || s->damage[0])
			reader_cut(r, "the header of a block", BLOCK_HEADER);
		return false;
	}
	*type = order_u32(s->pos, f->swapped);
	if (__builtin_expect(*type == BLOCK_SECTION, 0) && !find_byte_order(r))
		return false;
	*size = order_u32(s->pos + 4, f->swapped);
	if (*size < BLOCK_HEADER + BLOCK_TRAILER)
		return absurd(r, "claims", *size);
	return true;
}

/* The next block that is read; others are passed over. */
static bool
next_block(struct reader *r, struct block *b)
{
	struct pcapng_file *f = r->format;
	struct source *s = r->source;
	uint32_t size;
	size_t padded;	/* some writers do not count the padding */

	for (;;) {
		if (!block_header(r, &b->type, &size))
			return false;
		padded = ((size_t)size + 3) & ~(size_t)3;
		if (is_read(b->type))
			break;
		r->blocks_skipped++;
		if (!source_skip(s, padded))
			return reader_cut(r, "the block", size), false;
	}
	if (size > BLOCK_MAX)
		return absurd(r, "claims", size);
	if (!source_need(s, padded))
		return reader_cut(r, "the block", size), false;
	if (order_u32(s->pos + padded - BLOCK_TRAILER, f->swapped) != size)
		return absurd(r, "ends in another length than its", size);
	source_prefetch(s->pos);
	b->body = s->pos + BLOCK_HEADER;
	b->end = s->pos + padded - BLOCK_TRAILER;
	s->pos += padded;
	return true;
}

/* Has the body the fixed fields that its kind begins with? */
static bool
has_fields(struct reader *r, const struct block *b, size_t n)
{
	if ((size_t)(b->end - b->body) >= n)
		return true;
	reader_damaged(r, "is damaged: a block of type %" PRIu32 " after "
		       "packet %" PRIu64 " has only %zu bytes", b->type,
		       r->n_packets, (size_t)(b->end - b->body));
	return false;
}

/* --- sections, interfaces, statistics --- */

static bool
read_section(struct reader *r, const struct block *b)
{
	struct pcapng_file *f = r->format;
	struct capture_section *section;
	struct pcapng_options options;
	struct pcapng_option o;

	if (!has_fields(r, b, 16))
		return false;
	if (order_u16(b->body + 4, f->swapped) != 1) {
		reader_damaged(r, "has a pcapng version that is not known, "
			       "%u.%u", order_u16(b->body + 4, f->swapped),
			       order_u16(b->body + 6, f->swapped));
		return false;
	}
	f->n_interfaces = 0;
	section = catalog_add_section(r->catalog);
	if (!section)
		return true;
	section->file = r->name;
	options = pcapng_options_init(b->body + 16, b->end, f->swapped);
	while (pcapng_options_next(&options, &o))
		pcapng_option_keep_text(r->catalog, section_texts, section,
					&o);
	return true;
}

/* Room for one more in the section's table, and in the catalog. */
static struct local_interface *
add_interface(struct reader *r, struct capture_interface **ifc)
{
	struct pcapng_file *f = r->format;
	struct local_interface *local;

	if (f->n_interfaces == f->room) {
		size_t room = f->room ? 2 * f->room : 4;

		local = realloc(f->interface, room * sizeof(*local));
		if (!local)
			return NULL;
		f->interface = local;
		f->room = room;
	}
	local = &f->interface[f->n_interfaces];
	*ifc = catalog_add_interface(r->catalog, &local->index);
	return *ifc ? local : NULL;
}

static void
interface_option(struct reader *r, struct capture_interface *ifc,
		 struct pcapng_option *o, int64_t *tsoffset)
{
	struct pcapng_file *f = r->format;

	if (o->code == IF_TSRESOL && o->len >= 1)
		ifc->tsresol = o->value[0];
	if (o->code == IF_TSOFFSET)
		*tsoffset = (int64_t)pcapng_option_u64(o, f->swapped);
	/* The first byte is the kind: 0 is a text, 1 is byte code. */
	if (o->code == IF_FILTER) {
		if (o->len == 0 || o->value[0] != 0)
			return;
		o->value++;
		o->len--;
	}
	pcapng_option_keep_text(r->catalog, interface_texts, ifc, o);
}

static bool
read_interface(struct reader *r, const struct block *b)
{
	struct pcapng_file *f = r->format;
	struct capture_interface *ifc;
	struct local_interface *local;
	struct pcapng_options options;
	struct pcapng_option o;
	int64_t tsoffset = 0;

	if (!has_fields(r, b, 8))
		return false;
	local = add_interface(r, &ifc);
	if (!local)
		return reader_damaged(r, CATALOG_FULL), false;
	ifc->file = r->name;
	ifc->link_type = order_u16(b->body, f->swapped);
	ifc->snaplen = order_u32(b->body + 4, f->swapped);
	ifc->tsresol = 6;
	options = pcapng_options_init(b->body + 8, b->end, f->swapped);
	while (pcapng_options_next(&options, &o))
		interface_option(r, ifc, &o, &tsoffset);
	local->link_type = ifc->link_type;
	local->snaplen = ifc->snaplen;
	pcapng_clock_init(&local->clock, ifc->tsresol, tsoffset);
	f->n_interfaces++;
	return true;
}

/* Counts since the capture began, so the last block of an interface holds. */
static bool
read_statistics(struct reader *r, const struct block *b)
{
	struct pcapng_file *f = r->format;
	struct capture_interface *ifc;
	struct pcapng_options options;
	struct pcapng_option o;
	uint64_t drops = 0;
	uint32_t local;

	if (!has_fields(r, b, 12))
		return false;
	local = order_u32(b->body, f->swapped);
	if (local >= f->n_interfaces)
		return true;
	ifc = catalog_interface(r->catalog, f->interface[local].index);
	options = pcapng_options_init(b->body + 12, b->end, f->swapped);
	while (pcapng_options_next(&options, &o)) {
		uint64_t n = pcapng_option_u64(&o, f->swapped);

		if (o.code == ISB_IFRECV)
			ifc->received = n;
		if (o.code == ISB_IFDROP || o.code == ISB_OSDROP) {
			drops += n;
			ifc->drops = drops;
			ifc->drops_known = true;
		}
	}
	return true;
}

/* --- packets --- */

static bool
find_interface(struct reader *r, uint32_t local, struct packet *p)
{
	struct pcapng_file *f = r->format;

	if (local >= f->n_interfaces) {
		reader_damaged(r, "is damaged: packet %" PRIu64 " is of "
			       "interface %" PRIu32 ", which it does not have",
			       r->n_packets + 1, local);
		return false;
	}
	p->interface = f->interface[local].index;
	p->link_type = f->interface[local].link_type;
	return true;
}

/* The packet's bytes and, behind their padding, its options. */
static bool
find_bytes(struct reader *r, const struct block *b, const uint8_t *bytes,
	   uint32_t caplen, uint32_t wire_len, struct packet *p)
{
	struct pcapng_file *f = r->format;
	size_t left = (size_t)(b->end - bytes);
	size_t padded = ((size_t)caplen + 3) & ~(size_t)3;

	if (caplen > PACKET_MAX || caplen > left) {
		reader_damaged(r, "is damaged: packet %" PRIu64 " claims %"
			       PRIu32 " bytes", r->n_packets + 1, caplen);
		return false;
	}
	p->bytes = bytes;
	p->caplen = caplen;
	p->wire_len = wire_len > caplen ? wire_len : caplen;
	p->direction = PACKET_DIRECTION_UNKNOWN;
	f->options = padded < left ? bytes + padded : b->end;
	f->options_end = b->end;
	return true;
}

static nstime
read_time(const struct pcapng_file *f, uint32_t local, const uint8_t *ts)
{
	uint64_t ticks = (uint64_t)order_u32(ts, f->swapped) << 32 |
			 order_u32(ts + 4, f->swapped);

	return pcapng_clock_ns(&f->interface[local].clock, ticks);
}

/*
 * The enhanced packet block, and the obsolete one, which has a 16-bit
 * interface and a 16-bit drop count in place of the 32-bit interface.
 */
static bool
read_packet(struct reader *r, const struct block *b, struct packet *p)
{
	struct pcapng_file *f = r->format;
	uint32_t local;

	if (!has_fields(r, b, 20))
		return false;
	local = b->type == BLOCK_PACKET_ENHANCED
		? order_u32(b->body, f->swapped)
		: order_u16(b->body, f->swapped);
	if (!find_interface(r, local, p) ||
	    !find_bytes(r, b, b->body + 20, order_u32(b->body + 12, f->swapped),
			order_u32(b->body + 16, f->swapped), p))
		return false;
	p->ts = r->last_ts = read_time(f, local, b->body + 4);
	return true;
}

/* The simple packet block has no interface, no time and no caplen. */
static bool
read_simple(struct reader *r, const struct block *b, struct packet *p)
{
	struct pcapng_file *f = r->format;
	uint32_t wire_len, caplen, snaplen, room;

	if (!has_fields(r, b, 4) || !find_interface(r, 0, p))
		return false;
	wire_len = order_u32(b->body, f->swapped);
	snaplen = f->interface[0].snaplen;
	room = (uint32_t)(b->end - b->body - 4);
	caplen = snaplen && snaplen < wire_len ? snaplen : wire_len;
	if (caplen > room)
		caplen = room;
	if (!find_bytes(r, b, b->body + 4, caplen, wire_len, p))
		return false;
	f->options = f->options_end;
	p->ts = r->last_ts;
	r->without_time++;
	return true;
}

/* One block.  *is_packet: it was a packet, now in *p. */
static bool
read_block(struct reader *r, struct packet *p, bool *is_packet)
{
	struct block b;

	*is_packet = false;
	if (!next_block(r, &b))
		return false;
	switch (b.type) {
	case BLOCK_PACKET_ENHANCED:
	case BLOCK_PACKET_OBSOLETE:
		return *is_packet = read_packet(r, &b, p);
	case BLOCK_PACKET_SIMPLE:
		return *is_packet = read_simple(r, &b, p);
	case BLOCK_SECTION:
		return read_section(r, &b);
	case BLOCK_INTERFACE:
		return read_interface(r, &b);
	default:
		return read_statistics(r, &b);
	}
}

static enum read_result
pcapng_next(struct reader *r, struct packet *p)
{
	bool is_packet;

	do {
		if (!read_block(r, p, &is_packet))
			return READ_END;
	} while (!is_packet);
	r->n_packets++;
	return READ_PACKET;
}

static void
packet_option(struct reader *r, struct packet *p,
	      const struct pcapng_option *o)
{
	struct pcapng_file *f = r->format;
	struct capture_interface *ifc;

	switch (o->code) {
	case OPT_COMMENT:
		catalog_add_comment(r->catalog, p->number, o->value, o->len);
		break;
	case EPB_FLAGS:		/* the lowest two bits: 1 in, 2 out */
		p->direction = pcapng_option_u32(o, f->swapped) & 3;
		if (p->direction == 3)
			p->direction = PACKET_DIRECTION_UNKNOWN;
		break;
	case EPB_DROPCOUNT:	/* since the packet before */
		ifc = catalog_interface(r->catalog, p->interface);
		ifc->drops += pcapng_option_u64(o, f->swapped);
		ifc->drops_known = true;
		break;
	}
}

static void
pcapng_annotate(struct reader *r, struct packet *p)
{
	struct pcapng_file *f = r->format;
	struct pcapng_options options;
	struct pcapng_option o;

	if (f->options == f->options_end)
		return;
	options = pcapng_options_init(f->options, f->options_end, f->swapped);
	while (pcapng_options_next(&options, &o))
		packet_option(r, p, &o);
}

/* Is the next block one that comes before the first packet? */
static bool
before_packets(struct reader *r)
{
	uint32_t type, size;

	if (!block_header(r, &type, &size))
		return false;
	return type != BLOCK_PACKET_ENHANCED &&
	       type != BLOCK_PACKET_OBSOLETE && type != BLOCK_PACKET_SIMPLE;
}

/* Up to the first interface, not further: a pipe may be slow in packets. */
static bool
pcapng_start(struct reader *r)
{
	struct pcapng_file *f = calloc(1, sizeof(*f));
	struct packet none;	/* without an interface there is none */
	bool is_packet;

	r->format = f;
	if (!f)
		return reader_damaged(r, "cannot be read: out of memory"), false;
	if (!read_block(r, &none, &is_packet))
		return false;
	while (f->n_interfaces == 0 && before_packets(r))
		if (!read_block(r, &none, &is_packet))
			break;
	return true;
}

static void
pcapng_release(struct reader *r)
{
	struct pcapng_file *f = r->format;

	if (f)
		free(f->interface);
	free(f);
}

const struct reader_ops pcapng_reader_ops = {
	.start = pcapng_start,
	.next = pcapng_next,
	.annotate = pcapng_annotate,
	.release = pcapng_release,
};
