/*
 * fragment.c - see fragment.h.
 *
 * Two sets of ranges a datagram: the bytes that were on the wire decide when
 * it is complete, those that were captured how much of it can be read.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/ranges.h"
#include "base/siphash.h"
#include "base/slab.h"
#include "reassembly/flow_table.h"
#include "reassembly/fragment.h"

enum {
	IP4_HEADER = 20,
	IP6_HEADER = 40,
	PAYLOAD_MAX = 65535,
	RANGES_MAX = 16,	/* pieces apart from each other */
	FIRST_BYTES = 4096,	/* of a datagram's buffer */
};

#define TIMEOUT (30 * NS_PER_S)		/* as Linux; RFC 8200 says 60 s */

struct fragment_key {
	struct addr src, dst;
	uint32_t id;
	uint16_t vlan;
	uint8_t proto;		/* IPv4 only: RFC 791 s3.2 */
	uint8_t version;
};
static_assert(sizeof(struct fragment_key) == 40, "no padding");

struct datagram {
	uint32_t number;
	uint32_t next, prev;	/* oldest first */
	uint32_t size;		/* of bytes */
	uint64_t hash;
	struct fragment_key key;
	nstime first;
	uint32_t total;		/* payload bytes, where the end is known */
	bool end_known;
	bool ce;		/* congestion was met: RFC 3168 s5.3 */
	uint8_t *bytes;		/* room for the IP header, then the payload */
	struct ranges wire, captured;
	struct range wire_range[RANGES_MAX], captured_range[RANGES_MAX];
};

struct fragments {
	struct siphash_key secret;
	size_t max_bytes, bytes;	/* of the buffers */
	struct slab slab;
	struct flow_table table;
	uint32_t oldest, newest;
	struct fragment_stats stats;
};

/* --- the datagrams that wait ---------------------------------------------- */

static struct datagram *
at(const struct fragments *f, uint32_t n)
{
	return slab_at(&f->slab, n);
}

static void
key_of(const struct dissection *d, struct fragment_key *key)
{
	*key = (struct fragment_key){
		.src = d->ip.src,
		.dst = d->ip.dst,
		.id = d->ip.id,
		.vlan = d->vlan,
		.proto = d->ip.version == 4 ? d->ip.proto : 0,
		.version = d->ip.version,
	};
}

static uint64_t
hash_of(const struct fragments *f, const struct fragment_key *key)
{
	uint64_t word[sizeof(*key) / sizeof(uint64_t)];

	memcpy(word, key, sizeof(*key));
	return siphash_words(word, sizeof(word) / sizeof(*word), &f->secret);
}

static void
forget(struct fragments *f, struct datagram *g)
{
	if (g->prev != SLAB_NONE)
		at(f, g->prev)->next = g->next;
	else
		f->oldest = g->next;
	if (g->next != SLAB_NONE)
		at(f, g->next)->prev = g->prev;
	else
		f->newest = g->prev;
	flow_table_remove(&f->table, g->hash, g->number);
	f->bytes -= g->size;
	free(g->bytes);
	slab_free(&f->slab, g->number);
}

static bool
evict(struct fragments *f, const struct datagram *but)
{
	struct datagram *g = f->oldest == SLAB_NONE ? NULL : at(f, f->oldest);

	if (!g || g == but)
		return false;
	forget(f, g);
	f->stats.evicted++;
	return true;
}

static void
expire(struct fragments *f, nstime now)
{
	while (f->oldest != SLAB_NONE) {
		struct datagram *g = at(f, f->oldest);

		if (now < g->first || now - g->first <= TIMEOUT)
			return;
		forget(f, g);
		f->stats.timed_out++;
	}
}

static struct datagram *
find(struct fragments *f, const struct fragment_key *key, uint64_t hash)
{
	uint32_t pos = flow_table_start(&f->table, hash), n;

	while ((n = flow_table_next(&f->table, hash, &pos)) != FLOW_NONE)
		if (memcmp(&at(f, n)->key, key, sizeof(*key)) == 0)
			return at(f, n);
	return NULL;
}

static struct datagram *
begin(struct fragments *f, const struct fragment_key *key, uint64_t hash,
      nstime now)
{
	uint32_t n = slab_alloc(&f->slab);
	struct datagram *g;

	if (n == SLAB_NONE && evict(f, NULL))
		n = slab_alloc(&f->slab);
	if (n == SLAB_NONE)
		return NULL;
	if (flow_table_add(&f->table, hash, n) < 0) {
		slab_free(&f->slab, n);
		return NULL;
	}
	g = at(f, n);
	*g = (struct datagram){
		.number = n,
		.next = SLAB_NONE,
		.prev = f->newest,
		.hash = hash,
		.key = *key,
		.first = now,
	};
	ranges_init(&g->wire, g->wire_range, RANGES_MAX);
	ranges_init(&g->captured, g->captured_range, RANGES_MAX);
	if (f->newest != SLAB_NONE)
		at(f, f->newest)->next = n;
	else
		f->oldest = n;
	f->newest = n;
	return g;
}

/* --- one piece ------------------------------------------------------------ */

static bool
make_room(struct fragments *f, struct datagram *g, uint32_t payload)
{
	uint32_t need = IP6_HEADER + payload;
	uint32_t size = g->size ? g->size : FIRST_BYTES;
	uint8_t *bytes;

	if (need <= g->size)
		return true;
	while (size < need)
		size *= 2;
	while (f->bytes - g->size + size > f->max_bytes)
		if (!evict(f, g))
			return false;
	bytes = realloc(g->bytes, size);
	if (!bytes)
		return false;
	f->bytes += size - g->size;
	g->bytes = bytes;
	g->size = size;
	return true;
}

static uint8_t *
payload_of(const struct datagram *g)
{
	return g->bytes + IP6_HEADER;
}

/* Do the bytes that both have agree? */
static bool
agrees(const struct datagram *g, uint32_t start, const uint8_t *bytes,
       uint32_t len)
{
	uint32_t end = start + len;

	for (uint32_t i = 0; i < g->captured.n; i++) {
		const struct range *r = &g->captured.range[i];
		uint64_t from = r->start > start ? r->start : start;
		uint64_t to = r->end < end ? r->end : end;

		if (from < to && memcmp(payload_of(g) + from,
					bytes + (from - start), to - from))
			return false;
	}
	return true;
}

static void
count_overlap(struct fragments *f, const struct datagram *g, uint32_t start,
	      const uint8_t *bytes, uint32_t caplen, uint32_t len)
{
	uint64_t known = ranges_overlap(&g->wire, start, start + len);

	if (known == 0)
		return;
	if (known == len)
		f->stats.duplicates++;
	else
		f->stats.overlaps++;
	if (!agrees(g, start, bytes, caplen))
		f->stats.conflicts++;
}

/* Copy what is not there yet: the first arrival wins. */
static void
fill(struct datagram *g, uint32_t start, const uint8_t *bytes, uint32_t len)
{
	struct range gap = { start, start };

	while (ranges_gap(&g->captured, gap.end, start + len, &gap))
		memcpy(payload_of(g) + gap.start, bytes + (gap.start - start),
		       gap.end - gap.start);
}

/* The end is told by the last piece, and only once. */
static bool
end_fits(struct datagram *g, const struct ip_header *ip, uint32_t end)
{
	if (!ip->more_fragments) {
		if (g->end_known && g->total != end)
			return false;
		if (g->wire.n && g->wire.range[g->wire.n - 1].end > end)
			return false;
		g->end_known = true;
		g->total = end;
	}
	return !g->end_known || end <= g->total;
}

static bool
take(struct fragments *f, struct datagram *g, const struct dissection *d)
{
	const struct cursor *c = &d->payload;
	uint32_t start = d->ip.frag_offset;
	uint32_t caplen = (uint32_t)cursor_left(c);
	uint32_t len = (uint32_t)cursor_wire_left(c);

	if (!end_fits(g, &d->ip, start + len)) {
		f->stats.bad++;
		return false;
	}
	if (!make_room(f, g, start + len))
		return false;
	count_overlap(f, g, start, c->pos, caplen, len);
	fill(g, start, c->pos, caplen);
	g->ce |= d->ip.ecn == 3;
	if (ranges_add(&g->wire, start, start + len) < 0 ||
	    ranges_add(&g->captured, start, start + caplen) < 0)
		return false;
	return true;
}

/* --- the whole ------------------------------------------------------------ */

static void
put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put_checksum(uint8_t header[IP4_HEADER])
{
	uint32_t sum = 0;

	for (int i = 0; i < IP4_HEADER; i += 2)
		sum += (uint32_t)header[i] << 8 | header[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put16(header + 10, ~sum & 0xffff);
}

static void
put_header4(uint8_t *h, const struct datagram *g, const struct ip_header *ip)
{
	memset(h, 0, IP4_HEADER);
	h[0] = 0x45;
	h[1] = (uint8_t)(ip->dscp << 2 | (g->ce ? 3 : ip->ecn));
	put16(h + 2, IP4_HEADER + g->total);
	put16(h + 4, ip->id);
	h[8] = ip->ttl;
	h[9] = ip->proto;
	memcpy(h + 12, ip->src.byte + 12, 4);
	memcpy(h + 16, ip->dst.byte + 12, 4);
	put_checksum(h);
}

static void
put_header6(uint8_t *h, const struct datagram *g, const struct ip_header *ip)
{
	uint8_t traffic = (uint8_t)(ip->dscp << 2 | (g->ce ? 3 : ip->ecn));

	memset(h, 0, IP6_HEADER);
	h[0] = (uint8_t)(0x60 | traffic >> 4);
	h[1] = (uint8_t)(traffic << 4);
	put16(h + 4, g->total);
	h[6] = ip->proto;
	h[7] = ip->ttl;
	memcpy(h + 8, ip->src.byte, 16);
	memcpy(h + 24, ip->dst.byte, 16);
}

static uint8_t *
finish(struct datagram *g, const struct ip_header *ip, uint32_t *caplen,
       uint32_t *wire_len)
{
	uint32_t header = ip->version == 4 ? IP4_HEADER : IP6_HEADER;
	struct range gap = { g->total, g->total };
	uint8_t *whole = g->bytes;

	ranges_gap(&g->captured, 0, g->total, &gap);
	if (ip->version == 4)
		put_header4(payload_of(g) - header, g, ip);
	else
		put_header6(payload_of(g) - header, g, ip);
	*caplen = header + (uint32_t)gap.start;
	*wire_len = header + g->total;
	memmove(whole, payload_of(g) - header, *caplen);
	g->bytes = NULL;
	return whole;
}

static bool
is_possible(const struct ip_header *ip, uint32_t len)
{
	uint32_t header = ip->version == 4 ? IP4_HEADER : 0;

	if (ip->frag_offset + len > PAYLOAD_MAX - header || len == 0)
		return false;
	/* RFC 791: all but the last are a multiple of 8 bytes long. */
	return !ip->more_fragments || len % 8 == 0;
}

uint8_t *
fragments_take(struct fragments *f, const struct packet *p,
	       const struct dissection *d, uint32_t *caplen,
	       uint32_t *wire_len)
{
	struct fragment_key key;
	struct datagram *g;
	uint8_t *whole = NULL;
	uint64_t hash;

	assert(d->kind == DISSECT_FRAGMENT);
	f->stats.fragments++;
	expire(f, p->ts);
	if (!is_possible(&d->ip, (uint32_t)cursor_wire_left(&d->payload))) {
		f->stats.bad++;
		return NULL;
	}
	key_of(d, &key);
	hash = hash_of(f, &key);
	g = find(f, &key, hash);
	if (!g)
		g = begin(f, &key, hash, p->ts);
	if (!g)
		return NULL;
	if (!take(f, g, d)) {
		f->stats.evicted++;
		forget(f, g);
		return NULL;
	}
	if (g->end_known && ranges_cover(&g->wire, 0, g->total)) {
		whole = finish(g, &d->ip, caplen, wire_len);
		f->stats.completed++;
		forget(f, g);
	}
	return whole;
}

struct fragments *
fragments_open(const struct flow_secret *secret, size_t max_bytes)
{
	struct fragments *f = calloc(1, sizeof(*f));
	size_t n = max_bytes / 8 / sizeof(struct datagram);

	if (!f)
		return NULL;
	f->secret = (struct siphash_key){ secret->k0, secret->k1 };
	f->max_bytes = max_bytes - max_bytes / 8;
	f->oldest = f->newest = SLAB_NONE;
	n = n < 4 ? 4 : n > 1 << 20 ? 1 << 20 : n;
	if (slab_init(&f->slab, sizeof(struct datagram), (uint32_t)n) < 0 ||
	    flow_table_init(&f->table) < 0) {
		fragments_close(f);
		return NULL;
	}
	return f;
}

void
fragments_close(struct fragments *f)
{
	if (!f)
		return;
	while (f->oldest != SLAB_NONE)
		forget(f, at(f, f->oldest));
	slab_release(&f->slab);
	flow_table_release(&f->table);
	free(f);
}

const struct fragment_stats *
fragments_stats(struct fragments *f)
{
	f->stats.unfinished = f->table.n_used;
	return &f->stats;
}
