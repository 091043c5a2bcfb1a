/*
 * capture_seen.c - reads a capture as the program does, batch by batch.
 */
#include "tests/capture_seen.h"

#include <stdio.h>
#include <string.h>

#include "capture/capture_memory.h"

static void
keep(struct seen *s, const struct packet *p)
{
	struct seen_packet *kept = &s->packet[s->n++ % SEEN_PACKETS];
	size_t n = p->caplen < SEEN_BYTES ? p->caplen : SEEN_BYTES;

	kept->packet = *p;
	memset(kept->first, 0, sizeof(kept->first));
	if (n)
		memcpy(kept->first, p->bytes, n);
	kept->packet.bytes = kept->first;
}

static void
read_all(struct seen *s)
{
	static struct capture_batch b;

	if (s->opened != CAPTURE_OPENED) {
		snprintf(s->error, sizeof(s->error), "%s",
			 capture_error(s->capture));
		return;
	}
	while (capture_next(s->capture, &b)) {
		for (size_t i = 0; i < b.n; i++)
			keep(s, &b.packet[i]);
		capture_release(s->capture, &b);
	}
	if (capture_damage(s->capture))
		snprintf(s->damage, sizeof(s->damage), "%s",
			 capture_damage(s->capture));
}

void
seen_files(struct seen *s, const char *const *paths,
	   struct capture_config cfg)
{
	memset(s, 0, sizeof(*s));
	cfg.paths = paths;
	for (cfg.n_paths = 0; paths[cfg.n_paths]; )
		cfg.n_paths++;
	s->opened = capture_open(&s->capture, &cfg);
	read_all(s);
}

void
seen_file(struct seen *s, const char *path)
{
	const char *paths[] = { path, NULL };

	seen_files(s, paths, (struct capture_config){ 0 });
}

void
seen_memory(struct seen *s, const void *bytes, size_t n)
{
	struct capture_config cfg = { 0 };

	memset(s, 0, sizeof(*s));
	s->opened = capture_open_memory(&s->capture, &cfg, "memory", bytes, n);
	read_all(s);
}

void
seen_image(struct seen *s, const struct image *im)
{
	seen_memory(s, im->byte, im->n);
}

void
seen_release(struct seen *s)
{
	capture_close(s->capture);
	s->capture = NULL;
}
