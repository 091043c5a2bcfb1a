/*
 * icmp_text.c - names of ICMP errors: RFC 792, RFC 1122 s3.2.2, RFC 1812
 * s5.2.7.1 and RFC 4443 s3.
 */
#include <stddef.h>

#include "analysis/icmp_text.h"

#define ANY_CODE 256

struct meaning {
	unsigned short type, code;
	const char *text;
};

static const struct meaning icmp4[] = {
	{ 3, 0, "network unreachable" },
	{ 3, 1, "host unreachable" },
	{ 3, 2, "protocol unreachable" },
	{ 3, 3, "port unreachable" },
	{ 3, 4, "fragmentation needed" },
	{ 3, 5, "source route failed" },
	{ 3, 6, "network unknown" },
	{ 3, 7, "host unknown" },
	{ 3, 9, "network administratively prohibited" },
	{ 3, 10, "host administratively prohibited" },
	{ 3, 11, "network unreachable for type of service" },
	{ 3, 12, "host unreachable for type of service" },
	{ 3, 13, "communication administratively prohibited" },
	{ 4, ANY_CODE, "source quench" },
	{ 5, ANY_CODE, "redirect" },
	{ 11, 0, "time to live exceeded in transit" },
	{ 11, 1, "fragment reassembly time exceeded" },
	{ 12, ANY_CODE, "parameter problem" },
	{ 0, 0, NULL },
};

static const struct meaning icmp6[] = {
	{ 1, 0, "no route to destination" },
	{ 1, 1, "administratively prohibited" },
	{ 1, 2, "beyond scope of source address" },
	{ 1, 3, "address unreachable" },
	{ 1, 4, "port unreachable" },
	{ 1, 5, "source address failed policy" },
	{ 1, 6, "reject route to destination" },
	{ 2, ANY_CODE, "packet too big" },
	{ 3, 0, "hop limit exceeded in transit" },
	{ 3, 1, "fragment reassembly time exceeded" },
	{ 4, ANY_CODE, "parameter problem" },
	{ 0, 0, NULL },
};

const char *
icmp_meaning(unsigned ip_version, unsigned type, unsigned code)
{
	const struct meaning *m = ip_version == 6 ? icmp6 : icmp4;

	for (; m->text; m++)
		if (m->type == type && (m->code == code || m->code == ANY_CODE))
			return m->text;
	return NULL;
}
