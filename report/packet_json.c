/*
 * packet_json.c - `dissect --json`.
 *
 * All strings in here are our own words, numbers, addresses and hexadecimal
 * digits: no byte of a packet is written as it is.
 */
#include <stdint.h>
#include <string.h>

#include "report/field_text.h"
#include "report/packet_json.h"

/* A layer's fields, while they are written. */
struct object {
	struct text *out;
	const struct packet *p;
	const struct dissection *d;
	const struct packet_seq_base *base;
	struct field_value field[FIELDS_MAX];
	size_t n;
	bool empty;
};

static void
add_key(struct object *o, const char *name)
{
	text_add(o->out, o->empty ? "\"" : ",\"");
	text_add(o->out, name);
	text_add(o->out, "\":");
	o->empty = false;
}

static void
add_value(struct object *o, const struct field_value *v)
{
	if (v->cut) {
		text_add(o->out, "null");
		return;
	}
	switch (v->field->format) {
	case FIELD_BOOL:
		text_add(o->out, v->value ? "true" : "false");
		break;
	case FIELD_HEX:
		text_printf(o->out, "%llu", (unsigned long long)v->value);
		break;
	case FIELD_DEC:
	case FIELD_SIGNED:
	case FIELD_SEQ:
	case FIELD_ACK:
		field_text_add(o->out, o->p, v, SIZE_MAX);
		break;
	default:
		text_add_char(o->out, '"');
		field_text_add(o->out, o->p, v, SIZE_MAX);
		text_add_char(o->out, '"');
		break;
	}
}

static bool
same_name(const struct object *o, size_t a, size_t b)
{
	return strcmp(o->field[a].field->name, o->field[b].field->name) == 0;
}

static bool
seen_before(const struct object *o, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_name(o, k, i))
			return true;
	return false;
}

/* All values of the name that field i is the first of. */
static void
add_values(struct object *o, size_t i)
{
	size_t n = 0;

	for (size_t k = i; k < o->n; k++)
		n += same_name(o, k, i);
	if (n > 1)
		text_add_char(o->out, '[');
	for (size_t k = i, left = n; k < o->n; k++) {
		if (!same_name(o, k, i))
			continue;
		add_value(o, &o->field[k]);
		if (--left > 0)
			text_add_char(o->out, ',');
	}
	if (n > 1)
		text_add_char(o->out, ']');
}

/* tcp.seq_raw is followed by tcp.seq where that is known. */
static void
add_relative(struct object *o, const struct field_value *v)
{
	uint32_t relative;

	if (strcmp(v->field->name, "tcp.seq_raw") != 0 &&
	    strcmp(v->field->name, "tcp.ack_raw") != 0)
		return;
	if (!packet_seq_relative(o->base, o->d, v, &relative))
		return;
	add_key(o, v->field->format == FIELD_SEQ ? "tcp.seq" : "tcp.ack");
	text_printf(o->out, "%u", relative);
}

static void
add_fields(struct object *o, size_t layer)
{
	o->n = fields_of_layer(o->p, o->d, layer, o->field, FIELDS_MAX);
	o->empty = true;
	for (size_t i = 0; i < o->n; i++) {
		if (o->field[i].field->format == FIELD_HEADING ||
		    seen_before(o, i))
			continue;
		add_key(o, o->field[i].field->name);
		add_values(o, i);
		add_relative(o, &o->field[i]);
	}
}

static const char *
status_name(uint8_t status)
{
	return status == CURSOR_CUT ? "cut" : "malformed";
}

static void
add_layer(struct object *o, size_t i)
{
	const struct layer *l = &o->d->layer[i];

	text_printf(o->out, "%s{\"layer\":\"%s\",\"offset\":%u,\"length\":%u",
		    i > 0 ? "," : "", layer_name(l->kind), l->offset, l->len);
	if (l->status != CURSOR_OK)
		text_printf(o->out, ",\"status\":\"%s\"",
			    status_name(l->status));
	text_add(o->out, ",\"fields\":{");
	add_fields(o, i);
	text_add(o->out, "}}");
}

static void
add_protocols(struct text *out, const struct dissection *d)
{
	for (size_t i = 0; i < d->n_layers; i++) {
		if (i > 0)
			text_add_char(out, ':');
		text_add(out, layer_name(d->layer[i].kind));
	}
}

static void
add_frame(struct text *out, const struct packet *p,
	  const struct dissection *d)
{
	uint64_t ns = p->ts < 0 ? -(uint64_t)p->ts : (uint64_t)p->ts;

	text_printf(out, "{\"frame.number\":%llu,\"frame.time_epoch\":"
		    "\"%s%llu.%09llu\",\"frame.len\":%u,\"frame.cap_len\":%u,"
		    "\"frame.protocols\":\"",
		    (unsigned long long)p->number, p->ts < 0 ? "-" : "",
		    (unsigned long long)(ns / NS_PER_S),
		    (unsigned long long)(ns % NS_PER_S), p->wire_len,
		    p->caplen);
	add_protocols(out, d);
	text_add_char(out, '"');
}

static void
add_bytes(struct text *out, const struct packet *p)
{
	text_add(out, ",\"bytes\":\"");
	for (uint32_t i = 0; i < p->caplen; i++) {
		text_add_char(out, "0123456789abcdef"[p->bytes[i] >> 4]);
		text_add_char(out, "0123456789abcdef"[p->bytes[i] & 15]);
	}
	text_add_char(out, '"');
}

void
packet_json_add(const struct packet *p, const struct dissection *d,
		const struct packet_seq_base *base, bool bytes,
		struct text *out)
{
	struct object o = { .out = out, .p = p, .d = d, .base = base };

	add_frame(out, p, d);
	if (d->status != CURSOR_OK)
		text_printf(out, ",\"status\":\"%s\"",
			    status_name((uint8_t)d->status));
	text_add(out, ",\"layers\":[");
	for (size_t i = 0; i < d->n_layers; i++)
		add_layer(&o, i);
	text_add_char(out, ']');
	if (bytes)
		add_bytes(out, p);
	text_add(out, "}\n");
}
