/*
 * command.c - messages and small parsers of all commands.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nstime.h"
#include "cli/command.h"

static void
complain_list(const char *format, va_list args)
{
	fflush(stdout);
	fputs("tcpsaw: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void
complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_list(format, args);
	va_end(args);
}

int
complain_usage(const char *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_list(format, args);
	va_end(args);
	fprintf(stderr, "try 'tcpsaw %s%s--help'\n", command,
		*command ? " " : "");
	return STATUS_USAGE;
}

char *
words_join(char *const *words, size_t n)
{
	size_t len = 1;
	char *joined, *at;

	if (n == 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		len += strlen(words[i]) + 1;
	joined = at = malloc(len);
	if (!joined)
		return NULL;
	for (size_t i = 0; i < n; i++)
		at += sprintf(at, "%s%s", i ? " " : "", words[i]);
	return joined;
}

bool
parse_size(const char *text, size_t *out)
{
	static const char units[] = "KMGT";
	unsigned long long value;
	unsigned shift = 0;
	const char *unit;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || end == text || *text == '-')
		return false;
	if (*end) {
		unit = strchr(units, *end & ~0x20);
		if (!unit || end[1])
			return false;
		shift = 10 * (unsigned)(unit - units + 1);
	}
	if (value > SIZE_MAX >> shift)
		return false;
	*out = (size_t)value << shift;
	return true;
}

bool
parse_time(const char *text, int64_t *out)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
		      { '\0', 1 } };
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (end == text || *text == '-' || n == 0 || n > 1000000 ||
	    (*end && end[1]))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == *end) {
			*out = (int64_t)n * units[i].seconds * NS_PER_S;
			return true;
		}
	return false;
}

bool
parse_conn(const char *text, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	return end != text && *end == '\0' && errno == 0 && *out > 0;
}

bool
parse_severity(const char *text)
{
	return strcmp(text, "warning") == 0 || strcmp(text, "error") == 0;
}
