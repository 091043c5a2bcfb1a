/*
 * finding.c - see finding.h.
 */
#include <stdarg.h>
#include <stdio.h>

#include "analysis/finding.h"

void
finding_begin(struct finding *f, const struct analysis *an, int side,
	      const char *severity, const char *code, double confidence)
{
	row_init(ROW_FINDING, &f->row);
	f->row.conn = an->conn->handle;
	if (side < N_SIDES)
		f->row.side = side;
	f->row.severity = severity;
	f->row.code = code;
	f->row.start_ns = an->conn->first;
	f->row.end_ns = an->conn->last;
	f->row.confidence = an->quality->packets_dropped ? confidence * 0.8
							 : confidence;
	f->row.n_evidence = 0;
	f->title[0] = f->text[0] = '\0';
	f->len = 0;
}

void
finding_title(struct finding *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->title, sizeof(f->title), format, args);
	va_end(args);
}

void
finding_say(struct finding *f, const char *format, ...)
{
	size_t left = sizeof(f->text) - f->len;
	va_list args;
	int n;

	if (f->len > 0 && left > 1) {
		f->text[f->len++] = ' ';
		left--;
	}
	va_start(args, format);
	n = vsnprintf(f->text + f->len, left, format, args);
	va_end(args);
	if (n > 0)
		f->len += (size_t)n < left ? (size_t)n : left - 1;
}

void
finding_evidence(struct finding *f, uint64_t frame, const char *note)
{
	if (frame == 0 || f->row.n_evidence == FINDING_EVIDENCE)
		return;
	f->row.evidence[f->row.n_evidence].frame_number = (int64_t)frame;
	f->row.evidence[f->row.n_evidence++].note = note;
}

void
finding_put(struct finding *f, const struct analysis *an, const char *advice)
{
	f->row.title = f->title;
	f->row.explanation = f->text;
	f->row.advice = advice;
	row_put(an->sink, ROW_FINDING, &f->row);
}

const char *
finding_side(enum side side)
{
	return side == SIDE_CLIENT ? "client" : "server";
}

const char *
finding_time(nstime t, char buf[TIME_TEXT_SIZE])
{
	if (t < NS_PER_MS)
		snprintf(buf, TIME_TEXT_SIZE, "%.0f us", (double)t / 1e3);
	else if (t < NS_PER_S)
		snprintf(buf, TIME_TEXT_SIZE, t < 100 * NS_PER_MS ? "%.1f ms"
								  : "%.0f ms",
			 (double)t / 1e6);
	else
		snprintf(buf, TIME_TEXT_SIZE, "%.2f s", (double)t / 1e9);
	return buf;
}
