/*
 * rows.c - the columns of every row: name, kind, meaning.
 *
 * The tables are all there is to know; columns.h says what is made of them.
 */
#include <math.h>
#include <string.h>

#include "analysis/columns.h"

#define COLUMN(row, kind, field, ...) \
	{ #field, COLUMN_##kind, offsetof(struct row, field), __VA_ARGS__ }
#define CONN(row, doc) \
	{ "conn_id", COLUMN_CONN, offsetof(struct row, conn), doc, \
	  MERGE_NONE, PLACE_ROW }
#define END { NULL, COLUMN_INT, 0, NULL, MERGE_NONE, PLACE_ROW }

#define C(kind, field, doc) \
	COLUMN(connection_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column connection_columns[] = {
	CONN(connection_row, "its number, from 1, in the order of first packets"),
	C(HIDDEN, phase, NULL),
	C(INT, ip_version, "4 or 6"),
	C(INT, vlan, "VLAN identifier (IEEE 802.1Q); NULL: untagged"),
	C(ADDR, client_addr, "IP address of the end that sent the first SYN"),
	C(INT, client_port, "its TCP port"),
	C(ADDR, server_addr, "IP address of the other end"),
	C(INT, server_port, "its TCP port"),
	C(INT, role_known, "1: a SYN told who is the client; 0: a guess"),
	C(INT, start_ns, "time of the first packet"),
	C(INT, end_ns, "time of the last packet"),
	C(INT, duration_ns, "end_ns - start_ns"),
	C(INT, first_frame, "number of its first packet in the capture"),
	C(INT, last_frame, "number of its last packet"),
	C(WORD, client_state,
	  "state of the client at the end (RFC 9293 s3.3.2): FIN-WAIT-1, ..."),
	C(WORD, server_state, "state of the server at the end"),
	C(CHANGES, changes, NULL),
	C(WORD, outcome,
	  "how it went, one word: normal_close, connection_refused, ..."),
	C(WORD, conn_state, "Zeek's word: S0 S1 SF REJ RSTO RSTR OTH ..."),
	C(TEXT, history, "Zeek's history: capitals client, small server"),
	C(INT, completeness,
	  "Wireshark's bit mask: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST"),
	C(WORD, closed_by, "who began the close: client, server, both"),
	C(WORD, client_error, "errno that the client's program met"),
	C(WORD, server_error, "errno that the server's program met"),
	C(WORD, service, "application protocol: http, tls, dns, ..."),
	C(ALIEN, server_name, "name of the server: TLS SNI, HTTP Host or DNS"),
	C(INT, handshake_rtt_ns, "round trip time of the handshake"),
	C(INT, connect_ns, "from the first SYN to the handshake's end"),
	C(WORD, vantage, "where it was captured: client, server, middle, unknown"),
	C(REAL, vantage_confidence,
	  "how sure that is, 0 to 1; below 0.5: the others' vote"),
	C(HIDDEN, synack_clock, NULL),
	C(HIDDEN, rst_ttl, NULL),
	C(HIDDEN, rst_mac, NULL),
	C(INT, interface, "number of the interface of its first packet"),
	C(INT, evicted, "1: dropped before its end, memory was short"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(endpoint_row, kind, field, doc, MERGE_NONE, PLACE_ROW)
#define ZERO(kind, field, doc) \
	COLUMN(endpoint_row, kind, field, doc, MERGE_NONE, PLACE_ZERO)
#define NULLS(kind, field, doc) \
	COLUMN(endpoint_row, kind, field, doc, MERGE_NONE, PLACE_NULL)

static const struct column endpoint_columns[] = {
	CONN(endpoint_row, "its connection"),
	C(SIDE, side, "client or server"),
	C(INT, isn, "initial sequence number, absolute (RFC 9293 s3.4.1)"),
	C(INT, packets, "packets it sent"),
	C(INT, ip_bytes, "bytes it sent, IP headers included"),
	C(INT, bytes, "payload bytes it sent, repeated ones included"),
	C(INT, unique_bytes, "payload bytes, each counted once"),
	ZERO(INT, missing_bytes,
	     "payload bytes that the capture never saw, but the peer acknowledged"),
	C(INT, data_packets, "packets with payload"),
	C(INT, syn_packets, "packets with SYN and without ACK"),
	C(INT, synack_packets, "packets with SYN and ACK"),
	C(INT, fin_packets, "packets with FIN"),
	ZERO(INT, rst_packets, "packets with RST"),
	ZERO(INT, retrans_packets, "retransmitted packets, all kinds"),
	ZERO(INT, retrans_bytes, "payload bytes in them"),
	ZERO(INT, rtx_timeout,
	     "retransmissions after the timer ran out (RFC 6298 s5.4)"),
	ZERO(INT, rtx_fast, "fast retransmissions (RFC 5681 s3.2)"),
	ZERO(INT, rtx_recovery, "further ones in recovery (RFC 6675, RFC 8985)"),
	ZERO(INT, rtx_tlp, "tail loss probes (RFC 8985 s7)"),
	ZERO(INT, rtx_spurious,
	     "needless ones: shown by DSACK, timestamps (RFC 2883, RFC 3522)"),
	ZERO(INT, rtx_syn, "repeated SYN or SYN-ACK"),
	ZERO(INT, rtx_other, "retransmissions of no certain kind"),
	ZERO(INT, out_of_order, "packets that came late, sent once"),
	ZERO(INT, duplicate_packets,
	     "copies made by the network or the capture"),
	ZERO(INT, dup_acks, "duplicate ACKs it sent (RFC 5681 s2)"),
	ZERO(INT, dsacks, "duplicate SACK blocks it sent (RFC 2883)"),
	ZERO(INT, sacks, "packets with SACK blocks it sent (RFC 2018)"),
	ZERO(INT, zero_windows, "times that it closed its window"),
	ZERO(INT, window_probes, "probes of a closed window that it sent"),
	ZERO(INT, keepalives, "keepalive probes it sent (RFC 9293 s3.8.4)"),
	ZERO(INT, window_full, "times that it filled its peer's window"),
	C(INT, mss, "MSS that it announced, bytes (RFC 9293 s3.7.1)"),
	C(INT, wscale, "window scale shift that it announced (RFC 7323 s2)"),
	C(INT, sack_permitted, "1: it announced SACK (RFC 2018)"),
	C(INT, timestamps, "1: it uses timestamps (RFC 7323 s3)"),
	C(INT, ecn, "1: it asked for or granted ECN (RFC 3168)"),
	C(INT, ttl, "TTL or hop limit of its first packet, as captured"),
	C(INT, initial_cwnd, "bytes of its first flight of data (RFC 6928)"),
	C(INT, min_rtt_ns, "least round trip time of its data"),
	C(INT, srtt_ns, "smoothed round trip time at the end (RFC 6298)"),
	C(INT, rttvar_ns, "its variation at the end (RFC 6298)"),
	C(INT, max_rtt_ns, "greatest round trip time"),
	C(INT, rto_ns, "retransmission timeout that follows (RFC 6298 s2)"),
	C(INT, rtt_samples, "round trips measured"),
	C(INT, rtt_p50_ns, "median round trip time"),
	C(INT, rtt_p95_ns, "95th percentile of the round trip time"),
	C(INT, max_flight, "most bytes sent and not yet acknowledged"),
	C(INT, min_rwnd, "least window that it offered, bytes"),
	C(INT, max_rwnd, "greatest window that it offered, bytes"),
	NULLS(TEXT, congestion_control,
	      "reno, cubic, bbr, ...; NULL: cannot be told, or none "
	      "of the known ones (finding unknown_congestion_control)"),
	NULLS(REAL, congestion_control_confidence, "how sure that is, 0 to 1"),
	C(INT, busy_ns, "time with data outstanding or waiting"),
	C(INT, rwnd_limited_ns, "time held by the peer's window (RFC 4898)"),
	C(INT, cwnd_limited_ns, "time held by the congestion window (RFC 4898)"),
	C(INT, app_limited_ns, "time without data to send (RFC 4898)"),
	ZERO(INT, checksum_errors, "packets with a wrong TCP checksum"),
	NULLS(INT, stream_bytes, "with --digests: bytes reassembled"),
	NULLS(INT, stream_gap_bytes, "with --digests: bytes missing in between"),
	NULLS(TEXT, stream_sha256, "with --digests: SHA-256 of the bytes, in hex"),
	END
};
#undef C
#undef ZERO
#undef NULLS

#define C(kind, field, doc) \
	COLUMN(event_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column event_columns[] = {
	CONN(event_row, "its connection"),
	C(SIDE, side, "who sent the packet"),
	C(INT, ts_ns, "time of the packet"),
	C(INT, frame_number, "number of the packet in the capture"),
	C(WORD, kind, "rtx_timeout, dup_ack, zero_window, reset, loss, ..."),
	C(INT, seq, "sequence number, relative to the sender's ISN"),
	C(INT, len, "payload bytes"),
	C(TEXT, detail, "evidence, a JSON object"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(sample_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column sample_columns[] = {
	CONN(sample_row, "its connection"),
	C(SIDE, side, "the sender that it is about"),
	C(INT, ts_ns, "from this time on, until the side's next sample"),
	C(INT, snd_una, "oldest byte not acknowledged, relative (RFC 9293)"),
	C(INT, snd_nxt, "next byte to be sent, relative"),
	C(INT, flight, "bytes sent and not acknowledged (RFC 5681 FlightSize)"),
	C(INT, rwnd, "the peer's window, bytes"),
	C(INT, cwnd, "congestion window, bytes: the best estimate"),
	C(INT, cwnd_low, "at least"),
	C(INT, cwnd_high, "at most"),
	C(WORD, cwnd_class,
	  "how it is known: measured, modelled, bounded, lower_bound"),
	C(INT, ssthresh, "slow start threshold, bytes; NULL: infinite, unknown"),
	C(WORD, phase, "slow_start, congestion_avoidance, fast_recovery, ..."),
	C(INT, srtt_ns, "smoothed round trip time (RFC 6298)"),
	C(WORD, limit_cause, "what holds the sender: see limit_span"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(limit_span_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column limit_span_columns[] = {
	CONN(limit_span_row, "its connection"),
	C(SIDE, side, "the sender that was limited"),
	C(INT, start_ns, "from"),
	C(INT, end_ns, "to; spans of a side do not overlap"),
	C(WORD, cause,
	  "application, receive_window, congestion_window, bottleneck, ..."),
	C(REAL, confidence, "how sure that is, 0 to 1"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(finding_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column finding_columns[] = {
	CONN(finding_row, "its connection; NULL: of the capture"),
	C(SIDE, side, "the end at fault; NULL: neither in particular"),
	C(TEXT, severity, "note, warning, error"),
	C(TEXT, code, "one word: connection_refused, zero_window, ..."),
	C(INT, start_ns, "when it began"),
	C(INT, end_ns, "when it was over"),
	C(REAL, confidence, "how sure that is, 0 to 1"),
	C(ALIEN, title, "one line"),
	C(ALIEN, explanation, "what happened, in plain words"),
	C(ALIEN, advice, "what to do about it"),
	C(EVIDENCE, n_evidence, NULL),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(request_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column request_columns[] = {
	CONN(request_row, "its connection"),
	C(INT, number, "from 1, within the connection"),
	C(TEXT, protocol, "http, tls, ..."),
	C(INT, dns_ns, "time to look up the name"),
	C(INT, connect_ns, "time to connect"),
	C(INT, tls_ns, "time of the TLS handshake"),
	C(INT, first_byte_ns, "from the request to the response's first byte"),
	C(INT, transfer_ns, "from the response's first byte to its last"),
	C(INT, start_ns, "time of the request's first byte"),
	C(ALIEN, method, "GET, POST, ..."),
	C(ALIEN, host, "name of the host asked for"),
	C(ALIEN, uri, "what was asked for"),
	C(INT, status, "status code of the response"),
	C(INT, request_bytes, "bytes of the request"),
	C(INT, response_bytes, "bytes of the response"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(dns_query_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column dns_query_columns[] = {
	C(INT, ts_ns, "time of the first query"),
	C(INT, frame_number, "its packet"),
	C(INT, response_frame, "packet of the response"),
	C(ADDR, client_addr, "who asked"),
	C(INT, client_port, "from which UDP or TCP port"),
	C(ADDR, server_addr, "who was asked"),
	C(INT, server_port, "at which port"),
	C(INT, trans_id, "transaction identifier (RFC 1035 s4.1.1)"),
	C(ALIEN, query, "name asked for"),
	C(TEXT, qtype_name, "A, AAAA, PTR, ..."),
	C(TEXT, rcode_name, "NOERROR, NXDOMAIN, ..."),
	C(ALIEN, answers, "answers, separated by commas"),
	C(INT, rtt_ns, "time to the response; NULL: unanswered"),
	C(INT, queries, "how often it was asked"),
	C(TEXT, transport, "udp, tcp"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(tls_handshake_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column tls_handshake_columns[] = {
	CONN(tls_handshake_row, "its connection"),
	C(INT, start_ns, "time of the ClientHello"),
	C(INT, duration_ns, "to the end of the handshake"),
	C(TEXT, version, "TLSv1.3, ..."),
	C(ALIEN, server_name, "SNI (RFC 6066)"),
	C(ALIEN, alpn, "protocol agreed on (RFC 7301)"),
	C(TEXT, cipher, "cipher suite"),
	C(INT, established, "1: it was completed"),
	C(INT, resumed, "1: an earlier session was taken up again"),
	C(TEXT, alert, "alert that ended it (RFC 8446 s6)"),
	C(TEXT, alert_side, "who sent that: client, server"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(icmp_error_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column icmp_error_columns[] = {
	CONN(icmp_error_row, "the connection that it is about; NULL: none known"),
	C(INT, ts_ns, "time of the packet"),
	C(INT, frame_number, "number of the packet"),
	C(ADDR, src_addr, "who sent the ICMP packet"),
	C(ADDR, dst_addr, "to whom"),
	C(INT, icmp_type, "type (RFC 792, RFC 4443)"),
	C(INT, icmp_code, "code"),
	C(TEXT, meaning, "in words: port unreachable, ..."),
	C(INT, mtu, "next hop's MTU, bytes (RFC 1191, RFC 8201)"),
	C(ADDR, quoted_src_addr, "source of the packet that it quotes"),
	C(ADDR, quoted_dst_addr, "destination of that"),
	C(INT, quoted_proto, "protocol of that: 6 TCP, 17 UDP"),
	C(INT, quoted_src_port, "source port of that"),
	C(INT, quoted_dst_port, "destination port of that"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(arp_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column arp_columns[] = {
	C(INT, ts_ns, "time of the packet"),
	C(INT, frame_number, "number of the packet"),
	C(TEXT, operation, "request, reply (RFC 826); ns, na (RFC 4861)"),
	C(ADDR, sender_addr, "IP address of the sender"),
	C(ADDR, target_addr, "IP address asked for"),
	C(TEXT, sender_mac, "hardware address of the sender"),
	C(TEXT, target_mac, "hardware address of the target"),
	C(INT, answered_ns, "time to the answer; NULL: not answered"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(udp_flow_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column udp_flow_columns[] = {
	C(ADDR, client_addr, "IP address of the end that sent first"),
	C(INT, client_port, "its UDP port"),
	C(ADDR, server_addr, "IP address of the other end"),
	C(INT, server_port, "its UDP port"),
	C(INT, vlan, "VLAN identifier; NULL: untagged"),
	C(INT, start_ns, "time of the first packet"),
	C(INT, end_ns, "time of the last packet"),
	C(INT, first_frame, "number of its first packet"),
	C(INT, last_frame, "number of its last packet"),
	C(INT, client_packets, "packets the client sent"),
	C(INT, client_bytes, "payload bytes in them"),
	C(INT, server_packets, "packets the server sent"),
	C(INT, server_bytes, "payload bytes in them"),
	C(INT, icmp_errors, "ICMP errors about it"),
	C(TEXT, service, "application protocol: dns, quic, ..."),
	END
};
#undef C

#define C(kind, field, merge, doc) \
	COLUMN(host_row, kind, field, doc, MERGE_##merge, PLACE_ROW)

static const struct column host_columns[] = {
	C(ADDR, addr, KEY, "IP address"),
	C(TEXT, mac, FIRST, "hardware address it was first seen with"),
	C(ALIEN, name, FIRST, "name, as DNS answers in the capture tell"),
	C(INT, first_ns, MIN, "first seen"),
	C(INT, last_ns, MAX, "last seen"),
	C(INT, packets_sent, SUM, "packets it sent"),
	C(INT, bytes_sent, SUM, "bytes in them, IP headers included"),
	C(INT, packets_received, SUM, "packets sent to it"),
	C(INT, bytes_received, SUM, "bytes in them, IP headers included"),
	C(INT, connections_client, SUM, "connections in which it is the client"),
	C(INT, connections_server, SUM, "connections in which it is the server"),
	END
};
#undef C

#define C(kind, field, merge, doc) \
	COLUMN(protocol_row, kind, field, doc, MERGE_##merge, PLACE_ROW)

static const struct column protocol_columns[] = {
	C(TEXT, name, KEY, "as in tshark's protocol hierarchy: eth, ip, tcp, ..."),
	C(INT, packets, SUM, "packets that have it"),
	C(INT, bytes, SUM, "bytes of these packets on the wire"),
	END
};
#undef C

#define C(kind, field, merge, doc) \
	COLUMN(rate_row, kind, field, doc, MERGE_##merge, PLACE_ROW)

static const struct column rate_columns[] = {
	C(INT, second, KEY, "seconds since the epoch"),
	C(INT, packets, SUM, "packets"),
	C(INT, bytes, SUM, "bytes on the wire"),
	C(INT, connections_opened, SUM, "connections with a first packet"),
	C(INT, connections_closed, SUM, "connections that ended"),
	C(INT, connections_established, SUM, "handshakes completed"),
	C(INT, connections_failed, SUM, "attempts that failed"),
	C(INT, syn, SUM, "packets with SYN and without ACK"),
	C(INT, synack, SUM, "packets with SYN and ACK"),
	C(INT, fin, SUM, "packets with FIN"),
	C(INT, rst, SUM, "packets with RST"),
	C(INT, retransmissions, SUM, "retransmitted packets"),
	C(INT, retrans_bytes, SUM, "payload bytes in them"),
	C(INT, data_packets, SUM, "TCP packets with payload"),
	C(INT, zero_windows, SUM, "windows closed"),
	C(INT, packets_dropped, SUM,
	  "packets that the capture lost, as told in this second (live)"),
	C(INT, half_open, GAUGE, "handshakes begun and not completed"),
	C(INT, established, GAUGE, "connections established"),
	C(INT, time_wait, GAUGE, "connections with an end in TIME-WAIT"),
	C(INT, open_connections, GAUGE, "connections followed"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(segment_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column segment_columns[] = {
	CONN(segment_row, "its connection"),
	C(INT, frame_number, "number of the packet"),
	C(INT, ts_ns, "time of the packet"),
	C(SIDE, side, "who sent it"),
	C(TEXT, flags, "as tcpdump writes them: S. is SYN and ACK"),
	C(INT, seq, "sequence number, relative"),
	C(INT, ack, "acknowledgment number, relative"),
	C(INT, len, "payload bytes"),
	C(INT, window, "window, bytes; scaled where the scale is known"),
	C(TEXT, options, "TCP options as tcpdump writes them"),
	END
};
#undef C

#define LAYOUT(row, table, doc) \
	{ #table, doc, sizeof(struct row), table##_columns }

#define C(kind, field, doc) \
	COLUMN(kernel_sample_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column kernel_sample_columns[] = {
	CONN(kernel_sample_row, "its connection"),
	C(SIDE, side, "whose socket it is"),
	C(INT, ts_ns, "when it was asked"),
	C(TEXT, state, "state of the socket (RFC 9293)"),
	C(TEXT, ca_state, "Open, Disorder, CWR, Recovery, Loss"),
	C(TEXT, congestion_control, "congestion control of the socket"),
	C(INT, cwnd, "congestion window, bytes"),
	C(INT, ssthresh, "slow start threshold, bytes; NULL: infinite"),
	C(INT, srtt_ns, "smoothed round trip time"),
	C(INT, rttvar_ns, "its variation"),
	C(INT, min_rtt_ns, "minimum of the round trip time"),
	C(INT, rto_ns, "retransmission timeout"),
	C(INT, mss, "bytes of payload in a segment"),
	C(INT, pmtu, "path MTU"),
	C(INT, unacked_packets, "segments in flight"),
	C(INT, lost_packets, "of these taken for lost"),
	C(INT, retrans_packets, "segments retransmitted so far"),
	C(INT, pacing_rate, "bytes a second that it may send"),
	C(INT, delivery_rate, "bytes a second that arrive"),
	C(INT, bytes_acked, "bytes acknowledged so far"),
	C(INT, bytes_received, "bytes received so far"),
	C(INT, unsent_bytes, "bytes written by the application, not yet sent"),
	C(INT, send_queue, "bytes written, not yet acknowledged"),
	C(INT, receive_queue, "bytes received, not yet read"),
	C(INT, send_buffer, "size of the send buffer"),
	C(INT, receive_buffer, "size of the receive buffer"),
	C(INT, busy_ns, "time with data to send or in flight"),
	C(INT, rwnd_limited_ns, "of it, limited by the peer's window"),
	C(INT, sndbuf_limited_ns, "of it, limited by the send buffer"),
	C(INT, uid, "user who owns the socket"),
	C(INT, pid, "process that has it open; NULL: not known"),
	C(TEXT, process, "its name"),
	END
};
#undef C

#define C(kind, field, doc) \
	COLUMN(vantage_vote_row, kind, field, doc, MERGE_NONE, PLACE_ROW)

static const struct column vantage_vote_columns[] = {
	C(INT, interface, "number of the interface"),
	C(ADDR, addr, "host that was seen there; NULL: of all of them"),
	C(TEXT, place, "was the capture taken at that host: here, elsewhere;"
	  " of an interface: client, server, middle"),
	C(REAL, confidence, "of a connection that follows this vote, 0 to 1"),
	C(INT, connections, "that voted"),
	END
};
#undef C

const struct row_layout row_layouts[N_ROW_TABLES] = {
	[ROW_CONNECTION] = LAYOUT(connection_row, connection,
		"A TCP connection, both ends."),
	[ROW_ENDPOINT] = LAYOUT(endpoint_row, endpoint,
		"One end of a connection: what it sent, and how its sending went."),
	[ROW_EVENT] = LAYOUT(event_row, event,
		"Something out of the ordinary that a packet shows."),
	[ROW_SAMPLE] = LAYOUT(sample_row, sample,
		"A sender's variables from one packet on. Without "
		"--samples=all a side of which never two segments were in "
		"flight has none, as long as it sent fewer than 20: its sums "
		"are in endpoint."),
	[ROW_LIMIT_SPAN] = LAYOUT(limit_span_row, limit_span,
		"What limited a sender, from when to when; of the sides that "
		"have samples."),
	[ROW_FINDING] = LAYOUT(finding_row, finding,
		"What is worth telling, in words; of a file the first 1000 of each"
		" code, then a note `findings_left_out` with the number of more."),
	[ROW_REQUEST] = LAYOUT(request_row, request,
		"A request and its response, timed as curl -w does."),
	[ROW_DNS_QUERY] = LAYOUT(dns_query_row, dns_query,
		"A DNS question and its answer."),
	[ROW_TLS_HANDSHAKE] = LAYOUT(tls_handshake_row, tls_handshake,
		"A TLS handshake."),
	[ROW_ICMP_ERROR] = LAYOUT(icmp_error_row, icmp_error,
		"An ICMP error and what it is about."),
	[ROW_ARP] = LAYOUT(arp_row, arp,
		"An ARP packet, or neighbour discovery of IPv6."),
	[ROW_UDP_FLOW] = LAYOUT(udp_flow_row, udp_flow,
		"The datagrams between two UDP ports."),
	[ROW_HOST] = LAYOUT(host_row, host, "An IP address."),
	[ROW_PROTOCOL] = LAYOUT(protocol_row, protocol,
		"How many packets have a protocol."),
	[ROW_RATE] = LAYOUT(rate_row, rate,
		"What happened in one second of capture time."),
	[ROW_SEGMENT] = LAYOUT(segment_row, segment,
		"Every TCP segment; only with --segments."),
	[ROW_KERNEL_SAMPLE] = LAYOUT(kernel_sample_row, kernel_sample,
		"What this host's kernel says of its own socket, once a"
		" second (live)."),
	[ROW_VANTAGE_VOTE] = LAYOUT(vantage_vote_row, vantage_vote,
		"Where connections say that an interface was captured, for"
		" those that cannot tell."),
};

static void
set_unknown(const struct column *c, void *field)
{
	switch (c->kind) {
	case COLUMN_SIDE:
		*(int64_t *)field = ROW_NULL;
		break;
	case COLUMN_REAL:
		*(double *)field = NAN;
		break;
	case COLUMN_CONN:
		*(conn_ref *)field = CONN_NONE;
		break;
	default:	/* zeros */
		break;
	}
}

void
row_layout_init(const struct row_layout *layout, void *row)
{
	memset(row, 0, layout->size);
	for (const struct column *c = layout->columns; c->name; c++) {
		void *field = (char *)row + c->offset;

		if (c->kind == COLUMN_INT)	/* most are */
			*(int64_t *)field = ROW_NULL;
		else
			set_unknown(c, field);
	}
}

void
row_init(enum row_table table, void *row)
{
	row_layout_init(&row_layouts[table], row);
}
