/*
 * reader.h - one input's packets, in the order in which it has them.
 *
 * A reader knows a format (pcap, pcapng) and takes bytes from a source.  It
 * adds the interfaces that it meets to the capture's catalog.  It does not
 * know of other inputs, of frame numbers or of filters.
 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H

#include "base/packet.h"
#include "capture/catalog.h"
#include "capture/source.h"

/* No packet of a sane file is longer: tcpdump's largest snaplen is 256 KiB,
   and BIG TCP hands packets of 512 KiB to a capture. */
enum { PACKET_MAX = 1 << 20 };

enum read_result {
	READ_PACKET,
	READ_END,	/* reader.damage tells whether a good one */
};

struct reader;

struct reader_ops {
	/* Read what comes before the first packet.  False with a message in
	   damage if it is not this format after all. */
	bool (*start)(struct reader *r);
	/* The next packet, all but its number. */
	enum read_result (*next)(struct reader *r, struct packet *p);
	/* What else the input tells of the packet that was read last, now
	   that it has its number: direction, comments.  Optional. */
	void (*annotate)(struct reader *r, struct packet *p);
	void (*release)(struct reader *r);
};

struct reader {
	const struct reader_ops *ops;
	struct source *source;
	struct catalog *catalog;
	void *format;		/* the format's own state */
	const char *name;
	unsigned index;		/* among the inputs */
	uint64_t n_packets;	/* read from this input */
	uint64_t without_time;
	uint64_t blocks_skipped;
	nstime last_ts;		/* of the packet before; 0 at the start */
	uint64_t batch;		/* the last that has a packet of ours */
	struct packet head;	/* when merging: what comes next */
	char damage[CAPTURE_TEXT];	/* "" while there is none */
};

/*
 * Find out the format and read up to the first packet.  The source becomes
 * the reader's, also on failure.  False with a message in r->damage.
 */
bool reader_open(struct reader *r, struct source *s, struct catalog *catalog);
void reader_release(struct reader *r);

static inline enum read_result
reader_next(struct reader *r, struct packet *p)
{
	return r->ops->next(r, p);
}

/* The end, and why: "'x.pcap' " and the text.  Keeps the first. */
enum read_result reader_damaged(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The input ended within something that should have been longer. */
enum read_result reader_cut(struct reader *r, const char *what, uint64_t size);

/* Numbers in the byte order of the machine that wrote the file. */
static inline uint16_t
order_u16(const uint8_t *p, bool swapped)
{
	uint16_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swapped ? __builtin_bswap16(v) : v;
}

static inline uint32_t
order_u32(const uint8_t *p, bool swapped)
{
	uint32_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swapped ? __builtin_bswap32(v) : v;
}

static inline uint64_t
order_u64(const uint8_t *p, bool swapped)
{
	uint64_t v;

	__builtin_memcpy(&v, p, sizeof(v));
	return swapped ? __builtin_bswap64(v) : v;
}

extern const struct reader_ops pcap_reader_ops;
extern const struct reader_ops pcapng_reader_ops;

bool pcap_recognise(const uint8_t magic[4]);
bool pcapng_recognise(const uint8_t magic[4]);

#endif
