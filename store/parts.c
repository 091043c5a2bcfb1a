/*
 * parts.c - a hash table of rows, merged column by column.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/parts.h"

#define SLOTS (2 * PARTS_MAX)

bool
parts_init(struct parts *parts, const struct row_layout *layout)
{
	*parts = (struct parts){ .layout = layout, .key = layout->columns };
	while (parts->key->merge != MERGE_KEY)
		parts->key++;
	parts->rows = malloc(PARTS_MAX * layout->size);
	parts->slot = calloc(SLOTS, sizeof(*parts->slot));
	return parts->rows && parts->slot;
}

void
parts_release(struct parts *parts)
{
	if (parts->rows && parts->slot)
		parts_clear(parts);
	free(parts->rows);
	free(parts->slot);
	*parts = (struct parts){ 0 };
}

static bool
is_text(const struct column *c)
{
	return c->kind == COLUMN_TEXT || c->kind == COLUMN_ALIEN;
}

/* The bytes that make the key. */
static const void *
key_bytes(const struct column *key, const void *row, size_t *size)
{
	const void *field = column_field(key, row);
	const char *text;

	if (is_text(key)) {
		memcpy(&text, field, sizeof(text));
		*size = text ? strlen(text) : 0;
		return text;
	}
	*size = key->kind == COLUMN_ADDR ? sizeof(struct addr)
					 : sizeof(int64_t);
	return field;
}

/* Eight bytes at a time: keys are short and not many. */
static size_t
key_hash(const unsigned char *p, size_t n)
{
	uint64_t h = n, word;

	for (; n >= sizeof(word); n -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	for (; n > 0; n--)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	return (size_t)((h * UINT64_C(0x9e3779b97f4a7c15)) >> 40) % SLOTS;
}

static bool
same_key(const struct parts *parts, const void *a, const void *b)
{
	size_t an, bn;
	const void *ak = key_bytes(parts->key, a, &an);
	const void *bk = key_bytes(parts->key, b, &bn);

	return an == bn && (an == 0 || memcmp(ak, bk, an) == 0);
}

static int64_t
merged_int(enum column_merge how, int64_t old, int64_t new)
{
	if (old == ROW_NULL || new == ROW_NULL)
		return old == ROW_NULL ? new : old;
	switch (how) {
	case MERGE_MIN:
		return new < old ? new : old;
	case MERGE_MAX:
		return new > old ? new : old;
	case MERGE_SUM:
	case MERGE_GAUGE:
		return old + new;
	default:
		return old;
	}
}

/* A copy that belongs to the parts; without memory there is no text. */
static void
own_text(char **field)
{
	if (*field)
		*field = strdup(*field);
}

static void
merge(const struct parts *parts, unsigned char *row, const void *part)
{
	for (const struct column *c = parts->layout->columns; c->name; c++) {
		void *to = row + c->offset;
		const void *from = column_field(c, part);
		int64_t old, new;

		if (c->merge == MERGE_KEY)
			continue;
		if (is_text(c)) {
			if (!*(char **)to) {
				*(char **)to = *(char *const *)from;
				own_text(to);
			}
			continue;
		}
		memcpy(&old, to, sizeof(old));
		memcpy(&new, from, sizeof(new));
		new = merged_int(c->merge, old, new);
		memcpy(to, &new, sizeof(new));
	}
}

static void
insert(struct parts *parts, size_t slot, const void *part)
{
	unsigned char *row = parts->rows + parts->n * parts->layout->size;

	memcpy(row, part, parts->layout->size);
	for (const struct column *c = parts->layout->columns; c->name; c++)
		if (is_text(c))
			own_text((char **)(row + c->offset));
	parts->slot[slot] = (uint32_t)++parts->n;
}

void
parts_add(struct parts *parts, const void *part)
{
	size_t n;
	const void *key = key_bytes(parts->key, part, &n);

	for (size_t i = key_hash(key, n);; i = (i + 1) % SLOTS) {
		unsigned char *row;

		if (parts->slot[i] == 0) {
			insert(parts, i, part);
			return;
		}
		row = parts->rows + (parts->slot[i] - 1) * parts->layout->size;
		if (same_key(parts, row, part)) {
			merge(parts, row, part);
			return;
		}
	}
}

void
parts_clear(struct parts *parts)
{
	for (const struct column *c = parts->layout->columns; c->name; c++)
		if (is_text(c))
			for (size_t i = 0; i < parts->n; i++)
				free(*(char **)(parts->rows + c->offset +
						i * parts->layout->size));
	if (parts->n > 0)
		memset(parts->slot, 0, SLOTS * sizeof(*parts->slot));
	parts->n = 0;
}
