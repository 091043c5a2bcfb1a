/*
 * link_type.c - LINKTYPE_ values and their names.
 *
 * Files have LINKTYPE_ values, libpcap's own functions DLT_ values; these are
 * the same but for the few above 100 that name what differs between systems.
 */
#include <pcap/pcap.h>
#include <stdio.h>

#include "capture/link_type.h"

static const struct {
	unsigned link_type;
	const char *name;
} names[] = {
	{ 101, "RAW" },
	{ 104, "C_HDLC" },
	{ 107, "FRELAY" },
	{ 108, "LOOP" },
	{ 228, "IPV4" },
	{ 229, "IPV6" },
};

const char *
capture_link_type_name(unsigned link_type)
{
	static _Thread_local char unknown[24];
	const char *name;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].link_type == link_type)
			return names[i].name;
	name = pcap_datalink_val_to_name((int)link_type);
	if (name)
		return name;
	snprintf(unknown, sizeof(unknown), "LINKTYPE_%u", link_type);
	return unknown;
}

const char *
capture_library_version(void)
{
	return pcap_lib_version();
}
