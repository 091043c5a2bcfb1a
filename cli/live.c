/*
 * live.c - see live.h.
 *
 * The reader's thread counts, writes the capture file and watches the clock;
 * the writer's thread keeps the capture's row in the database up to date from
 * a copy of those counts.  Signals only set flags.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/finding_capture.h"
#include "capture/capture.h"
#include "capture/link_type.h"
#include "capture/pcapng_write.h"
#include "cli/analyze.h"
#include "cli/attendant.h"
#include "cli/command.h"
#include "cli/kernel_view.h"
#include "cli/live.h"
#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "config.h"
#include "report/report.h"

#define LINE_EVERY (60 * NS_PER_S)
#define FLUSH_EVERY NS_PER_S
#define TRY_AGAIN (5 * NS_PER_S)	/* what could not be opened */

struct live {
	const struct live_config *cfg;
	struct capture *capture;
	unsigned jobs;
	struct store *store;
	struct pcapng_writer *writer;	/* NULL: no file, or it is full */
	char database[ROTATE_PATH];	/* its path */
	nstime database_began;		/* writer's; of the clock on the wall */
	nstime not_before;		/* ... there is no other database */
	char file[ROTATE_PATH];		/* the capture file's */
	nstime file_began;		/* reader's, as all of the file */
	uint64_t file_bytes;
	uint64_t unflushed;		/* packets */
	bool file_full;			/* it cannot be written now */
	nstime file_tried;
	uint64_t missing;		/* packets, in the file */
	bool temporary;
	struct kernel_view *kernel;	/* writer's; NULL: does not tell */
	struct attendant *attendant;	/* NULL: there is none */
	nstime asked;
	struct capture_row row;
	struct capture_row before;	/* what earlier databases have */
	nstime started, flushed, told;	/* of the clock that only goes on */
	uint64_t told_packets;
	pthread_mutex_t lock;
	/* Under the lock: from the reader to the writer, and back. */
	struct pipeline_stats stats;
	uint64_t open_connections;
};

/* --- signals ---------------------------------------------------------------- */

static volatile sig_atomic_t stop, want_counts;
/* One for each of the two that rotate. */
static volatile sig_atomic_t rotate_database, rotate_file;

static void
on_signal(int number)
{
	if (number == SIGUSR1)
		want_counts = 1;
	else if (number == SIGHUP)
		rotate_database = rotate_file = 1;
	else
		stop = 1;
}

/* The first INT or TERM ends the listening, a second one the program. */
static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sa.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sa.sa_flags = (int)SA_RESETHAND;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* --- what is told ------------------------------------------------------------- */

static nstime
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* tcpdump's three counts. */
static void
tell_counts(const struct pipeline_stats *s)
{
	uint64_t received = s->live.received > s->packets ? s->live.received
							  : s->packets;

	fprintf(stderr, "%" PRIu64 " packet%s captured\n"
		"%" PRIu64 " packet%s received by filter\n"
		"%" PRIu64 " packet%s dropped by kernel\n",
		s->packets, plural(s->packets), received, plural(received),
		s->live.dropped_kernel, plural(s->live.dropped_kernel));
	if (s->live.dropped_interface > 0)
		fprintf(stderr, "%" PRIu64 " packet%s dropped by interface\n",
			s->live.dropped_interface,
			plural(s->live.dropped_interface));
}

static void
tell_listening(const struct live *l)
{
	const struct capture_interface *in = capture_interface(l->capture, 0);

	complain("listening on %s, link-type %s, snapshot length %u bytes",
		 in->name, capture_link_type_name(in->link_type),
		 in->snaplen);
}

/* One line a minute, for a service's log. */
static void
tell_minute(struct live *l, const struct pipeline_stats *s, nstime now)
{
	double seconds = (double)(now - l->told) / (double)NS_PER_S;
	uint64_t open;

	pthread_mutex_lock(&l->lock);
	open = l->open_connections;
	pthread_mutex_unlock(&l->lock);
	complain("%s: %" PRIu64 " packet%s, %.0f a second, %" PRIu64
		 " connection%s open, %" PRIu64 " dropped",
		 l->cfg->interface, s->packets, plural(s->packets),
		 (double)(s->packets - l->told_packets) / seconds, open,
		 plural(open), s->live.dropped_kernel + s->live.dropped_interface);
	l->told = now;
	l->told_packets = s->packets;
}

/* --- the capture file ----------------------------------------------------------- */

static nstime
wall_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* The path for what begins now: dated, where it takes turns with others. */
static void
name_next(const struct live *l, char out[ROTATE_PATH], const char *path,
	  nstime now)
{
	if (l->cfg->rotate && strcmp(path, "-") != 0)
		rotate_name(out, path, now);
	else
		snprintf(out, ROTATE_PATH, "%s", path);
}

static bool
is_due(const struct live *l, nstime began, nstime now, uint64_t size)
{
	const struct rotation *r = &l->cfg->rotation;

	if (!l->cfg->rotate || now - began < NS_PER_S)
		return false;	/* names have seconds */
	return (r->every_ns && now - began >= r->every_ns) ||
	       (r->size && size >= r->size);
}

static bool
open_writer(struct live *l)
{
	if (!l->cfg->write)
		return true;
	l->file_began = wall_clock();
	l->file_bytes = 0;
	name_next(l, l->file, l->cfg->write, l->file_began);
	if (pcapng_write_open(&l->writer, l->file, l->cfg->overwrite,
			      PACKAGE_STRING) == 0 &&
	    pcapng_write_interfaces(l->writer, l->capture) == 0 &&
	    pcapng_write_flush(l->writer) == 0)
		return true;
	if (!l->file_full)
		complain("%s", pcapng_write_error(l->writer));
	pcapng_write_close(l->writer);
	l->writer = NULL;
	return false;
}

/* A full disk is waited for; a pipe that nobody reads ends. */
static void
file_failed(struct live *l, nstime now)
{
	bool first = !l->file_full;

	l->file_full = true;
	l->file_tried = now;
	l->missing += l->unflushed;
	l->unflushed = 0;
	if (pcapng_write_resume(l->writer) == 0) {
		if (first)
			complain("%s: packets are not written until that is "
				 "possible again",
				 pcapng_write_error(l->writer));
		return;
	}
	complain("%s: it ends here, listening goes on",
		 pcapng_write_error(l->writer));
	l->file_full = false;
	pcapng_write_close(l->writer);
	l->writer = NULL;
}

static void
file_goes_on(struct live *l)
{
	l->unflushed = 0;
	if (!l->file_full)
		return;
	complain("writing '%s' goes on: %" PRIu64 " packet%s are missing",
		 l->file, l->missing, plural(l->missing));
	l->file_full = false;
	l->missing = 0;
}

static void
close_writer(struct live *l)
{
	if (!l->writer)
		return;
	if (l->file_full)
		complain("'%s' ends early: %" PRIu64 " packet%s are missing",
			 l->file, l->missing, plural(l->missing));
	l->file_full = false;
	l->missing = l->unflushed = 0;
	pcapng_write_statistics(l->writer, 0, l->stats.end,
				l->stats.live.received,
				l->stats.live.dropped_kernel +
				l->stats.live.dropped_interface);
	if (pcapng_write_flush(l->writer) < 0)
		complain("%s", pcapng_write_error(l->writer));
	pcapng_write_close(l->writer);
	l->writer = NULL;
}

static void
write_batch(struct live *l, const struct capture_batch *b, nstime now)
{
	int rc = 0;

	l->unflushed += b->n;
	if (l->file_full && now - l->file_tried < TRY_AGAIN) {
		l->missing += l->unflushed;
		l->unflushed = 0;
		return;
	}
	for (size_t i = 0; i < b->n && rc == 0; i++) {
		rc = pcapng_write_packet(l->writer, &b->packet[i], NULL);
		l->file_bytes += b->packet[i].caplen + 32;	/* its block */
	}
	if (rc == 0 && (now - l->flushed >= FLUSH_EVERY || l->file_full)) {
		l->flushed = now;
		rc = pcapng_write_flush(l->writer);
		if (rc == 0)
			file_goes_on(l);
	}
	if (rc < 0)
		file_failed(l, now);
}

/* Packets go on in the next file: a connection is found in both. */
static void
rotate_writer(struct live *l)
{
	nstime now = wall_clock();
	bool asked = rotate_file && l->cfg->rotate &&
		     now - l->file_began >= NS_PER_S;

	if (!asked && !is_due(l, l->file_began, now, l->file_bytes))
		return;
	rotate_file = 0;
	close_writer(l);
	l->file_full = !open_writer(l);
	if (l->file_full)
		return;
	rotate_prune(l->cfg->write, l->cfg->rotation.keep);
}

/* There was none when it was time for another: is there now? */
static void
open_next(struct live *l, nstime now)
{
	if (!l->file_full || now - l->file_tried < TRY_AGAIN)
		return;
	l->file_tried = now;
	l->file_full = !open_writer(l);
	if (!l->file_full)
		complain("writing goes on in '%s'", l->file);
}

/* --- meanwhile --------------------------------------------------------------------- */

/* The reader has a batch, maybe an empty one. */
static void
on_batch(void *ctx, struct capture *c, const struct capture_batch *b,
	 const struct pipeline_stats *stats)
{
	struct live *l = ctx;
	nstime now = clock_now();

	(void)c;
	if (l->writer)
		rotate_writer(l);
	else
		open_next(l, now);
	if (l->writer)
		write_batch(l, b, now);
	if (pthread_mutex_trylock(&l->lock) == 0) {
		l->stats = *stats;
		pthread_mutex_unlock(&l->lock);
	}
	if (want_counts) {
		want_counts = 0;
		tell_counts(stats);
	}
	if (l->cfg->parent && getppid() != l->cfg->parent)
		stop = 1;
	if (l->cfg->duration_ns && now - l->started >= l->cfg->duration_ns)
		stop = 1;
	if (now - l->told >= LINE_EVERY && !l->cfg->quiet)
		tell_minute(l, stats, now);
}

static void
fill_row(struct capture_row *row, const struct pipeline_stats *s)
{
	if (s->packets > 0) {
		row->start_ns = s->start;
		row->end_ns = s->end;
	}
	row->packets = (int64_t)s->packets;
	row->bytes = (int64_t)s->bytes;
	row->packets_dropped = (int64_t)(s->live.dropped_kernel +
					 s->live.dropped_interface);
	row->packets_cut = (int64_t)s->cut;
	row->packets_malformed = (int64_t)s->malformed;
	row->packets_ignored = (int64_t)s->unknown_link_type;
	row->fragments_dropped = (int64_t)s->fragments_dropped;
	row->connections_evicted = (int64_t)s->conns_evicted;
	row->udp_flows_evicted = (int64_t)s->udp_evicted;
}

/* --- the database -------------------------------------------------------------------- */

static const char *
temporary_directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

/* A place for a database that nobody asked to keep. */
static bool
make_temporary(struct live *l)
{
	int fd;

	snprintf(l->database, sizeof(l->database), "%.4000s/tcpsaw-XXXXXX",
		 temporary_directory());
	fd = mkstemp(l->database);
	if (fd < 0)
		return false;
	close(fd);
	l->temporary = true;
	return true;
}

/* It is open, and nobody else's: its name can go.  Who is to be told of it
   removes it. */
static void
remove_temporary(const struct live *l)
{
	static const char *const suffix[] = { "", "-wal", "-shm" };
	char path[ROTATE_PATH + 8];

	if (!l->temporary || l->cfg->ready)
		return;
	for (size_t i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", l->database, suffix[i]);
		unlink(path);
	}
}

static void
begin_row(struct live *l)
{
	const struct capture_interface *in = capture_interface(l->capture, 0);

	l->row = (struct capture_row){
		.source = l->cfg->interface,
		.kind = "live",
		.link_types = capture_link_type_name(in->link_type),
		.filter = l->cfg->filter,
		.snaplen = in->snaplen,
		.start_ns = ROW_NULL,
		.end_ns = ROW_NULL,
		.status = "running",
	};
	fill_row(&l->row, &l->stats);
}

static int64_t
less(int64_t all, int64_t before)
{
	return all == ROW_NULL ? all : all - before;
}

/* Of all that there was, what came since an earlier moment. */
static void
subtract_row(struct capture_row *row, const struct capture_row *before)
{
	row->packets = less(row->packets, before->packets);
	row->bytes = less(row->bytes, before->bytes);
	row->packets_dropped = less(row->packets_dropped,
				    before->packets_dropped);
	row->packets_cut = less(row->packets_cut, before->packets_cut);
	row->packets_malformed = less(row->packets_malformed,
				      before->packets_malformed);
	row->packets_ignored = less(row->packets_ignored,
				    before->packets_ignored);
	if (before->end_ns > 0)
		row->start_ns = before->end_ns;
}

static bool
update_row(struct live *l, const struct pipeline_stats *stats)
{
	struct capture_row row = l->row;

	fill_row(&l->row, stats);
	subtract_row(&l->row, &l->before);
	return (row.packets == l->row.packets &&
		row.packets_dropped == l->row.packets_dropped) ||
	       store_update_capture(l->store, &l->row) == 0;
}

/* There cannot be another database now: on in this one, and try later. */
static bool
stay(struct live *l, int rc, nstime now)
{
	if (rc < 0)
		return false;
	if (l->not_before == 0)
		complain("%s: '%s' goes on", store_error(l->store),
			 l->database);
	l->not_before = now + TRY_AGAIN;
	rotate_database = 1;
	return true;
}

/* Rows go on in the next database: an open connection is found in both. */
static bool
rotate_store(struct live *l, const struct pipeline_stats *stats)
{
	nstime now = wall_clock();
	bool asked = rotate_database && l->cfg->rotate && l->cfg->database &&
		     now - l->database_began >= NS_PER_S;
	struct capture_row ended = l->row;

	struct capture_row before = l->before, row = l->row;
	char next[ROTATE_PATH];
	int rc;

	if (!l->cfg->database || now < l->not_before ||
	    (!asked && !is_due(l, l->database_began, now,
			       store_size(l->store))))
		return true;
	rotate_database = 0;
	fill_row(&ended, stats);
	subtract_row(&ended, &l->before);
	ended.status = "complete";
	fill_row(&l->before, stats);
	begin_row(l);
	l->row.start_ns = stats->end;
	rotate_name(next, l->cfg->database, now);
	rc = store_rotate(l->store, next, &ended, &l->row);
	if (strcmp(store_path(l->store), next) != 0) {
		l->before = before;
		l->row = row;
		return stay(l, rc, now);
	}
	if (l->not_before)
		complain("databases take turns again");
	l->not_before = 0;
	l->database_began = now;
	memcpy(l->database, next, sizeof(next));
	if (rc < 0)
		return false;
	if (rotate_link(l->cfg->database, l->database) < 0)
		complain("cannot link '%s': %s", l->cfg->database,
			 strerror(errno));
	rotate_prune(l->cfg->database, l->cfg->rotation.keep);
	return true;
}

/* Once a second. */
static bool
ask_kernel(struct live *l)
{
	nstime now = clock_now();

	if (!l->kernel || now - l->asked < NS_PER_S)
		return true;
	l->asked = now;
	return kernel_view_put(l->kernel, l->store) == 0;
}

/* The writer is about to commit. */
static bool
on_commit(void *ctx, struct store *store)
{
	struct live *l = ctx;
	struct pipeline_stats stats;

	pthread_mutex_lock(&l->lock);
	stats = l->stats;
	l->open_connections = store_open_connections(store);
	pthread_mutex_unlock(&l->lock);
	return update_row(l, &stats) && ask_kernel(l) &&
	       rotate_store(l, &stats);
}


static bool
open_store(struct live *l)
{
	enum store_mode mode = l->cfg->mode;

	l->database_began = wall_clock();
	if (l->cfg->database) {
		name_next(l, l->database, l->cfg->database,
			  l->database_began);
	} else if (make_temporary(l)) {
		mode = STORE_FORCE;
	} else {
		complain("cannot create a database in '%s'",
			 temporary_directory());
		return false;
	}
	begin_row(l);
	if (store_create(&l->store, l->database, mode) < 0 ||
	    store_begin_capture(l->store, &l->row) < 0) {
		complain("%s", l->store ? store_error(l->store)
					: "out of memory");
		return false;
	}
	if (!l->cfg->rotate || !l->cfg->database ||
	    rotate_link(l->cfg->database, l->database) == 0)
		return true;
	complain("cannot link '%s' to the newest database: %s",
		 l->cfg->database, strerror(errno));
	return false;
}

static int
add_inputs(struct live *l)
{
	const struct capture_interface *in = capture_interface(l->capture, 0);
	struct capture_file_row file = {
		.number = 1,
		.path = l->cfg->write,
		.format = "pcapng",
		.packets = (int64_t)l->stats.packets,
		.bytes = (int64_t)l->stats.bytes,
	};
	struct interface_row interface = {
		.file_number = l->cfg->write ? 1 : ROW_NULL,
		.name = in->name,
		.link_type = capture_link_type_name(in->link_type),
		.filter = in->filter,
		.snaplen = in->snaplen,
		.packets = (int64_t)in->packets,
		.packets_dropped = (int64_t)in->drops,
	};

	if (l->cfg->write && store_add_capture_file(l->store, &file) < 0)
		return -1;
	return store_add_interface(l->store, &interface);
}

static void
sink_put(void *ctx, enum row_table table, const void *row)
{
	if (table == ROW_FINDING)
		store_put_standing(ctx, row);
}

/* Packets are cut on purpose here: that is no finding. */
static void
put_findings(const struct live *l, const struct pipeline_stats *s,
	     struct row_sink *sink)
{
	struct capture_facts facts = {
		.packets = s->packets,
		.dropped = s->live.dropped_kernel + s->live.dropped_interface,
		.malformed = s->malformed,
		.unknown_link_type = s->unknown_link_type,
		.fragments_dropped = s->fragments_dropped,
		.conns_evicted = s->conns_evicted,
		.udp_evicted = s->udp_evicted,
		.damage = l->row.damage,
		.start = s->start,
		.end = s->end,
	};

	finding_capture(&facts, sink);
}

/* The writer asks for them meanwhile. */
static void
on_findings(void *ctx, struct row_sink *sink)
{
	struct live *l = ctx;
	struct pipeline_stats stats;

	pthread_mutex_lock(&l->lock);
	stats = l->stats;
	pthread_mutex_unlock(&l->lock);
	put_findings(l, &stats, sink);
}

static int
end_capture(struct live *l)
{
	struct row_sink sink = {
		.put = sink_put,
		.ctx = l->store,
		.thresholds = l->cfg->options.thresholds,
	};

	fill_row(&l->row, &l->stats);
	subtract_row(&l->row, &l->before);
	l->row.damage = capture_damage(l->capture);
	l->row.status = l->row.damage ? "damaged" : "complete";
	if (add_inputs(l) < 0)
		return -1;
	put_findings(l, &l->stats, &sink);
	return store_end_capture(l->store, &l->row);
}

/* --- the whole ------------------------------------------------------------------------ */

static bool
open_capture(struct live *l, int *status)
{
	const struct live_config *cfg = l->cfg;
	struct capture_live_config cc = {
		.interface = cfg->interface,
		.filter = cfg->filter,
		.snaplen = cfg->snaplen,
		.buffer = cfg->buffer,
		.promiscuous = cfg->promiscuous,
		.direction = cfg->direction,
		.max_packets = cfg->max_packets,
		.stop = &stop,
	};
	int opened = capture_open_live(&l->capture, &cc);

	if (opened == CAPTURE_OPENED)
		return true;
	complain("%s", capture_error(l->capture));
	*status = opened == CAPTURE_BAD_FILTER ? STATUS_USAGE : STATUS_FAILED;
	return false;
}

static unsigned
jobs_of(const struct live_config *cfg)
{
	long n = cfg->jobs ? (long)cfg->jobs : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > PIPELINE_MAX_JOBS ? PIPELINE_MAX_JOBS
						 : (unsigned)n;
}

static bool
writes_to_stdout(const struct live *l)
{
	return l->cfg->write && strcmp(l->cfg->write, "-") == 0;
}

static int
finish(struct live *l, enum pipeline_result result)
{
	capture_live_counts(l->capture, &l->stats.live);
	close_writer(l);
	tell_counts(&l->stats);
	if (result == PIPELINE_NO_MEMORY) {
		complain("out of memory");
		return STATUS_FAILED;
	}
	if (result == PIPELINE_STORE_FAILED || end_capture(l) < 0) {
		complain("%s", store_error(l->store));
		return STATUS_FAILED;
	}
	if (l->temporary && !l->cfg->quiet && !writes_to_stdout(l)) {
		struct report_options options = { 0 };

		report_write(l->store, &options, stdout);
	}
	if (!l->row.damage)
		return STATUS_DONE;
	complain("%s", l->row.damage);
	return STATUS_DAMAGED;
}

static int
run(struct live *l)
{
	const struct live_config *cfg = l->cfg;
	struct pipeline_config pc = {
		.jobs = l->jobs,
		.live = true,
		.max_memory = cfg->max_memory ? cfg->max_memory
					      : ANALYZE_MAX_MEMORY,
		.verify_checksums = cfg->verify_checksums,
		.options = cfg->options,
		.stop = &stop,
		.batch = on_batch,
		.commit = on_commit,
		.findings = on_findings,
		.live_ctx = l,
	};
	struct pipeline_stats stats;
	enum pipeline_result result;

	l->started = l->told = clock_now();
	result = pipeline_run(&pc, l->capture, l->store, &stats);
	l->stats = stats;
	return finish(l, result);
}

/* For the test that the sandbox holds. */
static void
probe(void)
{
	if (getenv("TCPSAW_SANDBOX_PROBE"))
		complain("sandbox: a file and a socket are %s",
			 sandbox_holds() ? "refused" : "to be had");
}

static bool
give_up_rights(struct live *l)
{
	struct sandbox_config sc = {
		.user = l->cfg->user,
		.new_files = l->cfg->rotate,
	};
	struct sandbox s;
	char text[SANDBOX_TEXT];

	/* Where files take turns SQLite may remove its own. */
	l->attendant = attendant_start(l->temporary || l->cfg->rotate
				       ? NULL : l->database);
	kernel_view_ask_owners(l->kernel, l->attendant);
	sc.files[0] = l->database;
	sc.files[1] = l->file[0] ? l->file : NULL;
	if (sandbox_enter(&s, &sc) < 0) {
		complain("%s", s.error);
		return false;
	}
	sandbox_describe(&s, text);
	complain("sandbox: %s", text);
	probe();
	return true;
}

int
live_run(const struct live_config *cfg)
{
	struct live l = { .cfg = cfg };
	int status = STATUS_FAILED;

	l.jobs = jobs_of(cfg);	/* looks into a file */
	pthread_mutex_init(&l.lock, NULL);
	l.kernel = kernel_view_open();
	if (open_capture(&l, &status) && open_store(&l) && open_writer(&l)) {
		catch_signals();
		remove_temporary(&l);
		if (give_up_rights(&l)) {
			tell_listening(&l);
			if (cfg->ready)
				cfg->ready(cfg->ready_ctx, l.database);
			status = run(&l);
		}
	}
	close_writer(&l);
	store_close(l.store);
	attendant_end(l.attendant, true);
	capture_close(l.capture);
	kernel_view_close(l.kernel);
	pthread_mutex_destroy(&l.lock);
	return status;
}
