/*
 * thresholds.c - the table of thresholds, and one's words into it.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/thresholds.h"

#define T(which, name, value, unit, meaning) \
	[THRESHOLD_##which] = { name, value, unit, meaning }

const struct threshold_info thresholds[N_THRESHOLDS + 1] = {
	T(RETRANSMISSION_RATE, "retransmission-rate", 0.01, "share",
	  "of a side's data packets sent again: a warning"),
	T(RETRANSMISSION_RATE_BAD, "retransmission-rate-bad", 0.05, "share",
	  "the same: an error"),
	T(RETRANSMISSION_RATE_OF, "retransmission-rate-of", 100, "packets",
	  "of data, at least, for that to be an error"),
	T(RETRANSMISSIONS, "retransmissions", 3, "packets",
	  "sent again; fewer are an accident, whatever the rate"),
	T(REORDERING_RATE, "reordering-rate", 0.03, "share",
	  "of a side's data packets that came late: a warning"),
	T(CAPTURED_TWICE, "captured-twice", 0.4, "share",
	  "of copies among a connection's packets: the capture's doing"),
	T(COPIES, "copies", 20, "packets",
	  "that are copies, in a capture that has packets twice"),
	T(COPIES_RATE, "copies-rate", 0.2, "share",
	  "of these among all of the capture"),
	T(DELAYED_ACKS, "delayed-acks", 3, "times",
	  "that a small write waited for a delayed ACK"),
	T(WINDOW_SHRUNK, "window-shrunk", 2920, "bytes",
	  "of offered room taken back"),
	T(SLOW_READ, "slow-read", 5, "times",
	  "that a window shut: its program reads too slowly"),
	T(BLACK_HOLE, "black-hole", 4, "times",
	  "that a full-sized segment vanished: a PMTU black hole"),
	T(BLACK_HOLE_PASSED, "black-hole-passed", 2, "times",
	  "the same, where smaller segments then passed"),
	T(FLOOD_ATTEMPTS, "flood-attempts", 100, "attempts",
	  "that fail within flood-time: a SYN flood"),
	T(FLOOD_TIME, "flood-time", 10, "seconds", "see flood-attempts"),
	T(FLOOD_FAILED, "flood-failed", 0.8, "share",
	  "of all attempts that must have failed for a flood"),
	T(FLOOD_DENIED, "flood-denied", 0.5, "share",
	  "of repeated SYNs not served: the flood shuts out others"),
	T(SCAN_PORTS, "scan-ports", 15, "ports",
	  "of one host tried by another: a port scan"),
	T(CLOSE_WAIT, "close-wait", 3, "ends",
	  "of one service left in CLOSE-WAIT: a leak"),
	T(CLOSE_WAIT_TIME, "close-wait-time", 0.2, "seconds",
	  "that the oldest of them must be in it"),
	T(ARP_UNANSWERED, "arp-unanswered", 2, "requests",
	  "for an address that nobody answers"),
	T(DNS_UNANSWERED, "dns-unanswered", 2, "questions",
	  "to a name server that does not answer"),
	T(UDP_UNANSWERED, "udp-unanswered", 2, "datagrams",
	  "to a port that does not answer"),
	T(CLOCK_STEP, "clock-step", 0.01, "seconds",
	  "that the capture's clock went back"),
	T(HALF_CLOSE, "half-close", 4096, "bytes",
	  "that went on after the other direction was closed"),
	T(FIN_WAIT_2_TIME, "fin-wait-2-time", 1.5, "seconds",
	  "after a FIN; a reset of later data says it was forgotten"),
	T(CLIENT_PATIENCE, "client-patience", 0.5, "seconds",
	  "a client that closes after so long without answer gave up"),
	T(KEEPALIVES, "keepalives", 2, "probes",
	  "of an idle connection that are worth a note"),
	T(SERVER_PATIENCE, "server-patience", 2, "seconds",
	  "a request is open for so long: the server hangs"),
	T(HTTP_SLOW, "http-slow", 1, "seconds",
	  "from an HTTP request to its response"),
	T(HTTP_HANGS, "http-hangs", 3, "seconds",
	  "that an HTTP request is not answered"),
	T(HTTP_DRIBBLE, "http-dribble", 10, "seconds",
	  "that the head of an HTTP request takes"),
	T(TRANSFER_BYTES, "transfer-bytes", 100000, "bytes",
	  "of one direction, at least, to say what limited it"),
	T(TRANSFER_TIME, "transfer-time", 0.5, "seconds",
	  "that it was busy, at least"),
	T(QUEUE, "queue", 0.03, "seconds",
	  "of waiting in a queue on the path: a note"),
	T(QUEUE_BAD, "queue-bad", 0.1, "seconds", "the same: a warning"),
	[N_THRESHOLDS] = { NULL, 0, NULL, NULL },
};

void
thresholds_init(double values[N_THRESHOLDS])
{
	for (int i = 0; i < N_THRESHOLDS; i++)
		values[i] = thresholds[i].value;
}

bool
thresholds_set(double values[N_THRESHOLDS], const char *text)
{
	const char *sign = strchr(text, '=');
	size_t len = sign ? (size_t)(sign - text) : 0;
	double value;
	char *end;

	if (!sign || sign[1] == '\0')
		return false;
	value = strtod(sign + 1, &end);
	if (*end != '\0' || !(value >= 0 && value <= THRESHOLD_MAX))
		return false;
	for (int i = 0; i < N_THRESHOLDS; i++) {
		if (strncmp(thresholds[i].name, text, len) == 0 &&
		    thresholds[i].name[len] == '\0') {
			values[i] = value;
			return true;
		}
	}
	return false;
}
