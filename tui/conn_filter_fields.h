/*
 * conn_filter_fields.h - the words of the language of filters.
 */
#ifndef TUI_CONN_FILTER_FIELDS_H
#define TUI_CONN_FILTER_FIELDS_H

enum value_kind { V_NUMBER, V_SIZE, V_DURATION, V_TEXT, V_STATE, V_ADDR,
		  V_SEVERITY };

struct filter_field {
	const char *name, *other_name;
	enum value_kind kind;
	const char *sql[2];	/* either of two: client, server */
	const char *per_million;	/* what a value in per cent is of */
	const char *help;
};

/* A word that is true or false by itself. */
struct filter_flag {
	const char *name;
	const char *sql;
	const char *help;
};

/* NULL where there is no such word. */
const struct filter_field *filter_field_named(const char *word);
const struct filter_flag *filter_flag_named(const char *word);

/* The word that was meant by a slip, or NULL. */
const char *filter_word_like(const char *word);

#endif
