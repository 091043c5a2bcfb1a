/*
 * packet_tree.c - `dissect -v`.
 *
 * Everything comes from the tables of fields; nothing here knows a protocol
 * but that TCP's numbers may be relative.
 */
#include "report/field_text.h"
#include "report/packet_tree.h"

enum {
	NAME_COLUMNS = 31,
	VALUE_COLUMNS = 18,
	MAX_BYTES = 16,		/* of a field that is bytes */
};

/* Pad what was added since `from` to a column, and one space more. */
static void
pad(struct text *out, size_t from, size_t columns)
{
	size_t n = out->len - from;

	text_add_spaces(out, n < columns ? columns - n + 1 : 1);
}

/* ".1.. ....": the bits of a field that is not made of whole bytes. */
static void
add_bits(struct text *out, const struct field_value *v)
{
	const struct field *f = v->field;
	unsigned first = f->bit_offset % 8u;
	uint64_t bits = v->value / (f->scale ? f->scale : 1);

	if (f->bit_width == 0 || (first == 0 && f->bit_width % 8u == 0))
		return;
	text_add(out, " [");
	for (unsigned i = 0; i < v->len * 8; i++) {
		bool inside = i >= first && i < first + f->bit_width;
		unsigned shift = first + f->bit_width - 1 - i;

		if (i > 0 && i % 4 == 0)
			text_add_char(out, ' ');
		text_add_char(out, !inside ? '.' :
				   bits >> shift & 1 ? '1' : '0');
	}
	text_add_char(out, ']');
}

static void
add_meaning(struct text *out, const struct field_value *v)
{
	const char *name = field_value_name(v);

	if (v->field->format == FIELD_BOOL)
		name = v->value ? "yes" : "no";
	text_add(out, v->field->label);
	if (v->cut) {
		text_add(out, ": not captured");
		return;
	}
	if (name) {
		text_add(out, ": ");
		text_add(out, name);
	}
}

static void
add_relative(struct text *out, const struct field_value *v,
	     const struct dissection *d, const struct packet_seq_base *base)
{
	uint32_t relative;

	if (packet_seq_relative(base, d, v, &relative))
		text_printf(out, ", relative %u", relative);
}

static void
add_field(struct text *out, const struct packet *p,
	  const struct dissection *d, const struct packet_seq_base *base,
	  const struct field_value *v)
{
	size_t from;

	text_add_spaces(out, 4 + 2u * v->depth);
	from = out->len - 2u * v->depth;
	text_add(out, v->field->name);
	if (v->field->format == FIELD_HEADING) {
		text_add_char(out, '\n');
		return;
	}
	pad(out, from, NAME_COLUMNS);
	from = out->len;
	field_text_add(out, p, v, MAX_BYTES);
	pad(out, from, VALUE_COLUMNS);
	add_meaning(out, v);
	add_relative(out, v, d, base);
	if (!v->cut)
		add_bits(out, v);
	text_add_char(out, '\n');
}

static void
add_layer(struct text *out, const struct layer *l)
{
	text_printf(out, "  %s (%s), ", layer_title(l->kind),
		    layer_name(l->kind));
	if (l->len == 0)
		text_add(out, "no bytes");
	else
		text_printf(out, "bytes %u to %u", l->offset,
			    l->offset + l->len - 1);
	if (l->status == CURSOR_CUT)
		text_add(out, ", cut by the snapshot length");
	else if (l->status == CURSOR_BAD)
		text_add(out, ", malformed");
	text_add_char(out, '\n');
}

void
packet_tree_add(const struct packet *p, const struct dissection *d,
		const struct packet_seq_base *base, struct text *out)
{
	struct field_value fields[FIELDS_MAX];

	text_printf(out, "  Packet %llu, %u bytes on the wire, %u captured\n",
		    (unsigned long long)p->number, p->wire_len, p->caplen);
	for (size_t i = 0; i < d->n_layers; i++) {
		size_t n = fields_of_layer(p, d, i, fields, FIELDS_MAX);

		add_layer(out, &d->layer[i]);
		for (size_t k = 0; k < n; k++)
			add_field(out, p, d, base, &fields[k]);
	}
}
