/*
 * addr.h - an IP address.
 *
 * Always 16 bytes: IPv4 is mapped into IPv6 (RFC 4291 s2.5.5.2), so that
 * there is one kind to hash, to compare and to keep.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct addr {
	uint8_t byte[16];
};

/* Room for the longest text, "[...]:65535" included. */
#define ADDR_TEXT_SIZE 64

static inline struct addr
addr_from_ipv4(const uint8_t four[4])
{
	struct addr a = { { [10] = 0xff, [11] = 0xff } };

	memcpy(a.byte + 12, four, 4);
	return a;
}

static inline struct addr
addr_from_ipv6(const uint8_t sixteen[16])
{
	struct addr a;

	memcpy(a.byte, sixteen, 16);
	return a;
}

static inline bool
addr_is_ipv4(const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(a->byte, mapped, sizeof(mapped)) == 0;
}

static inline int
addr_compare(const struct addr *a, const struct addr *b)
{
	return memcmp(a->byte, b->byte, sizeof(a->byte));
}

/* "10.0.0.1" or "fd00::1" (RFC 5952).  Returns the length. */
size_t addr_format(const struct addr *a, char buf[ADDR_TEXT_SIZE]);

/* "10.0.0.1:80" or "[fd00::1]:80".  Returns the length. */
size_t addr_port_format(const struct addr *a, uint16_t port,
			char buf[ADDR_TEXT_SIZE]);

#endif
