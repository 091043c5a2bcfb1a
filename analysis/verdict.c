/*
 * verdict.c - a short queue of retransmissions of one side, oldest first.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "analysis/verdict.h"

/* Without a round trip to go by, wait for that long. */
#define VERDICT_WAIT (3 * NS_PER_S)

static const char *const kind_word[N_SEG_KINDS] = {
	[SEG_RTX_TIMEOUT] = "rtx_timeout",
	[SEG_RTX_FAST] = "rtx_fast",
	[SEG_RTX_RECOVERY] = "rtx_recovery",
	[SEG_RTX_TLP] = "rtx_tlp",
	[SEG_RTX_SPURIOUS] = "rtx_spurious",
	[SEG_RTX_SYN] = "rtx_syn",
	[SEG_RTX_OTHER] = "rtx_other",
	[SEG_DUPLICATE] = "duplicate",
	[SEG_OUT_OF_ORDER] = "out_of_order",
	[SEG_KEEPALIVE] = "keepalive",
	[SEG_WINDOW_PROBE] = "window_probe",
};

static const char *const tshark_text[] = {
	[TSHARK_RETRANSMISSION] = "retransmission",
	[TSHARK_FAST] = "fast retransmission",
	[TSHARK_SPURIOUS] = "spurious retransmission",
	[TSHARK_OUT_OF_ORDER] = "out-of-order",
	[TSHARK_NOTHING] = "nothing",
};

static const char *const place_word[] = {
	[LOSS_UPSTREAM] = "upstream",
	[LOSS_DOWNSTREAM] = "downstream",
	[LOSS_CAPTURE] = "capture",
};

const char *
seg_kind_word(enum seg_kind kind)
{
	return kind_word[kind];
}

/* What tshark would call the same thing that we say. */
static enum tshark_word
tshark_for(enum seg_kind kind)
{
	switch (kind) {
	case SEG_RTX_FAST:
		return TSHARK_FAST;
	case SEG_RTX_SPURIOUS:
		return TSHARK_SPURIOUS;
	case SEG_OUT_OF_ORDER:
		return TSHARK_OUT_OF_ORDER;
	case SEG_DUPLICATE:
		return TSHARK_NONE;
	default:
		return TSHARK_RETRANSMISSION;
	}
}

static struct event_row
row_of(const struct analysis *an, enum side side, const struct held *e)
{
	struct event_row row;

	row_init(ROW_EVENT, &row);
	row.conn = an->conn->handle;
	row.side = side;
	row.ts_ns = e->ts;
	row.frame_number = (int64_t)e->frame;
	return row;
}

void
verdict_put_loss(struct analysis *an, enum side side, const struct held *e,
		 const char *why)
{
	struct event_row row = row_of(an, side, e);
	char detail[128];

	snprintf(detail, sizeof(detail), "{\"where\":\"%s\"%s%s%s}",
		 place_word[e->place], why ? ",\"why\":\"" : "",
		 why ? why : "", why ? "\"" : "");
	row.kind = "loss";
	row.seq = (int64_t)(e->lost_seq - an->conn->half[side].isn);
	row.len = e->lost_len;
	row.detail = detail;
	row_put(an->sink, ROW_EVENT, &row);
}

/* Text for a JSON object: every piece begins with a comma. */
struct detail {
	char text[256];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void
detail_add(struct detail *d, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(d->text + d->len, sizeof(d->text) - d->len, format, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < sizeof(d->text) - d->len)
		d->len += (size_t)n;
	d->text[d->len] = '\0';
}

void
verdict_put(struct analysis *an, enum side side, const struct held *e)
{
	struct event_row row = row_of(an, side, e);
	struct detail d = { .len = 0 };

	if (e->reason.text)
		detail_add(&d, ",\"why\":\"%s\"", e->reason.text);
	if (e->reason.waited != 0)
		detail_add(&d, ",\"waited_ns\":%" PRId64, e->reason.waited);
	if (e->reason.count != 0)
		detail_add(&d, ",\"count\":%" PRIu32, e->reason.count);
	if (e->was != e->kind)
		detail_add(&d, ",\"was\":\"%s\"", kind_word[e->was]);
	if (e->verdict_frame != 0)
		detail_add(&d, ",\"told_by_frame\":%" PRIu64,
			   e->verdict_frame);
	if (e->place != LOSS_NONE)
		detail_add(&d, ",\"lost\":\"%s\"", place_word[e->place]);
	if (e->tshark != TSHARK_NONE && e->tshark != tshark_for(e->kind))
		detail_add(&d, ",\"tshark\":\"%s\"", tshark_text[e->tshark]);
	detail_add(&d, "}");
	d.text[0] = '{';
	if (d.len == 1) {
		d.text[1] = '}';
		d.text[2] = '\0';
	}
	row.kind = kind_word[e->kind];
	row.seq = (int64_t)(e->seq - an->conn->half[side].isn);
	row.len = e->len;
	row.detail = d.text;
	row_put(an->sink, ROW_EVENT, &row);
	if (e->place != LOSS_NONE && e->lost_len > 0)
		verdict_put_loss(an, side, e, NULL);
}

static void
put_oldest(struct verdicts *v, struct analysis *an, enum side side)
{
	verdict_put(an, side, &v->held[v->first]);
	v->first = (v->first + 1) % HELD_MAX;
	v->n--;
}

void
verdict_hold(struct verdicts *v, struct analysis *an, enum side side,
	     const struct held *e)
{
	if (v->n == HELD_MAX)
		put_oldest(v, an, side);
	v->held[(v->first + v->n++) % HELD_MAX] = *e;
}

/* A DSACK comes a round trip after the needless segment, at once (RFC 2883
   s4); what the sender would wait for an ACK is ample. */
void
verdict_age(struct verdicts *v, struct analysis *an, enum side side,
	    nstime now)
{
	const struct rtt_estimator *e = &an->rtt->est[side];
	nstime wait = e->srtt8 ? rtt_estimator_rto(e) : VERDICT_WAIT;

	while (v->n > 0 && now - v->held[v->first].ts > wait)
		put_oldest(v, an, side);
}

void
verdict_put_all(struct verdicts *v, struct analysis *an, enum side side)
{
	while (v->n > 0)
		put_oldest(v, an, side);
}

static void
turn_spurious(struct held *e, uint32_t kinds[N_SEG_KINDS], const char *why,
	      uint64_t frame)
{
	kinds[e->kind]--;
	kinds[SEG_RTX_SPURIOUS]++;
	e->kind = SEG_RTX_SPURIOUS;
	e->place = LOSS_NONE;
	e->verdict_frame = frame;
	e->reason.text = why;
}

void
verdict_dsack(struct verdicts *v, uint32_t kinds[N_SEG_KINDS],
	      const struct seq_range *range, nstime ts, uint64_t frame,
	      nstime d1)
{
	for (unsigned i = v->n; i-- > 0;) {
		struct held *e = &v->held[(v->first + i) % HELD_MAX];

		if (e->seq >= range->end || e->end <= range->start ||
		    e->verdict_frame != 0 || ts - e->ts < d1 * 9 / 10)
			continue;
		turn_spurious(e, kinds, "the receiver had it already (DSACK)",
			      frame);
		return;
	}
}

/*
 * RFC 3522 s3.2 step 5: the first ACK for what was sent again echoes a time
 * older than the first retransmission's.  Only the segment at snd_una is
 * judged: the echo is of the segment that moved it.
 */
void
verdict_eifel(struct verdicts *v, uint32_t kinds[N_SEG_KINDS],
	      uint64_t old_ack, uint64_t ack, uint32_t tsecr, uint64_t frame)
{
	for (unsigned i = v->n; i-- > 0;) {
		struct held *e = &v->held[(v->first + i) % HELD_MAX];

		if (e->seq > old_ack || e->end <= old_ack || e->end > ack ||
		    !e->has_ts || e->verdict_frame != 0 ||
		    (int32_t)(tsecr - e->tsval) >= 0)
			continue;
		turn_spurious(e, kinds,
			      "its ACK echoes an older segment (Eifel)", frame);
	}
}
