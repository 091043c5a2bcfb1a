/*
 * pcapng_options.c - options that are texts.
 */
#include "capture/pcapng_options.h"

void
pcapng_option_keep_text(struct catalog *c, const struct pcapng_text *table,
			void *into, const struct pcapng_option *o)
{
	for (; table->code; table++)
		if (table->code == o->code)
			catalog_keep_text(c, (const char **)
					  ((char *)into + table->offset),
					  o->value, o->len);
}
