/*
 * units.h - numbers as people read them.
 *
 * All write into the caller's buffer and return it.  NSTIME_NONE, which is
 * ROW_NULL, is "-".
 */
#ifndef REPORT_UNITS_H
#define REPORT_UNITS_H

#include <stdint.h>

#define UNITS_SIZE 48

const char *units_duration(int64_t ns, char buf[UNITS_SIZE]);	/* "1.25 s" */
const char *units_bytes(int64_t bytes, char buf[UNITS_SIZE]);	/* "1.2 MB" */
const char *units_rate(int64_t bits_per_s, char buf[UNITS_SIZE]);	/* "1.2 Mb/s" */
const char *units_count(int64_t n, char buf[UNITS_SIZE]);	/* "1,234" */

/* "2023-11-14 22:13:20.123456 UTC" */
const char *units_time(int64_t ns, char buf[UNITS_SIZE]);

/* "1 connection", "1,234 connections" */
const char *units_plural(int64_t n, const char *noun, char buf[UNITS_SIZE]);

#endif
