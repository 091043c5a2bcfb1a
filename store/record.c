/*
 * record.c - texts of records, and their headers.
 */
#include "store/record.h"

void
record_text(struct record *r, const char *s, size_t n)
{
	if (n > (size_t)(r->bytes + RECORD_MAX - r->body)) {
		r->too_long = true;
		return;
	}
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
