/*
 * rows.h - what the analysis says, as rows for the store.
 *
 * One struct a table of the database (store/schema.c names each field and
 * says what it means).  All but texts are plain values.  A text belongs to
 * whoever puts the row and lives during the call; the sink copies it.
 *
 * Unknown is ROW_NULL, NAN or NULL: row_init() sets all fields so.  Times are
 * nanoseconds since the epoch, durations nanoseconds, sizes bytes.
 */
#ifndef ANALYSIS_ROWS_H
#define ANALYSIS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/nstime.h"
#include "reassembly/side.h"
#include "reassembly/tcp_state.h"

#define ROW_NULL INT64_MIN

/* Names a connection in a row: conn->handle; CONN_NONE is NULL. */
typedef uint32_t conn_ref;
#define CONN_NONE UINT32_MAX

enum row_table {
	ROW_CONNECTION,
	ROW_ENDPOINT,
	ROW_EVENT,
	ROW_SAMPLE,
	ROW_LIMIT_SPAN,
	ROW_FINDING,
	ROW_REQUEST,
	ROW_DNS_QUERY,
	ROW_TLS_HANDSHAKE,
	ROW_ICMP_ERROR,
	ROW_ARP,
	ROW_UDP_FLOW,
	ROW_HOST,
	ROW_PROTOCOL,
	ROW_RATE,
	ROW_SEGMENT,
	ROW_KERNEL_SAMPLE,
	ROW_VANTAGE_VOTE,
	N_ROW_TABLES
};

/*
 * What a connection row is: the writer numbers connections as they open.  The
 * rows of the two ends are put right before an UPDATE or the FINAL row.
 */
enum connection_phase {
	CONNECTION_OPEN,	/* its first packet: addresses and start only */
	CONNECTION_UPDATE,	/* still open, as it is now (live) */
	CONNECTION_FINAL,	/* closed: the handle may be used anew */
};

struct connection_row {
	conn_ref conn;
	int64_t phase;		/* enum connection_phase; not stored */
	int64_t ip_version, vlan;
	struct addr client_addr, server_addr;
	int64_t client_port, server_port;
	int64_t role_known;
	int64_t start_ns, end_ns, duration_ns;
	int64_t first_frame, last_frame;
	const char *client_state, *server_state;	/* RFC 9293 names */
	const struct tcp_state_change *changes;	/* in the order of time */
	int64_t n_changes;
	const char *outcome;
	const char *conn_state;		/* Zeek's */
	const char *history;		/* Zeek's */
	int64_t completeness;		/* Wireshark's bit mask */
	const char *closed_by;		/* "client", "server", "both" */
	const char *client_error, *server_error;	/* errno names */
	const char *service, *server_name;
	int64_t handshake_rtt_ns, connect_ns;
	const char *vantage;		/* client, server, middle, unknown */
	double vantage_confidence;
	int64_t interface;
	int64_t synack_clock;		/* not stored: enum synack_clock */
	/* Not stored.  Of the RST that answered the SYN, where one did; its
	   Ethernet source as a number, 0: not known. */
	int64_t rst_ttl, rst_mac;
	int64_t evicted;		/* closed before its end: memory */
};

struct endpoint_row {
	conn_ref conn;
	int64_t side;			/* enum side */
	int64_t isn;
	int64_t packets, ip_bytes, bytes, unique_bytes, missing_bytes;
	int64_t data_packets;
	int64_t syn_packets, synack_packets, fin_packets, rst_packets;
	int64_t retrans_packets, retrans_bytes;
	int64_t rtx_timeout, rtx_fast, rtx_recovery, rtx_tlp, rtx_spurious;
	int64_t rtx_syn, rtx_other;
	int64_t out_of_order, duplicate_packets, dup_acks, dsacks, sacks;
	int64_t zero_windows, window_probes, keepalives, window_full;
	int64_t mss, wscale, sack_permitted, timestamps, ecn;
	int64_t ttl;
	int64_t initial_cwnd;
	int64_t min_rtt_ns, srtt_ns, rttvar_ns, max_rtt_ns, rto_ns;
	int64_t rtt_samples, rtt_p50_ns, rtt_p95_ns;
	int64_t max_flight, min_rwnd, max_rwnd;
	const char *congestion_control;
	double congestion_control_confidence;
	int64_t busy_ns, rwnd_limited_ns, cwnd_limited_ns, app_limited_ns;
	int64_t checksum_errors;
	int64_t stream_bytes, stream_gap_bytes;	/* with --digests */
	const char *stream_sha256;
};

struct event_row {
	conn_ref conn;
	int64_t side;
	int64_t ts_ns, frame_number;
	const char *kind;		/* design.md section 6 */
	int64_t seq, len;		/* seq relative to the sender's ISN */
	const char *detail;		/* JSON object */
};

struct sample_row {
	conn_ref conn;
	int64_t side;
	int64_t ts_ns;
	int64_t snd_una, snd_nxt;	/* relative */
	int64_t flight, rwnd;
	int64_t cwnd, cwnd_low, cwnd_high;
	const char *cwnd_class;	/* measured, modelled, bounded, lower_bound */
	int64_t ssthresh;
	const char *phase;
	int64_t srtt_ns;
	const char *limit_cause;
};

struct limit_span_row {
	conn_ref conn;
	int64_t side;
	int64_t start_ns, end_ns;
	const char *cause;
	double confidence;
};

#define FINDING_EVIDENCE 16

struct finding_row {
	conn_ref conn;			/* CONN_NONE: of the whole capture */
	int64_t side;			/* ROW_NULL: of neither in particular */
	const char *severity;		/* note, warning, error */
	const char *code;
	int64_t start_ns, end_ns;
	double confidence;		/* 0 to 1 */
	const char *title, *explanation, *advice;
	int64_t n_evidence;
	struct {
		int64_t frame_number;
		const char *note;
	} evidence[FINDING_EVIDENCE];
};

struct request_row {
	conn_ref conn;
	int64_t number;			/* from 1 */
	const char *protocol;		/* http, tls, ... */
	int64_t dns_ns, connect_ns, tls_ns, first_byte_ns, transfer_ns;
	int64_t start_ns;
	const char *method, *host, *uri;
	/* Not stored: to find the look-up of the name. */
	struct addr client_addr, server_addr;
	nstime connect_start;		/* 0: not the connection's first */
	int64_t status;
	int64_t request_bytes, response_bytes;
};

#define DNS_QUERY_ADDRS 4

struct dns_query_row {
	int64_t ts_ns, frame_number, response_frame;
	struct addr client_addr, server_addr;
	int64_t client_port, server_port;
	int64_t trans_id;
	const char *query, *qtype_name, *rcode_name, *answers;
	int64_t rtt_ns;			/* ROW_NULL: unanswered */
	int64_t queries;		/* 1 + how often it was repeated */
	const char *transport;		/* udp, tcp */
	/* Not stored: the addresses among the answers. */
	unsigned n_addrs;
	struct addr addr[DNS_QUERY_ADDRS];
};

struct tls_handshake_row {
	conn_ref conn;
	int64_t start_ns, duration_ns;
	const char *version, *server_name, *alpn, *cipher;
	int64_t established, resumed;
	const char *alert;		/* "unknown_ca" */
	const char *alert_side;
};

struct icmp_error_row {
	conn_ref conn;
	int64_t ts_ns, frame_number;
	struct addr src_addr, dst_addr;	/* of the ICMP packet */
	int64_t icmp_type, icmp_code;
	const char *meaning;		/* "port unreachable" */
	int64_t mtu;
	struct addr quoted_src_addr, quoted_dst_addr;
	int64_t quoted_proto, quoted_src_port, quoted_dst_port;
};

struct arp_row {
	int64_t ts_ns, frame_number;
	const char *operation;		/* request, reply; ns, na for IPv6 */
	struct addr sender_addr, target_addr;
	const char *sender_mac, *target_mac;
	int64_t answered_ns;		/* ROW_NULL: not answered */
};

struct udp_flow_row {
	bool is_update;			/* live: it goes on */
	struct addr client_addr, server_addr;
	int64_t client_port, server_port, vlan;
	int64_t start_ns, end_ns, first_frame, last_frame;
	int64_t client_packets, client_bytes, server_packets, server_bytes;
	int64_t icmp_errors;
	const char *service;
};

struct host_row {
	struct addr addr;
	const char *mac, *name;
	int64_t first_ns, last_ns;
	int64_t packets_sent, bytes_sent, packets_received, bytes_received;
	int64_t connections_client, connections_server;
};

struct protocol_row {
	const char *name;
	int64_t packets, bytes;
};

/* What happened in one second of capture time; the last four are as it was
   at the second's end.  Shards put parts, which the writer adds up. */
struct rate_row {
	int64_t second;			/* since the epoch */
	int64_t packets, bytes;
	int64_t connections_opened, connections_closed;
	int64_t connections_established;	/* handshakes completed */
	int64_t connections_failed;
	int64_t syn, synack, fin, rst;
	int64_t retransmissions, retrans_bytes, data_packets;
	int64_t zero_windows;
	int64_t packets_dropped;	/* by the capture; ROW_NULL: not told */
	int64_t half_open, established, time_wait, open_connections;
};

struct segment_row {
	conn_ref conn;
	int64_t frame_number, ts_ns;
	int64_t side;
	const char *flags;		/* "S.", as tcpdump */
	int64_t seq, ack, len, window;
	const char *options;
};

/* What this host's kernel says of a socket of its own (live). */
struct kernel_sample_row {
	conn_ref conn;
	int64_t side;			/* whose socket it is */
	int64_t ts_ns;
	const char *state, *ca_state;
	const char *congestion_control;
	int64_t cwnd, ssthresh;		/* bytes */
	int64_t srtt_ns, rttvar_ns, min_rtt_ns, rto_ns;
	int64_t mss, pmtu;
	int64_t unacked_packets, lost_packets, retrans_packets;
	int64_t pacing_rate, delivery_rate;	/* bytes a second */
	int64_t bytes_acked, bytes_received;
	int64_t unsent_bytes, send_queue, receive_queue;
	int64_t send_buffer, receive_buffer;
	int64_t busy_ns, rwnd_limited_ns, sndbuf_limited_ns;
	int64_t uid, pid;
	const char *process;
};

/* What the connections that know where they were captured say of an interface,
   or of a host that was seen there: for those that do not know. */
struct vantage_vote_row {
	int64_t interface;
	struct addr addr;		/* all zero: of the interface */
	const char *place;		/* here, elsewhere; of an interface:
					   client, server, middle */
	double confidence;		/* of a connection that follows it */
	int64_t connections;		/* that voted */
};

/* Where rows go.  Rows that are put while one packet is taken share its frame
   number; those of a connection that time closes also its first frame: by
   these two the writer brings the rows of all shards into one order. */
struct row_sink {
	void (*put)(void *ctx, enum row_table table, const void *row);
	void *ctx;
	uint64_t frame;
	uint64_t first_frame;
	const double *thresholds;	/* analysis/thresholds.h; NULL: as they
					   are by default */
};

static inline void
row_put(struct row_sink *sink, enum row_table table, const void *row)
{
	sink->put(sink->ctx, table, row);
}

/* Set every field of a table's row to unknown. */
void row_init(enum row_table table, void *row);

#endif
