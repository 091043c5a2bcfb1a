/*
 * interfaces.h - what this machine can capture on.
 */
#ifndef CAPTURE_INTERFACES_H
#define CAPTURE_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct interface_info {
	char *name;
	char *description;	/* NULL: none */
	bool up, running, loopback, wireless;
	size_t n_addrs;
	struct addr *addrs;
};

struct interface_list {
	size_t n;
	struct interface_info *item;
};

enum { INTERFACES_ERROR = 512 };

/*
 * All interfaces, the one that pcap would take first comes first.  Returns
 * 0, or -1 with a message; without the right to capture the list may be
 * empty.  Either way the list is to be released.
 */
int interface_list_init(struct interface_list *l, char error[INTERFACES_ERROR]);
void interface_list_release(struct interface_list *l);

#endif
