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

/* A row and its copy.  What is beyond the room is counted, and not written. */
struct copy {
	const char *row;
	char *to;
	size_t used, room;
};

static size_t
aligned(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

/* n bytes that a pointer of the row leads to; the copy's leads to theirs. */
static void
copy_part(struct copy *c, size_t offset, const void *from, size_t n)
{
	size_t at = c->used;
	char *to;

	c->used += n;
	if (c->used > c->room)
		return;
	to = c->to + at;
	memcpy(to, from, n);
	memcpy(c->to + offset, &to, sizeof(to));
}

static void
copy_text(struct copy *c, size_t offset)
{
	const char *text;

	memcpy(&text, c->row + offset, sizeof(text));
	if (text)
		copy_part(c, offset, text, strlen(text) + 1);
}

/* How many there are stands behind the pointer. */
static void
copy_changes(struct copy *c, size_t offset)
{
	const struct tcp_state_change *changes;
	int64_t n;

	memcpy(&changes, c->row + offset, sizeof(changes));
	memcpy(&n, c->row + offset + sizeof(changes), sizeof(n));
	c->used = aligned(c->used);
	if (n > 0)
		copy_part(c, offset, changes, (size_t)n * sizeof(*changes));
}

static void
copy_evidence(struct copy *c)
{
	const struct finding_row *row = (const struct finding_row *)c->row;

	for (int64_t i = 0; i < row->n_evidence; i++)
		copy_text(c, (size_t)((const char *)&row->evidence[i].note -
				      c->row));
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
row_pack(const struct row_packer *packer, enum row_table table,
	 const void *row, void *to, size_t room)
{
	const struct row_layout *layout = &row_layouts[table];
	struct copy copy = { row, to, layout->size, room };

	if (layout->size <= room)
		memcpy(to, row, layout->size);
	for (int i = 0; i < packer->n[table]; i++) {
		const struct column *c =
			&layout->columns[packer->column[table][i]];

		if (c->kind == COLUMN_CHANGES)
			copy_changes(&copy, c->offset);
		else if (c->kind == COLUMN_EVIDENCE)
			copy_evidence(&copy);
		else
			copy_text(&copy, c->offset);
	}
	return aligned(copy.used);
}
