/*
 * tui.h - the terminal's views of a database.
 *
 *	+-----------------------------------------------------+
 *	| tcpsaw  1 Overview  2 Connections  3 Findings  4 SQL |
 *	|                                                     |
 *	|   the panel                                         |
 *	|                                                     |
 *	| what happened, a prompt, a question                 |
 *	| F1 Help  / Filter  Enter Open  ...            F10 Quit|
 *	+-----------------------------------------------------+
 *
 * They read nothing but the store, which is opened for reading only; what is
 * in the capture alone (the bytes of packets) comes through a struct of
 * functions, and so does writing a connection to a file.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/nstime.h"
#include "base/packet.h"
#include "store/store.h"

/* Which packets are a connection's: what the database says about it. */
struct tui_conn {
	int64_t conn_id;
	char client_addr[64], server_addr[64];
	uint16_t client_port, server_port;
	int64_t vlan;			/* -1: none, or unknown */
	nstime start_ns, end_ns;
	uint64_t first_frame, last_frame;
};

/* A packet of a connection.  Its bytes live during the call. */
typedef bool tui_packet_fn(void *arg, const struct packet *p);

struct tui_source {
	void *ctx;

	/* Give each packet of a connection to fn, in order, until it returns
	   false.  -1 and a text in error if the capture cannot be read. */
	int (*packets)(void *ctx, const struct tui_conn *conn,
		       tui_packet_fn *fn, void *arg, char *error,
		       size_t error_size);

	/* Write a connection to a pcapng file, with the findings on its
	   packets as comments.  Returns the packets written, -1 and a text on
	   failure, -2 if the file exists and overwrite is false. */
	int64_t (*save)(void *ctx, const struct tui_conn *conn,
			const char *path, bool overwrite, char *error,
			size_t error_size);
};

struct tui_options {
	const char *title;	/* the file or interface that is shown */
	bool ascii;		/* no signs beyond ASCII */
	bool bell;		/* rings for new warnings and errors */
	bool mono;		/* no colours */
	bool no_mouse;
	int64_t conn_id;	/* to begin with; 0: the overview */
	const char *quit_question;	/* asked before leaving; NULL: none */
};

/* Until the user quits.  source may be NULL.  -1 and a text on failure. */
int tui_run(struct store *st, const struct tui_options *options,
	    const struct tui_source *source, char *error, size_t error_size);

#endif
