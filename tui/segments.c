/*
 * segments.c - rows out of the store or out of the capture: segments.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/seq.h"
#include "dissect/dissect.h"
#include "store/query.h"
#include "tui/sane.h"
#include "tui/segments.h"
#include "tui/show.h"

static struct segment *
new_row(struct segments *s)
{
	if (s->n == SEGMENTS_MAX) {
		s->after = true;
		return NULL;
	}
	if (s->n == s->size) {
		size_t more = s->size ? s->size * 2 : 256;
		struct segment *row = realloc(s->row, more * sizeof(*row));

		if (!row)
			return NULL;
		s->row = row;
		s->size = more;
	}
	memset(&s->row[s->n], 0, sizeof(s->row[0]));
	return &s->row[s->n++];
}

static void
forget(struct segments *s)
{
	s->n = 0;
	s->bytes_len = 0;
	s->loaded = s->from_source = s->stale = false;
	s->before = s->after = false;
	s->error[0] = '\0';
}

void
segments_release(struct segments *s)
{
	free(s->row);
	free(s->bytes);
	memset(s, 0, sizeof(*s));
}

void
segments_stale(struct segments *s)
{
	s->stale = true;
}

/* --- out of the store -------------------------------------------------- */

static int64_t
known(const struct query *q, int column)
{
	return query_is_null(q, column) ? CONN_UNKNOWN
					: query_amount(q, column);
}

static void
read_row(struct segment *r, const struct query *q)
{
	r->frame = query_int(q, 0);
	r->ts = query_time(q, 1);
	r->side = query_text(q, 2)[0] == 's' ? SIDE_SERVER : SIDE_CLIENT;
	show_copy(r->flags, sizeof(r->flags), query_text(q, 3));
	r->seq = known(q, 4);
	r->ack = known(q, 5);
	r->len = query_amount(q, 6);
	r->window = known(q, 7);
	show_copy(r->options, sizeof(r->options), query_text(q, 8));
}

#define COLUMNS "frame_number, ts_ns, side, flags, seq, ack, len, window," \
	" options, segment_id"

/* Half of the window before the packet, half behind it. */
static const char store_sql[] =
	"SELECT * FROM (SELECT " COLUMNS " FROM segment WHERE conn_id = ?1"
	" AND frame_number < ?2 ORDER BY segment_id DESC LIMIT 10000)"
	" UNION ALL "
	"SELECT * FROM (SELECT " COLUMNS " FROM segment WHERE conn_id = ?1"
	" AND frame_number >= ?2 ORDER BY segment_id LIMIT 10000)"
	" ORDER BY segment_id";

static void
from_store(struct segments *s, struct store *st, const struct conn *conn,
	   int64_t frame)
{
	struct query *q = query_open(st, store_sql);
	size_t before = 0;

	if (!q)
		return;
	query_bind_int(q, 1, conn->key.conn_id);
	query_bind_int(q, 2, frame);
	while (query_step(q)) {
		struct segment *r = new_row(s);

		if (!r)
			break;
		read_row(r, q);
		before += r->frame < frame;
	}
	query_close(q);
	s->before = before == SEGMENTS_MAX / 2;
	s->after = s->n - before == SEGMENTS_MAX / 2;
}

/* --- out of the capture ------------------------------------------------ */

struct reading {
	struct segments *s;
	const struct conn *conn;
	struct addr client;
	uint64_t isn[N_SIDES];		/* 0: not known yet */
	uint64_t next[N_SIDES];
};

static void
flags_text(char to[12], unsigned flags)
{
	static const struct {
		unsigned bit;
		char letter;
	} letters[] = {
		{ TCP_FIN, 'F' }, { TCP_SYN, 'S' }, { TCP_RST, 'R' },
		{ TCP_PSH, 'P' }, { TCP_ACK, '.' }, { TCP_URG, 'U' },
		{ TCP_ECE, 'E' }, { TCP_CWR, 'W' }, { TCP_AE, 'e' },
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (flags & letters[i].bit)
			to[n++] = letters[i].letter;
	to[n] = '\0';
}

static int64_t
relative(struct reading *r, int side, uint32_t seq)
{
	if (r->isn[side] == 0)
		return CONN_UNKNOWN;
	return (int64_t)(seq_unwrap(seq, r->next[side]) - r->isn[side]);
}

/* What the database says is the first number, else what comes first. */
static void
learn_isn(struct reading *r, int side, const struct tcp_seg *seg)
{
	if (r->isn[side] != 0)
		return;
	if (r->conn->isn[side] != CONN_UNKNOWN)
		r->isn[side] = seq_first((uint32_t)r->conn->isn[side]);
	else
		r->isn[side] = seq_first(seg->seq -
					 !(seg->flags & TCP_SYN));
	r->next[side] = r->isn[side];
}

static void
options_text(struct reading *r, struct segment *to, const struct tcp_seg *seg)
{
	size_t n = 0, size = sizeof(to->options);
	char *o = to->options;

	if (seg->options & TCP_OPT_MSS)
		n += (size_t)snprintf(o + n, size - n, "mss %u,", seg->mss);
	if (seg->options & TCP_OPT_WSCALE)
		n += (size_t)snprintf(o + n, size - n, "wscale %u,",
				      seg->wscale);
	if (seg->options & TCP_OPT_SACK_PERM)
		n += (size_t)snprintf(o + n, size - n, "sackOK,");
	for (int i = 0; i < seg->n_sack && n + 30 < size; i++)
		n += (size_t)snprintf(o + n, size - n,
			"sack %" PRId64 ":%" PRId64 ",",
			relative(r, !to->side, seg->sack[i].start),
			relative(r, !to->side, seg->sack[i].end));
	if (n > 0 && n < size)
		o[n - 1] = '\0';
}

/* RFC 7323 s2.2: both have offered it, and never in a SYN. */
static int64_t
scaled_window(const struct conn *conn, int side, const struct tcp_seg *seg)
{
	if (seg->flags & TCP_SYN || conn->wscale[SIDE_CLIENT] == CONN_UNKNOWN ||
	    conn->wscale[SIDE_SERVER] == CONN_UNKNOWN ||
	    conn->wscale[side] < 0 || conn->wscale[side] > 14)
		return seg->window;
	return (int64_t)seg->window << conn->wscale[side];
}

static bool
keep_bytes(struct segments *s, struct segment *to, const struct packet *p)
{
	if (s->bytes_len + p->caplen > SEGMENTS_BYTES)
		return false;
	if (s->bytes_len + p->caplen > s->bytes_size) {
		size_t size = s->bytes_size * 2 + p->caplen + 65536;
		uint8_t *bytes = realloc(s->bytes, size);

		if (!bytes)
			return false;
		s->bytes = bytes;
		s->bytes_size = size;
	}
	memcpy(s->bytes + s->bytes_len, p->bytes, p->caplen);
	to->bytes_at = s->bytes_len;
	s->bytes_len += p->caplen;
	to->caplen = p->caplen;
	to->wire_len = p->wire_len;
	to->link_type = p->link_type;
	return true;
}

static bool
take_packet(void *arg, const struct packet *p)
{
	struct reading *r = arg;
	struct dissection d;
	struct segment *to;
	const struct tcp_seg *seg = &d.tcp;
	char addr[ADDR_TEXT_SIZE];

	dissect_packet(p, &d);
	if (d.kind != DISSECT_TCP)
		return true;
	to = new_row(r->s);
	if (!to)
		return false;
	addr_format(&d.ip.src, addr);
	to->side = strcmp(addr, r->conn->key.client_addr) == 0 &&
		   seg->sport == r->conn->key.client_port
		   ? SIDE_CLIENT : SIDE_SERVER;
	learn_isn(r, to->side, seg);
	to->frame = (int64_t)p->number;
	to->ts = p->ts;
	to->seq = relative(r, to->side, seg->seq);
	to->ack = seg->flags & TCP_ACK ? relative(r, !to->side, seg->ack)
				       : CONN_UNKNOWN;
	to->len = seg->len;
	to->window = scaled_window(r->conn, to->side, seg);
	flags_text(to->flags, seg->flags);
	options_text(r, to, seg);
	r->next[to->side] = seq_unwrap(seg->seq, r->next[to->side]);
	to->has_bytes = keep_bytes(r->s, to, p);
	return true;
}

static void
from_source(struct segments *s, const struct tui_source *source,
	    const struct conn *conn)
{
	struct reading r = { .s = s, .conn = conn };

	s->from_source = true;
	if (source->packets(source->ctx, &conn->key, take_packet, &r,
			    s->error, sizeof(s->error)) < 0 && !s->error[0])
		show_copy(s->error, sizeof(s->error),
			  "the capture cannot be read");
}

/* --- the caller's side ------------------------------------------------- */

static bool
is_there(const struct segments *s, int64_t frame, bool with_bytes)
{
	if (!s->loaded || s->stale || (with_bytes && !s->from_source))
		return false;
	if (s->from_source || s->n == 0)
		return true;
	return (!s->before || frame > s->row[s->n / 8].frame) &&
	       (!s->after || frame < s->row[s->n - 1 - s->n / 8].frame);
}

void
segments_need(struct segments *s, struct store *st,
	      const struct tui_source *source, const struct conn *conn,
	      int64_t frame, bool with_bytes)
{
	bool can_read = source && source->packets;

	if (is_there(s, frame, with_bytes && can_read))
		return;
	forget(s);
	s->loaded = true;
	if (!with_bytes || !can_read)
		from_store(s, st, conn, frame);
	if (s->n == 0 && can_read)
		from_source(s, source, conn);
	if (s->n == 0 && !s->error[0])
		show_copy(s->error, sizeof(s->error), can_read
			  ? "the capture has none of its packets"
			  : "the capture is not at hand, and the database was"
			    " made without --segments");
}

void
segments_try_store(struct segments *s, struct store *st,
		   const struct conn *conn, int64_t frame)
{
	if (s->loaded || s->store_tried)
		return;
	s->store_tried = true;
	from_store(s, st, conn, frame);
	s->loaded = s->n > 0;
}

size_t
segments_index(const struct segments *s, int64_t frame)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (s->row[mid].frame <= frame)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 ? low - 1 : 0;
}

const struct segment *
segments_at(const struct segments *s, int64_t frame)
{
	size_t i = segments_index(s, frame);

	return i < s->n && s->row[i].frame == frame ? &s->row[i] : NULL;
}

bool
segments_packet(const struct segments *s, size_t i, struct packet *p)
{
	const struct segment *r = &s->row[i];

	if (i >= s->n || !r->has_bytes)
		return false;
	*p = (struct packet){ .ts = r->ts, .bytes = s->bytes + r->bytes_at,
			      .caplen = r->caplen, .wire_len = r->wire_len,
			      .number = (uint64_t)r->frame,
			      .link_type = r->link_type };
	return true;
}
