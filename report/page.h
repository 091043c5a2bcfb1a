/*
 * page.h - text for a terminal: colours, words wrapped to its width.
 *
 * A page is composed in memory and written at once.  Whatever is added by
 * page_add() and page_wrap() is made safe for a terminal; page_raw() is for
 * our own words only.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

enum report_color {
	REPORT_COLOR_AUTO,	/* on a terminal, unless NO_COLOR, TERM=dumb */
	REPORT_COLOR_ALWAYS,
	REPORT_COLOR_NEVER,
};

/* "auto", "always", "never"; false: none of these. */
bool report_color_parse(const char *text, enum report_color *out);

enum page_style {
	PAGE_PLAIN,
	PAGE_BOLD,
	PAGE_DIM,
	PAGE_ERROR,
	PAGE_WARNING,
	PAGE_NOTE,
	PAGE_GOOD,
	N_PAGE_STYLES
};

struct page {
	struct text out;
	size_t columns;		/* of the terminal; 80 where it is none */
	bool color;
	bool terminal;
};

void page_init(struct page *p, FILE *to, enum report_color color);
void page_release(struct page *p);

/* 0, or -1: to cannot be written, or memory was short. */
int page_write(const struct page *p, FILE *to);

void page_style(struct page *p, enum page_style style);
void page_raw(struct page *p, const char *text);
void page_add(struct page *p, const char *text);
void page_printf(struct page *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void page_styled(struct page *p, enum page_style style, const char *text);

/* Words from the column `from` on, where the line stands, in lines that begin
   at `indent`; ends with a newline. */
void page_wrap(struct page *p, size_t from, size_t indent, const char *text);

/* The style of "error", "warning", "note". */
enum page_style page_severity(const char *severity);

#endif
