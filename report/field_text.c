/*
 * field_text.c - the value of a field as text.
 */
#include "report/field_text.h"

static void
add_bytes(struct text *out, const uint8_t *p, size_t n, size_t max)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n && i < max; i++) {
		if (i > 0)
			text_add_char(out, ':');
		text_add_char(out, digits[p[i] >> 4]);
		text_add_char(out, digits[p[i] & 15]);
	}
	if (n > max)
		text_add(out, "...");
}

static void
add_addr(struct text *out, const struct addr *a)
{
	char buf[ADDR_TEXT_SIZE];

	text_add_bytes(out, buf, addr_format(a, buf));
}

/* As wide as the field: 16 bits are four digits. */
static void
add_hex(struct text *out, const struct field_value *v)
{
	unsigned bits = v->field->bit_width ? v->field->bit_width
					    : v->len * 8;

	text_printf(out, "0x%0*llx", (int)(bits + 3) / 4,
		    (unsigned long long)v->value);
}

static void
add_raw(struct text *out, const struct packet *p, const struct field_value *v,
	size_t max_bytes)
{
	const uint8_t *bytes = field_bytes(p, v);
	struct addr a;

	if (!bytes)
		return;
	if (v->field->format == FIELD_IPV4 && v->len == 4) {
		a = addr_from_ipv4(bytes);
		add_addr(out, &a);
	} else if (v->field->format == FIELD_IPV6 && v->len == 16) {
		a = addr_from_ipv6(bytes);
		add_addr(out, &a);
	} else {
		add_bytes(out, bytes, v->len, max_bytes);
	}
}

void
field_text_add(struct text *out, const struct packet *p,
	       const struct field_value *v, size_t max_bytes)
{
	if (v->cut)
		return;
	switch (v->field->format) {
	case FIELD_DEC:
	case FIELD_BOOL:
	case FIELD_SEQ:
	case FIELD_ACK:
		text_printf(out, "%llu", (unsigned long long)v->value);
		break;
	case FIELD_SIGNED:
		text_add_int(out, (int8_t)v->value);
		break;
	case FIELD_HEX:
		add_hex(out, v);
		break;
	case FIELD_HEADING:
		break;
	default:
		add_raw(out, p, v, max_bytes);
		break;
	}
}
