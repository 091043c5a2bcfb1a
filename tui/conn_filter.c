/*
 * conn_filter.c - a recursive descent over the words of a filter.
 *
 *	any   = all { "or" all }
 *	all   = one { ["and"] one }
 *	one   = "not" one | "(" any ")" | flag | address
 *	      | field [operator] value
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tui/conn_filter.h"
#include "tui/conn_filter_fields.h"
#include "tui/show.h"

static const char *const states[] = {
	"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED",
	"FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK",
	"TIME-WAIT",
};
#define N_STATES (sizeof(states) / sizeof(states[0]))

struct parser {
	struct conn_filter *f;
	const char *text;
	size_t at;		/* of the token that comes next */
	size_t end;
	char word[128];		/* that token; "" at the end of the text */
	bool quoted;
	int depth;
};

static void
fail(struct parser *p, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void
fail(struct parser *p, size_t at, const char *fmt, ...)
{
	va_list ap;

	if (p->f->error[0])
		return;
	va_start(ap, fmt);
	vsnprintf(p->f->error, sizeof(p->f->error), fmt, ap);
	va_end(ap);
	p->f->error_at = at;
}

static bool
failed(const struct parser *p)
{
	return p->f->error[0] != '\0';
}

static void
emit(struct parser *p, const char *sql)
{
	size_t len = strlen(p->f->sql), more = strlen(sql);

	if (len + more + 1 > sizeof(p->f->sql))
		fail(p, p->at, "the filter is too long");
	else
		memcpy(p->f->sql + len, sql, more + 1);
}

/* --- words ------------------------------------------------------------- */

static bool
is_operator(char ch)
{
	return ch != '\0' && strchr("<>=!~", ch);
}

static bool
is_word(char ch)
{
	return ch != '\0' && !isspace((unsigned char)ch) &&
	       !is_operator(ch) && !strchr("()\"'", ch);
}

static size_t
quoted_end(struct parser *p, size_t from)
{
	size_t end = from + 1;

	while (p->text[end] && p->text[end] != p->text[from])
		end++;
	if (p->text[end] == '\0')
		fail(p, from, "a quote is not closed");
	return end;
}

static void
next(struct parser *p)
{
	const char *t = p->text;
	size_t from = p->end, to;

	while (isspace((unsigned char)t[from]))
		from++;
	p->at = to = from;
	p->quoted = t[from] == '"' || t[from] == '\'';
	if (p->quoted) {
		to = quoted_end(p, from);
		p->end = t[to] ? to + 1 : to;
		from++;
	} else {
		if (is_word(t[to]))
			while (is_word(t[to]))
				to++;
		else if (is_operator(t[to]))
			while (is_operator(t[to]))
				to++;
		else if (t[to])
			to++;
		p->end = to;
	}
	if (to - from >= sizeof(p->word)) {
		fail(p, from, "a word is too long");
		to = from;
	}
	snprintf(p->word, sizeof(p->word), "%.*s", (int)(to - from), t + from);
}

static bool
at_end(const struct parser *p)
{
	return p->word[0] == '\0' && !p->quoted;
}

static bool
is(const struct parser *p, const char *word)
{
	return !p->quoted && strcasecmp(p->word, word) == 0;
}

/* --- values ------------------------------------------------------------ */

static struct conn_filter_value *
new_value(struct parser *p, char parameter[8])
{
	struct conn_filter *f = p->f;

	if (f->n_values == FILTER_VALUES) {
		fail(p, p->at, "more than %d values", FILTER_VALUES);
		return NULL;
	}
	snprintf(parameter, 8, "?%zu", FILTER_FIRST_PARAMETER + f->n_values);
	return &f->value[f->n_values++];
}

static const struct {
	enum value_kind kind;
	const char *name;
	double factor;
} units[] = {
	{ V_DURATION, "ns", 1 }, { V_DURATION, "us", 1e3 },
	{ V_DURATION, "ms", 1e6 }, { V_DURATION, "s", 1e9 },
	{ V_DURATION, "m", 60e9 }, { V_DURATION, "min", 60e9 },
	{ V_DURATION, "h", 3600e9 },
	{ V_SIZE, "k", 1e3 }, { V_SIZE, "m", 1e6 }, { V_SIZE, "g", 1e9 },
	{ V_SIZE, "kB", 1e3 }, { V_SIZE, "mb", 1e6 }, { V_SIZE, "gb", 1e9 },
	{ V_SIZE, "kib", 1024 }, { V_SIZE, "mib", 1048576.0 },
	{ V_SIZE, "gib", 1073741824.0 },
};

static bool
unit_factor(enum value_kind kind, const char *unit, double *factor)
{
	*factor = 1;
	if (*unit == '\0')
		return kind != V_DURATION;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].kind == kind &&
		    strcasecmp(units[i].name, unit) == 0) {
			*factor = units[i].factor;
			return true;
		}
	return false;
}

/* False where the word is not a number of that kind: an error is set. */
static bool
read_number(struct parser *p, const struct filter_field *f, int64_t *number,
	    bool *percent)
{
	char *end;
	double v = strtod(p->word, &end), factor = 1;

	*percent = false;
	if (!isdigit((unsigned char)p->word[0])) {
		fail(p, p->at, "'%s' needs a number, not '%s'", f->name,
		     p->word);
		return false;
	}
	if (strcmp(end, "%") == 0 && f->per_million) {
		*percent = true;
		factor = 1e4;
	} else if (!unit_factor(f->kind, end, &factor)) {
		if (f->kind == V_DURATION)
			fail(p, p->at, "'%s' needs a unit: ns, us, ms, s, m, h",
			     p->word);
		else
			fail(p, p->at, "'%s' is not a unit of '%s'", end,
			     f->name);
		return false;
	}
	v *= factor;
	if (!(v < 9e18)) {
		fail(p, p->at, "'%s' is too large", p->word);
		return false;
	}
	*number = (int64_t)v;
	return true;
}

static bool
read_state(struct parser *p)
{
	for (size_t i = 0; i < N_STATES; i++) {
		const char *a = states[i], *b = p->word;

		while (*a && (toupper((unsigned char)*b) == *a ||
			      (*a == '-' && *b == '_'))) {
			a++;
			b++;
		}
		if (*a == '\0' && *b == '\0') {
			show_copy(p->word, sizeof(p->word), states[i]);
			return true;
		}
	}
	fail(p, p->at, "'%s' is not a state: ESTABLISHED, FIN-WAIT-1, "
	     "TIME-WAIT, CLOSED, ...", p->word);
	return false;
}

static bool
read_severity(struct parser *p, int64_t *number)
{
	static const char *const names[] = { "note", "warning", "error" };

	for (int i = 0; i < 3; i++)
		if (strcasecmp(p->word, names[i]) == 0) {
			*number = i + 1;
			return true;
		}
	fail(p, p->at, "'%s' is not a severity: note, warning, error",
	     p->word);
	return false;
}

/* 10.0.0.0/24 becomes the pattern 10.0.0.*; true if the word is a pattern. */
static bool
read_prefix(struct parser *p)
{
	char *slash = strchr(p->word, '/');
	int bits, dots = 0;
	char *q = p->word;

	if (!slash)
		return strchr(p->word, '*') != NULL;
	bits = atoi(slash + 1);
	*slash = '\0';
	if (bits != 8 && bits != 16 && bits != 24) {
		fail(p, p->at, "only /8, /16 and /24, or a pattern such as "
		     "fd00:1:*");
		return false;
	}
	while (*q && dots < bits / 8)
		dots += *q++ == '.';
	if (dots < bits / 8)
		fail(p, p->at, "'%s' is not an IPv4 address", p->word);
	else
		strcpy(q, "*");
	return true;
}

/* --- terms ------------------------------------------------------------- */

static const struct {
	const char *word, *sql;
	bool ordered;
} operators[] = {
	{ "=", " = ", false }, { "==", " = ", false },
	{ "!=", " = ", false },	/* under NOT */
	{ "<>", " = ", false },
	{ "<", " < ", true }, { "<=", " <= ", true },
	{ ">", " > ", true }, { ">=", " >= ", true },
	{ "~", " LIKE ", false },
};
#define N_OPERATORS (sizeof(operators) / sizeof(operators[0]))

static bool
is_text_kind(enum value_kind kind)
{
	return kind == V_TEXT || kind == V_STATE || kind == V_ADDR;
}

static void
compare(struct parser *p, const char *const sql[2], bool negated,
	const char *op, const char *parameter)
{
	const char *after = strcmp(op, " LIKE ") == 0 ? " ESCAPE '\\'" : "";

	/* What is unknown is not equal to anything. */
	emit(p, negated ? "NOT ifnull(" : "(");
	for (int i = 0; i < 2 && sql[i]; i++) {
		emit(p, i ? " OR " : "");
		emit(p, sql[i]);
		emit(p, op);
		emit(p, parameter);
		emit(p, after);
	}
	emit(p, negated ? ", 0)" : ")");
}

/* A part of a text, as a LIKE pattern. */
static void
like_pattern(char to[128], const char *part)
{
	size_t n = 0;

	to[n++] = '%';
	for (; *part && n + 4 < 128; part++) {
		if (strchr("%_\\", *part))
			to[n++] = '\\';
		to[n++] = *part;
	}
	to[n++] = '%';
	to[n] = '\0';
}

static void
text_term(struct parser *p, const struct filter_field *f, size_t op)
{
	const char *sql = operators[op].sql;
	char parameter[8];
	struct conn_filter_value *v;

	if (operators[op].ordered) {
		fail(p, p->at, "'%s' is text: use =, != or ~", f->name);
		return;
	}
	if (f->kind == V_STATE && operators[op].word[0] != '~' &&
	    !read_state(p))
		return;
	if (f->kind == V_ADDR && read_prefix(p) && operators[op].word[0] != '~')
		sql = " GLOB ";
	v = new_value(p, parameter);
	if (!v)
		return;
	v->is_text = true;
	if (operators[op].word[0] == '~')
		like_pattern(v->text, p->word);
	else
		show_copy(v->text, sizeof(v->text), p->word);
	compare(p, f->sql, strcmp(operators[op].word, "!=") == 0 ||
		strcmp(operators[op].word, "<>") == 0, sql, parameter);
}

static void
number_term(struct parser *p, const struct filter_field *f, size_t op)
{
	const char *const share[2] = { f->per_million, NULL };
	bool percent = false;
	char parameter[8];
	int64_t number;
	struct conn_filter_value *v;

	if (operators[op].word[0] == '~') {
		fail(p, p->at, "'%s' is a number: ~ is for text", f->name);
		return;
	}
	if (f->kind == V_SEVERITY ? !read_severity(p, &number)
				  : !read_number(p, f, &number, &percent))
		return;
	v = new_value(p, parameter);
	if (!v)
		return;
	v->number = number;
	compare(p, percent ? share : f->sql,
		strcmp(operators[op].word, "!=") == 0 ||
		strcmp(operators[op].word, "<>") == 0,
		operators[op].sql, parameter);
}

/* The operator that comes next; "=" is meant where there is none. */
static bool
read_operator(struct parser *p, size_t *op)
{
	*op = 0;
	if (p->quoted || !is_operator(p->word[0]))
		return true;
	for (size_t i = 0; i < N_OPERATORS; i++)
		if (strcmp(p->word, operators[i].word) == 0) {
			*op = i;
			next(p);
			return true;
		}
	fail(p, p->at, "'%s' is not an operator: = != < <= > >= ~", p->word);
	return false;
}

static void
field_term(struct parser *p, const struct filter_field *f)
{
	size_t op;

	next(p);
	if (!read_operator(p, &op))
		return;
	if (at_end(p) || is(p, ")")) {
		fail(p, p->at, "'%s' needs a value", f->name);
		return;
	}
	if (is_text_kind(f->kind))
		text_term(p, f, op);
	else
		number_term(p, f, op);
	next(p);
}

static void
unknown_word(struct parser *p)
{
	const char *best = filter_word_like(p->word);

	if (isdigit((unsigned char)p->word[0]))
		fail(p, p->at, "what is %s? write 'port %s' or 'conn %s'",
		     p->word, p->word, p->word);
	else if (best)
		fail(p, p->at, "there is no '%s': did you mean '%s'?",
		     p->word, best);
	else
		fail(p, p->at, "there is no '%s': ? lists the words", p->word);
}

static bool
looks_like_address(const char *word)
{
	size_t n = strspn(word, "0123456789abcdefABCDEF:.*/");

	return word[n] == '\0' && n > 3 &&
	       (strchr(word, ':') || strchr(word, '.'));
}

static void any(struct parser *p);

static void
group(struct parser *p)
{
	size_t from = p->at;

	next(p);
	emit(p, "(");
	any(p);
	if (!is(p, ")"))
		fail(p, from, "a '(' is not closed");
	emit(p, ")");
	next(p);
}

static void
one(struct parser *p)
{
	const struct filter_field *f = filter_field_named(p->word);
	const struct filter_flag *flag = filter_flag_named(p->word);

	if (failed(p) || ++p->depth > 50) {
		fail(p, p->at, "the filter is nested too deeply");
		return;
	}
	if (at_end(p)) {
		fail(p, p->at, "something is missing at the end");
	} else if (is(p, "not") || is(p, "!")) {
		next(p);
		emit(p, "NOT ifnull(");
		one(p);
		emit(p, ", 0)");
	} else if (is(p, "(")) {
		group(p);
	} else if (flag && !p->quoted) {
		emit(p, "(");
		emit(p, flag->sql);
		emit(p, ")");
		next(p);
	} else if (f && !p->quoted) {
		field_term(p, f);
	} else if (looks_like_address(p->word)) {
		text_term(p, filter_field_named("host"), 0);
		next(p);
	} else {
		unknown_word(p);
	}
	p->depth--;
}

static void
all(struct parser *p)
{
	one(p);
	while (!failed(p) && !at_end(p) && !is(p, "or") && !is(p, "||") &&
	       !is(p, ")")) {
		if (is(p, "and") || is(p, "&&"))
			next(p);
		emit(p, " AND ");
		one(p);
	}
}

static void
any(struct parser *p)
{
	all(p);
	while (!failed(p) && (is(p, "or") || is(p, "||"))) {
		next(p);
		emit(p, " OR ");
		all(p);
	}
}

static void
raw_sql(struct parser *p)
{
	const char *rest = p->text + p->end;

	while (isspace((unsigned char)*rest))
		rest++;
	if (*rest == '\0') {
		fail(p, p->end, "'sql' needs an expression over the view conn");
		return;
	}
	emit(p, "(");
	emit(p, rest);
	emit(p, "\n)");
}

bool
conn_filter_compile(struct conn_filter *f, const char *text)
{
	struct parser p = { .f = f, .text = text };

	memset(f, 0, sizeof(*f));
	next(&p);
	if (at_end(&p))
		return !failed(&p);
	if (is(&p, "sql") || is(&p, "where")) {
		raw_sql(&p);
		return !failed(&p);
	}
	emit(&p, "(");
	any(&p);
	emit(&p, ")");
	if (!failed(&p) && !at_end(&p))
		fail(&p, p.at, "'%s' is one too many", p.word);
	return !failed(&p);
}
