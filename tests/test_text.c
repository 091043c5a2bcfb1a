/*
 * test_text.c - nothing from a packet reaches a terminal, JSON, CSV or HTML
 * as it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

typedef void escape(struct text *t, const char *s, size_t n);

static const struct {
	escape *escape;
	const char *in, *out;
} cases[] = {
	/* A terminal: controls of C0 and C1, direction, what is not UTF-8. */
	{ text_add_safe, "plain, caf\xc3\xa9", "plain, caf\xc3\xa9" },
	{ text_add_safe, "\033[2J\a", "\\x1b[2J\\x07" },
	{ text_add_safe, "a\nb\tc\r\x7f", "a\\nb\\tc\\r\\x7f" },
	{ text_add_safe, "\xc2\x9b" "31m", "\\u009b31m" },
	{ text_add_safe, "\xe2\x80\xae" "gpj", "\\u202egpj" },
	{ text_add_safe, "\xff\xc3", "\\xff\\xc3" },
	{ text_add_safe, "\xc0\xaf", "\\xc0\\xaf" },		/* overlong */
	{ text_add_safe, "\xed\xa0\x80", "\\xed\\xa0\\x80" },	/* surrogate */
	{ text_add_safe, "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
	/* RFC 8259 s7; and what a terminal would obey. */
	{ text_add_json, "a\"b\\c\n\001", "\"a\\\"b\\\\c\\n\\u0001\"" },
	{ text_add_json, "\x7f\xc2\x9b", "\"\\u007f\\u009b\"" },
	{ text_add_json, "caf\xc3\xa9 \xff", "\"caf\xc3\xa9 \\ufffd\"" },
	{ text_add_json, "\xf3\xa0\x80\x81", "\"\\udb40\\udc01\"" },
	/* RFC 4180; formulas are not to be run by a spreadsheet. */
	{ text_add_csv, "plain text", "plain text" },
	{ text_add_csv, "a,b", "\"a,b\"" },
	{ text_add_csv, "say \"hi\"", "\"say \"\"hi\"\"\"" },
	{ text_add_csv, "=HYPERLINK(1)", "\"'=HYPERLINK(1)\"" },
	{ text_add_csv, "@x", "\"'@x\"" },
	{ text_add_csv, "-1+cmd", "\"'-1+cmd\"" },
	{ text_add_csv, "a\033[m\n", "a\\x1b[m\\n" },
	{ text_add_csv, "", "" },
	/* HTML and SVG, in text and attributes. */
	{ text_add_html, "<b a='1' c=\"2\">&", "&lt;b a=&#39;1&#39; "
	  "c=&quot;2&quot;&gt;&amp;" },
	{ text_add_html, "\001", "\\x01" },
};

static void
each_place_has_its_escape(void **unused)
{
	struct text t;

	(void)unused;
	text_init(&t);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text_clear(&t);
		cases[i].escape(&t, cases[i].in, strlen(cases[i].in));
		assert_string_equal(t.s, cases[i].out);
	}
	text_release(&t);
}

/* Whatever the bytes, what comes out is printable ASCII or UTF-8. */
static void
all_pairs_of_bytes_come_out_safe(void **unused)
{
	static escape *const escapes[] = { text_add_safe, text_add_json,
					   text_add_csv, text_add_html };
	struct text t;

	(void)unused;
	text_init(&t);
	for (int pair = 0; pair < 65536; pair++) {
		char in[2] = { (char)(pair >> 8), (char)pair };

		for (size_t e = 0; e < 4; e++) {
			uint32_t c;

			text_clear(&t);
			escapes[e](&t, in, 2);
			for (size_t i = 0, n; i < t.len; i += n) {
				n = utf8_decode(t.s + i, t.len - i, &c);
				assert_true(n > 0);
				assert_true(c >= 0x20 && c != 0x7f &&
					    !(c >= 0x80 && c < 0xa0));
			}
		}
	}
	text_release(&t);
}

static void
text_grows(void **unused)
{
	struct text t;

	(void)unused;
	text_init(&t);
	assert_string_equal(t.s, "");
	for (int i = 0; i < 10000; i++)
		text_add_char(&t, (char)('a' + i % 26));
	assert_int_equal(t.len, 10000);
	assert_int_equal(strlen(t.s), 10000);
	text_clear(&t);
	assert_string_equal(t.s, "");
	text_add_int(&t, INT64_MIN);
	text_add_spaces(&t, 2);
	text_printf(&t, "%d|%s", 7, "x");
	assert_string_equal(t.s, "-9223372036854775808  7|x");
	assert_false(t.failed);
	text_release(&t);
}

static void
columns_are_characters(void **unused)
{
	(void)unused;
	assert_int_equal(utf8_columns("caf\xc3\xa9", 5), 4);
	assert_int_equal(utf8_columns("", 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_place_has_its_escape),
		cmocka_unit_test(all_pairs_of_bytes_come_out_safe),
		cmocka_unit_test(text_grows),
		cmocka_unit_test(columns_are_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
