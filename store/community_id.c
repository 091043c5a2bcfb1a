/*
 * community_id.c - SHA-1 of the ordered ends, in base64.
 */
#include "base/sha1.h"
#include "store/community_id.h"

static uint8_t *
put_addr(uint8_t *p, const struct addr *a)
{
	size_t skip = addr_is_ipv4(a) ? 12 : 0;

	memcpy(p, a->byte + skip, sizeof(a->byte) - skip);
	return p + sizeof(a->byte) - skip;
}

static uint8_t *
put_port(uint8_t *p, uint16_t port)
{
	*p++ = (uint8_t)(port >> 8);
	*p++ = (uint8_t)port;
	return p;
}

/* RFC 4648 s4: 20 bytes are 27 characters and one '='. */
static void
base64_digest(const uint8_t digest[SHA1_SIZE], char *out)
{
	static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t padded[21] = { 0 };

	memcpy(padded, digest, SHA1_SIZE);
	for (const uint8_t *p = padded; p < padded + 21; p += 3) {
		uint32_t v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];

		*out++ = letter[v >> 18];
		*out++ = letter[v >> 12 & 63];
		*out++ = letter[v >> 6 & 63];
		*out++ = letter[v & 63];
	}
	out[-1] = '=';
	*out = '\0';
}

void
community_id(const struct addr *a, uint16_t a_port, const struct addr *b,
	     uint16_t b_port, uint8_t proto, char out[COMMUNITY_ID_SIZE])
{
	uint8_t message[2 + 16 + 16 + 2 + 4] = { 0 }, digest[SHA1_SIZE];
	uint8_t *p = message + 2;
	int order = addr_compare(a, b);

	if (order > 0 || (order == 0 && a_port > b_port)) {
		community_id(b, b_port, a, a_port, proto, out);
		return;
	}
	p = put_addr(p, a);
	p = put_addr(p, b);
	*p++ = proto;
	*p++ = 0;
	p = put_port(p, a_port);
	p = put_port(p, b_port);
	sha1_short(message, (size_t)(p - message), digest);
	memcpy(out, "1:", 2);
	base64_digest(digest, out + 2);
}
