/*
 * esp.c - IPsec's encrypted payload (RFC 4303 s2): an association's number
 * and a sequence number are all that can be read of it.
 */
#include "dissect/fields.h"

enum layer_kind
parse_esp(struct walk *w)
{
	return cursor_bytes(&w->c, 8) ? LAYER_DATA : LAYER_NONE;
}

const struct field esp_fields[] = {
	{ "esp.spi", "Security parameters", BYTE(0), 32, FIELD_HEX },
	{ "esp.sequence", "Sequence number", BYTE(4), 32, FIELD_DEC },
	{ NULL },
};
