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
#define RECORD_MAX 16384	/* bytes of its texts */

struct record {
	uint8_t *type, *body;		/* where the next ones go */
	bool too_long;
	uint8_t types[RECORD_VALUES * 3];
	uint8_t bytes[RECORD_MAX + 8 * RECORD_VALUES];
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

/* The serial type of a number, by the bits that it has beside its sign, and
   the bytes that it then takes. */
struct record_kind {
	uint8_t type, n;
};

extern const struct record_kind record_kinds[64];

/* The last n of its bytes, the greatest first; there is room for eight. */
static inline uint8_t *
record_put_bytes(uint8_t *body, uint64_t value, unsigned n)
{
	uint64_t big = htobe64(value << (64 - 8 * n));

	memcpy(body, &big, sizeof(big));
	return body + n;
}

/* Returns where the next value goes. */
static inline uint8_t *
record_put_int(uint8_t *type, uint8_t *body, int64_t value)
{
	uint64_t size = (uint64_t)(value ^ (value >> 63)) | 1;
	struct record_kind kind = record_kinds[63 - __builtin_clzll(size)];

	if (value == 0 || value == 1) {
		*type = (uint8_t)(8 + value);
		return body;
	}
	*type = kind.type;
	return record_put_bytes(body, (uint64_t)value, kind.n);
}

static inline void
record_int(struct record *r, int64_t value)
{
	r->body = record_put_int(r->type++, r->body, value);
}

static inline void
record_real(struct record *r, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	*r->type++ = 7;
	r->body = record_put_bytes(r->body, bits, 8);
}

/* n numbers at these places of a row; those that are `null` are NULL. */
void record_ints(struct record *r, const void *row, const uint16_t *offset,
		 size_t n, int64_t null);

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
