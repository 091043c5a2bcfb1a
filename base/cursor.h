/*
 * cursor.h - the one place where bytes of a packet are read.
 *
 * A cursor cannot leave its bytes.  It keeps the first failure, and from then
 * on yields zeros, so that a parser is straight-line code which looks at
 * `status` once.  A byte that was on the wire but not captured (CUT) is a
 * different fact from a byte that the packet claims to have and has not (BAD).
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stddef.h>
#include <stdint.h>

enum cursor_status {
	CURSOR_OK,
	CURSOR_CUT,	/* on the wire, but not captured: caplen < len */
	CURSOR_BAD,	/* the packet claims bytes that it does not have */
};

struct cursor {
	const uint8_t *pos;	/* next byte to read */
	const uint8_t *end;	/* one past the last captured byte */
	size_t uncaptured;	/* bytes after end that were on the wire */
	enum cursor_status status;
};

/* A cursor over caplen captured bytes of a packet of wire_len bytes. */
static inline struct cursor
cursor_init(const uint8_t *bytes, size_t caplen, size_t wire_len)
{
	return (struct cursor){
		.pos = bytes,
		.end = bytes + caplen,
		.uncaptured = wire_len > caplen ? wire_len - caplen : 0,
		.status = CURSOR_OK,
	};
}

/* Captured bytes that can still be read. */
static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->pos);
}

/* The same, counting those that were on the wire only. */
static inline size_t
cursor_wire_left(const struct cursor *c)
{
	return cursor_left(c) + c->uncaptured;
}

/* Fail the cursor: the first failure is the one that is kept. */
static inline void
cursor_fail(struct cursor *c, enum cursor_status why)
{
	if (c->status == CURSOR_OK)
		c->status = why;
	c->pos = c->end;
	c->uncaptured = 0;
}

/* The next n bytes, or NULL.  All other reads go through here. */
static inline const uint8_t *
cursor_bytes(struct cursor *c, size_t n)
{
	const uint8_t *p = c->pos;
	size_t left = cursor_left(c);

	if (n > left) {
		cursor_fail(c, n - left <= c->uncaptured ? CURSOR_CUT
							 : CURSOR_BAD);
		return NULL;
	}
	c->pos += n;
	return p;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 1);

	return p ? p[0] : 0;
}

/* Numbers on the wire are big-endian; _le reads the other kind. */
static inline uint16_t
cursor_u16(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 2);

	return (uint16_t)(p ? p[0] << 8 | p[1] : 0);
}

static inline uint32_t
cursor_u32(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);

	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		   (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline uint16_t
cursor_u16_le(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 2);

	return (uint16_t)(p ? p[1] << 8 | p[0] : 0);
}

static inline uint32_t
cursor_u32_le(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);

	return p ? (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
		   (uint32_t)p[1] << 8 | p[0] : 0;
}

/*
 * A cursor over the next n wire bytes, which c then skips: what a length
 * field announces.  The inner cursor cannot read past them.
 */
static inline struct cursor
cursor_sub(struct cursor *c, size_t n)
{
	size_t left = cursor_left(c);
	size_t take = n < left ? n : left;
	struct cursor sub = { c->pos, c->pos + take, n - take, c->status };

	if (n - take > c->uncaptured) {
		cursor_fail(c, CURSOR_BAD);
		cursor_fail(&sub, CURSOR_BAD);
		return sub;
	}
	c->pos += take;
	c->uncaptured -= n - take;
	return sub;
}

#endif
