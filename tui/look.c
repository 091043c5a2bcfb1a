/*
 * look.c - the tables of look.h.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tui/look.h"
#include "tui/show.h"

#define N(table) (sizeof(table) / sizeof((table)[0]))

static const struct look states[] = {
	{ "CLOSED", '.', STYLE_CLOSED, "closed" },
	{ "LISTEN", 'l', STYLE_CLOSED, "listening" },
	{ "SYN-SENT", 's', STYLE_OPENING, "has sent SYN" },
	{ "SYN-RECEIVED", 'r', STYLE_OPENING, "has received SYN" },
	{ "ESTABLISHED", 'E', STYLE_OPEN, "established" },
	{ "FIN-WAIT-1", '1', STYLE_CLOSING, "has sent FIN" },
	{ "FIN-WAIT-2", '2', STYLE_CLOSING, "its FIN is acknowledged" },
	{ "CLOSE-WAIT", 'w', STYLE_WAITING,
	  "has received FIN, the application has not closed" },
	{ "CLOSING", 'c', STYLE_CLOSING, "both sent FIN" },
	{ "LAST-ACK", 'a', STYLE_CLOSING, "waits for the last ACK" },
	{ "TIME-WAIT", 'T', STYLE_CLOSED, "waits two segment lifetimes" },
};

static const struct look causes[] = {
	{ "application", 'A', STYLE_BY_APP, "nothing to send" },
	{ "receive_window", 'R', STYLE_BY_RWND, "the receiver's window" },
	{ "congestion_window", 'C', STYLE_BY_CWND, "the congestion window" },
	{ "bottleneck", 'B', STYLE_BY_PATH, "the bottleneck's rate" },
	{ "pacing", 'P', STYLE_BY_CWND, "the sender's own pacing" },
	{ "recovery", '!', STYLE_BY_RECOVERY, "recovery from loss" },
	{ "handshake", 's', STYLE_OPENING, "the handshake" },
	{ "nagle_delayed_ack", 'N', STYLE_BY_APP,
	  "Nagle's algorithm and delayed ACKs" },
	{ "idle", '.', STYLE_DIM, "idle" },
};

static const struct look *
find(const struct look *table, size_t n, const char *name)
{
	static const struct look unknown = { "", '?', STYLE_DIM, "unknown" };

	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return &unknown;
}

const struct look *
state_look(const char *name)
{
	return find(states, N(states), name);
}

const struct look *
cause_look(const char *name)
{
	return find(causes, N(causes), name);
}

const struct look *
state_look_at(size_t i)
{
	return i < N(states) ? &states[i] : NULL;
}

const struct look *
cause_look_at(size_t i)
{
	return i < N(causes) ? &causes[i] : NULL;
}

static const struct event_kind {
	const char *kind;
	struct mark_look mark;
	const char *what;	/* %l stands for the length */
} kinds[] = {
	{ "rtx_timeout", { '!', 8, STYLE_ERROR },
	  "retransmission of %l by time-out" },
	{ "rtx_fast", { '*', 6, STYLE_RTX }, "fast retransmission of %l" },
	{ "rtx_recovery", { '*', 5, STYLE_RTX },
	  "retransmission of %l during recovery" },
	{ "rtx_tlp", { '*', 5, STYLE_RTX }, "tail loss probe of %l" },
	{ "rtx_spurious", { '*', 5, STYLE_RTX },
	  "needless retransmission of %l" },
	{ "rtx_syn", { '!', 7, STYLE_ERROR }, "SYN sent again" },
	{ "rtx_other", { '*', 4, STYLE_RTX }, "retransmission of %l" },
	{ "duplicate", { 0, 0, STYLE_TEXT },
	  "the same packet, captured twice" },
	{ "out_of_order", { 0, 0, STYLE_TEXT },
	  "%l out of order: delayed by the network" },
	{ "keepalive", { 0, 0, STYLE_TEXT }, "keepalive" },
	{ "window_probe", { '0', 3, STYLE_WARNING },
	  "probe of a closed window" },
	{ "dup_ack", { 0, 0, STYLE_TEXT }, "duplicate ACK" },
	{ "zero_window", { '0', 7, STYLE_WARNING },
	  "closes its receive window: zero" },
	{ "window_full", { 0, 0, STYLE_TEXT },
	  "%l fill the receiver's window" },
	{ "window_update", { 0, 0, STYLE_TEXT }, "window update" },
	{ "previous_missing", { 0, 0, STYLE_TEXT },
	  "%l after a hole: what is before them was not seen" },
	{ "ack_of_unseen", { 0, 0, STYLE_TEXT },
	  "acknowledges bytes that were not captured" },
	{ "reset", { 'X', 9, STYLE_ERROR }, "reset" },
	{ "loss", { 0, 0, STYLE_TEXT }, "%l lost" },
	{ "icmp", { 'i', 6, STYLE_ERROR }, "ICMP error" },
};

static const struct event_kind *
find_kind(const char *kind)
{
	for (size_t i = 0; i < N(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return &kinds[i];
	return NULL;
}

struct mark_look
event_mark(const char *kind)
{
	const struct event_kind *k = find_kind(kind);

	return k ? k->mark : (struct mark_look){ 0 };
}

/* --- words ------------------------------------------------------------- */

struct out {
	char *buf;
	size_t size, len;
};

static void
put(struct out *o, const char *text)
{
	for (; *text && o->len + 1 < o->size; text++)
		o->buf[o->len++] = *text;
	if (o->size > 0)
		o->buf[o->len] = '\0';
}

static void
put_what(struct out *o, const char *what, int64_t len)
{
	char bytes[40];

	snprintf(bytes, sizeof(bytes), "%" PRId64 " byte%s", len,
		 len == 1 ? "" : "s");
	for (; *what; what++) {
		char one[2] = { *what, '\0' };

		if (what[0] == '%' && what[1] == 'l') {
			put(o, len > 0 ? bytes : "data");
			what++;
		} else {
			put(o, one);
		}
	}
}

/* "dup_acks" is "dup acks" to people. */
static void
put_name(struct out *o, const char *name)
{
	for (; *name; name++) {
		char one[2] = { *name == '_' ? ' ' : *name, '\0' };

		put(o, one);
	}
}

/* Members of detail that read better as a phrase around their value. */
static const struct {
	const char *kind;	/* NULL: of any event */
	const char *name, *before, *after;
} phrases[] = {
	{ "rtx_fast", "count", " after ", " duplicate ACKs" },
	{ "dup_ack", "count", ", number ", "" },
	{ "dup_ack", "ack", " of ", "" },
	{ "rtx_timeout", "count", ", number ", " in a row" },
	{ NULL, "why", ": ", "" },
	{ NULL, "where", ": ", "" },
	{ NULL, "meaning", ": ", "" },
	{ NULL, "waited_ns", " after ", "" },
	{ NULL, "was", "; it first looked like ", "" },
	{ NULL, "told_by_frame", "; packet ", " tells" },
	{ NULL, "lost", "; lost ", "" },
	{ NULL, "tshark", "; tshark says ", "" },
};

static bool
is_duration(const char *name)
{
	size_t n = strlen(name);

	return n > 3 && strcmp(name + n - 3, "_ns") == 0;
}

static bool
put_phrase(struct out *o, const char *kind, const char *name,
	   const char *value)
{
	for (size_t i = 0; i < N(phrases); i++)
		if (strcmp(phrases[i].name, name) == 0 &&
		    (!phrases[i].kind || strcmp(phrases[i].kind, kind) == 0)) {
			put(o, phrases[i].before);
			put_name(o, value);
			put(o, phrases[i].after);
			return true;
		}
	return false;
}

static void
put_member(struct out *o, const char *kind, const char *name,
	   const char *value)
{
	char figure[SHOW_SIZE], bare[64];
	bool duration = is_duration(name);
	int64_t ns = 0;

	if (duration && sscanf(value, "%" SCNd64, &ns) == 1)
		value = show_duration(figure, ns);
	if (put_phrase(o, kind, name, value))
		return;
	show_copy(bare, sizeof(bare), name);
	if (duration)
		bare[strlen(bare) - 3] = '\0';
	put(o, ", ");
	put_name(o, bare);
	put(o, " ");
	put(o, value);
}

static void
put_detail(struct out *o, const char *kind, const char *detail)
{
	char name[64], value[160];
	size_t at = 0;

	while (json_next(detail, &at, name, sizeof(name), value,
			 sizeof(value)))
		put_member(o, kind, name, value);
}

void
event_words(char *buf, size_t size, const char *kind, int64_t seq,
	    int64_t len, int64_t frame, const char *detail)
{
	const struct event_kind *k = find_kind(kind);
	struct out o = { buf, size, 0 };
	char number[48];

	(void)seq;
	put(&o, "");
	if (k)
		put_what(&o, k->what, len);
	else
		put_name(&o, kind);
	put_detail(&o, kind, detail);
	if (frame > 0) {
		snprintf(number, sizeof(number), "; packet %" PRId64, frame);
		put(&o, number);
	}
}

enum style
severity_style(const char *severity)
{
	switch (tolower((unsigned char)severity[0])) {
	case 'e':
		return STYLE_ERROR;
	case 'w':
		return STYLE_WARNING;
	default:
		return STYLE_NOTE;
	}
}
