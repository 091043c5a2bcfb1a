/*
 * source_map.c - a plain file, mapped a window at a time.
 *
 * A window begins at the page of the first byte that is asked for, so two
 * windows may overlap, and none is needed for longer than its packets: what
 * is held in memory does not grow with the file.
 *
 * A file that grows is read up to the size that is found when its end is
 * reached.  One that shrinks shows zeros (fault.h) and fails size_now.
 */
#include "capture/fault.h"
#include "capture/source.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct map {
	struct source source;
	int fd;
	uint64_t size;		/* as last looked up */
	size_t window;		/* bytes to map at a time, at least */
	bool shrunk;		/* there is nothing to read any more */
	atomic_bool vanished;
};

struct window {
	struct span span;
	struct fault_zone *zone;
};

static void
window_destroy(struct span *s)
{
	struct window *w = (struct window *)s;

	fault_unwatch(w->zone);
	munmap((void *)s->base, s->size);
	free(w);
}

/* Map size bytes from offset, a page's start; NULL: out of memory. */
static struct window *
window_map(struct map *m, uint64_t offset, size_t size)
{
	struct window *w = malloc(sizeof(*w));
	void *base;

	if (!w)
		return NULL;
	base = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, m->fd,
		    (off_t)offset);
	if (base == MAP_FAILED)
		goto no_memory;
	w->zone = fault_watch(base, size, &m->vanished);
	if (!w->zone) {
		munmap(base, size);
		goto no_memory;
	}
	span_init(&w->span, &m->source, base, size, offset,
		  window_destroy);
	return w;

no_memory:
	free(w);
	return NULL;
}

static uint64_t
size_now(const struct map *m)
{
	struct stat st;

	return fstat(m->fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static bool
map_shrank(struct source *s, uint64_t *size)
{
	struct map *m = (struct map *)s;

	*size = size_now(m);
	if (*size >= source_offset(s))
		return false;
	s->pos = s->end;
	m->shrunk = true;
	return true;
}

/* Show the file from pos on, as much as a window takes but at least n. */
static bool
move_window(struct map *m, size_t n)
{
	struct source *s = &m->source;
	uint64_t offset = source_offset(s);
	uint64_t page = offset & ~(uint64_t)(sysconf(_SC_PAGESIZE) - 1);
	size_t size = n + (size_t)(offset - page);
	struct window *w;

	if (size < m->window)
		size = m->window;
	if (size > m->size - page)
		size = (size_t)(m->size - page);
	w = window_map(m, page, size);
	if (!w)
		return false;
	posix_fadvise(m->fd, (off_t)(page + size), (off_t)m->window,
		      POSIX_FADV_WILLNEED);
	span_drop(s->span);
	s->span = &w->span;
	s->pos = w->span.base + (offset - page);
	s->end = w->span.base + size;
	s->end_offset = page + size;
	return true;
}

static bool
map_fill(struct source *s, size_t n)
{
	struct map *m = (struct map *)s;
	uint64_t offset = source_offset(s);

	if (m->shrunk)
		return false;
	if (m->size - offset < n) {
		uint64_t size = size_now(m);

		if (size > m->size)
			m->size = size;
	}
	if (s->end_offset == m->size)
		return false;
	if (!move_window(m, n)) {
		snprintf(s->damage, sizeof(s->damage),
			 "'%s' cannot be mapped at byte %" PRIu64
			 ": out of memory", s->name, offset);
		return false;
	}
	return source_left(s) >= n;
}

static uint64_t
map_stored_position(const struct source *s)
{
	return source_offset(s);
}

static bool
map_vanished(const struct source *s)
{
	return atomic_load(&((const struct map *)s)->vanished);
}

static void
map_close(struct source *s)
{
	struct map *m = (struct map *)s;

	span_drop(s->span);
	close(m->fd);
	free(m);
}

static const struct source_ops map_ops = {
	.fill = map_fill,
	.shrank = map_shrank,
	.stored_position = map_stored_position,
	.vanished = map_vanished,
	.close = map_close,
};

/* Some file systems cannot. */
static bool
can_be_mapped(int fd)
{
	void *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	return page != MAP_FAILED && munmap(page, 1) == 0;
}

struct source *
source_map_open(const char *name, int fd, uint64_t size, size_t step)
{
	struct map *m = can_be_mapped(fd) ? calloc(1, sizeof(*m)) : NULL;

	if (!m)
		return NULL;
	m->source.ops = &map_ops;
	m->source.name = name;
	m->source.stored_size = size;
	m->fd = fd;
	m->size = size;
	m->window = step;
	return &m->source;
}
