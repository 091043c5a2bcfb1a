/*
 * replay.c - a tracker that looks out for one connection.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/replay.h"
#include "reassembly/fragment.h"
#include "reassembly/tracker.h"

#define TRACKER_MEMORY ((size_t)2 << 30)
#define FRAGMENT_MEMORY ((size_t)16 << 20)

struct replay {
	const struct replay_watch *watch;
	uint64_t wanted, opened;
	const struct conn *conn;	/* the wanted one, while it is open */
	bool done;
	nstime now;
	struct flow_secret secret;
	struct tracker *tracker;
	struct fragments *fragments;
};

static void
on_open(void *ctx, struct conn *conn)
{
	struct replay *r = ctx;

	if (++r->opened == r->wanted)
		r->conn = conn;
}

static void
on_segment(void *ctx, struct conn *conn, const struct seg_event *ev)
{
	struct replay *r = ctx;

	if (conn == r->conn)
		r->watch->segment(r->watch->ctx, conn, ev);
}

static void
on_close(void *ctx, struct conn *conn)
{
	struct replay *r = ctx;

	if (conn != r->conn)
		return;
	r->watch->close(r->watch->ctx, conn);
	r->conn = NULL;
	r->done = true;
}

static const struct tracker_observer observer = {
	.conn_open = on_open,
	.segment = on_segment,
	.conn_close = on_close,
};

static void
take_dissected(struct replay *r, const struct packet *p,
	       const struct dissection *d)
{
	struct flow_key key;
	bool swapped;

	if (d->kind == DISSECT_TCP && flow_key_of(d, &key, &swapped))
		tracker_packet(r->tracker, p, d, &key,
			       flow_key_hash(&key, &r->secret), swapped);
}

static void
take_packet(struct replay *r, const struct packet *p)
{
	struct dissection d;
	uint32_t caplen, wire_len;
	uint8_t *whole;
	uint16_t vlan;

	dissect_packet(p, &d);
	if (d.kind != DISSECT_FRAGMENT) {
		take_dissected(r, p, &d);
		return;
	}
	whole = fragments_take(r->fragments, p, &d, &caplen, &wire_len);
	if (!whole)
		return;
	vlan = d.vlan;
	dissect_ip(whole, caplen, wire_len, &d);
	d.vlan = vlan;
	take_dissected(r, p, &d);
	free(whole);
}

static void
close_listed(struct replay *r)
{
	struct conn *conn;

	while ((conn = tracker_next(r->tracker)))
		tracker_close_conn(r->tracker, conn);
}

static void
take_batch(struct replay *r, const struct capture_batch *b)
{
	const struct packet *last = &b->packet[b->n - 1];

	for (size_t i = 0; i < b->n; i++)
		take_packet(r, &b->packet[i]);
	tracker_expire(r->tracker, last->number, last->ts);
	close_listed(r);
	r->now = last->ts;
}

static bool
read_all(struct replay *r, struct capture *capture)
{
	struct capture_batch *b = malloc(sizeof(*b));

	if (!b)
		return false;
	while (!r->done && capture_next(capture, b)) {
		take_batch(r, b);
		capture_release(capture, b);
	}
	free(b);
	tracker_finish(r->tracker, r->now);
	close_listed(r);
	tracker_finish_udp(r->tracker);
	return true;
}

static int
run(struct replay *r, struct capture *capture)
{
	struct tracker_config cfg;

	tracker_config_init(&cfg, 0, TRACKER_MEMORY);
	r->tracker = tracker_open(&cfg, &observer, r);
	r->fragments = fragments_open(&r->secret, FRAGMENT_MEMORY);
	if (!r->tracker || !r->fragments || !read_all(r, capture)) {
		complain("out of memory");
		return STATUS_FAILED;
	}
	if (!r->done) {
		complain("no connection %" PRIu64 ": there are %" PRIu64,
			 r->wanted, r->opened);
		return STATUS_FAILED;
	}
	if (!capture_damage(capture))
		return STATUS_DONE;
	complain("%s", capture_damage(capture));
	return STATUS_DAMAGED;
}

int
replay_connection(const struct capture_config *cfg, uint64_t number,
		  const struct replay_watch *watch)
{
	/* Nobody attacks a table that is used once by the one who asked. */
	struct replay r = {
		.watch = watch,
		.wanted = number,
		.secret = { number, 1 },
	};
	struct capture *capture;
	int opened = capture_open(&capture, cfg);
	int status;

	if (opened != CAPTURE_OPENED) {
		complain("%s", capture_error(capture));
		status = opened == CAPTURE_BAD_FILTER ? STATUS_USAGE
						      : STATUS_FAILED;
	} else {
		status = run(&r, capture);
	}
	tracker_close(r.tracker);
	if (r.fragments)
		fragments_close(r.fragments);
	capture_close(capture);
	return status;
}
