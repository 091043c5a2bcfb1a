/*
 * field.h - the fields of each header, for people.
 *
 * Every header has one table: what a field is called in Wireshark, where its
 * bits are, how its value is shown and what it means.  The tree of
 * `dissect -v`, its JSON and the terminal's highlighting of bytes all come
 * from fields_of_layer(), which also goes through the parts of a header that
 * vary: options, extension headers, the packet that an ICMP error quotes.
 */
#ifndef DISSECT_FIELD_H
#define DISSECT_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/packet.h"
#include "dissect/dissect.h"

enum field_format {
	FIELD_DEC,
	FIELD_SIGNED,		/* a byte from -128 to 127 */
	FIELD_HEX,
	FIELD_BOOL,
	FIELD_SEQ,		/* TCP's numbers: decimal, and relative */
	FIELD_ACK,
	/* The value is the bytes themselves, field_value.value is 0. */
	FIELD_IPV4,
	FIELD_IPV6,
	FIELD_MAC,
	FIELD_BYTES,
	FIELD_HEADING,		/* no value: what follows belongs together */
};

/* What a value means.  A table of them ends with one without a name. */
struct value_name {
	uint32_t value;
	const char *name;
};

/* A table of them ends with one without a name. */
struct field {
	const char *name;		/* "ip.ttl", as Wireshark filters */
	const char *label;		/* "Time to live" */
	uint16_t bit_offset;		/* from the header's first byte */
	uint16_t bit_width;		/* 0: the iterator gives the place */
	uint8_t format;			/* enum field_format */
	uint8_t depth;			/* 1: a part of the field before */
	uint8_t scale;			/* value = bits times scale; 0: 1 */
	bool little_endian;
	const struct value_name *values;	/* or NULL */
};

struct field_value {
	const struct field *field;
	uint32_t offset, len;	/* bytes, from the packet's first; len 0:
				   worked out, it has no bytes of its own */
	uint64_t value;
	uint8_t depth;
	bool cut;		/* its bytes were not captured */
};

/* More fields than any layer has but those that go on without end. */
#define FIELDS_MAX 256

/*
 * The fields of d->layer[layer] in the order of its bytes, at most max of
 * them.  Where the layer was cut, the last one says so.  Returns how many.
 */
size_t fields_of_layer(const struct packet *p, const struct dissection *d,
		       size_t layer, struct field_value *out, size_t max);

/* The bytes of a field, v->len of them; NULL where they were not captured. */
const uint8_t *field_bytes(const struct packet *p,
			   const struct field_value *v);

/* What the value means, or NULL. */
const char *field_value_name(const struct field_value *v);

/* What the layer is called in full: "Transmission Control Protocol". */
const char *layer_title(enum layer_kind kind);

#endif
