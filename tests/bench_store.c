/*
 * bench_store.c - what a connection costs in the store.
 *
 *   bench_store FILE [connections [trouble [kind [samples]]]]
 *
 * Ordinary connections, all open at once and then closed one by one, as
 * workers would put them; each trouble-th one has retransmissions and a few
 * events; each has so many samples.  CPU time, not wall time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "store/store.h"

#define START INT64_C(1700000000000000000)

static double
cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void
die(struct store *st)
{
	fprintf(stderr, "bench_store: %s\n", store_error(st));
	exit(1);
}

static struct addr
addr_of(uint32_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
			 (uint8_t)(v >> 8), (uint8_t)v };

	return addr_from_ipv4(b);
}

static void
put(struct store *st, enum row_table table, const void *row)
{
	if (store_put(st, table, row) < 0)
		die(st);
}

static void
connection(struct connection_row *row, uint32_t i)
{
	row->conn = i;
	row->ip_version = 4;
	row->client_addr = addr_of(0x0a000000u + i / 28000);
	row->server_addr = addr_of(0xc0a80000u + i % 251);
	row->client_port = 32768 + i % 28000;
	row->server_port = i % 3 ? 443 : 80;
	row->role_known = 1;
	row->start_ns = START + i * INT64_C(1000);
	row->first_frame = i + 1;
}

static const struct tcp_state_change path[] = {
	{ 0, 1, SIDE_CLIENT, TCP_STATE_CLOSED, TCP_STATE_SYN_SENT, 1 },
	{ 0, 2, SIDE_SERVER, TCP_STATE_LISTEN, TCP_STATE_SYN_RCVD, 2 },
	{ 0, 2, SIDE_CLIENT, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 3 },
	{ 0, 3, SIDE_SERVER, TCP_STATE_SYN_RCVD, TCP_STATE_ESTABLISHED, 3 },
	{ 0, 13, SIDE_CLIENT, TCP_STATE_ESTABLISHED, TCP_STATE_FIN_WAIT_1, 4 },
	{ 0, 13, SIDE_SERVER, TCP_STATE_ESTABLISHED, TCP_STATE_CLOSE_WAIT, 4 },
	{ 0, 14, SIDE_SERVER, TCP_STATE_CLOSE_WAIT, TCP_STATE_LAST_ACK, 5 },
	{ 0, 14, SIDE_CLIENT, TCP_STATE_FIN_WAIT_1, TCP_STATE_TIME_WAIT, 5 },
	{ 0, 15, SIDE_SERVER, TCP_STATE_LAST_ACK, TCP_STATE_CLOSED, 5 },
};
#define N_PATH (sizeof(path) / sizeof(path[0]))

static void
put_end(struct store *st, uint32_t i, int side, bool trouble)
{
	struct endpoint_row e;

	row_init(ROW_ENDPOINT, &e);
	memset(&e.packets, 0, offsetof(struct endpoint_row, mss) -
	       offsetof(struct endpoint_row, packets));
	e.conn = i;
	e.side = side;
	e.isn = (uint32_t)(i * 2654435761u);
	e.packets = 8;
	e.ip_bytes = 1320;
	e.bytes = e.unique_bytes = side ? 0 : 1000;
	e.data_packets = side ? 0 : 5;
	e.syn_packets = !side;
	e.synack_packets = side;
	e.fin_packets = 1;
	e.mss = 1460;
	e.sack_permitted = e.timestamps = e.ecn = 0;
	e.ttl = 64;
	e.initial_cwnd = side ? ROW_NULL : 1000;
	e.min_rtt_ns = e.srtt_ns = e.max_rtt_ns = 100000000 + i;
	e.rttvar_ns = 50000000;
	e.rto_ns = 300000000;
	e.rtt_samples = 5;
	e.rtt_p50_ns = e.rtt_p95_ns = 100000000 + i;
	e.max_flight = side ? 0 : 200;
	e.min_rwnd = e.max_rwnd = 65535;
	e.busy_ns = 500000000;
	e.rwnd_limited_ns = e.cwnd_limited_ns = 0;
	e.app_limited_ns = 900000000;
	e.checksum_errors = 0;
	e.retrans_packets = e.rtx_fast = trouble;
	put(st, ROW_ENDPOINT, &e);
}

static void
put_final(struct store *st, uint32_t i, uint32_t n, bool trouble)
{
	struct tcp_state_change changes[N_PATH];
	struct connection_row row;

	put_end(st, i, SIDE_CLIENT, trouble);
	put_end(st, i, SIDE_SERVER, false);
	row_init(ROW_CONNECTION, &row);
	connection(&row, i);
	row.phase = CONNECTION_FINAL;
	for (size_t k = 0; k < N_PATH; k++) {
		uint64_t at = path[k].frame;

		changes[k] = path[k];
		changes[k].frame = (at - 1) * n + i + 1;
		changes[k].ts = row.start_ns + (int64_t)((at - 1) * n * 1000);
	}
	row.changes = changes;
	row.n_changes = N_PATH;
	row.end_ns = row.start_ns + n * INT64_C(14000);
	row.duration_ns = row.end_ns - row.start_ns;
	row.last_frame = 14 * n + i + 1;
	row.client_state = "TIME-WAIT";
	row.server_state = "CLOSED";
	row.outcome = "normal_close";
	row.conn_state = "SF";
	row.history = "ShADdFfa";
	row.completeness = 31;
	row.closed_by = "client";
	row.service = i % 3 ? "tls" : "http";
	row.handshake_rtt_ns = 100000000 + i;
	row.connect_ns = 200000000 + i;
	row.vantage = "client";
	row.vantage_confidence = 0.75;
	row.evicted = 0;
	put(st, ROW_CONNECTION, &row);
}

static void
put_events(struct store *st, uint32_t i)
{
	struct event_row e = { .conn = i, .side = 0, .ts_ns = START + i,
		.frame_number = i, .kind = "rtx_fast", .seq = 1, .len = 200,
		.detail = "{\"dup_acks\":3}" };

	for (int k = 0; k < 4; k++)
		put(st, ROW_EVENT, &e);
}

static void
put_samples(struct store *st, uint32_t i, uint32_t n)
{
	struct sample_row r;

	row_init(ROW_SAMPLE, &r);
	r.conn = i;
	r.side = SIDE_CLIENT;
	r.rwnd = 65535;
	r.cwnd = 14600;
	r.phase = "slow_start";
	for (uint32_t k = 0; k < n; k++) {
		r.ts_ns = START + i * INT64_C(1000) + k * INT64_C(100000000);
		r.snd_una = 1 + 200 * (k / 2);
		r.snd_nxt = 1 + 200 * ((k + 1) / 2);
		r.flight = r.snd_nxt - r.snd_una;
		r.srtt_ns = 100000000 + k;
		put(st, ROW_SAMPLE, &r);
	}
}

static void
put_host(struct store *st, uint32_t i)
{
	struct host_row h;

	row_init(ROW_HOST, &h);
	h.addr = addr_of(0x0a000000u + i / 28000);
	h.packets_sent = 8;
	h.connections_client = 1;
	put(st, ROW_HOST, &h);
	h.addr = addr_of(0xc0a80000u + i % 251);
	put(st, ROW_HOST, &h);
}

int
main(int argc, char **argv)
{
	uint32_t n = argc > 2 ? (uint32_t)atoi(argv[2]) : 100000;
	uint32_t trouble = argc > 3 ? (uint32_t)atoi(argv[3]) : 0;
	uint32_t samples = argc > 5 ? (uint32_t)atoi(argv[5]) : 0;
	struct capture_row capture;
	struct stat s;
	struct store *st;
	double start = cpu_seconds(), rows, end;

	if (argc < 2 || store_create(&st, argv[1], STORE_FORCE) < 0)
		die(argc < 2 ? NULL : st);
	memset(&capture, 0, sizeof(capture));
	capture.source = "bench";
	capture.kind = argc > 4 ? argv[4] : "file";
	if (store_begin_capture(st, &capture) < 0)
		die(st);
	for (uint32_t i = 0; i < n; i++) {
		struct connection_row row;

		row_init(ROW_CONNECTION, &row);
		connection(&row, i);
		put(st, ROW_CONNECTION, &row);
	}
	for (uint32_t i = 0; i < n; i++) {
		bool loud = trouble && i % trouble == 0;

		if (loud)
			put_events(st, i);
		put_samples(st, i, samples);
		put_host(st, i);
		put_final(st, i, n, loud);
	}
	rows = cpu_seconds();
	capture.status = "complete";
	if (store_end_capture(st, &capture) < 0)
		die(st);
	store_close(st);
	end = cpu_seconds();
	stat(argv[1], &s);
	printf("%u connections: %.2f us each (%.2f s, of which the end %.2f),"
	       " %.0f bytes each\n", n, (end - start) * 1e6 / n, end - start,
	       end - rows, (double)s.st_size / n);
	return 0;
}
