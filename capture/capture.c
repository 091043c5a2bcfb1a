/*
 * capture.c - from inputs to numbered batches.
 *
 * The readers give packets, merge.c orders them; here they get their frame
 * numbers, pass the filter and are put into a batch, which takes hold of the
 * memory that they lie in.  Frame numbers count what the filter drops, as
 * Wireshark counts when it shows the same files.
 */
#include "capture/capture.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "capture/capture_memory.h"
#include "capture/filter.h"
#include "capture/live.h"
#include "capture/merge.h"

/* Bytes to map or decompress at a time, for an input and for all. */
enum { STEP_MIN = 64 << 10, STEP_MAX = 4 << 20, STEP_ALL = 32 << 20 };

struct capture {
	struct reader *readers;
	size_t n_readers;
	struct merge merge;
	struct live *live;		/* an interface, no readers; or NULL */
	struct catalog catalog;
	struct filter *filter;
	const volatile sig_atomic_t *stop;
	nstime until;			/* live: when it was stopped; or 0 */
	uint64_t max_packets, delivered;
	uint32_t snaplen;
	uint64_t batches;
	uint64_t packets, bytes, filtered_out, no_filter;
	_Atomic uint64_t position;
	uint64_t total;
	char error[CAPTURE_TEXT];
	char damage[CAPTURE_TEXT];
};

/* --- opening --- */

static struct capture *
create(const struct capture_config *cfg, size_t n_readers)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->max_packets = cfg->max_packets;
	c->snaplen = cfg->snaplen;
	c->stop = cfg->stop;
	c->readers = calloc(n_readers ? n_readers : 1, sizeof(*c->readers));
	if (!c->readers || (cfg->filter && cfg->filter[0] &&
			    !(c->filter = filter_open(cfg->filter)))) {
		capture_close(c);
		return NULL;
	}
	return c;
}

/* Put a source behind a new reader. */
static bool
add_reader(struct capture *c, struct source *s)
{
	struct reader *r = &c->readers[c->n_readers];

	r->index = (unsigned)c->n_readers++;
	c->total += s->stored_size;
	if (reader_open(r, s, &c->catalog))
		return true;
	memcpy(c->error, r->damage, sizeof(c->error));
	return false;
}

/* A mistake in the filter is told before any packet is read. */
static bool
check_filter(struct capture *c)
{
	size_t n = c->catalog.interfaces.n;

	if (!c->filter)
		return true;
	if (n == 0)
		return filter_compile(c->filter, 1, c->error);
	for (size_t i = 0; i < n; i++)
		if (!filter_compile(c->filter, catalog_interface(
				&c->catalog, (uint32_t)i)->link_type, c->error))
			return false;
	return true;
}

static int
start(struct capture *c)
{
	if (!check_filter(c))
		return CAPTURE_BAD_FILTER;
	if (!merge_init(&c->merge, c->readers, c->n_readers)) {
		snprintf(c->error, sizeof(c->error), "out of memory");
		return CAPTURE_CANNOT_OPEN;
	}
	return CAPTURE_OPENED;
}

int
capture_open_memory(struct capture **out, const struct capture_config *cfg,
		    const char *name, const uint8_t *bytes, size_t size)
{
	struct capture *c = *out = create(cfg, 1);
	struct source *s;

	if (!c)
		return CAPTURE_CANNOT_OPEN;
	s = source_open_memory(name, bytes, size, c->error);
	if (!s || !add_reader(c, s))
		return CAPTURE_CANNOT_OPEN;
	return start(c);
}

/* Memory is bounded also where a thousand files are merged. */
static size_t
step_of(size_t n_inputs)
{
	size_t step = n_inputs ? STEP_ALL / n_inputs : STEP_MAX;

	return step > STEP_MAX ? STEP_MAX : step < STEP_MIN ? STEP_MIN : step;
}

int
capture_open(struct capture **out, const struct capture_config *cfg)
{
	struct capture *c = *out = create(cfg, cfg->n_paths);
	struct source_options so = {
		.stop = cfg->stop,
		.step = step_of(cfg->n_paths),
	};

	if (!c)
		return CAPTURE_CANNOT_OPEN;
	for (size_t i = 0; i < cfg->n_paths; i++) {
		struct source *s = source_open(cfg->paths[i], &so, c->error);

		if (!s || !add_reader(c, s))
			return CAPTURE_CANNOT_OPEN;
	}
	return start(c);
}

int
capture_open_live(struct capture **out, const struct capture_live_config *cfg)
{
	struct capture_config plain = {
		.max_packets = cfg->max_packets,
		.stop = cfg->stop,
	};
	struct capture *c = *out = create(&plain, 0);

	if (!c)
		return CAPTURE_CANNOT_OPEN;
	return live_open(&c->live, cfg, &c->catalog, c->error);
}

const char *
capture_error(const struct capture *c)
{
	return c ? c->error : "out of memory";
}

void
capture_close(struct capture *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n_readers; i++)
		reader_release(&c->readers[i]);
	free(c->readers);
	merge_release(&c->merge);
	live_close(c->live);
	catalog_release(&c->catalog);
	filter_close(c->filter);
	free(c);
}

/* --- reading --- */

static bool
wanted(struct capture *c, const struct packet *p)
{
	enum filter_result result;

	if (!c->filter)
		return true;
	result = filter_match(c->filter, p);
	if (result == FILTER_YES)
		return true;
	c->filtered_out++;
	c->no_filter += result == FILTER_NONE;
	return false;
}

/* Keep the memory of the reader's packet for as long as the batch. */
static void
hold_span(struct capture *c, struct capture_batch *b, struct reader *r)
{
	struct span *s = r->source->span;

	if (s->batch == c->batches)
		return;
	s->batch = r->batch = c->batches;
	span_hold(s);
	b->span[b->n_spans++] = s;
}

static void
add_packet(struct capture *c, struct capture_batch *b, struct reader *r,
	   struct packet *p)
{
	p->number = ++c->packets;
	c->bytes += p->caplen;
	catalog_interface(&c->catalog, p->interface)->packets++;
	if (!wanted(c, p))
		return;
	if (r->ops->annotate)
		r->ops->annotate(r, p);
	if (c->snaplen && p->caplen > c->snaplen)
		p->caplen = c->snaplen;
	hold_span(c, b, r);
	c->delivered++;
	b->n++;
}

/* Have there been as many packets as were asked for? */
static bool
is_done(const struct capture *c)
{
	return c->max_packets && c->delivered >= c->max_packets;
}

static bool
is_stopped(const struct capture *c)
{
	return c->stop && *c->stop;
}

static bool
is_full(const struct capture *c, const struct capture_batch *b,
	uint64_t bytes_before)
{
	return b->n == CAPTURE_BATCH || b->n_spans == CAPTURE_BATCH_SPANS ||
	       c->bytes - bytes_before >= CAPTURE_BATCH_BYTES || is_done(c);
}

/* False at the end of the inputs. */
static bool
fill_from_one(struct capture *c, struct capture_batch *b)
{
	struct reader *r = &c->readers[0];
	uint64_t before = c->bytes;

	while (!is_full(c, b, before)) {
		struct packet *p = &b->packet[b->n];

		if (b->n > 0 && source_would_wait(r->source))
			return true;
		if (reader_next(r, p) != READ_PACKET)
			return false;
		add_packet(c, b, r, p);
	}
	return true;
}

static bool
fill_merged(struct capture *c, struct capture_batch *b)
{
	uint64_t before = c->bytes;

	while (!is_full(c, b, before)) {
		struct packet *p = &b->packet[b->n];
		struct reader *r;

		if (b->n > 0 && merge_would_wait(&c->merge))
			return true;
		r = merge_next(&c->merge);
		if (!r)
			return false;
		*p = r->head;
		add_packet(c, b, r, p);
	}
	return true;
}

static bool
fill(struct capture *c, struct capture_batch *b)
{
	b->n = 0;
	b->n_spans = 0;
	c->batches++;
	return c->n_readers == 1 ? fill_from_one(c, b) : fill_merged(c, b);
}

/* --- files that shrink --- */

/* Did the packet lie in this span, and beyond byte `size` of its input? */
static bool
lies_beyond(const struct packet *p, const struct span *s, uint64_t size)
{
	uintptr_t at = (uintptr_t)p->bytes - (uintptr_t)s->base;

	return at <= s->size && s->offset + at + p->caplen > size;
}

static void
drop_beyond(struct capture_batch *b, const struct span *s, uint64_t size)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++)
		if (!lies_beyond(&b->packet[i], s, size))
			b->packet[kept++] = b->packet[i];
	b->n = kept;
}

/*
 * A mapped file that shrinks while it is read shows zeros.  What was read
 * from there is taken out of the batch again, and the input ends.
 */
static void
check_reader(struct capture_batch *b, struct reader *r)
{
	struct source *s = r->source;
	uint64_t size;

	if (!s->ops->shrank || !s->ops->shrank(s, &size))
		return;
	r->damage[0] = '\0';	/* whatever was found in the zeros */
	reader_damaged(r, "shrank to %" PRIu64 " bytes while it was read",
		       size);
	for (size_t i = 0; i < b->n_spans; i++)
		if (b->span[i]->source == s)
			drop_beyond(b, b->span[i], size);
}

static void
check_readers(struct capture *c, struct capture_batch *b)
{
	for (size_t i = 0; i < c->n_readers; i++) {
		struct reader *r = &c->readers[i];

		if (r->batch == c->batches || r->damage[0])
			check_reader(b, r);
	}
}

static void
publish_position(struct capture *c)
{
	uint64_t position = 0;

	for (size_t i = 0; i < c->n_readers; i++)
		position += source_stored_position(c->readers[i].source);
	atomic_store_explicit(&c->position, position, memory_order_relaxed);
}

/* When it is stopped, what the kernel has until then is still taken. */
static bool
is_over(struct capture *c, const struct capture_batch *b)
{
	struct timespec now;

	if (!is_stopped(c))
		return false;
	if (!c->until) {
		clock_gettime(CLOCK_REALTIME, &now);
		c->until = now.tv_sec * NS_PER_S + now.tv_nsec;
	}
	return b->n == 0 || b->packet[0].ts > c->until;
}

/* The kernel has applied the filter: what comes is numbered. */
static int
next_live(struct capture *c, struct capture_batch *b)
{
	uint64_t left = c->max_packets ? c->max_packets - c->delivered
				       : CAPTURE_BATCH;

	if (left == 0 ||
	    !live_fill(c->live, b, left < CAPTURE_BATCH ? left : CAPTURE_BATCH))
		return 0;
	if (is_over(c, b)) {
		capture_release(c, b);
		return 0;
	}
	for (size_t i = 0; i < b->n; i++) {
		struct packet *p = &b->packet[i];

		p->number = ++c->packets;
		c->bytes += p->caplen;
		catalog_interface(&c->catalog, p->interface)->packets++;
	}
	c->delivered += b->n;
	return 1;
}

int
capture_next(struct capture *c, struct capture_batch *b)
{
	bool more;

	b->n = b->n_spans = 0;
	if (c->live)
		return next_live(c, b);
	do {
		more = !is_stopped(c) && fill(c, b) && !is_done(c);
		check_readers(c, b);
		publish_position(c);
		if (b->n == 0)
			capture_release(c, b);
	} while (more && b->n == 0);
	return b->n > 0;
}

void
capture_release(struct capture *c, struct capture_batch *b)
{
	(void)c;
	for (size_t i = 0; i < b->n_spans; i++)
		span_drop(b->span[i]);
	b->n = 0;
	b->n_spans = 0;
}

/* --- what there is to tell --- */

/* Pages may vanish after their packets were handed out, too. */
static bool
is_damaged(struct reader *r)
{
	struct source *s = r->source;

	if (!r->damage[0] && s->ops->vanished && s->ops->vanished(s))
		reader_damaged(r, "shrank while it was read");
	return r->damage[0];
}

const char *
capture_damage(struct capture *c)
{
	const char *first = NULL;
	unsigned others = 0;

	if (c->live)
		return live_damage(c->live);
	for (size_t i = 0; i < c->n_readers; i++)
		if (is_damaged(&c->readers[i])) {
			others += first != NULL;
			first = first ? first : c->readers[i].damage;
		}
	if (others == 0)
		return first;
	snprintf(c->damage, sizeof(c->damage), "%.450s (and %u other%s)",
		 first, others, others > 1 ? "s" : "");
	return c->damage;
}

struct capture_position
capture_progress(const struct capture *c)
{
	return (struct capture_position){
		.done = atomic_load_explicit(&c->position,
					     memory_order_relaxed),
		.total = c->total,
	};
}

void
capture_stats(const struct capture *c, struct capture_stats *out)
{
	*out = (struct capture_stats){
		.packets = c->packets,
		.bytes = c->bytes,
		.filtered_out = c->filtered_out,
		.no_filter = c->no_filter,
		.texts_lost = c->catalog.texts_lost,
	};
	for (size_t i = 0; i < c->n_readers; i++) {
		out->without_time += c->readers[i].without_time;
		out->blocks_skipped += c->readers[i].blocks_skipped;
	}
	for (size_t i = 0; i < capture_n_interfaces(c); i++) {
		out->drops += capture_interface(c, i)->drops;
		out->drops_known |= capture_interface(c, i)->drops_known;
	}
}

void
capture_live_counts(struct capture *c, struct capture_live_counts *out)
{
	*out = (struct capture_live_counts){ 0 };
	if (c->live)
		live_counts(c->live, out);
}

size_t
capture_n_interfaces(const struct capture *c)
{
	return c->catalog.interfaces.n;
}

const struct capture_interface *
capture_interface(const struct capture *c, size_t i)
{
	return c->catalog.interfaces.item[i];
}

size_t
capture_n_sections(const struct capture *c)
{
	return c->catalog.sections.n;
}

const struct capture_section *
capture_section(const struct capture *c, size_t i)
{
	return c->catalog.sections.item[i];
}

size_t
capture_n_comments(const struct capture *c)
{
	return c->catalog.comments.n;
}

const struct capture_comment *
capture_comment(const struct capture *c, size_t i)
{
	return c->catalog.comments.item[i];
}
