/*
 * kernel_view.h - what this host's kernel says of its own TCP sockets.
 *
 * Linux tells whoever asks (sock_diag(7)) a socket's congestion window,
 * threshold, round trips, queues and buffers.  Where the connection is one of
 * ours, that stands beside what was inferred from its packets; and only this
 * tells an idle application from a full send buffer.
 */
#ifndef CLI_KERNEL_VIEW_H
#define CLI_KERNEL_VIEW_H

#include "cli/attendant.h"
#include "store/store.h"

struct kernel_view;

/* NULL: this system does not tell. */
struct kernel_view *kernel_view_open(void);

/* Who knows which processes have sockets open; it stays the caller's. */
void kernel_view_ask_owners(struct kernel_view *k, struct attendant *a);
void kernel_view_close(struct kernel_view *k);

/* Ask for all sockets, and put a row for each that is an open connection of
   the store.  -1: the store failed. */
int kernel_view_put(struct kernel_view *k, struct store *store);

#endif
