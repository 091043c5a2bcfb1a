/*
 * dns.h - questions to name servers, and their answers.
 *
 * A question waits in a bounded table for its answer: same two ends, same
 * transaction identifier.  Its row tells how long that took and what came, or
 * that nothing did.  Over UDP a datagram is a message, and a shard has one
 * table; over TCP (dns_stream.h) each connection has a small one.
 */
#ifndef ANALYSIS_DNS_H
#define ANALYSIS_DNS_H

#include "analysis/analyzer.h"
#include "dissect/dns.h"

#define DNS_PORT 53

struct dns_question {
	nstime ts;
	uint64_t frame;
	struct addr client, server;
	uint16_t client_port, server_port;
	uint16_t id, qtype;
	uint32_t times;
	bool done;
	const char *transport;
	char name[DNS_NAME_SIZE / 2];
};

/* Open questions [tail, head), modulo size, a power of 2. */
struct dns_table {
	uint32_t tail, head, size;
	struct dns_question *pending;
};

/* The packet that completes a message, and who sent it. */
struct dns_packet {
	const struct addr *addr;	/* [N_SIDES] */
	const uint16_t *port;		/* [N_SIDES] */
	enum side side;
	const char *transport;		/* "udp", "tcp" */
	nstime ts;
	uint64_t frame;
};

/* Take a message: a question waits, an answer puts the row of its question. */
void dns_take(struct dns_table *t, struct row_sink *sink,
	      const struct dns_packet *p, const struct cursor *message);

/* Put the rows of those that still wait. */
void dns_drop_all(struct dns_table *t, struct row_sink *sink);

extern const struct shard_analyzer dns_analyzer;

/* Of the capture: names that do not exist, servers that do not answer. */
extern const struct capture_analyzer dns_across_analyzer;

#endif
