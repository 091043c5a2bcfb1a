/*
 * segments.h - the segments of a connection, for ladder, packet and streams.
 *
 * They come out of the table `segment` where the database has them, without
 * bytes, else out of the capture, with bytes.  What is kept is bounded: a
 * window of SEGMENTS_MAX rows around a packet, SEGMENTS_BYTES of bytes.
 */
#ifndef TUI_SEGMENTS_H
#define TUI_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/conn.h"
#include "tui/tui.h"

#define SEGMENTS_MAX   20000
#define SEGMENTS_BYTES (16u << 20)

struct segment {
	int64_t frame;
	nstime ts;
	int64_t seq, ack;	/* relative; CONN_UNKNOWN */
	int64_t len, window;
	char flags[12];		/* "S.", as tcpdump */
	char options[136];
	uint8_t side;
	bool has_bytes;
	uint16_t link_type;
	uint32_t caplen, wire_len;
	size_t bytes_at;
};

struct segments {
	struct segment *row;
	size_t n, size;
	uint8_t *bytes;
	size_t bytes_len, bytes_size;
	bool loaded, from_source, stale;
	bool store_tried;
	bool before, after;	/* there are more than were loaded */
	char error[200];	/* why there are none */
};

/* See to it that the segments around a packet are there. */
void segments_need(struct segments *s, struct store *st,
		   const struct tui_source *source, const struct conn *conn,
		   int64_t frame, bool with_bytes);
/* The same, if the store has any: what is quick. */
void segments_try_store(struct segments *s, struct store *st,
			const struct conn *conn, int64_t frame);

void segments_stale(struct segments *s);
void segments_release(struct segments *s);

/* The segment of a packet, or NULL. */
const struct segment *segments_at(const struct segments *s, int64_t frame);

/* The index of the one at or right before a packet. */
size_t segments_index(const struct segments *s, int64_t frame);

/* A packet of the capture as it was; false where its bytes are not kept. */
bool segments_packet(const struct segments *s, size_t i, struct packet *p);

#endif
