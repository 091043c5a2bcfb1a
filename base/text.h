/*
 * text.h - text that grows, and the escapes of each place that it goes to.
 *
 * Bytes out of packets reach a terminal, JSON, CSV or HTML only through the
 * text_add_*() of that place.  They are taken as UTF-8 as far as they are.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* s ends with NUL and is never NULL; failed: memory was short, and the text
   has a hole. */
struct text {
	char *s;
	size_t len, size;
	bool failed;
};

void text_init(struct text *t);
void text_release(struct text *t);
void text_clear(struct text *t);	/* "", keeping the memory */

void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const char *s, size_t n);
void text_add_char(struct text *t, char c);
void text_add_spaces(struct text *t, size_t n);
void text_add_int(struct text *t, int64_t value);
void text_printf(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* For a terminal: what controls it, or turns the direction of writing, or is
   not UTF-8, becomes \n, \t, \xNN or \uNNNN. */
void text_add_safe(struct text *t, const char *s, size_t n);

/* A JSON string, quotes included; what is not UTF-8 becomes U+FFFD. */
void text_add_json(struct text *t, const char *s, size_t n);

/* A CSV field (RFC 4180), safe for a terminal, and for a spreadsheet that
   would take it for a formula: that gets an apostrophe before it. */
void text_add_csv(struct text *t, const char *s, size_t n);

/* Text or attribute value of HTML, XML and SVG. */
void text_add_html(struct text *t, const char *s, size_t n);

/* The bytes of the well-formed UTF-8 character (RFC 3629) at s, and which it
   is; 0: it is none. */
size_t utf8_decode(const char *s, size_t n, uint32_t *character);

/* The columns that UTF-8 text takes on a terminal. */
size_t utf8_columns(const char *s, size_t n);

#endif
