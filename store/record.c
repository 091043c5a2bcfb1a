/*
 * record.c - texts of records, and their headers.
 */
#include "store/record.h"

#define EIGHT(type, n) { type, n }, { type, n }, { type, n }, { type, n }, \
		       { type, n }, { type, n }, { type, n }, { type, n }

/* s2.1: one byte more for each eight bits, but neither five nor seven.  A
   number of seven bits has one with its sign. */
const struct record_kind record_kinds[64] = {
	{ 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 }, { 1, 1 },
	EIGHT(2, 2), EIGHT(3, 3), EIGHT(4, 4), EIGHT(5, 6), EIGHT(5, 6),
	EIGHT(6, 8), EIGHT(6, 8), { 6, 8 }
};

/* What is written might be the record itself, for all that is known to the
   compiler: hence the places of its own. */
void
record_ints(struct record *r, const void *row, const uint16_t *offset,
	    size_t n, int64_t null)
{
	uint8_t *type = r->type, *body = r->body;

	for (size_t i = 0; i < n; i++, type++) {
		int64_t value;

		memcpy(&value, (const char *)row + offset[i], sizeof(value));
		if (value == null)
			*type = 0;
		else
			body = record_put_int(type, body, value);
	}
	r->type = type;
	r->body = body;
}

void
record_text(struct record *r, const char *s, size_t n)
{
	if ((size_t)(r->body - r->bytes) + n > RECORD_MAX) {
		r->too_long = true;
		return;
	}
	if (n < 58)		/* most of them */
		*r->type++ = (uint8_t)(13 + 2 * n);
	else
		r->type += varint_put(r->type, 13 + 2 * n);
	memcpy(r->body, s, n);
	r->body += n;
}

/* Seven bits a byte, the greatest first; all but the last have the top bit.
   What needs the ninth byte does not occur here. */
size_t
varint_put(uint8_t *to, uint64_t value)
{
	unsigned n = 1;

	for (uint64_t v = value; v >>= 7;)
		n++;
	for (unsigned i = 0; i < n; i++)
		to[i] = (uint8_t)((value >> 7 * (n - 1 - i) & 0x7f) |
				  (i + 1 < n ? 0x80 : 0));
	return n;
}

/* The header begins with its own length. */
static size_t
header_size(const struct record *r)
{
	size_t n = (size_t)(r->type - r->types);

	return n + 1 < 128 ? n + 1 : n + 2;
}

size_t
record_size(const struct record *r)
{
	return header_size(r) + (size_t)(r->body - r->bytes);
}

void
record_copy(const struct record *r, uint8_t *to)
{
	size_t n = (size_t)(r->type - r->types);

	to += varint_put(to, header_size(r));
	memcpy(to, r->types, n);
	memcpy(to + n, r->bytes, (size_t)(r->body - r->bytes));
}
