/*
 * connections_lanes.c - which lanes are shown, of what, and how close.
 */
#include "tui/connections.h"
#include "tui/sane.h"

void
lanes_toggle(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	enum showing now = connections_showing(cs, t->screen.cols);

	(void)key;
	if (now == SHOW_TABLE)
		cs->showing = t->screen.cols >= BOTH_FROM_COLS ? SHOW_BOTH
							       : SHOW_LANES;
	else
		cs->showing = now == SHOW_BOTH ? SHOW_LANES : SHOW_TABLE;
}

void
lanes_next_mode(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)key;
	cs->mode = (enum lane_mode)((cs->mode + 1) % N_LANE_MODES);
	tui_say(t, STYLE_TEXT, "lanes: %s", lane_mode_words(cs->mode));
}

static bool
selected_life(struct connections *cs, struct tui *t, struct span *life)
{
	struct query *q = tui_query(t, "SELECT start_ns, ifnull(end_ns,"
				    " start_ns) FROM connection"
				    " WHERE conn_id = ?1");
	bool found;

	if (!q)
		return false;
	query_bind_int(q, 1, cs->selected);
	found = query_step(q);
	if (found)
		*life = span_of(query_time(q, 0), query_time(q, 1) + 1);
	query_close(q);
	return found;
}

/* Around the selected connection where it is in view. */
void
lanes_zoom(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	nstime about = cs->view.from + (cs->view.to - cs->view.from) / 2;
	struct span life;

	if (selected_life(cs, t, &life) && life.from < cs->view.to &&
	    life.to > cs->view.from) {
		nstime a = life.from > cs->view.from ? life.from
						     : cs->view.from;
		nstime b = life.to < cs->view.to ? life.to : cs->view.to;

		about = a + (b - a) / 2;
	}
	span_zoom(&cs->view, cs->limits, about, key == '-' ? -1 : 1);
}

void
lanes_zoom_to_selected(struct tui *t, void *state, int key)
{
	struct connections *cs = state;
	struct span life;

	(void)key;
	if (selected_life(cs, t, &life)) {
		nstime margin = (life.to - life.from) / 16;

		cs->view = span_of(life.from - margin, life.to + margin);
		span_pan(&cs->view, cs->limits, 0);
	}
}

void
lanes_zoom_out(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)t;
	(void)key;
	cs->view = cs->limits;
}

void
lanes_pan(struct tui *t, void *state, int key)
{
	struct connections *cs = state;

	(void)t;
	span_pan(&cs->view, cs->limits,
		 key == KEY_ARROW_LEFT || key == '[' ? -1 : 1);
}
