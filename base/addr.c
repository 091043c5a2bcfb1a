/*
 * addr.c - addresses as text (RFC 5952).
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "base/addr.h"

size_t
addr_format(const struct addr *a, char buf[ADDR_TEXT_SIZE])
{
	bool v4 = addr_is_ipv4(a);

	/* Cannot fail: the families are known and the buffer is long enough. */
	inet_ntop(v4 ? AF_INET : AF_INET6, a->byte + (v4 ? 12 : 0), buf,
		  ADDR_TEXT_SIZE);
	return strlen(buf);
}

size_t
addr_port_format(const struct addr *a, uint16_t port,
		 char buf[ADDR_TEXT_SIZE])
{
	char text[ADDR_TEXT_SIZE];
	int n;

	addr_format(a, text);
	n = snprintf(buf, ADDR_TEXT_SIZE,
		     addr_is_ipv4(a) ? "%s:%u" : "[%s]:%u", text, port);
	return (size_t)n;
}
