/*
 * fuzz_dissect.c - any bytes as a packet of any link type: dissected,
 * verified, and shown in every way.
 *
 * The first byte chooses the link type, the second how much of the rest was
 * not captured.
 */
#include <stdlib.h>
#include <string.h>

#include "report/packet_hex.h"
#include "report/packet_json.h"
#include "report/packet_line.h"
#include "report/packet_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint16_t link_types[] = {
	1, 0, 9, 12, 14, 50, 51, 101, 105, 108, 113, 127, 228, 229, 276, 147,
};

struct shown {
	struct packet_line line;
	struct text text;
};

static void
show(struct shown *s, const struct packet *p, struct dissection *d)
{
	text_clear(&s->text);
	packet_line_add(&s->line, p, d, &s->text);
	packet_tree_add(p, d, &s->line.base, &s->text);
	packet_json_add(p, d, &s->line.base, true, &s->text);
	packet_hex_add(p->bytes, p->caplen, &s->text);
	for (size_t i = 0; i < s->text.len; i++)
		if ((unsigned char)s->text.s[i] >= 0x7f)
			abort();	/* a packet's byte got through */
}

/* Bounds of the dissection itself that its users rely on. */
static void
check(const struct packet *p, const struct dissection *d)
{
	const uint8_t *end = p->bytes + p->caplen;

	if (d->n_layers > DISSECT_MAX_LAYERS || d->payload.pos < p->bytes ||
	    d->payload.end > end || d->payload.pos > d->payload.end)
		abort();
	for (size_t i = 0; i < d->n_layers; i++)
		if (d->layer[i].offset + (size_t)d->layer[i].len > p->caplen)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct packet_line_config plain;
	static struct shown shown;
	struct dissection d;
	struct packet p;

	if (size < 2)
		return 0;
	if (!shown.line.seq.slot && packet_line_init(&shown.line, &plain) < 0)
		abort();
	p = (struct packet){
		.bytes = data + 2, .caplen = (uint32_t)(size - 2),
		.wire_len = (uint32_t)(size - 2) + data[1],
		.link_type = link_types[data[0] % 16],
	};
	dissect_packet(&p, &d);
	check(&p, &d);
	dissect_checksums(&p, &d);
	show(&shown, &p, &d);
	shown.line.config.link_header = data[1] & 1;
	dissect_ip(p.bytes, p.caplen, p.wire_len, &d);
	check(&p, &d);
	return 0;
}
