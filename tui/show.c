/*
 * show.c - numbers for narrow columns, and flat JSON: show.h.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/nstime.h"
#include "tui/show.h"

/* Three significant digits of n / unit, and the unit's name. */
static char *
three_digits(char buf[SHOW_SIZE], double n, const char *unit)
{
	int decimals = n < 9.995 ? 2 : n < 99.95 ? 1 : 0;

	snprintf(buf, SHOW_SIZE, "%.*f%s", decimals, n, unit);
	return buf;
}

static char *
long_duration(char buf[SHOW_SIZE], int64_t s)
{
	if (s < 3600)
		snprintf(buf, SHOW_SIZE, "%" PRId64 "m%02ds", s / 60,
			 (int)(s % 60));
	else if (s < 100 * 3600)
		snprintf(buf, SHOW_SIZE, "%" PRId64 "h%02dm", s / 3600,
			 (int)(s / 60 % 60));
	else
		snprintf(buf, SHOW_SIZE, "%" PRId64 "d%02dh", s / 86400,
			 (int)(s / 3600 % 24));
	return buf;
}

char *
show_duration(char buf[SHOW_SIZE], int64_t ns)
{
	double n = (double)ns;

	if (ns == NSTIME_NONE || ns < 0) {
		strcpy(buf, "-");
		return buf;
	}
	if (ns < NS_PER_US)
		snprintf(buf, SHOW_SIZE, "%dns", (int)ns);
	else if (ns < NS_PER_MS)
		three_digits(buf, n / 1e3, "us");
	else if (ns < NS_PER_S)
		three_digits(buf, n / 1e6, "ms");
	else if (ns < 60 * NS_PER_S)
		three_digits(buf, n / 1e9, "s");
	else
		long_duration(buf, ns / NS_PER_S);
	return buf;
}

char *
show_size(char buf[SHOW_SIZE], int64_t n)
{
	static const char unit[][2] = { "", "k", "M", "G", "T", "P", "E" };
	double v = (double)n;
	int u = 0;

	if (n < 0) {
		strcpy(buf, "-");
		return buf;
	}
	while (v >= 999.5 && u < 6) {
		v /= 1000;
		u++;
	}
	if (u == 0)
		snprintf(buf, SHOW_SIZE, "%d", (int)n);
	else
		snprintf(buf, SHOW_SIZE, "%.*f%s", v < 9.95 ? 1 : 0, v,
			 unit[u]);
	return buf;
}

char *
show_count(char buf[SHOW_SIZE], int64_t n)
{
	char digits[SHOW_SIZE];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, n < 0 ? 0 : n);
	char *to = buf;

	if (n < 0) {
		strcpy(buf, "-");
		return buf;
	}
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return buf;
}

char *
show_seconds(char buf[SHOW_SIZE], int64_t ns, int decimals)
{
	if (ns == NSTIME_NONE)
		strcpy(buf, "-");
	else
		snprintf(buf, SHOW_SIZE, "%.*f", decimals, (double)ns / 1e9);
	return buf;
}

char *
show_date(char buf[SHOW_SIZE], int64_t ns)
{
	time_t s = (time_t)(ns / NS_PER_S);
	struct tm tm;
	size_t len;

	if (ns == NSTIME_NONE || !gmtime_r(&s, &tm)) {
		strcpy(buf, "-");
		return buf;
	}
	len = strftime(buf, SHOW_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
	if (len + 9 < SHOW_SIZE)
		snprintf(buf + len, SHOW_SIZE - len, ".%03d UTC",
			 (int)(ns / NS_PER_MS % 1000));
	return buf;
}

void
show_copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (size == 0)
		return;
	if (len >= size)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

bool
show_contains(const char *text, const char *part)
{
	size_t n = strlen(part);

	for (; *text; text++) {
		size_t i = 0;

		while (i < n && tolower((unsigned char)text[i]) ==
				tolower((unsigned char)part[i]))
			i++;
		if (i == n)
			return true;
	}
	return n == 0;
}

static size_t
skip_space(const char *json, size_t at)
{
	while (json[at] == ' ' || json[at] == ',' || json[at] == '{' ||
	       json[at] == '\n' || json[at] == '\t')
		at++;
	return at;
}

/* A string from its first quote on; escapes lose their backslash. */
static size_t
json_string(const char *json, size_t at, char *to, size_t size)
{
	size_t n = 0;

	for (at++; json[at] && json[at] != '"'; at++) {
		if (json[at] == '\\' && json[at + 1])
			at++;
		if (n + 1 < size)
			to[n++] = json[at];
	}
	to[n] = '\0';
	return json[at] ? at + 1 : at;
}

/* A number, a word, or a nested value as it is written. */
static size_t
json_bare(const char *json, size_t at, char *to, size_t size)
{
	size_t n = 0;
	int depth = 0;

	for (; json[at]; at++) {
		if (json[at] == '[' || json[at] == '{')
			depth++;
		if (depth == 0 && (json[at] == ',' || json[at] == '}'))
			break;
		if (json[at] == ']' || json[at] == '}')
			depth--;
		if (n + 1 < size)
			to[n++] = json[at];
	}
	to[n] = '\0';
	return at;
}

bool
json_next(const char *json, size_t *at, char *name, size_t name_size,
	       char *value, size_t value_size)
{
	size_t i = skip_space(json, *at);

	if (json[i] != '"')
		return false;
	i = json_string(json, i, name, name_size);
	while (json[i] == ' ' || json[i] == ':')
		i++;
	if (json[i] == '"')
		i = json_string(json, i, value, value_size);
	else
		i = json_bare(json, i, value, value_size);
	*at = i;
	return true;
}

bool
json_member(const char *json, const char *name, char *to, size_t size)
{
	char member[64];
	size_t at = 0;

	while (json_next(json, &at, member, sizeof(member), to, size))
		if (strcmp(member, name) == 0)
			return true;
	to[0] = '\0';
	return false;
}
