/*
 * packet_tree.c - rows from dissection: packet_tree.h.
 */
#include <stdio.h>
#include <string.h>

#include "dissect/dissect.h"
#include "tui/packet_tree.h"

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
	r->depth = (uint8_t)(depth > 20 ? 20 : depth);
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
		 layer_name((enum layer_kind)l->kind), l->len,
		 l->status == CURSOR_CUT ? ", cut" :
		 l->status == CURSOR_BAD ? ", malformed" : "");
}

void
packet_tree_fill(struct packet_tree *t, const struct packet *p)
{
	struct dissection d;

	dissect_packet(p, &d);
	t->n = 0;
	for (size_t i = 0; i < d.n_layers; i++)
		add_layer(t, &d.layer[i]);
}
