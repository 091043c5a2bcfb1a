/*
 * units.c - three digits and a unit.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/nstime.h"
#include "report/units.h"

#define EXACT_BYTES 100000	/* below this, to the byte */

struct unit {
	double size;
	const char *name;
};

/* Decimal units, each for values up to a thousand of it. */
static const char *
scaled(double value, const struct unit *unit, char *buf)
{
	double v;

	while (unit[1].name && fabs(value) >= 999.5 * unit->size)
		unit++;
	v = value / unit->size;
	snprintf(buf, UNITS_SIZE, fabs(v) >= 99.95 || v == floor(v) ? "%.0f %s"
		 : fabs(v) >= 9.995 ? "%.1f %s" : "%.2f %s", v, unit->name);
	return buf;
}

static const char *
unknown(char *buf)
{
	return strcpy(buf, "-");
}

const char *
units_duration(int64_t ns, char buf[UNITS_SIZE])
{
	static const struct unit units[] = {
		{ 1, "ns" }, { 1e3, "us" }, { 1e6, "ms" }, { 1e9, "s" },
		{ 0, NULL },
	};

	if (ns == NSTIME_NONE)
		return unknown(buf);
	if (ns >= 600 * NS_PER_S) {
		snprintf(buf, UNITS_SIZE, "%" PRId64 " min %" PRId64 " s",
			 ns / (60 * NS_PER_S), ns / NS_PER_S % 60);
		return buf;
	}
	return scaled((double)ns, units, buf);
}

const char *
units_rate(int64_t bits_per_s, char buf[UNITS_SIZE])
{
	static const struct unit units[] = {
		{ 1, "b/s" }, { 1e3, "kb/s" }, { 1e6, "Mb/s" },
		{ 1e9, "Gb/s" }, { 0, NULL },
	};

	return bits_per_s == NSTIME_NONE ? unknown(buf) :
	       scaled((double)bits_per_s, units, buf);
}

const char *
units_bytes(int64_t bytes, char buf[UNITS_SIZE])
{
	static const struct unit units[] = {
		{ 1, "B" }, { 1e3, "kB" }, { 1e6, "MB" }, { 1e9, "GB" },
		{ 1e12, "TB" }, { 0, NULL },
	};

	char exact[UNITS_SIZE];

	if (bytes == NSTIME_NONE)
		return unknown(buf);
	if (bytes < EXACT_BYTES) {
		snprintf(buf, UNITS_SIZE, "%.40s B", units_count(bytes, exact));
		return buf;
	}
	return scaled((double)bytes, units, buf);
}

const char *
units_count(int64_t n, char buf[UNITS_SIZE])
{
	char digits[24];
	int len, out = 0;

	if (n == NSTIME_NONE)
		return unknown(buf);
	len = snprintf(digits, sizeof(digits), "%" PRId64, n);
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
			buf[out++] = ',';
		buf[out++] = digits[i];
	}
	buf[out] = '\0';
	return buf;
}

const char *
units_time(int64_t ns, char buf[UNITS_SIZE])
{
	time_t seconds = (time_t)(ns / NS_PER_S);
	int64_t rest = ns % NS_PER_S;
	struct tm tm;
	size_t n;

	if (ns == NSTIME_NONE)
		return unknown(buf);
	if (rest < 0) {
		rest += NS_PER_S;
		seconds--;
	}
	if (!gmtime_r(&seconds, &tm))
		return unknown(buf);
	n = strftime(buf, UNITS_SIZE, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(buf + n, UNITS_SIZE - n, ".%06" PRId64 " UTC",
		 rest / NS_PER_US);
	return buf;
}

const char *
units_plural(int64_t n, const char *noun, char buf[UNITS_SIZE])
{
	char count[UNITS_SIZE];

	snprintf(buf, UNITS_SIZE, "%s %s%s", units_count(n, count), noun,
		 n == 1 ? "" : "s");
	return buf;
}
