/*
 * packet_tree.h - the layers and fields of a packet as rows.  Pure.
 */
#ifndef TUI_PACKET_TREE_H
#define TUI_PACKET_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/packet.h"

#define TREE_ROWS 1024

struct tree_row {
	char text[120];
	uint32_t offset, len;	/* the bytes that it stands for */
	uint8_t depth;
	bool is_layer;
	bool bad;		/* cut, or malformed */
};

struct packet_tree {
	size_t n;
	struct tree_row row[TREE_ROWS];
};

void packet_tree_fill(struct packet_tree *t, const struct packet *p);

#endif
