/*
 * live.h - listening on an interface: `tcpsaw live` without a screen.
 *
 * Everything that needs rights is opened first, then they are given up, then
 * packets are taken.
 */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/analyzer.h"
#include "cli/rotate.h"
#include "store/store.h"

#define LIVE_SNAPLEN 192	/* headers with all their options, tunnels */

struct live_config {
	const char *interface;
	const char *filter;		/* NULL: none */
	const char *database;		/* NULL: one that is gone afterwards */
	enum store_mode mode;
	const char *write;		/* a capture file; NULL: none */
	bool overwrite;			/* ... also where it exists */
	uint32_t snaplen;		/* 0: all */
	size_t buffer;			/* 0: as capture.h says */
	bool promiscuous;
	uint8_t direction;		/* enum packet_direction */
	uint64_t max_packets;		/* 0: no end */
	int64_t duration_ns;		/* 0: no end */
	const char *user;		/* for root to become; NULL: sandbox.h */
	unsigned jobs;			/* 0: as many as cores */
	size_t max_memory;		/* 0: the default */
	bool rotate;			/* as `rotation` says, and by HUP */
	struct rotation rotation;
	bool verify_checksums;
	bool quiet;			/* no lines, no verdict */
	struct analysis_options options;
	/* For who waits: all is open, packets will be taken; or NULL. */
	void (*ready)(void *ctx, const char *database);
	void *ready_ctx;
	int parent;			/* it ends with that process; 0: none */
};

/*
 * Listen until a signal, the time or the number of packets ends it.  Returns
 * an exit status (cli/command.h).
 */
int live_run(const struct live_config *cfg);

#endif
