/*
 * pcapng_options.h - the list of options at the end of a pcapng block.
 *
 * draft-ietf-opsawg-pcapng s3.5.  A list that claims more than its block has
 * ends there: options are extras, a bad one does not cost a packet.
 */
#ifndef CAPTURE_PCAPNG_OPTIONS_H
#define CAPTURE_PCAPNG_OPTIONS_H

#include "capture/reader.h"

struct pcapng_option {
	uint16_t code;
	uint16_t len;
	const uint8_t *value;
};

struct pcapng_options {
	const uint8_t *pos, *end;
	bool swapped;
};

static inline struct pcapng_options
pcapng_options_init(const uint8_t *pos, const uint8_t *end, bool swapped)
{
	return (struct pcapng_options){ pos, end, swapped };
}

/* False at the end of the list. */
static inline bool
pcapng_options_next(struct pcapng_options *o, struct pcapng_option *out)
{
	size_t left = (size_t)(o->end - o->pos);
	size_t padded;

	if (left < 4)
		return false;
	out->code = order_u16(o->pos, o->swapped);
	out->len = order_u16(o->pos + 2, o->swapped);
	out->value = o->pos + 4;
	if (out->code == 0 || out->len > left - 4)
		return false;
	padded = ((size_t)out->len + 3) & ~(size_t)3;
	o->pos = padded > left - 4 ? o->end : out->value + padded;
	return true;
}

/* An option's number, 0 where it is shorter than it should be. */
static inline uint32_t
pcapng_option_u32(const struct pcapng_option *o, bool swapped)
{
	return o->len >= 4 ? order_u32(o->value, swapped) : 0;
}

static inline uint64_t
pcapng_option_u64(const struct pcapng_option *o, bool swapped)
{
	return o->len >= 8 ? order_u64(o->value, swapped) : 0;
}

/* Where a struct keeps the text of an option; the last row has code 0. */
struct pcapng_text {
	uint16_t code;
	size_t offset;
};

/* Keep the text if the table has the option's code. */
void pcapng_option_keep_text(struct catalog *c, const struct pcapng_text *table,
			     void *into, const struct pcapng_option *o);

#endif
