/*
 * fuzz_state.c - random segments of few connections: no life is illegal.
 *
 * Each 12 bytes of input are a segment: flags, direction, two small steps of
 * sequence and ACK numbers, length, time.  Small numbers meet each other
 * often, so that states are reached that random packets never reach.
 */
#include <assert.h>
#include <stdlib.h>

#include "tests/segments.h"

enum { ROW = 12 };

static bool
is_transition(const struct tcp_state_change *ch)
{
	for (unsigned e = 0; e < N_TCP_EVENTS; e++)
		if (tcp_state_next((enum tcp_state)ch->old_state,
				   (enum tcp_event)e) == ch->new_state)
			return true;
	return false;
}

/* Each end goes from state to state by the table, and time goes on. */
static void
check_life(const struct tcp_life *life)
{
	enum tcp_state at[N_SIDES] = { TCP_STATE_UNKNOWN, TCP_STATE_UNKNOWN };
	nstime last[N_SIDES] = { INT64_MIN, INT64_MIN };

	assert(life->n_changes <= TCP_LIFE_CHANGES);
	for (int i = 0; i < life->n_changes; i++) {
		const struct tcp_state_change *ch = &life->change[i];

		assert(is_transition(ch));
		assert(at[ch->side] == TCP_STATE_UNKNOWN ||
		       at[ch->side] == ch->old_state);
		assert(ch->ts >= last[ch->side]);
		assert(tcp_state_name((enum tcp_state)ch->new_state));
		assert(*tcp_cause_text(ch->cause));
		at[ch->side] = ch->new_state;
		last[ch->side] = ch->ts;
	}
}

static void
on_close(void *ctx, struct conn *c)
{
	struct tcp_life life;

	(void)ctx;
	conn_life(c, &life);
	check_life(&life);
	for (int i = 0; i < N_SIDES; i++)
		assert(c->half[i].snd_una <= c->half[i].snd_nxt ||
		       !c->half[i].seq_known);
}

/* Also of an open one, at any moment. */
static void
on_segment(void *ctx, struct conn *c, const struct seg_event *ev)
{
	(void)ev;
	on_close(ctx, c);
}

static void
segment_of(const uint8_t *b, double *now, struct segment *s, char flags[8])
{
	static const char letters[] = "SFRP.U";
	size_t n = 0;

	for (int i = 0; letters[i]; i++)
		if (b[0] >> i & 1)
			flags[n++] = letters[i];
	flags[n] = '\0';
	*now += b[1] * b[1] / 1000.0;
	*s = (struct segment){
		.at = *now,
		.from = b[2] & 1 ? '>' : '<',
		.flags = flags,
		.seq = (uint32_t)b[3] * (b[4] > 250 ? 0x1010101 : 1),
		.ack = (uint32_t)b[5] * (b[6] > 250 ? 0x1010101 : 1),
		.len = b[7] & 7,
		.win = (uint16_t)(b[8] + 1),
		.port = b[9] > 230 ? 80 : (uint16_t)(1000 + b[9] % 3),
		.options = b[10] & 1 ? TCP_OPT_WSCALE : 0,
		.wscale = b[11] & 15,
	};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tracker_observer observer = {
		.segment = on_segment,
		.conn_close = on_close,
	};
	struct tracker_config cfg;
	struct tracker *t;
	struct conn *c;
	double now = 1;
	char flags[8];

	tracker_config_init(&cfg, 0, 1 << 16);
	cfg.max_conns = 3;
	t = tracker_open(&cfg, &observer, NULL);
	if (!t)
		return 0;
	for (size_t i = 0; i + ROW <= size && i < 4096; i += ROW) {
		struct segment s;

		segment_of(data + i, &now, &s, flags);
		segment_track(t, &s, i / ROW + 1);
		tracker_expire(t, i / ROW + 1, (nstime)(now * 1e9));
		while ((c = tracker_next(t)))
			tracker_close_conn(t, c);
	}
	tracker_finish(t, (nstime)(now * 1e9));
	while ((c = tracker_next(t)))
		tracker_close_conn(t, c);
	tracker_finish_udp(t);
	tracker_close(t);
	return 0;
}
