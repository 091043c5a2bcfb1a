/*
 * record.h - a row as SQLite keeps it (sqlite.org/fileformat2.html s2.1).
 *
 * Values are put one by one, in the order of the table's columns; each takes
 * a serial type in the record's header, and its bytes in the body.  A row
 * that is longer than RECORD_MAX is marked as too long and has no bytes.
 */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define RECORD_VALUES 256
#define RECORD_MAX 16384	/* bytes of its values */

struct record {
	uint8_t *type, *body;		/* where the next ones go */
	bool too_long;
	uint8_t types[RECORD_VALUES * 3];
	uint8_t bytes[RECORD_MAX + 8];	/* values are written in eights */
};

static inline void
record_start(struct record *r)
{
	r->type = r->types;
	r->body = r->bytes;
	r->too_long = false;
}

static inline void
record_null(struct record *r)
{
	*r->type++ = 0;
}

/* The first n of eight bytes, the greatest first. */
static inline void
record_bytes(struct record *r, uint8_t type, uint64_t value, unsigned n)
{
	uint64_t big = htobe64(value << (64 - 8 * n));

	if (r->body + 8 > r->bytes + RECORD_MAX) {
		r->too_long = true;
		return;
	}
	*r->type++ = type;
	memcpy(r->body, &big, sizeof(big));
	r->body += n;
}

static inline void
record_int(struct record *r, int64_t value)
{
	/* By the bits that a number has beside its sign. */
	static const struct {
		uint8_t type, n;
	} kind[64] = {
#define EIGHT(type, n) { type, n }, { type, n }, { type, n }, { type, n }, \
		       { type, n }, { type, n }, { type, n }, { type, n }
		EIGHT(1, 1), EIGHT(2, 2), EIGHT(3, 3), EIGHT(4, 4),
		EIGHT(5, 6), EIGHT(5, 6), EIGHT(6, 8), EIGHT(6, 8)
#undef EIGHT
	};
	uint64_t size = (uint64_t)(value ^ (value >> 63));
	int bits = size ? 64 - __builtin_clzll(size) : 0;

	if (value == 0 || value == 1)
		*r->type++ = (uint8_t)(8 + value);
	else
		record_bytes(r, kind[bits].type, (uint64_t)value,
			     kind[bits].n);
}

static inline void
record_real(struct record *r, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	record_bytes(r, 7, bits, 8);
}

/* Text is UTF-8. */
void record_text(struct record *r, const char *s, size_t n);

/* Room for a varint. */
#define VARINT_SIZE 9

/* Returns its bytes. */
size_t varint_put(uint8_t *to, uint64_t value);

/* What the record takes, and its bytes. */
size_t record_size(const struct record *r);
void record_copy(const struct record *r, uint8_t *to);

#endif
