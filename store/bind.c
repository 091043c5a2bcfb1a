/*
 * bind.c - binding by kind.
 *
 * Texts from packets may be anything, and the database holds UTF-8: what is
 * not becomes U+FFFD here.  Controls are kept; they are escaped where they
 * are shown.
 */
#include <assert.h>
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
	case COLUMN_WORD:
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

/* --- lists of columns ------------------------------------------------------ */

void
column_list_add(struct column_list *list, const struct column *c)
{
	struct column_run *run;

	if (list->n_runs == 0 || list->run[list->n_runs - 1].other)
		list->n_runs++;
	assert(list->n_runs <= COLUMN_LIST);
	run = &list->run[list->n_runs - 1];
	if (c->kind != COLUMN_INT) {
		run->other = c;
		return;
	}
	assert(list->n_ints < COLUMN_LIST && c->offset <= UINT16_MAX);
	list->offset[list->n_ints++] = (uint16_t)c->offset;
	run->n_ints++;
}

static void
bind_ints(struct binder *b, const void *row, const uint16_t *offset, size_t n)
{
	if (b->record) {
		record_ints(b->record, row, offset, n, ROW_NULL);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		int64_t value;

		memcpy(&value, (const char *)row + offset[i], sizeof(value));
		bind_int(b, value);
	}
}

void
bind_columns(struct binder *b, const struct column_list *list, const void *row)
{
	const uint16_t *offset = list->offset;

	for (size_t i = 0; i < list->n_runs; i++) {
		const struct column_run *run = &list->run[i];

		bind_ints(b, row, offset, run->n_ints);
		offset += run->n_ints;
		if (run->other)
			bind_other_column(b, run->other, row);
	}
}

void
bind_nulls(struct binder *b, const struct column_list *list)
{
	for (size_t i = 0; i < list->n_ints; i++)
		bind_null(b);
	for (size_t i = 0; i < list->n_runs; i++)
		if (list->run[i].other)
			bind_null(b);
}
