/*
 * fault.h - mapped files that shrink while they are read.
 *
 * A page beyond the new end raises SIGBUS.  In a watched range such a page
 * is replaced by zeros and a flag is set, so that whoever looks at packets
 * goes on, and the reader can tell.  A fault anywhere else goes where it
 * went before.
 */
#ifndef CAPTURE_FAULT_H
#define CAPTURE_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct fault_zone;

/* Watch a mapping of our own.  NULL: out of memory. */
struct fault_zone *fault_watch(const void *base, size_t size,
			       atomic_bool *vanished);

/* Before the range is unmapped.  Any thread. */
void fault_unwatch(struct fault_zone *z);

#endif
