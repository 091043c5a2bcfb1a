/*
 * tls.h - what a TLS handshake shows (RFC 8446, RFC 5246): name, version,
 * cipher suite, how long it took, and the alert that ended it.
 *
 * Reads the headers of records, and of those with a hello their content.
 * When the handshake is over nothing more can be seen.
 */
#ifndef ANALYSIS_TLS_H
#define ANALYSIS_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/analyzer.h"

#define TLS_HELLO_MAX 2048	/* bytes of a hello that are looked at */

struct tls_reader {
	uint8_t header[5];
	uint8_t header_len;
	uint8_t type;
	uint32_t left;		/* of the record */
	bool lost;		/* no record where one should begin */
	bool hello_done;
	bool ccs, data;		/* such records were sent */
};

struct tls {
	uint8_t asker;		/* enum side: who sent the ClientHello */
	struct tls_reader reader[N_SIDES];
	nstime start, done;	/* 0: not yet */
	uint64_t frame;
	uint16_t version, cipher;
	bool resumed, plain_http;
	bool told;		/* its row was put */
	uint8_t session_len, session[32];	/* the client's */
	uint8_t n_alpn;		/* offered */
	uint8_t alert_level, alert;	/* 0xff: none */
	uint8_t alert_side;
	uint64_t alert_frame;
	uint64_t http_frame;
	char server_name[256];
	char alpn[32];
	uint32_t hello_len;
	uint8_t hello[TLS_HELLO_MAX];
};

bool tls_is_hello(const uint8_t *bytes, size_t n);
void tls_init(struct tls *t, enum side asker, nstime ts, uint64_t frame);

/* Returns false when there is nothing more to be seen. */
bool tls_data(struct tls *t, enum side side, const uint8_t *bytes, size_t n,
	      nstime ts, uint64_t frame);
void tls_gap(struct tls *t, enum side side, uint64_t n);

/* Put the handshake's row, once. */
void tls_put(struct tls *t, struct analysis *an);

/* The connection ends: put the row, if it was not, and the findings. */
void tls_close(struct tls *t, struct analysis *an);

#endif
