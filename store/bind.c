/*
 * bind.c - binding by kind.
 *
 * Texts from packets may be anything, and the database holds UTF-8: what is
 * not becomes U+FFFD here.  Controls are kept; they are escaped where they
 * are shown.
 */
#include <math.h>
#include <string.h>

#include "store/bind.h"

void
bind_bytes(struct binder *b, const char *text, size_t n)
{
	if (b->record)
		record_text(b->record, text, n);
	else
		sqlite3_bind_text(b->stmt, binder_value(b), text, (int)n,
				  SQLITE_STATIC);
}

void
bind_text(struct binder *b, const char *text)
{
	if (text)
		bind_bytes(b, text, strlen(text));
	else
		bind_null(b);
}

static bool
is_utf8(const char *s, size_t n)
{
	uint32_t c;

	while (n > 0) {
		size_t size = utf8_decode(s, n, &c);

		if (size == 0)
			return false;
		s += size;
		n -= size;
	}
	return true;
}

static void
bind_mended(struct binder *b, const char *s, size_t n)
{
	struct text mended;

	text_init(&mended);
	while (n > 0) {
		uint32_t c;
		size_t size = utf8_decode(s, n, &c);

		if (size > 0)
			text_add_bytes(&mended, s, size);
		else
			text_add(&mended, "\xef\xbf\xbd");
		size += size == 0;
		s += size;
		n -= size;
	}
	if (b->record)
		record_text(b->record, mended.s, mended.len);
	else
		sqlite3_bind_text(b->stmt, binder_value(b), mended.s,
				  (int)mended.len, SQLITE_TRANSIENT);
	text_release(&mended);
}

static void
bind_alien(struct binder *b, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (is_utf8(text, n))
		bind_text(b, text);
	else
		bind_mended(b, text, n);
}

static void
bind_addr(struct binder *b, const struct addr *a)
{
	static const struct addr unknown;
	char *text = b->addr[b->n_addrs % BIND_TEXTS];
	size_t n;

	if (addr_compare(a, &unknown) == 0) {
		bind_null(b);
		return;
	}
	n = addr_format(a, text);
	b->n_addrs++;
	bind_bytes(b, text, n);
}

static void
bind_side(struct binder *b, int64_t side)
{
	if (side == ROW_NULL)
		bind_null(b);
	else
		bind_bytes(b, side == SIDE_CLIENT ? "client" : "server", 6);
}

static void
bind_real(struct binder *b, double value)
{
	if (isnan(value))
		bind_null(b);
	else if (b->record)
		record_real(b->record, value);
	else
		sqlite3_bind_double(b->stmt, binder_value(b), value);
}

void
bind_other_column(struct binder *b, const struct column *c,
		  const void *row)
{
	const void *field = column_field(c, row);

	switch (c->kind) {
	case COLUMN_REAL:
		bind_real(b, *(const double *)field);
		break;
	case COLUMN_TEXT:
		bind_text(b, *(const char *const *)field);
		break;
	case COLUMN_ALIEN:
		bind_alien(b, *(const char *const *)field);
		break;
	case COLUMN_ADDR:
		bind_addr(b, field);
		break;
	case COLUMN_SIDE:
		bind_side(b, *(const int64_t *)field);
		break;
	default:
		break;
	}
}
