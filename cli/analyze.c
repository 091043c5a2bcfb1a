/*
 * analyze.c - open the captures, run the pipeline, say how it went.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/finding_capture.h"
#include "capture/link_type.h"
#include "cli/analyze.h"
#include "cli/command.h"
#include "cli/pipeline.h"
#include "cli/progress.h"
#include "cli/sandbox.h"

/* --- signals ---------------------------------------------------------------- */

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

/* The first INT or TERM ends the reading, a second one the program. */
static void
catch_signals(void)
{
	struct sigaction sa = {
		.sa_handler = on_signal,
		.sa_flags = (int)SA_RESETHAND,
	};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

/* --- the capture's rows ------------------------------------------------------- */

static const struct capture_row unknown_capture = {
	.snaplen = ROW_NULL,
	.start_ns = ROW_NULL,
	.end_ns = ROW_NULL,
	.packets = ROW_NULL,
	.bytes = ROW_NULL,
	.packets_dropped = ROW_NULL,
	.packets_cut = ROW_NULL,
	.packets_malformed = ROW_NULL,
	.packets_ignored = ROW_NULL,
	.fragments_dropped = ROW_NULL,
	.connections_evicted = ROW_NULL,
	.udp_flows_evicted = ROW_NULL,
};

struct source {
	char *names;			/* all paths, for people */
	char link_types[256];
	struct capture_row row;
};

static const char *
path_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static char *
join_paths(const struct analyze_config *cfg)
{
	size_t len = 1;
	char *names, *at;

	for (size_t i = 0; i < cfg->n_paths; i++)
		len += strlen(path_name(cfg->paths[i])) + 3;
	names = at = malloc(len);
	for (size_t i = 0; names && i < cfg->n_paths; i++)
		at += sprintf(at, "%s%s", i ? " + " : "",
			      path_name(cfg->paths[i]));
	return names;
}

static int
begin_capture(struct store *store, const struct analyze_config *cfg,
	      struct source *src)
{
	src->names = join_paths(cfg);
	src->row = unknown_capture;
	src->row.source = src->names;
	src->row.kind = "file";
	src->row.filter = cfg->filter;
	src->row.status = "running";
	return store_begin_capture(store, &src->row);
}

static void
add_link_type(struct source *src, const char *name)
{
	size_t n = strlen(src->link_types);
	const char *had = strstr(src->link_types, name);
	size_t len = strlen(name);

	if (had && (had == src->link_types || had[-1] == ',') &&
	    (had[len] == '\0' || had[len] == ','))
		return;
	if (n + len + 2 < sizeof(src->link_types))
		sprintf(src->link_types + n, "%s%s", n ? "," : "", name);
}

/* The number of an input, from 1. */
static int64_t
file_number(const struct analyze_config *cfg, const char *file)
{
	for (size_t i = 0; i < cfg->n_paths; i++)
		if (strcmp(cfg->paths[i], file) == 0)
			return (int64_t)i + 1;
	return 1;
}

static int
add_interface(struct store *store, const struct analyze_config *cfg,
	      const struct capture_interface *in, size_t number,
	      struct source *src)
{
	const char *link_type = capture_link_type_name(in->link_type);
	struct interface_row row = {
		.number = (int64_t)number,
		.file_number = file_number(cfg, in->file),
		.name = in->name,
		.description = in->description,
		.link_type = link_type,
		.filter = in->filter,
		.os = in->os,
		.snaplen = in->snaplen ? in->snaplen : ROW_NULL,
		.packets = (int64_t)in->packets,
		.packets_dropped = in->drops_known ? (int64_t)in->drops
						   : ROW_NULL,
	};

	add_link_type(src, link_type);
	if (in->snaplen && (src->row.snaplen == ROW_NULL ||
			    in->snaplen < src->row.snaplen))
		src->row.snaplen = in->snaplen;
	return store_add_interface(store, &row);
}

static int
add_inputs(struct store *store, const struct capture *capture,
	   const struct analyze_config *cfg, struct source *src)
{
	for (size_t i = 0; i < cfg->n_paths; i++) {
		struct capture_file_row row = {
			.number = (int64_t)i + 1,
			.path = path_name(cfg->paths[i]),
			.packets = ROW_NULL,
			.bytes = ROW_NULL,
		};

		if (store_add_capture_file(store, &row) < 0)
			return -1;
	}
	for (size_t i = 0; i < capture_n_interfaces(capture); i++)
		if (add_interface(store, cfg, capture_interface(capture, i),
				  i, src) < 0)
			return -1;
	return 0;
}

static int
add_comments(struct store *store, const struct capture *capture)
{
	for (size_t i = 0; i < capture_n_comments(capture); i++) {
		const struct capture_comment *c = capture_comment(capture, i);

		if (store_add_packet_comment(store, c->number, c->text) < 0)
			return -1;
	}
	return 0;
}

static void
sink_put(void *ctx, enum row_table table, const void *row)
{
	store_put(ctx, table, row);
}

static void
put_findings(struct store *store, const struct capture_row *row,
	     const struct pipeline_stats *stats,
	     const struct analysis_options *options)
{
	struct row_sink sink = {
		.put = sink_put,
		.ctx = store,
		.thresholds = options->thresholds,
	};
	struct capture_facts facts = {
		.packets = stats->packets,
		.dropped = row->packets_dropped == ROW_NULL
			   ? 0 : (uint64_t)row->packets_dropped,
		.cut = stats->cut,
		.malformed = stats->malformed,
		.unknown_link_type = stats->unknown_link_type,
		.fragments_dropped = stats->fragments_dropped,
		.steps_back = stats->steps_back,
		.step_back_max = stats->step_back_max,
		.step_back_frame = stats->step_back_frame,
		.super_packets = stats->super_packets,
		.conns_evicted = stats->conns_evicted,
		.udp_evicted = stats->udp_evicted,
		.damage = row->damage,
		.start = stats->start,
		.end = stats->end,
	};

	finding_capture(&facts, &sink);
}

static const char *
status_of(enum pipeline_result result, const char *damage)
{
	if (result == PIPELINE_INTERRUPTED)
		return "interrupted";
	return damage ? "damaged" : "complete";
}

static int
end_capture(struct store *store, struct capture *capture,
	    const struct analyze_config *cfg, struct source *src,
	    const struct pipeline_stats *stats, enum pipeline_result result)
{
	struct capture_row *row = &src->row;
	struct capture_stats read;

	capture_stats(capture, &read);
	row->damage = capture_damage(capture);
	row->status = status_of(result, row->damage);
	if (stats->packets > 0) {
		row->start_ns = stats->start;
		row->end_ns = stats->end;
	}
	row->packets = (int64_t)stats->packets;
	row->bytes = (int64_t)stats->bytes;
	if (read.drops_known)
		row->packets_dropped = (int64_t)read.drops;
	row->packets_cut = (int64_t)stats->cut;
	row->packets_malformed = (int64_t)stats->malformed;
	row->packets_ignored = (int64_t)(read.filtered_out +
					 stats->unknown_link_type);
	row->fragments_dropped = (int64_t)stats->fragments_dropped;
	row->connections_evicted = (int64_t)stats->conns_evicted;
	row->udp_flows_evicted = (int64_t)stats->udp_evicted;
	if (add_inputs(store, capture, cfg, src) < 0 ||
	    add_comments(store, capture) < 0)
		return -1;
	row->link_types = src->link_types;
	put_findings(store, row, stats, &cfg->options);
	return store_end_capture(store, row);
}

/* --- the whole ------------------------------------------------------------------ */

static void
on_progress(void *ctx, const struct capture *c)
{
	progress_draw(ctx, c);
}

static unsigned
jobs_of(const struct analyze_config *cfg)
{
	long n = cfg->jobs ? (long)cfg->jobs : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > PIPELINE_MAX_JOBS ? PIPELINE_MAX_JOBS
						 : (unsigned)n;
}

static int
run(struct store *store, struct capture *capture,
    const struct analyze_config *cfg)
{
	struct progress bar;
	struct source src = { 0 };
	struct pipeline_stats stats;
	struct pipeline_config pc = {
		.jobs = jobs_of(cfg),
		.max_memory = cfg->max_memory ? cfg->max_memory
					      : ANALYZE_MAX_MEMORY,
		.verify_checksums = !cfg->no_checksums,
		.options = cfg->options,
		.stop = &stop,
		.progress = cfg->progress ? on_progress : NULL,
		.progress_ctx = &bar,
	};
	enum pipeline_result result;
	int status = STATUS_DONE;

	progress_init(&bar);
	if (begin_capture(store, cfg, &src) < 0) {
		complain("%s", store_error(store));
		free(src.names);
		return STATUS_FAILED;
	}
	result = pipeline_run(&pc, capture, store, &stats);
	progress_clear(&bar);
	if (result == PIPELINE_NO_MEMORY) {
		complain("out of memory");
		status = STATUS_FAILED;
	} else if (result == PIPELINE_STORE_FAILED ||
		   end_capture(store, capture, cfg, &src, &stats, result)
		   < 0) {
		complain("%s", store_error(store));
		status = STATUS_FAILED;
	} else if (src.row.damage) {
		complain("%s", src.row.damage);
		status = STATUS_DAMAGED;
	}
	free(src.names);
	return status;
}

/*
 * Captures are hostile: whoever reads them has no rights to anything but the
 * database, as far as this kernel can do that.  With sanitizers only where a
 * test asks for it: they look for leaks at the end, which is then forbidden.
 */
static int
give_up_rights(const struct analyze_config *cfg)
{
	struct sandbox_config sc = {
		.user = cfg->user,
		.same_user = true,
		.new_files = true,
		.temporary_files = true,
	};
	bool probe = getenv("TCPSAW_SANDBOX_PROBE");
	struct sandbox s;
	char text[SANDBOX_TEXT];

#ifdef __SANITIZE_ADDRESS__
	if (!probe)
		return STATUS_DONE;
#endif
	sc.files[0] = cfg->database;
	if (sandbox_enter(&s, &sc) < 0) {
		complain("%s", s.error);
		return STATUS_FAILED;
	}
	if (!probe)
		return STATUS_DONE;
	sandbox_describe(&s, text);
	complain("sandbox: %s; a file and a socket are %s", text,
		 sandbox_holds() ? "refused" : "to be had");
	return STATUS_DONE;
}

int
analyze_to_store(struct store *store, const struct analyze_config *cfg)
{
	struct capture_config cc = {
		.paths = cfg->paths,
		.n_paths = cfg->n_paths,
		.filter = cfg->filter,
		.max_packets = cfg->max_packets,
		.stop = &stop,
	};
	/* The number of cores is in a file, too. */
	struct analyze_config own = *cfg;
	struct capture *capture;
	int opened = capture_open(&capture, &cc);
	int status;

	own.jobs = jobs_of(cfg);
	if (opened != CAPTURE_OPENED) {
		complain("%s", capture ? capture_error(capture)
				       : "out of memory");
		capture_close(capture);
		return opened == CAPTURE_BAD_FILTER ? STATUS_USAGE
						    : STATUS_FAILED;
	}
	catch_signals();
	status = cfg->confine ? give_up_rights(cfg) : STATUS_DONE;
	if (status == STATUS_DONE)
		status = run(store, capture, &own);
	capture_close(capture);
	return status;
}

int
analyze_or_open(struct store **out, const char *path,
		const struct analyze_config *cfg)
{
	struct analyze_config own = *cfg;
	int status;

	if (store_is_database(path)) {
		if (store_open(out, path) == 0)
			return STATUS_DONE;
		complain("%s", *out ? store_error(*out) : "out of memory");
		status = STATUS_FAILED;
	} else {
		if (store_create(out, ":memory:", STORE_NEW) < 0) {
			complain("%s", *out ? store_error(*out)
					    : "out of memory");
			status = STATUS_FAILED;
		} else {
			own.paths = &path;
			own.n_paths = 1;
			status = analyze_to_store(*out, &own);
		}
	}
	if (status != STATUS_DONE && status != STATUS_DAMAGED) {
		store_close(*out);
		*out = NULL;
	}
	return status;
}
