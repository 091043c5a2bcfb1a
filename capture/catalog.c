/*
 * catalog.c - the tables behind catalog.h.
 */
#include "capture/catalog.h"

#include <stdlib.h>
#include <string.h>

/* A zeroed struct at the end of the list, or NULL. */
static void *
list_add(struct catalog_list *l, size_t size, size_t bound)
{
	void *item;

	if (l->n == bound)
		return NULL;
	if (l->n == l->room) {
		size_t room = l->room ? 2 * l->room : 8;
		void **grown = realloc(l->item, room * sizeof(*grown));

		if (!grown)
			return NULL;
		l->item = grown;
		l->room = room;
	}
	item = calloc(1, size);
	if (item)
		l->item[l->n++] = item;
	return item;
}

struct capture_interface *
catalog_add_interface(struct catalog *c, uint32_t *index)
{
	*index = (uint32_t)c->interfaces.n;
	return list_add(&c->interfaces, sizeof(struct capture_interface),
			CATALOG_INTERFACES);
}

struct capture_section *
catalog_add_section(struct catalog *c)
{
	struct capture_section *s = list_add(&c->sections, sizeof(*s),
					     CATALOG_SECTIONS);

	if (!s)
		c->texts_lost++;
	return s;
}

void
catalog_add_comment(struct catalog *c, uint64_t number, const uint8_t *text,
		    size_t len)
{
	struct capture_comment *kept = list_add(&c->comments, sizeof(*kept),
						CATALOG_COMMENTS);

	if (!kept) {
		c->texts_lost++;
		return;
	}
	kept->number = number;
	kept->text = "";
	catalog_keep_text(c, &kept->text, text, len);
}

static void
drop_text(struct catalog *c, const char *text)
{
	if (!text || !*text)		/* "" is not ours */
		return;
	c->text_bytes -= strlen(text) + 1;
	free((char *)text);
}

void
catalog_keep_text(struct catalog *c, const char **to, const uint8_t *text,
		  size_t len)
{
	size_t size = strnlen((const char *)text, len) + 1;
	char *copy;

	if (size > CATALOG_TEXT - c->text_bytes) {
		c->texts_lost++;
		return;
	}
	drop_text(c, *to);
	*to = "";
	if (size == 1)
		return;
	copy = strndup((const char *)text, size - 1);
	if (!copy) {
		c->texts_lost++;
		return;
	}
	c->text_bytes += size;
	*to = copy;
}

static void
list_release(struct catalog_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->item[i]);
	free(l->item);
}

void
catalog_release(struct catalog *c)
{
	for (size_t i = 0; i < c->interfaces.n; i++) {
		struct capture_interface *ifc = c->interfaces.item[i];

		drop_text(c, ifc->name);
		drop_text(c, ifc->description);
		drop_text(c, ifc->filter);
		drop_text(c, ifc->os);
		drop_text(c, ifc->hardware);
		drop_text(c, ifc->comment);
	}
	for (size_t i = 0; i < c->sections.n; i++) {
		struct capture_section *s = c->sections.item[i];

		drop_text(c, s->hardware);
		drop_text(c, s->os);
		drop_text(c, s->application);
		drop_text(c, s->comment);
	}
	for (size_t i = 0; i < c->comments.n; i++)
		drop_text(c, ((struct capture_comment *)
			      c->comments.item[i])->text);
	list_release(&c->interfaces);
	list_release(&c->sections);
	list_release(&c->comments);
}
