/*
 * addr.c - addresses as text (RFC 5952).
 */
#include <arpa/inet.h>

#include "base/addr.h"

/* 0 to 65535 in digits.  snprintf() is ten times slower. */
static char *
put_number(char *p, unsigned v)
{
	char digits[5];
	int n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n > 0)
		*p++ = digits[--n];
	return p;
}

static size_t
ipv4_format(const uint8_t four[4], char *buf)
{
	char *p = buf;

	for (int i = 0; i < 4; i++) {
		p = put_number(p, four[i]);
		*p++ = '.';
	}
	*--p = '\0';
	return (size_t)(p - buf);
}

/* The text needs 46 bytes at most, the NUL included. */
static size_t
format(const struct addr *a, char *buf)
{
	if (addr_is_ipv4(a))
		return ipv4_format(a->byte + 12, buf);
	/* Cannot fail: the family is known and the buffer is long enough. */
	inet_ntop(AF_INET6, a->byte, buf, INET6_ADDRSTRLEN);
	return strlen(buf);
}

size_t
addr_format(const struct addr *a, char buf[ADDR_TEXT_SIZE])
{
	return format(a, buf);
}

size_t
addr_port_format(const struct addr *a, uint16_t port,
		 char buf[ADDR_TEXT_SIZE])
{
	bool v4 = addr_is_ipv4(a);
	char *p = buf;

	if (!v4)
		*p++ = '[';
	p += format(a, p);
	if (!v4)
		*p++ = ']';
	*p++ = ':';
	p = put_number(p, port);
	*p = '\0';
	return (size_t)(p - buf);
}
