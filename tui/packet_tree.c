/*
 * packet_tree.c - rows from the tables of fields: packet_tree.h.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "dissect/dissect.h"
#include "dissect/field.h"
#include "report/field_text.h"
#include "tui/packet_tree.h"
#include "tui/show.h"

#define MAX_BYTES 12		/* of a field that is bytes */

static struct tree_row *
new_row(struct packet_tree *t, uint32_t offset, uint32_t len, unsigned depth)
{
	struct tree_row *r;

	if (t->n == TREE_ROWS)
		return NULL;
	r = &t->row[t->n++];
	memset(r, 0, sizeof(*r));
	r->offset = offset;
	r->len = len;
	r->depth = (uint8_t)(depth > 10 ? 10 : depth);
	return r;
}

static void
add_layer(struct packet_tree *t, const struct layer *l)
{
	struct tree_row *r = new_row(t, l->offset, l->len, 0);

	if (!r)
		return;
	r->is_layer = true;
	r->bad = l->status != CURSOR_OK;
	snprintf(r->text, sizeof(r->text), "%s, %u bytes%s",
		 layer_title((enum layer_kind)l->kind), l->len,
		 l->status == CURSOR_CUT ? ", cut" :
		 l->status == CURSOR_BAD ? ", malformed" : "");
}

/* "Time to live: 64", "Flags: 0x12 (SYN, ACK)". */
static void
add_field(struct packet_tree *t, const struct packet *p,
	  const struct field_value *v)
{
	struct tree_row *r = new_row(t, v->offset, v->len, 1u + v->depth);
	const char *name = field_value_name(v);
	struct text text;

	if (!r)
		return;
	text_init(&text);
	text_add(&text, v->field->label);
	if (v->field->format != FIELD_HEADING)
		text_add(&text, ": ");
	field_text_add(&text, p, v, MAX_BYTES);
	if (name)
		text_printf(&text, " (%s)", name);
	if (v->cut)
		text_add(&text, "cut by the snaplen");
	r->bad = v->cut;
	show_copy(r->text, sizeof(r->text), text.s);
	text_release(&text);
}

static void
add_payload(struct packet_tree *t, const struct packet *p,
	    const struct dissection *d)
{
	size_t n = (size_t)(d->payload.end - d->payload.pos);
	struct tree_row *r;

	if (n == 0 || d->payload.pos < p->bytes ||
	    d->payload.end > p->bytes + p->caplen)
		return;
	r = new_row(t, (uint32_t)(d->payload.pos - p->bytes), (uint32_t)n, 0);
	if (!r)
		return;
	r->is_layer = true;
	snprintf(r->text, sizeof(r->text), "Payload, %zu bytes", n);
}

void
packet_tree_fill(struct packet_tree *t, const struct packet *p)
{
	struct field_value field[FIELDS_MAX];
	struct dissection d;

	dissect_packet(p, &d);
	t->n = 0;
	for (size_t i = 0; i < d.n_layers; i++) {
		size_t n = fields_of_layer(p, &d, i, field, FIELDS_MAX);

		add_layer(t, &d.layer[i]);
		for (size_t k = 0; k < n; k++)
			add_field(t, p, &field[k]);
	}
	add_payload(t, p, &d);
}
