/*
 * replay.h - one connection's segments, out of its capture once more.
 *
 * The database holds no bytes.  Who wants them goes through the capture again
 * in one thread, with the flow table and the rules of the analysis, so that
 * connection N is the same connection.
 */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdint.h>

#include "capture/capture.h"
#include "reassembly/conn.h"

struct replay_watch {
	/* Each segment of the connection, in the order of the capture. */
	void (*segment)(void *ctx, const struct conn *conn,
			const struct seg_event *ev);
	/* Its end: nothing more comes. */
	void (*close)(void *ctx, const struct conn *conn);
	void *ctx;
};

/*
 * Watch connection `number`, from 1 in the order of first packets.  Says what
 * went wrong on stderr.  Returns an exit status (cli/command.h).
 */
int replay_connection(const struct capture_config *cfg, uint64_t number,
		      const struct replay_watch *watch);

#endif
