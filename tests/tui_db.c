/*
 * tui_db.c - a database for the tests of the terminal's views.
 *
 *   tui_db FILE            twelve connections, each a scene
 *   tui_db FILE 1000000    so many ordinary ones besides
 *   tui_db FILE 5 append   five more, to what is there
 *
 * The rows are put as the analysis puts them, so that the schema is always
 * today's.  Nothing is random: the screens of these scenes are golden files.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

#define START (INT64_C(1700000000) * NS_PER_S)
#define MSS   1448
#define SERVER_ADDR 0x0a000050u		/* 10.0.0.80 */

static struct store *st;
static uint32_t n_conns;
static int64_t n_frames;

static void
check(int status)
{
	if (status < 0) {
		fprintf(stderr, "tui_db: %s\n", store_error(st));
		exit(1);
	}
}

static void
put(enum row_table table, const void *row)
{
	check(store_put(st, table, row));
}

static struct addr
ipv4(uint32_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
			 (uint8_t)(v >> 8), (uint8_t)v };

	return addr_from_ipv4(b);
}

/* --- a connection ------------------------------------------------------ */

struct scene {
	struct connection_row conn;
	struct endpoint_row end[N_SIDES];
	struct tcp_state_change change[32];
};

static void
scene_begin(struct scene *s, nstime start, uint32_t client, uint16_t port)
{
	struct connection_row open;

	memset(s, 0, sizeof(*s));
	row_init(ROW_CONNECTION, &s->conn);
	s->conn.conn = n_conns++;
	s->conn.ip_version = 4;
	s->conn.client_addr = ipv4(client);
	s->conn.server_addr = ipv4(SERVER_ADDR);
	s->conn.client_port = 40000 + s->conn.conn % 20000;
	s->conn.server_port = port;
	s->conn.role_known = 1;
	s->conn.start_ns = START + start;
	s->conn.first_frame = n_frames + 1;
	s->conn.changes = s->change;
	for (int side = 0; side < N_SIDES; side++) {
		struct endpoint_row *e = &s->end[side];

		row_init(ROW_ENDPOINT, e);
		memset(&e->packets, 0, offsetof(struct endpoint_row, mss) -
		       offsetof(struct endpoint_row, packets));
		e->conn = s->conn.conn;
		e->side = side;
		e->isn = 1000 + side;
		e->mss = 1460;
		e->wscale = 7;
		e->sack_permitted = e->timestamps = 1;
		e->ttl = 64;
	}
	open = s->conn;
	open.phase = CONNECTION_OPEN;
	put(ROW_CONNECTION, &open);
}

static void
scene_change(struct scene *s, nstime at, int side, enum tcp_state from,
	     enum tcp_state to, enum tcp_event cause)
{
	s->change[s->conn.n_changes++] = (struct tcp_state_change){
		.ts = START + at, .frame = (uint64_t)n_frames, .side = side,
		.old_state = from, .new_state = to,
		.cause = TCP_CAUSE(cause, TCP_SEEN) };
}

static void
scene_end(struct scene *s, nstime at, enum tcp_state client,
	  enum tcp_state server, const char *outcome)
{
	s->conn.end_ns = START + at;
	s->conn.duration_ns = s->conn.end_ns - s->conn.start_ns;
	s->conn.last_frame = n_frames;
	s->conn.client_state = tcp_state_name(client);
	s->conn.server_state = tcp_state_name(server);
	s->conn.outcome = outcome;
	s->conn.phase = CONNECTION_FINAL;
	put(ROW_ENDPOINT, &s->end[SIDE_CLIENT]);
	put(ROW_ENDPOINT, &s->end[SIDE_SERVER]);
	put(ROW_CONNECTION, &s->conn);
}

/* A segment, and its packet number. */
static int64_t
segment(struct scene *s, nstime at, int side, const char *flags, int64_t seq,
	int64_t ack, int64_t len, const char *options)
{
	struct segment_row row;

	row_init(ROW_SEGMENT, &row);
	row.conn = s->conn.conn;
	row.frame_number = ++n_frames;
	row.ts_ns = START + at;
	row.side = side;
	row.flags = flags;
	row.seq = seq;
	row.ack = ack;
	row.len = len;
	row.window = 64240;
	row.options = options;
	put(ROW_SEGMENT, &row);
	s->end[side].packets++;
	s->end[side].bytes += len;
	s->end[side].unique_bytes += len;
	s->end[side].data_packets += len > 0;
	return n_frames;
}

static void
event(struct scene *s, nstime at, int side, const char *kind, int64_t seq,
      int64_t len, const char *detail)
{
	struct event_row row;

	row_init(ROW_EVENT, &row);
	row.conn = s->conn.conn;
	row.side = side;
	row.ts_ns = START + at;
	row.frame_number = n_frames;
	row.kind = kind;
	row.seq = seq;
	row.len = len;
	row.detail = detail;
	put(ROW_EVENT, &row);
}

static void
limit(struct scene *s, int side, nstime from, nstime to, const char *cause)
{
	struct limit_span_row row;

	row_init(ROW_LIMIT_SPAN, &row);
	row.conn = s->conn.conn;
	row.side = side;
	row.start_ns = START + from;
	row.end_ns = START + to;
	row.cause = cause;
	row.confidence = 0.9;
	put(ROW_LIMIT_SPAN, &row);
}

static void
finding(conn_ref conn, const char *severity, const char *code,
	const char *title, const char *explanation, const char *advice,
	int64_t frame)
{
	struct finding_row row;

	row_init(ROW_FINDING, &row);
	row.conn = conn;
	row.severity = severity;
	row.code = code;
	row.title = title;
	row.explanation = explanation;
	row.advice = advice;
	row.confidence = 0.9;
	row.n_evidence = frame > 0;
	row.evidence[0].frame_number = frame;
	row.evidence[0].note = "here";
	put(ROW_FINDING, &row);
}

#define MS(n) ((n) * NS_PER_MS)

/* SYN, SYN-ACK, ACK at half a round trip from each other. */
static nstime
handshake(struct scene *s, nstime at, nstime rtt)
{
	segment(s, at, SIDE_CLIENT, "S", 0, ROW_NULL, 0,
		"mss 1460,sackOK,wscale 7");
	scene_change(s, at, SIDE_CLIENT, TCP_STATE_CLOSED, TCP_STATE_SYN_SENT,
		     TCP_SENDS_SYN);
	scene_change(s, at, SIDE_SERVER, TCP_STATE_LISTEN, TCP_STATE_SYN_RCVD,
		     TCP_GETS_SYN);
	at += rtt;
	segment(s, at, SIDE_SERVER, "S.", 0, 1, 0,
		"mss 1460,sackOK,wscale 7");
	scene_change(s, at, SIDE_CLIENT, TCP_STATE_SYN_SENT,
		     TCP_STATE_ESTABLISHED,
		     TCP_GETS_ACK_OF_SYN);
	at += NS_PER_MS / 20;
	segment(s, at, SIDE_CLIENT, ".", 1, 1, 0, NULL);
	scene_change(s, at, SIDE_SERVER, TCP_STATE_SYN_RCVD,
		     TCP_STATE_ESTABLISHED,
		     TCP_GETS_ACK_OF_SYN);
	s->end[SIDE_CLIENT].syn_packets = 1;
	s->end[SIDE_SERVER].synack_packets = 1;
	s->conn.handshake_rtt_ns = rtt;
	s->conn.connect_ns = rtt;
	limit(s, SIDE_SERVER, at - rtt, at, "handshake");
	return at;
}

/* The client closes first. */
static nstime
close_both(struct scene *s, nstime at, int64_t client_seq,
	   int64_t server_seq)
{
	segment(s, at, SIDE_CLIENT, "F.", client_seq, server_seq, 0, NULL);
	scene_change(s, at, SIDE_CLIENT, TCP_STATE_ESTABLISHED,
		     TCP_STATE_FIN_WAIT_1,
		     TCP_SENDS_FIN);
	scene_change(s, at, SIDE_SERVER, TCP_STATE_ESTABLISHED,
		     TCP_STATE_CLOSE_WAIT,
		     TCP_GETS_FIN);
	at += MS(20);
	segment(s, at, SIDE_SERVER, "F.", server_seq, client_seq + 1, 0,
		NULL);
	scene_change(s, at, SIDE_SERVER, TCP_STATE_CLOSE_WAIT,
		     TCP_STATE_LAST_ACK,
		     TCP_SENDS_FIN);
	scene_change(s, at, SIDE_CLIENT, TCP_STATE_FIN_WAIT_1,
		     TCP_STATE_TIME_WAIT,
		     TCP_GETS_FIN);
	at += NS_PER_MS / 20;
	segment(s, at, SIDE_CLIENT, ".", client_seq + 1, server_seq + 1, 0,
		NULL);
	scene_change(s, at, SIDE_SERVER, TCP_STATE_LAST_ACK, TCP_STATE_CLOSED,
		     TCP_GETS_ACK_OF_FIN);
	s->end[SIDE_CLIENT].fin_packets = 1;
	s->end[SIDE_SERVER].fin_packets = 1;
	return at;
}

/* --- scenes ------------------------------------------------------------ */

static void
a_request(nstime start, uint32_t client, int64_t bytes)
{
	struct scene s;
	nstime at;

	scene_begin(&s, start, client, 80);
	at = handshake(&s, start, MS(20));
	segment(&s, at, SIDE_CLIENT, "P.", 1, 1, 120, NULL);
	at += MS(25);
	for (int64_t sent = 0; sent < bytes; sent += MSS)
		segment(&s, at += NS_PER_MS / 10, SIDE_SERVER, ".", 1 + sent,
			121, bytes - sent < MSS ? bytes - sent : MSS, NULL);
	segment(&s, at += MS(1), SIDE_CLIENT, ".", 121, 1 + bytes, 0, NULL);
	at = close_both(&s, at + MS(5), 121, 1 + bytes);
	s.conn.service = "http";
	scene_end(&s, at, TCP_STATE_TIME_WAIT, TCP_STATE_CLOSED,
		  "normal_close");
}

/* RFC 9438: what the window is t seconds after a reduction from w_max. */
static double
cubic(double w_max, double t)
{
	double k = cbrt(w_max * (1 - 0.7) / 0.4);

	return 0.4 * (t - k) * (t - k) * (t - k) + w_max;
}

struct sawtooth {
	double cwnd, ssthresh, w_max;	/* segments */
	double since;			/* seconds since the reduction */
	bool slow_start;
	int64_t una;
};

static void
sawtooth_sample(struct scene *s, const struct sawtooth *w, nstime at,
		const char *phase)
{
	struct sample_row row;

	row_init(ROW_SAMPLE, &row);
	row.conn = s->conn.conn;
	row.side = SIDE_SERVER;
	row.ts_ns = START + at;
	row.snd_una = w->una;
	row.flight = (int64_t)(w->cwnd * MSS);
	row.snd_nxt = w->una + row.flight;
	row.rwnd = 3 << 20;
	row.cwnd = row.flight;
	row.cwnd_low = (int64_t)(w->cwnd * MSS * 0.92);
	row.cwnd_high = (int64_t)(w->cwnd * MSS * 1.08);
	row.cwnd_class = "measured";
	if (w->ssthresh > 0)
		row.ssthresh = (int64_t)(w->ssthresh * MSS);
	row.phase = phase;
	row.srtt_ns = MS(40) + (int64_t)(w->cwnd * 250000);
	row.limit_cause = "congestion_window";
	put(ROW_SAMPLE, &row);
}

static void
sawtooth_reduce(struct scene *s, struct sawtooth *w, nstime at, bool timeout)
{
	segment(s, at, SIDE_SERVER, ".", w->una, 121, MSS, NULL);
	event(s, at, SIDE_SERVER, timeout ? "rtx_timeout" : "rtx_fast",
	      w->una, MSS, timeout ? "{\"waited_ns\":240000000}"
				   : "{\"count\":3}");
	s->end[SIDE_SERVER].retrans_packets++;
	s->end[SIDE_SERVER].rtx_timeout += timeout;
	s->end[SIDE_SERVER].rtx_fast += !timeout;
	w->w_max = w->cwnd;
	w->ssthresh = w->cwnd * 0.7;
	w->since = 0;
	w->slow_start = timeout;
	w->cwnd = timeout ? 1 : w->ssthresh;
	limit(s, SIDE_SERVER, at, at + MS(60), "recovery");
}

static void
sawtooth_round(struct sawtooth *w, double rtt)
{
	w->una += (int64_t)(w->cwnd * MSS * rtt / 0.04);
	w->since += rtt;
	if (w->slow_start) {
		w->cwnd = w->ssthresh <= 0 && w->cwnd > 55 ? 112 : w->cwnd * 2;
		if (w->ssthresh > 0 && w->cwnd > w->ssthresh) {
			w->cwnd = w->ssthresh;
			w->slow_start = false;
			w->since = cbrt(w->w_max * 0.3 / 0.4);
		}
	} else {
		w->cwnd = cubic(w->w_max, w->since);
	}
}

/* Slow start, a loss at 100 segments, CUBIC, a time-out at eight seconds. */
static void
a_sawtooth(nstime start)
{
	struct sawtooth w = { .cwnd = 10, .slow_start = true, .una = 1 };
	struct scene s;
	nstime at, began;
	bool timed_out = false;

	scene_begin(&s, start, 0x0a000002, 80);
	at = began = handshake(&s, start, MS(40));
	segment(&s, at, SIDE_CLIENT, "P.", 1, 1, 120, NULL);
	at += MS(20);
	while (at < began + 12 * NS_PER_S) {
		bool timeout = !timed_out && at > began + 8 * NS_PER_S;

		sawtooth_sample(&s, &w, at, w.slow_start ? "slow_start"
				: "congestion_avoidance");
		segment(&s, at, SIDE_SERVER, ".", w.una, 121, MSS, NULL);
		segment(&s, at + MS(1), SIDE_CLIENT, ".", 121, w.una, 0, NULL);
		at += MS(40);
		if (timeout || w.cwnd > 108) {
			timed_out |= timeout;
			at += timeout ? MS(240) : 0;
			sawtooth_reduce(&s, &w, at, timeout);
		} else {
			sawtooth_round(&w, 0.04);
		}
	}
	limit(&s, SIDE_SERVER, began - start > 0 ? began : start,
	      began + MS(500), "congestion_window");
	limit(&s, SIDE_SERVER, began + 9 * NS_PER_S, began + 12 * NS_PER_S,
	      "congestion_window");
	at = close_both(&s, at, 121, w.una);
	s.conn.service = "http";
	s.conn.server_name = "files.example";
	s.end[SIDE_SERVER].bytes = s.end[SIDE_SERVER].unique_bytes = w.una;
	s.end[SIDE_SERVER].packets = w.una / MSS;
	s.end[SIDE_SERVER].congestion_control = "cubic";
	s.end[SIDE_SERVER].congestion_control_confidence = 0.9;
	finding(s.conn.conn, "warning", "retransmission_timeout",
		"The server waited for a retransmission time-out",
		"240 ms went by without an acknowledgement; then the oldest "
		"segment was sent again and the window fell to one segment.",
		"Look for burst loss on the path.", n_frames - 300);
	scene_end(&s, at, TCP_STATE_TIME_WAIT, TCP_STATE_CLOSED,
		  "normal_close");
}

static void
a_refusal(nstime start)
{
	struct scene s;

	scene_begin(&s, start, 0x0a000003, 81);
	segment(&s, start, SIDE_CLIENT, "S", 0, ROW_NULL, 0,
		"mss 1460,sackOK,wscale 7");
	scene_change(&s, start, SIDE_CLIENT, TCP_STATE_CLOSED,
		     TCP_STATE_SYN_SENT,
		     TCP_SENDS_SYN);
	segment(&s, start + MS(20), SIDE_SERVER, "R.", 0, 1, 0, NULL);
	scene_change(&s, start + MS(20), SIDE_CLIENT, TCP_STATE_SYN_SENT,
		     TCP_STATE_CLOSED,
		     TCP_GETS_RST);
	event(&s, start + MS(20), SIDE_SERVER, "reset", 0, 0,
	      "{\"why\":\"nothing listens there\"}");
	s.end[SIDE_CLIENT].syn_packets = 1;
	s.end[SIDE_SERVER].rst_packets = 1;
	s.conn.client_error = "ECONNREFUSED";
	finding(s.conn.conn, "error", "connection_refused",
		"Connection refused: nothing listens on port 81",
		"The server answered the SYN with a reset.",
		"Start the service, or correct the port.", n_frames);
	scene_end(&s, start + MS(20), TCP_STATE_CLOSED, TCP_STATE_CLOSED,
		  "connection_refused");
}

/* RFC 9293 s3.6, figure 13. */
static void
a_simultaneous_close(nstime start)
{
	struct scene s;
	nstime at;

	scene_begin(&s, start, 0x0a000004, 5001);
	at = handshake(&s, start, MS(20)) + MS(100);
	segment(&s, at, SIDE_CLIENT, "F.", 1, 1, 0, NULL);
	scene_change(&s, at, SIDE_CLIENT, TCP_STATE_ESTABLISHED,
		     TCP_STATE_FIN_WAIT_1,
		     TCP_SENDS_FIN);
	at += MS(2);
	segment(&s, at, SIDE_SERVER, "F.", 1, 1, 0, NULL);
	scene_change(&s, at, SIDE_SERVER, TCP_STATE_ESTABLISHED,
		     TCP_STATE_FIN_WAIT_1,
		     TCP_SENDS_FIN);
	scene_change(&s, at, SIDE_CLIENT, TCP_STATE_FIN_WAIT_1,
		     TCP_STATE_CLOSING,
		     TCP_GETS_FIN);
	at += MS(1);
	segment(&s, at, SIDE_CLIENT, ".", 2, 2, 0, NULL);
	scene_change(&s, at, SIDE_SERVER, TCP_STATE_FIN_WAIT_1,
		     TCP_STATE_CLOSING,
		     TCP_GETS_FIN);
	scene_change(&s, at, SIDE_SERVER, TCP_STATE_CLOSING,
		     TCP_STATE_TIME_WAIT,
		     TCP_GETS_ACK_OF_FIN);
	at += MS(17);
	segment(&s, at, SIDE_SERVER, ".", 2, 2, 0, NULL);
	scene_change(&s, at, SIDE_CLIENT, TCP_STATE_CLOSING,
		     TCP_STATE_TIME_WAIT,
		     TCP_GETS_ACK_OF_FIN);
	s.end[SIDE_CLIENT].fin_packets = s.end[SIDE_SERVER].fin_packets = 1;
	scene_end(&s, at, TCP_STATE_TIME_WAIT, TCP_STATE_TIME_WAIT,
		  "normal_close");
}

static void
a_zero_window(nstime start)
{
	struct scene s;
	nstime at;

	scene_begin(&s, start, 0x0a000005, 443);
	at = handshake(&s, start, MS(30));
	for (int i = 0; i < 20; i++)
		segment(&s, at += MS(2), SIDE_SERVER, ".", 1 + i * MSS, 1, MSS,
			NULL);
	segment(&s, at += MS(1), SIDE_CLIENT, ".", 1, 1 + 20 * MSS, 0, NULL);
	event(&s, at, SIDE_CLIENT, "zero_window", 1, 0, NULL);
	limit(&s, SIDE_SERVER, at, at + 3 * NS_PER_S, "receive_window");
	at += 3 * NS_PER_S;
	segment(&s, at, SIDE_CLIENT, ".", 1, 1 + 20 * MSS, 0, NULL);
	event(&s, at, SIDE_CLIENT, "window_update", 1, 0, NULL);
	s.end[SIDE_CLIENT].zero_windows = 1;
	at = close_both(&s, at + MS(50), 1, 1 + 20 * MSS);
	s.conn.service = "tls";
	finding(s.conn.conn, "warning", "zero_window",
		"The client stopped reading for 3 s",
		"Its receive window was closed; the server could not send.",
		"The application on the client is too slow.", n_frames - 6);
	scene_end(&s, at, TCP_STATE_TIME_WAIT, TCP_STATE_CLOSED,
		  "normal_close");
}

/* Nobody answers. */
static void
a_timeout(nstime start)
{
	struct scene s;
	nstime at = start;

	scene_begin(&s, start, 0x0a000006, 9000);
	for (int i = 0; i < 4; i++) {
		segment(&s, at, SIDE_CLIENT, "S", 0, ROW_NULL, 0, "mss 1460");
		if (i == 0)
			scene_change(&s, at, SIDE_CLIENT, TCP_STATE_CLOSED,
				     TCP_STATE_SYN_SENT,
		     TCP_SENDS_SYN);
		else
			event(&s, at, SIDE_CLIENT, "rtx_syn", 0, 0, NULL);
		at += NS_PER_S << i;
	}
	s.end[SIDE_CLIENT].syn_packets = 4;
	s.end[SIDE_CLIENT].retrans_packets = 3;
	s.conn.client_error = "ETIMEDOUT";
	scene_end(&s, at - NS_PER_S * 8, TCP_STATE_SYN_SENT,
		  TCP_STATE_LISTEN, "connect_timeout");
}

static void
rates(int64_t seconds)
{
	for (int64_t i = 0; i < seconds; i++) {
		struct rate_row row;

		row_init(ROW_RATE, &row);
		memset(&row.packets, 0, sizeof(row) -
		       offsetof(struct rate_row, packets));
		row.second = START / NS_PER_S + i;
		row.packets = 100 + 40 * (i % 5);
		row.bytes = row.packets * 900;
		row.connections_opened = i < 4 ? 3 : 0;
		row.retransmissions = i % 4 == 3;
		row.open_connections = i < 4 ? 3 : i > 11 ? -3 : 0;
		put(ROW_RATE, &row);
	}
}

/* --- an ordinary one, a million times ---------------------------------- */

static void
an_ordinary_one(uint32_t i, uint32_t n)
{
	struct scene s;
	nstime start = (nstime)i * 3600 * NS_PER_S / n;
	bool trouble = i % 20 == 7;
	int64_t first = n_frames;

	scene_begin(&s, start, 0x0a010000u + i / 20000, i % 3 ? 443 : 80);
	s.conn.client_port = 32768 + i % 20000;
	n_frames = first + 1;
	scene_change(&s, start, SIDE_CLIENT, TCP_STATE_CLOSED,
		     TCP_STATE_SYN_SENT,
		     TCP_SENDS_SYN);
	scene_change(&s, start + MS(20), SIDE_CLIENT, TCP_STATE_SYN_SENT,
		     TCP_STATE_ESTABLISHED,
		     TCP_GETS_ACK_OF_SYN);
	n_frames += 12;
	scene_change(&s, start + MS(500), SIDE_CLIENT, TCP_STATE_ESTABLISHED,
		     TCP_STATE_FIN_WAIT_1,
		     TCP_SENDS_FIN);
	scene_change(&s, start + MS(520), SIDE_CLIENT, TCP_STATE_FIN_WAIT_1,
		     TCP_STATE_TIME_WAIT,
		     TCP_GETS_FIN);
	for (int side = 0; side < N_SIDES; side++) {
		s.end[side].packets = 7 + i % 11;
		s.end[side].bytes = 300 + (int64_t)(i * 2654435761u % 90000);
		s.end[side].min_rtt_ns = MS(1) + i % 50 * 100000;
	}
	s.end[SIDE_SERVER].retrans_packets = trouble ? 1 + i % 7 : 0;
	s.end[SIDE_SERVER].rtx_fast = trouble;
	s.conn.handshake_rtt_ns = MS(20) + i % 1000 * 10000;
	s.conn.service = i % 3 ? "tls" : "http";
	if (trouble)
		event(&s, start + MS(300), SIDE_SERVER, "rtx_fast", 1449, MSS,
		      "{\"count\":3}");
	limit(&s, SIDE_SERVER, start + MS(20), start + MS(500),
	      i % 2 ? "application" : "congestion_window");
	if (i % 50 == 7)
		finding(s.conn.conn, i % 100 == 7 ? "warning" : "note",
			"slow_handshake", "The handshake was slow",
			"It took longer than others to the same server.",
			"Look at the path.", n_frames);
	scene_end(&s, start + MS(520) + (nstime)(i % 977) * MS(3),
		  TCP_STATE_TIME_WAIT, TCP_STATE_CLOSED, "normal_close");
}

static void
scenes(void)
{
	a_request(MS(0), 0x0a000001, 20000);
	a_sawtooth(MS(500));
	a_refusal(MS(900));
	a_simultaneous_close(MS(1500));
	a_zero_window(MS(2500));
	a_timeout(MS(3000));
	for (int i = 0; i < 6; i++)
		a_request(NS_PER_S * (5 + i), 0x0a000007 + (uint32_t)i,
			  3000 * (i + 1));
}

int
main(int argc, char **argv)
{
	uint32_t n = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	struct capture_row capture = {
		.source = "scenes.pcap", .kind = "file",
		.link_types = "EN10MB", .snaplen = 262144,
		.start_ns = START, .bytes = 12345678,
		.packets_dropped = 0, .packets_cut = 3,
		.status = "complete",
	};

	if (argc < 2) {
		fputs("usage: tui_db FILE [connections]\n", stderr);
		return 2;
	}
	check(store_create(&st, argv[1], argc > 3 ? STORE_APPEND
						 : STORE_FORCE));
	check(store_begin_capture(st, &capture));
	if (argc <= 3)
		scenes();
	for (uint32_t i = 0; i < n; i++) {
		an_ordinary_one(i, n);
		if (i % 10000 == 9999)
			check(store_commit(st));
	}
	rates(n > 0 ? 3600 : 14);
	finding(CONN_NONE, "note", "cut", "3 packets were cut by the snaplen",
		"Their payload is not all there.", "Capture with -s 0.", 0);
	capture.end_ns = START + (n > 0 ? 3600 : 14) * NS_PER_S;
	capture.packets = n_frames;
	check(store_end_capture(st, &capture));
	store_close(st);
	return 0;
}
