/*
 * segment_rows.c - a row for every TCP segment, in tcpdump's words.
 *
 * Sequence numbers are relative to the ISN of each side, as RFC 9293 counts:
 * the SYN has 0, the first byte 1.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analysis/segment_rows.h"

#define OPTIONS_SIZE 256	/* all that 40 bytes of options can say here */

static void
add_flags(char out[16], uint16_t flags)
{
	static const char letter[] = "FSRP.UEWe";
	size_t n = 0;

	for (size_t i = 0; letter[i]; i++)
		if (flags & 1u << i)
			out[n++] = letter[i];
	out[n] = '\0';
}

/* Append to a text whose room is known to suffice. */
#define ADD(...) (n += (size_t)snprintf(out + n, OPTIONS_SIZE - n, \
					__VA_ARGS__))

static void
add_options(char out[OPTIONS_SIZE], const struct analysis *an,
	    const struct seg_event *ev)
{
	const struct tcp_seg *seg = ev->seg;
	uint32_t isn = (uint32_t)an->conn->half[!ev->side].isn;
	size_t n = 0;

	out[0] = '\0';
	if (seg->options & TCP_OPT_MSS)
		ADD(",mss %u", seg->mss);
	if (seg->options & TCP_OPT_SACK_PERM)
		ADD(",sackOK");
	if (seg->options & TCP_OPT_TS)
		ADD(",TS val %" PRIu32 " ecr %" PRIu32, seg->tsval,
		    seg->tsecr);
	if (seg->options & TCP_OPT_WSCALE)
		ADD(",wscale %u", seg->wscale);
	for (unsigned i = 0; i < seg->n_sack && i < TCP_MAX_SACK; i++)
		ADD(",sack %" PRIu32 ":%" PRIu32, seg->sack[i].start - isn,
		    seg->sack[i].end - isn);
	if (seg->options & TCP_OPT_FASTOPEN)
		ADD(",tfo %u", seg->fastopen_len);
	if (seg->options & TCP_OPT_MD5)
		ADD(",md5");
	if (seg->options & TCP_OPT_AO)
		ADD(",ao");
	if (seg->options & TCP_OPT_MPTCP)
		ADD(",mptcp %u", seg->mptcp_subtype);
}

static void
put_segment(void *state, struct analysis *an, const struct seg_event *ev)
{
	const struct conn *c = an->conn;
	struct segment_row row;
	char flags[16], options[OPTIONS_SIZE];

	(void)state;
	if (!an->options->segments)
		return;
	row_init(ROW_SEGMENT, &row);
	add_flags(flags, ev->seg->flags);
	add_options(options, an, ev);
	row.conn = c->handle;
	row.frame_number = (int64_t)ev->packet->number;
	row.ts_ns = ev->packet->ts;
	row.side = ev->side;
	row.flags = flags;
	row.seq = (int64_t)(ev->seq - c->half[ev->side].isn);
	if (ev->seg->flags & TCP_ACK)
		row.ack = (int64_t)(ev->ack - c->half[!ev->side].isn);
	row.len = ev->seg->len;
	row.window = ev->window;
	row.options = options[0] ? options + 1 : NULL;
	row_put(an->sink, ROW_SEGMENT, &row);
}

const struct analyzer segment_rows_analyzer = {
	.name = "segment_rows",
	.after = put_segment,
};
