/*
 * test_capture_damage.c - files that are cut, lie, shrink or grow.
 *
 * Whatever a file does, what was whole before it is delivered, and one line
 * tells.
 */
#include <setjmp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/capture_seen.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static char path[] = "/tmp/test_capture_damage.XXXXXX";
static struct seen seen;

/* --- cut at every length --- */

enum { CUT_PACKETS = 5 };

struct cuttable {
	struct image image;
	size_t end[CUT_PACKETS];	/* of each packet in the image */
	size_t start;			/* what can be opened at all */
};

static void
make_cuttable_pcap(struct cuttable *c, bool big_endian)
{
	struct image *im = &c->image;

	image_init(im, big_endian);
	image_pcap(im, PCAP_MICRO, 0, 1);
	c->start = im->n;
	for (uint32_t i = 0; i < CUT_PACKETS; i++) {
		image_pcap_packet(im, i, 0, 3 * i, 3 * i);
		for (uint32_t k = 0; k < 3 * i; k++)
			image_u8(im, (uint8_t)k);
		c->end[i] = im->n;
	}
}

static void
make_cuttable_pcapng(struct cuttable *c, bool big_endian)
{
	struct image *im = &c->image;

	image_init(im, big_endian);
	image_section(im);
	c->start = im->n;
	image_interface(im, 1, 0, 6);
	for (uint32_t i = 0; i < CUT_PACKETS; i++) {
		image_packet(im, 0, i, 0, 3 * i);
		c->end[i] = im->n;
		if (i == 2) {
			image_begin(im, 0xabc);
			image_u64(im, 0);
			image_end(im);
		}
	}
}

static size_t
whole_packets(const struct cuttable *c, size_t n)
{
	size_t whole = 0;

	while (whole < CUT_PACKETS && c->end[whole] <= n)
		whole++;
	return whole;
}

/* The first n bytes, in a block that ends there. */
static void
see_cut(const struct image *im, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	assert_non_null(copy);
	memcpy(copy, im->byte, n);
	seen_memory(&seen, copy, n);
	seen_release(&seen);
	free(copy);
}

static void
check_cut(const struct cuttable *c, size_t n)
{
	see_cut(&c->image, n);
	if (n < c->start) {
		assert_int_equal(seen.opened, CAPTURE_CANNOT_OPEN);
		assert_string_not_equal(seen.error, "");
		return;
	}
	if (seen.opened != CAPTURE_OPENED || seen.n != whole_packets(c, n))
		fail_msg("%zu bytes: %zu packets", n, seen.n);
	if (n == c->image.n)
		assert_string_equal(seen.damage, "");
}

static void
cut_anywhere_keeps_whole_packets(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < 4; kind++) {
		struct cuttable c;

		if (kind < 2)
			make_cuttable_pcap(&c, kind & 1);
		else
			make_cuttable_pcapng(&c, kind & 1);
		for (size_t n = 0; n <= c.image.n; n++)
			check_cut(&c, n);
		image_release(&c.image);
	}
}

static void
cut_compressed_data_is_told(void **unused)
{
	(void)unused;
	for (int how = IMAGE_GZIP; how < IMAGE_COMPRESSIONS; how++) {
		struct cuttable c;

		make_cuttable_pcapng(&c, false);
		if (!image_compress(&c.image, how)) {
			image_release(&c.image);
			continue;
		}
		for (size_t n = 1; n < c.image.n; n++) {
			see_cut(&c.image, n);
			if (seen.opened == CAPTURE_OPENED)
				assert_non_null(strstr(seen.damage,
						       "is cut short: its"));
			else
				assert_string_not_equal(seen.error, "");
		}
		image_release(&c.image);
	}
}

/* One byte after another is made wrong: an end, but never a crash. */
static void
wrong_bytes_end_cleanly(void **unused)
{
	(void)unused;
	for (int how = 0; how < IMAGE_COMPRESSIONS; how++) {
		struct cuttable c;

		make_cuttable_pcapng(&c, true);
		if (image_compress(&c.image, how))
			for (size_t i = 0; i < c.image.n; i++) {
				c.image.byte[i] ^= 0x91;
				see_cut(&c.image, c.image.n);
				c.image.byte[i] ^= 0x91;
			}
		image_release(&c.image);
	}
}

/* --- lies --- */

static void
add_lie(struct image *im, int kind)
{
	switch (kind) {
	case 0:		/* pcap: a packet longer than any */
		image_pcap_packet(im, 1, 0, 0x7fffffff, 0x7fffffff);
		break;
	case 1:		/* pcapng: a block shorter than its own frame */
		image_u32(im, 6);
		image_u32(im, 11);
		break;
	case 2:		/* a block longer than any that is read */
		image_u32(im, 6);
		image_u32(im, 0xfffffff0);
		break;
	case 3:		/* an interface that there is not */
		image_packet(im, 1, 0, 0, 4);
		break;
	case 4:		/* more bytes than its block has */
		image_enhanced(im, 0, 0, 5, 5);
		image_u32(im, 0);
		image_end(im);
		break;
	case 5:		/* lengths that differ */
		image_packet(im, 0, 0, 0, 4);
		im->byte[im->n - 4] ^= 4;
		break;
	case 6:		/* no room for the fixed fields */
		image_begin(im, 6);
		image_u32(im, 0);
		image_end(im);
		break;
	case 7:		/* a section in no byte order */
		image_section(im);
		im->byte[im->n - 20] ^= 1;
		break;
	}
}

static void
lies_are_told_and_end_the_file(void **unused)
{
	static const char *const damages[] = {
		"'memory' is damaged: packet 2 at byte 44 claims 2147483647 "
		"bytes",
		"'memory' is damaged: the block at byte 92, after packet 1, "
		"claims 11 bytes",
		"'memory' is damaged: the block at byte 92, after packet 1, "
		"claims 4294967280 bytes",
		"'memory' is damaged: packet 2 is of interface 1, which it "
		"does not have",
		"'memory' is damaged: packet 2 claims 5 bytes",
		"'memory' is damaged: the block at byte 92, after packet 1, "
		"ends in another length than its 36 bytes",
		"'memory' is damaged: a block of type 6 after packet 1 has "
		"only 4 bytes",
		"'memory' is damaged: the section at byte 92 has no byte "
		"order",
	};

	(void)unused;
	for (int i = 0; i < (int)N(damages); i++) {
		struct image im;

		image_init(&im, false);
		if (i == 0) {
			image_pcap(&im, PCAP_MICRO, 0, 1);
			image_pcap_packet(&im, 1, 0, 4, 4);
			image_u32(&im, 0);
		} else {
			image_section(&im);
			image_interface(&im, 1, 0, 6);
			image_packet(&im, 0, 1, 0, 4);
		}
		add_lie(&im, i);
		seen_image(&seen, &im);
		assert_int_equal(seen.n, 1);
		assert_string_equal(seen.damage, damages[i]);
		seen_release(&seen);
		image_release(&im);
	}
}

static void
interfaces_without_end_are_bounded(void **unused)
{
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_section(&im);
	for (int i = 0; i < 70000; i++)
		image_interface(&im, 1, 0, 6);
	image_packet(&im, 0, 1, 0, 4);
	seen_image(&seen, &im);
	assert_int_equal(seen.n, 0);
	assert_int_equal(capture_n_interfaces(seen.capture), 65536);
	assert_non_null(strstr(seen.damage, "too many interfaces"));
	seen_release(&seen);
	image_release(&im);
}

static void
comments_without_end_are_bounded(void **unused)
{
	struct capture_stats stats;
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_section(&im);
	image_interface(&im, 1, 0, 6);
	for (int i = 0; i < 70000; i++) {
		image_enhanced(&im, 0, 0, 0, 0);
		image_option(&im, 1, "a", 1);
		image_end(&im);
	}
	seen_image(&seen, &im);
	assert_string_equal(seen.damage, "");
	assert_int_equal(seen.n, 70000);
	assert_int_equal(capture_n_comments(seen.capture), 65536);
	capture_stats(seen.capture, &stats);
	assert_int_equal(stats.texts_lost, 70000 - 65536);
	seen_release(&seen);
	image_release(&im);
}

/* --- files that change while they are read --- */

enum { BIG_PACKETS = 20000, BIG_CAPLEN = 1000, BIG_RECORD = 1016 };

static uint8_t
big_byte(uint64_t number)
{
	return (uint8_t)(number % 250 + 1);	/* never 0, as a hole is */
}

static void
add_big_packets(struct image *im, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i <= to; i++) {
		uint8_t bytes[BIG_CAPLEN];

		memset(bytes, big_byte(i), sizeof(bytes));
		image_pcap_packet(im, (uint32_t)i, 0, BIG_CAPLEN, BIG_CAPLEN);
		image_bytes(im, bytes, sizeof(bytes));
	}
}

/* 20 MB: five windows of a mapped file. */
static void
write_big(void)
{
	struct image im;

	image_init(&im, false);
	image_pcap(&im, PCAP_MICRO, 0, 1);
	add_big_packets(&im, 1, BIG_PACKETS);
	image_write(&im, path);
	image_release(&im);
}

static struct capture *
open_big(void)
{
	const char *paths[] = { path };
	struct capture_config cfg = { .paths = paths, .n_paths = 1 };
	struct capture *c;

	write_big();
	assert_int_equal(capture_open(&c, &cfg), CAPTURE_OPENED);
	return c;
}

static void
assert_whole(const struct capture_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		const struct packet *p = &b->packet[i];
		uint8_t want = big_byte(p->number);

		if (p->caplen != BIG_CAPLEN || p->bytes[0] != want ||
		    p->bytes[BIG_CAPLEN - 1] != want)
			fail_msg("packet %u is not as it was",
				 (unsigned)p->number);
	}
}

/* Read to the end; every packet that comes is whole. */
static uint64_t
read_rest(struct capture *c)
{
	static struct capture_batch b;
	uint64_t n = 0;

	while (capture_next(c, &b)) {
		assert_whole(&b);
		n += b.n;
		capture_release(c, &b);
	}
	return n;
}

/* Cut within the window that is mapped, and far behind and before it. */
static void
shrinking_file_is_damage(void **unused)
{
	static const off_t kept_packets[] = { 0, 300, 1000, 4097, 12345 };

	(void)unused;
	for (size_t i = 0; i < N(kept_packets); i++) {
		static struct capture_batch b;
		struct capture *c = open_big();
		uint64_t kept = (uint64_t)kept_packets[i], n;
		char damage[200];
		off_t size = 24 + (off_t)kept * BIG_RECORD + 7;

		assert_int_equal(capture_next(c, &b), 1);
		assert_whole(&b);
		n = b.n;
		capture_release(c, &b);
		assert_int_equal(truncate(path, size), 0);
		n += read_rest(c);
		assert_int_equal(n, kept < CAPTURE_BATCH ? CAPTURE_BATCH : kept);
		snprintf(damage, sizeof(damage), "'%s' shrank to %d bytes "
			 "while it was read", path, (int)size);
		assert_non_null(capture_damage(c));
		assert_string_equal(capture_damage(c), damage);
		capture_close(c);
	}
}

/* The last batch is with a worker, all is read: its packets become zeros. */
static void
shrinking_under_a_held_batch_is_damage(void **unused)
{
	static struct capture_batch b;
	struct capture *c = open_big();
	unsigned sum = 0;

	(void)unused;
	assert_int_equal(capture_next(c, &b), 1);
	assert_int_equal(truncate(path, 0), 0);
	assert_null(capture_damage(c));
	for (size_t i = 0; i < b.n; i++)
		sum += b.packet[i].bytes[0];
	assert_int_equal(sum, 0);
	capture_release(c, &b);
	assert_non_null(capture_damage(c));
	assert_non_null(strstr(capture_damage(c), "shrank while it was read"));
	capture_close(c);
}

/* Only our own mappings are mended: others' faults kill as they did. */
static void
foreign_faults_stay_fatal(void **unused)
{
	int status;
	pid_t child;

	(void)unused;
	write_big();
	child = fork();
	if (child == 0) {
		static struct capture_batch b;
		FILE *f = fopen(path, "rb");
		volatile uint8_t *mine;

		signal(SIGBUS, SIG_DFL);	/* cmocka catches it */
		capture_next(open_big(), &b);
		mine = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(f), 0);
		if (truncate(path, 0) == 0)
			status = *mine;
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGBUS);
}

static void
growing_file_is_read_to_its_new_end(void **unused)
{
	static struct capture_batch b;
	struct capture *c = open_big();
	struct image more;
	FILE *f;

	(void)unused;
	assert_int_equal(capture_next(c, &b), 1);
	capture_release(c, &b);
	image_init(&more, false);
	add_big_packets(&more, BIG_PACKETS + 1, BIG_PACKETS + 1000);
	f = fopen(path, "ab");
	assert_int_equal(fwrite(more.byte, 1, more.n, f), more.n);
	fclose(f);
	image_release(&more);
	assert_int_equal(read_rest(c), BIG_PACKETS + 1000 - CAPTURE_BATCH);
	assert_null(capture_damage(c));
	capture_close(c);
}

/* --- memory --- */

static void
held_batches_keep_their_bytes(void **unused)
{
	enum { HELD = BIG_PACKETS / CAPTURE_BATCH };
	struct capture_batch *held = calloc(HELD, sizeof(*held));
	struct capture *c = open_big();

	(void)unused;
	assert_non_null(held);
	for (size_t i = 0; i < HELD; i++)
		assert_int_equal(capture_next(c, &held[i]), 1);
	read_rest(c);
	/* In an order that is not that of reading. */
	for (size_t i = 0; i < HELD; i++) {
		struct capture_batch *b = &held[i * 7 % HELD];

		assert_whole(b);
		capture_release(c, b);
		assert_int_equal(b->n, 0);
	}
	capture_close(c);
	free(held);
}

/* Batches on their way to the thread that releases them. */
enum { ON_THE_WAY = 4 };

struct way {
	struct capture *capture;
	struct capture_batch batch[ON_THE_WAY];
	_Atomic uint64_t sent, done;	/* batches */
	atomic_bool ended;
};

static void *
release_all(void *arg)
{
	struct way *w = arg;
	uint64_t done = 0;

	while (!atomic_load(&w->ended) || done < atomic_load(&w->sent)) {
		struct capture_batch *b = &w->batch[done % ON_THE_WAY];

		if (done == atomic_load(&w->sent))
			continue;
		assert_whole(b);
		capture_release(w->capture, b);
		atomic_store(&w->done, ++done);
	}
	return NULL;
}

static void
another_thread_may_release(void **unused)
{
	static struct way w;
	uint64_t n = 0;
	pthread_t thread;

	(void)unused;
	w.capture = open_big();
	assert_int_equal(pthread_create(&thread, NULL, release_all, &w), 0);
	for (;;) {
		uint64_t sent = atomic_load(&w.sent);
		struct capture_batch *b = &w.batch[sent % ON_THE_WAY];

		while (sent - atomic_load(&w.done) == ON_THE_WAY)
			;
		if (!capture_next(w.capture, b))
			break;
		n += b->n;
		atomic_store(&w.sent, sent + 1);
	}
	atomic_store(&w.ended, true);
	pthread_join(thread, NULL);
	assert_int_equal(n, BIG_PACKETS);
	capture_close(w.capture);
}

static size_t
resident_bytes(void)
{
	unsigned long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%lu %lu", &pages, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* 128 MiB of holes: packets of no bytes at the beginning of time. */
static void
memory_does_not_grow_with_the_file(void **unused)
{
	static struct capture_batch b;
	const char *paths[] = { path };
	struct capture_config cfg = { .paths = paths, .n_paths = 1 };
	size_t before = resident_bytes(), most = 0;
	struct image im;
	struct capture *c;

	(void)unused;
	image_init(&im, false);
	image_pcap(&im, PCAP_MICRO, 0, 1);
	image_write(&im, path);
	image_release(&im);
	assert_int_equal(truncate(path, 24 + (128 << 20)), 0);
	assert_int_equal(capture_open(&c, &cfg), CAPTURE_OPENED);
	for (unsigned n = 0; capture_next(c, &b); n++) {
		if (n % 1024 == 0 && resident_bytes() > most)
			most = resident_bytes();
		capture_release(c, &b);
	}
	assert_null(capture_damage(c));
	assert_int_equal(capture_progress(c).done, 24 + (128 << 20));
	assert_int_equal(capture_progress(c).total, 24 + (128 << 20));
	capture_close(c);
	if (most > before + (24 << 20))
		fail_msg("%zu MiB more", (most - before) >> 20);
}

/* --- pipes and permissions --- */

static volatile sig_atomic_t stop;

static void
pipe_hands_on_what_is_there(void **unused)
{
	static struct capture_batch b;
	const char *paths[] = { "-" };
	struct capture_config cfg = {
		.paths = paths, .n_paths = 1, .stop = &stop,
	};
	int end[2], saved = dup(STDIN_FILENO);
	struct capture *c;
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_pcap(&im, PCAP_MICRO, 0, 1);
	image_pcap_packet(&im, 1, 0, 0, 0);
	assert_int_equal(pipe(end), 0);
	assert_int_equal(write(end[1], im.byte, im.n), im.n);
	dup2(end[0], STDIN_FILENO);
	assert_int_equal(capture_open(&c, &cfg), CAPTURE_OPENED);
	dup2(saved, STDIN_FILENO);
	assert_int_equal(capture_next(c, &b), 1);
	assert_int_equal(b.n, 1);
	capture_release(c, &b);
	stop = 1;	/* the writer is alive: without this it would wait */
	assert_int_equal(capture_next(c, &b), 0);
	assert_null(capture_damage(c));
	capture_close(c);
	close(end[0]);
	close(end[1]);
	close(saved);
	image_release(&im);
}

static void
on_alarm(int number)
{
	(void)number;
	stop = 1;
}

static void
waiting_ends_when_told_to_stop(void **unused)
{
	static struct capture_batch b;
	const char *paths[] = { "-" };
	struct capture_config cfg = {
		.paths = paths, .n_paths = 1, .stop = &stop,
	};
	int end[2], saved = dup(STDIN_FILENO);
	struct capture *c;
	struct image im;

	(void)unused;
	image_init(&im, false);
	image_pcap(&im, PCAP_MICRO, 0, 1);
	assert_int_equal(pipe(end), 0);
	assert_int_equal(write(end[1], im.byte, im.n), im.n);
	dup2(end[0], STDIN_FILENO);
	stop = 0;
	assert_int_equal(capture_open(&c, &cfg), CAPTURE_OPENED);
	dup2(saved, STDIN_FILENO);
	signal(SIGALRM, on_alarm);
	alarm(1);
	assert_int_equal(capture_next(c, &b), 0);
	assert_null(capture_damage(c));
	capture_close(c);
	close(end[0]);
	close(end[1]);
	close(saved);
	image_release(&im);
}

static void
no_permission_is_told(void **unused)
{
	int status;
	pid_t child;

	(void)unused;
	write_big();
	assert_int_equal(chmod(path, 0), 0);
	child = fork();
	if (child == 0) {
		char error[512];

		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(77);
		seen_file(&seen, path);
		snprintf(error, sizeof(error),
			 "cannot open '%s': permission denied", path);
		status = seen.opened != CAPTURE_CANNOT_OPEN ||
			 strcmp(seen.error, error) != 0;
		seen_release(&seen);
		_exit(status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	chmod(path, 0600);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();		/* root that may not become another */
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int
make_file(void **unused)
{
	int fd = mkstemp(path);

	(void)unused;
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **unused)
{
	(void)unused;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cut_anywhere_keeps_whole_packets),
		cmocka_unit_test(cut_compressed_data_is_told),
		cmocka_unit_test(wrong_bytes_end_cleanly),
		cmocka_unit_test(lies_are_told_and_end_the_file),
		cmocka_unit_test(interfaces_without_end_are_bounded),
		cmocka_unit_test(comments_without_end_are_bounded),
		cmocka_unit_test(shrinking_file_is_damage),
		cmocka_unit_test(shrinking_under_a_held_batch_is_damage),
		cmocka_unit_test(foreign_faults_stay_fatal),
		cmocka_unit_test(growing_file_is_read_to_its_new_end),
		cmocka_unit_test(held_batches_keep_their_bytes),
		cmocka_unit_test(another_thread_may_release),
		cmocka_unit_test(memory_does_not_grow_with_the_file),
		cmocka_unit_test(pipe_hands_on_what_is_there),
		cmocka_unit_test(waiting_ends_when_told_to_stop),
		cmocka_unit_test(no_permission_is_told),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
