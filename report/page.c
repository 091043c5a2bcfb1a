/*
 * page.c - colours and wrapped words.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/page.h"

#define PIPED_COLUMNS 80
#define WIDEST_TEXT 96		/* longer lines are hard to read */

/* SGR sequences (ECMA-48 s8.3.117). */
static const char *const style_sgr[N_PAGE_STYLES] = {
	[PAGE_PLAIN] = "\033[0m",
	[PAGE_BOLD] = "\033[1m",
	[PAGE_DIM] = "\033[2m",
	[PAGE_ERROR] = "\033[1;31m",
	[PAGE_WARNING] = "\033[33m",
	[PAGE_NOTE] = "\033[36m",
	[PAGE_GOOD] = "\033[32m",
};

bool
report_color_parse(const char *text, enum report_color *out)
{
	static const char *const names[] = {
		[REPORT_COLOR_AUTO] = "auto",
		[REPORT_COLOR_ALWAYS] = "always",
		[REPORT_COLOR_NEVER] = "never",
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text, names[i]) == 0) {
			*out = (enum report_color)i;
			return true;
		}
	return false;
}

/* no-color.org: any value but the empty one. */
static bool
color_is_wanted(bool terminal, enum report_color color)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color != REPORT_COLOR_AUTO)
		return color == REPORT_COLOR_ALWAYS;
	return terminal && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

void
page_init(struct page *p, FILE *to, enum report_color color)
{
	struct winsize size;
	int fd = fileno(to);

	text_init(&p->out);
	p->terminal = fd >= 0 && isatty(fd);
	p->columns = PIPED_COLUMNS;
	if (p->terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= 20)
		p->columns = size.ws_col;
	p->color = color_is_wanted(p->terminal, color);
}

void
page_release(struct page *p)
{
	text_release(&p->out);
}

int
page_write(const struct page *p, FILE *to)
{
	if (p->out.failed ||
	    fwrite(p->out.s, 1, p->out.len, to) != p->out.len ||
	    fflush(to) != 0)
		return -1;
	return 0;
}

void
page_style(struct page *p, enum page_style style)
{
	if (p->color)
		text_add(&p->out, style_sgr[style]);
}

void
page_raw(struct page *p, const char *text)
{
	text_add(&p->out, text);
}

void
page_add(struct page *p, const char *text)
{
	text_add_safe(&p->out, text, strlen(text));
}

void
page_printf(struct page *p, const char *format, ...)
{
	va_list args;
	char buf[1024];

	va_start(args, format);
	vsnprintf(buf, sizeof(buf), format, args);
	va_end(args);
	/* The newlines are ours, everything between them is not. */
	for (char *s = buf, *end; *s; s = end) {
		end = s + strcspn(s, "\n");
		text_add_safe(&p->out, s, (size_t)(end - s));
		if (*end) {
			text_add_char(&p->out, '\n');
			end++;
		}
	}
}

void
page_styled(struct page *p, enum page_style style, const char *text)
{
	page_style(p, style);
	page_add(p, text);
	page_style(p, PAGE_PLAIN);
}

void
page_wrap(struct page *p, size_t from, size_t indent, const char *text)
{
	size_t width = p->columns < WIDEST_TEXT ? p->columns : WIDEST_TEXT;
	size_t at = from;
	bool first = true;

	while (*(text += strspn(text, " "))) {
		size_t n = strcspn(text, " ");
		size_t columns = utf8_columns(text, n);

		if (!first && at + 1 + columns > width) {
			text_add_char(&p->out, '\n');
			text_add_spaces(&p->out, indent);
			at = indent;
		} else if (!first) {
			text_add_char(&p->out, ' ');
			at++;
		}
		text_add_safe(&p->out, text, n);
		at += columns;
		text += n;
		first = false;
	}
	text_add_char(&p->out, '\n');
}

enum page_style
page_severity(const char *severity)
{
	if (strcmp(severity, "error") == 0)
		return PAGE_ERROR;
	return strcmp(severity, "warning") == 0 ? PAGE_WARNING : PAGE_NOTE;
}
