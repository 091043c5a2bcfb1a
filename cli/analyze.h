/*
 * analyze.h - captures into a store: what `analyze`, and every command that
 * takes a capture in place of a database, have in common.
 */
#ifndef CLI_ANALYZE_H
#define CLI_ANALYZE_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/analyzer.h"
#include "store/store.h"

struct analyze_config {
	const char *const *paths;
	size_t n_paths;
	const char *filter;		/* NULL: none */
	uint64_t max_packets;		/* 0: all */
	unsigned jobs;			/* 0: as many as cores */
	size_t max_memory;		/* 0: ANALYZE_MAX_MEMORY */
	bool no_checksums;
	bool progress;			/* a bar on a terminal's stderr */
	/* Give up rights once all is open: nothing but the report follows. */
	bool confine;
	const char *database;		/* then: its path; NULL: memory */
	const char *user;		/* then: for root to become; or NULL */
	struct analysis_options options;
};

#define ANALYZE_MAX_MEMORY ((size_t)2 << 30)
#define ANALYZE_MIN_MEMORY ((size_t)16 << 20)

/*
 * Analyse captures into a store that was created.  Says what went wrong on
 * stderr.  Returns an exit status (cli/command.h); with STATUS_DONE and
 * STATUS_DAMAGED the store holds what was read.
 */
int analyze_to_store(struct store *store, const struct analyze_config *cfg);

/*
 * A database is opened to be read; anything else is analysed into memory, as
 * cfg says (its paths are not looked at).  Returns an exit status: where it
 * is neither STATUS_DONE nor STATUS_DAMAGED, *out is NULL and the reason was
 * told.
 */
int analyze_or_open(struct store **out, const char *path,
		    const struct analyze_config *cfg);

#endif
