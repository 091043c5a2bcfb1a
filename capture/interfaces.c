/*
 * interfaces.c - pcap's list, in our own structs.
 */
#include "capture/interfaces.h"

#include <netinet/in.h>
#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
addr_of(const struct sockaddr *sa, struct addr *out)
{
	if (sa && sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;

		*out = addr_from_ipv4((const uint8_t *)&in->sin_addr);
		return true;
	}
	if (sa && sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)sa;

		*out = addr_from_ipv6(in6->sin6_addr.s6_addr);
		return true;
	}
	return false;
}

static bool
copy_addrs(struct interface_info *info, const pcap_addr_t *list)
{
	size_t n = 0;

	for (const pcap_addr_t *a = list; a; a = a->next)
		n++;
	info->addrs = calloc(n ? n : 1, sizeof(*info->addrs));
	if (!info->addrs)
		return false;
	for (const pcap_addr_t *a = list; a; a = a->next)
		info->n_addrs += addr_of(a->addr, &info->addrs[info->n_addrs]);
	return true;
}

static bool
copy_interface(struct interface_info *info, const pcap_if_t *from)
{
	info->name = strdup(from->name);
	if (from->description)
		info->description = strdup(from->description);
	info->up = from->flags & PCAP_IF_UP;
	info->running = from->flags & PCAP_IF_RUNNING;
	info->loopback = from->flags & PCAP_IF_LOOPBACK;
	info->wireless = from->flags & PCAP_IF_WIRELESS;
	return info->name && (info->description || !from->description) &&
	       copy_addrs(info, from->addresses);
}

static bool
copy_all(struct interface_list *l, const pcap_if_t *all)
{
	size_t n = 0;

	for (const pcap_if_t *i = all; i; i = i->next)
		n++;
	l->item = calloc(n ? n : 1, sizeof(*l->item));
	if (!l->item)
		return false;
	for (const pcap_if_t *i = all; i; i = i->next)
		if (!copy_interface(&l->item[l->n++], i))
			return false;
	return true;
}

int
interface_list_init(struct interface_list *l, char error[INTERFACES_ERROR])
{
	char pcap_error[PCAP_ERRBUF_SIZE];
	pcap_if_t *all;
	bool copied;

	*l = (struct interface_list){ 0 };
	if (pcap_findalldevs(&all, pcap_error) != 0) {
		snprintf(error, INTERFACES_ERROR,
			 "cannot list interfaces: %s", pcap_error);
		return -1;
	}
	copied = copy_all(l, all);
	pcap_freealldevs(all);
	if (!copied)
		snprintf(error, INTERFACES_ERROR,
			 "cannot list interfaces: out of memory");
	return copied ? 0 : -1;
}

void
interface_list_release(struct interface_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->item[i].name);
		free(l->item[i].description);
		free(l->item[i].addrs);
	}
	free(l->item);
	*l = (struct interface_list){ 0 };
}
