/*
 * finding.c - a finding, the packets that show it, and a display filter.
 */
#include "report/finding.h"

#define PACKETS_SHOWN 16

void
finding_init(struct finding *f)
{
	*f = (struct finding){ 0 };
	text_init(&f->ends);
	text_init(&f->packets);
	text_init(&f->filter);
}

void
finding_release(struct finding *f)
{
	text_release(&f->ends);
	text_release(&f->packets);
	text_release(&f->filter);
}

void
ends_add(struct text *out, const struct query *q, int column)
{
	bool v6 = query_int(q, column) == 6;
	const char *open = v6 ? "[" : "", *close = v6 ? "]" : "";

	if (query_is_null(q, column + 1))
		return;
	text_printf(out, "%s%s%s:%s", open, query_text(q, column + 1), close,
		    query_text(q, column + 2));
	text_printf(out, " -> %s%s%s:%s", open, query_text(q, column + 3),
		    close, query_text(q, column + 4));
}

static int
read_packets(struct finding *f, struct store *st)
{
	struct query *q = query_open(st,
		"SELECT DISTINCT frame_number FROM finding_evidence"
		" WHERE finding_id = ?1 AND frame_number IS NOT NULL"
		" ORDER BY frame_number LIMIT ?2");

	if (!q)
		return -1;
	query_bind_int(q, 1, f->finding_id);
	query_bind_int(q, 2, PACKETS_SHOWN);
	f->n_packets = 0;
	text_clear(&f->packets);
	while (query_step(q)) {
		text_add(&f->packets, f->n_packets++ ? ", " : "");
		text_add_int(&f->packets, query_int(q, 0));
	}
	return query_close(q);
}

/* The whole connection where there is one; else the packets. */
static void
make_filter(struct finding *f)
{
	text_clear(&f->filter);
	if (f->tcp_stream != ROW_NULL) {
		text_add(&f->filter, "tcp.stream eq ");
		text_add_int(&f->filter, f->tcp_stream);
	} else if (f->n_packets > 0) {
		text_printf(&f->filter, "frame.number in {%s}", f->packets.s);
	}
}

static int64_t
int_or_null(const struct query *q, int column)
{
	return query_is_null(q, column) ? ROW_NULL : query_int(q, column);
}

int
finding_read(struct finding *f, struct store *st, const struct query *q)
{
	f->finding_id = query_int(q, 0);
	f->conn_id = int_or_null(q, 1);
	f->side = query_text(q, 2);
	f->severity = query_text(q, 3);
	f->code = query_text(q, 4);
	f->confidence = query_is_null(q, 5) ? 1 : query_real(q, 5);
	f->title = query_text(q, 6);
	f->explanation = query_text(q, 7);
	f->advice = query_text(q, 8);
	f->tcp_stream = int_or_null(q, 11);
	text_clear(&f->ends);
	ends_add(&f->ends, q, 12);
	if (read_packets(f, st) < 0)
		return -1;
	make_filter(f);
	return 0;
}
