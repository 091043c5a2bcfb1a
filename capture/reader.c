/*
 * reader.c - which format an input has, and the words for its damage.
 */
#include "capture/reader.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	bool (*recognise)(const uint8_t magic[4]);
	const struct reader_ops *ops;
} formats[] = {
	{ pcap_recognise, &pcap_reader_ops },
	{ pcapng_recognise, &pcapng_reader_ops },
};

enum read_result
reader_damaged(struct reader *r, const char *format, ...)
{
	va_list ap;
	int n;

	if (r->damage[0])
		return READ_END;
	if (r->source->damage[0]) {	/* the cause behind ours */
		memcpy(r->damage, r->source->damage, sizeof(r->damage));
		return READ_END;
	}
	n = snprintf(r->damage, sizeof(r->damage), "'%.200s' ", r->name);
	va_start(ap, format);
	vsnprintf(r->damage + n, sizeof(r->damage) - (size_t)n, format, ap);
	va_end(ap);
	return READ_END;
}

enum read_result
reader_cut(struct reader *r, const char *what, uint64_t size)
{
	char where[40] = "";

	if (r->n_packets)
		snprintf(where, sizeof(where), " after packet %" PRIu64,
			 r->n_packets);
	return reader_damaged(r, "is cut short: %s%s has %zu of %" PRIu64
			      " bytes", what, where, source_left(r->source),
			      size);
}

/* "begins with 48 65 6c 6c 'Hell'", for who took the wrong file. */
static bool
not_a_capture(struct reader *r)
{
	const uint8_t *p = r->source->pos;
	size_t n = source_left(r->source);
	char hex[3 * 8 + 1] = "", text[8 + 1] = "";

	if (n > 8)
		n = 8;
	for (size_t i = 0; i < n; i++) {
		snprintf(hex + 3 * i, 4, " %02x", p[i]);
		text[i] = p[i] < 128 && isprint(p[i]) ? (char)p[i] : '.';
	}
	if (n == 0)
		reader_damaged(r, "is empty");
	else
		reader_damaged(r, "is not a capture file: begins with%s \"%s\"",
			       hex, text);
	return false;
}

bool
reader_open(struct reader *r, struct source *s, struct catalog *catalog)
{
	r->source = s;
	r->name = s->name;
	r->catalog = catalog;
	if (!source_need(s, 4))
		return not_a_capture(r);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].recognise(s->pos)) {
			r->ops = formats[i].ops;
			return r->ops->start(r);
		}
	return not_a_capture(r);
}

void
reader_release(struct reader *r)
{
	if (r->ops)
		r->ops->release(r);
	if (r->source)
		source_close(r->source);
	r->ops = NULL;
	r->source = NULL;
}
