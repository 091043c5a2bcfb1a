/*
 * segpcap_scan.c - takes one line of a script apart, word by word.
 *
 * There is one line at a time, hence one scanner.  Whatever does not fit ends
 * the program with the line's number: a script is documentation, and one that
 * is not understood must not yield a capture.
 */
#include "config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/segpcap.h"

static const char *file_name;
static int line_number;
static const char *pos;
static char word[256];

void
bad(const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", file_name, line_number);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

void
scan_line(const char *file, int number, const char *line)
{
	file_name = file;
	line_number = number;
	pos = line;
}

static void
skip_blanks(void)
{
	while (isspace((unsigned char)*pos))
		pos++;
}

char
scan_peek(void)
{
	skip_blanks();
	return *pos;
}

bool
scan_end(void)
{
	char c = scan_peek();

	return c == '\0' || c == '#';
}

bool
scan_char(char c)
{
	if (scan_peek() != c)
		return false;
	pos++;
	return true;
}

static const char *
take(size_t n)
{
	if (n >= sizeof(word))
		bad("a word of %zu characters", n);
	memcpy(word, pos, n);
	word[n] = '\0';
	pos += n;
	return n ? word : NULL;
}

const char *
scan_word(void)
{
	skip_blanks();
	return take(strcspn(pos, " \t\r\n,<>{}()#"));
}

const char *
scan_token(void)
{
	skip_blanks();
	return take(strcspn(pos, " \t\r\n"));
}

bool
scan_is(const char *wanted)
{
	const char *before = pos;
	const char *got = scan_word();

	if (got && strcmp(got, wanted) == 0)
		return true;
	pos = before;
	return false;
}

int64_t
scan_number(void)
{
	char *end;
	long long v;

	skip_blanks();
	v = strtoll(pos, &end, 0);
	if (end == pos)
		bad("a number is missing before '%s'", pos);
	pos = end;
	return v;
}

uint64_t
scan_seconds(void)
{
	uint64_t sec, frac = 0, unit = 1000000000;

	skip_blanks();
	if (!isdigit((unsigned char)*pos))
		bad("a time is missing before '%s'", pos);
	for (sec = 0; isdigit((unsigned char)*pos); pos++)
		sec = sec * 10 + (uint64_t)(*pos - '0');
	if (*pos == '.')
		for (pos++; isdigit((unsigned char)*pos); pos++)
			if (unit > 1)
				frac += (uint64_t)(*pos - '0') * (unit /= 10);
	return sec * 1000000000 + frac;
}

static unsigned
hex_digit(void)
{
	unsigned char c = (unsigned char)*pos++;

	if (!isxdigit(c))
		bad("'%c' is no hexadecimal digit", c);
	return (unsigned)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
}

static unsigned
hex_pair(void)
{
	unsigned high = hex_digit();

	return high << 4 | hex_digit();
}

static unsigned
escape(void)
{
	static const char names[] = "rntabfve0", values[] = "\r\n\t\a\b\f\v\033";
	char c = *pos++;
	const char *name = c ? strchr(names, c) : NULL;

	if (c == 'x')
		return hex_pair();
	return name ? (unsigned char)values[name - names] : (unsigned char)c;
}

void
scan_string(struct bytes *out)
{
	if (!scan_char('"'))
		bad("a string is missing before '%s'", pos);
	while (*pos != '"') {
		if (*pos == '\0')
			bad("a string without its end");
		if (*pos == '\\') {
			pos++;
			put8(out, escape());
		} else {
			put8(out, (unsigned char)*pos++);
		}
	}
	pos++;
}

void
scan_hex(struct bytes *out)
{
	for (skip_blanks(); isxdigit((unsigned char)*pos); skip_blanks())
		put8(out, hex_pair());
}
