/*
 * catalog.h - what a capture tells besides packets.
 *
 * Interfaces, sections and comments, numbered over all inputs.  Files may
 * claim any number of them: each table is bounded, all texts together too,
 * and what fell over is counted.
 */
#ifndef CAPTURE_CATALOG_H
#define CAPTURE_CATALOG_H

#include "capture/capture.h"

enum {
	CATALOG_INTERFACES = 1 << 16,
	CATALOG_SECTIONS = 1 << 12,
	CATALOG_COMMENTS = 1 << 16,
	CATALOG_TEXT = 16 << 20,	/* bytes of all texts */
};

#define CATALOG_FULL "cannot be read on: it has too many interfaces"

/* A growing array of structs that stay where they are. */
struct catalog_list {
	void **item;
	size_t n, room;
};

struct catalog {
	struct catalog_list interfaces, sections, comments;
	size_t text_bytes;
	uint64_t texts_lost;
};

/* NULL when there is no room.  *index is packet.interface. */
struct capture_interface *
catalog_add_interface(struct catalog *c, uint32_t *index);

static inline struct capture_interface *
catalog_interface(const struct catalog *c, uint32_t index)
{
	return c->interfaces.item[index];
}

/* NULL when there is no room, which is counted. */
struct capture_section *catalog_add_section(struct catalog *c);
void catalog_add_comment(struct catalog *c, uint64_t number,
			 const uint8_t *text, size_t len);

/*
 * Keep a text in *to: NUL-terminated, cut at a NUL of its own.  What was
 * there before is replaced.
 */
void catalog_keep_text(struct catalog *c, const char **to,
		       const uint8_t *text, size_t len);

void catalog_release(struct catalog *c);

#endif
