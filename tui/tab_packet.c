/*
 * tab_packet.c - a packet: its layers beside its bytes.
 *
 * The layers and fields come from the tables of dissect/field.h; the bytes of
 * the selected field are marked.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "dissect/dissect.h"
#include "tui/bytes.h"
#include "tui/conn_view.h"
#include "tui/packet_tree.h"
#include "tui/show.h"

#define BESIDE_FROM_COLS 76	/* a screen wide enough for both */

struct packet_tab {
	struct packet_tree tree;
	int64_t frame;		/* of which the tree is */
	struct list list;
	struct canvas body;
};

static void
make_tree(struct packet_tab *pt, const struct packet *p)
{
	if (pt->frame == (int64_t)p->number)
		return;
	pt->frame = (int64_t)p->number;
	packet_tree_fill(&pt->tree, p);
	list_fit(&pt->list, pt->tree.n, 1);
}

static void
draw_tree(struct packet_tab *pt, struct canvas *c)
{
	pt->body = *c;
	list_fit(&pt->list, pt->tree.n, c->rows > 0 ? (size_t)c->rows : 1);
	for (int y = 0; y < c->rows; y++) {
		size_t i = pt->list.top + (size_t)y;
		const struct tree_row *r = &pt->tree.row[i];

		if (i >= pt->tree.n)
			break;
		canvas_text_cut(c, 2 * r->depth, y, c->cols - 2 * r->depth,
				r->is_layer ? STYLE_STRONG :
				r->bad ? STYLE_WARNING : STYLE_TEXT, r->text);
		if (i == pt->list.selected)
			canvas_select(c, 0, y, c->cols);
	}
}

static void
draw_bytes(const struct packet_tab *pt, struct canvas *c,
	   const struct packet *p)
{
	const struct tree_row *r = &pt->tree.row[pt->list.selected];
	size_t from = 0, to = 0, top = 0;
	size_t across = (size_t)bytes_across(c->cols);

	if (pt->list.selected < pt->tree.n) {
		from = r->offset;
		to = from + r->len;
	}
	if (c->rows > 0 && from / across >= (size_t)c->rows)
		top = from / across - (size_t)c->rows / 2;
	bytes_draw(c, p->bytes, p->caplen, top, from, to);
}

static void
draw_packet(struct packet_tab *pt, struct canvas *c, const struct packet *p)
{
	int cols = c->cols >= 120 ? 72 : 39;
	bool beside = c->cols >= BESIDE_FROM_COLS;
	int rows = beside ? c->rows : c->rows * 3 / 5;
	struct canvas tree = canvas_sub(c, 0, 0, beside
					? c->cols - cols - 1 : c->cols, rows);
	struct canvas bytes = beside
		? canvas_sub(c, c->cols - cols + 1, 0, cols - 1, rows)
		: canvas_sub(c, 0, rows + 1, c->cols, c->rows - rows - 1);

	make_tree(pt, p);
	draw_tree(pt, &tree);
	draw_bytes(pt, &bytes, p);
	if (beside)
		for (int y = 0; y < c->rows; y++)
			canvas_glyph(c, c->cols - cols - 1, y, GLYPH_VLINE,
				     STYLE_AXIS);
	else
		for (int x = 0; x < c->cols; x++)
			canvas_glyph(c, x, rows, GLYPH_HLINE, STYLE_AXIS);
}

static void
packet_tab_draw(struct tui *t, void *state, struct canvas *c)
{
	struct packet_tab *pt = state;
	struct conn_view *v = conn_view_of(t);
	struct canvas rest = canvas_sub(c, 0, 1, c->cols, c->rows - 1);
	struct segments *s = &v->segments;
	char at[SHOW_SIZE];
	struct packet p;
	size_t i;

	conn_view_need_segments(t, true);
	i = segments_index(s, v->at_frame);
	if (i >= s->n || !segments_packet(s, i, &p)) {
		canvas_paragraph(c, 1, 1, c->cols - 2, STYLE_WARNING,
			s->error[0] ? s->error : "the bytes of this packet "
			"are not at hand");
		return;
	}
	canvas_printf(c, 0, 0, STYLE_HEAD, " packet %" PRIu64
		      ", %s s, %u bytes on the wire, %u captured ", p.number,
		      show_seconds(at, p.ts - v->conn.key.start_ns, 6),
		      p.wire_len, p.caplen);
	draw_packet(pt, &rest, &p);
}

static bool
packet_tab_key(struct tui *t, void *state, int key)
{
	struct packet_tab *pt = state;
	size_t rows = pt->body.rows > 0 ? (size_t)pt->body.rows : 1;
	int x, y;

	if (key == KEY_MOUSE_EVENT && tui_mouse_in(t, &pt->body, &x, &y)) {
		if (t->mouse.what == MOUSE_WHEEL_UP ||
		    t->mouse.what == MOUSE_WHEEL_DOWN)
			list_move(&pt->list, pt->tree.n, rows,
				  t->mouse.what == MOUSE_WHEEL_UP ? -3 : 3);
		else
			list_set(&pt->list, pt->tree.n, rows,
				 pt->list.top + (size_t)y);
		return true;
	}
	return list_key(&pt->list, pt->tree.n, rows, key);
}

static void
next_packet(struct tui *t, void *state, int key)
{
	struct conn_view *v = conn_view_of(t);
	const struct segments *s = &v->segments;
	size_t i = segments_index(s, v->at_frame);
	bool back = key == KEY_ARROW_LEFT || key == 'N';

	(void)state;
	if (s->n == 0 || (back && i == 0) || (!back && i + 1 >= s->n))
		return;
	i = back ? i - 1 : i + 1;
	conn_view_at(v, s->row[i].ts, s->row[i].frame);
}

static const struct binding bindings[] = {
	{ { KEY_ARROW_RIGHT, 'n' }, "Packet", "next packet", next_packet },
	{ { KEY_ARROW_LEFT, 'N' }, NULL, "previous packet", next_packet },
	{ { 0 }, NULL, NULL, NULL },
};

const struct panel packet_tab = {
	.name = "packet",
	.state_size = sizeof(struct packet_tab),
	.draw = packet_tab_draw,
	.key = packet_tab_key,
	.bindings = bindings,
};
