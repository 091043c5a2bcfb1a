/*
 * show.h - numbers as people read them in a narrow column.
 *
 * Each function fills the caller's buffer and returns it.  NSTIME_NONE and
 * negative sizes are unknown: "-".
 */
#ifndef TUI_SHOW_H
#define TUI_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHOW_SIZE 32

/* At most six columns: "730us", "1.25ms", "12.5s", "3m05s", "2d04h". */
char *show_duration(char buf[SHOW_SIZE], int64_t ns);

/* At most five columns, powers of 1000: "999", "1.4k", "23M". */
char *show_size(char buf[SHOW_SIZE], int64_t n);

/* All digits in groups of three: "1,234,567". */
char *show_count(char buf[SHOW_SIZE], int64_t n);

/* Seconds with as many decimals as fit: "12.345678". */
char *show_seconds(char buf[SHOW_SIZE], int64_t ns, int decimals);

/* "2026-11-20 10:42:00.123 UTC" */
char *show_date(char buf[SHOW_SIZE], int64_t ns);

/* Copy, cut at the end where it is too long. */
void show_copy(char *to, size_t size, const char *from);

/* True if part occurs in text, upper and lower case alike. */
bool show_contains(const char *text, const char *part);

/*
 * The value of a member of a flat JSON object: strings without their quotes.
 * False if there is none.  Nested values are not looked into.
 */
bool json_member(const char *json, const char *name, char *to, size_t size);

/* Walk over the members: *at is 0 at first.  False at the end. */
bool json_next(const char *json, size_t *at, char *name, size_t name_size,
		    char *value, size_t value_size);

#endif
