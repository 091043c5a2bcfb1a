/*
 * text.c - text that grows, and escapes.
 *
 * All of a text's characters go through one loop (add_escaped), and a table
 * of functions' one question: what stands for this character there?
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static char nothing[1];

void
text_init(struct text *t)
{
	*t = (struct text){ .s = nothing };
}

void
text_release(struct text *t)
{
	if (t->size > 0)
		free(t->s);
	text_init(t);
}

void
text_clear(struct text *t)
{
	t->len = 0;
	t->failed = false;
	if (t->size > 0)
		t->s[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static bool
reserve(struct text *t, size_t n)
{
	size_t size = t->size ? t->size : 64;
	char *s;

	if (t->size > 0 && n < t->size - t->len)
		return true;
	while (size - t->len <= n)
		size *= 2;
	s = realloc(t->size ? t->s : NULL, size);
	if (!s) {
		t->failed = true;
		return false;
	}
	t->s = s;
	t->size = size;
	return true;
}

void
text_add_bytes(struct text *t, const char *s, size_t n)
{
	if (!reserve(t, n))
		return;
	memcpy(t->s + t->len, s, n);
	t->len += n;
	t->s[t->len] = '\0';
}

void
text_add(struct text *t, const char *s)
{
	text_add_bytes(t, s, strlen(s));
}

void
text_add_char(struct text *t, char c)
{
	text_add_bytes(t, &c, 1);
}

void
text_add_spaces(struct text *t, size_t n)
{
	if (!reserve(t, n))
		return;
	memset(t->s + t->len, ' ', n);
	t->len += n;
	t->s[t->len] = '\0';
}

void
text_add_int(struct text *t, int64_t value)
{
	char buf[24], *p = buf + sizeof(buf);
	uint64_t u = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do
		*--p = (char)('0' + u % 10);
	while (u /= 10);
	if (value < 0)
		*--p = '-';
	text_add_bytes(t, p, (size_t)(buf + sizeof(buf) - p));
}

void
text_printf(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !reserve(t, (size_t)n))
		return;
	va_start(args, format);
	vsnprintf(t->s + t->len, (size_t)n + 1, format, args);
	va_end(args);
	t->len += (size_t)n;
}

/* RFC 3629 s4: the shortest form only, no surrogates, up to U+10FFFF. */
size_t
utf8_decode(const char *s, size_t n, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)s;
	size_t size;
	uint32_t c;

	if (n == 0)
		return 0;
	if (p[0] < 0x80) {
		*character = p[0];
		return 1;
	}
	size = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 0;
	if (size == 0 || size > n || p[0] > 0xf4)
		return 0;
	c = p[0] & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[size] || (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return 0;
	*character = c;
	return size;
}

/* Controls of C0 and C1, line separators, and what turns the direction. */
static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

size_t
utf8_columns(const char *s, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)s[i] & 0xc0) != 0x80;
	return columns;
}

/* What stands for a character at some place: true if it was added.  A byte
   that is not UTF-8 comes as BAD_BYTE + its value. */
typedef bool escape_fn(struct text *t, uint32_t c);
#define BAD_BYTE 0x80000000u

static void
add_escaped(struct text *t, const char *s, size_t n, escape_fn *escape)
{
	while (n > 0) {
		uint32_t c;
		size_t size = utf8_decode(s, n, &c);

		if (size == 0) {
			c = BAD_BYTE + (unsigned char)s[0];
			size = 1;
		}
		if (!escape(t, c))
			text_add_bytes(t, s, size);
		s += size;
		n -= size;
	}
}

static bool
escape_safe(struct text *t, uint32_t c)
{
	if (c == '\n')
		text_add(t, "\\n");
	else if (c == '\r')
		text_add(t, "\\r");
	else if (c == '\t')
		text_add(t, "\\t");
	else if (c >= BAD_BYTE || (is_control(c) && c < 0x80))
		text_printf(t, "\\x%02x", c & 0xffu);
	else if (is_control(c))
		text_printf(t, "\\u%04x", c);
	else
		return false;
	return true;
}

void
text_add_safe(struct text *t, const char *s, size_t n)
{
	add_escaped(t, s, n, escape_safe);
}

static bool
escape_json(struct text *t, uint32_t c)
{
	if (c == '"' || c == '\\')
		text_printf(t, "\\%c", (int)c);
	else if (c == '\n')
		text_add(t, "\\n");
	else if (c >= BAD_BYTE)
		text_add(t, "\\ufffd");
	else if (is_control(c) && c > 0xffff)
		text_printf(t, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
			    0xdc00 + (c & 0x3ff));
	else if (is_control(c))
		text_printf(t, "\\u%04x", c);
	else
		return false;
	return true;
}

void
text_add_json(struct text *t, const char *s, size_t n)
{
	text_add_char(t, '"');
	add_escaped(t, s, n, escape_json);
	text_add_char(t, '"');
}

static bool
escape_csv(struct text *t, uint32_t c)
{
	if (c != '"')
		return escape_safe(t, c);
	text_add(t, "\"\"");
	return true;
}

void
text_add_csv(struct text *t, const char *s, size_t n)
{
	bool formula = n > 0 && memchr("=+-@\t\r\n", s[0], 7);
	bool quote = formula;

	for (size_t i = 0; i < n && !quote; i++)
		quote = memchr(",;\"", s[i], 3);
	if (!quote) {
		add_escaped(t, s, n, escape_safe);
		return;
	}
	text_add(t, formula ? "\"'" : "\"");
	add_escaped(t, s, n, escape_csv);
	text_add_char(t, '"');
}

static bool
escape_html(struct text *t, uint32_t c)
{
	switch (c) {
	case '&':
		text_add(t, "&amp;");
		break;
	case '<':
		text_add(t, "&lt;");
		break;
	case '>':
		text_add(t, "&gt;");
		break;
	case '"':
		text_add(t, "&quot;");
		break;
	case '\'':
		text_add(t, "&#39;");
		break;
	default:
		return escape_safe(t, c);
	}
	return true;
}

void
text_add_html(struct text *t, const char *s, size_t n)
{
	add_escaped(t, s, n, escape_html);
}
