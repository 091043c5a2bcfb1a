/*
 * pack.c - a row with all that it points to, in one block of bytes.
 *
 * The row comes first, its texts and arrays behind it.
 */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "analysis/columns.h"
#include "store/store.h"

/* What a field points to. */
struct part {
	const void *from;
	size_t size;
};

static struct part
field_part(const struct column *c, const void *field)
{
	const char *text;
	int64_t n;

	switch (c->kind) {
	case COLUMN_TEXT:
	case COLUMN_ALIEN:
		memcpy(&text, field, sizeof(text));
		return (struct part){ text, text ? strlen(text) + 1 : 0 };
	case COLUMN_CHANGES:
		memcpy(&text, field, sizeof(text));
		memcpy(&n, (const char *)field + sizeof(text), sizeof(n));
		return (struct part){
			text, (size_t)n * sizeof(struct tcp_state_change) };
	default:
		return (struct part){ NULL, 0 };
	}
}

static size_t
aligned(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

/* Texts need no alignment, arrays do. */
static size_t
part_room(const struct column *c, struct part part)
{
	return c->kind == COLUMN_CHANGES ? aligned(part.size) + 7 : part.size;
}

static size_t
evidence_size(const struct finding_row *row)
{
	size_t size = 0;

	for (int64_t i = 0; i < row->n_evidence; i++)
		if (row->evidence[i].note)
			size += strlen(row->evidence[i].note) + 1;
	return size;
}

static char *
pack_evidence(struct finding_row *row, char *to)
{
	for (int64_t i = 0; i < row->n_evidence; i++) {
		const char *note = row->evidence[i].note;
		size_t n = note ? strlen(note) + 1 : 0;

		if (n == 0)
			continue;
		row->evidence[i].note = memcpy(to, note, n);
		to += n;
	}
	return to;
}

static bool
is_pointer(const struct column *c)
{
	return c->kind == COLUMN_TEXT || c->kind == COLUMN_ALIEN ||
	       c->kind == COLUMN_CHANGES || c->kind == COLUMN_EVIDENCE;
}

void
row_packer_init(struct row_packer *packer)
{
	memset(packer, 0, sizeof(*packer));
	for (int table = 0; table < N_ROW_TABLES; table++) {
		const struct column *c = row_layouts[table].columns;

		for (int i = 0; c[i].name; i++)
			if (is_pointer(&c[i])) {
				assert(packer->n[table] < ROW_POINTERS);
				packer->column[table][packer->n[table]++] =
					(uint8_t)i;
			}
	}
}

size_t
row_packed_size(const struct row_packer *packer, enum row_table table,
		const void *row)
{
	const struct row_layout *layout = &row_layouts[table];
	size_t size = layout->size;

	for (int i = 0; i < packer->n[table]; i++) {
		const struct column *c =
			&layout->columns[packer->column[table][i]];

		if (c->kind == COLUMN_EVIDENCE)
			size += evidence_size(row);
		else
			size += part_room(c, field_part(c,
							column_field(c, row)));
	}
	return aligned(size);
}

void
row_pack(const struct row_packer *packer, enum row_table table,
	 const void *row, void *to)
{
	const struct row_layout *layout = &row_layouts[table];
	char *start = to, *pos = start + layout->size;

	memcpy(to, row, layout->size);
	for (int i = 0; i < packer->n[table]; i++) {
		const struct column *c =
			&layout->columns[packer->column[table][i]];
		char *field = start + c->offset;
		struct part part = field_part(c, field);

		if (c->kind == COLUMN_EVIDENCE)
			pos = pack_evidence(to, pos);
		if (part.size == 0)
			continue;
		if (c->kind == COLUMN_CHANGES)
			pos = start + aligned((size_t)(pos - start));
		memcpy(pos, part.from, part.size);
		memcpy(field, &pos, sizeof(pos));
		pos += part.size;
	}
}
