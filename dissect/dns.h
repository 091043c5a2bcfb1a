/*
 * dns.h - a DNS message (RFC 1035): its question, and what it was answered.
 */
#ifndef DISSECT_DNS_H
#define DISSECT_DNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

/* RFC 1035 s3.1: 255 bytes on the wire; each may need \DDD. */
#define DNS_NAME_SIZE 512
#define DNS_ANSWERS_SIZE 256
#define DNS_MAX_ANSWERS 16

enum dns_rcode { DNS_NOERROR = 0, DNS_NXDOMAIN = 3 };

struct dns_message {
	uint16_t id;
	bool response;
	bool truncated;
	uint8_t opcode;
	uint8_t rcode;
	uint16_t n_questions, n_answers;	/* as the header says */
	uint16_t qtype;
	char name[DNS_NAME_SIZE];	/* of the first question, as text */
	char answers[DNS_ANSWERS_SIZE];	/* "192.0.2.1,192.0.2.2" */
	unsigned n_addrs;
	struct addr addr[DNS_MAX_ANSWERS];	/* of A and AAAA records */
};

/* Read a message.  Not OK: what was read before is valid, and name is "" where
   the question could not be read. */
enum cursor_status dns_read(const struct cursor *payload,
			    struct dns_message *m);

/* "A", "AAAA", ...; NULL: not known. */
const char *dns_type_name(unsigned qtype);
const char *dns_rcode_name(unsigned rcode);	/* "NXDOMAIN"; NULL */

#endif
