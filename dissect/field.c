/*
 * field.c - the iterator over the fields of a layer.
 *
 * Numbers are read out of the packet through a cursor again, bit by bit as
 * the tables say; nothing here knows a protocol.
 */
#include "dissect/fields.h"
#include "dissect/header.h"

const uint8_t *
field_bytes(const struct packet *p, const struct field_value *v)
{
	struct cursor c = cursor_init(p->bytes, p->caplen, p->wire_len);

	return cursor_bytes(&c, v->offset) ? cursor_bytes(&c, v->len) : NULL;
}

const char *
field_value_name(const struct field_value *v)
{
	const struct value_name *n = v->field->values;

	for (; n && n->name; n++)
		if (n->value == v->value)
			return n->name;
	return NULL;
}

static bool
is_number(const struct field *f)
{
	return f->format < FIELD_IPV4;
}

/* The bytes that a field of a table touches. */
static size_t
byte_len(const struct field *f)
{
	return (f->bit_offset % 8u + f->bit_width + 7u) / 8;
}

static uint64_t
read_number(const uint8_t *p, size_t len, const struct field *f)
{
	uint64_t value = 0;
	unsigned spare;

	for (size_t i = 0; i < len && i < 8; i++)
		value = value << 8 | p[f->little_endian ? len - 1 - i : i];
	if (f->bit_width == 0)
		return value * (f->scale ? f->scale : 1);
	spare = (unsigned)len * 8 - f->bit_offset % 8u - f->bit_width;
	value >>= spare;
	if (f->bit_width < 64)
		value &= (UINT64_C(1) << f->bit_width) - 1;
	return value * (f->scale ? f->scale : 1);
}

/* Room for one more, in a list that goes on. */
static struct field_value *
append(struct field_list *l, const struct field *f, size_t offset, size_t len)
{
	struct field_value *v;

	if (l->stopped || l->n == l->max || l->base + offset + len > l->end)
		return NULL;
	v = &l->out[l->n++];
	*v = (struct field_value){
		.field = f,
		.offset = (uint32_t)(l->base + offset),
		.len = (uint32_t)len,
		.depth = (uint8_t)(l->depth + f->depth),
	};
	v->cut = !field_bytes(l->p, v);
	l->stopped = v->cut;
	return v;
}

void
field_add_value(struct field_list *l, const struct field *f, size_t offset,
		size_t len, uint64_t value)
{
	struct field_value *v = append(l, f, offset, len);

	if (v && !v->cut)
		v->value = value;
}

void
field_add(struct field_list *l, const struct field *f, size_t offset,
	  size_t len)
{
	struct field_value *v = append(l, f, offset, len);

	if (v && !v->cut && is_number(f))
		v->value = read_number(field_bytes(l->p, v), len, f);
}

void
fields_add(struct field_list *l, const struct field *table)
{
	for (const struct field *f = table; f->name; f++)
		field_add(l, f, f->bit_offset / 8u, byte_len(f));
}

static const uint8_t *
peek(const struct field_list *l, size_t offset, size_t len)
{
	struct field_value v = {
		.offset = (uint32_t)(l->base + offset), .len = (uint32_t)len,
	};

	return l->base + offset + len <= l->end ? field_bytes(l->p, &v) : NULL;
}

unsigned
fields_u8(const struct field_list *l, size_t offset)
{
	const uint8_t *p = peek(l, offset, 1);

	return p ? p[0] : 0;
}

unsigned
fields_u16(const struct field_list *l, size_t offset)
{
	const uint8_t *p = peek(l, offset, 2);

	return p ? be16(p) : 0;
}

uint32_t
fields_u32(const struct field_list *l, size_t offset)
{
	const uint8_t *p = peek(l, offset, 4);

	return p ? be32(p) : 0;
}

size_t
fields_left(const struct field_list *l, size_t offset)
{
	return l->base + offset < l->end ? l->end - l->base - offset : 0;
}

bool
fields_innermost(const struct field_list *l)
{
	const struct layer *after = l->layer + 1;
	const struct layer *end = l->d->layer + l->d->n_layers;

	for (; after < end; after++)
		if (after->kind == l->layer->kind ||
		    after->kind == LAYER_IP || after->kind == LAYER_IP6)
			return false;
	return l->layer->status == CURSOR_OK;
}

/* Wireshark's numbers for it. */
void
field_add_checksum(struct field_list *l, const struct field *f, uint8_t status)
{
	static const uint8_t numbers[] = {
		[CHECKSUM_UNKNOWN] = 2, [CHECKSUM_GOOD] = 1,
		[CHECKSUM_BAD] = 0, [CHECKSUM_PARTIAL] = 5,
		[CHECKSUM_NONE] = 3,
	};

	if (fields_innermost(l) && status != CHECKSUM_UNKNOWN)
		field_add_value(l, f, 0, 0, numbers[status]);
}

/* A layer that was cut reaches as far as the packet did on the wire. */
static size_t
end_of(const struct packet *p, const struct layer *l)
{
	return l->status == CURSOR_CUT ? p->wire_len
				       : (size_t)l->offset + l->len;
}

size_t
fields_of_layer(const struct packet *p, const struct dissection *d,
		size_t layer, struct field_value *out, size_t max)
{
	const struct layer *at = &d->layer[layer];
	const struct header *h = &headers[at->kind];
	struct field_list l = {
		.p = p, .d = d, .layer = at, .out = out, .max = max,
		.base = at->offset, .end = end_of(p, at),
	};

	if (h->fields)
		fields_add(&l, h->fields);
	if (h->more)
		h->more(&l);
	return l.n;
}

const char *
layer_title(enum layer_kind kind)
{
	return kind < N_LAYERS ? headers[kind].title : "";
}
