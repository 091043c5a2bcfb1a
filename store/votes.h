/*
 * votes.h - connections that cannot tell where they were captured follow the
 * vote of those that can.
 */
#ifndef STORE_VOTES_H
#define STORE_VOTES_H

#include "store/database.h"

/* Of a capture whose rows are all committed.  0 or -1. */
int votes_follow(struct store *st, int64_t capture_id);

#endif
