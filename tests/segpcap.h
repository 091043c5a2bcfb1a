/*
 * segpcap.h - what the three parts of segpcap share.
 *
 * The script reader (segpcap.c) fills these structs, the packet builder
 * (segpcap_packet.c) turns them into bytes, and the writer (segpcap_file.c)
 * puts those into a capture file.  SEGMENTS.md describes the notation.
 */
#ifndef TESTS_SEGPCAP_H
#define TESTS_SEGPCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing packet: bytes are put at the end, headers in front of a body. */
struct bytes {
	uint8_t at[70000];
	size_t len;
};

void put(struct bytes *b, const void *data, size_t n);
void put8(struct bytes *b, unsigned v);
void put16(struct bytes *b, unsigned v);	/* network order */
void put32(struct bytes *b, uint32_t v);

/* --- segpcap_scan.c: one line of a script, word by word -------------------- */

/* Says file, line and what is wrong, and ends the program with status 2. */
_Noreturn void bad(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

void scan_line(const char *file, int number, const char *line);
bool scan_end(void);			/* nothing or a comment is left */
bool scan_char(char c);			/* take it if it is next */
char scan_peek(void);			/* '\0' at the end */
/* The next word, which ends at a blank or at one of ",<>{}()": NULL = none. */
const char *scan_word(void);
const char *scan_token(void);		/* ends at a blank only */
bool scan_is(const char *word);		/* take it if it is the next word */
int64_t scan_number(void);		/* decimal or 0x, may be negative */
uint64_t scan_seconds(void);		/* as nanoseconds */
struct bytes;
void scan_string(struct bytes *out);	/* "with \r \n \x1b" */
void scan_hex(struct bytes *out);	/* pairs of digits, blanks between */

/* One end of a connection, or any host when the port does not matter. */
struct host {
	int family;		/* AF_INET or AF_INET6 */
	uint8_t addr[16];
	uint16_t port;
	uint32_t isn;
	uint32_t nxt;		/* relative: after the highest byte sent */
	uint32_t tsval;		/* the last one sent; 0 = none */
};

/* What a line says about its packet below TCP, and about its capture. */
struct how {
	int ttl;		/* -1 = 64 */
	int ip_id;		/* -1 = counted by sender */
	unsigned tos;
	bool may_fragment;
	bool bad_checksum;	/* of TCP or UDP */
	bool offload;		/* only the pseudo-header is summed so far */
	bool bad_ip_checksum;
	bool unseen;		/* sent, but not in the capture */
	size_t cut;		/* captured bytes of the frame; 0 = all */
	size_t frag;		/* payload bytes a fragment; 0 = whole */
	bool frag_reversed;
	size_t frag_skip;	/* this fragment is not in the capture */
	uint16_t vlan[2];	/* outer first; 0 = no tag */
};

/* --- segpcap_packet.c: layers, each around what is there already ---------- */

enum link { LINK_ETHERNET, LINK_SLL, LINK_SLL2, LINK_RAW, LINK_NULL };

struct tcp_spec {
	uint32_t seq, ack;	/* as on the wire */
	unsigned flags;
	unsigned window, urgent;
	struct bytes options, payload;
};

void make_tcp(struct bytes *out, const struct host *src,
	      const struct host *dst, const struct tcp_spec *tcp,
	      const struct how *how);
void make_udp(struct bytes *out, const struct host *src,
	      const struct host *dst, const struct bytes *payload,
	      const struct how *how);
/* body is the ICMP message with a zero checksum, which is filled in. */
void make_icmp_checksum(struct bytes *body, const struct host *src,
			const struct host *dst);

/*
 * Put the transport packet into IP packets, one or its fragments, each into
 * a frame, and hand the frames to emit().
 */
void send_ip(const struct bytes *body, unsigned protocol,
	     const struct host *src, const struct host *dst, bool from_client,
	     const struct how *how, enum link link,
	     void (*emit)(const struct bytes *frame, size_t ip_offset));
void make_arp(struct bytes *frame, enum link link, bool reply,
	      const struct host *sender, const struct host *target);
/* Give the IPv4 or IPv6 packet in a frame another TTL. */
void change_ttl(struct bytes *frame, size_t ip_offset, unsigned ttl);

/* --- segpcap_file.c -------------------------------------------------------- */

struct file_format {
	bool pcapng;
	bool big_endian;
	bool nanoseconds;
};

int file_open(const char *path, const struct file_format *format,
	      enum link link, size_t snaplen);
/* A second link type is a second interface: pcapng only. */
int file_set_link(enum link link);
void file_packet(uint64_t ts_ns, const uint8_t *data, size_t caplen,
		 size_t len);
int file_close(void);

#endif
